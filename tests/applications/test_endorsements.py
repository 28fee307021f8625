"""The head's one page: opened by scanners, answered by people, passed on, replaced."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import actions, endorsements
from applications.models import Endorsement
from hubportal.accounts.models import PrivateLink
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from tests.factories import COMMITMENTS, CohortFactory, UserFactory

from .stages import checked, fresh, kinds_of, mail, moves_of, private_path, templates

pytestmark = pytest.mark.django_db

YES = {"answer": "head", "name": "Jo Reid"}
NO = {"answer": "no", "name": "Jo Reid", "note": "No cover this year."}
PASS_ON = {"answer": "pass", "name": "Jo Reid", "other_name": "Di Cox", "other_email": "di@school.example"}


@pytest.fixture
def application():
    """Return an application whose head has just been asked. The pages read the clock, so it is now."""
    now = timezone.now()
    cohort = CohortFactory(opens_on=now.date() - timedelta(30), closes_on=now.date() + timedelta(30))
    return checked(at=now, cohort=cohort, submitted_at=now)


@pytest.fixture
def path(application):
    return private_path("ask_head")


def asked(application) -> Endorsement:
    return application.endorsements.order_by("pk").last()


def test_the_page_says_what_it_is_whose_move_it_is_and_every_commitment(client, application, path):
    page = client.get(path).content.decode()

    assert application.school.name in page
    assert "You: say whether the school supports this" in page
    assert all(row["text"] in page for row in COMMITMENTS)
    assert "£2,000" in page


def test_opening_the_link_any_number_of_times_confirms_nothing(client, application, path):
    for _ in range(10):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200

    assert asked(application).status == "asked"
    assert (moves_of(asked(application)), templates().count("head_answered")) == ([], 0)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused_and_confirm_nothing(client, application, path, method):
    assert getattr(client, method)(path).status_code == 405
    assert asked(application).status == "asked"


def test_a_post_from_another_site_is_refused_with_a_page_and_confirms_nothing(application, path):
    stranger = Client(enforce_csrf_checks=True)

    answer = stranger.post(path, YES)

    assert answer.status_code == 403
    assert "Please send the form again" in answer.content.decode()
    assert asked(application).status == "asked"


def test_the_button_of_the_page_itself_confirms(application, path):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get(path).context["csrf_token"]

    answer = browser.post(path, YES | {"csrfmiddlewaretoken": str(token)})

    assert (answer.status_code, asked(application).status) == (302, "confirmed")


@pytest.mark.parametrize(
    ("capacity", "who"), [("head", "Headteacher"), ("for_school", "Somebody who can accept for the school")]
)
def test_a_yes_is_kept_with_who_and_when_and_the_school_is_told(client, application, path, capacity, who):
    page = client.post(path, YES | {"answer": capacity, "name": "Jo  Reid "}, follow=True).content.decode()

    kept = asked(application)
    assert (kept.status, kept.capacity, kept.answered_name) == ("confirmed", capacity, "Jo Reid")
    assert kept.commitments == COMMITMENTS
    assert moves_of(kept) == [("asked", "confirmed", who)]
    assert kinds_of(application) == ["head confirmed"]
    assert mail()[-1] == ("head_answered", application.contact_email)
    assert "Confirmed. Thank you" in page
    assert "Send my answer" not in page


def test_confirming_again_says_thank_you_again_and_changes_nothing(client, application, path):
    client.post(path, YES)
    before = (mail(), asked(application).answered_at)

    page = client.post(path, YES | {"name": "Somebody Else"}, follow=True).content.decode()

    assert "Confirmed. Thank you" in page
    assert (mail(), asked(application).answered_at) == before
    assert asked(application).answered_name == "Jo Reid"


def test_a_no_is_kept_told_and_can_be_taken_back(client, application, path):
    page = client.post(path, NO, follow=True).content.decode()

    assert "You said no. If that has changed, you can answer again." in page
    assert (asked(application).status, asked(application).note) == ("refused", "No cover this year.")
    assert mail()[-1] == ("head_answered", application.contact_email)

    client.post(path, YES)
    assert asked(application).status == "confirmed"
    assert [new for _, new, _ in moves_of(asked(application))] == ["refused", "confirmed"]


@pytest.mark.parametrize("first", [None, NO])
def test_passing_it_on_asks_the_other_person_and_the_old_link_says_so(client, application, path, first):
    if first:
        client.post(path, first)
    page = client.post(path, PASS_ON, follow=True).content.decode()

    assert "Passed on. Thank you" in page
    assert list(application.endorsements.values_list("email", "status")) == [
        (application.head_email, "passed_on"),
        ("di@school.example", "asked"),
    ]
    assert mail()[-1] == ("ask_head", "di@school.example")
    new = private_path("ask_head")
    assert new != path
    client.post(path, YES)  # the old link confirms nothing any more
    assert asked(application).status == "asked"
    client.post(new, YES | {"answer": "for_school", "name": "Di Cox"})
    assert asked(application).status == "confirmed"


def test_passing_it_on_twice_asks_one_person(client, application, path):
    for _ in range(2):
        client.post(path, PASS_ON)

    assert application.endorsements.count() == 2
    assert templates().count("ask_head") == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose one of the four answers."),
        ({"answer": "maybe", "name": "Jo"}, "Choose one of the answers on the page."),
        ({"answer": "head", "name": ""}, "Enter your name."),
        ({"answer": "pass", "name": "Jo"}, "Enter the name of the person who should answer."),
        (PASS_ON | {"other_email": "no address"}, "in the correct format"),
        (PASS_ON | {"other_email": "a@b.example\nBcc: x@y.example"}, "in the correct format"),
        (NO | {"note": "x" * 2001}, "2,000 characters"),
    ],
)
def test_a_wrong_answer_is_said_at_its_place_and_confirms_nothing(client, application, path, data, said):
    answer = client.post(path, data)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert asked(application).status == "asked"
    assert application.endorsements.count() == 1


@pytest.mark.parametrize("data", [PASS_ON | {"other_email": "no address"}, {"answer": "pass"}, {}, {"answer": "x\0"}])
@pytest.mark.parametrize("first", [YES, PASS_ON])
def test_a_wrong_answer_after_the_answer_shows_what_was_answered(client, application, path, data, first):
    client.post(path, first)
    answer = client.post(path, data, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Thank you: " in text
    assert "<title>Confirm for" in text and "Error" not in text


def test_what_only_one_answer_needs_is_shown_for_that_answer(client, application, path):
    text = " ".join(client.get(path).content.decode().split())
    no, other = (text.index(f'id="conditional_answer_{position}"') for position in (3, 4))
    assert text.count("data-aria-controls=") == 2
    assert 'class="govuk-radios__input" id="id_answer_3" value="no" data-aria-controls="conditional_answer_3"' in text
    assert 'class="govuk-radios__input" id="id_answer_4" value="pass" data-aria-controls="conditional_answer_4"' in text
    assert no < text.index("Only if you say no: what stands in the way?") < other
    assert other < text.index("Only if you pass it on: the other person") < text.index("Your full name")


def test_what_another_answer_needs_is_neither_kept_nor_in_the_way(client, application, path):
    client.post(path, YES | {"note": "x" * 3000, "other_name": "y" * 300, "other_email": "no address"})
    asked = application.endorsements.get()
    assert (asked.status, asked.note) == ("confirmed", "")


def test_a_link_that_was_replaced_is_dead(client, application, path):
    actions.correct_head(application, name="Al Roy", email="al@school.example", at=timezone.now())

    for answer in (client.get(path), client.post(path, YES)):
        assert answer.status_code == 410
        assert "This link does not work" in answer.content.decode()
    assert list(application.endorsements.values_list("status", flat=True)) == ["replaced", "asked"]
    assert client.get(private_path("ask_head")).status_code == 200


@pytest.mark.parametrize("data", [YES, NO, PASS_ON])
def test_nothing_is_confirmed_once_the_application_has_ended(client, application, path, data):
    actions.withdraw(application, by="School", at=timezone.now())

    page = client.get(path).content.decode()
    after = client.post(path, data, follow=True).content.decode()

    assert "this application has ended" in page
    assert "Send my answer" not in page
    assert "nothing needs to be confirmed" in after
    assert [e.status for e in application.endorsements.all()] == ["asked"]


def test_two_tabs_of_the_head_end_in_the_first_answer(application):
    one, other = asked(application), asked(application)
    endorsements.confirm(one, name="Jo Reid", capacity="head", at=timezone.now())

    with pytest.raises(IllegalMove):
        endorsements.pass_on(other, name="Di Cox", email="di@school.example", at=timezone.now())
    assert application.endorsements.count() == 1


def test_the_date_that_was_given_does_not_move_when_the_head_is_reminded(client, application, path):
    before = asked(application).answer_by
    endorsements.head_link(asked(application), at=timezone.now() + timedelta(days=7))

    assert asked(application).answer_by == before
    assert client.get(path).status_code == 200  # a reminder's new link leaves the first one working


def test_asking_the_head_twice_asks_once(application):
    assert endorsements.ask_head(application, at=timezone.now()) is None
    assert templates().count("ask_head") == 1


def test_neither_the_tables_nor_the_outbox_hold_the_token(application, path):
    token = path.strip("/").split("/")[-1]

    assert len(token) >= 40
    assert not any(token in message.text + message.subject + message.key for message in Message.objects.all())
    assert not PrivateLink.objects.filter(token_hash__contains=token).exists()
    assert not any(token in str(row) for row in PrivateLink.objects.values())


def test_a_link_runs_out_after_sixty_days(client, application, path):
    PrivateLink.objects.filter(purpose="applications:head_confirms").update(
        created_at=timezone.now() - timedelta(days=61), expires_at=timezone.now() - timedelta(seconds=1)
    )

    assert client.get(path).status_code == 410
    assert client.post(path, YES).status_code == 410
    assert asked(application).status == "asked"
    assert fresh(application).status == "eligible"


def test_a_link_of_another_purpose_opens_nothing(client, application, path):
    head_token = path.strip("/").split("/")[-1]
    school_token = private_path("checked").strip("/").split("/")[-1]

    assert client.get(reverse("applications:head_confirms", args=[school_token])).status_code == 410
    assert client.post(reverse("applications:head_confirms", args=[school_token]), YES).status_code == 410
    assert client.get(reverse("applications:manage", args=[head_token])).status_code == 410
    assert asked(application).status == "asked"


def test_the_heads_own_words_are_in_no_event_and_the_hub_is_told_of_the_no(client, application, path):
    client.post(path, NO)

    assert asked(application).note == "No cover this year."
    assert not Event.objects.filter(note__contains="No cover").exists()
    told = Message.objects.get(template="hub_is_told")
    assert "The head has said no." in told.text and "No cover" not in told.text
    assert "the link in our e-mail to them still works" in Message.objects.get(template="head_answered").text


def test_staff_who_ask_the_same_head_again_send_a_new_link_and_leave_the_old_one_working(client, application, path):
    same = {"name": application.head_name, "email": application.head_email.upper()}

    said = actions.correct_head(application, **same, by=UserFactory(), at=timezone.now())

    assert said == f"{application.head_name} gets the request again, with a new link."
    assert templates().count("ask_head") == 2
    assert application.endorsements.count() == 1
    new = private_path("ask_head")
    assert new != path
    assert [client.get(each).status_code for each in (path, new)] == [200, 200]


def test_a_school_that_gives_the_same_head_again_asks_nobody_and_is_told_so(application):
    said = actions.correct_head(
        application, name=application.head_name, email=application.head_email, at=timezone.now()
    )

    assert said.startswith(f"We have asked {application.head_name} already")
    assert templates().count("ask_head") == 1


def test_before_anybody_was_asked_the_details_are_saved_and_nobody_is_said_to_have_been_asked():
    application = checked(school__establishment__type_code=11)

    said = actions.correct_head(application, name="Al Roy", email="al@school.example", at=timezone.now())

    assert "We have asked" not in said and said.startswith("The details are saved.")
    assert (fresh(application).head_name, templates().count("ask_head")) == ("Al Roy", 0)
