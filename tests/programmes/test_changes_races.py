"""Two people change one place, or one person, at once. Real threads and connections."""

from functools import partial

import pytest
from django.db import transaction

from applications import place_changes
from hubportal.accounts.roles import Role
from programmes.models import Advocate, Grant, GrantEnd, Person, Place, Post
from programmes.people import joining
from tests.applications.stages import at_once, kinds, start, wait_until_somebody_waits_for_a_lock
from tests.factories import AT, TODAY, HubMembershipFactory, PlaceFactory, UserFactory

from .changing import NEW, OTHER, advocates, confirmed_place, elsewhere, on_place, person, replace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round_", range(3))
def test_two_who_replace_the_same_advocate_with_two_people_replace_once(round_):
    place = confirmed_place()
    first, _ = advocates(place)

    results = at_once(
        *(partial(replace, place, {first.pk: new}, by=UserFactory()) for new in (NEW, OTHER | {"role": "hod"}))
    )

    assert kinds(results) == {"IllegalMove": 1, "list": 1}
    assert place.advocates.filter(until_on=None).count() == 2
    assert Grant.objects.count() == 1


def test_eight_who_send_the_same_replacement_make_one():
    place = confirmed_place()
    first, _ = advocates(place)

    results = at_once(*(partial(replace, place, {first.pk: NEW}) for _ in range(8)))

    assert kinds(results) == {"list": 8}
    assert Advocate.objects.filter(place=place).count() == 3


@pytest.mark.parametrize("round_", range(3))
def test_the_last_place_of_a_hub_is_taken_by_one_of_two_moves(round_):
    one = confirmed_place()
    other = confirmed_place(cohort=one.cohort)
    to = elsewhere(one, capacity=1)
    asked = [place_changes.move(each, to, reason="Their area.", by=UserFactory(), at=AT) for each in (one, other)]

    results = at_once(*(partial(place_changes.agree, each, by=UserFactory(), at=AT) for each in asked))

    assert kinds(results) == {"NoneType": 1, "Refused": 1}
    assert to.places.live().count() == 1
    assert GrantEnd.objects.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_two_places_that_change_hubs_crosswise_both_arrive(round_):
    one = confirmed_place()
    cohort = elsewhere(one)
    other = confirmed_place(cohort=cohort)
    asked = [
        place_changes.move(each, to, reason="Their area.", by=UserFactory(), at=AT)
        for each, to in ((one, cohort), (other, one.cohort))
    ]

    results = at_once(*(partial(place_changes.agree, each, by=UserFactory(), at=AT) for each in asked))

    assert kinds(results) == {"NoneType": 2}
    assert {each.hub_id for each in Place.objects.live()} == {one.hub_id, cohort.hub_id}


@pytest.mark.parametrize("round_", range(3))
def test_a_place_is_withdrawn_or_put_off_and_never_both(round_):
    place = confirmed_place()

    results = at_once(
        partial(place_changes.withdraw, place, reason="x", by=UserFactory(), at=AT),
        partial(place_changes.defer, place, to_year=2027, reason="x", by=UserFactory(), at=AT),
    )

    assert kinds(results) == {"IllegalMove": 1, "NoneType": 1}
    assert GrantEnd.objects.count() == 1


def test_a_request_that_two_agree_to_is_done_once():
    place = confirmed_place()
    asked = place_changes.move(place, elsewhere(place), reason="Their area.", by=UserFactory(), at=AT)

    results = at_once(*(partial(place_changes.agree, asked, by=UserFactory(), at=AT) for _ in range(4)))

    assert kinds(results) == {"IllegalMove": 3, "NoneType": 1}
    assert place.followed_by.count() == 1


def two_records():
    place = PlaceFactory(status="active")
    staff = [HubMembershipFactory(hub=place.hub, role=Role.LEAD).user for _ in range(4)]
    one, other = person("A. Okafor", "a@old.example"), person("Amina Okafor", "amina@new.example")
    on_place(one, PlaceFactory(cohort=place.cohort))
    on_place(other, place)
    return one, other, staff


@pytest.mark.parametrize("round_", range(3))
def test_two_records_that_are_joined_crosswise_leave_one(round_):
    one, other, staff = two_records()
    asked = [
        joining.ask(*pair, reason="x", by=by, at=AT)
        for pair, by in (((one, other), staff[0]), ((other, one), staff[1]))
    ]

    results = at_once(*(partial(joining.agree, each, by=by, at=AT) for each, by in zip(asked, staff[2:], strict=True)))

    assert sorted(kinds(results).values()) == [1, 1]
    assert Person.objects.kept().count() == 1
    assert Person.objects.kept().get().emails.count() == 2


def test_what_is_written_to_a_record_while_it_is_joined_is_the_kept_ones():
    one, other, staff = two_records()
    asked = joining.ask(one, other, reason="x", by=staff[0], at=AT)
    school = other.advocacies.get().place.school

    with transaction.atomic():
        joining.agree(asked, by=staff[1], at=AT)
        waiting = start(partial(Post.objects.create, person=one, school=school, role="hod", from_on=TODAY))
        wait_until_somebody_waits_for_a_lock()
    waiting.join()

    assert Post.objects.get().person == other
