from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from hubportal.templatetags import hub

SUMMER_EVENING = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July in London


def test_a_day_is_written_with_its_weekday_and_no_leading_zero():
    assert hub.day(date(2026, 3, 3)) == "Tuesday 3 March 2026"
    assert hub.short_day(date(2026, 3, 3)) == "3 March 2026"


def test_a_moment_is_written_as_people_in_england_have_it():
    assert hub.day(SUMMER_EVENING) == "Wednesday 1 July 2026"
    assert hub.short_day(SUMMER_EVENING) == "1 July 2026"
    assert hub.when(SUMMER_EVENING) == "Wednesday 1 July 2026 at 12:30am"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(16), "4pm"),
        (time(17, 30), "5:30pm"),
        (time(9, 5), "9:05am"),
        (time(12), "midday"),
        (time(12, 15), "12:15pm"),
        (time(0), "midnight"),
        (datetime(2026, 7, 1, 15, tzinfo=UTC), "4pm"),
    ],
)
def test_a_time_is_written_in_words_that_people_say(at, words):
    assert hub.clock_time(at) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("2000.00"), "£2,000"),
        (Decimal("2000.50"), "£2,000.50"),
        (Decimal("0"), "£0"),
        (Decimal("-150"), "-£150"),
        (1234567, "£1,234,567"),
    ],
)
def test_money_shows_pence_only_where_there_are_some(amount, words):
    assert hub.pounds(amount) == words


def test_an_academic_year_has_both_its_years():
    assert hub.year_label(2026) == "2026/27"
    assert hub.year_label(1999) == "1999/00"


@pytest.mark.parametrize("show", [hub.day, hub.short_day, hub.clock_time, hub.when, hub.pounds, hub.year_label])
def test_nothing_is_shown_for_nothing(show):
    assert show(None) == ""
    assert show("") == ""


def test_the_date_of_a_fact_is_read_from_iso_and_anything_else_is_left_alone():
    assert hub.iso_day("2026-03-03") == "3 March 2026"
    assert hub.iso_day("last spring") == "last spring"
    assert hub.iso_day("") == ""


def test_long_lists_offer_the_ends_and_the_neighbours():
    assert hub.page_numbers(Paginator(range(1000), 50), 10) == [1, None, 9, 10, 11, None, 20]
    assert hub.page_numbers(Paginator(range(100), 50), 1) == [1, 2]


def test_a_chip_takes_away_one_value_and_keeps_the_others_safely_encoded():
    request = RequestFactory().get("/", {"status": ["eligible", "offered"], "q": "St Mary's & co", "page": "3"})

    without = Template('{% query_without "status" "offered" %}').render(Context({"request": request}))

    assert without == "?status=eligible&amp;q=St+Mary%27s+%26+co"


def test_a_chip_without_a_value_takes_the_whole_filter_away():
    request = RequestFactory().get("/", {"status": ["eligible", "offered"], "q": "oak"})

    assert hub.query_without({"request": request}, "status") == "?q=oak"
