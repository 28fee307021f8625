"""The hub's work in a browser: from what waits today to a confirmed place, by two people; several at once; by keys."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import actions
from hubportal.accounts.roles import Role
from programmes.models import Advocate
from tests.applications.staff import eligible, open_cohort, person, review_page

from .people import cookies_of, press, school, schools_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, True), (320, False)]


@pytest.fixture
def cohort(settings):
    settings.REQUIRE_MFA = True
    return open_cohort(capacity=2, hub__name="Estuary Maths Hub")


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_two_people_take_a_referred_school_to_a_confirmed_place(looker, cohort, width, js):
    application = eligible(cohort, school=school("Colne Bank Free School", type_code=14))
    eligible(cohort, school=school("Blackwater Academy", type_code=34), confirmed=False)
    assert application.status == "referred"
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(cohort.hub)))

    find_in_queue(looker, staff)
    looker.look(staff, "staff-referred")
    ask_a_question(looker, staff)
    actions.answer_question(application.questions.get(), "Yes: a free school since 2014.", at=timezone.now())
    set_aside(looker, staff, application)
    second_person_agrees(looker, application, cohort.hub, width, js)
    offer(looker, staff, application)
    school_accepts(looker, application, width, js)
    what_came_of_it(looker, staff, application)


def find_in_queue(looker, staff):
    staff.goto("/admin/")
    looker.look(staff, "staff-today")
    press(staff, "Open the queue")
    looker.look(staff, "staff-queue")
    open_filters(staff)
    form = staff.get_by_role("search")
    form.get_by_label("Status").select_option("referred")
    form.get_by_role("button", name="Show").click()
    staff.get_by_role("link", name="Blackwater Academy").wait_for(state="detached")
    form.get_by_label("Reference, school, URN or person").fill("no such school")
    form.get_by_role("button", name="Show").click()
    staff.get_by_text("Nothing fits").wait_for()
    looker.look(staff, "staff-nothing-fits")
    form.get_by_label("Reference, school, URN or person").fill("colne")
    form.get_by_role("button", name="Show").click()
    looker.look(staff, "staff-found")
    staff.get_by_role("table").get_by_role("link", name="Colne Bank Free School").click()
    staff.get_by_role("heading", level=1, name="Colne Bank Free School").wait_for()


def open_filters(staff):
    """Press the summary that a small screen has in place of the filters."""
    summary = staff.get_by_text("Search, filter and order")
    if summary.is_visible():
        summary.click()
    staff.get_by_role("search").wait_for()


def ask_a_question(looker, staff):
    press(staff, "Ask the school a question")
    staff.get_by_label("Answer by").fill("2020-01-01")
    press(staff, "Ask the school a question")
    looker.look(staff, "staff-ask-errors")
    staff.get_by_label("Answer by").fill(f"{timezone.now().year + 1}-01-20")
    staff.get_by_label("Question").fill("Are you <state-funded>?\nSince when?")
    press(staff, "Ask the school a question")
    staff.get_by_text("The school has been asked").wait_for()


def set_aside(looker, staff, application):
    staff.goto(review_page(application))
    press(staff, "Set a finding aside")
    looker.look(staff, "staff-set-aside")
    staff.get_by_role("radio").first.check()
    staff.get_by_label("Why?").fill("A free school, state-funded, and so meant by the rule.")
    press(staff, "Set a finding aside")
    staff.get_by_text("A second person to agree").first.wait_for()
    assert not staff.get_by_role("button", name="Agree").is_visible()


def second_person_agrees(looker, application, hub, width, js):
    lead = looker.window(width=width, js=js, cookies=cookies_of(person(hub, Role.LEAD)))
    lead.goto(review_page(application))
    looker.look(lead, "staff-agree")
    press(lead, "Agree")
    lead.get_by_text("The finding is set aside").wait_for()
    application.refresh_from_db()
    assert application.status == "eligible"


def offer(looker, staff, application):
    staff.goto(review_page(application))
    press(staff, "Offer a place")
    looker.look(staff, "staff-offer")
    press(staff, "Offer a place")
    staff.get_by_text("The school has been told").wait_for()
    looker.look(staff, "staff-offered")


def school_accepts(looker, application, width, js):
    page = looker.window(width=width, js=js)
    page.goto(schools_link(application))
    press(page, "Answer the offer")
    page.get_by_label("Yes, we accept the place").check()
    press(page, "Send my answer")
    page.get_by_text("£2,000").wait_for()
    assert Advocate.objects.filter(place__school=application.school).count() == 2


def what_came_of_it(looker, staff, application):
    application.refresh_from_db()
    staff.goto(review_page(application))
    staff.get_by_text("£2,000").first.wait_for()
    looker.look(staff, "staff-accepted")
    staff.goto(reverse("admin:programmes_place_change", args=[application.place_id]))
    looker.look(staff, "staff-place")
    assert "2,000" in staff.get_by_role("main").inner_text()
    staff.goto(reverse("admin:messaging_message_changelist"))
    looker.look(staff, "staff-outbox")
    staff.get_by_role("table").get_by_role("link").filter(has_text="place").first.click()
    staff.wait_for_url("**/message/*/change/")
    looker.look(staff, "staff-message")
    assert "/application/" not in staff.content().replace("/applications/application/", "")  # no private link in clear
    staff.goto(reverse("admin:programmes_cohort_change", args=[application.cohort_id]))
    looker.look(staff, "staff-cohort")
    assert "1 of 2 taken" in staff.get_by_role("main").inner_text()


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_several_are_offered_places_and_each_says_what_became_of_it(looker, cohort, width, js):
    names = ["Harwich School", "Brightlingsea School", "Mistley School"]
    several = [eligible(cohort, school=school(name)) for name in names]
    several.append(eligible(cohort, school=school("Manningtree School"), confirmed=False))
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(cohort.hub)))

    staff.goto(reverse("admin:applications_application_changelist", query={"move": "all"}))
    for name in [*names, "Manningtree School"]:
        staff.get_by_role("checkbox", name=f"Choose {name}").check()
    looker.look(staff, "staff-bulk-chosen")
    press(staff, "Offer a place to the chosen")
    looker.look(staff, "staff-bulk")
    staff.get_by_role("main").get_by_role("button", name="2 schools").click()
    staff.get_by_role("heading", level=1, name="done for 2 of 2").wait_for()
    looker.look(staff, "staff-bulk-done")
    for each in several:
        each.refresh_from_db()
    assert sorted(each.status for each in several) == ["eligible", "eligible", "offered", "offered"]


def tab_to(page, name):
    """Press Tab until something of this name has the focus, and return nothing; it must be seen to have it."""
    focused = page.locator("*:focus")
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused.count() and focused.inner_text().strip().startswith(name):
            break
    else:
        raise AssertionError(f"Tab does not reach “{name}”.")
    shown = "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
    assert focused.evaluate(shown), f"“{name}” does not show that it has the focus."


def test_a_place_is_offered_without_a_mouse(looker, cohort):
    application = eligible(cohort, school=school("Harwich School"))
    staff = looker.window(cookies=cookies_of(person(cohort.hub)))

    staff.goto("/admin/")
    for name in ("Open the queue", "Harwich School", "Offer a place"):
        tab_to(staff, name)
        with staff.expect_navigation():
            staff.keyboard.press("Enter")
    tab_to(staff, "Offer a place")
    staff.keyboard.press("Enter")
    staff.get_by_text("The school has been told").wait_for()
    application.refresh_from_db()
    assert application.status == "offered"


def test_a_small_screen_shows_rows_as_cards_of_a_table_and_the_menu_when_asked(looker, cohort):
    eligible(cohort, school=school("Harwich School"))
    staff = looker.window(width=320, js=False, cookies=cookies_of(person(cohort.hub)))

    staff.goto(reverse("admin:applications_application_changelist"))
    row = staff.get_by_role("row").filter(has_text="Harwich School")
    for cell in (row.get_by_role("rowheader"), *row.get_by_role("cell").all()):
        box = cell.bounding_box()
        assert box is None or box["x"] + box["width"] <= 320  # nothing that is shown is cut off
    assert row.get_by_text("Hub: decide").is_visible()
    assert staff.get_by_role("columnheader").count() == 8

    menu = staff.get_by_role("navigation", name="Main")
    assert not menu.is_visible()
    staff.get_by_text("Menu", exact=True).click()
    looker.look(staff, "staff-menu")
    menu.get_by_role("link", name="Messages").click()
    staff.get_by_role("heading", level=1, name="Messages").wait_for()
