"""The reminders: the head has not confirmed, the Advocates are not named, next year's question is not answered."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Count

from hubportal.clock import LONDON, london_date
from hubportal.history.actions import subject_of
from hubportal.messaging.reminders import (
    ReminderRule,
    is_quiet,
    reminder_due,
    reminder_key,
    reminders_sent,
    useful_until,
)

from . import emails, endorsements
from .models import Application, Endorsement
from .reminder_rules import HEAD_NOT_CONFIRMED, NOT_NAMED
from .rollover import reminders as next_year
from .rollover.models import Proposal
from .rollover.reminder_rules import NOT_ANSWERED
from .states import EndorsementStatus, Status

log = logging.getLogger(__name__)

FROM, UNTIL = time(8), time(18)  # in London: nobody hears from us at night
HEADS_TURN = [Status.ELIGIBLE, Status.REFERRED, Status.WAITLISTED]


@dataclass(frozen=True)
class Due:
    """One reminder that is due now."""

    rule: ReminderRule
    subject: str
    ordinal: int
    to: str
    record: Endorsement | Application | Proposal

    @property
    def key(self) -> str:
        return reminder_key(self.rule, self.subject, self.ordinal)


def due(*, today: date) -> Iterator[Due]:
    """Return the reminders due on a London date: none on quiet days or for what is done, one a record at the most."""
    if is_quiet(today):
        return
    yield from _due(HEAD_NOT_CONFIRMED, _heads_to_remind(), today)
    yield from _due(NOT_NAMED, _schools_to_remind(), today)
    yield from _due(NOT_ANSWERED, next_year.to_remind(today), today)


def _heads_to_remind():
    found = Endorsement.objects.filter(status=EndorsementStatus.ASKED, application__status__in=HEADS_TURN)
    for asked in found.select_related("application__school__establishment", "hub", "application__project__programme"):
        yield asked, subject_of(asked), london_date(asked.asked_at), asked.email


def _schools_to_remind():
    found = Application.objects.filter(status=Status.ACCEPTED, place__status="accepted").with_details()
    for application in found.annotate(named=Count("nominees")).filter(named__lt=2):
        yield (
            application,
            subject_of(application),
            london_date(application.place.accepted_at),
            application.contact_email,
        )


def _due(rule: ReminderRule, waiting, today: date) -> Iterator[Due]:
    rows = list(waiting)
    sent = reminders_sent(rule, [subject for _, subject, _, _ in rows])
    for record, subject, since, to in rows:
        ordinal = reminder_due(since, today=today, sent_on=sent.get(subject, []), rule=rule)
        if ordinal:
            yield Due(rule, subject, ordinal, to, record)


def send_due(*, at: datetime) -> int:
    """Queue every reminder that is due, by day only, and return how many. Safe to run twice and beside itself.

    One that cannot be queued does not stop the others.
    """
    if not FROM <= at.astimezone(LONDON).time() < UNTIL:
        return 0
    return sum(_try(reminder, at=at) for reminder in list(due(today=london_date(at))))


def _try(reminder: Due, *, at: datetime) -> bool:
    try:
        return _send(reminder, at=at)
    except Exception:
        log.exception("reminder %s could not be queued", reminder.key)
        return False


@transaction.atomic
def _send(reminder: Due, *, at: datetime) -> bool:
    """Queue one reminder, unless the thing has been done since it was found due."""
    rule, record = reminder.rule, reminder.record
    kept = {"key": reminder.key, "rule": rule.name, "at": at, "expires_at": useful_until(rule, at)}
    if rule is NOT_ANSWERED:
        return next_year.remind(record, **kept)
    if rule is HEAD_NOT_CONFIRMED:
        locked = Application.objects.locked(record.application_id)
        wanted = locked.status in HEADS_TURN and locked.endorsements.filter(
            pk=record.pk, status=EndorsementStatus.ASKED
        )
        if not wanted:
            return False
        emails.remind_head(record, endorsements.head_link(record, at=at), **kept)
    else:
        locked = Application.objects.locked(record.pk)
        if locked.status != Status.ACCEPTED or locked.nominees.count() >= 2:
            return False
        emails.remind_names(locked, **kept)
    return True
