"""A department's way through the sign-up, by the client: its own pages, every wrong answer, nothing lost."""

import io
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications import checks, documents, emails
from applications.models import Application, Document
from applications.people_forms import ParticipantsForm
from hubportal.accounts import links
from hubportal.messaging.models import Message
from programmes.models import FocusRoom, PersonEmail
from tests.applications.sustaining import SAID, focus, ranked, signed_up, sustaining_cohort, took_part
from tests.factories import DraftFactory, EstablishmentFactory, PersonFactory, SchoolFactory

pytestmark = pytest.mark.django_db

ROUTE = {"route": "development", "route_year": "2025", "route_cohort": ""}
PEOPLE = {
    "name_1": "Amina Okafor", "email_1": "a@school.example", "role_1": "teacher",
    "name_2": "Ben Li", "email_2": "b@school.example", "role_2": "other",
}  # fmt: skip
MEMBERS = {"teachers": 8, "colleagues": "yes", "colleagues_count": 3, "support": "unsure", "hod_agrees": "self"}
PLAN = {"plan": "typed", "plan_priorities": "Fractions.", "plan_measures": "Pupils explain them."}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


def zipped(files: dict[str, bytes], stored=False) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


DOCX = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
WITH_MACROS = zipped({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b""})
ODT = zipped({"mimetype": documents.ODT.encode(), "content.xml": b"<c/>"}, stored=True)


@pytest.fixture
def cohort():
    return sustaining_cohort({"a": 1, "d": 0})


@pytest.fixture
def uid(client, cohort):
    """Return a draft of this browser whose school is chosen."""
    uid = uuid4()
    client.post(reverse("applications:start", args=["sustaining", 2026]), {"uid": uid})
    school = EstablishmentFactory(name="St Botolph's School")
    client.post(reverse("applications:confirm_school", args=[uid, school.urn]), {"cohort": cohort.pk})
    return uid


def send(client, uid, page, data):
    return client.post(reverse(f"applications:{page}", args=[uid]), data)


def draft(uid) -> Application:
    return Application.objects.with_details().get(uid=uid)


def errors(response) -> dict:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def fill(client, uid, **more):
    pages = {
        "route": ROUTE,
        "contact": {"contact_name": "Amina Okafor", "contact_role": "teacher", "contact_email": "a@school.example"},
        "head": {"head_name": "Jo Reid", "head_email": "head@school.example"},
        "foci": {"focus_1": "b", "focus_2": "a"},
        "advocates": PEOPLE,
        "department": MEMBERS,
        "plan": PLAN,
        "commitments": {"commitments": [f"c{n}" for n in range(1, 7)]},
    } | more
    for page, data in pages.items():
        assert send(client, uid, page, data).status_code == 302, page


def test_a_department_signs_up_page_by_page(client, uid):
    fill(client, uid)
    page = client.get(reverse("applications:check", args=[uid])).content.decode()
    for shown in ["1. Multiplicative reasoning", "Lead participant", "About 3", "In 2025/26", "Send the sign-up"]:
        assert shown in page
    assert "Mastery Advocate" not in page
    client.post(reverse("applications:check", args=[uid]))
    assert draft(uid).status == "submitted"
    done = client.get(reverse("applications:done", args=[uid])).content.decode()
    assert "Sign-up sent" in done and "xpression of interest" not in done


def test_its_pages_are_the_programmes_and_an_interest_has_none_of_them(client, uid):
    page = client.get(reverse("applications:tasks", args=[uid])).content.decode()
    for title in ["How your department comes to this", "Which focus", "Who leads for your school", "development plan"]:
        assert title in page
    interest = DraftFactory()
    session = client.session
    session["drafts"] = [str(interest.uid)]
    session.save()
    for name in ("route", "foci", "plan"):
        assert client.get(reverse(f"applications:{name}", args=[interest.uid])).status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "route"),
        ({"route": "development"}, "route_year"),
        ({"route": "break", "route_year": "1999"}, "route_year"),
        ({"route": "development", "route_year": "2026"}, "route_year"),  # the year signed up for is no history
        ({"route": "specialist"}, "route_cohort"),
        ({"route": "specialist", "route_cohort": "nine"}, "route_cohort"),
        ({"route": "specialist", "route_cohort": "99"}, "route_cohort"),
    ],
)
def test_a_route_is_said_whole(client, uid, said, field):
    response = send(client, uid, "route", said)
    assert response.status_code == 200 and list(errors(response)) == [field]


def test_what_belongs_to_another_route_is_dropped(client, uid):
    send(client, uid, "route", {"route": "specialist", "route_year": "rubbish", "route_cohort": "6"})
    assert draft(uid).answers["route_cohort"] == 6 and draft(uid).answers["route_year"] is None


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({}, {"focus_1": ["Choose the focus that you would like most."]}),
        (
            {"focus_1": "a", "focus_2": "a"},
            {"focus_2": ["This is your first choice already. Choose another, or none."]},
        ),
        ({"focus_1": "d"}, {"focus_1": ["Your hub does not run that focus. Choose one of these."]}),
        ({"focus_1": "z"}, {"focus_1": ["Your hub does not run that focus. Choose one of these."]}),
    ],
)
def test_foci_are_refused_at_their_field(client, uid, choices, said):
    assert errors(send(client, uid, "foci", choices)) == said


def test_a_full_focus_is_shown_as_full_and_can_be_waited_for(client, uid, cohort):
    took_part(SchoolFactory(), status="active")
    signed = signed_up(cohort, "a")
    place = took_part(signed.school, year=2026, family="sec-sustaining", status="offered", hub=cohort.hub)
    type(place).objects.filter(pk=place.pk).update(focus=focus(cohort, "a"))
    page = client.get(reverse("applications:foci", args=[uid])).content.decode()
    assert "Mathematical thinking (full: waiting list)" in page and "Your own focus" not in page
    assert send(client, uid, "foci", {"focus_1": "b", "focus_2": "a"}).status_code == 302
    assert draft(uid).answers["foci_seen_full"] == ["a"]


def test_a_focus_that_fills_up_before_sending_is_said_and_nothing_is_lost(client, uid, cohort):
    fill(client, uid, foci={"focus_1": "a"})
    FocusRoom.objects.filter(cohort=cohort, focus__letter="a").delete()
    place = took_part(SchoolFactory(), year=2026, family="sec-sustaining", status="offered", hub=cohort.hub)
    type(place).objects.filter(pk=place.pk).update(focus=focus(cohort, "a"))
    FocusRoom.objects.create(cohort=cohort, focus=focus(cohort, "a"), capacity=1)
    response = client.post(reverse("applications:check", args=[uid]))
    assert response.status_code == 409
    assert "“Mathematical thinking” has filled up since you chose it." in response.content.decode()
    assert draft(uid).status == "draft" and draft(uid).answers["plan_priorities"] == "Fractions."
    send(client, uid, "foci", {"focus_1": "a"})  # the school waits for it with open eyes
    client.post(reverse("applications:check", args=[uid]))
    assert draft(uid).status == "submitted"


def test_another_hub_asks_for_the_foci_again(client, uid):
    fill(client, uid)
    other = sustaining_cohort({"b": 0})
    client.post(reverse("applications:confirm_school", args=[uid, draft(uid).school.urn]), {"cohort": other.pk})
    response = client.get(reverse("applications:check", args=[uid]))
    assert response.url == reverse("applications:foci", args=[uid])


def test_before_the_school_is_chosen_no_focus_counts_as_chosen(client, cohort):
    uid = uuid4()
    client.post(reverse("applications:start", args=["sustaining", 2026]), {"uid": uid})

    rows = client.get(reverse("applications:tasks", args=[uid])).context["rows"]

    assert ("foci", "Which focus you would like", False) in rows


@pytest.mark.parametrize("pasted", ["\n".join(f"Teacher {n}" for n in range(200)), "Teacher, " * 200, "A, B, C, D"])
def test_two_hundred_pasted_names_get_a_sentence_and_no_row(client, uid, pasted):
    response = send(client, uid, "advocates", PEOPLE | {"name_1": pasted})
    assert errors(response) == {"name_1": [ParticipantsForm.a_list]}
    assert draft(uid).nominees.count() == 0


def test_more_colleagues_than_there_are_is_said(client, uid):
    response = send(client, uid, "department", MEMBERS | {"colleagues_count": 9})
    assert list(errors(response)) == ["colleagues_count"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("plan.pdf", b"", "This file is empty."),
        ("plan.pdf", b"MZ\x90\x00 a program", "This is not a PDF, Word (.docx)"),
        ("plan.docx", b"<html><script>alert(1)</script>", "This is not a PDF"),
        ("plan.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old format, or one with a password"),
        ("plan.docx", zipped({"xl/workbook.xml": b"", "[Content_Types].xml": b""}), "This is not a PDF"),
        (
            "plan.docx",
            WITH_MACROS,
            "macros",
        ),
        ("plan.odt", zipped({"mimetype": b"application/epub+zip"}), "This is not a PDF"),
        ("plan.zip", DOCX[:-30], "This is not a PDF"),
        ("plan.pdf", PDF + b"x" * (10 * 1024 * 1024), "larger than 10 megabytes"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_at_its_field(client, uid, name, content, says):
    response = send(client, uid, "plan", {"plan": "file", "file": SimpleUploadedFile(name, content)})
    assert response.status_code == 200 and says in errors(response)["file"][0]
    assert not Document.objects.exists()


def test_a_zip_with_a_password_is_refused(client, uid):
    locked = bytearray(DOCX)
    for start in (b"PK\x03\x04", b"PK\x01\x02"):  # the flag stands at another place in each kind of header
        at = locked.find(start)
        while at >= 0:
            locked[at + (6 if start == b"PK\x03\x04" else 8)] |= 1
            at = locked.find(start, at + 4)
    response = send(client, uid, "plan", {"plan": "file", "file": SimpleUploadedFile("p.docx", bytes(locked))})
    assert "protected with a password" in errors(response)["file"][0]


@pytest.mark.parametrize(
    ("sent", "content", "kept"),
    [("Plan.exe", PDF, "Plan.pdf"), ("our plan.docx", DOCX, "our plan.docx"), ("x.odt", ODT, "x.odt")],
)
def test_a_file_is_what_its_content_says(client, uid, sent, content, kept):
    send(client, uid, "plan", {"plan": "file", "file": SimpleUploadedFile(sent, content)})
    assert Document.objects.get().name == kept and bytes(Document.objects.get().content) == content


def test_a_plan_that_is_typed_after_all_takes_the_file_away(client, uid):
    send(client, uid, "plan", {"plan": "file", "file": SimpleUploadedFile("p.pdf", PDF)})
    send(client, uid, "plan", {"plan": "file"})  # the page sent again: the file stays
    assert Document.objects.count() == 1
    send(client, uid, "plan", PLAN)
    assert not Document.objects.exists()


def test_a_file_beside_another_answer_is_asked_about(client, uid):
    response = send(client, uid, "plan", PLAN | {"file": SimpleUploadedFile("p.pdf", PDF)})
    assert list(errors(response)) == ["plan"]


def test_the_form_says_nothing_of_our_records_and_the_outcome_does(client, uid):
    fill(client, uid)
    took_part(draft(uid).school)
    page = client.get(reverse("applications:check", args=[uid])).content.decode()
    assert "we look for it in our records" in page and "Our records show" not in page
    client.post(reverse("applications:check", args=[uid]))
    checks.check_due(at=timezone.now())
    assert draft(uid).status == "eligible"
    assert "Our records show Development in 2025/26: completed." in Message.objects.get(template="checked").text


def test_without_any_history_a_person_looks(client, uid):
    fill(client, uid)
    client.post(reverse("applications:check", args=[uid]))
    checks.check_due(at=timezone.now())
    assert draft(uid).status == "referred"
    assert "Our records do not show that, so a person will look" in Message.objects.get(template="checked").text


def test_a_second_sign_up_of_the_school_and_year_is_joined(client, uid, cohort):
    fill(client, uid)
    client.post(reverse("applications:check", args=[uid]))
    second = DraftFactory(
        cohort=cohort, school=draft(uid).school, answers=SAID | ranked(cohort, "a"), created_at=timezone.now()
    )
    session = client.session
    session["drafts"] = [str(second.uid)]
    session.save()
    client.post(reverse("applications:check", args=[second.uid]))
    assert draft(second.uid).status == "duplicate"
    assert "had already sent a sign-up for" in Message.objects.get(template="joined").text


def link(application) -> str:
    return links.address(emails.manage_link(application, at=timezone.now())).partition("://")[2].partition("/")[2]


def private(application, rest="") -> str:
    return f"/{link(application)}{rest}"


def test_by_the_private_link_the_school_changes_its_order_until_the_offer(client, cohort):
    application = signed_up(cohort, "ab")
    page = private(application, "foci/")
    client.post(page, {"focus_1": "c"})
    application.refresh_from_db()
    assert application.answers["foci"] == ["c"] and application.checks.count() == 2
    place = took_part(application.school, year=2026, family="sec-sustaining", status="offered", hub=cohort.hub)
    Application.objects.filter(pk=application.pk).update(place=place, status="offered")
    assert "A place has been offered" in client.get(page).content.decode()
    client.post(page, {"focus_1": "b"})
    application.refresh_from_db()
    assert application.answers["foci"] == ["c"]


def test_a_plan_comes_later_by_the_private_link_and_only_its_school_gets_it_back(client, cohort):
    application = signed_up(cohort, said={"plan": "later"})
    assert {row["code"] for row in application.checks.first().findings} == {"plan_to_come"}
    sent = {"plan": "file", "file": SimpleUploadedFile("Plan “25”.pdf", PDF)}
    client.post(private(application, "plan/"), sent)
    application.refresh_from_db()
    assert application.answers["plan"] == "file" and application.checks.first().findings == []
    got = client.get(private(application, "plan/file/"))
    assert got.content == PDF and got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Disposition"].startswith("attachment;") and "no-store" in got["Cache-Control"]
    other = signed_up(cohort, "b")
    assert client.get(private(other, "plan/file/")).status_code == 404


def test_last_years_two_are_offered_to_the_schools_own_contact_only(client, cohort):
    application = signed_up(cohort, confirmed=False, nominees=())
    place = application.school.places.get()
    for name, role in (("Iris Wood", "hod"), ("Sam Ade", "teacher")):
        person = PersonFactory(name=name)
        PersonEmail.objects.create(person=person, email=f"{person.pk}@school.example")
        place.advocates.create(person=person, role=role, from_on=place.offered_at.date())
    page = private(application, "advocates/")
    assert "Iris Wood" not in client.get(page).content.decode()
    client.post(private(application, "advocates/same/"))
    assert application.nominees.count() == 0
    application.endorsements.update(status="confirmed", answered_at=timezone.now(), capacity="head")
    assert "Iris Wood" in client.get(page).content.decode()
    client.post(private(application, "advocates/same/"))
    assert [each.name for each in application.nominees.all()] == ["Iris Wood", "Sam Ade"]


def test_who_left_during_last_year_is_not_offered_again(client, cohort):
    application = signed_up(cohort, nominees=())
    place = application.school.places.get()
    began, left = date(2025, 9, 1), date(2026, 1, 9)
    gone, stays, follower = (PersonFactory(name=name) for name in ("Iris Wood", "Sam Ade", "Nadia Petrov"))
    for person in (gone, stays, follower):
        PersonEmail.objects.create(person=person, email=f"{person.pk}@school.example")
    place.advocates.create(person=stays, role="teacher", from_on=began)
    was = place.advocates.create(person=gone, role="hod", from_on=began, until_on=left, reason="Left.")
    place.advocates.create(person=follower, role="hod", from_on=left, replaces=was)

    client.post(private(application, "advocates/same/"))

    assert [each.name for each in application.nominees.all()] == ["Sam Ade", "Nadia Petrov"]


def test_the_head_and_the_mail_speak_of_this_programme_and_of_no_grant(client, cohort):
    application = signed_up(cohort, confirmed=False)
    asked = Message.objects.get(template="ask_head")
    assert "another year, with two people who lead" in asked.text and "Two maths teachers" not in asked.text
    path = links.fill(asked.text).partition("/confirm/")[2].split()[0]
    page = client.get(f"/confirm/{path}").content.decode()
    assert "There is no fee.</p>" in page and "£" not in page
    assert "grant" not in Message.objects.get(template="checked").text
    assert timedelta(0) < timezone.now() - application.created_at
