"""The job in a browser: a school applies, the worker checks, the head confirms, staff offer, the school accepts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from applications import checks, decisions
from applications.models import Application
from hubportal.accounts import links
from hubportal.messaging.models import Message
from tests.factories import CohortFactory, EstablishmentFactory, HubMembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, True), (1280, False), (320, True), (320, False)]


@pytest.fixture
def cohort():
    today = timezone.now().date()
    return CohortFactory(opens_on=today - timedelta(30), closes_on=today + timedelta(30))


def address(template: str) -> str:
    """Return the private address in the newest message of a kind."""
    message = Message.objects.filter(template=template).latest("pk")
    return re.search(r"https?://\S+", links.fill(message.text))[0]


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_from_the_programme_page_to_a_confirmed_place(looker, cohort, width, js):
    EstablishmentFactory(name="St Botolph's Catholic School", town="Colchester")
    EstablishmentFactory(name="Clacton High School", town="Clacton-on-Sea")
    name = f"journey-{'js' if js else 'plain'}"
    school = looker.window(width=width, js=js)

    school.goto("/")
    looker.look(school, f"{name}-home")
    school.get_by_role("link", name="See the programmes").click()
    looker.look(school, f"{name}-programmes")
    school.get_by_role("link", name="Secondary Teaching for Mastery: Development").click()
    looker.look(school, f"{name}-programme")
    school.get_by_role("link", name="Express interest for 2026/27").click()
    looker.look(school, f"{name}-start")
    school.get_by_role("button", name="Start now").click()

    find_school(looker, school, name, js)
    fill_in(looker, school, name)
    looker.look(school, f"{name}-check")
    school.get_by_role("button", name="Send the expression of interest").click()
    looker.look(school, f"{name}-done")
    application = Application.objects.get()
    assert application.reference in school.content()

    checks.check_due(at=timezone.now())
    head_confirms(looker, name, width, js)
    decisions.offer(application, by=HubMembershipFactory(hub=cohort.hub).user, at=timezone.now())
    school_accepts(looker, school, name)
    application.refresh_from_db()
    assert (application.status, application.place.status) == ("accepted", "confirmed")
    assert application.place.grant.amount == 2000


def find_school(looker, school, name, js):
    looker.look(school, f"{name}-school")
    box = school.get_by_label("Search for your school")
    if js:
        box.press_sequentially("saint botolfs", delay=20)
        option = school.get_by_role("option").first
        option.wait_for()
        looker.look(school, f"{name}-suggestions")
        box.press("ArrowDown")
        box.press("Enter")
    else:
        box.fill("saint botolfs")
        school.get_by_role("button", name="Search").click()
        looker.look(school, f"{name}-found")
        school.get_by_role("link", name="Choose").first.click()
    school.get_by_role("heading", name="Is this your school?").wait_for()
    looker.look(school, f"{name}-confirm-school")
    school.get_by_role("button", name="Yes, this is my school").click()


def fill_in(looker, school, name):
    school.get_by_role("button", name="Save and continue").click()
    looker.look(school, f"{name}-contact-errors")
    school.get_by_label("Your full name").fill("Amina O'Kafor")
    school.get_by_label("Head of mathematics").check()
    school.get_by_label("Your work e-mail address").fill("amina@school.example")
    school.get_by_role("button", name="Save and continue").click()
    looker.look(school, f"{name}-head")
    school.get_by_label("Headteacher's full name").fill("Jo Reid")
    school.get_by_label("Headteacher's e-mail address").fill("head@school.example")
    school.get_by_role("button", name="Save and continue").click()
    first = school.get_by_role("group", name="First Mastery Advocate")
    first.get_by_label("Full name").fill("Amina O'Kafor")
    first.get_by_label("Work e-mail address").fill("amina@school.example")
    first.get_by_label("Role").select_option("hod")
    school.get_by_role("group", name="Second Mastery Advocate").get_by_label("We do not know yet").check()
    looker.look(school, f"{name}-advocates")
    school.get_by_role("button", name="Save and continue").click()
    school.get_by_label("How many people teach maths").fill("9")
    school.get_by_label("How many of them are not").fill("2")
    school.get_by_role("group", name="worked with a Maths Hub").get_by_label("No", exact=True).check()
    school.get_by_role("group", name="title of Mastery Specialist").get_by_label("No", exact=True).check()
    school.get_by_label("Why would you like").fill("Half of the department is new.")
    looker.look(school, f"{name}-department")
    school.get_by_role("button", name="Save and continue").click()
    looker.look(school, f"{name}-commitments")
    for box in school.get_by_role("checkbox").all():
        box.check()
    school.get_by_role("button", name="Save and continue").click()


def head_confirms(looker, name, width, js):
    head = looker.window(width=width, js=js)
    for _ in range(2):
        head.goto(address("ask_head"))
    looker.look(head, f"{name}-head-asked")
    assert not Application.objects.get().endorsements.filter(status="confirmed").exists()
    head.get_by_role("button", name="Send my answer").click()
    looker.look(head, f"{name}-head-errors")
    targets = [link.get_attribute("href") for link in head.locator(".govuk-error-summary a").all()]
    assert targets and all(head.locator(target).count() for target in targets)
    passing_on, why_not = head.get_by_label("the other person's full name"), head.get_by_label("Only if you say no")
    assert passing_on.is_visible() is why_not.is_visible() is (not js)
    head.get_by_label("Somebody else should answer").check()
    assert passing_on.is_visible() and why_not.is_visible() is (not js)
    looker.look(head, f"{name}-head-passes-on")
    head.get_by_label("I am the headteacher, and the school will do this").check()
    head.get_by_role("button", name="Send my answer").click()
    head.get_by_text("Thank you: there is nothing more for you to do").wait_for()
    looker.look(head, f"{name}-head-done")


def school_accepts(looker, school, name):
    school.goto(address("place_offered"))
    looker.look(school, f"{name}-offered")
    school.get_by_role("link", name="Answer the offer").click()
    looker.look(school, f"{name}-offer")
    school.get_by_label("Yes, we accept the place").check()
    school.get_by_role("button", name="Send my answer").click()
    school.get_by_text("£2,000").wait_for()
    looker.look(school, f"{name}-accepted")
    school.get_by_role("link", name="Name the Advocates").click()
    second = school.get_by_role("group", name="Second Mastery Advocate")
    second.get_by_label("We do not know yet").uncheck()
    second.get_by_label("Full name").fill("Ben Li")
    second.get_by_label("Work e-mail address").fill("ben@school.example")
    second.get_by_label("Role").select_option("teacher")
    school.get_by_role("button", name="Save the names").click()
    school.get_by_text("Your place is confirmed").first.wait_for()
    looker.look(school, f"{name}-confirmed")
