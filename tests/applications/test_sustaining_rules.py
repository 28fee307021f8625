"""Who may go on to Sustaining and Embedding, by table: what a school says, what our records show, what comes of it."""

from dataclasses import replace
from datetime import date

import pytest

from applications.rules import RULES, Facts, Participation, chosen, focus_left, outcome, proven
from hubportal.rules import assess

TODAY = date(2026, 11, 3)
FAMILIES = ["sec-development", "sec-embedding", "sec-sustaining"]
FACTS = Facts(today=TODAY, applied_on=TODAY, year=2026, school=None, hub_name="Estuary Maths Hub")
TITLES = {"a": "Thinking", "b": "Reasoning", "c": "Science"}


def part(year=2025, status="completed", family="sec-development", known_as=""):
    return Participation(family, f"{year}/{(year + 1) % 100:02d}", status, known_as)


def found(name, facts, **parameters):
    return [
        (each.code, each.effect.value) for each in assess(facts, chosen([{"rule": name} | parameters], when="check"))
    ]


def history(most=9, year=2026, **facts):
    return found(
        "took_part_or_specialist", replace(FACTS, year=year, **facts), families=FAMILIES, specialist_cohort_max=most
    )


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        ([part(2025)], []),
        ([part(2025, "active")], []),
        ([part(2024, "part_completed")], []),
        ([part(2014)], []),  # after a break of any length
        ([part(2021, family="sec-sustaining")], []),
        ([part(2025, family="sec-embedding")], []),
        ([part(2025, "withdrawn"), part(2023)], []),
        ([part(2025, "withdrawn")], ["took_part_in_part"]),
        ([part(2025, "confirmed")], ["took_part_in_part"]),
        ([part(2025, "declined")], ["route_not_proven"]),
        ([part(2026, "active")], ["route_not_proven"]),  # the same year proves nothing
        ([part(2025, family="primary-mastery")], ["route_not_proven"]),
        ([part(2025, known_as="Old School (URN 100000)")], ["took_part_as_another"]),
        ([part(2025, "void")], ["route_not_proven"]),
        ([], ["route_not_proven"]),
    ],
)
def test_a_department_that_took_part_goes_on_and_any_other_is_referred(parts, codes):
    found = history(route="development", route_year=2025, taken_part=tuple(parts))
    assert found == [(code, "refer") for code in codes]


@pytest.mark.parametrize("route", ["", "development", "break"])
def test_without_any_history_it_is_referred_and_never_refused(route):
    assert history(route=route) == [("route_not_proven", "refer")]


@pytest.mark.parametrize(
    ("most", "year", "says", "shown", "expected"),
    [
        (7, 2024, 7, (7,), []),
        (7, 2024, 1, (1,), []),
        (7, 2024, 8, (), [("specialist_later", "refuse")]),
        (7, 2024, 8, (8,), [("specialist_later", "refuse")]),
        (8, 2025, 8, (8,), []),
        (9, 2026, 9, (9,), []),
        (9, 2026, 9, (), [("route_not_proven", "refer")]),
        (9, 2026, 6, (10,), [("route_not_proven", "refer")]),
        (9, 2026, 10, (6, 10), []),  # another specialist of the school is early enough
        (5, 2020, 6, (), [("specialist_later", "refuse")]),
    ],
)
def test_the_bound_on_specialists_cohorts_is_the_years(most, year, says, shown, expected):
    facts = {"route": "specialist", "route_cohort": says, "specialist_cohorts": shown}
    assert history(most=most, year=year, **facts) == expected


def test_a_late_specialist_is_no_bar_to_a_department_that_did_development():
    assert history(route="specialist", route_cohort=11, taken_part=(part(2022),)) == []


@pytest.mark.parametrize("parts", [(), (part(2025),), (part(2025, "withdrawn"),)])
def test_before_it_is_sent_the_form_says_the_same_whatever_our_records_show(parts):
    found = history(before_sending=True, route="development", route_year=2025, taken_part=parts)
    assert found == [("route_to_prove", "warn")]


def test_a_cohort_that_is_too_late_is_said_before_sending_because_it_needs_no_record():
    assert history(before_sending=True, route="specialist", route_cohort=12) == [("specialist_later", "refuse")]


def test_a_school_that_signed_up_under_another_urn_is_referred():
    facts = replace(FACTS, taken_part=(part(),), applied_as=("Old School (URN 1)",))
    school = type("School", (), {"seen_on": TODAY})()
    found = assess(
        replace(facts, school=school),
        chosen(
            [{"rule": "took_part_or_specialist", "families": FAMILIES, "specialist_cohort_max": 9}],
            when="check",
        ),
    )
    assert [each.code for each in found] == ["applied_as_another"]


def test_what_is_proven_is_said_in_sentences():
    facts = replace(FACTS, taken_part=(part(2023), part(2025, "withdrawn")), specialist_cohorts=(4, 11))
    assert proven(facts, families=FAMILIES, specialist_cohort_max=9) == [
        "Our records show Development in 2023/24: completed.",
        "Our records show a Mastery Specialist of cohort 4 at the school.",
    ]


@pytest.mark.parametrize(
    ("ranked", "full", "expected", "left"),
    [
        ("a", "", [], True),
        ("ba", "", [], True),
        ("", "", [("foci_missing", "refer")], False),
        ("x", "", [("foci_not_run", "refer")], False),
        ("xa", "", [], True),
        ("ab", "a", [("first_focus_full", "warn")], True),
        ("ab", "b", [], True),
        ("ab", "ab", [("foci_full", "warn")], False),
        ("a", "a", [("foci_full", "warn")], False),
    ],
)
def test_foci_are_ranked_and_a_full_one_waits(ranked, full, expected, left):
    facts = replace(FACTS, foci_run=TITLES, foci_ranked=tuple(ranked), foci_full=tuple(full))
    assert found("foci_ranked", facts) == expected
    assert [each.code for each in focus_left(facts)] == ([] if left else ["focus_full"])


def test_a_project_without_foci_asks_for_none():
    assert found("foci_ranked", FACTS) == [] and list(focus_left(FACTS)) == []


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (("teacher", "other"), []),
        (("teacher",), [("participants_to_name", "warn")]),
        ((), [("participants_to_name", "warn")]),
        (("teacher",) * 200, [("too_many_participants", "refuse")]),
    ],
)
def test_two_lead_and_any_role_will_do(roles, expected):
    assert found("lead_participants", replace(FACTS, advocate_roles=roles), count=2) == expected


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("typed", []),
        ("file", []),
        ("later", [("plan_to_come", "warn")]),
        ("", [("plan_missing", "refer")]),
    ],
)
def test_a_plan_may_come_later(plan, expected):
    assert found("plan_given", replace(FACTS, plan=plan)) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part(2025)], []),
        ([part(2024)], [("not_completed", "refuse")]),  # finished earlier
        ([part(2025, "part_completed")], [("not_completed", "refuse")]),
        ([part(2025, "withdrawn")], [("not_completed", "refuse")]),
        ([part(2025, "active")], [("not_completed_yet", "refer")]),
        ([part(2025, family="sec-sustaining")], [("not_completed", "refuse")]),
        ([part(2025, known_as="Old School (URN 1)")], [("completed_as_another", "refer")]),
        ([], [("not_completed", "refuse")]),
    ],
)
def test_embedding_follows_a_completed_development_of_the_year_before(parts, expected):
    facts = replace(FACTS, taken_part=tuple(parts))
    assert found("completed_before", facts, family="sec-development", years_ago=1) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part(2026, "offered", "sec-sustaining")], []),
        ([part(2026, "active", "sec-sustaining")], []),
        ([part(2026, "declined", "sec-sustaining")], [("not_joined_with", "refuse")]),
        ([part(2025, "active", "sec-sustaining")], [("not_joined_with", "refuse")]),
        ([], [("not_joined_with", "refuse")]),
    ],
)
def test_embedding_goes_with_a_place_in_sustaining(parts, expected):
    assert found("joined_with", replace(FACTS, taken_part=tuple(parts)), family="sec-sustaining") == expected


def test_a_whole_sign_up_without_history_is_referred():
    rules = [
        {"rule": "took_part_or_specialist", "families": FAMILIES, "specialist_cohort_max": 9},
        {"rule": "plan_given"},
    ]
    assert outcome(assess(replace(FACTS, route="break"), chosen(rules, when="check"))) == "referred"


def test_facts_of_a_sign_up_come_back_as_they_were_kept():
    facts = Facts.from_dict
    school = {
        "urn": 1, "name": "x", "type_code": 1, "type_name": "x", "status": 1, "phase": 4, "phase_name": "x",
        "low_age": 11, "high_age": 16, "opened_on": None, "closed_on": None, "section_41": None,
        "local_authority": "881", "local_authority_name": "Essex", "seen_on": "2026-09-01", "successor": "",
    }  # fmt: skip
    kept = replace(FACTS, foci_run=TITLES, foci_ranked=("b", "a"), taken_part=(part(),), route_year=2025).as_dict()
    again = facts(kept | {"school": school})
    assert (again.foci_run, again.foci_ranked, again.route_year) == (TITLES, ("b", "a"), 2025)
    assert again.taken_part[0].year == 2025


def test_every_new_rule_is_registered():
    assert {"took_part_or_specialist", "completed_before", "joined_with", "foci_ranked", "plan_given"} <= set(RULES)
