"""What staff do with a message: release it, drop it, send it again, say that it arrived."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.history.actions import IllegalMove, change_all, change_status, note_event

from .models import Message
from .outbox import DELIVER
from .reminders import ReminderRule
from .states import MOVES, REPEATABLE, WAITING, Status
from .wakeup import poke

AGAIN = ":again:"


def _released(by: User) -> dict:
    return {"new": Status.QUEUED, "note": "Released"}


def _stopped(by: User) -> dict:
    return {"new": Status.DROPPED, "result": f"Stopped by {by}."[:500]}


TO_ALL = {"release": _released, "drop": _stopped}
"""What can be done to many messages at once, and what that writes."""


@transaction.atomic
def release(message: Message, *, by: User, at: datetime) -> None:
    """Let a held message go. Raises IllegalMove when it is not held any more."""
    change_status(message, moves=MOVES, by=by, at=at, **_released(by))
    poke(DELIVER)


def drop(message: Message, *, by: User, at: datetime, note: str = "") -> None:
    """Stop a message that has not gone out. Raises IllegalMove when a worker has it already."""
    change_status(message, moves=MOVES, by=by, at=at, note=note, **_stopped(by))


def drop_queued_reminders(related: str, rules: Iterable[ReminderRule]) -> int:
    """Stop the reminders about a record that have not gone out: what they ask for is done, or of no use any more.

    Return how many. Safe to call twice; one that a worker has in hand goes out.
    """
    names = [rule.name for rule in rules]
    waiting = Message.objects.filter(related=related, rule__in=names, status__in=WAITING)
    return waiting.update(status=Status.DROPPED, result="Not needed any more.")


def mark_arrived(message: Message, *, by: User, at: datetime) -> None:
    """Settle an unclear message: somebody has seen it, or found it in the provider's log."""
    change_status(message, Status.DELIVERED, moves=MOVES, by=by, at=at, note="Known to have arrived")


@transaction.atomic
def send_again(message: Message, *, by: User, at: datetime) -> Message:
    """Queue the same text to the same address as a new message, and return it.

    A message is repeated once, however often this is called; the repeat may be repeated in its turn. Raises
    IllegalMove while the message has not come to an end.
    """
    if message.status not in REPEATABLE:
        raise IllegalMove(f"“{message.get_status_display()}” cannot be sent again.")
    repeat, new = Message.objects.get_or_create(
        key=key_of_repeat(message.key),
        defaults={
            "hub": message.hub,
            "template": message.template,
            "reason": f"Sent again by {by}: {message.reason}"[:200],
            "related": message.related,
            "rule": message.rule,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
            "repeats": message,
            "created_at": at,
        },
    )
    if new:
        note_event(message, "sent_again", by=by, at=at, note=f"As message {repeat.pk}")
        poke(DELIVER)
    return repeat


def key_of_repeat(key: str) -> str:
    """Return `key:again:1`, and for that one `key:again:2`."""
    first, _, number = key.partition(AGAIN)
    return f"{first}{AGAIN}{int(number or 0) + 1}"


@transaction.atomic
def do_to_all(name: str, messages: Iterable[Message], *, by: User, at: datetime) -> tuple[int, list[str]]:
    """Release or drop each message; return how many, and a sentence for each that could not be. None means nobody."""
    what = TO_ALL[name](by)
    wanted = Message.objects.filter(pk__in=[message.pk for message in messages])
    moved = change_all(wanted, moves=MOVES, by=by, at=at, **what)
    if moved and what["new"] == Status.QUEUED:
        poke(DELIVER)
    left = wanted.exclude(pk__in=[message.pk for message in moved]).in_turn()
    label = what["new"].label
    return len(moved), [f"{each.to}: “{each.get_status_display()}” cannot become “{label}”." for each in left]
