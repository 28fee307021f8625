"""A place is put off, withdrawn, moved, entered by mistake: its application follows, its grant is not payable."""

import pytest
from django.db import IntegrityError, transaction

from applications import actions, place_changes
from applications.models import Application
from applications.turns import status_words
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.funding import leaving
from programmes.funding.actions import freeze
from programmes.models import Grant, GrantEnd, Place, PlaceRequest
from tests.applications.stages import accepted, moves_of, templates
from tests.factories import AT, TODAY, CohortFactory, PlaceFactory, ProgrammeFactory, ProjectFactory, UserFactory

from .changing import active, advocates, application_of, as_it_is, confirmed_place, elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory()


def who(by):
    return {"by": by, "at": AT}


def completed_with_grant() -> Place:
    place = PlaceFactory(status="completed")
    freeze(place, at=AT)
    return place


def ends() -> list[tuple]:
    return list(GrantEnd.objects.values_list("grant__place", "because"))


def test_a_place_that_is_put_off_frees_its_room_and_says_that_nothing_is_paid(by):
    place = confirmed_place()

    place_changes.defer(place, to_year=2027, reason="A new head.", **who(by))

    now = as_it_is(place)
    assert (now.status, now.put_off_to, now.ended_on) == ("deferred", 2027, TODAY)
    assert ends() == [(place.pk, "deferred")]
    assert Grant.objects.get(place=place).amount == 2000
    assert application_of(place).status == "transferred"
    assert {each.until_on for each in advocates(place)} == {TODAY}
    assert place.cohort.places.live().count() == 0
    assert templates()[-1] == "place_deferred"


def test_an_application_whose_place_was_put_off_says_so(by):
    place = confirmed_place()

    place_changes.defer(place, to_year=2027, reason="Two teachers left.", **who(by))

    assert status_words(application_of(place)) == "Put off to a later year"


def test_a_place_is_put_off_once(by):
    place = confirmed_place()
    for _ in range(2):
        place_changes.defer(place, to_year=2027, reason="A new head.", **who(by))

    assert len([move for move in moves_of(place) if move[1] == "deferred"]) == 1
    assert templates().count("place_deferred") == 1


@pytest.mark.parametrize("year", [2026, 2025, 2029])
def test_a_place_is_put_off_to_a_year_that_comes_soon(by, year):
    place = confirmed_place()

    with pytest.raises(Refused):
        place_changes.defer(place, to_year=year, reason="A new head.", **who(by))

    assert as_it_is(place).status == "confirmed"


def test_the_grant_and_its_end_cannot_be_changed(by):
    place = confirmed_place()
    place_changes.withdraw(place, reason="Told by telephone.", **who(by))

    for change in (lambda: GrantEnd.objects.update(because="void"), lambda: GrantEnd.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_place_that_was_put_off_is_taken_up_with_a_new_grant_and_the_same_answers(by):
    place = confirmed_place()
    old = application_of(place)
    place_changes.defer(place, to_year=2027, reason="A new head.", **who(by))
    later = CohortFactory(hub=place.hub, project=ProjectFactory(year=2027))

    news = [place_changes.take_up(as_it_is(place), later, **who(by)) for _ in range(2)]

    assert news[0] == news[1]
    new = as_it_is(news[0])
    assert (new.status, new.follows, new.cohort) == ("accepted", place, later)
    assert Grant.objects.count() == 2
    assert ends() == [(place.pk, "deferred")]
    carried = application_of(new)
    assert (carried.status, carried.contact_email, carried.transferred_from) == ("accepted", old.contact_email, old)
    assert templates().count("place_moved") == 1


def test_withdrawing_a_place_withdraws_its_application_and_tells_the_school(by):
    place = confirmed_place()

    place_changes.withdraw(place, reason="Told by telephone.", **who(by))

    assert (as_it_is(place).status, application_of(place).status) == ("withdrawn", "withdrawn")
    assert ends() == [(place.pk, "withdrawn")]
    assert templates()[-1] == "decided_withdrawn"


def test_a_place_without_an_application_is_withdrawn_and_nobody_is_written_to(by):
    place = PlaceFactory(status="active")

    for _ in range(2):
        place_changes.withdraw(as_it_is(place), reason="Told by telephone.", **who(by))

    assert moves_of(place) == [("active", "withdrawn", str(by))]
    assert templates() == []


def test_a_school_that_withdraws_ends_its_grant_without_a_user(by):
    application = accepted()
    actions.withdraw(application, by=actions.SCHOOL, at=AT)

    assert GrantEnd.objects.get().by is None


def test_a_move_within_the_hub_keeps_standing_people_and_history(by):
    place = active(confirmed_place())
    names = [each.person for each in advocates(place)]
    other = ProjectFactory(programme=ProgrammeFactory(family="local", slug="local", title="Local"), year=2026)
    to = CohortFactory(hub=place.hub, project=other)

    new = as_it_is(place_changes.move(place, to, reason="The other one fits.", **who(by)))

    assert (new.status, new.follows, new.confirmed_at) == ("active", place, AT)
    assert [each.person for each in advocates(new)] == names
    assert as_it_is(place).status == "transferred"
    assert application_of(new).transferred_from == application_of(place)
    assert ends() == [(place.pk, "transferred")]
    assert new.grant.rule_set == new.rule_set


def test_another_hub_is_asked_and_nothing_changes_until_it_agrees(by):
    place = confirmed_place()
    to = elsewhere(place)

    asked = place_changes.move(place, to, reason="The school is in their area.", **who(by))

    assert isinstance(asked, PlaceRequest)
    assert asked.hub == to.hub
    assert as_it_is(place).status == "confirmed"

    place_changes.agree(asked, **who(UserFactory()))

    new = as_it_is(place).followed_by.get()
    assert (new.hub, new.status, new.school) == (to.hub, "confirmed", place.school)
    assert templates()[-1] == "place_moved"
    assert application_of(new).hub == to.hub


def test_a_request_is_asked_once_and_answered_once(by):
    place = confirmed_place()
    to = elsewhere(place)
    first, second = (place_changes.move(place, to, reason="Their area.", **who(by)) for _ in range(2))
    assert first == second
    with pytest.raises(Refused, match="already"):
        place_changes.move(place, to, reason="Their area.", **who(UserFactory()))

    place_changes.turn_down(first, **who(by))
    with pytest.raises(IllegalMove):
        place_changes.agree(first, **who(UserFactory()))

    assert as_it_is(place).status == "confirmed"


def test_a_school_that_withdraws_ends_what_is_still_asked_about_its_place(by):
    place = confirmed_place()
    asked = place_changes.move(place, elsewhere(place), reason="Their area.", **who(by))

    actions.withdraw(application_of(place), by=actions.SCHOOL, at=AT)

    asked.refresh_from_db()
    assert (asked.rejected_at, asked.rejected_by) == (AT, None)


def test_a_move_within_the_hub_ends_what_another_hub_was_asked(by):
    place = confirmed_place()
    place_changes.move(place, elsewhere(place), reason="Their area.", **who(by))
    other = ProjectFactory(programme=ProgrammeFactory(family="local", slug="local", title="Local"), year=2026)

    place_changes.move(place, CohortFactory(hub=place.hub, project=other), reason="It fits.", **who(by))

    assert not PlaceRequest.objects.waiting().exists()


def test_a_full_hub_takes_nobody_and_the_place_stays(by):
    place = confirmed_place()
    asked = place_changes.move(place, elsewhere(place, capacity=0), reason="Their area.", **who(by))

    with pytest.raises(Refused, match="taken"):
        place_changes.agree(asked, **who(UserFactory()))

    assert as_it_is(place).status == "confirmed"
    assert PlaceRequest.objects.waiting().count() == 1
    assert not GrantEnd.objects.exists()


def test_a_place_does_not_move_to_another_year_or_to_where_it_is(by):
    place = confirmed_place()
    later = CohortFactory(hub=place.hub, project=ProjectFactory(year=2027))

    for to in (place.cohort, later):
        with pytest.raises(Refused):
            place_changes.move(as_it_is(place), to, reason="x", **who(by))


def test_a_mistake_ends_the_application_and_frees_the_place(by):
    place = confirmed_place()

    asked = place_changes.void(place, reason="Another school was meant.", **who(by))
    assert as_it_is(place).status == "confirmed"  # £2,000 hang on it: a second person agrees
    place_changes.agree(asked, **who(UserFactory()))

    assert (as_it_is(place).status, application_of(place).status) == ("void", "withdrawn")
    assert ends() == [(place.pk, "void")]


def test_a_completed_place_with_a_grant_is_a_mistake_only_when_a_second_person_agrees(by):
    place = completed_with_grant()

    asked = place_changes.void(place, reason="Another school was meant.", **who(by))

    assert as_it_is(place).status == "completed"
    with pytest.raises(Refused, match="second person"):
        place_changes.agree(asked, **who(by))
    place_changes.agree(asked, **who(UserFactory()))
    assert as_it_is(place).status == "void"
    assert ends() == [(place.pk, "void")]


def test_a_place_that_was_completed_while_the_page_stood_open_needs_the_second_person_too(by):
    place = completed_with_grant()
    Place.objects.filter(pk=place.pk).update(status="active")
    same_page = as_it_is(place)
    Place.objects.filter(pk=place.pk).update(status="completed")

    asked = place_changes.void(same_page, reason="Another school was meant.", **who(by))

    assert isinstance(asked, PlaceRequest)
    assert as_it_is(place).status == "completed"


def test_a_place_that_another_follows_is_no_mistake_yet(by):
    place = PlaceFactory(status="completed")
    PlaceFactory(status="active", follows=place)

    with pytest.raises(Refused, match="follows"):
        place_changes.void(place, reason="x", **who(by))


def test_what_hangs_on_a_place_is_counted_whoever_made_it():
    told = leaving.hangs_on(confirmed_place())

    assert "2 Mastery Advocates" in told
    assert "1 grant" in told
    assert "1 application" in told


def test_reminders_that_wait_are_dropped_with_the_place(by):
    place = accepted(nominees=()).place
    application = application_of(place)
    Message.objects.create(
        key="r", hub=place.hub, template="remind_names", reason="x", to="a@b.example", subject="x", text="x",
        created_at=AT, related=subject_of(application), rule="advocates-not-named",
    )  # fmt: skip

    place_changes.defer(place, to_year=2027, reason="x", **who(by))

    assert Message.objects.get(key="r").status == "dropped"


def test_the_school_can_apply_again_after_a_mistake(by):
    place = confirmed_place()
    place_changes.agree(place_changes.void(place, reason="x", **who(by)), **who(UserFactory()))

    again = accepted(cohort=place.cohort, school=place.school)

    assert again.place.status == "confirmed"
    assert Application.objects.live().count() == 1
