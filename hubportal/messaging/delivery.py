"""Sending what is in the outbox: each message at most once by itself, and never lost without a word.

    queued -> claimed    a batch, for one worker, with a lease; nothing has been sent
           -> sending    saved just before the message is handed to the mail server
           -> sent | failed (refused for good) | queued again (refused for now, with a growing wait)
              | unknown (the connection broke after the text was handed over, or the worker died just then)

Every step is an UPDATE that names the status it starts from, the owner and the lease, so any number of workers may
run this at once. SMTP cannot promise “exactly once”: what ended unclearly is shown to staff and not sent again.
"""

import logging
import os
import socket
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from . import mailserver
from .letters import IMPOSSIBLE, compose
from .models import Message
from .states import Status
from .transport import Answer, Line, Outcome, ServerDown, said

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=5)  # longer than the longest conversation: EMAIL_TIMEOUT at each of its steps, twice
LONGEST_DRAIN = 120  # seconds; the beat starts the next one
PATIENCE = 2  # broken connections on end, in one drain, before everybody pauses

MINUTES_TO_WAIT = (1, 2, 4, 8, 16, 32, 60, 120, 240, 240, 240, 240, 240)
"""Before each further attempt at a message refused for now: 24 hours in all."""

FREE = {"owner": "", "lease_until": None}


def wait_after(attempts: int) -> timedelta | None:
    """Return how long a message refused for now waits after so many attempts; None: it has been tried for a day."""
    if attempts > len(MINUTES_TO_WAIT):
        return None
    return timedelta(minutes=MINUTES_TO_WAIT[attempts - 1])


def deliver_due(at: datetime) -> int:
    """Send what is due and return how many messages came to an end. Safe to run any number of times, at once too."""
    sweep()
    drop_out_of_date(at)
    return Drain(at).run()


def sweep() -> None:
    """Take back what dead workers had in hand. What was just being sent may have arrived, so it is not sent again."""
    Message.objects.abandoned().filter(status=Status.CLAIMED).update(status=Status.QUEUED, **FREE)
    Message.objects.abandoned().filter(status=Status.SENDING).update(
        status=Status.UNKNOWN, lease_until=None, result="The worker stopped while it was handing the message over."
    )


def drop_out_of_date(at: datetime) -> None:
    """Drop what is no longer of use to whoever would get it."""
    Message.objects.out_of_date(at).update(
        status=Status.DROPPED, result="Not sent: it was no longer of use when it could have been sent."
    )


def own_name() -> str:
    """Return a name that no other drain has."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"


@dataclass
class Drain:
    """One worker's pass over the outbox, on one connection to the mail server."""

    at: datetime
    owner: str = field(default_factory=own_name)
    line: Line = field(default_factory=Line)
    known: int = 0  # the failures of the mail server that we know of
    breaks: int = 0  # broken connections on end
    ended: int = 0
    started: float = field(default_factory=time.monotonic)

    def run(self) -> int:
        try:
            while self._may_go_on() and (batch := self._claim()):
                for message in batch:
                    self._deliver(message)
        except ServerDown as problem:
            log.warning("The mail server does not answer: %s", problem)
            mailserver.went_down(self.known, str(problem))
        finally:
            self._mine().filter(status=Status.CLAIMED).update(status=Status.QUEUED, **FREE)
            self.line.close()
        return self.ended

    def _now(self) -> datetime:
        """Return `at`, moved on by what this drain has taken."""
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    def _mine(self):
        return Message.objects.filter(owner=self.owner)

    def _may_go_on(self) -> bool:
        if time.monotonic() - self.started > LONGEST_DRAIN or not Message.objects.due(self._now()).exists():
            return False
        known = mailserver.ask_leave()
        self.known = known or 0
        return known is not None

    @transaction.atomic
    def _claim(self) -> list[Message]:
        """Take the oldest messages that no other worker is taking."""
        due = Message.objects.due(self._now()).select_for_update(skip_locked=True)
        chosen = list(due.values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=chosen, status=Status.QUEUED).update(
            status=Status.CLAIMED, owner=self.owner, lease_until=Now() + LEASE
        )
        mine = self._mine().filter(status=Status.CLAIMED)
        return list(mine.select_related("hub").in_turn())

    def _deliver(self, message: Message) -> None:
        try:
            email = compose(message)
        except IMPOSSIBLE as problem:
            log.warning("Message %d cannot be sent: %s", message.pk, said(problem))
            self._settle(message, Status.CLAIMED, status=Status.FAILED, result=f"It cannot be sent: {said(problem)}")
            return
        self.line.open()  # before the message is marked: a server that is down says nothing about it
        if self._begin(message):
            self._judge(message, self._send(message, email))

    def _begin(self, message: Message) -> bool:
        """Mark the message, just before it is handed over. False: our lease has run out, or somebody dropped it."""
        return bool(
            self._mine()
            .filter(pk=message.pk, status=Status.CLAIMED, lease_until__gt=Now())
            .update(status=Status.SENDING, lease_until=Now() + LEASE)
        )

    def _send(self, message: Message, email) -> Outcome:
        """Hand the message over; if the connection broke before that, once more on a new one.

        Raises ServerDown, with the message queued as before, when there is no new one.
        """
        outcome = self.line.send(email)
        if outcome.answer is not Answer.BROKEN:
            return outcome
        try:
            return self.line.send(email)
        except ServerDown:
            self._settle(message, Status.SENDING, status=Status.QUEUED)
            raise

    def _judge(self, message: Message, outcome: Outcome) -> None:
        """Write down what came of an attempt. Raises ServerDown after too many broken connections."""
        values = {"result": outcome.said, "attempts": F("attempts") + 1}
        if outcome.answer is Answer.ACCEPTED:
            self._settle(message, Status.SENDING, Status.UNKNOWN, status=Status.SENT, sent_at=self._now(), **values)
        elif outcome.answer is Answer.REFUSED:
            self._settle(message, Status.SENDING, status=Status.FAILED, **values)
        elif outcome.answer is Answer.UNCLEAR:
            self._settle(message, Status.SENDING, status=Status.UNKNOWN, **values)
        else:
            self._put_off(message, values)
        self._watch(outcome)

    def _put_off(self, message: Message, values: dict) -> None:
        wait = wait_after(message.attempts + 1)
        if wait is None:
            self._settle(message, Status.SENDING, status=Status.FAILED, **values)
        else:
            self._settle(message, Status.SENDING, status=Status.QUEUED, not_before=self._now() + wait, **values)

    def _watch(self, outcome: Outcome) -> None:
        """Keep an eye on the server: a clear answer ends a pause, connections that keep breaking begin one."""
        if outcome.answer in {Answer.BROKEN, Answer.UNCLEAR}:
            self.breaks += 1
            if self.known or self.breaks >= PATIENCE:
                raise ServerDown(outcome.said)
            return
        self.breaks = 0
        if self.known:
            mailserver.answered(self.known)
            self.known = 0

    def _settle(self, message: Message, *from_statuses: Status, result: str | None = None, **values) -> None:
        """Write the end of a step, if the message is still ours. A late “accepted” settles what was unclear."""
        if result is not None:
            values["result"] = result.replace("\x00", "")[:500]
        free = {"lease_until": None} if values["status"] == Status.UNKNOWN else FREE
        self._mine().filter(pk=message.pk, status__in=from_statuses).update(**values, **free)
        self.ended += values["status"] != Status.QUEUED
