"""Who can go on with what: DOMAIN's table, case by case, on plain values."""

from datetime import date

import pytest

from applications.rollover import rules
from applications.rollover.rules import History, NextPhase, Past, outlook

ENDED = ("completed", "part_completed", "active")
AFTER_DEV = (NextPhase("emb", ("completed",), 1, "sus"), NextPhase("sus", ENDED))
AFTER = {"dev": AFTER_DEV, "emb": (NextPhase("sus", ENDED),), "sus": (NextPhase("sus", ENDED),), "other": ()}


def past(family, year, status="completed"):
    return Past(family, year, status, family, following=AFTER[family])


@pytest.mark.parametrize(
    ("places", "held", "expected"),
    [
        ([past("dev", 2025)], (), ["emb", "sus"]),
        ([past("dev", 2025, "part_completed")], (), ["sus"]),
        ([past("dev", 2025, "active")], (), ["sus"]),
        ([past("dev", 2025, "confirmed")], (), []),
        ([past("dev", 2025, "withdrawn")], (), []),
        ([past("dev", 2024)], (), ["sus"]),
        ([past("dev", 2019)], (), ["sus"]),
        ([past("dev", 2024), past("emb", 2025), past("sus", 2025)], (), ["sus"]),
        ([past("sus", 2020)], (), ["sus"]),
        ([past("dev", 2026)], (), []),
        ([past("dev", 2027)], (), []),
        ([past("dev", 2025)], ("sus",), ["emb"]),
        ([past("dev", 2025)], ("emb",), ["sus"]),
        ([past("dev", 2025)], ("emb", "sus"), []),
        ([past("other", 2025)], (), []),
        ([past("dev", 2023, "withdrawn"), past("dev", 2025)], (), ["emb", "sus"]),
        ([], (), []),
    ],
)
def test_what_follows_which_place(places, held, expected):
    seen = outlook(History(places, held=frozenset(held)), year=2026)
    assert sorted(due.family for due in seen.phases) == expected


def test_a_phase_that_goes_with_another_never_stands_alone():
    only = Past("dev", 2025, "completed", following=AFTER_DEV[:1])
    assert outlook(History([only]), year=2026).phases == ()


def test_the_newest_place_is_followed_and_gives_the_reason():
    places = [
        Past("dev", 2023, "completed", "Development", 1, AFTER_DEV),
        Past("sus", 2025, "active", "S", 2, AFTER_DEV[1:]),
    ]
    (due,) = outlook(History(places), year=2026).phases
    assert (due.follows, due.because) == (2, "S 2025/26: in progress")


@pytest.mark.parametrize(
    ("started", "cohort_max", "due"),
    [(2024, 9, True), (2025, 9, False), (2016, 7, True), (2023, 7, False), (2024, None, True), (2025, None, False)],
)
def test_a_specialists_department_joins_by_the_years_bound_or_in_its_third_year(started, cohort_max, due):
    seen = outlook(History(specialists=[started], joins="sus", cohort_max=cohort_max), year=2026)
    assert [each.family for each in seen.phases] == (["sus"] if due else [])
    assert seen.kind == ("department" if due else "")


def test_a_school_that_is_not_marked_completed_is_said_to_be_so():
    seen = outlook(History([past("dev", 2025, "active")]), year=2026)
    assert seen.not_yet == ("dev 2025/26 is not marked as completed, so what needs that is left out.",)


@pytest.mark.parametrize(
    ("places", "kind"),
    [
        ([past("dev", 2025)], "next"),
        ([past("dev", 2024)], "lapsed"),
        ([past("dev", 2022), past("sus", 2025, "active")], "next"),
        ([past("dev", 2022), past("sus", 2025, "withdrawn")], "lapsed"),
        ([], "department"),
    ],
)
def test_why_a_school_is_asked(places, kind):
    assert rules.kind_of(History(places), year=2026) == kind


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [{"family": "a", "after": ["completed"], "years_later": 1, "with": "b"}],
            NextPhase("a", ("completed",), 1, "b"),
        ),
        ([{"family": "a", "after": [], "years_later": "ever"}], NextPhase("a", ())),
        ([{"family": "a", "after": [], "years_later": "any"}], NextPhase("a", ())),
        ([{"family": "a", "after": []}], NextPhase("a", ())),
    ],
)
def test_the_catalogues_next_phases_are_read(rows, expected):
    assert rules.read_next(rows) == (expected,)


@pytest.mark.parametrize(
    ("answers", "again", "became"),
    [(["no", "no"], False, "stopped"), (["no"], True, "put_off"), (["maybe", "no"], True, "put_off")],
)
def test_what_answers_without_a_yes_come_to(answers, again, became):
    assert rules.became(answers, ask_again=again) == became


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 7, 20), "2026-08-01", "2027-09-01"),
        (date(2026, 11, 22), "2026-12-01", "2027-09-01"),
        (date(2026, 12, 31), "2027-01-01", "2027-09-01"),
        (date(2027, 1, 31), "2027-02-01", "2027-09-01"),
        (date(2027, 3, 1), "2027-04-01", "2028-09-01"),
    ],
)
def test_the_days_to_ask_again_are_six_months_and_the_next_school_year(today, first, last):
    choices = [value for value, _ in rules.ask_again_choices(today)]
    assert (choices[0], choices[-1], len(choices)) == (first, last, 7)
    assert choices == sorted(set(choices))
