"""A teacher becomes a specialist, in a browser: applies, the head answers, two read, the hub releases, years go on."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.specialists import checks
from applications.specialists.models import SpecialistApplication
from hubportal.accounts import links
from hubportal.messaging.models import Message
from programmes.models import Specialist
from tests.applications.staff import person
from tests.factories import EstablishmentFactory
from tests.specialists.factories import cohort_of

from .people import cookies_of, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WINDOWS = [(1280, True), (320, False), (320, True)]
STATEMENTS = ["Your own classroom", "Leading others", "Your department", "Other schools"]


@pytest.fixture
def cohort(settings):
    settings.REQUIRE_MFA = True
    today = timezone.now().date()
    return cohort_of(
        capacity=1, opens_on=today - timedelta(30), closes_on=today + timedelta(30), hub__name="Estuary Maths Hub"
    )


def address(template: str) -> str:
    message = Message.objects.filter(template=template).latest("pk")
    return re.search(r"https?://\S+", links.fill(message.text))[0]


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_from_the_first_page_to_the_first_year(looker, cohort, width, js):
    EstablishmentFactory(name="St Botolph's Catholic School", town="Colchester")
    name = f"specialist-{'js' if js else 'plain'}"
    teacher = looker.window(width=width, js=js)

    find_school(looker, teacher, name)
    fill_in(looker, teacher, name)
    looker.look(teacher, f"{name}-check")
    press(teacher, "Send my application")
    looker.look(teacher, f"{name}-done")
    application = SpecialistApplication.objects.get()
    assert application.reference in teacher.content()
    checks.check_due(at=timezone.now())
    head_answers(looker, name, width, js)

    readers = [person(cohort.hub) for _ in range(2)]
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(cohort.hub)))
    shortlist(looker, staff, name, application, readers)
    for reader in readers:
        score(looker, looker.window(width=width, js=js, cookies=cookies_of(reader)), name, application)
    decide_and_release(looker, staff, name, application)

    teacher.goto(address("specialist_selected"))
    teacher.get_by_text("You are in").wait_for()
    looker.look(teacher, f"{name}-selected")
    first_year(looker, staff, name)


def find_school(looker, teacher, name):
    teacher.goto(reverse("specialists:start", args=["secondary-mastery-specialist", 2026]))
    looker.look(teacher, f"{name}-start")
    press(teacher, "Start now")
    teacher.get_by_label("Search for your school").fill("botolph")
    teacher.get_by_role("button", name="Search").click()
    looker.look(teacher, f"{name}-school")
    teacher.get_by_role("link", name="Choose").first.click()
    looker.look(teacher, f"{name}-confirm")
    press(teacher, "Yes, this is my school")


def fill_in(looker, teacher, name):
    press(teacher, "Save and continue")
    looker.look(teacher, f"{name}-about-errors")
    teacher.get_by_label("Your full name").fill("Amina O'Kafor")
    teacher.get_by_label("Your e-mail address").fill("amina@school.example")
    teacher.get_by_label("Second in department").check()
    teacher.get_by_label("Key Stage 3", exact=True).check()
    press(teacher, "Save and continue")
    teacher.get_by_role("group", name="qualified teacher status").get_by_label("Yes").check()
    teacher.get_by_label("When was it awarded").fill("1/9/2099")
    teacher.get_by_label("How many full years").fill("8")
    teacher.get_by_role("group", name="early career").get_by_label("No", exact=True).check()
    press(teacher, "Save and continue")
    teacher.get_by_text("This date lies ahead").first.wait_for()
    looker.look(teacher, f"{name}-experience-errors")
    teacher.get_by_label("When was it awarded").fill("2015")
    press(teacher, "Save and continue")
    for label in STATEMENTS:
        teacher.get_by_label(label).fill("Some plain sentences.")
    looker.look(teacher, f"{name}-statements")
    press(teacher, "Save and continue")
    looker.look(teacher, f"{name}-dates")
    press(teacher, "Save and continue")
    teacher.get_by_label("Headteacher's full name").fill("Jo Reid")
    teacher.get_by_label("Headteacher's e-mail address").fill("amina@school.example")
    press(teacher, "Save and continue")
    looker.look(teacher, f"{name}-head-errors")
    teacher.get_by_label("Headteacher's e-mail address").fill("head@school.example")
    press(teacher, "Save and continue")


def head_answers(looker, name, width, js):
    head = looker.window(width=width, js=js)
    for _ in range(2):
        head.goto(address("specialist_ask_head"))
    looker.look(head, f"{name}-head")
    press(head, "Send the school's answer")
    looker.look(head, f"{name}-head-answer-errors")
    targets = [link.get_attribute("href") for link in head.locator(".govuk-error-summary a").all()]
    assert targets and all(head.locator(target).count() for target in targets)
    press(head, "Pass it on to somebody else")
    looker.look(head, f"{name}-head-passes-on")
    head.get_by_role("link", name="Back").click()
    head.get_by_label("I am the headteacher").check()
    for box in head.get_by_role("checkbox").all():
        box.check()
    head.get_by_label("Another senior leader will come").check()
    head.get_by_label("The senior leader's full name").fill("Sam Lee")
    head.get_by_label("Why do you support").fill("She is ready.")
    press(head, "Send the school's answer")
    head.get_by_text("Thank you: there is nothing more").wait_for()
    looker.look(head, f"{name}-head-done")


def page_of(application):
    return reverse("admin:applications_specialistapplication_change", args=[application.pk])


def shortlist(looker, staff, name, application, readers):
    staff.goto(reverse("admin:applications_specialistapplication_changelist"))
    looker.look(staff, f"{name}-list")
    staff.get_by_role("link", name="Amina").click()
    looker.look(staff, f"{name}-review")
    press(staff, "Shortlist")
    staff.get_by_label("First reader").select_option(str(readers[0].pk))
    staff.get_by_label("Second reader").select_option(str(readers[0].pk))
    press(staff, "Shortlist")
    looker.look(staff, f"{name}-readers-errors")
    staff.get_by_label("Second reader").select_option(str(readers[1].pk))
    press(staff, "Shortlist")
    staff.get_by_text("Both readers have been asked").wait_for()


def score(looker, reader, name, application):
    reader.goto(page_of(application))
    press(reader, "Read and score it")
    press(reader, "Keep my scores")
    looker.look(reader, f"{name}-read-errors")
    for group in reader.get_by_role("main").get_by_role("group").all():
        group.get_by_label("4", exact=True).check()
    press(reader, "Keep my scores")
    reader.get_by_text("Your scores are kept").wait_for()
    looker.look(reader, f"{name}-scored")


def decide_and_release(looker, staff, name, application):
    staff.goto(page_of(application))
    press(staff, "Select")
    looker.look(staff, f"{name}-select")
    press(staff, "Select")
    staff.get_by_text("Selected, quietly").wait_for()
    press(staff, "See the panel's table")
    looker.look(staff, f"{name}-panel")
    press(staff, "Look at the letters and release")
    looker.look(staff, f"{name}-release")
    press(staff, "Release 1 decision")
    staff.get_by_text("Released: 1 teacher told").wait_for()
    looker.look(staff, f"{name}-released")


def first_year(looker, staff, name):
    specialist = Specialist.objects.get()
    staff.goto(reverse("admin:programmes_specialist_changelist"))
    looker.look(staff, f"{name}-specialists")
    staff.get_by_role("link", name="Amina").click()
    for on, kind in [(timezone.now().date(), "Central event"), (timezone.now().date() + timedelta(9), "With the hub")]:
        press(staff, "Add a day")
        staff.get_by_label("Date").fill(on.strftime("%d/%m/%Y"))
        staff.get_by_label(kind).check()
        staff.get_by_label("A day", exact=True).check()
        press(staff, "Add a day")
    looker.look(staff, f"{name}-specialist")
    press(staff, "They moved school")
    press(staff, "They moved school")
    looker.look(staff, f"{name}-move-errors")
    assert specialist.days.count() == 2


def test_the_teachers_form_goes_by_keyboard_alone(looker, cohort):
    EstablishmentFactory(name="St Botolph's Catholic School")
    teacher = looker.window(width=320)
    teacher.goto(reverse("specialists:start", args=["secondary-mastery-specialist", 2026]))
    teacher.get_by_role("button", name="Start now").focus()
    teacher.keyboard.press("Enter")
    teacher.get_by_label("Search for your school").focus()
    teacher.keyboard.type("botolph", delay=20)
    teacher.get_by_role("option").first.wait_for()
    teacher.keyboard.press("ArrowDown")
    teacher.keyboard.press("Enter")
    teacher.get_by_role("button", name="Yes, this is my school").focus()
    teacher.keyboard.press("Enter")
    teacher.get_by_role("heading", name="About you").wait_for()
    teacher.get_by_role("button", name="Save and continue").focus()
    teacher.keyboard.press("Enter")
    teacher.locator(".govuk-error-summary").wait_for()
    assert teacher.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    teacher.keyboard.press("Tab")
    teacher.keyboard.press("Enter")
    teacher.keyboard.type("Amina")
    assert teacher.get_by_label("Your full name").input_value() == "Amina"
