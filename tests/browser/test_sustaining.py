"""The sign-up of a department that goes on, in Chromium: phone and desk, with JavaScript and without."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from tests.applications.staff import act_page, person, queue_page, review_page
from tests.applications.sustaining import signed_up, sustaining_cohort, took_part
from tests.browser.people import cookies_of, school, schools_link
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = pytest.mark.parametrize(("width", "js"), [(320, False), (1280, True)])


@WAYS
def test_a_department_signs_up(looker, width, js, tmp_path):
    cohort = sustaining_cohort({"a": 1, "d": 0})
    taken = took_part(SchoolFactory(), year=2026, family="sec-sustaining", status="offered", hub=cohort.hub)
    type(taken).objects.filter(pk=taken.pk).update(focus=cohort.project.foci.get(letter="a"))
    mine = school("St Botolph's School")
    took_part(mine)
    page = looker.window(width=width, js=js)

    def on():
        page.get_by_role("button", name="Save and continue").click()

    page.goto(reverse("applications:start", args=["sustaining", 2026]))
    looker.look(page, "signup-start")
    page.get_by_role("button", name="Start now").click()
    uid = Application.objects.get(status="draft").uid
    page.goto(reverse("applications:confirm_school", args=[uid, mine.urn]))
    page.get_by_role("button", name="Yes, this is my school").click()
    on()
    looker.look(page, "signup-route-wrong")
    page.get_by_label("We did Development").check()
    page.get_by_label("in which year, the last time?").select_option("2025")
    looker.look(page, "signup-route")
    on()
    page.get_by_label("Your full name").fill("Amina Okafor")
    page.get_by_label("Head of mathematics").check()
    page.get_by_label("Your work e-mail address").fill("a@school.example")
    on()
    page.get_by_label("Headteacher's full name").fill("Jo Reid")
    page.get_by_label("Headteacher's e-mail address").fill("head@school.example")
    on()
    page.get_by_label("First choice").select_option("b")
    page.get_by_label("Second choice").select_option("b")
    on()
    looker.look(page, "signup-foci-twice")
    page.get_by_label("Second choice").select_option("a")
    on()
    looker.look(page, "signup-people")
    for box in page.get_by_label("We do not know yet").all():
        box.check()
    on()
    page.get_by_label("How many people teach maths").fill("8")
    page.get_by_role("group", name="Will colleagues join").get_by_label("Yes").check()
    page.get_by_label("about how many?").fill("3")
    page.get_by_role("group", name="Would you like a Mastery Specialist").get_by_label("No", exact=True).check()
    page.get_by_label("I am the head of department").check()
    looker.look(page, "signup-department")
    on()
    page.get_by_label("We send a file").check()
    wrong = tmp_path / "plan.docx"
    wrong.write_bytes(b"not a document")
    page.get_by_label("File", exact=True).set_input_files(wrong)
    on()
    looker.look(page, "signup-plan-wrong")
    right = tmp_path / "plan.pdf"
    right.write_bytes(b"%PDF-1.7 the plan")
    page.get_by_label("File", exact=True).set_input_files(right)
    on()
    for box in page.get_by_role("checkbox").all():
        box.check()
    on()
    page.get_by_role("heading", name="Check your answers").wait_for()
    looker.look(page, "signup-check")
    page.get_by_role("button", name="Send the sign-up").click()
    looker.look(page, "signup-done")
    assert Application.objects.get(uid=uid).status == "submitted"


@WAYS
def test_the_school_and_its_hub_look_at_a_sign_up(looker, width, js, settings):
    settings.REQUIRE_MFA = False
    cohort = sustaining_cohort({"a": 1})
    application = signed_up(cohort, "ab", school=school("St Botolph's School"), said={"plan": "later"})
    other = signed_up(cohort, "a", school=school("Colne Reach Academy"))
    theirs = looker.window(width=width, js=js)
    link = schools_link(application)
    theirs.goto(link)
    looker.look(theirs, "signup-private")
    theirs.goto(link + "foci/")
    looker.look(theirs, "signup-private-foci")
    theirs.goto(link + "plan/")
    looker.look(theirs, "signup-private-plan")

    staff = looker.window(width=width, js=js, cookies=cookies_of(person(cohort.hub)))
    staff.goto(review_page(application))
    looker.look(staff, "signup-review")
    staff.goto(act_page(application, "offer"))
    looker.look(staff, "signup-offer")
    staff.goto(queue_page())
    for box in staff.locator('input[name="pk"]').all():
        box.check()
    staff.get_by_role("button", name="Offer a place").click()
    staff.get_by_role("heading", name="Offer a place").wait_for()
    assert staff.get_by_text("Focus: Mathematical thinking").count() == 1
    looker.look(staff, "signup-bulk")
    staff.get_by_role("button", name="Offer a place: 1 school").click()
    application.refresh_from_db()
    other.refresh_from_db()
    places = [each.place for each in (application, other) if each.place]
    assert [place.focus.letter for place in places] == ["a"] or len(places) == 2
    assert application.submitted_at < timezone.now()
