"""A real mail server on this machine, that can be told to refuse, to break off and to be away."""

import socket
import threading
from collections import defaultdict
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
import redis
from aiosmtpd.controller import Controller

from hubportal.messaging import wakeup

DROP = "drop"


def any_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailSink:
    """Keeps what it accepts. `at_rcpt`, `at_data` and `after_data` say what it answers for an address."""

    def __init__(self):
        self.port = any_free_port()
        self.received = []
        self.connections = 0
        self.tries = defaultdict(int)
        self.at_rcpt, self.at_data = {}, {}
        self.reached_data = threading.Event()
        self.controller = None

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop(no_assert=True)
            self.controller = None

    def to(self, address):
        return [email for email in self.received if email["To"] == address]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tries[address] += 1
        answer = self.at_rcpt.get(address, "250 OK")
        if answer == DROP:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.at_data.get(envelope.rcpt_tos[0], "250 Accepted")
        if callable(answer):
            answer = await answer()
        self.reached_data.set()
        if answer == DROP:
            server.transport.abort()
        elif answer.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer


@pytest.fixture
def sink(settings):
    """Run a mail server and point the portal at it."""
    sink = MailSink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 3
    yield sink
    sink.stop()


@pytest.fixture(autouse=True)
def a_broker_that_has_not_failed_yet():
    wakeup.breaker.reset()
    yield
    wakeup.breaker.reset()


@pytest.fixture
def broker(settings):
    """Use a database of the broker that nobody else reads, and return a client of it."""
    settings.REDIS_URL = urlsplit(settings.REDIS_URL)._replace(path="/15").geturl()
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def free_port():
    return any_free_port()


@pytest.fixture
def black_hole():
    """Return the port of a server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]
