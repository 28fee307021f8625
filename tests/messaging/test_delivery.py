"""What becomes of a message, with a real mail server."""

import asyncio
import smtplib
import threading
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.db import connection

from hubportal.accounts import links
from hubportal.messaging import delivery
from hubportal.messaging.letters import message_id
from hubportal.messaging.models import Message
from hubportal.messaging.states import Status
from tests.factories import HubFactory

from .conftest import DROP
from .rows import AT, MessageFactory, leases_run_out, statuses


def deliver(at=AT):
    return delivery.deliver_due(at)


def at_once(count, work):
    """Run `work` in several threads, all starting at the same moment."""
    start = threading.Barrier(count)
    problems = []

    def one():
        try:
            start.wait()
            work()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems


# What arrives


@pytest.mark.django_db
def test_a_message_arrives_with_its_exact_text_and_headers(sink, settings):
    settings.DEFAULT_FROM_EMAIL = "Hub portal <no-reply@portal.example>"
    hub = HubFactory(contact_email="maths@hub.example")
    text = "Dear Zoë 👩🏽‍🏫,\n\nשלום مرحبا – £2,000\n.a line that begins with a dot\n"  # noqa: RUF001
    message = MessageFactory(hub=hub, subject="Your place: שלום 🎉", text=text)

    assert deliver() == 1

    [email] = sink.received
    message.refresh_from_db()
    assert email.get_content().replace("\r\n", "\n") == text
    assert email.get_content_type() == "text/plain"
    assert email.get_content_charset() == "utf-8"
    assert email["Subject"] == message.subject
    assert email["To"] == message.to
    assert parseaddr(email["From"]) == ("Hub portal", "no-reply@portal.example")
    assert email["Reply-To"] == "maths@hub.example"
    assert email["Auto-Submitted"] == "auto-generated"
    assert (message.status, message.attempts, message.owner, message.lease_until) == (Status.SENT, 1, "", None)
    assert AT <= message.sent_at < AT + timedelta(minutes=1)
    assert message.result.startswith("250")


@pytest.mark.django_db
def test_the_message_id_says_nothing_and_stays_the_same_at_every_try(sink):
    message = MessageFactory(key="ask-head:123")
    sink.at_data[message.to] = "451 Try later"
    before = message_id(message.key)
    deliver()
    sink.at_data.clear()
    deliver(AT + timedelta(hours=1))

    assert Message.objects.get().attempts == 2
    assert sink.received[0]["Message-ID"] == before
    assert "ask-head" not in before
    assert before != message_id("ask-head:124")


@pytest.mark.django_db
def test_a_private_link_is_in_the_mail_and_nowhere_in_the_table(sink):
    page = "admin:messaging_message_history"  # any page that takes one argument will do
    link = links.make(page, "x:1", at=AT, lives=timedelta(days=7))
    message = MessageFactory(text=f"Open this:\n{links.mark(link)}\nThank you.")

    deliver()

    address = links.address(link)
    assert address in sink.received[0].get_content()
    message.refresh_from_db()
    assert message.text == f"Open this:\n{links.mark(link)}\nThank you."
    token = address.rstrip("/").split("/")[-2]
    assert links.find(token, link.purpose) == link
    for value in Message.objects.values().get().values():
        assert token not in str(value)


@pytest.mark.django_db
def test_one_connection_serves_a_whole_batch(sink):
    MessageFactory.create_batch(5)
    assert deliver() == 5
    assert len(sink.received) == 5
    assert sink.connections == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", "head@school.example\nBcc: everybody@school.example"),
        ("subject", "Hello\r\nBcc: everybody@school.example"),
        ("to", "nobody"),
        ("to", ""),
    ],
)
def test_what_is_no_header_or_address_fails_alone_and_is_shown(sink, field, value):
    MessageFactory(**{field: value})
    good = MessageFactory()

    deliver()

    assert statuses() == {"failed": 1, "sent": 1}
    assert [email["To"] for email in sink.received] == [good.to]
    assert all("Bcc" not in email for email in sink.received)
    assert Message.objects.get(status="failed").result


@pytest.mark.django_db
def test_a_message_whose_hub_has_a_broken_contact_address_fails_alone(sink):
    MessageFactory(hub=HubFactory(contact_email="a@b.example\nBcc: x@y.example"))
    deliver()
    assert statuses() == {"failed": 1}
    assert not sink.received


# What the server answers


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["at_rcpt", "at_data"])
def test_a_refusal_for_good_fails_at_the_first_try(sink, when):
    message = MessageFactory()
    getattr(sink, when)[message.to] = "550 No such person"
    others = MessageFactory.create_batch(2)

    deliver()
    deliver(AT + timedelta(days=2))

    message.refresh_from_db()
    assert (message.status, message.attempts, message.result) == (Status.FAILED, 1, "550 No such person")
    assert sink.tries[message.to] == 1
    assert {email["To"] for email in sink.received} == {other.to for other in others}


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["at_rcpt", "at_data"])
def test_a_refusal_for_now_is_tried_again_after_a_growing_wait_for_a_day(sink, when):
    message = MessageFactory()
    getattr(sink, when)[message.to] = "450 Try later"
    at, waits = AT, []
    while True:
        deliver(at)
        message.refresh_from_db()
        if message.status != Status.QUEUED:
            break
        deliver(message.not_before - timedelta(seconds=1))
        waits.append(round((message.not_before - at).total_seconds() / 60))
        at = message.not_before

    assert message.status == Status.FAILED
    assert sink.tries[message.to] == message.attempts == len(waits) + 1
    assert waits == list(delivery.MINUTES_TO_WAIT)
    assert timedelta(hours=23) < at - AT < timedelta(hours=25)


@pytest.mark.django_db
def test_a_message_refused_for_now_is_sent_when_the_server_takes_it(sink):
    message = MessageFactory()
    sink.at_data[message.to] = "451 Try later"
    deliver()
    assert statuses() == {"queued": 1}
    sink.at_data.clear()
    deliver(AT + timedelta(minutes=2))
    assert statuses() == {"sent": 1}
    assert Message.objects.get().attempts == 2


@pytest.mark.django_db
def test_a_connection_that_breaks_after_the_text_leaves_the_message_unclear_and_it_is_never_sent_again(sink):
    message = MessageFactory()
    sink.at_data[message.to] = DROP
    other = MessageFactory()

    deliver()
    deliver(AT + timedelta(days=1))

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.UNKNOWN, 1)
    assert sink.tries[message.to] == 1
    assert [email["To"] for email in sink.received] == [other.to]


@pytest.mark.django_db
def test_a_server_that_says_nothing_after_the_text_leaves_the_message_unclear(sink, settings):
    settings.EMAIL_TIMEOUT = 0.5
    message = MessageFactory()

    async def think():
        await asyncio.sleep(2)
        return "250 At last"

    sink.at_data[message.to] = think
    deliver()
    assert statuses() == {"unknown": 1}


@pytest.mark.django_db
def test_a_message_at_which_the_connection_breaks_before_the_text_is_put_off_and_holds_up_nobody(sink):
    message = MessageFactory()
    sink.at_rcpt[message.to] = DROP
    others = MessageFactory.create_batch(3)

    deliver()

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.QUEUED, 1)
    assert sink.tries[message.to] == 2
    assert {email["To"] for email in sink.received} == {other.to for other in others}


# Time


@pytest.mark.django_db
def test_what_is_out_of_date_is_dropped_and_says_so(sink):
    MessageFactory(expires_at=AT)
    MessageFactory(expires_at=AT, status=Status.HELD)
    MessageFactory(expires_at=AT + timedelta(minutes=1))
    deliver()
    assert statuses() == {"dropped": 2, "sent": 1}
    assert "no longer of use" in Message.objects.filter(status="dropped").first().result


@pytest.mark.django_db
def test_what_runs_out_first_goes_first_and_then_the_oldest(sink):
    young = MessageFactory(created_at=AT - timedelta(minutes=1))
    old = MessageFactory(created_at=AT - timedelta(days=1))
    code = MessageFactory(created_at=AT, expires_at=AT + timedelta(minutes=10))
    deliver()
    assert [email["To"] for email in sink.received] == [code.to, old.to, young.to]


@pytest.mark.django_db
def test_a_held_message_is_not_sent(sink):
    MessageFactory(status=Status.HELD)
    deliver()
    assert statuses() == {"held": 1}
    assert not sink.received


@pytest.mark.django_db
def test_what_a_dead_worker_had_claimed_is_sent_and_what_it_was_sending_is_unclear(sink):
    claimed = MessageFactory(status="claimed", owner="dead", lease_until=AT)
    sending = MessageFactory(status="sending", owner="dead", lease_until=AT)
    leases_run_out()
    deliver()
    claimed.refresh_from_db()
    sending.refresh_from_db()
    assert (claimed.status, sending.status) == (Status.SENT, Status.UNKNOWN)
    assert [email["To"] for email in sink.received] == [claimed.to]


@pytest.mark.django_db
def test_a_living_lease_is_left_alone(sink):
    MessageFactory(status="claimed", owner="alive", lease_until="2100-01-01T00:00Z")
    MessageFactory(status="sending", owner="alive", lease_until="2100-01-01T00:00Z")
    deliver()
    assert statuses() == {"claimed": 1, "sending": 1}


@pytest.mark.django_db
def test_a_worker_whose_lease_ran_out_before_it_began_sends_nothing(sink):
    MessageFactory()
    drain = delivery.Drain(AT)
    [message] = drain._claim()
    leases_run_out()
    drain._deliver(message)
    drain.line.close()
    assert not sink.received


@pytest.mark.django_db
def test_a_late_yes_settles_what_the_sweep_had_called_unclear(sink):
    message = MessageFactory()
    drain = delivery.Drain(AT)
    drain._claim()
    assert drain._begin(message)
    leases_run_out()
    delivery.sweep()
    assert statuses() == {"unknown": 1}
    drain._judge(message, delivery.Outcome(delivery.Answer.ACCEPTED, "250 Accepted"))
    assert statuses() == {"sent": 1}


# Many workers


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_workers_on_one_message_send_one_e_mail(sink):
    for _ in range(5):
        message = MessageFactory()
        at_once(8, deliver)
        assert len(sink.to(message.to)) == 1
    assert statuses() == {"sent": 5}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_workers_on_a_hundred_messages_send_each_once(sink):
    messages = MessageFactory.create_batch(100)
    at_once(8, deliver)
    deliver()
    assert sorted(email["To"] for email in sink.received) == sorted(message.to for message in messages)
    assert statuses() == {"sent": 100}


def test_smtplib_reports_everything_as_oserror():
    """`transport` catches OSError for all that smtplib raises."""
    assert issubclass(smtplib.SMTPException, OSError)
