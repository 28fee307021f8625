"""Waking a worker up: after commit, best effort, 0.3 seconds. The tables say what is to be done; this only hurries it.

While the broker does not answer, nobody waits for it again: after a failure calls are skipped for some seconds, and
the beat finds the work anyway.
"""

import logging
import threading
import time
from functools import cache, partial

from celery import Celery
from django.conf import settings
from django.db import transaction
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

TIMEOUT = 0.3
SKIP_SECONDS = 5
EXPIRES_SECONDS = 60  # a call that nobody took within a minute has long been overtaken by the beat


class Breaker:
    """Remembers, in this process, that the broker has just failed."""

    def __init__(self):
        self.failures = 0
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        return time.monotonic() >= self._closed_until

    def failed(self) -> None:
        with self._lock:
            self.failures += 1
            self._closed_until = time.monotonic() + SKIP_SECONDS

    def reset(self) -> None:
        self._closed_until = 0.0


breaker = Breaker()


@cache
def producer(broker_url: str) -> Celery:
    """Return a Celery app that only publishes, and gives up at once.

    The workers' app waits for its broker; a web request must not.
    """
    app = Celery("hubportal-wakeup", broker=broker_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_publish_retry=False,
        broker_connection_timeout=TIMEOUT,
        broker_transport_options={
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            "max_retries": 0,
            "global_keyprefix": "hubportal-",
        },
    )
    return app


def poke(task: str) -> None:
    """Ask the broker to run `task` soon, once the transaction is saved. Never raises."""
    transaction.on_commit(partial(_send, task), robust=True)


def _send(task: str) -> None:
    if not breaker.allows():
        return
    try:
        producer(settings.REDIS_URL).send_task(task, retry=False, expires=EXPIRES_SECONDS)
    except Exception as problem:  # whatever it was, the row is saved and the beat will find it
        breaker.failed()
        log.warning("No wake-up call for %s (failure %d): %s", task, breaker.failures, problem)


def broker_answers() -> bool:
    """Return whether the broker answers within 0.3 seconds."""
    client = Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()
