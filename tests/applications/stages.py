"""Applications as far along as a test needs them, brought there by the real actions; and people who act at once."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from django.db import connection

from applications import actions, checks, decisions
from applications.models import Application
from hubportal.accounts import links
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from tests.factories import AT, ApplicationFactory, UserFactory

LATER = AT + timedelta(hours=1)
NEXT_DAY = AT + timedelta(days=1)


def checked(at=AT, **fields) -> Application:
    """Return an application that the worker has just checked."""
    application = ApplicationFactory(**fields)
    checks.check_due(at=at)
    return fresh(application)


def confirmed(at=AT, **fields) -> Application:
    """Return one that the head has confirmed too, so that a place can be offered."""
    application = checked(at=at, **fields)
    asked = application.endorsements.get()
    type(asked).objects.filter(pk=asked.pk).update(status="confirmed", answered_at=at, capacity="head")
    return application


def offered(at=AT, **fields) -> Application:
    application = confirmed(at=at, **fields)
    decisions.offer(application, by=UserFactory(), at=at)
    return fresh(application)


def accepted(at=AT, **fields) -> Application:
    application = offered(at=at, **fields)
    actions.accept_offer(application, at=at)
    return fresh(application)


def fresh(application: Application) -> Application:
    """Return the application as the tables now have it."""
    return Application.objects.with_details().get(pk=application.pk)


def rename(application: Application, *roles: str) -> None:
    """Name one Advocate for each of `roles` through the real action."""
    people = [
        {"position": n, "name": f"Teacher {n}", "email": f"new{n}.{application.pk}@school.example", "role": role}
        for n, role in enumerate(roles, 1)
    ]
    actions.name_advocates(application, people, at=LATER)


def mail() -> list[tuple[str, str]]:
    """Return every message of the outbox as (template, to), oldest first."""
    return list(Message.objects.order_by("pk").values_list("template", "to"))


def templates() -> list[str]:
    return [template for template, _ in mail()]


def moves_of(record) -> list[tuple[str, str, str]]:
    """Return the changes of status of a record: old, new and who."""
    events = Event.objects.filter(subject=f"{record._meta.label_lower}:{record.pk}", kind="status").order_by("pk")
    return [(event.old, event.new, event.who) for event in events]


def kinds_of(record) -> list[str]:
    """Return the kinds of a record's events, changes of status left out."""
    events = Event.objects.filter(subject=f"{record._meta.label_lower}:{record.pk}").exclude(kind="status")
    return list(events.order_by("pk").values_list("kind", flat=True))


def notes_of(record) -> list[str]:
    """Return what the record's events say beside who did what, oldest first."""
    subject = f"{record._meta.label_lower}:{record.pk}"
    return list(Event.objects.filter(subject=subject).order_by("pk").values_list("note", flat=True))


def private_path(template: str, nth: int = -1) -> str:
    """Return the path of the private link in a message of `template`, as it will stand in the e-mail."""
    message = list(Message.objects.filter(template=template).order_by("pk"))[nth]
    return re.search(r"https?://[^/]+(/\S+)", links.fill(message.text))[1]


def at_once(*jobs, hands: int = 0) -> list:
    """Run every job in a thread with a connection of its own; return results, or the exceptions, in their order.

    The first `hands` of them (all, if 0) wait for each other and start together.
    """
    hands = hands or len(jobs)
    start = threading.Barrier(hands)

    def run(numbered):
        number, job = numbered
        try:
            connection.ensure_connection()
            if number < hands:
                start.wait(timeout=20)
            return job()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(run, enumerate(jobs)))


def kinds(results: list) -> dict[str, int]:
    """Return how many results there are of each type: {"NoneType": 1, "IllegalMove": 7}."""
    names = [type(result).__name__ for result in results]
    return {name: names.count(name) for name in sorted(set(names))}


def utc(year, month, day, hour=0, minute=0) -> datetime:
    """Return an aware datetime of UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def start(job) -> threading.Thread:
    """Begin a job in a thread with a connection of its own, which is closed at its end."""

    def run():
        try:
            job()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until_somebody_waits_for_a_lock() -> None:
    """Return once another connection to this database waits for a lock that somebody holds."""
    waiting = (
        "SELECT 1 FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
    )
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waits for a lock.")
