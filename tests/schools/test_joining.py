"""Two schools of ours that are one: joined with everything that hangs on them, or refused with what to do first."""

from datetime import date

import pytest
from django.db import connection, models

from applications import decisions
from applications.models import Application
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.rules import Refused
from programmes.cohorts import actions as places
from programmes.models import Place, Post, School, SchoolChange, SchoolUrn
from programmes.schools import hanging
from programmes.schools.actions import follow, register_school, school_for_urn
from programmes.schools.joining import join, join_successor
from tests.factories import (
    AT,
    ApplicationFactory,
    CohortFactory,
    DraftFactory,
    EstablishmentFactory,
    PersonFactory,
    PlaceFactory,
    SchoolFactory,
    UserFactory,
)

from .pairs import CLOSED_ON, OPENED_ON, closing, two_of_one

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return two_of_one()


def kinds_of(school):
    return list(Event.objects.filter(subject=f"programmes.school:{school.pk}").values_list("kind", flat=True))


def codes(refused):
    return [finding.code for finding in refused.value.findings]


def test_everything_of_the_old_school_becomes_the_kept_ones(pair):
    old, new = pair
    change = closing(old, new.establishment)
    place, application = PlaceFactory(school=old), ApplicationFactory(school=old, cohort=CohortFactory())
    draft = DraftFactory(school=old, cohort=application.cohort)
    post = Post.objects.create(person=PersonFactory(), school=old, role="hod", from_on=date(2021, 9, 1))
    by = UserFactory()

    join(old, new, by=by, at=AT, note="The head told us.")

    for record in (place, application, draft, post, change):
        record.refresh_from_db()
        assert record.school == new, record
    assert list(new.urns.values_list("name", "from_on", "until_on")) == [
        ("Oak School", date(2020, 9, 1), CLOSED_ON),
        ("Oak Academy", OPENED_ON, None),
    ]
    old.refresh_from_db()
    assert (old.joined_into, old.name, old.urns.count()) == (new, "Oak School", 0)
    assert (change.status, change.decided_by, change.note) == ("joined", by, "The head told us.")
    assert (kinds_of(old), kinds_of(new)) == (["joined into"], ["joined"])
    assert "2 applications" in Event.objects.get(subject=f"programmes.school:{new.pk}").note


def test_the_old_urn_leads_to_the_kept_school_from_then_on(pair):
    old, new = pair
    join(old, new, by="Portal", at=AT)

    assert school_for_urn(old.urn) == school_for_urn(new.urn) == new
    assert register_school(old.establishment, at=AT) == new
    assert list(School.objects.closed_by(AT.date())) == []
    assert list(School.objects.kept()) == [new]


def test_joining_twice_changes_nothing(pair):
    old, new = pair
    join(old, new, by="Portal", at=AT)
    join(old, new, by="Portal", at=AT)

    assert (kinds_of(old), kinds_of(new)) == (["joined into"], ["joined"])


def test_a_school_into_which_one_was_joined_takes_it_along(pair):
    old, new = pair
    third = SchoolFactory()
    join(old, new, by="Portal", at=AT)
    join(new, third, by="Portal", at=AT)

    assert set(School.objects.exclude(joined_into=None).values_list("joined_into", flat=True)) == {third.pk}
    assert school_for_urn(old.urn) == third
    assert third.urns.count() == 3


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda old, new: (old, old), "same"),
        (lambda old, new: (new, old), "wrong_way"),
        (lambda old, new: (join(old, new, by="Portal", at=AT), (old, SchoolFactory()))[1], "joined_before"),
        (lambda old, new: (join(old, new, by="Portal", at=AT), (SchoolFactory(), old))[1], "joined_before"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(pair, make, code):
    one, other = make(*pair)

    with pytest.raises(Refused) as refused:
        join(one, other, by="Portal", at=AT)

    assert code in codes(refused)


def test_two_live_applications_for_one_project_are_joined_first(pair):
    old, new = pair
    cohort = CohortFactory()
    one, other = (ApplicationFactory(school=school, cohort=cohort) for school in pair)

    with pytest.raises(Refused, match="First join the two applications into one") as refused:
        join(old, new, by="Portal", at=AT)
    assert codes(refused) == ["two_live_applications"]
    one.refresh_from_db()
    assert (one.school, new.urns.count(), Event.objects.count()) == (old, 1, 0)

    decisions.merge(one, into=other, by=UserFactory(), at=AT)
    join(old, new, by="Portal", at=AT)
    assert Application.objects.filter(school=new).count() == 2


def test_two_live_places_on_one_project_are_refused_until_one_is_withdrawn(pair):
    old, new = pair
    one, _ = (PlaceFactory(school=school, cohort=CohortFactory()) for school in pair)

    with pytest.raises(Refused, match="First withdraw one place") as refused:
        join(old, new, by="Portal", at=AT)
    assert codes(refused) == ["two_live_places"]

    places.end(one, "withdrawn", by="Portal", at=AT)
    join(old, new, by="Portal", at=AT)
    assert Place.objects.filter(school=new).count() == 2


def test_everything_in_the_way_is_said_at_once(pair):
    old, new = pair
    cohort = CohortFactory()
    for school in pair:
        PlaceFactory(school=school, cohort=CohortFactory(project=cohort.project))
        ApplicationFactory(school=school, cohort=cohort)

    with pytest.raises(Refused) as refused:
        join(old, new, by="Portal", at=AT)

    assert codes(refused) == ["two_live_applications", "two_live_places"]


def test_a_post_that_a_person_has_at_both_is_current_once(pair):
    old, new = pair
    person = PersonFactory()
    first = Post.objects.create(person=person, school=old, role="hod", from_on=date(2021, 9, 1))
    second = Post.objects.create(person=person, school=new, role="hod", from_on=OPENED_ON)

    join(old, new, by="Portal", at=AT)

    assert list(new.posts.order_by("from_on").values_list("pk", "until_on")) == [
        (first.pk, OPENED_ON), (second.pk, None),
    ]  # fmt: skip


def test_a_change_is_decided_by_joining_the_successors_school(pair):
    old, new = pair
    change = closing(old, new.establishment)
    same_page = SchoolChange.objects.get()
    with pytest.raises(Refused, match="have to be joined"):
        follow(change, new.establishment, by=UserFactory(), at=AT)

    join_successor(change, new.establishment, by=UserFactory(), at=AT, note="Converted.")

    assert School.objects.get(pk=old.pk).joined_into == new
    with pytest.raises(IllegalMove):
        join_successor(same_page, new.establishment, by=UserFactory(), at=AT)


def test_a_successor_that_is_no_school_of_ours_is_followed_instead(pair):
    change = closing(pair[0], successor := EstablishmentFactory())

    with pytest.raises(Refused, match="no school of ours"):
        join_successor(change, successor, by=UserFactory(), at=AT)

    assert SchoolChange.objects.get().status == "open"


def test_two_schools_that_merge_into_a_third_become_one(pair):
    old, other = pair
    successor = EstablishmentFactory(name="Oak Union Academy")
    for school in pair:
        type(school.establishment).objects.filter(pk=school.urn).update(status=2, closed_on=CLOSED_ON)
        school.establishment.refresh_from_db()
    first, second = closing(old, successor), closing(other, successor)

    follow(first, successor, by=UserFactory(), at=AT)
    join_successor(second, successor, by=UserFactory(), at=AT)

    kept = School.objects.kept().get()
    assert (kept.pk, kept.name, kept.urns.count()) == (old.pk, "Oak Union Academy", 3)
    assert SchoolUrn.objects.filter(until_on=None).count() == 1


def test_what_is_written_to_a_joined_school_goes_to_the_kept_one(pair):
    old, new = pair
    join(old, new, by="Portal", at=AT)
    elsewhere = ApplicationFactory(cohort=CohortFactory())

    place = PlaceFactory(school=old)
    Application.objects.filter(pk=elsewhere.pk).update(school=old)

    place.refresh_from_db()
    elsewhere.refresh_from_db()
    assert place.school == elsewhere.school == new


HANDLED = {
    # told by the layer above, see applications/hanging.py
    "applications.Application.school",
    "applications.Proposal.school",
    "programmes.Place.school",
    "programmes.Post.school",
    # moved as it is: a specialist has one home at a time, whatever the school
    "programmes.HomeSchool.school",
    # a teacher's, who has one a cohort whatever the school; told by applications/specialists/hanging.py
    "applications.SpecialistApplication.school",
    # of schools themselves
    "programmes.School.joined_into",
    "programmes.SchoolChange.school",
    "programmes.SchoolUrn.school",
}
UNIQUE = {
    "one_live_application", "one_live_place", "one_live_proposal",  # refused in words
    "one_current_post_of_a_role",  # room is made
    "one_current_urn",  # the old one is left first
    "one_open_change",  # those of the old school are decided first
}  # fmt: skip


def test_somebody_has_thought_of_every_foreign_key_to_a_school():
    """A new one is moved by itself; say in `applications/hanging.py` what it is called and what can be in the way."""
    assert set(hanging.foreign_keys()) == HANDLED
    assert set(hanging.KINDS) <= HANDLED


def test_somebody_has_thought_of_every_rule_that_a_move_could_break():
    rules = {
        constraint.name
        for relation in hanging.foreign_keys().values()
        for constraint in relation.related_model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and relation.field.name in constraint.fields
    }
    assert rules == UNIQUE


def test_every_table_that_points_at_a_school_leads_to_the_kept_one():
    tables = {
        relation.related_model._meta.db_table
        for name, relation in hanging.foreign_keys().items()
        if name != "programmes.School.joined_into"
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE proname = 'lead_to_kept_school' GROUP BY 1"
        )
        assert dict(cursor.fetchall()) == dict.fromkeys(tables, 2)
