"""When people are reminded about an application. No source gives these days: a week, then weekly, three at the most."""

from datetime import date

from hubportal.messaging.reminders import ReminderRule

HEAD_NOT_CONFIRMED = ReminderRule("head-not-confirmed", first_after_days=5, every_days=7, starts_on=date(2026, 9, 1))
NOT_NAMED = ReminderRule("advocates-not-named", first_after_days=7, every_days=7, starts_on=date(2026, 9, 1))
ALL = (HEAD_NOT_CONFIRMED, NOT_NAMED)
