"""What a school does: sends, names, corrects, accepts, declines, withdraws. The whole outcome each time."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from applications import actions, checks, decisions
from applications.models import Application
from applications.states import LIVE, MOVES, Status
from hubportal.history.actions import IllegalMove
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Advocate, Grant, Person, PersonEmail, Place, Post, RuleSet
from tests.factories import AT, ApplicationFactory, CohortFactory, DraftFactory, RuleSetFactory, UserFactory

from .stages import LATER, accepted, confirmed, fresh, kinds_of, mail, moves_of, notes_of, offered, rename, templates

pytestmark = pytest.mark.django_db

ANSWERS = {"advocates": 2, "teachers": 8}
CONTACT = {
    "contact_name": "Ben Li",
    "contact_role": "slt",
    "contact_email": "b.li@school.example",
    "contact_phone": "",
}


def test_a_reference_is_short_and_speakable():
    references = {actions.new_reference() for _ in range(500)}

    assert len(references) == 500
    assert all(len(text) == 8 and text[3] == "-" and not set(text) & set("01AEIOUSYZ") for text in references)


def test_sending_moves_the_draft_tells_the_school_and_closes_its_saved_link():
    draft = DraftFactory(answers=ANSWERS)

    sent = actions.submit(draft, at=AT)

    assert (sent.status, sent.submitted_at) == (Status.SUBMITTED, AT)
    assert moves_of(sent) == [("draft", "submitted", "School")]
    assert mail() == [("received", draft.contact_email)]


def test_the_longest_address_that_the_form_takes_gets_its_mail():
    address = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.sch.uk"
    draft = DraftFactory(answers=ANSWERS, contact_email=address, head_email=address)

    actions.submit(draft, at=AT)
    checks.check_due(at=AT)

    assert [to for _, to in mail()] == [address] * 3 + [draft.hub.contact_email]


@pytest.mark.parametrize(
    ("blank", "page"),
    [
        ({"school": None}, "school"),
        ({"cohort": None, "hub": None}, "school"),
        ({"contact_email": ""}, "contact"),
        ({"head_name": ""}, "head"),
        ({"answers": {"teachers": 8}}, "advocates"),
        ({"answers": {"advocates": 0}}, "department"),
        ({"commitments": []}, "commitments"),
    ],
)
def test_a_draft_that_lacks_a_page_is_not_sent(blank, page):
    draft = DraftFactory(answers=ANSWERS)
    Application.objects.filter(pk=draft.pk).update(**blank)

    with pytest.raises(Refused) as refused:
        actions.submit(draft, at=AT)

    assert [finding.code for finding in refused.value.findings] == [f"missing_{page}"]
    assert (fresh(draft).status, mail()) == (Status.DRAFT, [])


@pytest.mark.parametrize(
    ("cohort", "recruitment", "code"),
    [
        ({"closes_on": date(2026, 11, 2)}, "hubs", "window_closed"),
        ({"opens_on": date(2026, 11, 4)}, "hubs", "window_not_open"),
        ({"opens_on": None}, "hubs", "window_unknown"),
        ({}, "closed", "window_closed"),
    ],
)
def test_a_closed_window_refuses_the_draft_and_keeps_it(cohort, recruitment, code):
    draft = DraftFactory(answers=ANSWERS, cohort=CohortFactory(project__recruitment=recruitment, **cohort))

    with pytest.raises(Refused) as refused:
        actions.submit(draft, at=AT)

    assert [finding.code for finding in refused.value.findings] == [code]
    assert fresh(draft).status == Status.DRAFT


def test_the_database_lets_a_school_have_one_live_application():
    first = ApplicationFactory()

    with pytest.raises(IntegrityError, match="one_live_application"), transaction.atomic():
        ApplicationFactory(cohort=first.cohort, school=first.school)
    ApplicationFactory(cohort=first.cohort, school=first.school, status="lapsed")


def test_answers_of_an_application_that_was_sent_are_not_changed():
    application = ApplicationFactory()

    with pytest.raises(IllegalMove, match="sent already"):
        actions.answer(application, contact_name="Somebody else")

    assert fresh(application).contact_name == "Amina Okafor"


def test_an_accepted_offer_with_both_names_freezes_the_grant_confirms_the_place_and_makes_the_people():
    application = offered()

    actions.accept_offer(application, at=LATER)

    application = fresh(application)
    place, grant = application.place, Grant.objects.get()
    assert application.status == Status.ACCEPTED
    assert moves_of(place) == [("offered", "accepted", "School"), ("accepted", "confirmed", "School")]
    assert (place.accepted_at, place.confirmed_at) == (LATER, LATER)
    assert (grant.amount, grant.rule_set, grant.rule_version, grant.offered_by, grant.offered_at, grant.frozen_at) == (
        Decimal(2000),
        place.rule_set,
        1,
        place.offered_by,
        AT,
        LATER,
    )
    named = list(application.nominees.values_list("name", "role"))
    assert list(Advocate.objects.values_list("person__name", "role")) == named
    assert list(Post.objects.order_by("pk").values_list("person__name", "role")) == named
    assert set(Post.objects.values_list("school", "from_on", "until_on")) == {
        (application.school_id, LATER.date(), None)
    }
    assert templates()[-3:] == ["place_offered", "hub_is_told", "place_accepted"]
    assert Message.objects.get(template="place_accepted").subject.startswith("Your place is confirmed")


def test_an_accepted_offer_without_names_waits_and_says_what_for():
    application = offered(nominees=(1,))

    actions.accept_offer(application, at=LATER)

    assert fresh(application).place.status == "accepted"
    assert (Grant.objects.count(), Advocate.objects.count()) == (1, 0)
    assert "names of both Mastery Advocates" in Message.objects.get(template="place_accepted").text


def test_names_given_later_confirm_the_place():
    application = accepted(nominees=())

    rename(application, "second", "teacher")

    assert fresh(application).place.status == "confirmed"
    assert [m.subject.split(":")[0] for m in Message.objects.filter(template="place_accepted").order_by("pk")] == [
        "You have accepted the place",
        "Your place is confirmed",
    ]


@pytest.mark.parametrize("roles", [("slt", "teacher"), ("teacher", "teacher"), ("hod",)])
def test_a_place_is_not_confirmed_while_nobody_leads_or_one_is_missing(roles):
    application = accepted(nominees=())

    rename(application, *roles)

    assert fresh(application).place.status == "accepted"
    assert not Advocate.objects.exists()


def test_a_similar_role_is_confirmed_by_staff():
    application = accepted(nominees=())
    rename(application, "slt", "teacher")
    judge = UserFactory()

    decisions.confirm_place(fresh(application), by=judge, at=LATER)

    place = fresh(application).place
    assert moves_of(place)[-1] == ("accepted", "confirmed", judge.name)
    assert "roles judged" in kinds_of(application)
    assert Advocate.objects.count() == 2


def test_staff_cannot_confirm_a_place_with_one_name_or_twice():
    application = accepted(nominees=(1,))
    with pytest.raises(Refused, match="Both Advocates must be named"):
        decisions.confirm_place(application, by=UserFactory(), at=LATER)
    rename(application, "hod", "teacher")

    with pytest.raises(IllegalMove):
        decisions.confirm_place(fresh(application), by=UserFactory(), at=LATER)
    assert Advocate.objects.count() == 2


def test_a_person_we_know_is_found_by_any_address_in_any_case_and_keeps_their_name():
    application = accepted(nominees=())
    known = Person.objects.create(name="Siân O'Neill")
    for email in ["old@elsewhere.example", "s.oneill@school.example"]:
        PersonEmail.objects.create(person=known, email=email)
    people = [
        {"position": 1, "name": "S. ONeill", "email": "S.ONeill@School.example", "role": "hod"},
        {"position": 2, "name": "Ben Li", "email": "b.li@school.example", "role": "teacher"},
    ]

    actions.name_advocates(application, people, at=LATER)

    assert [advocate.person.name for advocate in Advocate.objects.order_by("pk")] == ["Siân O'Neill", "Ben Li"]
    assert Person.objects.count() == 2
    assert known.posts.get().role == "hod"


def test_one_person_with_two_addresses_is_not_two_advocates():
    application = offered()
    known = Person.objects.create(name="Siân O'Neill")
    application.nominees.update(name="S. O'Neill")
    for nominee in application.nominees.all():
        PersonEmail.objects.create(person=known, email=nominee.email)

    actions.accept_offer(application, at=LATER)

    assert (fresh(application).status, fresh(application).place.status) == (Status.ACCEPTED, "accepted")
    assert not Advocate.objects.exists() and not Post.objects.exists()
    assert kinds_of(application)[-1] == "place not confirmed"
    assert notes_of(application)[-1] == "Both addresses belong to one person."
    with pytest.raises(Refused, match="Both addresses belong to Siân O'Neill"):
        decisions.confirm_place(fresh(application), by=UserFactory(), at=LATER)


def test_names_of_a_confirmed_place_are_not_changed_by_the_school():
    application = accepted()

    with pytest.raises(IllegalMove, match="confirmed with these two names"):
        rename(application, "hod", "teacher")

    assert fresh(application).nominees.first().name.startswith("Teacher")
    assert Advocate.objects.count() == 2


@pytest.mark.parametrize("status", [status for status in Status if status not in LIVE and status != Status.DRAFT])
def test_an_ended_application_takes_no_names_and_no_other_head(status):
    application = ApplicationFactory(status=status)

    with pytest.raises(IllegalMove):
        rename(application, "hod", "teacher")
    with pytest.raises(IllegalMove):
        actions.correct_head(application, name="Al Roy", email="al@school.example", at=LATER)
    assert mail() == []


def test_accepting_again_changes_nothing():
    application = accepted()
    before = (mail(), moves_of(application))

    actions.accept_offer(application, at=LATER)

    assert (mail(), moves_of(application)) == before
    assert Grant.objects.count() == 1


@pytest.mark.parametrize(("days", "taken"), [(14, True), (15, False)])
def test_an_offer_can_be_accepted_until_the_end_of_its_last_day(days, taken):
    application = offered()

    if taken:
        actions.accept_offer(application, at=AT.replace(hour=23) + timedelta(days=days))
    else:
        with pytest.raises(IllegalMove, match="has run out"):
            actions.accept_offer(application, at=AT.replace(hour=0) + timedelta(days=days))

    assert (fresh(application).status == Status.ACCEPTED) is taken
    assert Grant.objects.exists() is taken


def test_declining_gives_the_place_back_once():
    application = offered()

    actions.decline_offer(application, at=LATER, note="No cover.")
    actions.decline_offer(application, at=LATER)

    assert (fresh(application).status, Place.objects.get().status) == (Status.DECLINED, "declined")
    assert Place.objects.live().count() == 0
    assert templates().count("decided_declined") == 1
    with pytest.raises(IllegalMove):
        actions.accept_offer(application, at=LATER)


def test_withdrawing_ends_application_and_place_and_keeps_the_frozen_grant():
    application = accepted()

    actions.withdraw(application, by="School", at=LATER, note="Head of maths leaves.")
    actions.withdraw(application, by="School", at=LATER)

    assert (fresh(application).status, Place.objects.get().status) == (Status.WITHDRAWN, "withdrawn")
    assert Grant.objects.get().amount == 2000
    assert templates().count("decided_withdrawn") == 1
    assert moves_of(application)[-1] == ("accepted", "withdrawn", "School")


def test_a_draft_that_is_withdrawn_tells_nobody():
    draft = DraftFactory()

    actions.withdraw(draft, by="School", at=AT)

    assert (fresh(draft).status, mail()) == (Status.WITHDRAWN, [])


def test_rules_that_change_after_the_offer_change_neither_offer_nor_grant():
    application = offered()
    RuleSetFactory(project=application.project, version=2, grant_amount=Decimal(500), effective_from=date(2026, 10, 1))

    with pytest.raises(DatabaseError), transaction.atomic():
        RuleSet.objects.filter(version=1).update(grant_amount=Decimal(500))
    actions.accept_offer(application, at=LATER)

    assert (Grant.objects.get().amount, Grant.objects.get().rule_version) == (Decimal(2000), 1)


def test_a_rule_set_is_kept_from_the_offer_on_even_when_no_check_used_it():
    application = confirmed()
    newer = RuleSetFactory(project=application.project, version=2, effective_from=date(2026, 10, 1))

    decisions.offer(application, by=UserFactory(), at=LATER)

    assert fresh(application).place.rule_set == newer
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleSet.objects.filter(pk=newer.pk).update(grant_amount=1)


def test_a_new_contact_gets_the_link_and_a_repeat_sends_nothing_more():
    application = ApplicationFactory()

    actions.correct_contact(application, at=LATER, **CONTACT)
    actions.correct_contact(application, at=LATER, **CONTACT)

    assert fresh(application).contact_email == "b.li@school.example"
    assert mail() == [("contact_left", application.contact_email), ("contact_changed", "b.li@school.example")]
    left = Message.objects.get(template="contact_left")
    assert "Hello Amina Okafor" in left.text and "private link" not in left.text


def test_another_head_is_asked_and_a_repeat_asks_nobody_twice():
    application = offered()
    application.endorsements.update(status="asked", answered_at=None, capacity="")

    for _ in range(2):
        actions.correct_head(application, name="Al Roy", email="Al@school.example", at=LATER)

    assert list(application.endorsements.values_list("email", "status")) == [
        (application.head_email, "replaced"),
        ("Al@school.example", "asked"),
    ]
    assert [to for template, to in mail() if template == "ask_head"] == [application.head_email, "Al@school.example"]


def test_a_head_who_has_confirmed_is_not_asked_again():
    application = offered()

    with pytest.raises(IllegalMove, match="The head has confirmed already, so nobody else is asked"):
        actions.correct_head(application, name="Al Roy", email="al@school.example", at=LATER)


def test_no_status_leads_nowhere_without_being_in_the_table():
    assert set(MOVES) == set(Status)
    assert {status for status in Status if not MOVES[status]} == {
        Status.DECLINED,
        Status.LAPSED,
        Status.NOT_OFFERED,
        Status.WITHDRAWN,
        Status.TRANSFERRED,
        Status.DUPLICATE,
    }
    assert set(LIVE) == {status for status in Status if MOVES[status]} - {Status.DRAFT}
