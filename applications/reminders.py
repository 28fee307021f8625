"""The two reminders of an application: the head has not confirmed, the Advocates are not named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from hubportal.clock import london_date
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
from .states import EndorsementStatus, Status

# No source gives these days: a week's notice, then weekly, and never more than three.
HEAD_NOT_CONFIRMED = ReminderRule("head-not-confirmed", first_after_days=5, every_days=7, starts_on=date(2026, 9, 1))
NOT_NAMED = ReminderRule("advocates-not-named", first_after_days=7, every_days=7, starts_on=date(2026, 9, 1))


@dataclass(frozen=True)
class Due:
    """One reminder that is due now."""

    rule: ReminderRule
    subject: str
    ordinal: int
    to: str
    record: Endorsement | Application

    @property
    def key(self) -> str:
        return reminder_key(self.rule, self.subject, self.ordinal)


def due(*, today: date) -> Iterator[Due]:
    """Return the reminders due on a London date: none on quiet days or for what is done, one a record at the most."""
    if is_quiet(today):
        return
    yield from _due(HEAD_NOT_CONFIRMED, _heads_to_remind(), today)
    yield from _due(NOT_NAMED, _schools_to_remind(), today)


def _heads_to_remind():
    waiting = [Status.ELIGIBLE, Status.REFERRED, Status.WAITLISTED]
    found = Endorsement.objects.filter(status=EndorsementStatus.ASKED, application__status__in=waiting)
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
    """Queue every reminder that is due and return how many. Safe to run twice and beside itself: the key decides."""
    found = list(due(today=london_date(at)))
    for reminder in found:
        _send(reminder, at=at)
    return len(found)


@transaction.atomic
def _send(reminder: Due, *, at: datetime) -> None:
    rule = reminder.rule
    kept = {"key": reminder.key, "rule": rule.name, "at": at, "expires_at": useful_until(rule, at)}
    if rule is HEAD_NOT_CONFIRMED:
        emails.remind_head(reminder.record, endorsements.head_link(reminder.record, at=at), **kept)
    else:
        emails.remind_names(reminder.record, **kept)
