"""Putting mail in the outbox, and waking the worker up."""

import threading
import time

import pytest
from django.db import connection, transaction

from hubportal.messaging import delivery, wakeup
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import DELIVER, queue
from hubportal.messaging.states import Status
from hubportal.messaging.tasks import deliver_due

from .rows import AT, statuses


@pytest.fixture(autouse=True)
def a_template(settings, tmp_path):
    """Offer an e-mail named `hello`."""
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails/hello.subject.txt").write_text("Hello {{ name }}\n")
    (tmp_path / "emails/hello.txt").write_text("Dear {{ name }},\n\nyour place & more.\n")
    settings.TEMPLATES = [
        entry | {"DIRS": [tmp_path, *entry["DIRS"]]} if "DjangoTemplates" in entry["BACKEND"] else entry
        for entry in settings.TEMPLATES
    ]


def put(key="hello:1", name="Zoë Shaw", **values):
    values = {"to": "head@school.example", "reason": "A test.", "at": AT} | values
    return queue("hello", key=key, context={"name": name}, **values)


def seconds_of(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


@pytest.mark.django_db
def test_the_text_is_kept_as_plain_text_without_html_escapes():
    message = put(name="Aoife O'Brien <head> & co")
    message.refresh_from_db()
    assert message.subject == "Hello Aoife O'Brien <head> & co"
    assert message.text == "Dear Aoife O'Brien <head> & co,\n\nyour place & more.\n"
    assert (message.status, message.reason, message.created_at) == (Status.QUEUED, "A test.", AT)


@pytest.mark.django_db
def test_a_subject_is_one_line_of_at_most_200_letters():
    assert put(name="a\r\nBcc: everybody@school.example").subject == "Hello a Bcc: everybody@school.example"
    assert len(put(key="hello:2", name="long " * 100).subject) == 200


@pytest.mark.django_db
def test_the_same_key_twice_is_one_message_with_the_first_text():
    first = put(name="First")
    assert put(name="Second") == first
    assert Message.objects.get().subject == "Hello First"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_eight_at_once_is_one_message():
    start = threading.Barrier(8)

    def one():
        start.wait()
        put()
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses() == {"queued": 1}


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_is_rolled_back_leaves_no_message():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        raise ZeroDivisionError
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_held_message_wakes_nobody_up(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as calls:
        put(held=True)
        put(key="hello:2")
    assert len(calls) == 1
    assert statuses() == {"held": 1, "queued": 1}


# The broker


@pytest.mark.django_db(transaction=True)
def test_a_wake_up_call_reaches_the_broker_once_the_message_is_saved(broker):
    with transaction.atomic():
        put()
        assert broker.llen("hubportal-celery") == 0
    assert broker.llen("hubportal-celery") == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_refuses_costs_nothing_and_loses_nothing(settings, mailoutbox):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert seconds_of(put) < 0.3
    assert not wakeup.broker_answers()
    delivery.deliver_due(AT)
    assert [email.to for email in mailoutbox] == [["head@school.example"]]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_never_answers_costs_one_short_wait_and_then_none(settings, black_hole):
    settings.REDIS_URL = f"redis://127.0.0.1:{black_hole}/0"
    assert seconds_of(put) < 0.7
    assert seconds_of(lambda: [put(key=f"more:{n}") for n in range(10)]) < 0.3
    assert statuses() == {"queued": 11}


def test_a_broker_that_never_answers_is_known_within_half_a_second(settings, black_hole):
    settings.REDIS_URL = f"redis://127.0.0.1:{black_hole}/0"
    assert seconds_of(wakeup.broker_answers) < 0.6
    assert not wakeup.broker_answers()


def test_a_living_broker_answers():
    assert wakeup.broker_answers()


def test_after_a_failure_calls_are_skipped_for_some_seconds_and_counted():
    breaker = wakeup.Breaker()
    assert breaker.allows()
    breaker.failed()
    assert (breaker.allows(), breaker.failures) == (False, 1)


@pytest.mark.django_db(transaction=True)
def test_a_flushed_broker_loses_no_message(broker, mailoutbox):
    put()
    broker.flushdb()
    delivery.deliver_due(AT)
    assert statuses() == {"sent": 1}
    assert len(mailoutbox) == 1


def test_the_task_that_is_called_exists():
    assert deliver_due.name == DELIVER
