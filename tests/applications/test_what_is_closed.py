"""What a school can no longer change is shown to read, with why and the way back; nothing sent to it is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import decisions
from applications.turns import status_words
from tests.factories import ApplicationFactory, CohortFactory, HubMembershipFactory, PlaceFactory, UserFactory

from . import stages
from .stages import fresh, private_path
from .test_school_pages import CONTACT, HEAD, NAMES, at_stage, link, page, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("data", [NAMES, {}, NAMES | {"email_1": "no address"}])
def test_the_names_of_a_confirmed_place_are_read_only(client, data):
    application = at_stage("accepted")
    before = list(application.nominees.values_list("name", flat=True))
    path = link()

    text = read(client, page("advocates", path))
    assert "The place is confirmed with these two names." in text
    assert "<form" not in text and "<input" not in text
    assert before[0] in text
    assert f'href="{path}"' in text

    after = client.post(page("advocates", path), data, follow=True)
    assert after.redirect_chain == [(path, 302)]
    assert "The place is confirmed with these two names." in after.content.decode()
    assert list(application.nominees.values_list("name", flat=True)) == before


@pytest.mark.parametrize(("name", "data"), [("advocates", NAMES), ("contact", CONTACT), ("head", HEAD)])
@pytest.mark.parametrize("valid", [True, False])
def test_nothing_of_an_ended_application_is_a_form(client, name, data, valid):
    application = at_stage("checked")
    path = link()
    decisions.decline(application, reason="The cohort is full.", by=UserFactory(), at=timezone.now())
    before = fresh(application)

    text = read(client, page(name, path))
    assert "This application has ended, so" in text and "<form" not in text
    after = client.post(page(name, path), data if valid else {}, follow=True)
    assert after.redirect_chain == [(path, 302)]
    assert "This application has ended, so" in after.content.decode()
    assert (fresh(application).contact_email, fresh(application).head_email) == (
        before.contact_email,
        before.head_email,
    )


def test_a_head_who_has_confirmed_is_not_changed(client):
    at_stage("confirmed")
    assert "The head has confirmed already, so nobody else is asked." in read(client, page("head", link()))


@pytest.mark.parametrize("name", ["offer", "withdraw"])
def test_a_wrong_answer_about_what_has_ended_leads_back(client, name):
    application = at_stage("checked")
    path = link()
    decisions.decline(application, reason="The cohort is full.", by=UserFactory(), at=timezone.now())
    answer = client.post(page(name, path), {"answer": "perhaps", "note": "x" * 2001})
    assert (answer.status_code, answer.url) == (302, path)


def test_withdrawing_looks_dangerous_and_there_is_a_way_not_to(client):
    at_stage("checked")
    path = link()
    text = read(client, page("withdraw", path))
    assert "govuk-button--warning" in text
    assert f'<a class="govuk-link" href="{path}">No, keep our application</a>' in text
    assert "govuk-button--warning" not in read(client, page("contact", path))


def test_the_timeline_tells_of_the_head_and_of_the_place_and_the_status_agrees(client):
    application = at_stage("checked")
    head = private_path("ask_head")
    client.post(head, {"answer": "head", "name": "Jo Reid"})
    decisions.offer(fresh(application), by=UserFactory(name="Staff Person"), at=timezone.now())
    path = link()
    text = read(client, path)
    assert "<strong>Head confirmed</strong>" in text and "Place offered." in text

    client.post(page("offer", path), {"answer": "accept"})
    text = read(client, path)
    order = ["Head confirmed", "Place offered", "Place accepted", "Place confirmed"]
    places = [text.index(f"<strong>{words}</strong>") for words in order]
    assert places == sorted(places)
    assert "Your place is confirmed" in text
    assert "Place confirmed. Reference" in text and "Place accepted. Reference" not in text
    assert "Staff Person" not in text.split("What has happened")[1]


@pytest.mark.parametrize(
    ("place", "words"),
    [("accepted", "Place accepted"), ("confirmed", "Place confirmed"), ("active", "Taking part")],
)
def test_the_status_of_an_accepted_application_follows_its_place(place, words):
    application = stages.checked()
    application.status = "accepted"
    application.place = PlaceFactory(cohort=application.cohort, school=application.school, status=place)
    assert status_words(application) == words


def test_an_application_that_was_joined_elsewhere_says_so_to_its_hub(client, settings):
    settings.REQUIRE_MFA = False
    theirs = stages.checked(
        at=timezone.now(), submitted_at=timezone.now(), contact_name="Zed Other", contact_email="zed@elsewhere.example"
    )
    today = timezone.now().date()
    here = CohortFactory(project=theirs.project, opens_on=today - timedelta(3), closes_on=today + timedelta(3))
    joined = ApplicationFactory(
        cohort=here, school=theirs.school, status="duplicate", joined_to=theirs, submitted_at=timezone.now()
    )
    client.force_login(HubMembershipFactory(hub=here.hub).user)

    text = read(client, reverse("admin:applications_application_change", args=[joined.pk]))

    assert "has not checked it yet" not in text
    assert "it was joined to an application that the school had sent to another hub" in text
    assert "Joined to another application of the school: nothing to do here" in text
    for private in (theirs.hub.name, theirs.contact_name, theirs.contact_email):
        assert private not in text
