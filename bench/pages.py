"""Pages and the worker: the staff queue beside a constant response, the public form's weight, the wait for a check."""

import io
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import actions
from applications.models import Application
from applications.states import CHECKED, Status
from hubportal.accounts import sessions
from hubportal.accounts.models import HubMembership, User

from .rows import Row, at_least, at_most, database_url, own_database, seconds
from .server import served

ROUNDS, EACH = 7, 20


def run() -> list[Row]:
    with own_database():
        said = io.StringIO()
        call_command("load_catalogue", stdout=said)
        call_command("seed_demo", scale="national", stdout=said, stderr=said)
        return [*_queue(), *_weight(), _wait_for_a_check()]


def _queue() -> list[Row]:
    """Time the queue's fullest page and a constant one in turn, served as in production, through every middleware.

    The constant one asks the database nothing and nobody who they are; the queue's reader is signed in.
    """
    hub = Application.objects.sent().values("hub").annotate(n=Count("pk")).order_by("-n")[0]["hub"]
    session = _signed_in(HubMembership.objects.filter(hub=hub, role="administrator").first().user)
    address = reverse("admin:applications_application_changelist") + "?move=all"
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    with served() as get:
        page, constant = partial(get, address, cookie), partial(get, reverse("healthz"))
        rows = page().count(b"<tr") - 1
        least = dict.fromkeys([page, constant], float("inf"))
        for _ in range(ROUNDS):
            for call in least:
                least[call] = min(least[call], seconds(lambda call=call: [call() for _ in range(EACH)]) / EACH)
    share = 100 * least[constant] / least[page]
    return [
        Row(f"queue of {rows} rows", 1000 * least[page], "ms", 1000 * least[constant], 100 / share),
        at_least("queue: throughput of a constant response", share, "%", 5),
        at_most("queue: queries", _queries(address, session), "queries", 12),
    ]


def _signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.begin(session, at=timezone.now())
    session.create()
    return session.session_key


def _queries(address: str, session: str) -> int:
    """Count the queries of one page, sign-in included."""
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def _weight() -> list[Row]:
    """Weigh a first visit to the public form: the page and everything that it names, as it goes over the wire."""
    project = Application.objects.filter(project__recruitment="hubs").first().project
    address = reverse("applications:start", args=[project.programme.slug, project.year])
    with served() as get:
        page = get(address)
        named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode()))
        weight = len(page) + sum(len(get(each, {"Accept-Encoding": "br"})) for each in named)
    return [at_most(f"public form: first visit, {len(named) + 1} files", weight / 1000, "kB", 100)]


@contextmanager
def _worker():
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "hubportal", "worker", "--loglevel", "WARNING", "--concurrency", "1"],
        env=os.environ | {"DATABASE_URL": database_url(connection.settings_dict["NAME"])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for_a_check() -> Row:
    """Send applications one at a time to an idle worker, without a beat, and wait for each check; the median."""
    ours = Application.objects.filter(status=Status.ELIGIBLE, project__programme="sec-development")
    drafts = list(ours.with_details()[:6])
    waits = []
    with _worker():
        for like in drafts:
            actions.withdraw(like, by="Portal", at=timezone.now())
            waits.append(_send_one(like))
    waits = sorted(waits[1:])  # the first one finds the worker still starting
    return at_most("submission to finished check, idle worker", waits[len(waits) // 2], "s", 2)


def _send_one(like: Application) -> float:
    draft = actions.start(like.project, uuid4(), at=timezone.now())
    kept = ["school", "cohort", "hub", "contact_name", "contact_email", "head_name", "head_email", "commitments"]
    answers = {"advocates": 0, "teachers": 5}
    actions.answer(draft, **{name: getattr(like, name) for name in kept}, answers=answers)
    began = time.perf_counter()
    actions.submit(draft, at=timezone.now())
    while time.perf_counter() - began < 60:
        if Application.objects.get(pk=draft.pk).status in CHECKED:
            return time.perf_counter() - began
        time.sleep(0.01)
    raise RuntimeError("No check within a minute.")
