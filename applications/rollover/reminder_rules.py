"""When schools are reminded of next year's question. No source gives these days: a week, then weekly, three at most."""

from datetime import date

from hubportal.messaging.reminders import ReminderRule

NOT_ANSWERED = ReminderRule("next-year-not-answered", first_after_days=7, every_days=7, starts_on=date(2026, 9, 1))
