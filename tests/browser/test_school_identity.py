"""Two schools that are one in a browser: everything in view, what joining means, joined; from the change and by URN."""

from datetime import date

import pytest
from django.urls import reverse

from hubportal.accounts.roles import Role
from programmes.models import Advocate, School
from tests.applications.staff import person
from tests.factories import ApplicationFactory, CohortFactory, HubFactory, PersonFactory, PlaceFactory
from tests.schools.pairs import closing, two_of_one

from .people import cookies_of, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, True), (320, False)]


@pytest.fixture
def hub(settings):
    settings.REQUIRE_MFA = True
    return HubFactory(name="Estuary Maths Hub")


@pytest.fixture
def pair(hub):
    """Two schools that are one, each with a place at the hub in another year; another hub has one of them too."""
    old, new = two_of_one(number="4321", trust=None, type_name="Community school")
    elsewhere = HubFactory(name="Another hub")
    for at, year, school in ((hub, 2024, old), (hub, 2025, new), (elsewhere, 2023, old)):
        place = PlaceFactory(school=school, cohort=CohortFactory(hub=at, project__year=year))
        Advocate.objects.create(
            place=place, person=PersonFactory(name=f"Amina Okafor {year}"), role="hod", from_on=date(year, 9, 1)
        )
    return old, new


def join_page(school):
    return reverse("admin:programmes_school_join", args=[school.pk])


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_a_question_of_the_register_is_answered_by_a_join(looker, hub, pair, width, js):
    old, new = pair
    change = closing(old, new.establishment)
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))

    staff.goto(reverse("admin:programmes_schoolchange_change", args=[change.pk]))
    staff.get_by_role("heading", name="Everything in view").wait_for()
    looker.look(staff, "identity-change")
    staff.get_by_label("Join it into Oak Academy").check()
    press(staff, "Show what it means")
    staff.get_by_text("This cannot be undone").wait_for()
    looker.look(staff, "identity-decide")
    staff.get_by_label("Why").fill("It converted in September; the head says so.")
    press(staff, "Join the two schools")
    staff.get_by_text("Joined into another school").first.wait_for()
    looker.look(staff, "identity-decided")
    assert School.objects.kept().get() == new


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_two_schools_are_joined_by_urn_once_nothing_is_in_the_way(looker, hub, pair, width, js):
    old, new = pair
    cohort = CohortFactory(hub=hub)
    _, second = (ApplicationFactory(school=school, cohort=cohort) for school in pair)
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(hub, Role.LEAD)))

    staff.goto(reverse("admin:programmes_school_change", args=[old.pk]))
    looker.look(staff, "identity-school")
    press(staff, "This is the same school as another of ours")
    staff.get_by_label("URN of the other school").fill("12")
    press(staff, "Show both schools")
    staff.get_by_text("A URN is a number of six digits").wait_for()
    looker.look(staff, "identity-which")
    staff.get_by_label("URN of the other school").fill(str(new.urn))
    press(staff, "Show both schools")
    staff.get_by_text("First join the two applications into one").wait_for()
    assert not staff.get_by_role("button", name="Join the two schools").is_visible()
    looker.look(staff, "identity-in-the-way")
    type(second).objects.filter(pk=second.pk).update(status="withdrawn")
    staff.reload()
    looker.look(staff, "identity-preview")
    staff.get_by_label("Why").fill("One school.")
    press(staff, "Join the two schools")
    staff.get_by_text("has been joined into this school").wait_for()
    looker.look(staff, "identity-joined")
    assert School.objects.get(pk=old.pk).joined_into == new
