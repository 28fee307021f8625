"""Schools that are joined while somebody else joins them too, or writes to them. Real threads and connections."""

from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from applications import actions, decisions
from applications.models import Application
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.rules import Refused
from programmes.models import Place, School
from programmes.schools.actions import register_school
from programmes.schools.joining import join, join_successor
from tests.applications.stages import (
    LATER,
    at_once,
    confirmed,
    fresh,
    kinds,
    start,
    wait_until_somebody_waits_for_a_lock,
)
from tests.factories import AT, CohortFactory, DraftFactory, UserFactory

from .pairs import closing, two_of_one

pytestmark = pytest.mark.django_db(transaction=True)

OPEN = {"status": 1, "closed_on": None}


def nothing_hangs_on(school):
    return not (Application.objects.filter(school=school).exists() or Place.objects.filter(school=school).exists())


def whole_draft(school, cohort):
    return DraftFactory(cohort=cohort, school=school, answers={"advocates": 2, "teachers": 8})


def test_eight_people_join_two_schools_once():
    old, new = two_of_one()

    results = at_once(*(partial(join, old, new, by=person, at=AT) for person in UserFactory.create_batch(8)))

    assert results == [None] * 8
    assert Event.objects.filter(kind="joined").count() == 1
    assert School.objects.kept().get() == new


def test_four_people_who_decide_one_change_at_once_decide_it_once():
    old, new = two_of_one()
    closing(old, new.establishment)
    pages = [old.changes.get() for _ in range(4)]

    results = at_once(*(partial(join_successor, page, new.establishment, by=UserFactory(), at=AT) for page in pages))

    assert kinds(results) == {"IllegalMove": 3, "NoneType": 1}


@pytest.mark.parametrize("round_", range(4))
def test_two_open_schools_joined_crosswise_leave_one(round_):
    one, other = two_of_one(**OPEN)

    results = at_once(
        partial(join, one, other, by=UserFactory(), at=AT), partial(join, other, one, by=UserFactory(), at=AT)
    )

    assert kinds(results) == {"NoneType": 1, "Refused": 1}
    assert School.objects.kept().count() == 1


@pytest.mark.parametrize("round_", range(6))
def test_an_application_that_is_sent_while_its_school_is_joined_is_the_kept_schools(round_):
    old, new = two_of_one()
    draft = whole_draft(old, CohortFactory())

    sent, joined = at_once(
        partial(actions.submit, draft, at=AT), partial(join, old, new, by=UserFactory(), at=AT), hands=2
    )

    assert isinstance(sent, Application)
    assert joined is None or isinstance(joined, Refused)
    application = Application.objects.get()
    assert (application.status, application.school) == ("submitted", old if joined else new)
    assert joined or nothing_hangs_on(old)


@pytest.mark.parametrize("round_", range(6))
def test_two_applications_sent_while_their_schools_are_joined_never_both_live_at_one_school(round_):
    old, new = two_of_one()
    cohort = CohortFactory()
    drafts = [whole_draft(school, cohort) for school in (old, new)]

    *sent, joined = at_once(
        *(partial(actions.submit, draft, at=AT) for draft in drafts), partial(join, old, new, by="Portal", at=AT)
    )

    assert kinds(sent) == {"Application": 2}
    statuses = sorted(Application.objects.values_list("status", flat=True))
    assert statuses == (["submitted", "submitted"] if joined else ["duplicate", "submitted"])
    assert isinstance(joined, Refused) or nothing_hangs_on(old)


def test_a_school_that_is_chosen_while_it_is_joined_is_the_kept_one():
    old, new = two_of_one()
    cohort = CohortFactory()
    draft = actions.start(cohort.project, uuid4(), at=AT)

    with transaction.atomic():
        join(old, new, by="Portal", at=AT)
        waiting = start(partial(actions.choose_school, draft, old.establishment, cohort, at=AT))
        wait_until_somebody_waits_for_a_lock()
    waiting.join()

    assert fresh(draft).school == new
    assert nothing_hangs_on(old)


def test_a_join_waits_for_whoever_is_writing_to_the_school():
    old, new = two_of_one()
    cohort = CohortFactory()
    draft = actions.start(cohort.project, uuid4(), at=AT)

    with transaction.atomic():
        assert register_school(old.establishment, at=AT) == old
        actions.choose_school(draft, old.establishment, cohort, at=AT)
        waiting = start(partial(join, old, new, by="Portal", at=AT))
        wait_until_somebody_waits_for_a_lock()
    waiting.join()

    assert fresh(draft).school == new
    assert nothing_hangs_on(old)


@pytest.mark.parametrize("round_", range(4))
def test_a_place_that_is_offered_while_its_school_is_joined_is_not_lost(round_):
    old, new = two_of_one(**OPEN)
    application = confirmed(school=old)

    offer, joined = at_once(
        partial(decisions.offer, application, by=UserFactory(), at=LATER),
        partial(join, old, new, by=UserFactory(), at=LATER),
    )

    assert offer is None or isinstance(offer, IllegalMove | Refused | Place), offer
    assert joined is None or isinstance(joined, Refused), joined
    assert len({*Application.objects.values_list("school"), *Place.objects.values_list("school")}) == 1
    assert joined or nothing_hangs_on(old)


def test_a_join_gives_up_in_words_when_a_record_is_being_worked_on():
    old, new = two_of_one(**OPEN)
    application = confirmed(school=old)

    with transaction.atomic():
        Application.objects.locked(application.pk)
        told = at_once(partial(join, old, new, by="Portal", at=AT))

    assert "Somebody is just working on a record" in str(told[0])
    assert School.objects.kept().count() == 2
    assert Event.objects.filter(kind="joined").count() == 0
