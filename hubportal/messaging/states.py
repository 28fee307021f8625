"""What can become of a message."""

from django.db import models


class Status(models.TextChoices):
    HELD = "held", "Held: waiting for a person to release it"
    QUEUED = "queued", "Waiting to be sent"
    CLAIMED = "claimed", "Being prepared"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Came back"
    FAILED = "failed", "Could not be sent"
    UNKNOWN = "unknown", "Unclear: it may have arrived"
    DROPPED = "dropped", "Not sent: stopped, or no longer of use"


MOVES = {
    Status.HELD: {Status.QUEUED, Status.DROPPED},
    Status.QUEUED: {Status.CLAIMED, Status.HELD, Status.DROPPED},
    Status.CLAIMED: {Status.QUEUED, Status.SENDING, Status.FAILED},
    Status.SENDING: {Status.SENT, Status.FAILED, Status.QUEUED, Status.UNKNOWN},
    Status.SENT: {Status.DELIVERED, Status.BOUNCED},
    Status.DELIVERED: {Status.BOUNCED},
    Status.BOUNCED: set(),
    Status.FAILED: set(),
    Status.UNKNOWN: {Status.SENT, Status.DELIVERED, Status.BOUNCED},
    Status.DROPPED: set(),
}
"""A message is never sent again: “send again” makes a new one that says which it repeats."""

IN_HAND = [Status.CLAIMED, Status.SENDING]
WAITING = [Status.HELD, Status.QUEUED]
REPEATABLE = [Status.SENT, Status.DELIVERED, Status.BOUNCED, Status.FAILED, Status.UNKNOWN]
"""What has come to an end and may be sent again, as a new message."""
