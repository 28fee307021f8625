"""Every rule about a teacher, row by row, and the days of year 1. No database."""

from dataclasses import replace
from datetime import date

import pytest

from applications.rules import SchoolFacts, SpecialistPast, TeacherFacts, outcome
from applications.rules.teacher import head_supports, not_a_specialist_already, teacher_not_head, teacher_qualified
from programmes.specialists.rules import days_against, in_days, release_days

SCHOOL = SchoolFacts(
    urn=136_000, name="St Botolph's School", type_code=1, type_name="Community school", status=1, phase=4,
    phase_name="Secondary", low_age=11, high_age=16, opened_on=None, closed_on=None, section_41=None,
    local_authority="881", local_authority_name="Essex", seen_on=date(2026, 9, 1),
)  # fmt: skip
TEACHER = TeacherFacts(
    today=date(2026, 11, 3), applied_on=date(2026, 11, 2), year=2026, school=SCHOOL, hub_name="Venn Essex", qts=True,
    qts_on=date(2015, 9, 1), years_teaching=10, is_ect=False, head="confirmed", head_days=15, head_launch="self",
)  # fmt: skip
COHORT_9 = {"qts": True, "min_years": 2}
COHORT_10 = {"qts": True, "not_ect": True}
IN_YEAR_2 = SpecialistPast("cohort 9, 2024/25", "year_2", "Year 2")
STEPPED_DOWN = SpecialistPast("cohort 7, 2022/23", "stepped_down", "Stepped down")
NAMESAKE = SpecialistPast("cohort 8, 2023/24", "active", "Year 3", by_name=True)


def codes(rule, facts, **parameters):
    return {finding.code: str(finding.effect) for finding in rule(facts, **parameters)}


@pytest.mark.parametrize(
    ("cohort", "changed", "expected"),
    [
        (COHORT_9, {}, {}),
        (COHORT_9, {"years_teaching": 2}, {}),
        (COHORT_9, {"years_teaching": 1}, {"too_few_years": "refuse"}),
        (COHORT_9, {"years_teaching": None}, {"years_not_said": "refer"}),
        (COHORT_9, {"is_ect": True}, {}),
        (COHORT_9, {"qts": False}, {"no_qts": "refuse"}),
        (COHORT_9, {"qts": None}, {"qts_not_said": "refer"}),
        (COHORT_9, {"qts_on": date(2026, 11, 3)}, {}),
        (COHORT_9, {"qts_on": date(2026, 11, 4)}, {"qts_ahead": "refuse"}),
        (COHORT_9, {"qts": False, "years_teaching": 0}, {"no_qts": "refuse", "too_few_years": "refuse"}),
        (COHORT_10, {}, {}),
        (COHORT_10, {"years_teaching": 0}, {}),
        (COHORT_10, {"is_ect": True}, {"early_career": "refuse"}),
        (COHORT_10, {"is_ect": None}, {"ect_not_said": "refer"}),
        (COHORT_10, {"qts": False, "is_ect": True}, {"no_qts": "refuse", "early_career": "refuse"}),
        ({"qts": False}, {"qts": False, "qts_on": None, "years_teaching": 0, "is_ect": True}, {}),
    ],
)
def test_cohort_9_asks_for_two_years_and_cohort_10_bars_early_career_teachers(cohort, changed, expected):
    assert codes(teacher_qualified, replace(TEACHER, **changed), **cohort) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((), {}),
        ((IN_YEAR_2,), {"specialist_already": "refuse"}),
        ((STEPPED_DOWN,), {"stepped_down_before": "refer"}),
        ((NAMESAKE,), {"specialist_of_that_name": "refer"}),
        ((STEPPED_DOWN, IN_YEAR_2), {"stepped_down_before": "refer", "specialist_already": "refuse"}),
    ],
)
def test_a_specialist_does_not_start_again_unseen(before, expected):
    assert codes(not_a_specialist_already, replace(TEACHER, specialist_before=before)) == expected


def test_a_head_who_is_the_applicant_is_looked_at_by_a_person():
    found = list(teacher_not_head(replace(TEACHER, head_is_applicant="The head's address is the applicant's")))

    assert [(each.code, each.fact, outcome([each])) for each in found] == [
        ("head_is_applicant", "The head's address is the applicant's", "referred")
    ]
    assert list(teacher_not_head(TEACHER)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"head": "refused"}, ["head_refused"]),
        ({"head": "asked"}, ["head_not_confirmed"]),
        ({"head": ""}, ["head_not_confirmed"]),
        ({"head_days": 10}, ["head_days"]),
        ({"head_days": None, "head_launch": ""}, ["head_days", "head_launch"]),
    ],
)
def test_nobody_is_selected_before_the_school_supports_the_days_and_the_launch(changed, expected):
    assert list(codes(head_supports, replace(TEACHER, **changed), days=15, launch=True)) == expected


def test_the_launch_counts_only_where_the_rules_ask_for_it():
    assert codes(head_supports, replace(TEACHER, head_launch=""), days=15, launch=False) == {}


TERMS = {"year_1": {"days": 15, "central": 5, "local": 10}}
TODAY = date(2026, 11, 3)


def test_days_are_done_planned_or_left_and_half_days_count_half():
    recorded = [
        ("central", date(2026, 10, 1), 2), ("central", TODAY, 1), ("central", date(2026, 12, 1), 2),
        ("school", date(2026, 10, 5), 2), ("hub", date(2026, 10, 6), 1), ("hub", date(2027, 1, 6), 2),
    ]  # fmt: skip

    central, local = days_against(TERMS, recorded, today=TODAY)

    assert central.in_words == {"done": "1½", "planned": "1", "left": "2½", "entitled": "5"}
    assert local.in_words == {"done": "1½", "planned": "1", "left": "7½", "entitled": "10"}


def test_a_cohort_whose_rules_do_not_say_has_no_days_left_or_over():
    central, _ = days_against({}, [("central", TODAY, 2)], today=TODAY)

    assert (central.left, central.over, central.whole, central.in_words["entitled"]) == (None, 0, 2, "Not stated")
    assert release_days({}) is None and release_days(TERMS) == 15


def test_more_days_than_the_rules_give_are_shown_as_over():
    central, _ = days_against(TERMS, [("central", TODAY, 2)] * 6, today=TODAY)

    assert (central.left, central.over, central.whole) == (0, 2, 12)


@pytest.mark.parametrize(("halves", "words"), [(0, "0"), (1, "½"), (2, "1"), (5, "2½"), (30, "15")])
def test_halves_read_as_days(halves, words):
    assert in_days(halves) == words
