"""Every state in which a school or head may find a page, and the pages that say no, wide and narrow without script."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import checks, decisions, emails
from hubportal.accounts import links
from hubportal.accounts.roles import Role
from hubportal.history.actions import subject_of
from programmes.models import Cohort
from tests.applications.staff import act_page, eligible, open_cohort, person, review_page
from tests.factories import ApplicationFactory, DraftFactory, UserFactory

from .people import cookies_of, heads_link, press, school, schools_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, True), (320, False)]
DEPARTMENT = {
    "advocates": 2,
    "teachers": 9,
    "non_specialists": 2,
    "worked_before": "no",
    "which": "",
    "specialist": "no",
    "why": "Half of the department is new.",
}


@pytest.fixture
def cohort():
    return open_cohort(hub__name="Estuary Maths Hub")


@pytest.fixture(params=WINDOWS, ids=["wide", "narrow-plain"])
def page(request, looker):
    width, js = request.param
    return looker.window(width=width, js=js)


def draft_of(page, cohort, **values):
    """Return a whole draft that the window holds, by the link for going on."""
    draft = DraftFactory(cohort=cohort, answers=DEPARTMENT, **values)
    link = links.make(emails.CONTINUE_LINK, subject_of(draft), at=timezone.now(), lives=timedelta(1))
    page.goto(links.address(link))
    return draft


def test_a_school_whose_application_a_person_must_look_at_answers_a_question_and_withdraws(looker, page, cohort):
    application = eligible(cohort, school=school("Colne Bank Free School", type_code=14), confirmed=False)
    page.goto(schools_link(application))
    looker.look(page, "manage-referred")
    decisions.request_information(
        application,
        question="Are you <state-funded>?\nSince when?",
        answer_by=timezone.now().date() + timedelta(14),
        by=UserFactory(),
        at=timezone.now(),
    )
    page.reload()
    looker.look(page, "manage-question")
    press(page, "Answer the question")
    press(page, "Send the answer")
    looker.look(page, "manage-answer-errors")
    assert "Since when?" in page.get_by_role("main").inner_text()
    page.get_by_role("textbox").fill("Yes, since 2014.")
    press(page, "Send the answer")
    page.get_by_text("The hub has your answer").wait_for()
    press(page, "Withdraw the application")
    looker.look(page, "manage-withdraw")
    press(page, "Withdraw the application")
    page.get_by_text("The application is withdrawn").wait_for()
    looker.look(page, "manage-withdrawn")


def test_a_school_corrects_its_details_by_the_private_link(looker, page, cohort):
    application = eligible(cohort, confirmed=False, nominees=(1,))
    page.goto(schools_link(application))
    looker.look(page, "manage-eligible")
    page.get_by_role("link", name="Change the headteacher").click()
    looker.look(page, "manage-head")
    page.get_by_label("Headteacher's full name").fill("Al Roy")
    page.get_by_label("Headteacher's e-mail address").fill("al@school.example")
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_text("Al Roy").first.wait_for()
    page.get_by_role("link", name="Change the Advocates").click()
    looker.look(page, "manage-advocates")
    page.go_back()
    page.get_by_role("link", name="Change who we write to").click()
    page.get_by_label("Your work e-mail address").fill("not an address")
    page.get_by_role("main").get_by_role("button").first.click()
    looker.look(page, "manage-contact-errors")
    page.get_by_label("Your work e-mail address").fill("new@school.example")
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_text("new@school.example").first.wait_for()
    looker.look(page, "manage-contact-moved")


def test_schools_without_a_place_see_why(looker, page, cohort):
    now = timezone.now()
    ineligible = eligible(cohort, school=school("Mersea Primary School", type_code=2, phase=2), confirmed=False)
    page.goto(schools_link(ineligible))
    looker.look(page, "manage-ineligible")
    decisions.decline(ineligible, reason="The programme is for secondary schools.", by=UserFactory(), at=now)
    page.reload()
    looker.look(page, "manage-not-offered")

    waiting = eligible(cohort)
    decisions.waitlist(waiting, note="You are the first on it.", by=UserFactory(), at=now)
    page.goto(schools_link(waiting))
    looker.look(page, "manage-waitlisted")

    offered = eligible(cohort)
    decisions.offer(offered, by=UserFactory(), at=now)
    page.goto(schools_link(offered))
    press(page, "Answer the offer")
    press(page, "Send my answer")
    looker.look(page, "offer-errors")
    page.get_by_label("No, another school can have it").check()
    press(page, "Send my answer")
    page.get_by_text("You have declined the place").wait_for()
    looker.look(page, "manage-declined")


def test_a_head_says_no_and_another_passes_it_on(looker, page, cohort):
    refused = eligible(cohort, confirmed=False)
    page.goto(heads_link(refused))
    page.get_by_label("No, the school cannot commit to this").check()
    page.get_by_label("what stands in the way?").fill("We have no cover in the spring.")
    press(page, "Send my answer")
    page.get_by_text("You said no").wait_for()
    looker.look(page, "head-said-no")
    page.goto(schools_link(refused))
    looker.look(page, "manage-head-said-no")

    page.goto(heads_link(eligible(cohort, confirmed=False)))
    page.get_by_label("Somebody else should answer").check()
    press(page, "Send my answer")
    looker.look(page, "head-pass-errors")
    page.get_by_label("the other person's full name").fill("Al Roy")
    page.get_by_label("the other person's e-mail address").fill("al@school.example")
    press(page, "Send my answer")
    page.get_by_text("Passed on").first.wait_for()
    looker.look(page, "head-passed-on")


def test_a_draft_is_saved_and_continued_and_sent_too_late(looker, page, cohort):
    draft = draft_of(page, cohort)
    looker.look(page, "continue")
    press(page, "Go on")
    looker.look(page, "tasks")
    press(page, "Save and come back later")
    page.get_by_label("Your e-mail address").fill("")
    press(page, "Send me the link")
    looker.look(page, "save-errors")
    page.get_by_label("Your e-mail address").fill("amina@school.example")
    press(page, "Send me the link")
    looker.look(page, "saved")
    press(page, "Go on with the form")
    press(page, "Check your answers")
    Cohort.objects.update(closes_on=timezone.now().date() - timedelta(1))
    press(page, "Send the expression of interest")
    page.get_by_text("Your answers are kept").wait_for()
    looker.look(page, "check-closed")
    draft.refresh_from_db()
    assert draft.status == "draft"
    page.goto(f"/apply/{cohort.project.programme.slug}/{cohort.project.year}/")
    looker.look(page, "start-closed")


def test_a_megabyte_in_a_field_gets_a_sentence_there_and_a_second_application_is_joined(looker, page, cohort):
    taken = school("St Botolph's Catholic School")
    first = ApplicationFactory(cohort=cohort, school=taken, submitted_at=timezone.now())
    checks.check_due(at=timezone.now())
    draft = draft_of(page, cohort, school=taken)
    press(page, "Go on")
    page.goto(f"/apply/{draft.uid}/department/")
    why = page.get_by_label("Why would you like")
    why.evaluate("box => { box.value = 'maths '.repeat(170000) }")
    press(page, "Save and continue")
    page.get_by_role("link", name="Please keep it to").wait_for()
    why.fill("Half of the department is new.")
    press(page, "Save and continue")
    press(page, "Send the expression of interest")
    page.get_by_role("heading", level=1, name="Joined").wait_for()
    assert first.reference in page.content()
    looker.look(page, "joined")


def test_interest_is_registered_after_errors(looker, page, cohort):
    page.goto(f"/interest/{cohort.project.programme.slug}/")
    press(page, "Tell me when")
    looker.look(page, "interest-errors")
    page.get_by_label("Your Maths Hub").select_option(label="Estuary Maths Hub")
    page.get_by_label("Name of your school").fill("Harwich School")
    page.get_by_label("Your full name").fill("Zoë Ní Bhriain")
    page.get_by_label("Your work e-mail address").fill("zoe@school.example")
    press(page, "Tell me when")
    page.get_by_text("You need do nothing more").wait_for()
    looker.look(page, "interest-done")


def test_pages_that_say_no_and_pages_about_the_portal(looker, page, cohort):
    other = DraftFactory(cohort=cohort)
    answers = {
        "/application/no-such-token/": (410, "dead-link"),
        "/apply/continue/no-such-token/": (410, "dead-continue"),
        f"/apply/{other.uid}/": (404, "not-yours"),
        "/no/such/page/": (404, "404"),
        "/privacy/": (200, "privacy"),
        "/accessibility/": (200, "accessibility"),
        "/cookies/": (200, "cookies"),
    }
    for path, (status, name) in answers.items():
        assert page.goto(path).status == status
        looker.look(page, name)

    page.goto(f"/interest/{cohort.project.programme.slug}/")
    page.context.clear_cookies()
    press(page, "Tell me when")
    page.get_by_role("heading", level=1, name="Please send the form again").wait_for()
    looker.look(page, "403-csrf")

    page.goto(f"/interest/{cohort.project.programme.slug}/")
    page.get_by_label("Name of your school").evaluate(
        "box => { box.removeAttribute('maxlength'); box.value = 'x'.repeat(2200000) }"
    )
    press(page, "Tell me when")
    page.get_by_role("heading", level=1, name="That was too much").wait_for()
    looker.look(page, "413")


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_a_finance_officer_may_read_and_is_told_that_deciding_is_not_theirs(looker, cohort, width, js):
    application = eligible(cohort)
    reader = looker.window(width=width, js=js, cookies=cookies_of(person(cohort.hub, Role.FINANCE)))
    assert reader.goto(review_page(application)).status == 200
    looker.look(reader, "review-read-only")
    assert reader.goto(act_page(application, "offer")).status == 403
    looker.look(reader, "403")
