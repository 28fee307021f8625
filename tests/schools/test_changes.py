"""What a new register means for schools of ours: followed, asked about, or simply applied."""

from datetime import date

import pytest

from hubportal.history.models import Event
from programmes.models import Establishment, School, SchoolChange
from programmes.schools.actions import register_school
from tests.factories import AT

from . import files
from .files import row

pytestmark = pytest.mark.django_db

OTHERS = files.rows(200, 500_000)
CLOSED = {"status": "2", "closed": "31-08-2026"}


@pytest.fixture
def ours(load):
    """Our school 1001, open in the register."""
    load([row(1001, opened="01-09-2010"), *OTHERS])
    return register_school(Establishment.objects.get(pk=1001), at=AT)


def changes_of(school):
    found = SchoolChange.objects.filter(school=school).order_by("pk")
    return [(each.kind, each.status, [s.pk for s in each.successors.order_by("pk")]) for each in found]


def test_the_only_open_plain_successor_is_followed_with_history(load, ours):
    new = row(2001, "Oak Academy", opened="01-09-2026", type="34")
    outcome = load([row(1001, **CLOSED), new, *OTHERS], links=[(1001, 2001, "Successor")])

    school = School.objects.get()
    assert (school.pk, school.urn, school.name) == (ours.pk, 2001, "Oak Academy")
    assert changes_of(school) == [("closed", "followed", [2001])]
    assert outcome.followed == ["School 1001 (1001) -> Oak Academy (2001)"]
    assert list(school.urns.order_by("until_on").values_list("establishment_id", "name", "from_on", "until_on")) == [
        (1001, "School 1001", date(2010, 9, 1), date(2026, 8, 31)),
        (2001, "Oak Academy", date(2026, 9, 1), None),
    ]
    event = Event.objects.get(kind="moved")
    assert (event.subject, event.old, event.new, event.actor) == (
        f"programmes.school:{school.pk}",
        "1001",
        "2001",
        "Register",
    )


def test_a_chain_of_successors_is_followed_to_its_open_end(load, ours):
    chain = [row(1001, **CLOSED), row(2001, **CLOSED), row(2002)]
    load([*chain, *OTHERS], links=[(1001, 2001, "Successor"), (2001, 2002, "Successor"), (2002, 1001, "Predecessor")])

    assert School.objects.get().urn == 2002


@pytest.mark.parametrize(
    ("rows", "links", "successors"),
    [
        ([], [], []),
        ([row(2001)], [(1001, 2001, "Successor - merged")], [2001]),
        ([row(2001)], [(1001, 2001, "Successor - Split School")], [2001]),
        ([row(2001)], [(1001, 2001, "Result of Amalgamation")], [2001]),
        ([row(2001), row(2002)], [(1001, 2001, "Successor"), (1001, 2002, "Successor")], [2001, 2002]),
        ([row(2001)], [(1001, 2001, "Successor"), (1001, 2002, "Successor - merged")], [2001]),
        ([row(2001, status="4")], [(1001, 2001, "Successor")], []),
        ([], [(1001, 999_999, "Successor")], []),
        ([row(2001)], [(1001, 2001, "Successor"), (1001, 999_999, "Successor")], [2001]),
        ([row(2001)], [(2001, 1001, "Predecessor")], [2001]),
        ([row(2001, **CLOSED)], [(1001, 2001, "Successor"), (2001, 1001, "Successor")], []),
        ([row(2001, **CLOSED)], [(1001, 1001, "Successor"), (1001, 2001, "Successor")], []),
    ],
    ids=[
        "none", "merged", "split", "amalgamated", "several", "one plain and one merged", "only proposed",
        "not in the register", "one not in the register", "only the other way", "a circle", "itself",
    ],
)  # fmt: skip
def test_any_doubt_is_a_question_for_staff(load, ours, rows, links, successors):
    outcome = load([row(1001, **CLOSED), *rows, *OTHERS], links=[*links, (1, 2, "Other")])

    assert School.objects.get().urn == 1001
    assert changes_of(ours) == [("closed", "open", successors)]
    assert [text.startswith("School 1001 (1001) has closed; the register ") for text in outcome.for_staff] == [True]


def test_a_proposed_successor_beside_an_open_one_is_passed_over(load, ours):
    new = [row(2001), row(2002, status="4")]
    load([row(1001, **CLOSED), *new, *OTHERS], links=[(1001, 2001, "Successor"), (1001, 2002, "Successor")])

    assert School.objects.get().urn == 2001


def test_a_successor_that_is_ours_already_is_a_question_for_staff(load, ours):
    load([row(1001), row(2001), *OTHERS])
    register_school(Establishment.objects.get(pk=2001), at=AT)

    load([row(1001, **CLOSED), row(2001), *OTHERS], links=[(1001, 2001, "Successor")])

    assert changes_of(ours) == [("closed", "open", [2001])]


def test_two_of_ours_that_lead_to_one_school_are_both_asked_about(load, ours):
    load([row(1001), row(1002), *OTHERS])
    register_school(Establishment.objects.get(pk=1002), at=AT)

    both = [row(1001, **CLOSED), row(1002, **CLOSED), row(2001)]
    outcome = load([*both, *OTHERS], links=[(1001, 2001, "Successor"), (1002, 2001, "Successor")])

    assert set(School.objects.values_list("establishment_id", flat=True)) == {1001, 1002}
    assert len(outcome.for_staff) == 2


def test_a_school_that_only_will_close_is_left_alone_until_the_day(load, ours):
    closing = row(1001, status="3", closed="31-12-2026")
    load([closing, row(2001), *OTHERS], links=[(1001, 2001, "Successor")])
    assert (School.objects.get().urn, changes_of(ours)) == (1001, [])

    load([closing, row(2001), *OTHERS], on=date(2026, 12, 1), at=AT.replace(month=12, day=31))
    assert School.objects.get().urn == 2001


def test_a_question_is_asked_once_and_settled_by_a_later_link(load, ours):
    rows = [row(1001, **CLOSED), row(2001), *OTHERS]
    first = load(rows)
    second = load(rows)
    assert (len(first.for_staff), len(second.for_staff), changes_of(ours)) == (1, 0, [("closed", "open", [])])

    load(rows, links=[(1001, 2001, "Successor")])
    assert changes_of(ours) == [("closed", "followed", [2001])]


def test_a_decided_closure_is_not_asked_again(load, ours):
    rows = [row(1001, **CLOSED), *OTHERS]
    load(rows)
    SchoolChange.objects.update(status="ignored", decided_at=AT)

    assert load(rows).is_unchanged


def test_a_question_ends_when_the_register_shows_the_school_open_again(load, ours):
    load([row(1001, **CLOSED), *OTHERS])
    load([row(1001), *OTHERS])

    change = SchoolChange.objects.get()
    assert (change.status, change.note) == ("ignored", "The register shows the school open again.")


def test_name_type_and_phase_of_ours_are_applied_and_asked_about(load, ours):
    new = row(1001, "Ash School", type="34", type_name="Academy converter", phase="7")
    outcome = load([new, *OTHERS])

    found = SchoolChange.objects.order_by("pk").values_list("kind", "old", "new", "status")
    assert list(found) == [
        ("renamed", "School 1001", "Ash School", "open"),
        ("type", "Community school", "Academy converter", "open"),
        ("phase", "Secondary", "All-through", "open"),
    ]
    assert len(outcome.for_staff) == 3
    assert School.objects.get().name == "Ash School"
    assert load([new, *OTHERS]).is_unchanged


def test_points_capitals_and_other_schools_ask_nobody(load, ours):
    load([row(1001, "SCHOOL 1001."), *OTHERS[:-1], OTHERS[-1] | {"EstablishmentName": "Another name"}])

    assert not SchoolChange.objects.exists()
    assert School.objects.get().name == "SCHOOL 1001."


def test_a_dry_run_says_what_would_be_followed_and_follows_nothing(load, ours):
    rows = [row(1001, **CLOSED), row(2001, "Oak Academy"), *OTHERS]
    outcome = load(rows, links=[(1001, 2001, "Successor")], dry_run=True)

    assert outcome.followed == ["School 1001 (1001) -> Oak Academy (2001)"]
    assert (School.objects.get().urn, SchoolChange.objects.count(), Event.objects.count()) == (1001, 0, 0)
