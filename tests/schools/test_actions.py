"""Taking schools in, and deciding about changes, by hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.rules import Refused
from programmes.models import Establishment, School, SchoolChange, SchoolUrn
from programmes.schools.actions import accept, follow, ignore, register_school, school_for_urn
from tests.factories import AT, EstablishmentFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def change():
    """A closed school of ours with a question for staff, and an open successor of it."""
    old = EstablishmentFactory(name="Oak School", status=2, opened_on=date(2020, 9, 1), closed_on=date(2026, 8, 31))
    made = SchoolChange.objects.create(
        school=register_school(old, at=AT), establishment=old, kind="closed", old="Open", new="Closed", found_at=AT
    )
    made.successors.add(EstablishmentFactory(name="Oak Academy", opened_on=date(2026, 9, 1)))
    return made


def test_a_school_is_taken_in_once_with_its_urn():
    establishment = EstablishmentFactory(opened_on=date(2010, 9, 1))

    first = register_school(establishment, at=AT)
    again = register_school(establishment, at=AT)

    assert first == again
    assert list(first.urns.values_list("establishment_id", "name", "from_on", "until_on")) == [
        (establishment.pk, establishment.name, date(2010, 9, 1), None)
    ]


def test_an_old_urn_leads_to_the_school_that_has_moved_on(change):
    old, new = change.establishment, change.successors.get()
    follow(change, new, by=UserFactory(), at=AT)

    assert register_school(old, at=AT) == change.school
    assert school_for_urn(old.pk) == school_for_urn(new.pk) == change.school
    assert school_for_urn(1) is None
    assert School.objects.count() == 1


def test_staff_move_a_school_to_its_successor(change):
    by, new = UserFactory(), change.successors.get()
    follow(change, new, by=by, at=AT, note="Checked by telephone.")

    change.refresh_from_db()
    assert (change.status, change.decided_by, change.decided_at, change.note) == (
        "followed", by, AT, "Checked by telephone.",
    )  # fmt: skip
    assert change.school.name == "Oak Academy"
    urns = change.school.urns.order_by("from_on").values_list("name", "from_on", "until_on")
    assert list(urns) == [
        ("Oak School", date(2020, 9, 1), date(2026, 8, 31)),
        ("Oak Academy", date(2026, 9, 1), None),
    ]
    assert list(Event.objects.order_by("pk").values_list("kind", "by")) == [("status", by.pk), ("moved", by.pk)]


def test_two_of_the_staff_cannot_both_decide(change):
    same_page = SchoolChange.objects.get(pk=change.pk)
    accept(change, by=UserFactory(), at=AT)

    with pytest.raises(IllegalMove, match="Somebody else"):
        ignore(same_page, by=UserFactory(), at=AT)
    with pytest.raises(IllegalMove):
        follow(same_page, change.successors.get(), by=UserFactory(), at=AT)

    assert School.objects.get(pk=change.school_id).name == "Oak School"
    assert SchoolUrn.objects.get().until_on is None


def test_a_successor_that_is_another_school_of_ours_is_refused(change):
    other = SchoolFactory()

    with pytest.raises(Refused, match="is a school of ours already"):
        follow(change, other.establishment, by=UserFactory(), at=AT)

    change.refresh_from_db()
    assert change.status == "open"


@pytest.mark.parametrize("status", [Establishment.State.CLOSED, Establishment.State.PROPOSED])
def test_a_successor_that_is_not_open_is_refused(change, status):
    with pytest.raises(Refused, match="is not open"):
        follow(change, EstablishmentFactory(status=status), by=UserFactory(), at=AT)


def test_a_change_of_a_urn_that_the_school_has_left_is_refused(change):
    later = SchoolChange.objects.create(
        school=change.school, establishment=change.establishment, kind="renamed", new="X", found_at=AT
    )
    follow(change, change.successors.get(), by=UserFactory(), at=AT)

    with pytest.raises(Refused, match="has another URN by now"):
        follow(later, EstablishmentFactory(), by=UserFactory(), at=AT)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_people_who_take_in_one_school_at_once_make_one():
    establishment = EstablishmentFactory()

    def take_in(_):
        try:
            return register_school(establishment, at=AT).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as people:
        schools = set(people.map(take_in, range(8)))

    assert len(schools) == School.objects.count() == SchoolUrn.objects.count() == 1
