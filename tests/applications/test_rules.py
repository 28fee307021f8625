"""Every rule of the real catalogue, row by row. No database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules import LABELS, RULES, Facts, Participation, SchoolFacts, chosen, outcome, room_left
from hubportal.clock import london_date
from hubportal.rules import Effect, Finding, assess
from programmes.cohorts.catalogue import FOLDER, read

from .stages import utc

CATALOGUE = read(FOLDER / "sec-development.yaml")
RULE_SET = CATALOGUE["projects"][-1]["rule_sets"][0]  # of the newest year
COMMITMENTS = {row["code"]: row["text"] for row in RULE_SET["commitments"]}

STATE = [1, 2, 3, 5, 6, 28, 34, 35, 40, 41]
SPECIAL = [7, 8, 12, 33, 36, 44]
ALTERNATIVE = [14, 38, 42, 43]
COLLEGES = [18, 31, 39, 45, 46]
UNCLEAR = [24, 26, 27, 32, 56, 57]
OUTSIDE = [25, 29, 30, 37, 47, 48, 49]

SCHOOL = SchoolFacts(
    urn=136_000,
    name="St Botolph's School",
    type_code=1,
    type_name="Community school",
    status=1,
    phase=4,
    phase_name="Secondary",
    low_age=11,
    high_age=16,
    opened_on=None,
    closed_on=None,
    section_41=None,
    local_authority="881",
    local_authority_name="Essex",
    seen_on=date(2026, 9, 1),
)
FACTS = Facts(
    today=date(2026, 11, 3),
    applied_on=date(2026, 11, 2),
    year=2026,
    school=SCHOOL,
    hub_name="Venn Essex",
    hub_areas=("881", "882"),
    advocate_roles=("hod", "teacher"),
    commitments_made=tuple(COMMITMENTS),
    commitments_asked=COMMITMENTS,
    opens_on=date(2026, 9, 1),
    closes_on=date(2027, 1, 29),
    head="confirmed",
    places_left=3,
)


def found(when="check", **changed) -> list[Finding]:
    return assess(replace(FACTS, **changed), chosen(RULE_SET["rules"], when=when))


def of_school(**changed) -> list[Finding]:
    return found(school=replace(SCHOOL, **changed))


def codes(findings) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.effect)) for finding in findings]


def test_a_school_that_meets_every_rule_has_no_finding_at_all():
    assert found() == []
    assert found(when="offer") == []
    assert outcome([]) == "eligible"


@pytest.mark.parametrize(
    ("types", "phases", "ages", "section_41", "result"),
    [
        (STATE, [4, 5, 7], (11, 16), None, "eligible"),
        (STATE, [4, 5, 7], (None, None), None, "eligible"),
        (SPECIAL, [0, 4], (11, 12), None, "referred"),
        (SPECIAL, [0, 4], (4, 19), None, "referred"),
        (SPECIAL, [0], (4, 11), None, "ineligible"),
        (SPECIAL, [0], (None, None), None, "referred"),
        (ALTERNATIVE, [0, 4], (11, 16), None, "referred"),
        (ALTERNATIVE, [0], (5, 11), None, "ineligible"),
        (COLLEGES, [0, 6], (16, 19), None, "referred"),
        (STATE, [6], (16, 18), None, "referred"),
        (STATE, [3], (9, 13), None, "referred"),
        (STATE, [3], (5, 12), None, "referred"),
        (STATE, [3], (5, 11), None, "ineligible"),
        (STATE, [1, 2], (3, 11), None, "ineligible"),
        ([10], [0], (5, 19), True, "referred"),
        ([10, 11], [0, 4], (5, 19), False, "ineligible"),
        ([10, 11], [0, 4], (5, 19), None, "ineligible"),
        (UNCLEAR, [0, 4], (11, 16), None, "referred"),
        (OUTSIDE, [0, 4], (11, 18), None, "ineligible"),
        ([99], [0], (11, 18), None, "referred"),
        (STATE, [0], (11, 16), None, "referred"),
    ],
)
def test_the_table_of_school_types_is_the_one_of_the_three_dfe_services(types, phases, ages, section_41, result):
    for type_code in types:
        for phase in phases:
            low, high = ages
            findings = of_school(type_code=type_code, phase=phase, low_age=low, high_age=high, section_41=section_41)
            about_type = [finding for finding in findings if finding.code == "school_type"]
            assert outcome(about_type) == result, (type_code, phase, ages)


@pytest.mark.parametrize("low_age", [None, 4, 11, 13])
def test_a_school_with_pupils_in_key_stage_3_is_not_warned(low_age):
    assert of_school(low_age=low_age) == []


def test_a_utc_that_starts_at_14_is_warned_and_stays_eligible():
    findings = of_school(type_code=40, low_age=14, high_age=19)

    assert codes(findings) == [("no_key_stage_3", "warn")]
    assert findings[0].fact == "Ages 14 to 19"
    assert outcome(findings) == "eligible"


BEFORE, ON_THE_DAY, AFTER = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"status": 1}, []),
        ({"status": 1, "closed_on": BEFORE}, [("school_closed", "refuse")]),
        ({"status": 1, "closed_on": ON_THE_DAY}, [("school_closed", "refuse")]),
        ({"status": 1, "closed_on": AFTER}, [("school_closing", "warn")]),
        ({"status": 2}, [("school_closed", "refuse")]),
        ({"status": 2, "closed_on": BEFORE}, [("school_closed", "refuse")]),
        ({"status": 3}, [("school_closing", "warn")]),
        ({"status": 3, "closed_on": AFTER}, [("school_closing", "warn")]),
        ({"status": 3, "closed_on": BEFORE}, [("school_closed", "refuse")]),
        ({"status": 4}, [("school_not_open_yet", "refer")]),
        ({"status": 4, "opened_on": date(2026, 9, 1)}, []),
        ({"status": 4, "opened_on": date(2026, 11, 3)}, []),
        ({"status": 4, "opened_on": date(2027, 1, 5)}, [("school_not_open_yet", "refer")]),
    ],
)
def test_open_closing_closed_and_proposed_schools_are_told_apart_by_status_and_dates(changed, expected):
    assert codes(of_school(**changed)) == expected


def test_a_school_that_opens_on_the_first_day_of_the_year_may_apply_before_it():
    early = {"today": date(2026, 5, 4), "applied_on": date(2026, 5, 4), "opens_on": date(2026, 4, 1)}

    assert found(school=replace(SCHOOL, status=4, opened_on=date(2026, 9, 1)), **early) == []
    late = found(school=replace(SCHOOL, status=4, opened_on=date(2026, 9, 2)), **early)
    assert codes(late) == [("school_not_open_yet", "refer")]


def test_a_closed_school_is_told_when_it_closed_and_who_took_its_place():
    [finding] = of_school(status=2, closed_on=date(2025, 8, 31), successor="New School (URN 150001)")

    assert finding.text == (
        "The register says that this school closed on 31 August 2025. New School (URN 150001) took its place: please "
        "apply for that school."
    )


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((), [("advocates_to_name", "warn")]),
        (("teacher",), [("advocates_to_name", "warn")]),
        (("hod",), [("advocates_to_name", "warn")]),
        (("hod", "teacher"), []),
        (("teacher", "second"), []),
        (("ks3_lead", "other"), []),
        (("hod", "second"), []),
        (("ks45_lead", "teacher"), [("advocate_role_similar", "refer")]),
        (("teacher", "lead_practitioner"), [("advocate_role_similar", "refer")]),
        (("slt", "other"), [("advocate_role_similar", "refer")]),
        (("teacher", "teacher"), [("no_leading_advocate", "refuse")]),
    ],
)
def test_two_advocates_are_wanted_of_whom_one_leads_and_names_may_come_later(roles, expected):
    assert codes(found(advocate_roles=roles)) == expected


def test_each_commitment_that_is_not_ticked_is_a_finding_with_its_wording():
    findings = found(commitments_made=("meetings", "tasks", "evaluation"))

    assert codes(findings) == [(f"commitment_{code}", "refuse") for code in ("in_school", "leadership", "continuing")]
    assert all(COMMITMENTS[finding.code.removeprefix("commitment_")] in finding.text for finding in findings)


def test_the_catalogue_asks_for_the_six_commitments():
    assert list(COMMITMENTS) == ["meetings", "in_school", "tasks", "leadership", "evaluation", "continuing"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("offered", [("already_in", "refuse")]),
        ("accepted", [("already_in", "refuse")]),
        ("confirmed", [("already_in", "refuse")]),
        ("active", [("already_in", "refuse")]),
        ("completed", [("already_in", "refuse")]),
        ("part_completed", [("took_part_before", "refer")]),
        ("withdrawn", [("took_part_before", "refer")]),
        ("declined", []),
        ("lapsed", []),
    ],
)
def test_a_school_takes_part_once_and_one_that_left_half_way_is_looked_at(status, expected):
    part = Participation("sec-development", "2024/25", status)

    assert codes(found(taken_part=(part,))) == expected
    assert found(taken_part=(replace(part, family="sec-sustaining"),)) == []


def test_a_linked_school_that_has_applied_is_for_a_person_to_look_at():
    findings = found(applied_as=("Old School (URN 1)",))

    assert codes(findings) == [("applied_as_another", "refer")]


def test_a_place_under_another_urn_says_as_whom():
    part = Participation("sec-development", "2024/25", "completed", "Old School (URN 1)")

    assert [finding.fact for finding in found(taken_part=(part,))] == ["2024/25: completed, as Old School (URN 1)"]


def test_what_staff_have_moved_here_is_not_measured_by_this_hubs_window():
    assert codes(found(opens_on=date(2027, 9, 1))) == [("window_not_open", "refuse")]
    assert found(opens_on=date(2027, 9, 1), closes_on=date(2028, 1, 31), moved_here=True) == []


@pytest.mark.parametrize(("areas", "expected"), [((), []), (("881",), []), (("883",), [("outside_area", "warn")])])
def test_a_hubs_area_is_a_default_and_never_a_bar(areas, expected):
    assert codes(found(hub_areas=areas)) == expected


OPENS, CLOSES = date(2026, 10, 25), date(2027, 3, 28)  # the days on which the clocks change


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (utc(2026, 10, 24, 22, 59), ["window_not_open"]),  # 23:59 of the day before, in summer time
        (utc(2026, 10, 24, 23, 0), []),  # midnight in London
        (utc(2026, 10, 25, 23, 59), []),
        (utc(2027, 3, 28, 0, 30), []),
        (utc(2027, 3, 28, 22, 59), []),  # 23:59 of the last day, in summer time again
        (utc(2027, 3, 28, 23, 0), ["window_closed"]),
    ],
)
def test_the_first_and_the_last_day_count_whole_by_the_clock_in_london(at, expected):
    findings = found(applied_on=london_date(at), opens_on=OPENS, closes_on=CLOSES)

    assert [finding.code for finding in findings] == expected


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"opens_on": None}, "window_unknown", "has not said yet when"),
        ({"closes_on": None}, "window_unknown", "has not said yet when"),
        ({"recruiting": False}, "window_closed", "takes no applications for this year any more"),
    ],
)
def test_a_window_without_dates_or_of_a_closed_year_refuses_in_words_that_fit(changed, code, words):
    [finding] = found(**changed)

    assert (finding.code, finding.effect) == (code, Effect.REFUSE)
    assert words in finding.text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("confirmed", []),
        ("", [("head_not_confirmed", "refuse")]),
        ("asked", [("head_not_confirmed", "refuse")]),
        ("refused", [("head_refused", "refuse")]),
    ],
)
def test_an_offer_waits_for_the_head_and_the_check_does_not(head, expected):
    assert codes(found(when="offer", head=head)) == expected
    assert found(head=head) == []


@pytest.mark.parametrize(("head", "fact"), [("", "Nobody has been asked yet"), ("asked", "Asked")])
def test_a_head_who_was_not_asked_is_not_said_to_have_been(head, fact):
    assert [finding.fact for finding in found(when="offer", head=head)] == [fact]


@pytest.mark.parametrize(("left", "expected"), [(1, []), (0, [("full", "refuse")]), (-1, [("full", "refuse")])])
def test_a_full_cohort_refuses(left, expected):
    assert codes(room_left(replace(FACTS, places_left=left))) == expected


def test_all_reasons_are_given_at_once_in_the_order_of_the_rules_each_with_fact_source_and_date():
    findings = found(
        school=replace(SCHOOL, type_code=11, low_age=14, status=2, local_authority="999"),
        advocate_roles=("teacher", "teacher"),
        commitments_made=(),
        taken_part=(Participation("sec-development", "2024/25", "withdrawn"),),
        applied_on=date(2027, 2, 1),
    )

    assert [finding.code for finding in findings] == [
        "school_type",
        "no_key_stage_3",
        "school_closed",
        "no_leading_advocate",
        *(f"commitment_{code}" for code in COMMITMENTS),
        "took_part_before",
        "outside_area",
        "window_closed",
    ]
    for finding in findings:
        assert finding.fact and finding.source and finding.text.endswith((".", "”")), finding
        date.fromisoformat(finding.as_of)


def test_every_rule_that_the_catalogue_names_is_registered_and_labelled():
    named = {
        row["rule"] for project in CATALOGUE["projects"] for rules in project["rule_sets"] for row in rules["rules"]
    }

    assert named <= set(RULES)
    assert set(LABELS) == set(RULES)


def test_the_facts_are_kept_as_plain_values():
    part = Participation("sec-development", "2024/25", "withdrawn")

    kept = replace(FACTS, taken_part=(part,)).as_dict()

    assert kept["closes_on"] == "2027-01-29"
    assert kept["school"]["seen_on"] == "2026-09-01"
    assert kept["taken_part"] == [
        {"family": "sec-development", "year_label": "2024/25", "status": "withdrawn", "known_as": ""}
    ]


@pytest.mark.parametrize(
    ("effects", "set_aside", "result"),
    [
        ([], [], "eligible"),
        (["warn"], [], "eligible"),
        (["warn", "refer"], [], "referred"),
        (["refer", "refuse"], [], "ineligible"),
        (["refer", "refuse"], [1], "referred"),
        (["refer", "refuse"], [0], "ineligible"),
        (["refer", "refuse", "warn"], [0, 1], "eligible"),
    ],
)
def test_the_weightiest_finding_decides_and_what_was_set_aside_does_not_count(effects, set_aside, result):
    findings = [Finding(f"f{n}", "", Effect(effect)) for n, effect in enumerate(effects)]

    assert outcome(findings, frozenset((f"f{n}", "") for n in set_aside)) == result


def test_what_was_set_aside_counts_again_when_it_rests_on_another_fact():
    findings = [Finding("advocate_role_similar", "", Effect.REFER, "2 of 2; Senior leader; Teacher")]

    assert outcome(findings, frozenset({("advocate_role_similar", "2 of 2; Senior leader; Teacher")})) == "eligible"
    assert outcome(findings, frozenset({("advocate_role_similar", "2 of 2; Another role; Teacher")})) == "referred"


BEST_FIRST = ["eligible", "referred", "ineligible"]
code, fact = st.sampled_from("abcd"), st.sampled_from(["this", "that"])
some_finding = st.builds(Finding, code, st.just("A sentence."), st.sampled_from(list(Effect)), fact)


@given(findings=st.lists(some_finding), more=some_finding, aside=st.frozensets(st.tuples(code, fact)))
def test_one_more_finding_never_makes_the_outcome_better_nor_an_override_worse(findings, more, aside):
    before = BEST_FIRST.index(outcome(findings, aside))

    assert BEST_FIRST.index(outcome([*findings, more], aside)) >= before
    assert BEST_FIRST.index(outcome(findings)) >= before


@given(
    type_code=st.integers(0, 60),
    phase=st.integers(0, 7),
    low=st.none() | st.integers(0, 19),
    high=st.none() | st.integers(0, 25),
    flag=st.sampled_from([None, True, False]),
)
def test_whatever_the_register_says_there_is_an_answer_and_only_state_secondaries_are_simply_eligible(
    type_code, phase, low, high, flag
):
    findings = of_school(type_code=type_code, phase=phase, low_age=low, high_age=high, section_41=flag)

    if outcome(findings) == "eligible":
        assert type_code in STATE and phase in {4, 5, 7}
