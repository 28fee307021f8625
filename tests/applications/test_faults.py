"""Servers that are down or never answer, workers that die: the school's form is sent all the same, and quickly."""

import socket
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from applications import actions, checks, decisions, emails, endorsements, tasks
from applications.models import Application
from hubportal.accounts import links
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging import delivery, wakeup
from hubportal.messaging.models import Message
from programmes.models import Place
from tests.factories import AT, CohortFactory, DraftFactory, HubMembershipFactory, UserFactory

from .stages import accepted, checked, confirmed, fresh, offered, templates

ENOUGH_SECONDS = 1.5  # two wake-up calls of 0.3 s at the most, and a slow machine


@pytest.fixture(autouse=True)
def a_broker_that_has_not_failed_yet():
    wakeup.breaker.reset()
    yield
    wakeup.breaker.reset()


@pytest.fixture
def refusing(settings):
    """Point the portal at a broker that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def silent(settings):
    """Point the portal at a broker that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        yield


def send(client) -> tuple[Application, float]:
    """Send a draft through the form and return it with the seconds that it took."""
    today = timezone.now().date()
    cohort = CohortFactory(opens_on=today, closes_on=today + timedelta(30))
    draft = DraftFactory(cohort=cohort, answers={"advocates": 2, "teachers": 8})
    session = client.session
    session["drafts"] = [str(draft.uid)]
    session.save()
    begun = time.monotonic()
    answer = client.post(reverse("applications:check", args=[draft.uid]))
    seconds = time.monotonic() - begun
    assert (answer.status_code, answer.url) == (302, reverse("applications:done", args=[draft.uid]))
    return fresh(draft), seconds


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["refusing", "silent"])
def test_a_form_is_sent_quickly_while_the_broker_is_away_and_checked_later(client, request, broker):
    request.getfixturevalue(broker)

    application, seconds = send(client)

    assert application.status == "submitted"
    assert seconds < ENOUGH_SECONDS
    assert templates() == ["received"]
    tasks.check_due()  # the beat, when the broker is back
    assert fresh(application).status == "eligible"


@pytest.mark.django_db(transaction=True)
def test_a_form_is_sent_while_the_mail_server_is_away_and_its_mail_waits(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1

    application, seconds = send(client)
    delivery.deliver_due(at=timezone.now())

    message = Message.objects.get()
    assert (application.status, seconds < ENOUGH_SECONDS) == ("submitted", True)
    assert (message.status, message.template) == ("queued", "received")


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["submit", "offer"])
def test_a_step_whose_mail_cannot_be_written_is_not_taken_either(step):
    application = confirmed() if step == "offer" else DraftFactory(answers={"advocates": 2, "teachers": 8})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE messaging_message ADD CONSTRAINT no_more_mail CHECK (false) NOT VALID")
    before = (fresh(application).status, Event.objects.count(), Message.objects.count())

    with pytest.raises(IntegrityError, match="no_more_mail"), transaction.atomic():
        if step == "submit":
            actions.submit(application, at=AT)
        else:
            decisions.offer(application, by=UserFactory(), at=AT)

    assert (fresh(application).status, Event.objects.count(), Message.objects.count()) == before
    assert not Place.objects.exists()


@pytest.mark.django_db
def test_staff_see_the_sent_applications_of_their_hubs_and_no_others():
    mine, theirs = checked(), checked()
    draft = DraftFactory(cohort=mine.cohort)
    staff = HubMembershipFactory(hub=mine.hub).user
    national = UserFactory(is_national=True)

    assert list(Application.objects.visible_to(staff)) == [mine]
    assert set(Application.objects.visible_to(national)) == {mine, theirs}
    assert not Application.objects.visible_to(UserFactory()).exists()
    assert draft not in Application.objects.visible_to(national)
    assert list(Place.objects.visible_to(staff)) == []


@pytest.mark.django_db
def test_every_task_run_twice_changes_nothing_the_second_time():
    offered()
    checks.check_due(at=timezone.now())

    def picture():
        rows = Application.objects.values_list("status", "place__status").order_by("pk")
        return list(rows), Message.objects.count(), Event.objects.count()

    for task in (tasks.check_due, tasks.lapse_due, tasks.send_reminders):
        task()
        once = picture()
        task()
        assert picture() == once


@pytest.mark.django_db
def test_a_tab_that_declines_a_place_which_was_accepted_meanwhile_is_told_what_can_be_done():
    application = accepted()
    with pytest.raises(IllegalMove, match=r"has been accepted already.+To give it back, withdraw"):
        actions.decline_offer(application, at=AT)
    assert fresh(application).status == "accepted"


@pytest.mark.django_db
def test_a_head_who_says_no_after_confirming_is_told_what_can_be_done():
    asked = confirmed().endorsements.get()
    with pytest.raises(IllegalMove, match=r"was confirmed already.+To take it back, write to the hub"):
        endorsements.refuse(asked, name="Jo Reid", note="", at=AT)
    assert type(asked).objects.get().status == "confirmed"


@pytest.mark.django_db
def test_a_colleague_who_answers_a_question_second_is_told_that_it_was_not_sent(client):
    application, now = checked(), timezone.now()
    decisions.request_information(application, question="Why?", answer_by=now.date(), by=UserFactory(), at=now)
    actions.answer_question(application.questions.get(), "Because.", at=now)
    token = links.address(emails.manage_link(application, at=now)).rstrip("/").rpartition("/")[2]

    said = client.post(reverse("applications:manage_answer", args=[token]), {"answer": "No idea."}, follow=True)

    assert "so your answer was not sent" in said.content.decode()
    assert application.questions.get().answer == "Because."
