"""Who is eligible: each programme of each year in the catalogue, by table, under its own rules. No database."""

from dataclasses import replace
from datetime import date

import pytest

from applications.rules import Facts, Participation, SchoolFacts, SpecialistPast, TeacherFacts, chosen, outcome
from hubportal.rules import assess
from programmes.cohorts.catalogue import FOLDER, read

DEV, EMB, SUS, SPE = "sec-development", "sec-embedding", "sec-sustaining", "sec-specialist"
CATALOGUE = {
    (programme["programme"]["family"], project["year"]): project
    for programme in map(read, sorted(FOLDER.glob("[!_]*.yaml")))
    for project in programme["projects"]
}
EVERY = [*CATALOGUE]
YEARS = {family: [year for found, year in EVERY if found == family] for family in (DEV, EMB, SUS, SPE)}
COHORTS = {project["cohort_number"]: year for (family, year), project in CATALOGUE.items() if family == SPE}
MOST = {2020: 5, 2024: 7, 2025: 8, 2026: 9}  # the last specialist cohort whose department joins Sustaining in the year
AREA = "881"


def rule_set(family: str, year: int, on: date) -> dict:
    """Return the rules in force on a day."""
    return [each for each in CATALOGUE[family, year]["rule_sets"] if each["effective_from"] <= on][-1]


def part(family: str, year: int, status="completed", known_as="") -> Participation:
    return Participation(family, f"{year}/{(year + 1) % 100:02d}", status, known_as)


def school(year: int, **changed) -> SchoolFacts:
    facts = SchoolFacts(
        urn=136_000, name="St Botolph's School", type_code=1, type_name="Community school", status=1, phase=4,
        phase_name="Secondary", low_age=11, high_age=16, opened_on=None, closed_on=None, section_41=None,
        local_authority=AREA, local_authority_name="Essex", seen_on=date(year, 5, 1),
    )  # fmt: skip
    return replace(facts, **changed)


def facts(family: str, year: int, on: date, **changed) -> Facts:
    """Return what is known of a school, or of a teacher and a school, that meets every rule of the year."""
    asked = {row["code"]: row["text"] for row in rule_set(family, year, on)["commitments"]}
    known = {
        "today": on, "applied_on": on, "year": year, "school": school(year), "hub_name": "Venn Essex",
        "hub_areas": (AREA,), "advocate_roles": ("hod", "teacher"), "commitments_made": tuple(asked),
        "commitments_asked": asked, "opens_on": date(year, 1, 15), "closes_on": date(year, 6, 30),
        "head": "confirmed", "places_left": 3,
    }  # fmt: skip
    if family == EMB:
        known["taken_part"] = (part(DEV, year - 1), part(SUS, year, "offered"))
    elif family == SUS:
        known |= {"taken_part": (part(DEV, year - 1),), "route": "development", "route_year": year - 1}
        known |= {"plan": "typed", "foci_run": {"a": "Thinking"}, "foci_ranked": ("a",)}
    elif family == SPE:
        known |= {"qts": True, "qts_on": date(2010, 9, 1), "years_teaching": 6, "is_ect": False}
        known |= {"head_days": 15, "head_launch": "self"}
    return (TeacherFacts if family == SPE else Facts)(**(known | changed))


def judged(family: str, year: int, *, on: date | None = None, when="check", **changed) -> tuple[str, set[str]]:
    """Return the outcome, and the codes of all findings."""
    on = on or date(year, 5, 5)
    findings = assess(facts(family, year, on, **changed), chosen(rule_set(family, year, on)["rules"], when=when))
    return outcome(findings), {finding.code for finding in findings}


ELIGIBLE = ("eligible", set())


@pytest.mark.parametrize("when", ["check", "offer"])
@pytest.mark.parametrize(("family", "year"), EVERY)
def test_every_programme_of_every_year_takes_those_whom_it_is_for(family, year, when):
    for version in CATALOGUE[family, year]["rule_sets"]:
        on = max(version["effective_from"], date(year, 1, 15))
        assert judged(family, year, on=on, when=when) == ELIGIBLE


def test_the_catalogue_has_the_years_that_these_tables_are_about():
    years = {
        DEV: [2019, 2020, 2024, 2025, 2026], EMB: [2024, 2025, 2026], SUS: [2020, 2024, 2025, 2026],
        SPE: [*range(2017, 2027)],
    }  # fmt: skip

    assert years == YEARS
    assert {number: year - 2015 for number, year in COHORTS.items()} == {number: number for number in range(2, 12)}


TYPES = [  # type, phase, low and high age, section 41: what comes of it
    ("community school", (1, 4, 11, 16, None), "eligible"),
    ("academy sponsor led", (28, 4, 11, 18, None), "eligible"),
    ("free school", (35, 4, 11, 16, None), "eligible"),
    ("city technology college", (6, 4, 11, 18, None), "eligible"),
    ("middle deemed secondary", (34, 5, 9, 13, None), "eligible"),
    ("all-through", (34, 7, 4, 18, None), "eligible"),
    ("ages that nobody has entered", (34, 4, None, None, None), "eligible"),
    ("middle deemed primary", (1, 3, 9, 13, None), "referred"),
    ("primary to 11 that is called middle", (1, 3, 5, 11, None), "ineligible"),
    ("primary", (1, 2, 4, 11, None), "ineligible"),
    ("special", (7, 0, 5, 19, None), "referred"),
    ("special academy", (44, 4, 11, 16, None), "referred"),
    ("special for the primary ages", (7, 0, 4, 11, None), "ineligible"),
    ("pupil referral unit", (14, 0, 11, 16, None), "referred"),
    ("alternative provision academy", (42, 0, 11, 16, None), "referred"),
    ("sixth form college", (18, 6, 16, 19, None), "referred"),
    ("16 to 19 academy", (45, 6, 16, 19, None), "referred"),
    ("secure unit", (24, 0, 11, 18, None), "referred"),
    ("independent special, section 41", (10, 0, 5, 19, True), "referred"),
    ("independent special", (10, 0, 5, 19, False), "ineligible"),
    ("independent", (11, 0, 4, 18, None), "ineligible"),
    ("British school overseas", (37, 0, 4, 18, None), "ineligible"),
    ("Welsh school", (30, 4, 11, 18, None), "ineligible"),
]


@pytest.mark.parametrize(("family", "year"), EVERY)
@pytest.mark.parametrize(("register", "expected"), [row[1:] for row in TYPES], ids=[row[0] for row in TYPES])
def test_the_type_of_school_decides_alike_in_every_programme_and_year(family, year, register, expected):
    columns = ("type_code", "phase", "low_age", "high_age", "section_41")
    found, codes = judged(family, year, school=school(year, **dict(zip(columns, register, strict=True))))

    assert found == expected
    assert ("school_type" in codes) == (expected != "eligible")


@pytest.mark.parametrize(("family", "year"), EVERY)
def test_a_utc_that_starts_at_14_is_eligible_and_development_warns_it(family, year):
    utc = school(year, type_code=40, low_age=14, high_age=19)
    assert judged(family, year, school=utc) == ("eligible", {"no_key_stage_3"} if family == DEV else set())


SUCCESSOR = "Colne Academy (URN 140000)"
LIVES = [  # status, opens and closes (year from the project's, month, day): what comes of it, by which finding
    ("closed with a successor", (2, None, (-1, 8, 31)), ("ineligible", {"school_closed"})),
    ("closed on the day", (1, None, (0, 5, 5)), ("ineligible", {"school_closed"})),
    ("closes the day after", (1, None, (0, 5, 6)), ("eligible", {"school_closing"})),
    ("proposed to close", (3, None, None), ("eligible", {"school_closing"})),
    ("proposed, opens before September", (4, (0, 8, 28), None), ELIGIBLE),
    ("proposed, opens with the year", (4, (0, 9, 1), None), ELIGIBLE),
    ("proposed, opens a day late", (4, (0, 9, 2), None), ("referred", {"school_not_open_yet"})),
    ("proposed, opens a year later", (4, (1, 9, 1), None), ("referred", {"school_not_open_yet"})),
    ("proposed, without a date", (4, None, None), ("referred", {"school_not_open_yet"})),
]


@pytest.mark.parametrize(("family", "year"), EVERY)
@pytest.mark.parametrize(("life", "expected"), [row[1:] for row in LIVES], ids=[row[0] for row in LIVES])
def test_a_schools_beginning_and_end_decide_alike_in_every_programme_and_year(family, year, life, expected):
    status, opens, closes = life
    opened_on, closed_on = (day and date(year + day[0], *day[1:]) for day in (opens, closes))
    known = school(year, status=status, opened_on=opened_on, closed_on=closed_on, successor=SUCCESSOR)

    assert judged(family, year, school=known) == expected


@pytest.mark.parametrize("year", YEARS[DEV])
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"advocate_roles": ("ks3_lead", "teacher")}, ELIGIBLE),
        ({"advocate_roles": ("second",)}, ("eligible", {"advocates_to_name"})),
        ({"advocate_roles": ()}, ("eligible", {"advocates_to_name"})),
        ({"advocate_roles": ("slt", "teacher")}, ("referred", {"advocate_role_similar"})),
        ({"advocate_roles": ("teacher", "teacher")}, ("ineligible", {"no_leading_advocate"})),
        ({"hub_areas": ("882",)}, ("eligible", {"outside_area"})),
        ({"closes_on": date(2019, 1, 1)}, ("ineligible", {"window_closed"})),
        ({"opens_on": date(2027, 1, 1), "closes_on": date(2027, 2, 1)}, ("ineligible", {"window_not_open"})),
    ],
)
def test_development_asks_for_one_who_leads_and_for_no_address_in_its_area(year, changed, expected):
    assert judged(DEV, year, **changed) == expected


@pytest.mark.parametrize("year", YEARS[DEV])
@pytest.mark.parametrize(
    ("before", "status", "expected"),
    [
        (1, "completed", ("ineligible", {"already_in"})),
        (5, "completed", ("ineligible", {"already_in"})),
        (0, "active", ("ineligible", {"already_in"})),
        (1, "part_completed", ("referred", {"took_part_before"})),
        (2, "withdrawn", ("referred", {"took_part_before"})),
        (1, "declined", ELIGIBLE),
    ],
)
def test_development_is_done_once(year, before, status, expected):
    assert judged(DEV, year, taken_part=(part(DEV, year - before, status),)) == expected


NOT_COMPLETED = ("ineligible", {"not_completed"})


@pytest.mark.parametrize("year", YEARS[EMB])
@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([(DEV, 1, "completed")], ELIGIBLE),
        ([(DEV, 1, "part_completed")], NOT_COMPLETED),
        ([(DEV, 1, "withdrawn")], NOT_COMPLETED),
        ([(DEV, 1, "active")], ("referred", {"not_completed_yet"})),
        ([(DEV, 2, "completed")], NOT_COMPLETED),
        ([(DEV, 0, "completed")], NOT_COMPLETED),
        ([(SUS, 1, "completed")], NOT_COMPLETED),
        ([(SPE, 1, "completed")], NOT_COMPLETED),
        ([], NOT_COMPLETED),
    ],
)
def test_embedding_follows_a_development_that_was_completed_the_year_before(year, history, expected):
    before = tuple(part(family, year - ago, status) for family, ago, status in history)
    assert judged(EMB, year, taken_part=before) == expected


@pytest.mark.parametrize("year", YEARS[EMB])
@pytest.mark.parametrize(
    ("status", "ago", "joined"), [("confirmed", 0, True), ("declined", 0, False), ("active", 1, False)]
)
def test_embedding_is_offered_together_with_sustaining_of_the_same_year(year, status, ago, joined):
    before = (part(DEV, year - 1), part(SUS, year - ago, status))
    expected = ELIGIBLE if joined else ("ineligible", {"not_joined_with"})
    assert judged(EMB, year, when="offer", taken_part=before) == expected
    assert judged(EMB, year, when="offer", taken_part=before[:1]) == ("ineligible", {"not_joined_with"})


NOT_PROVEN = ("referred", {"route_not_proven"})


@pytest.mark.parametrize("year", YEARS[SUS])
@pytest.mark.parametrize(
    ("route", "history", "expected"),
    [
        ("development", [(DEV, 1, "completed")], ELIGIBLE),
        ("development", [(DEV, 1, "part_completed")], ELIGIBLE),
        ("development", [(DEV, 4, "completed")], ELIGIBLE),
        ("break", [(DEV, 5, "completed")], ELIGIBLE),
        ("break", [(SUS, 3, "completed")], ELIGIBLE),
        ("development", [(EMB, 1, "completed")], ELIGIBLE),
        ("development", [(DEV, 1, "withdrawn")], ("referred", {"took_part_in_part"})),
        ("development", [(DEV, 0, "active")], NOT_PROVEN),
        ("development", [(DEV, 1, "declined")], NOT_PROVEN),
        ("development", [], NOT_PROVEN),
        ("break", [], NOT_PROVEN),
        ("", [], NOT_PROVEN),
    ],
)
def test_sustaining_takes_who_took_part_in_any_earlier_year_and_refers_the_rest(year, route, history, expected):
    before = tuple(part(family, year - ago, status) for family, ago, status in history)
    assert judged(SUS, year, route=route, taken_part=before) == expected


@pytest.mark.parametrize(("year", "most"), MOST.items())
@pytest.mark.parametrize(
    ("above", "shown", "expected"),
    [
        (0, True, ELIGIBLE),
        (-1, True, ELIGIBLE),
        (0, False, NOT_PROVEN),
        (1, True, ("ineligible", {"specialist_later"})),
        (1, False, ("ineligible", {"specialist_later"})),
    ],
)
def test_sustaining_takes_departments_of_specialists_up_to_the_years_cohort(year, most, above, shown, expected):
    cohort = most + above
    says = {"route": "specialist", "route_cohort": cohort, "specialist_cohorts": (cohort,) if shown else ()}
    assert judged(SUS, year, taken_part=(), **says) == expected


@pytest.mark.parametrize("year", YEARS[SUS])
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"advocate_roles": ("teacher", "other")}, ELIGIBLE),  # any two lead
        ({"advocate_roles": ()}, ("eligible", {"participants_to_name"})),
        ({"advocate_roles": ("teacher",) * 3}, ("ineligible", {"too_many_participants"})),
        ({"plan": "later"}, ("eligible", {"plan_to_come"})),
        ({"plan": ""}, ("referred", {"plan_missing"})),
        ({"applied_as": ("Old School (URN 1)",)}, ("referred", {"applied_as_another"})),
    ],
)
def test_sustaining_asks_for_two_who_lead_and_a_plan(year, changed, expected):
    assert judged(SUS, year, **changed) == expected


@pytest.mark.parametrize("year", YEARS[SUS])
def test_sustaining_asks_for_a_focus_in_every_year_but_2020(year):
    expected = ELIGIBLE if year == 2020 else ("referred", {"foci_missing"})
    assert judged(SUS, year, foci_ranked=()) == expected


BEFORE, AFTER = date(2025, 4, 3), date(2025, 4, 4)
TWO_YEARS = [(number, None) for number in range(2, 10)]
NO_ECT = [(10, BEFORE), (10, AFTER), (11, None)]


@pytest.mark.parametrize(("cohort", "on"), TWO_YEARS + NO_ECT)
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"qts": False}, ("ineligible", {"no_qts"})),
        ({"qts": None}, ("referred", {"qts_not_said"})),
        ({"qts_on": date(2026, 12, 1)}, ("ineligible", {"qts_ahead"})),
        ({"head_is_applicant": "The same address"}, ("referred", {"head_is_applicant"})),
        (
            {"specialist_before": (SpecialistPast("cohort 7", "year_2", "Year 2"),)},
            ("ineligible", {"specialist_already"}),
        ),
        (
            {"specialist_before": (SpecialistPast("cohort 4", "stepped_down", "Stepped down"),)},
            ("referred", {"stepped_down_before"}),
        ),
        ({"closes_on": date(2017, 1, 1)}, ("ineligible", {"window_closed"})),
    ],
)
def test_every_specialist_cohort_asks_for_qts_and_somebody_else_as_head(cohort, on, changed, expected):
    assert judged(SPE, COHORTS[cohort], on=on, **changed) == expected


@pytest.mark.parametrize(("cohort", "on"), TWO_YEARS + NO_ECT)
@pytest.mark.parametrize(
    ("changed", "two_years", "no_ect"),
    [
        ({"years_teaching": 2, "is_ect": False}, ELIGIBLE, ELIGIBLE),
        ({"years_teaching": 1, "is_ect": False}, ("ineligible", {"too_few_years"}), ELIGIBLE),
        ({"years_teaching": 2, "is_ect": True}, ELIGIBLE, ("ineligible", {"early_career"})),
        ({"years_teaching": None, "is_ect": None}, ("referred", {"years_not_said"}), ("referred", {"ect_not_said"})),
    ],
)
def test_two_years_up_to_cohort_9_and_no_early_career_teacher_from_cohort_10(cohort, on, changed, two_years, no_ect):
    expected = no_ect if (cohort, on) in NO_ECT else two_years
    assert judged(SPE, COHORTS[cohort], on=on, **changed) == expected


@pytest.mark.parametrize(("cohort", "on"), TWO_YEARS + NO_ECT)
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"head_days": 0}, "head_days"),
        ({"head_days": 14}, "head_days"),
        ({"head_launch": ""}, "head_launch"),
        ({"head": "refused"}, "head_refused"),
        ({"head": "asked"}, "head_not_confirmed"),
    ],
)
def test_nobody_is_selected_without_fifteen_days_of_release_and_the_launch(cohort, on, changed, code):
    assert judged(SPE, COHORTS[cohort], on=on, when="offer", **changed) == ("ineligible", {code})


def test_cohort_10_has_two_sets_of_rules_and_other_schools_are_asked_for_only_before_4_april():
    before, after = (rule_set(SPE, 2025, on) for on in (BEFORE, AFTER))

    assert (before["version"], after["version"]) == (1, 2)
    assert [each["terms"]["other_schools_required"] for each in (before, after)] == [True, False]
