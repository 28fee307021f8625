"""Two people at once, on PostgreSQL: one question, one set of places, one last place."""

import threading

import pytest
from django.db import connection

from applications.models import Proposal
from applications.rollover import actions, candidates, settling
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Cohort, Place

from .world import ANSWER_BY, AT, SUS, World, said

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Do all at the same moment, each on its own connection, and return what each came to."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        start.wait()
        try:
            act()
            results[number] = "done"
        except (Refused, IllegalMove) as problem:
            results[number] = type(problem).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_two_colleagues_who_ask_the_same_school_ask_it_once():
    world = World()
    place = world.place()
    candidate = world.candidate(place.school)
    to = candidates.contacts([candidate])[place.school_id]

    def ask():
        actions.make(candidate, to, year=2026, answer_by=ANSWER_BY, by=world.lead, at=AT)

    assert at_once(ask, ask) == ["Refused", "done"]
    assert (Proposal.objects.count(), Message.objects.count()) == (1, 1)


def test_a_school_that_says_yes_twice_at_once_has_said_it_once():
    world = World()
    proposal = world.ask(world.place())
    yes = said(proposal)

    def say():
        actions.answer(Proposal.objects.get(pk=proposal.pk), yes, by=actions.SCHOOL, at=AT)

    assert at_once(say, say) == ["done", "done"]
    assert Event.objects.filter(new="answered").count() == 1


def test_an_answer_that_two_take_up_makes_one_set_of_places():
    world = World()
    proposal = world.answered()

    def take_up():
        settling.settle(Proposal.objects.get(pk=proposal.pk), by=world.lead, at=AT)

    assert at_once(take_up, take_up) == ["IllegalMove", "done"]
    assert Place.objects.filter(project__year=2026).count() == 2
    assert Message.objects.filter(template="rollover_settled").count() == 1


def test_the_last_place_goes_to_one_of_two():
    world = World()
    proposals = [world.answered(emb="no"), world.answered(emb="no")]
    Cohort.objects.filter(pk=world.cohorts[SUS, 2026].pk).update(capacity=1)

    def take_up(proposal):
        return lambda: settling.settle(Proposal.objects.get(pk=proposal.pk), by=world.lead, at=AT)

    assert at_once(*map(take_up, proposals)) == ["done", "done"]
    assert Place.objects.filter(project__year=2026).count() == 1
    assert set(Proposal.objects.values_list("status", flat=True)) == {"settled", "waiting"}


def test_a_school_that_changes_its_mind_while_staff_act_is_before_or_after_never_between():
    world = World()
    proposal = world.answered()
    no = said(proposal, emb="no", sus="no", reason="time", team="")

    def change():
        actions.answer(Proposal.objects.get(pk=proposal.pk), no, by=actions.SCHOOL, at=AT)

    def take_up():
        settling.settle(Proposal.objects.get(pk=proposal.pk), by=world.lead, at=AT)

    assert "done" in at_once(change, take_up)
    proposal.refresh_from_db()
    places = Place.objects.filter(project__year=2026).count()
    assert (proposal.status, places) in {("settled", 2), ("stopped", 0)}
