"""A season at the Estuary Maths Hub: every status an application can have, and the usual troubles."""

from datetime import timedelta

from applications import actions, checks, decisions, emails, endorsements
from applications.models import Endorsement
from applications.states import MOVES, Status
from hubportal.history.actions import PORTAL, change_status
from programmes.models import Cohort

from . import people
from .chapters import (
    BOTH,
    accepted,
    advocates,
    confirmed_by_head,
    filled_in,
    head_confirms,
    offered,
    question,
    sent,
    start,
)
from .story import Here, Story


def stories(here: Here) -> list[Story]:
    return [*undecided(here), *decided(here)]


def undecided(here: Here) -> list[Story]:
    return [
        half_filled_in(here),
        just_sent(here),
        in_hand(here),
        # Waiting for the head.
        sent(here, "Beacon Hill Girls' School", 9),
        sent(here, "Hartswood Academy", 3),
        head_says_no(here),
        head_passes_it_on(here),
        # Waiting for the school.
        open_question(here),
        answered_question(here),
        # Waiting for the hub: to decide.
        two_colleagues(here),
        confirmed_by_head(here, "Thorndon Way School", 14),
        confirmed_by_head(here, "Rochford Lane School", 27),
        named_after_a_refusal(here),
        # Waiting for the hub: a person must look.
        confirmed_by_head(here, "Lighthouse Pupil Referral Unit", 12),
        sent(here, "Reedbed School", 10),
        sent(here, "Garden City Free School", 7),
        confirmed_by_head(here, "Ongar Road High School", 13),
        confirmed_by_head(here, "Marshland School", 11),
        override_waits(here),
        referred_by_staff(here),
        # Not eligible as they stand.
        sent(here, "Hawkwood Hall School", 16),
        sent(here, "Colne Reach Academy", 15),
    ]


def decided(here: Here) -> list[Story]:
    return [
        waiting_list(here),
        offered(here, "Saltmarsh High School", 12, after=6),
        offered(here, "St. Joseph's RC School", 8, roles=()),
        accepted(here, "Thames Reach Academy", 26, after=9, roles=()),
        roles_to_judge(here),
        nobody_leads(here),
        accepted(here, "St Thomas à Becket Catholic School", 34, after=8),
        names_later(here),
        override_agreed(here),
        declined_by_school(here),
        offered(here, "Wat Tyler's Field School", 29, after=6),  # nobody answers, so it runs out
        not_offered(here),
        not_offered_after_a_look(here),
        withdrawn(here),
        transferred(here),
        wrong_namesake(here),
    ]


def half_filled_in(here: Here) -> Story:
    at = yield here.at(4, "16:20")
    establishment = here.school("The Hythe School")
    application = start(here, establishment, at)
    who = people.of(establishment)[people.LEADS_MATHS]
    actions.answer(application, contact_name=who.name, contact_email=who.email, contact_role="head_of_maths")
    emails.draft_saved(application, who.email, at=at + timedelta(minutes=9))


def just_sent(here: Here) -> Story:
    application, _ = yield from filled_in(here, "Tollgate Meadow School", 1)
    at = yield here.world.now - timedelta(minutes=1)
    actions.submit(application, at=at)


def in_hand(here: Here) -> Story:
    """A worker has just taken it. Should that worker be a memory, another takes it when the lease has run out."""
    application, _ = yield from filled_in(here, "Pincey Brook School", 1)
    at = yield here.world.now - timedelta(seconds=50)
    application = actions.submit(application, at=at)
    at = yield at + timedelta(seconds=2)
    until = at + checks.LEASE
    change_status(application, Status.CHECKING, moves=MOVES, by=PORTAL, at=at, check_until=until, check_attempts=1)


def head_says_no(here: Here) -> Story:
    application = yield from sent(here, "Oyster Quay High School", 18)
    at = yield here.at(16, "17:45")
    asked = application.endorsements.current().last()
    note = "I cannot release two mathematicians while one post is vacant. Please ask us again in the spring."
    endorsements.refuse(asked, name=asked.name, note=note, at=at)


def head_passes_it_on(here: Here) -> Story:
    application = yield from sent(here, "Queen's Road Academy", 6)
    at = yield here.at(5, "07:50")
    establishment = application.school.establishment
    trust = people.of(establishment)[people.TRUST]
    asked = application.endorsements.current().last()
    endorsements.pass_on(asked, name=trust.name, email=f"{trust.email.partition('@')[0]}@five-tides.example", at=at)


def open_question(here: Here) -> Story:
    application = yield from confirmed_by_head(here, "Marram Grove All-Through Academy", 9)
    text = "You teach pupils from 3 to 16. Do both Advocates teach Years 7 to 9, and could both come on a Thursday?"
    yield from question(here, application, 2, text)


def answered_question(here: Here) -> Story:
    application = yield from confirmed_by_head(here, "Foxhanger Middle School", 17)
    asked = yield from question(here, application, 13, "Which high school do most of your Year 8 pupils go on to?")
    at = yield here.at(11, "15:30")
    answer = "Most go to St Thomas à Becket. Their head of maths and ours would like to do this together."
    actions.answer_question(asked, answer, at=at)


def two_colleagues(here: Here) -> Story:
    """Two people of one school send the form on one afternoon: the second is joined to the first."""
    application = yield from sent(here, "Samphire Community College", 15)
    second, at = yield from filled_in(here, "Samphire Community College", 14, by=people.DEPUTY)
    at = yield at
    actions.submit(second, at=at)
    yield from head_confirms(here, application, 13)


def named_after_a_refusal(here: Here) -> Story:
    """Neither Advocate leads, so it is not eligible; the school changes one of the names."""
    application = yield from sent(here, "Canvey Sound School", 12, roles=("teacher", "teacher"))
    at = yield here.at(9, "12:20")
    actions.name_advocates(application, advocates(here.school("Canvey Sound School"), ("ks3_lead", "teacher")), at=at)
    yield from head_confirms(here, application, 7)


def override_waits(here: Here) -> Story:
    name = (
        "The Blackwater, Dengie and Crouch Valley Church of England Voluntary Controlled School and Specialist Centre "
        "for the Performing Arts, Languages and Mathematics"
    )
    application = yield from confirmed_by_head(here, name, 10, roles=("lead_practitioner", "teacher"))
    at = yield here.at(5, "10:40")
    reason = "She has led Key Stage 3 in all but title since the last holder left. The head says so in writing."
    decisions.propose_override(application, code="advocate_role_similar", reason=reason, by=here.administrator, at=at)


def roles_to_judge(here: Here) -> Story:
    """One name was known. With the second, nobody leads in the department, so the place waits for the hub."""
    application = yield from accepted(here, "Pargeter's Grammar School", 20, after=9, roles=("ks45_lead",))
    at = yield here.at(5, "16:15")
    named = advocates(here.school("Pargeter's Grammar School"), ("ks45_lead", "teacher"))
    actions.name_advocates(application, named, at=at)


def nobody_leads(here: Here) -> Story:
    """The place is accepted without names; then two teachers are named, of whom one has to be somebody else."""
    application = yield from accepted(here, "Orwell Bridge School", 22, after=9, roles=())
    at = yield here.at(6, "15:50")
    named = advocates(here.school("Orwell Bridge School"), ("teacher", "teacher"))
    actions.name_advocates(application, named, at=at)


def override_agreed(here: Here) -> Story:
    application = yield from confirmed_by_head(here, "Chafford Down School", 28, roles=("slt", "teacher"))
    at = yield here.at(24, "09:55")
    reason = "The assistant head teaches eight lessons of maths a week and line-manages the department."
    proposed = decisions.propose_override(
        application, code="advocate_role_similar", reason=reason, by=here.administrator, at=at
    )
    at = yield here.at(23, "16:05")
    decisions.agree_override(proposed, by=here.lead, at=at)
    at = yield here.at(22, "09:10")
    decisions.offer(application, by=here.lead, at=at)
    at = yield here.at(19, "13:15")
    actions.accept_offer(application, at=at)


def referred_by_staff(here: Here) -> Story:
    application = yield from confirmed_by_head(here, "Tideway Studio School", 9)
    at = yield here.at(4, "10:05")
    reason = "No Key Stage 3 here. Ask the specialist whether the work could start in Year 10."
    decisions.refer(application, reason=reason, by=here.administrator, at=at)


def waiting_list(here: Here) -> Story:
    application = yield from confirmed_by_head(here, "St Joseph's Catholic High School", 16)
    at = yield here.at(10, "14:30")
    note = "The last place in this Work Group goes to a school in Thurrock if one applies before the window closes."
    decisions.waitlist(application, by=here.lead, at=at, note=note)


def names_later(here: Here) -> Story:
    """The place is accepted without names; then the contact changes, and the names come."""
    application = yield from accepted(here, "Fierté Academy Harlow", 32, roles=())
    establishment = here.school("Fierté Academy Harlow")
    colleague = people.of(establishment)[people.COLLEAGUE]
    at = yield here.at(20, "15:05")
    actions.correct_contact(application, contact_name=colleague.name, contact_email=colleague.email, at=at)
    at = yield here.at(17, "16:40")
    actions.name_advocates(application, advocates(establishment, BOTH), at=at)


def declined_by_school(here: Here) -> Story:
    application = yield from offered(here, "Beacon Hill Boys' School", 30)
    at = yield here.at(22, "11:50")
    actions.decline_offer(
        application, at=at, note="Our head of maths leaves at Easter. We would rather begin a year later."
    )


def not_offered(here: Here) -> Story:
    application = yield from confirmed_by_head(here, "Estuary Works UTC", 27)
    at = yield here.at(21, "13:40")
    reason = (
        "The work is about Years 7 to 9, and your first pupils are in Year 10. Our Core Maths Work Group starts in "
        "January: we should be glad to see you there."
    )
    decisions.decline(application, reason=reason, by=here.lead, at=at)


def not_offered_after_a_look(here: Here) -> Story:
    application = yield from sent(here, "Leigh Point Sixth Form College", 25)
    at = yield here.at(19, "11:05")
    reason = "The programme starts with Key Stage 3. Our post-16 Work Group will write to you about the coming year."
    decisions.decline(application, reason=reason, by=here.administrator, at=at)


def withdrawn(here: Here) -> Story:
    application = yield from confirmed_by_head(here, "St Osyth & St Cedd School", 24)
    at = yield here.at(18, "08:55")
    actions.withdraw(
        application, by=actions.SCHOOL, at=at, note="We are to be inspected and cannot take on more this year."
    )


def transferred(here: Here) -> Story:
    application = yield from sent(here, "Wolds Edge School", 22)
    at = yield here.at(17, "09:35")
    reason = "The school is in Selby and chose our hub by mistake. Agreed by telephone with the head of maths."
    there = Cohort.objects.with_details().get(hub__slug="three-rivers", project=here.project)
    decisions.transfer(application, to=there, reason=reason, by=here.administrator, at=at)
    at = yield at + timedelta(seconds=2)
    checks.check_due(at=at)


def wrong_namesake(here: Here) -> Story:
    """Somebody picks the school of the same name two hundred miles away, notices, and applies again."""
    wrong = yield from sent(here, "Park View School", 21, town="Leeds")
    right = yield from sent(here, "Park View School", 20, town="Chelmsford")
    at = yield here.at(19, "10:30")
    note = "The form named the school in Leeds by mistake; the school in Chelmsford has applied since."
    actions.withdraw(wrong, by=here.administrator, at=at, note=note)
    yield from head_confirms(here, right, 18, capacity=Endorsement.Capacity.FOR_SCHOOL)
