"""The school's own page by its private link: what it shows, what it does, what it says when it cannot."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import actions, decisions, emails
from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from programmes.models import Cohort, Grant, Place
from tests.factories import CohortFactory, DraftFactory, UserFactory

from . import stages
from .stages import fresh, mail, private_path, templates

pytestmark = pytest.mark.django_db

NAMES = {
    "name_1": "Amina Okafor",
    "email_1": "a.okafor@school.example",
    "role_1": "hod",
    "name_2": "Ben Li",
    "email_2": "b.li@school.example",
    "role_2": "teacher",
}
CONTACT = {
    "contact_name": "Ben Li",
    "contact_role": "slt",
    "contact_email": "b.li@school.example",
    "contact_phone": "",
}
HEAD = {"head_name": "Al Roy", "head_email": "al@school.example"}
SUB_PAGES = ["advocates", "contact", "head", "answer", "offer", "withdraw"]


def at_stage(stage, **fields):
    """Return an application at a stage of `stages`, by the clock that the pages read."""
    now = timezone.now()
    cohort = CohortFactory(opens_on=now.date() - timedelta(30), closes_on=now.date() + timedelta(30))
    return getattr(stages, stage)(at=now, cohort=cohort, submitted_at=now, **fields)


def token_of(path: str) -> str:
    return path.strip("/").split("/")[1]


def link() -> str:
    """Return the path of the newest private link to a school's page."""
    newest = PrivateLink.objects.filter(purpose="applications:manage").order_by("created_at").last()
    template = Message.objects.filter(text__contains=str(newest.pk)).get().template
    return private_path(template)


def page(name: str, path: str) -> str:
    return reverse(f"applications:manage_{name}", args=[token_of(path)])


def read(client, path) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("stage", "fields", "words"),
    [
        ("checked", {}, ["Eligible.", "Your headteacher: confirm by the link we sent", "Asked on"]),
        ("checked", {"nominees": (1,)}, ["One still to be named", "You can name your Mastery Advocates later."]),
        ("checked", {"nominees": ()}, ["Both still to be named"]),
        ("checked", {"school__establishment__type_code": 11}, ["Not eligible as it stands", "Not a state-funded"]),
        ("confirmed", {}, ["The hub is deciding", "Confirmed on"]),
        ("offered", {}, ["Place offered", "You: accept or decline the place", "Answer the offer"]),
        ("accepted", {}, ["Your place is confirmed", "£2,000", "version 1 of the rules"]),
        ("accepted", {"nominees": (1,)}, ["You: name both Mastery Advocates", "£2,000", "Still to come"]),
    ],
)
def test_the_page_says_where_it_stands_whose_move_it_is_and_what_was_found(client, stage, fields, words):
    application = at_stage(stage, **fields)

    text = read(client, link())

    assert application.reference in text and application.school.name in text
    for word in words:
        assert word in text, word


def test_looking_at_any_page_any_number_of_times_changes_nothing(client):
    application = at_stage("offered")
    path, before = link(), (mail(), stages.moves_of(application))

    for _ in range(3):
        for name in SUB_PAGES:
            assert client.get(page(name, path)).status_code in {200, 302}
            assert client.head(page(name, path)).status_code in {200, 302}
        read(client, path)

    assert (mail(), stages.moves_of(application)) == before
    assert fresh(application).status == "offered"


def test_a_post_without_the_pages_own_token_does_nothing():
    application = at_stage("offered")
    stranger = Client(enforce_csrf_checks=True)

    answer = stranger.post(page("offer", link()), {"answer": "accept"})

    assert answer.status_code == 403
    assert "Please send the form again" in answer.content.decode()
    assert fresh(application).status == "offered"


def test_names_are_given_and_a_repeat_is_harmless(client):
    application = at_stage("accepted", nominees=())
    path = link()

    for _ in range(2):
        answer = client.post(page("advocates", path), NAMES, follow=True)
        assert answer.status_code == 200

    assert list(application.nominees.values_list("name", flat=True)) == ["Amina Okafor", "Ben Li"]
    assert Place.objects.get().status == "confirmed"
    assert templates().count("place_accepted") == 2  # accepted, then confirmed
    assert "The place is confirmed with these two names." in answer.content.decode()


def test_accepting_twice_is_one_grant_and_says_the_same(client):
    application = at_stage("offered")
    path = link()

    pages = [client.post(page("offer", path), {"answer": "accept"}, follow=True).content.decode() for _ in range(2)]

    assert all("You have accepted the place." in text for text in pages)
    assert (fresh(application).status, Grant.objects.count()) == ("accepted", 1)


def test_a_declined_place_cannot_be_accepted_any_more(client):
    application = at_stage("offered")
    path = link()

    for _ in range(2):
        text = client.post(page("offer", path), {"answer": "decline"}, follow=True).content.decode()
        assert "You have declined the place." in text
    after = client.post(page("offer", path), {"answer": "accept"}, follow=True).content.decode()

    assert "cannot become" in after
    assert (fresh(application).status, Grant.objects.count()) == ("declined", 0)


def test_an_offer_that_has_run_out_is_said_so_and_not_accepted(client):
    application = at_stage("offered")
    Place.objects.update(answer_by=timezone.now().date() - timedelta(1))

    text = client.post(page("offer", link()), {"answer": "accept"}, follow=True).content.decode()

    assert "The offer has run out." in text
    assert fresh(application).status == "offered"


def test_a_question_is_shown_answered_once_and_the_hub_is_told(client):
    application = at_stage("checked")
    now = timezone.now()
    decisions.request_information(
        application, question="How many <b>pupils</b>?", answer_by=now.date(), by=UserFactory(), at=now
    )
    path = private_path("information_requested")
    assert "How many &lt;b&gt;pupils&lt;/b&gt;?" in read(client, page("answer", path))

    for text in ["900", "901"]:
        client.post(page("answer", path), {"answer": text})

    assert application.questions.get().answer == "900"
    assert templates().count("hub_has_answer") == 1
    assert client.get(page("answer", path)).url == reverse("applications:manage", args=[token_of(path)])


def test_withdrawing_twice_is_told_once_and_the_page_then_offers_nothing(client):
    application = at_stage("checked")
    path = link()

    for _ in range(2):
        client.post(page("withdraw", path), {"note": "Head of maths leaves."})

    assert fresh(application).status == "withdrawn"
    assert templates().count("decided_withdrawn") == 1
    text = read(client, path)
    assert "This application has ended" in text
    assert "Change<span" not in text and "Withdraw the application" not in text


def test_another_contact_closes_every_link_that_was_sent_before(client):
    application = at_stage("offered")
    old = [private_path(name) for name in ("checked", "place_offered")]

    answer = client.post(page("contact", old[1]), CONTACT)

    assert "The contact is changed" in answer.content.decode()
    assert fresh(application).contact_email == "b.li@school.example"
    assert mail()[-1] == ("contact_changed", "b.li@school.example")
    for path in old:
        assert client.get(path).status_code == 410
        assert client.post(page("withdraw", path), {}).status_code == 410
    assert fresh(application).status == "offered"
    read(client, private_path("contact_changed"))


def test_a_corrected_name_keeps_the_link(client):
    application = at_stage("checked")
    path = link()

    client.post(page("contact", path), CONTACT | {"contact_email": application.contact_email.upper()})

    assert fresh(application).contact_name == "Ben Li"
    assert "contact_changed" not in templates()
    read(client, path)


def test_another_head_is_asked(client):
    application = at_stage("checked")

    text = client.post(page("head", link()), HEAD, follow=True).content.decode()

    assert "We have asked Al Roy to confirm." in text
    assert application.endorsements.get(status="asked").email == "al@school.example"
    assert templates().count("ask_head") == 2


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("advocates", NAMES | {"email_2": "A.Okafor@school.example"}, "must be two people"),
        ("advocates", NAMES | {"role_1": ""}, "Choose the first Advocate"),
        ("advocates", NAMES | {"name_1": "x" * 121}, "120 characters"),
        ("contact", CONTACT | {"contact_email": "b.li"}, "in the correct format"),
        ("contact", CONTACT | {"contact_email": "a@b.example\nBcc: x@y.example"}, "in the correct format"),
        ("contact", CONTACT | {"contact_name": "\x00"}, "Enter your name."),
        ("head", {"head_name": "", "head_email": ""}, "Enter the headteacher&#x27;s name."),
        ("answer", {"answer": " "}, "Enter your answer."),
        ("answer", {"answer": "x" * 2001}, "2,000 characters"),
        ("offer", {}, "Choose yes or no."),
        ("offer", {"answer": "perhaps"}, "Choose one of the answers on the page."),
        ("withdraw", {"note": "x" * 2001}, "2,000 characters"),
    ],
)
def test_a_wrong_answer_is_said_with_how_to_mend_it_and_nothing_changes(client, name, data, said):
    application = at_stage("offered" if name == "offer" else "checked")
    if name == "answer":
        now = timezone.now()
        decisions.request_information(application, question="Why?", answer_by=now.date(), by=UserFactory(), at=now)
    before = (fresh(application).status, len(mail()))

    answer = client.post(page(name, link()), data)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert said in text
    assert "govuk-error-summary" in text
    assert (fresh(application).status, len(mail())) == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("advocates", NAMES),
        ("contact", CONTACT),
        ("head", HEAD),
        ("offer", {"answer": "accept"}),
        ("offer", {"answer": "decline"}),
    ],
)
def test_an_ended_application_says_so_and_changes_nothing(client, name, data):
    application = at_stage("checked")
    path = link()
    decisions.decline(application, reason="The cohort is full.", by=UserFactory(), at=timezone.now())

    answer = client.post(page(name, path), data, follow=True)

    assert answer.status_code == 200
    assert "govuk-" in answer.content.decode()
    assert fresh(application).status == "not_offered"
    assert templates().count("ask_head") == 1


def read_any(client, path) -> str:
    return " ".join(client.get(path).content.decode().split())


def dead(client, url) -> bool:
    answer = client.get(url)
    return answer.status_code == 410 and "This link does not work" in answer.content.decode()


def test_a_tampered_and_a_foreign_link_get_the_same_page_that_says_how_to_find_the_hub(client):
    at_stage("checked")
    path, head = link(), private_path("ask_head")
    token = token_of(path)
    draft = DraftFactory(cohort=Cohort.objects.get())
    emails.draft_saved(draft, "x@school.example", at=timezone.now())
    saved = private_path("draft_saved").strip("/").split("/")[-1]

    pages = set()
    for wrong in [token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "%00", "x" * 3000, token_of(head), saved]:
        answer = client.get(reverse("applications:manage", args=[wrong]))
        assert answer.status_code == 410
        pages.add(answer.content)
    for name in ["continue", "head_confirms"]:
        assert dead(client, reverse(f"applications:{name}", args=[token]))

    assert len(pages) == 1
    assert 'href="/privacy/"' in answer.content.decode()
    assert draft.hub.contact_email not in answer.content.decode()


@pytest.mark.parametrize("used", ["revoked", "expired"])
@pytest.mark.parametrize("name", ["checked", "ask_head", "draft_saved"])
def test_a_link_that_has_ended_names_its_hubs_public_contact_and_nothing_else(client, name, used):
    application = at_stage("checked")
    if name == "draft_saved":
        emails.draft_saved(DraftFactory(cohort=application.cohort), "x@school.example", at=timezone.now())
    path = private_path(name)
    now = timezone.now()
    if used == "revoked":
        PrivateLink.objects.update(revoked_at=now)
    else:
        PrivateLink.objects.update(created_at=now - timedelta(days=2), expires_at=now)

    assert dead(client, path)
    text = read_any(client, path)
    assert application.hub.name in text and application.hub.contact_email in text
    for private in (application.reference, application.school.name, application.contact_name, application.head_name):
        assert private not in text


def test_the_link_to_a_draft_opens_no_page_of_an_application(client):
    draft = DraftFactory()
    actions.withdraw(draft, by="School", at=timezone.now())
    PrivateLink.objects.all().delete()

    of_a_draft = links.make(
        "applications:manage", subject_of(DraftFactory()), at=timezone.now(), lives=timedelta(days=1)
    )
    assert dead(client, links.address(of_a_draft).removeprefix("http://127.0.0.1:8000"))


def test_the_token_is_kept_nowhere(client):
    at_stage("offered")
    token = token_of(link())

    assert not any(token in str(row) for row in Message.objects.values())
    assert not any(token in str(row) for row in PrivateLink.objects.values())


def test_the_page_of_one_school_costs_the_same_whatever_has_happened(client, django_assert_max_num_queries):
    at_stage("accepted")
    path = link()

    with django_assert_max_num_queries(12):
        read(client, path)


def test_private_pages_stay_out_of_caches_and_send_no_address_on(client):
    at_stage("checked")
    answer = client.get(link())

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_address_of_a_form_that_somebody_else_filled_in_opens_nothing(client):
    now = timezone.now()
    cohort = CohortFactory(opens_on=now.date() - timedelta(30), closes_on=now.date() + timedelta(30))
    theirs = DraftFactory(cohort=cohort)
    url = reverse("applications:start", args=[cohort.project.programme.slug, cohort.project.year])

    answer = client.post(url, {"uid": theirs.uid})

    assert answer.status_code == 302
    assert str(theirs.uid) not in answer.url
    assert client.get(reverse("applications:contact", args=[theirs.uid])).status_code == 404
