"""The mail server away: everybody waits together, nothing is lost and no attempt is burnt."""

import pytest

from hubportal.messaging import delivery, mailserver
from hubportal.messaging.models import MailServer, Message

from .conftest import DROP
from .rows import AT, MessageFactory, pause_is_over, statuses


def deliver(at=AT):
    return delivery.deliver_due(at)


@pytest.mark.django_db
def test_a_server_that_is_down_burns_no_attempts_and_everything_is_sent_when_it_is_back(sink):
    sink.stop()
    MessageFactory.create_batch(45)
    deliver()
    assert statuses() == {"queued": 45}
    assert set(Message.objects.values_list("attempts", "not_before", "owner")) == {(0, None, "")}
    assert "refused" in mailserver.trouble().last_error

    sink.start()
    deliver()
    assert statuses() == {"queued": 45}, "nobody tries during the pause"

    pause_is_over()
    assert deliver() == 45
    assert statuses() == {"sent": 45}
    assert mailserver.trouble() is None


@pytest.mark.django_db
def test_a_server_that_goes_away_between_two_messages_costs_neither_an_attempt(sink):
    message, other = MessageFactory.create_batch(2)

    async def leave():
        sink.controller.server.close()
        return "250 The last one"

    sink.at_data[message.to] = leave
    sink.at_rcpt[other.to] = DROP
    deliver()
    other.refresh_from_db()
    assert statuses() == {"sent": 1, "queued": 1}
    assert (other.attempts, other.not_before) == (0, None)
    assert mailserver.trouble()


@pytest.mark.django_db
def test_the_pause_grows_and_one_worker_at_a_time_looks_whether_the_server_is_back(sink):
    sink.stop()
    MessageFactory()
    for failures in (1, 2, 3):
        deliver()
        assert MailServer.objects.get().failures == failures
        pause_is_over()
    assert mailserver.ask_leave() == 3
    assert mailserver.ask_leave() is None, "somebody is looking already"
    pauses = [mailserver.pause_after(n).total_seconds() for n in range(1, 9)]
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]


@pytest.mark.django_db
def test_several_workers_that_notice_at_once_count_as_one_failure():
    for _ in range(8):
        mailserver.went_down(0, "gone")
    assert MailServer.objects.get().failures == 1


@pytest.mark.django_db
def test_a_server_that_breaks_every_connection_after_the_text_does_not_get_the_whole_queue(sink):
    for message in MessageFactory.create_batch(10):
        sink.at_data[message.to] = DROP
    deliver()
    assert statuses() == {"unknown": delivery.PATIENCE, "queued": 10 - delivery.PATIENCE}
    deliver()
    pause_is_over()
    deliver()
    assert statuses() == {"unknown": delivery.PATIENCE + 1, "queued": 9 - delivery.PATIENCE}


@pytest.mark.django_db
def test_a_wrong_password_for_the_mail_server_fails_no_message(sink, settings):
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "wrong"
    MessageFactory()
    deliver()
    assert statuses() == {"queued": 1}
    assert mailserver.trouble()
