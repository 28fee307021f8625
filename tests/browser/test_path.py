"""Journeys in a browser: where one starts, a school's own, and what staff see; wide, narrow, without script."""

from datetime import date

import pytest
from django.urls import reverse

from hubportal.clock import year_label
from tests import factories
from tests.applications.staff import person
from tests.path import worlds

from .people import cookies_of, press, schools_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, True), (320, False)]


@pytest.fixture
def hub(settings):
    settings.REQUIRE_MFA = True
    worlds.everything()
    made = factories.HubFactory(name="Estuary Maths Hub")
    for family in (worlds.DEV, worlds.EMB, worlds.SUS, worlds.SPEC):
        run = worlds.cohort(made, family, worlds.NOW)
        run.opens_on, run.closes_on = date(2020, 9, 1), date(2100, 1, 29)
        run.save()
    return made


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_anybody_finds_out_where_the_journey_starts(looker, hub, width, js):
    worlds.long_path(hub)
    page = looker.window(width=width, js=js)
    page.goto("/")
    press(page, "Where does our journey start?")
    looker.look(page, "path-start")
    page.get_by_label("Your school").fill("000001")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("The register has no school with URN 000001").wait_for()
    looker.look(page, "path-start-error")
    page.get_by_label("Your school").fill("twin creeks academy")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Choose Twin Creeks Academy").click()
    page.get_by_role("heading", name="What you can join, and why").wait_for()
    looker.look(page, "path-start-school")
    press(page, "Show what we can join")
    page.get_by_text("Choose whether your department has been in Development").first.wait_for()
    looker.look(page, "path-start-unanswered")
    page.get_by_label("Yes, and we completed it").check()
    page.get_by_label("If it has, in which school year?").select_option(str(worlds.NOW - 1))
    press(page, "Show what we can join")
    page.get_by_text(
        f"Your department completed Development in {year_label(worlds.NOW - 1)}, the year before"
    ).wait_for()
    looker.look(page, "path-start-answered")
    press(page, "Open the picture larger")
    looker.look(page, "path-start-larger")
    page.get_by_role("link", name="Back to the page").click()
    page.get_by_text(
        f"Your department completed Development in {year_label(worlds.NOW - 1)}, the year before"
    ).wait_for()


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_a_school_follows_its_journey_by_its_link(looker, hub, width, js):
    school = worlds.long_path(hub)
    application = factories.ApplicationFactory(cohort=worlds.cohort(hub, worlds.DEV, worlds.NOW), school=school)
    worlds.known_contact(application)
    page = looker.window(width=width, js=js)
    page.goto(schools_link(application))
    press(page, "Your school's journey, and what may come next")
    page.get_by_role("heading", level=1, name="The journey of Twin Creeks Academy").wait_for()
    looker.look(page, "path-school")
    press(page, "Open the picture larger")
    looker.look(page, "path-school-larger")


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_staff_see_a_school_and_a_teacher(looker, hub, width, js):
    school = worlds.long_path(hub, factories.HubFactory(name="Three Rivers Maths Hub"))
    page = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))
    page.goto(reverse("admin:programmes_school_change", args=[school.pk]))
    press(page, "The school's journey, and what it may do next")
    page.get_by_text("At another hub").first.wait_for()
    looker.look(page, "path-staff-school")
    press(page, "Open the picture larger")
    looker.look(page, "path-staff-larger")
    kasia = worlds.Person.objects.get(name="Kasia Nowak")
    worlds.specialist(school, hub, worlds.NOW - 1, "Kasia Nowak", status="year_2")
    kasia.accreditations.create(kind="pd_lead", from_on=date(worlds.NOW, 7, 1))
    kasia.posts.create(school=school, role="hod", from_on=date(2021, 9, 1))
    page.goto(reverse("path:staff_person", args=[kasia.pk]))
    page.get_by_role("heading", level=1, name="The journey of Kasia Nowak").wait_for()
    looker.look(page, "path-staff-person")


def test_the_picture_scrolls_by_keys_and_the_page_does_not(looker, hub):
    school = worlds.long_path(hub)
    page = looker.window(width=320, cookies=cookies_of(person(hub)))
    page.goto(reverse("path:staff_school", args=[school.pk]))
    picture = page.get_by_role("region", name="Picture: The journey of Twin Creeks Academy")

    picture.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)

    assert picture.evaluate("box => box.scrollLeft") > 0
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.get_by_role("table").bounding_box()["y"] < picture.bounding_box()["y"]
