"""Asking schools: whom, about what, to which address, and never twice."""

from datetime import date

import pytest

from applications.models import Proposal
from applications.rollover import actions, candidates
from hubportal.accounts.models import PrivateLink
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import HomeSchool, Specialist
from tests import factories

from .world import ANSWER_BY, AT, DEV, EMB, SUS, TODAY, World, project, said


def families(candidate):
    return [each.due.family for each in candidate.proposed]


def test_a_school_that_completed_development_is_asked_about_both_next_phases_at_once(world):
    place = world.place()
    proposal = world.ask(place)

    assert [(each.project.programme_id, each.follows) for each in proposal.phases.with_details()] == [
        (EMB, place), (SUS, place),
    ]  # fmt: skip
    assert (proposal.kind, proposal.status, proposal.answer_by) == ("next", "asked", ANSWER_BY)
    (letter,) = Message.objects.all()
    assert (letter.status, letter.batch) == ("held", f"Rollover 2026/27, {world.hub.name}")
    assert letter.to == place.advocates.first().person.emails.get().email
    assert "Embedding 2026/27, with 3 days of support in your school and a grant of £1,000" in letter.text
    assert "[[private link" in letter.text


def test_a_school_that_paused_is_asked_about_sustaining_only_by_another_letter(world):
    proposal = world.ask(world.place(year=2024))
    assert [each.project.programme_id for each in proposal.phases.with_details()] == [SUS]
    assert proposal.kind == "lapsed"
    assert "a break is no bar" in Message.objects.get().text


def test_a_specialists_department_is_asked_from_its_third_year_on(world):
    schools = [_department(world, year) for year in (2024, 2025)]
    found = {each.school.pk: each for each in world.candidates()}
    assert families(found[schools[0].pk]) == [SUS]
    assert found[schools[0].pk].kind == "department"
    assert schools[1].pk not in found


def _department(world, started):
    school = factories.SchoolFactory()
    specialist = Specialist.objects.create(
        person=factories.PersonFactory(), hub=world.hub, project=project("sec-specialist", started, "Specialists"),
        status="year_1", started_on=date(started, 9, 1),
    )  # fmt: skip
    HomeSchool.objects.create(specialist=specialist, school=school, from_on=date(started, 9, 1))
    return school


def test_a_school_belongs_to_the_hub_at_which_it_took_part_last(world):
    moved = world.place(year=2024).school
    other = World()
    other.place(year=2025, school=moved)
    assert moved.pk not in {each.school.pk for each in world.candidates()}
    assert moved.pk in {each.school.pk for each in other.candidates()}


def test_what_a_school_did_at_another_hub_counts(world):
    school = World().place(year=2025).school
    world.place(SUS, 2025, "active", school=school)
    assert families(world.candidate(school)) == [EMB, SUS]


def test_a_hub_without_a_cohort_is_told_what_is_missing(world):
    place = world.place()
    world.cohorts[SUS, 2026].delete()
    candidate = world.candidate(place.school)
    assert candidate.proposed == []
    assert set(candidate.left_out) == {
        "The hub has no cohort of Sustaining 2026/27 yet.",
        "Embedding goes only with Sustaining.",
    }
    with pytest.raises(Refused, match="no cohort of Sustaining"):
        world.ask(place)


def test_a_year_that_the_catalogue_does_not_have_is_said_to_be_missing(world):
    place = world.place()
    assert "Sustaining 2028/29 is not in the catalogue yet." in world.candidate(place.school, 2028).left_out


def test_a_closed_school_and_one_without_an_address_are_left_out(world):
    closed, nobody = world.place(), world.place(named=False)
    closed.school.establishment.status = 2
    closed.school.establishment.save()
    for place, why in [(closed, "closed"), (nobody, "no address")]:
        with pytest.raises(Refused, match=why):
            world.ask(place)
    assert not Proposal.objects.exists()


def test_a_phase_for_which_the_school_has_applied_is_not_proposed(world):
    place = world.place()
    factories.ApplicationFactory(cohort=world.cohorts[SUS, 2026], school=place.school)
    assert families(world.candidate(place.school)) == [EMB]


def test_the_same_school_is_not_asked_twice(world):
    place = world.place()
    candidate = world.candidate(place.school)
    to = candidates.contacts([candidate])[place.school_id]
    actions.make(candidate, to, year=2026, answer_by=ANSWER_BY, by=world.lead, at=AT)
    with pytest.raises(Refused, match="has just asked this school"):  # a page that was opened before
        actions.make(candidate, to, year=2026, answer_by=ANSWER_BY, by=world.lead, at=AT)
    with pytest.raises(Refused, match="asked already: it has not answered yet"):
        world.ask(place)
    assert (Proposal.objects.count(), Message.objects.count()) == (1, 1)


def test_an_advocate_who_has_left_is_not_written_to(world):
    place = world.place()
    left, stays = place.advocates.order_by("pk")
    place.advocates.create(person=factories.PersonFactory(), role="hod", from_on=left.from_on, replaces=left)

    to = candidates.contacts([world.candidate(place.school)])[place.school_id]

    assert to.email == stays.person.emails.get().email


def test_a_day_to_answer_that_has_passed_is_refused(world):
    with pytest.raises(Refused, match="has to lie ahead"):
        world.ask(world.place(), answer_by=TODAY)


@pytest.mark.parametrize(("today", "asked"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True)])
def test_a_school_that_named_a_day_is_asked_from_that_day_on(world, today, asked):
    place = world.place()
    factories.ProposalFactory(
        hub=world.hub, school=place.school, status="put_off", ask_again_on=date(2026, 9, 1), contact_email="a@b.example"
    )
    candidate = world.candidate(place.school)
    to = candidates.contacts([candidate])[place.school_id]
    assert to.email == "a@b.example"
    against = actions.against_asking(candidate, to, year=2026, today=today)
    assert against == ([] if asked else ["It asked not to be asked before 1 September 2026."])


def test_a_new_contact_before_the_release_gets_the_letter_and_nobody_else_does(world):
    proposal = world.ask(world.place())
    actions.correct_contact(proposal, name="Bo Ek", email="bo@school.example", by=world.lead, at=AT)
    states = set(Message.objects.values_list("to", "status", "template"))
    assert states == {
        (proposal.contact_email, "dropped", "rollover_next"),
        ("bo@school.example", "held", "rollover_next"),
    }


def test_a_new_contact_after_the_release_gets_a_link_and_the_old_links_are_closed(world):
    proposal = world.ask(world.place())
    Message.objects.update(status="sent", sent_at=AT)
    actions.correct_contact(proposal, name="Bo Ek", email="bo@school.example", by=actions.SCHOOL, at=AT)
    assert set(Message.objects.exclude(status="sent").values_list("to", "template")) == {
        ("bo@school.example", "rollover_link"), (proposal.contact_email, "rollover_left"),
    }  # fmt: skip
    assert PrivateLink.objects.live(AT).count() == 1


def test_a_question_that_is_taken_back_sends_nothing_and_can_be_asked_anew(world):
    place = world.place()
    proposal = world.ask(place)
    actions.take_back(proposal, reason="By mistake", by=world.lead, at=AT)
    assert Message.objects.get().status == "dropped"
    assert not PrivateLink.objects.live(AT).exists()
    world.ask(place)
    assert Proposal.objects.count() == 2


def test_answers_are_kept_changed_and_closed(world):
    proposal = world.ask(world.place())
    actions.answer(proposal, said(proposal), by=actions.SCHOOL, at=AT)
    actions.answer(proposal, said(proposal), by=actions.SCHOOL, at=AT)  # the same again
    actions.answer(
        proposal, said(proposal, emb="no", sus="maybe", reason="time", ask_again_on=date(2027, 3, 1)),
        by=actions.SCHOOL, at=AT,
    )  # fmt: skip
    proposal.refresh_from_db()
    assert (proposal.status, proposal.team, proposal.reason, proposal.ask_again_on) == (
        "answered", "", "time", date(2027, 3, 1),
    )  # fmt: skip
    late = AT.replace(month=8, day=18)
    with pytest.raises(IllegalMove, match="has passed"):
        actions.answer(proposal, said(proposal), by=actions.SCHOOL, at=late)


def test_staff_write_down_what_was_said_on_the_telephone_also_when_it_is_late(world):
    proposal = world.ask(world.place())
    Proposal.objects.update(status="lapsed")
    proposal.refresh_from_db()
    actions.answer(proposal, said(proposal), by=world.lead, at=AT, said_on=TODAY)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.taken_by, proposal.said_on) == ("answered", world.lead, TODAY)
    with pytest.raises(IllegalMove):
        Proposal.objects.update(status="lapsed")
        actions.answer(proposal, said(proposal), by=actions.SCHOOL, at=AT)


def test_development_of_the_year_itself_follows_nothing(world):
    world.cohort(DEV, 2026)
    place = world.place(DEV, 2026, "active")
    assert place.school_id not in {each.school.pk for each in world.candidates()}


def test_what_a_school_says_in_its_own_words_stays_out_of_the_history(world):
    proposal = world.ask(world.place())
    actions.answer(proposal, said(proposal, words="Ms Reid is ill."), by=actions.SCHOOL, at=AT)
    proposal.refresh_from_db()
    assert proposal.words == "Ms Reid is ill."
    assert not Event.objects.filter(note__contains="Reid").exists()
    assert "Embedding 2026/27: yes" in Event.objects.get(new="answered").note
