"""Messages with the fewest valid fields."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from hubportal.messaging import mailserver
from hubportal.messaging.models import MailServer, Message

AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"test:{n}")
    template = "ask_head"
    reason = "A test asked for it."
    to = factory.Sequence(lambda n: f"person{n}@school.example")
    subject = "Your place on the programme"
    text = "Good morning,\n\nthis is the text.\n"
    created_at = factory.Sequence(lambda n: AT - timedelta(hours=1) + timedelta(seconds=n % 1000))


def statuses():
    """Return how many messages have each status."""
    found = {}
    for status in Message.objects.values_list("status", flat=True):
        found[status] = found.get(status, 0) + 1
    return found


def leases_run_out():
    """Let the time of every lease pass."""
    Message.objects.exclude(lease_until=None).update(lease_until=LONG_AGO)


def pause_is_over():
    """Let the time of the mail server's pause pass."""
    assert mailserver.trouble()
    MailServer.objects.update(paused_until=LONG_AGO)
