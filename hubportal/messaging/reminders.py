"""Reminders with manners: what is due is a pure decision, and the outbox remembers what has been sent.

A reminder is no record of its own. The rule says which one is due, its key keeps it from being sent twice, and a
missed week is made up for by one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays
from django.db.models.functions import Coalesce

from hubportal.clock import london_date

from .models import Message

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")


@dataclass(frozen=True)
class ReminderRule:
    """When somebody is reminded of one thing, and how often. Days are calendar days."""

    name: str
    first_after_days: int
    every_days: int
    starts_on: date  # nobody hears of this rule before; older records count from this day
    most: int = 3

    def __post_init__(self):
        if self.first_after_days < 0 or self.every_days < 1 or self.most < 1:
            raise ValueError(f"Reminder rule {self.name} makes no sense.")


def is_quiet(day: date) -> bool:
    """Return whether nobody is reminded on `day`: weekends and the bank holidays of England."""
    return day.weekday() >= 5 or day in BANK_HOLIDAYS


def next_working_day(day: date, days: int = 0) -> date:
    """Return the first day that is not quiet, `days` calendar days after `day` or later."""
    day += timedelta(days=days)
    while is_quiet(day):
        day += timedelta(days=1)
    return day


def reminder_due(asked_on: date, *, today: date, sent_on: Iterable[date], rule: ReminderRule) -> int | None:
    """Return which reminder has fallen due (1 is the first), or None.

    After an outage one is due, not all that were missed; the next waits its full time from that one.
    """
    sent = sorted(sent_on)
    if is_quiet(today) or today < rule.starts_on or len(sent) >= rule.most:
        return None
    if sent:
        due_on = sent[-1] + timedelta(days=rule.every_days)
    else:
        due_on = max(asked_on, rule.starts_on) + timedelta(days=rule.first_after_days)
    return len(sent) + 1 if today >= due_on else None


def reminder_key(rule: ReminderRule, subject: str, ordinal: int) -> str:
    """Return the outbox key of one reminder."""
    return f"{rule.name}:{subject}:{ordinal}"


def useful_until(rule: ReminderRule, at: datetime) -> datetime:
    """Return the `expires_at` of a reminder queued at `at`: when the next one falls due, this one is not sent late."""
    return at + timedelta(days=rule.every_days)


def reminders_sent(rule: ReminderRule, subjects: Iterable[str]) -> dict[str, list[date]]:
    """Return the London dates of each record's reminders by this rule, in one query.

    They are found by their keys. One that waits for the mail server counts from the day it was queued, one that was
    dropped too: its key is used.
    """
    keys = {reminder_key(rule, subject, n): subject for subject in subjects for n in range(1, rule.most + 1)}
    rows = Message.objects.filter(key__in=keys).values_list("key", Coalesce("sent_at", "created_at"))
    sent = defaultdict(list)
    for key, at in rows:
        sent[keys[key]].append(london_date(at))
    return sent
