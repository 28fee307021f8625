"""The demo's outbox: what was queued in the past counts as sent, but for a few letters that show the other ends."""

from datetime import timedelta

from django.db.models import F

from hubportal.messaging.models import Message
from hubportal.messaging.states import Status

STILL_QUEUED = [
    # Each holds a private link that somebody who looks at the demo wants to open.
    ("draft_saved", "the-hythe"),
    ("ask_head", "beacon-hill-girls"),
    ("information_requested", "marram-grove"),
    ("place_offered", "st-josephs-rc"),
    ("place_accepted", "thames-reach"),
]
OTHER_ENDS = [
    ("ask_head", "hartswood", Status.FAILED, "550 5.1.1 No such person here."),
    ("checked", "don-valley", Status.UNKNOWN, "The connection broke after the text had been handed over."),
    ("place_offered", "ousefleet", Status.BOUNCED, "552 5.2.2 The mailbox is full."),
    ("place_offered", "st-aelred", Status.HELD, ""),
    ("decided_waitlisted", "bront", Status.HELD, ""),
]


def settle() -> None:
    """Count every message as sent within seconds, so that a first start does not send hundreds of old letters."""
    for template, school, status, result in OTHER_ENDS:
        tried = {} if status == Status.HELD else {"attempts": 1, "result": result}
        Message.objects.filter(pk=_newest(template, school)).update(status=status, **tried)
    kept = [_newest(template, school) for template, school in STILL_QUEUED]
    Message.objects.filter(status=Status.QUEUED).exclude(pk__in=kept).update(
        status=Status.SENT, sent_at=F("created_at") + timedelta(seconds=3), attempts=1, result="250 2.0.0 Ok (demo)"
    )


def _newest(template: str, school: str) -> int:
    """Return the newest message of a kind to a school, which is named by how its internet name begins."""
    found = Message.objects.filter(template=template, to__contains=f"@{school}")
    return found.order_by("created_at", "pk").values_list("pk", flat=True).last()
