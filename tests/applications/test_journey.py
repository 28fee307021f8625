"""A school's way through the form, by the client: every page, every wrong answer, nothing lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.urls import reverse
from django.utils import timezone

from applications import checks, journey
from applications.models import Application
from applications.states import Status
from hubportal.messaging.models import Message
from programmes.models import Cohort, Programme
from tests.factories import ApplicationFactory, CohortFactory, EstablishmentFactory, SchoolFactory

pytestmark = pytest.mark.django_db

CONTACT = {
    "contact_name": "Amina Okafor",
    "contact_role": "head_of_maths",
    "contact_email": "a.okafor@school.example",
    "contact_phone": "",
}
HEAD = {"head_name": "Jo Reid", "head_email": "head@school.example"}
ADVOCATES = {
    "name_1": "Amina Okafor",
    "email_1": "a.okafor@school.example",
    "role_1": "hod",
    "name_2": "Ben Li",
    "email_2": "b.li@school.example",
    "role_2": "teacher",
}
DEPARTMENT = {
    "teachers": 8,
    "non_specialists": 2,
    "worked_before": "no",
    "which": "",
    "specialist": "no",
    "why": "To grow.",
}
COMMITMENTS = {"commitments": [f"c{n}" for n in range(1, 7)]}


@pytest.fixture
def cohort():
    now = timezone.now().date()
    return CohortFactory(opens_on=now - timedelta(30), closes_on=now + timedelta(30))


@pytest.fixture
def establishment():
    return EstablishmentFactory(name="St Botolph's School", town="Colchester", postcode="CO1 1AA")


def begin(client, cohort, uid=None):
    """Begin a draft and return its uid."""
    uid = uid or uuid4()
    project = cohort.project
    url = reverse("applications:start", args=[project.programme.slug, project.year])
    answer = client.post(url, {"uid": uid})
    assert answer.url == reverse("applications:school", args=[uid])
    return uid


def fill(client, uid, cohort, establishment, **changed):
    """Fill in every page, with `changed` answers for some."""
    pages = {
        "contact": CONTACT,
        "head": HEAD,
        "advocates": ADVOCATES,
        "department": DEPARTMENT,
        "commitments": COMMITMENTS,
    } | changed
    chosen = client.post(reverse("applications:confirm_school", args=[uid, establishment.urn]), {"cohort": cohort.pk})
    assert chosen.status_code == 302, chosen.context["form"].errors
    for page, data in pages.items():
        answer = client.post(reverse(f"applications:{page}", args=[uid]), data)
        assert answer.status_code == 302, (page, answer.context["form"].errors)


def test_a_school_fills_in_every_page_and_sends_one_application(client, cohort, establishment):
    uid = begin(client, cohort)
    fill(client, uid, cohort, establishment)
    page = client.get(reverse("applications:check", args=[uid]))
    assert "Every rule is met" in page.content.decode()

    answer = client.post(reverse("applications:check", args=[uid]))

    application = Application.objects.get()
    assert answer.url == reverse("applications:done", args=[uid])
    assert application.status == Status.SUBMITTED
    assert application.school.urn == establishment.urn
    assert [tick["text"] for tick in application.commitments] == [f"Commitment {n}." for n in range(1, 7)]
    assert application.reference in client.get(answer.url).content.decode()
    assert Message.objects.get().to == "a.okafor@school.example"


def test_pages_that_are_missing_are_asked_for_before_anything_can_be_sent(client, cohort):
    uid = begin(client, cohort)

    assert client.get(reverse("applications:check", args=[uid])).url == reverse("applications:school", args=[uid])
    assert client.post(reverse("applications:check", args=[uid])).status_code == 302
    assert Application.objects.get().status == Status.DRAFT


def test_the_start_button_pressed_twice_begins_one_draft(client, cohort):
    uid = uuid4()
    begin(client, cohort, uid)
    begin(client, cohort, uid)

    assert Application.objects.count() == 1


def test_somebody_elses_draft_is_not_shown(client, cohort, django_user_model):
    uid = begin(client, cohort)
    client.session.flush()
    client.cookies.clear()

    for page in [
        "tasks",
        "school",
        "contact",
        "head",
        "advocates",
        "department",
        "commitments",
        "check",
        "done",
        "save",
    ]:
        answer = client.get(reverse(f"applications:{page}", args=[uid]))
        assert answer.status_code == 404
        assert "private link" in answer.content.decode()


def test_a_window_that_closed_meanwhile_keeps_the_answers_and_says_what_can_be_done(client, cohort, establishment):
    uid = begin(client, cohort)
    fill(client, uid, cohort, establishment)
    Cohort.objects.update(closes_on=timezone.now().date() - timedelta(1))

    answer = client.post(reverse("applications:check", args=[uid]))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Applications closed on" in page
    assert "Your answers are kept" in page
    assert Application.objects.get().status == Status.DRAFT
    assert Application.objects.get().contact_name == "Amina Okafor"


def test_a_closed_project_cannot_be_begun(client, cohort):
    Cohort.objects.update(closes_on=timezone.now().date() - timedelta(1))
    url = reverse("applications:start", args=[cohort.project.programme.slug, cohort.project.year])

    answer = client.post(url, {"uid": uuid4()})

    assert answer.status_code == 200
    assert "Tell me when applications open" in answer.content.decode()
    assert not Application.objects.exists()


def test_answers_sent_from_an_old_tab_after_sending_change_nothing(client, cohort, establishment):
    uid = begin(client, cohort)
    fill(client, uid, cohort, establishment)
    client.post(reverse("applications:check", args=[uid]))

    answer = client.post(reverse("applications:contact", args=[uid]), CONTACT | {"contact_name": "Somebody else"})

    assert answer.url == reverse("applications:done", args=[uid])
    assert Application.objects.get().contact_name == "Amina Okafor"
    assert "the change was not kept" in client.get(answer.url).content.decode()


def test_sending_twice_ends_at_the_same_receipt_with_one_application_and_one_message(client, cohort, establishment):
    uid = begin(client, cohort)
    fill(client, uid, cohort, establishment)

    urls = {client.post(reverse("applications:check", args=[uid])).url for _ in range(3)}

    assert urls == {reverse("applications:done", args=[uid])}
    assert Message.objects.count() == 1


def test_the_second_person_of_a_school_is_told_and_their_answers_are_joined(client, cohort, establishment):
    first = ApplicationFactory(cohort=cohort, school=SchoolFactory(establishment=establishment))
    uid = begin(client, cohort)
    confirm = client.get(reverse("applications:confirm_school", args=[uid, establishment.urn]))
    assert "A colleague sent an expression of interest" in confirm.content.decode()
    fill(client, uid, cohort, establishment)

    client.post(reverse("applications:check", args=[uid]))

    second = Application.objects.get(uid=uid)
    assert (second.status, second.joined_to) == (Status.DUPLICATE, first)
    page = client.get(reverse("applications:done", args=[uid])).content.decode()
    assert first.reference in page
    assert "joined" in Message.objects.get().template


@pytest.mark.parametrize(
    ("page", "data", "said"),
    [
        ("contact", CONTACT | {"contact_email": "nobody"}, "in the correct format"),
        ("contact", CONTACT | {"contact_email": "a@b.example\nBcc: x@y.example"}, "in the correct format"),
        ("contact", CONTACT | {"contact_email": "a" * 290 + "@b.example"}, "e-mail address"),
        ("contact", CONTACT | {"contact_name": "x" * 121}, "120 characters"),
        ("contact", CONTACT | {"contact_name": "\x00"}, "Enter your name"),
        ("contact", CONTACT | {"contact_name": ""}, "Enter your name"),
        ("contact", CONTACT | {"contact_role": "king"}, "Choose one of the answers on the page."),
        ("head", {"head_name": "", "head_email": ""}, "Enter the headteacher"),
        ("advocates", ADVOCATES | {"email_2": "A.OKAFOR@school.example"}, "must be two people"),
        ("advocates", ADVOCATES | {"unknown_1": "on"}, "Either give the person or tick"),
        ("advocates", {"unknown_1": "on"}, "Enter the second Advocate"),
        ("department", DEPARTMENT | {"teachers": "many"}, "Enter a whole number"),
        ("department", DEPARTMENT | {"non_specialists": 9}, "cannot be more than"),
        ("department", DEPARTMENT | {"why": "x" * 1_000_000}, "2,000 characters"),
        ("commitments", {"commitments": ["c1"]}, "The programme needs all of them"),
        ("commitments", {}, "Tick each commitment"),
    ],
)
def test_a_wrong_answer_is_said_at_its_place_and_what_was_typed_is_kept(client, cohort, page, data, said):
    uid = begin(client, cohort)

    answer = client.post(reverse(f"applications:{page}", args=[uid]), data)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert said in html
    assert "govuk-error-summary" in html
    assert "<title>Error:" in re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("name", ["Siân O'Neill-Brontë", "محمد علي", "李小龍", "Zoë 🎉", "N\u2019Golo d\u2019Arcy"])
def test_names_are_kept_as_people_write_them(client, cohort, name):
    uid = begin(client, cohort)

    client.post(reverse("applications:contact", args=[uid]), CONTACT | {"contact_name": name})

    assert Application.objects.get().contact_name == name


def test_characters_that_turn_a_line_round_are_taken_out(client, cohort):
    uid = begin(client, cohort)

    client.post(reverse("applications:contact", args=[uid]), CONTACT | {"contact_name": "Amina\u202eroyafO"})

    assert Application.objects.get().contact_name == "AminaroyafO"


def test_a_closed_school_is_told_at_once(client, cohort):
    uid = begin(client, cohort)
    closed = EstablishmentFactory(status=2, closed_on="2024-08-31")

    page = client.get(reverse("applications:confirm_school", args=[uid, closed.urn])).content.decode()
    assert "The register says that this school closed on 31 August 2024" in page


def test_a_draft_is_continued_in_another_browser_by_the_e_mailed_link(client, cohort, establishment):
    uid = begin(client, cohort)
    client.post(reverse("applications:save", args=[uid]), {"email": "later@school.example"})
    address = private_address(Message.objects.get())
    client.cookies.clear()

    for _ in range(3):  # a mail scanner opens it first
        assert client.get(address).status_code == 200
    assert client.get(reverse("applications:tasks", args=[uid])).status_code == 404
    answer = client.post(address + "now/", follow=True)

    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == reverse("applications:tasks", args=[uid])


def test_the_link_to_a_draft_is_dead_once_the_application_is_sent(client, cohort, establishment):
    uid = begin(client, cohort)
    fill(client, uid, cohort, establishment)
    client.post(reverse("applications:save", args=[uid]), {"email": "later@school.example"})
    address = private_address(Message.objects.get())
    client.post(reverse("applications:check", args=[uid]))

    assert client.get(address).status_code == 410


def test_a_school_that_applies_under_its_old_urn_is_the_same_school(client, cohort):
    school = SchoolFactory()
    old = school.establishment
    new = EstablishmentFactory()
    school.urns.update(until_on="2025-08-31")
    school.urns.create(establishment=new, name=new.name, from_on="2025-09-01")
    school.establishment = new
    school.save()
    ApplicationFactory(cohort=cohort, school=school)
    uid = begin(client, cohort)

    fill(client, uid, cohort, old)
    client.post(reverse("applications:check", args=[uid]))

    assert Application.objects.get(uid=uid).status == Status.DUPLICATE


def test_the_check_is_made_later_when_the_worker_was_down(client, cohort, establishment):
    uid = begin(client, cohort)
    fill(client, uid, cohort, establishment)
    client.post(reverse("applications:check", args=[uid]))

    checks.check_due(at=timezone.now() + timedelta(hours=3))

    assert Application.objects.get().status == Status.ELIGIBLE


def private_address(message: Message) -> str:
    """Return the path of the private link in a message, as it will stand in the e-mail."""
    from hubportal.accounts import links

    return re.search(r"https?://[^/]+(/\S+)", links.fill(message.text))[1]


def test_a_school_chosen_in_an_old_tab_while_the_form_is_sent_leads_to_the_receipt(rf, client, cohort, establishment):
    uid = begin(client, cohort)
    fill(client, uid, cohort, establishment)
    stale = Application.objects.get(uid=uid)
    client.post(reverse("applications:check", args=[uid]))
    request = rf.post("/", {"cohort": cohort.pk})
    request.session = client.session
    request._messages = FallbackStorage(request)

    answer = journey._choose(request, stale, EstablishmentFactory(), cohort)

    assert answer.url == reverse("applications:done", args=[uid])
    assert "has been sent already" in str(next(iter(request._messages)))
    assert Application.objects.get(uid=uid).school.establishment == establishment


def test_the_search_for_a_school_answers_head(client, cohort):
    uid = begin(client, cohort)

    assert client.head(reverse("applications:school", args=[uid])).status_code == 200


@pytest.mark.parametrize("entry", ["teacher", "offered"])
def test_a_programme_that_schools_do_not_apply_for_has_no_form_for_them(client, cohort, entry):
    Programme.objects.update(entry=entry)
    project = cohort.project
    address = reverse("applications:start", args=[project.programme.slug, project.year])

    assert client.get(address).url == reverse("programmes:page", args=[project.programme.slug])
    assert client.post(address, {"uid": uuid4()}).status_code == 302
    assert not Application.objects.exists()
