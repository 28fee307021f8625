"""Taking up answers: places in both phases at once, money, Advocates, no room, and what the rules do not allow."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from applications.models import Proposal
from applications.rollover import actions, settling
from hubportal.history.actions import PORTAL, IllegalMove
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.cohorts import actions as places
from programmes.models import Grant, Place
from tests import factories

from .world import ANSWER_BY, AT, DEV, EMB, SUS, people, phase, said

LATER = AT + timedelta(days=40)  # the day to answer has passed


def state(proposal, family):
    one = phase(proposal, family)
    return one.outcome, one.place and one.place.status


def test_a_yes_puts_a_school_into_embedding_and_sustaining_at_once_with_its_advocates(world):
    place = world.place()
    proposal = world.answered(place)
    settling.settle(proposal, by=world.lead, at=AT)

    proposal.refresh_from_db()
    assert proposal.status == "settled"
    made = Place.objects.filter(follows=place).order_by("project__programme__phase")
    assert [(each.project.programme_id, each.status, each.offered_by) for each in made] == [
        (EMB, "confirmed", world.lead), (SUS, "confirmed", world.lead),
    ]  # fmt: skip
    for each in made:
        assert people(each) == people(place)
        assert set(each.advocates.values_list("from_on", "role")) == {
            (date(2026, 9, 1), "hod"), (date(2026, 9, 1), "teacher"),
        }  # fmt: skip
    assert dict(Grant.objects.values_list("place__project__programme", "amount")) == {
        EMB: Decimal(1000),
        SUS: Decimal(0),
    }
    told = Message.objects.get(template="rollover_settled")
    assert "Embedding 2026/27: Confirmed" in told.text


def test_a_yes_by_others_waits_for_their_names_and_then_is_confirmed(world):
    proposal = world.answered(team="later")
    settling.settle(proposal, by=world.lead, at=AT)
    assert {state(proposal, EMB), state(proposal, SUS)} == {("placed", "accepted")}
    with pytest.raises(Refused, match="Name both"):
        settling.name_team(proposal, [], by=actions.SCHOOL, at=AT)
    named = [{"name": f"New Person{n}", "email": f"new{n}@school.example", "role": "teacher"} for n in range(2)]
    settling.name_team(proposal, named, by=actions.SCHOOL, at=AT)
    assert {state(proposal, EMB), state(proposal, SUS)} == {("placed", "confirmed")}
    with pytest.raises(IllegalMove, match="waits for names"):
        settling.name_team(proposal, named, by=actions.SCHOOL, at=AT)


def test_who_left_during_the_year_is_not_carried_over(world):
    place = world.place()
    left = place.advocates.first()
    left.until_on, left.reason = date(2026, 1, 5), "Moved"
    left.save()
    proposal = world.answered(place)
    settling.settle(proposal, by=world.lead, at=AT)
    assert state(proposal, SUS) == ("placed", "accepted")


def test_embedding_alone_is_refused_with_a_sentence(world):
    proposal = world.answered(emb="yes", sus="no")
    settling.settle(proposal, by=world.lead, at=AT)
    one = phase(proposal, EMB)
    assert (one.outcome, one.place) == ("refused", None)
    assert "takes part in this together with the Work Group" in one.finding
    proposal.refresh_from_db()
    assert proposal.status == "waiting"


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [("part_completed", "refused", "completed the programme before it"), ("active", "referred", "still taking part")],
)
def test_embedding_without_completed_development_is_not_given_but_sustaining_is(world, status, outcome, words):
    place = world.place()
    proposal = world.answered(place)
    Place.objects.filter(pk=place.pk).update(status=status)  # found out after the letter
    settling.settle(proposal, by=PORTAL, at=AT)
    one = phase(proposal, EMB)
    assert (one.outcome, one.place) == (outcome, None)
    assert words in one.finding
    assert state(proposal, SUS) == ("placed", "confirmed")
    assert Message.objects.get(template="rollover_hub").to == world.hub.contact_email


def test_what_the_rules_refer_a_colleague_lets_pass_with_a_reason_and_what_they_refuse_nobody_does(world):
    place = world.place()
    proposal = world.answered(place)
    Place.objects.filter(pk=place.pk).update(status="active")
    settling.settle(proposal, by=world.lead, at=AT)
    assert state(proposal, EMB) == ("referred", None)
    settling.settle(proposal, by=world.lead, at=AT, note="The report is in; the mark follows.")
    assert state(proposal, EMB) == ("placed", "confirmed")

    other = world.place()
    refused = world.answered(other)
    Place.objects.filter(pk=other.pk).update(status="part_completed")
    settling.settle(refused, by=world.lead, at=AT, note="I want it all the same.")
    assert state(refused, EMB) == ("refused", None)


def test_a_full_cohort_makes_the_school_wait_and_room_lets_it_in(world):
    proposal = world.answered()
    world.cohorts[SUS, 2026].places.model.objects.none()
    type(world.cohorts[SUS, 2026]).objects.filter(pk=world.cohorts[SUS, 2026].pk).update(capacity=0)
    settling.settle(proposal, by=PORTAL, at=AT)
    assert state(proposal, SUS) == ("full", None)
    assert state(proposal, EMB) == ("refused", None)  # it goes with the other
    proposal.refresh_from_db()
    assert proposal.status == "waiting"
    assert "could not be given a place" in Message.objects.get(template="rollover_hub").text

    type(world.cohorts[SUS, 2026]).objects.filter(pk=world.cohorts[SUS, 2026].pk).update(capacity=1)
    settling.settle(proposal, by=world.lead, at=AT)
    proposal.refresh_from_db()
    assert (proposal.status, state(proposal, SUS), state(proposal, EMB)) == (
        "settled", ("placed", "confirmed"), ("placed", "confirmed"),
    )  # fmt: skip


def test_a_place_that_the_school_has_got_meanwhile_is_its_place(world):
    place = world.place()
    proposal = world.answered(place)
    own = world.place(SUS, 2026, "confirmed", school=place.school)
    settling.settle(proposal, by=world.lead, at=AT)
    assert phase(proposal, SUS).place == own
    assert state(proposal, EMB) == ("placed", "confirmed")


@pytest.mark.parametrize(
    ("answers", "again", "status"),
    [
        ({"emb": "no", "sus": "no"}, None, "stopped"),
        ({"emb": "no", "sus": "no"}, date(2027, 3, 1), "put_off"),
        ({"emb": "no", "sus": "maybe"}, date(2027, 9, 1), "put_off"),
    ],
)
def test_without_a_yes_the_school_is_asked_again_or_not(world, answers, again, status):
    proposal = world.answered(team="", reason="time", ask_again_on=again, **answers)
    settling.settle(proposal, by=world.lead, at=AT)
    proposal.refresh_from_db()
    assert (proposal.status, Place.objects.filter(project__year=2026).count()) == (status, 0)


def test_when_the_day_has_passed_answers_are_taken_up_and_silence_ends(world):
    yes, silent = world.answered(), world.ask(world.place())
    assert settling.settle_due(at=AT) == 0
    assert settling.settle_due(at=LATER) == 2
    assert settling.settle_due(at=LATER) == 0
    yes.refresh_from_db()
    silent.refresh_from_db()
    assert (yes.status, silent.status) == ("settled", "lapsed")
    assert Place.objects.filter(project__year=2026, offered_by=world.lead).count() == 2
    world.ask(Place.objects.get(school=silent.school), at=LATER, answer_by=ANSWER_BY + timedelta(days=60))  # asked anew


def test_one_that_cannot_be_settled_does_not_stop_the_others(world, monkeypatch):
    first, second = world.answered(), world.answered()
    real = settling.settle

    def breaks(proposal, **more):
        if proposal.pk == first.pk:
            raise RuntimeError
        return real(proposal, **more)

    monkeypatch.setattr(settling, "settle", breaks)
    assert settling.settle_due(at=LATER) == 1
    second.refresh_from_db()
    assert second.status == "settled"


def test_what_is_taken_up_can_no_longer_be_changed_or_taken_up_again(world):
    proposal = world.answered()
    settling.settle(proposal, by=world.lead, at=AT)
    with pytest.raises(IllegalMove, match="no answer to take up"):
        settling.settle(proposal, by=world.lead, at=AT)
    with pytest.raises(IllegalMove, match="taken up your answers"):
        actions.answer(proposal, said(proposal, emb="no", sus="no"), by=actions.SCHOOL, at=AT)
    with pytest.raises(Refused, match="end the place instead"):
        Proposal.objects.filter(pk=proposal.pk).update(status="waiting")
        actions.take_back(proposal, reason="x", by=world.lead, at=AT)


def test_places_are_begun_and_completed_in_bulk_on_a_day(world):
    first, second = world.place(status="confirmed"), world.place(status="confirmed")
    other = world.place(status="withdrawn")
    all_of_them = Place.objects.filter(cohort=first.cohort)
    begun = places.begin(all_of_them, on=date(2025, 9, 25), by=world.lead, at=AT)
    assert {each.pk for each in begun} == {first.pk, second.pk}
    assert places.begin(all_of_them, on=date(2025, 9, 25), by=world.lead, at=AT) == []
    places.complete_part(Place.objects.filter(pk=second.pk), on=date(2026, 7, 3), note="One day.", by=world.lead, at=AT)
    places.complete(all_of_them, on=date(2026, 7, 10), by=world.lead, at=AT)
    found = dict(all_of_them.values_list("pk", "status"))
    assert found == {first.pk: "completed", second.pk: "part_completed", other.pk: "withdrawn"}
    first.refresh_from_db()
    assert first.ended_on == date(2026, 7, 10)
    assert set(first.advocates.values_list("until_on", flat=True)) == {date(2026, 7, 10)}


@pytest.mark.parametrize(("on", "why"), [(date(2026, 7, 21), "lies ahead"), (date(2025, 7, 31), "before the year")])
def test_a_day_that_makes_no_sense_is_refused(world, on, why):
    place = world.place(status="active")
    with pytest.raises(Refused, match=why):
        places.complete(Place.objects.filter(pk=place.pk), on=on, by=world.lead, at=AT)


def test_a_department_without_a_place_before_gets_one_and_names_its_people(world):
    proposal = factories.ProposalFactory(hub=world.hub, made_by=world.lead, answer_by=ANSWER_BY, kind="department")
    proposal.phases.create(cohort=world.cohorts[SUS, 2026], because="Department of a Mastery Specialist of cohort 9")
    actions.answer(proposal, said(proposal, team="later"), by=actions.SCHOOL, at=AT)
    settling.settle(proposal, by=world.lead, at=AT)
    assert state(proposal, SUS) == ("referred", None)  # no specialist is recorded at this school
    assert DEV not in set(Place.objects.values_list("project__programme", flat=True))
