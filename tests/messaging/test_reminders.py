"""Reminders with manners."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.messaging.reminders import (
    ReminderRule,
    is_quiet,
    next_working_day,
    reminder_due,
    reminder_key,
    reminders_sent,
    useful_until,
)

from .rows import AT, MessageFactory

RULE = ReminderRule("head-not-confirmed", first_after_days=7, every_days=7, starts_on=date(2026, 1, 1))
MONDAY = date(2026, 11, 2)

dates = st.dates(date(2025, 1, 1), date(2029, 12, 31))
rules = st.builds(
    ReminderRule,
    name=st.just("rule"),
    first_after_days=st.integers(0, 30),
    every_days=st.integers(1, 30),
    starts_on=dates,
    most=st.integers(1, 5),
)


def lived_through(asked_on, rule, days):
    """Return the (day, ordinal) of every reminder when the worker runs on `days` only."""
    sent = []
    for day in days:
        ordinal = reminder_due(asked_on, today=day, sent_on=[on for on, _ in sent], rule=rule)
        if ordinal:
            sent.append((day, ordinal))
    return sent


def every_day(start, count):
    return [start + timedelta(days=n) for n in range(count)]


@pytest.mark.parametrize(
    ("day", "quiet"),
    [
        (date(2026, 11, 2), False),  # a Monday
        (date(2026, 11, 7), True),  # a Saturday
        (date(2026, 11, 8), True),
        (date(2026, 12, 25), True),
        (date(2026, 12, 28), True),  # instead of Boxing Day, a Saturday
        (date(2026, 4, 6), True),  # Easter Monday: England, not Scotland
        (date(2026, 8, 3), False),  # a bank holiday in Scotland only
        (date(2026, 8, 31), True),
    ],
)
def test_weekends_and_the_bank_holidays_of_england_are_quiet(day, quiet):
    assert is_quiet(day) is quiet


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 5, date(2026, 11, 9)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_a_deadline_falls_on_a_working_day(day, days, then):
    assert next_working_day(day, days) == then


def test_three_reminders_come_a_week_apart_and_then_no_more():
    assert lived_through(MONDAY, RULE, every_day(MONDAY, 60)) == [
        (date(2026, 11, 9), 1),
        (date(2026, 11, 16), 2),
        (date(2026, 11, 23), 3),
    ]


def test_a_reminder_that_falls_due_on_a_bank_holiday_comes_on_the_next_working_day():
    assert lived_through(date(2026, 12, 18), RULE, every_day(date(2026, 12, 18), 14)) == [(date(2026, 12, 29), 1)]


def test_after_an_outage_one_is_sent_and_the_next_waits_its_full_time():
    after = date(2026, 12, 1)
    assert lived_through(MONDAY, RULE, every_day(after, 8)) == [(after, 1), (date(2026, 12, 8), 2)]


def test_records_older_than_the_rule_are_counted_from_its_first_day():
    rule = ReminderRule("new", first_after_days=7, every_days=7, starts_on=MONDAY)
    assert lived_through(date(2020, 1, 6), rule, every_day(date(2026, 10, 1), 50))[0] == (date(2026, 11, 9), 1)


@pytest.mark.parametrize("broken", [{"every_days": 0}, {"most": 0}, {"first_after_days": -1}])
def test_a_rule_that_would_flood_is_refused(broken):
    with pytest.raises(ValueError, match="makes no sense"):
        ReminderRule(**{"name": "r", "first_after_days": 1, "every_days": 1, "starts_on": MONDAY} | broken)


@given(asked_on=dates, rule=rules, start=dates, runs=st.sets(st.integers(0, 200)))
def test_whatever_days_the_worker_runs_reminders_keep_their_manners(asked_on, rule, start, runs):
    sent = lived_through(asked_on, rule, [start + timedelta(days=n) for n in sorted(runs)])
    days = [day for day, _ in sent]

    assert len(sent) <= rule.most
    assert [ordinal for _, ordinal in sent] == list(range(1, len(sent) + 1))
    assert not any(is_quiet(day) for day in days)
    assert all(day >= rule.starts_on for day in days)
    assert all(day >= max(asked_on, rule.starts_on) + timedelta(days=rule.first_after_days) for day in days)
    assert all(b - a >= timedelta(days=rule.every_days) for a, b in pairwise(days))


@given(asked_on=dates, rule=rules, outage=st.integers(0, 400))
def test_the_day_after_an_outage_one_is_due_at_most_and_never_on_a_quiet_day(asked_on, rule, outage):
    back = asked_on + timedelta(days=outage)
    due = reminder_due(asked_on, today=back, sent_on=[], rule=rule)
    long_enough = back >= max(asked_on, rule.starts_on) + timedelta(days=rule.first_after_days)
    assert due == (1 if long_enough and not is_quiet(back) else None)
    if due:
        assert reminder_due(asked_on, today=back, sent_on=[back], rule=rule) is None


@given(asked_on=dates, rule=rules, today=dates, sent_on=st.lists(dates, max_size=8))
def test_the_order_of_what_was_sent_does_not_matter(asked_on, rule, today, sent_on):
    one_way = reminder_due(asked_on, today=today, sent_on=sent_on, rule=rule)
    assert one_way == reminder_due(asked_on, today=today, sent_on=sent_on[::-1], rule=rule)
    assert one_way is None or one_way == len(sent_on) + 1 <= rule.most


@pytest.mark.django_db
def test_what_was_sent_is_read_from_the_outbox_in_one_query(django_assert_num_queries):
    late_evening = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    first = MessageFactory(key=reminder_key(RULE, "x:1", 1), status="sent", created_at=AT, sent_at=late_evening)
    MessageFactory(key=reminder_key(RULE, "x:1", 2), created_at=AT)
    MessageFactory(key=f"{first.key}:again", rule=RULE.name, related="x:1", status="sent", repeats=first)
    MessageFactory(key="another:x:1:1", rule="another", related="x:1")
    MessageFactory(rule="", related="x:1")
    MessageFactory(key=reminder_key(RULE, "x:3", 1), created_at=AT)

    with django_assert_num_queries(1):
        sent = reminders_sent(RULE, ["x:1", "x:2"])

    assert sorted(sent["x:1"]) == [date(2026, 7, 1), date(2026, 11, 3)]
    assert sent["x:2"] == []
    assert "x:3" not in sent


def test_a_reminder_has_a_key_of_its_own_and_is_not_sent_when_the_next_one_is_due():
    assert reminder_key(RULE, "applications.endorsement:7", 2) == "head-not-confirmed:applications.endorsement:7:2"
    assert useful_until(RULE, AT) == AT + timedelta(days=7)
