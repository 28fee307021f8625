"""Next year in a browser: staff ask, a school answers by its link and gets its places; a year ends; by keys."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from applications.models import Proposal
from applications.rollover import actions, emails, settling
from hubportal.accounts import links
from hubportal.messaging.models import Message
from programmes.models import Place
from tests import factories
from tests.rollover.world import DEV, SUS, World, said

from .people import cookies_of, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, True), (320, False)]


@pytest.fixture
def world(settings):
    settings.REQUIRE_MFA = True
    hub = factories.HubFactory(name="Estuary Maths Hub")
    made = World(hub=hub)
    for name, year in [("Colne Reach Academy", 2025), ("Marshland School", 2024), ("Ongar Road High School", 2025)]:
        school = factories.SchoolFactory(establishment=factories.EstablishmentFactory(name=name))
        made.place(year=year, school=school, status="active" if name.startswith("Ongar") else "completed")
    return made


def link_of(proposal):
    return links.address(emails.private_link(proposal, at=timezone.now()))


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_a_hub_asks_a_school_answers_and_has_its_places(looker, world, width, js):
    staff = looker.window(width=width, js=js, cookies=cookies_of(world.lead))
    ask(looker, staff)
    proposal = Proposal.objects.get(school__establishment__name="Colne Reach Academy")
    Message.objects.update(status="sent", sent_at=timezone.now())
    school_answers(looker, looker.window(width=width, js=js), proposal)
    take_up(looker, staff)
    assert Place.objects.filter(school=proposal.school, project__year=2026, status="confirmed").count() == 2
    telephone(looker, staff)


def ask(looker, staff):
    staff.goto("/admin/applications/proposal/?year=2026")
    looker.look(staff, "next-year-to-ask")
    for name in ("Colne Reach Academy", "Marshland School"):
        staff.get_by_label(f"Choose {name}").check()
    press(staff, "Ask the chosen…")
    staff.get_by_text("Read the letter “What comes next”").click()
    looker.look(staff, "next-year-preview")
    staff.get_by_label("Answer by").fill("2020-01-01")
    press(staff, "Write 2 letters")
    looker.look(staff, "next-year-preview-error")
    staff.get_by_label("Answer by").fill(f"{timezone.localdate() + timedelta(days=30)}")
    press(staff, "Write 2 letters")
    staff.get_by_text("release the letters").wait_for()
    looker.look(staff, "next-year-asked")
    staff.get_by_role("link", name="Look at “Rollover").click()
    staff.get_by_text("Release and send").first.wait_for()


def school_answers(looker, page, proposal):
    page.goto(link_of(proposal))
    looker.look(page, "next-year-school")
    press(page, "Send our answer")
    page.get_by_role("alert").wait_for()
    looker.look(page, "next-year-school-errors")
    for group in page.get_by_role("group", name="will your school take part?").all():
        group.get_by_label("Yes").check()
    page.get_by_label("The same as now").check()
    press(page, "Send our answer")
    page.get_by_text("your hub has your answer").wait_for()
    looker.look(page, "next-year-school-answered")
    press(page, "Change who we write to")
    looker.look(page, "next-year-school-contact")


def take_up(looker, staff):
    staff.goto("/admin/")
    looker.look(staff, "next-year-today")
    press(staff, "Answers to take up")
    looker.look(staff, "next-year-answered")
    staff.get_by_label("Choose Colne Reach Academy").check()
    press(staff, "Take up the chosen answers…")
    looker.look(staff, "next-year-settle")
    press(staff, "Take up 1 answer")
    looker.look(staff, "next-year-settled")
    staff.get_by_role("link", name="Colne Reach Academy").click()
    staff.get_by_text("Nobody: this has ended").wait_for()
    looker.look(staff, "next-year-review")


def telephone(looker, staff):
    staff.goto("/admin/applications/proposal/?year=2026&tab=school")
    looker.look(staff, "next-year-waiting")
    staff.get_by_role("link", name="Marshland School").click()
    press(staff, "Write down an answer by telephone")
    looker.look(staff, "next-year-telephone")
    staff.get_by_role("radio", name="Not now").check()
    press(staff, "Write down an answer by telephone")
    staff.get_by_role("alert").wait_for()
    looker.look(staff, "next-year-telephone-errors")
    staff.get_by_label("When did they say it?").fill(str(timezone.localdate()))
    staff.get_by_label("what is the main reason?").select_option("time")
    staff.get_by_label("when shall we ask you again?").select_option(index=2)
    press(staff, "Write down an answer by telephone")
    staff.get_by_text("The answer is written down").wait_for()
    looker.look(staff, "next-year-written-down")


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_the_year_of_a_cohort_ends_and_what_is_missing_is_said(looker, world, width, js):
    world.cohorts[SUS, 2026].delete()
    staff = looker.window(width=width, js=js, cookies=cookies_of(world.lead))
    staff.goto("/admin/applications/proposal/?year=2026")
    staff.get_by_text("Begin or end the year of a cohort").click()
    looker.look(staff, "next-year-missing")
    press(staff, "mark as completed")
    looker.look(staff, "next-year-cohort")
    staff.get_by_label("On which day?").fill("2199-01-01")
    press(staff, "Show what would happen")
    looker.look(staff, "next-year-cohort-error")
    staff.get_by_label("On which day?").fill("2026-07-10")
    press(staff, "Show what would happen")
    looker.look(staff, "next-year-cohort-sure")
    press(staff, "Mark as completed: 1 school")
    staff.get_by_text("1 of 1 done").wait_for()
    assert Place.objects.get(school__establishment__name="Ongar Road High School").status == "completed"
    staff.goto("/admin/applications/proposal/?year=2026&q=nothing")
    looker.look(staff, "next-year-nothing-fits")


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_a_school_names_its_people_and_reads_why_it_waits(looker, world, width, js):
    place = Place.objects.get(cohort=world.cohorts[DEV, 2025], status="completed")
    proposal = world.ask(place, at=timezone.now(), answer_by=date(2199, 1, 1))
    actions.answer(proposal, said(proposal, team="later"), by=actions.SCHOOL, at=timezone.now())
    settling.settle(proposal, by=world.lead, at=timezone.now())
    page = looker.window(width=width, js=js)
    page.goto(link_of(proposal))
    looker.look(page, "next-year-school-settled")
    press(page, "Name who takes part")
    press(page, "Save the names")
    looker.look(page, "next-year-school-names")


def test_the_school_answers_by_keys_alone(looker, world):
    place = Place.objects.get(cohort=world.cohorts[DEV, 2025], status="completed")
    proposal = world.ask(place, at=timezone.now(), answer_by=date(2199, 1, 1))
    page = looker.window()
    page.goto(link_of(proposal))
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send our answer").focus()
    page.keyboard.press("Enter")
    page.get_by_text("your hub has your answer").wait_for()
