"""Places, the grants frozen on them, and the people who are named for them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused
from programmes.cohorts import actions
from programmes.cohorts.models import Cohort
from programmes.cohorts.rules import Dates, window
from programmes.cohorts.states import HOLDS_A_PLACE, PLACE_MOVES, PlaceStatus
from programmes.funding.actions import freeze
from programmes.models import Advocate, Grant, Person, PersonEmail, Place, Post
from programmes.people.actions import person_at
from tests.factories import AT, TODAY, CohortFactory, PlaceFactory, RuleSetFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db

NAMED = [
    {"name": "Amina Okafor", "email": "a.okafor@school.example", "role": "hod"},
    {"name": "Ben Li", "email": "b.li@school.example", "role": "teacher"},
]


def hold(cohort, school=None) -> Place:
    return actions.hold(
        cohort,
        school or SchoolFactory(),
        origin="K7M-4RTX",
        rule_set=cohort.project.rule_sets.get(),
        by=UserFactory(),
        at=AT,
    )


def test_a_held_place_has_its_date_from_the_rules():
    cohort = CohortFactory()
    cohort.project.rule_sets.update(offer_days=10)

    place = hold(cohort)

    assert (place.status, place.answer_by, place.hub, place.project) == (
        "offered",
        TODAY + timedelta(days=10),
        cohort.hub,
        cohort.project,
    )
    assert place.rule_set.__class__.objects.get(pk=place.rule_set_id).used_at == AT


@pytest.mark.parametrize("status", PlaceStatus)
def test_which_statuses_count_against_the_capacity_and_against_the_school(status):
    cohort = CohortFactory(capacity=1)
    taken = PlaceFactory(cohort=cohort, status=status)
    counts = status in HOLDS_A_PLACE

    assert Cohort.objects.with_places_taken().get().taken == counts
    if counts:
        with pytest.raises(Refused, match="Every place"):
            hold(cohort)
        Cohort.objects.update(capacity=5)
        with pytest.raises(Refused, match="already has a place"):
            hold(Cohort.objects.get(), taken.school)
    else:
        assert hold(cohort, taken.school).status == "offered"


def test_the_table_of_moves_is_whole():
    assert set(PLACE_MOVES) == set(PlaceStatus)
    ended = set(PlaceStatus) - set(HOLDS_A_PLACE)
    assert all(PLACE_MOVES[status] <= {PlaceStatus.VOID} for status in ended)  # a mistake may be found out later


@pytest.mark.parametrize("status", ["offered", "confirmed", "lapsed"])
def test_a_place_that_was_not_accepted_is_not_confirmed_and_makes_nobody(status):
    place = PlaceFactory(status=status)

    with pytest.raises(IllegalMove):
        actions.confirm(place, NAMED, by="School", at=AT)

    assert (Advocate.objects.count(), Person.objects.count(), Post.objects.count()) == (0, 0, 0)


def test_a_confirmed_place_has_its_two_people_with_their_posts():
    place = PlaceFactory(status="accepted")

    actions.confirm(place, NAMED, by="School", at=AT)

    rows = Advocate.objects.values_list("person__name", "person__emails__email", "role", "from_on", "until_on")
    assert list(rows) == [
        ("Amina Okafor", "a.okafor@school.example", "hod", TODAY, None),
        ("Ben Li", "b.li@school.example", "teacher", TODAY, None),
    ]
    assert list(place.school.posts.order_by("pk").values_list("person__name", "role")) == [
        ("Amina Okafor", "hod"),
        ("Ben Li", "teacher"),
    ]
    assert (place.status, place.confirmed_at) == ("confirmed", AT)


def test_two_addresses_of_one_person_are_refused_and_nothing_is_kept():
    known = Person.objects.create(name="Amina Okafor")
    for row in NAMED:
        PersonEmail.objects.create(person=known, email=row["email"])
    place = PlaceFactory(status="accepted")

    with pytest.raises(Refused, match="belongs to Amina Okafor, not to Ben Li"):
        actions.confirm(place, NAMED, by="School", at=AT)

    place.refresh_from_db()
    assert (place.status, Post.objects.count()) == ("accepted", 0)


def test_a_person_is_found_by_any_address_keeps_name_and_earlier_posts_and_is_not_posted_twice():
    school, known = SchoolFactory(), Person.objects.create(name="Siân O'Neill")
    for email in ("old@elsewhere.example", "s.oneill@school.example"):
        PersonEmail.objects.create(person=known, email=email)
    Post.objects.create(person=known, school=school, role="teacher", from_on=date(2020, 9, 1))

    for email, spelling in [("S.ONEILL@school.example", "Sian ONeill"), ("OLD@elsewhere.example", "S. O'Neill")]:
        assert person_at(school, name=spelling, email=email, role="hod", on=TODAY) == known

    assert known.name == Person.objects.get().name == "Siân O'Neill"
    assert sorted(known.posts.values_list("role", flat=True)) == ["hod", "teacher"]


def test_an_address_names_one_person_in_any_case():
    person_at(SchoolFactory(), name="A", email="a@school.example", role="hod", on=TODAY)

    with pytest.raises(IntegrityError, match="one_person_per_address"), transaction.atomic():
        PersonEmail.objects.create(person=Person.objects.create(name="B"), email="A@School.example")


def test_a_grant_is_frozen_as_the_rules_of_the_offer_say_and_carries_who_offered():
    place = PlaceFactory(status="accepted")
    RuleSetFactory(project=place.project, version=2, grant_amount=Decimal(9), effective_from=date(2026, 6, 1))

    grant = freeze(place, at=AT + timedelta(days=3))

    assert (grant.amount, grant.rule_set, grant.rule_version, grant.source, grant.hub) == (
        Decimal(2000),
        place.rule_set,
        1,
        "seed 0",
        place.hub,
    )
    assert (grant.offered_by, grant.offered_at, grant.frozen_at) == (place.offered_by, AT, AT + timedelta(days=3))


@pytest.mark.parametrize("value", [{"amount": 1}, {"rule_version": 2}, {"offered_at": AT}, {"source": "x"}])
def test_the_database_refuses_to_change_or_delete_a_grant(value):
    grant = freeze(PlaceFactory(status="accepted"), at=AT)

    for change in (lambda rows: rows.update(**value), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(Grant.objects.all())
    assert Grant.objects.get().amount == grant.amount


def test_a_place_has_one_grant_which_is_never_negative():
    place = PlaceFactory(status="accepted")
    freeze(place, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        freeze(place, at=AT)
    other = PlaceFactory(status="accepted")
    other.rule_set.grant_amount = Decimal(-1)
    with pytest.raises(IntegrityError, match="grant_not_negative"), transaction.atomic():
        freeze(other, at=AT)


@pytest.mark.parametrize("table", ["programmes_place", "programmes_cohort"])
def test_an_unknown_status_or_a_window_that_ends_before_it_begins_is_refused(table):
    place = PlaceFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        if table == "programmes_place":
            Place.objects.filter(pk=place.pk).update(status="lost")
        else:
            Cohort.objects.update(opens_on=date(2026, 10, 1), closes_on=date(2026, 9, 30))


OPENS, CLOSES = date(2026, 9, 1), date(2026, 9, 30)
FULL = "Every place is taken. You can apply for the waiting list until Wednesday 30 September 2026."


LAST_DAY = "Applications close today, Wednesday 30 September 2026, at midnight."
RECRUITED = "Fully recruited: every place is taken, and nobody more is taken on."


@pytest.mark.parametrize(
    ("today", "more", "code", "text"),
    [
        (date(2026, 8, 31), {}, "later", "Applications open on Tuesday 1 September 2026."),
        (OPENS, {}, "open", "Applications are open until Wednesday 30 September 2026."),
        (CLOSES, {}, "today", LAST_DAY),
        (OPENS, {"places_left": 0}, "full", FULL),
        (CLOSES, {"places_left": 0}, "full", "Every place is taken. You can apply for the waiting list today."),
        (date(2026, 10, 1), {"places_left": 0}, "closed", "Applications closed on Wednesday 30 September 2026."),
        (OPENS, {"closed": True, "recruited": True}, "closed", "Applications are closed."),
        (OPENS, {"recruited": True}, "recruited", RECRUITED),
    ],
)
def test_the_page_always_has_an_answer_about_the_window(today, more, code, text):
    found = window(replace(Dates(OPENS, CLOSES, places_left=3), **more), today=today)

    assert (found.code, found.text, found.can_apply) == (code, text, code in {"open", "today", "full"})


@pytest.mark.parametrize("dates", [Dates(None, CLOSES), Dates(OPENS, None), Dates()])
def test_a_hub_that_has_set_no_dates_says_so(dates):
    assert window(dates, today=OPENS).text == "The hub has not set dates yet."


def test_a_hub_that_knows_only_roughly_when_it_opens_says_that():
    found = window(Dates(opens_about="the end of March 2027"), today=OPENS)

    assert (found.code, found.text) == ("about", "Applications open at the end of March 2027.")
    assert found.may_open and not found.can_apply
