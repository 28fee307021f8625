"""Programmes in a real browser: the list, a page in each state of its window, a hub's own pages, a late link."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.late import actions as late
from applications.rules import RULES
from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from hubportal.accounts.roles import Role
from programmes.cohorts import catalogue
from programmes.models import FocusRoom, Programme, Project
from tests.applications.staff import person
from tests.factories import CohortFactory, HubFactory, PlaceFactory, UserFactory

from .people import cookies_of, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(1280, True), (320, False)]
WHO = {"school_name": "Harwich School", "contact_name": "Zoë", "contact_email": "zoe@school.example", "reason": "Ill"}


@pytest.fixture
def hub():
    catalogue.load(known_rules=RULES, at=timezone.now())
    return HubFactory(name="Estuary Maths Hub", slug="estuary")


def states(today):
    day = timedelta(1)
    return {
        "open": {"opens_on": today, "closes_on": today + 9 * day},
        "today": {"opens_on": today, "closes_on": today},
        "full": {"opens_on": today, "closes_on": today + 9 * day, "capacity": 0},
        "later": {"opens_on": today + 3 * day, "closes_on": today + 9 * day},
        "about": {"opens_on": None, "closes_on": None, "opens_about": "the end of March 2027"},
        "recruited": {"is_full": True},
        "closed": {"opens_on": today - 9 * day, "closes_on": today - day},
        "unknown": {"opens_on": None, "closes_on": None},
    }


def project(family, year):
    return Project.objects.select_related("programme").get(programme=family, year=year)


@pytest.mark.parametrize(("width", "js"), SIZES)
def test_the_list_and_a_programme_in_each_state_of_its_window(looker, hub, width, js):
    page = looker.window(width=width, js=js)
    development = project("sec-development", 2026)
    address = reverse("programmes:page", args=[development.programme.slug])
    cohort = CohortFactory(hub=hub, project=development)
    for state, values in states(timezone.localdate()).items():
        type(cohort).objects.update(**({"is_full": False, "capacity": 8, "opens_about": ""} | values))
        page.goto(f"{address}?year=2026")
        looker.look(page, f"programme-{state}")
    page.goto("/programmes/")
    looker.look(page, "programmes")
    for family, year in [("sec-sustaining", 2024), ("sec-specialist", 2025), ("sec-embedding", 2024)]:
        shown = project(family, year)
        page.goto(reverse("programmes:page", args=[shown.programme.slug]) + f"?year={year}")
        looker.look(page, f"programme-{family}-{year}")


@pytest.mark.parametrize(("width", "js"), SIZES)
def test_a_hub_sets_its_foci_and_lets_one_school_in_late(looker, hub, width, js):
    today = timezone.localdate()
    cohort = CohortFactory(
        hub=hub, project=project("sec-sustaining", 2026), opens_on=today - timedelta(9), closes_on=today - timedelta(1)
    )
    focus = cohort.project.foci.first()
    FocusRoom.objects.create(cohort=cohort, focus=focus, capacity=1)
    PlaceFactory(cohort=cohort, focus=focus, status="confirmed")
    page = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))
    page.goto(reverse("admin:programmes_cohort_change", args=[cohort.pk]))
    looker.look(page, "admin-cohort")
    page.get_by_label("Last day on which").or_(page.locator("[name=closes_on]")).first.fill("2020-01-01")
    page.get_by_role("button", name="Save", exact=True).click()
    looker.look(page, "admin-cohort-errors")
    page.goto(reverse("admin:programmes_cohort_late", args=[cohort.pk]))
    press(page, "Send the link")
    looker.look(page, "late-errors")
    made = late.allow(cohort, by=UserFactory(name="Lee Amadi"), at=timezone.now(), until_on=today + timedelta(7), **WHO)
    page.goto(reverse("admin:programmes_cohort_late", args=[cohort.pk]))
    looker.look(page, "late-links")
    school = looker.window(width=width, js=js)
    school.goto(links.address(PrivateLink.objects.get(purpose=late.LATE_LINK)))
    looker.look(school, "late-start")
    late.take_back(made, by=UserFactory(), at=timezone.now())
    assert school.reload().status == 410
    looker.look(school, "late-dead")


@pytest.mark.parametrize(("width", "js"), SIZES)
def test_a_hub_makes_a_programme_of_its_own_and_another_person_publishes_it(looker, hub, width, js):
    page = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))
    page.goto(reverse("admin:programmes_programme_changelist"))
    looker.look(page, "admin-programmes")
    page.get_by_role("link", name="Add a programme of Estuary Maths Hub").click()
    press(page, "Save")
    looker.look(page, "local-errors")
    page.get_by_label("Title").fill("Maths and the sea")
    page.get_by_label("What it is, in one or two sentences").fill("A year of lessons with the harbour.")
    press(page, "Save")
    page.get_by_text("What blocks publishing").wait_for()
    looker.look(page, "local-blocked")
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Heading").first.fill("What is involved")
    page.get_by_label("Text (an empty line").first.fill("Three visits.")
    page.get_by_label("What a school commits to").fill("The school releases one teacher.")
    page.get_by_label("How many schools").fill("6")
    page.get_by_label("First day for applications").fill(timezone.localdate().isoformat())
    page.get_by_label("Last day for applications").fill((timezone.localdate() + timedelta(9)).isoformat())
    looker.look(page, "local-form")
    press(page, "Save")
    page.get_by_text("A hub lead publishes it").wait_for()
    lead = looker.window(width=width, js=js, cookies=cookies_of(person(hub, Role.LEAD)))
    lead.goto(page.url)
    looker.look(lead, "local-to-publish")
    press(lead, "Publish")
    lead.get_by_role("link", name="See its public page").click()
    looker.look(lead, "local-public")
    assert Programme.objects.get(hub=hub).projects.get().published_at
