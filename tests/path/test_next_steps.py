"""Who may join what, for every programme, year and history of the documents: pure, from the catalogue's own files.

DOMAIN 1.2 (the journey), 1.3 (the specialists' cohorts) and 4.3 (kinds of schools).
"""

from datetime import date
from functools import cache

import pytest
import yaml

from applications.path.catalogue import BY_HISTORY, ONCE, short
from applications.path.facts import Been, History, Target, Way, breaks
from applications.path.next_steps import ahead, next_step, next_steps
from applications.rules import Facts, SchoolFacts, chosen
from hubportal.rules import assess
from programmes.cohorts.catalogue import FOLDER

TODAY = date(2026, 11, 3)
DEV, EMB, SUS, SPEC = "sec-development", "sec-embedding", "sec-sustaining", "sec-specialist"


@cache
def families() -> dict[str, dict]:
    """Return the files of the catalogue by family, read as they are loaded."""
    shared = (FOLDER / "_shared.yaml").read_text()
    files = [path for path in sorted(FOLDER.glob("*.yaml")) if not path.name.startswith("_")]
    read = [yaml.safe_load(shared + path.read_text()) for path in files]
    return {each["programme"]["family"]: each for each in read}


def project(family: str, year: int) -> dict:
    return next(each for each in families()[family]["projects"] if each["year"] == year)


def rules_of(family: str, year: int) -> list[dict]:
    return project(family, year)["rule_sets"][-1]["rules"]


@cache
def target(family: str, year: int) -> Target:
    rules = {row["rule"]: row for row in rules_of(family, year)}
    programme = families()[family]["programme"]
    return Target(
        family=family,
        title=short(programme["title"]),
        year=year,
        entry=programme.get("entry", "apply"),
        ways=tuple(ways_to(family, year)),
        once=ONCE in rules,
        cohorts_to=rules.get(BY_HISTORY, {}).get("specialist_cohort_max"),
    )


def ways_to(family: str, year: int):
    for source, data in families().items():
        if data["programme"].get("entry") == "teacher":
            continue
        years = sorted((each for each in data["projects"] if each["year"] <= year), key=lambda each: -each["year"])
        for row in years[0].get("next_phases", []) if years else []:
            if row["family"] == family:
                title = short(data["programme"]["title"])
                yield Way(source, title, tuple(row["after"]), row["years_later"], row.get("or_more", False))


def went(*places: str, cohorts=(), whole=False) -> History:
    """Return a history written as “dev 2023 completed”."""
    names = {"dev": DEV, "emb": EMB, "sus": SUS}
    been = [line.split() for line in places]
    return History(tuple(Been(names[a], int(b), c) for a, b, c in been), tuple(cohorts), whole=whole)


DEVELOPMENT = [
    (2019, went(), "may"),
    (2024, went(), "may"),
    (2025, went(), "may"),
    (2026, went(), "may"),
    (2026, went("dev 2019 completed"), "no"),
    (2026, went("dev 2025 completed"), "no"),
    (2026, went("dev 2025 active"), "no"),
    (2026, went("dev 2024 part_completed"), "refer"),
    (2026, went("dev 2024 withdrawn"), "refer"),
    (2026, went("dev 2025 deferred"), "may"),
    (2026, went("dev 2025 declined"), "may"),
    (2026, went("dev 2026 offered"), "in"),
    (2026, went("dev 2026 active"), "in"),
    (2026, went(cohorts=[9]), "may"),
]
EMBEDDING = [
    (2024, went(), "no"),
    (2024, went("dev 2023 completed"), "offered"),
    (2025, went("dev 2024 completed"), "offered"),
    (2026, went("dev 2025 completed"), "offered"),
    (2026, went("dev 2025 part_completed"), "no"),
    (2026, went("dev 2025 withdrawn"), "no"),
    (2026, went("dev 2025 active"), "later"),
    (2026, went("dev 2024 completed"), "no"),
    (2026, went("dev 2019 completed"), "no"),
    (2026, went("dev 2026 active"), "later"),
    (2026, went("dev 2025 completed", "emb 2026 active"), "in"),
    (2026, went(cohorts=[3]), "no"),
]
SUSTAINING = [
    (2020, went("dev 2019 completed"), "may"),
    (2020, went(cohorts=[5]), "may"),
    (2024, went("dev 2023 completed"), "may"),
    (2024, went("dev 2019 completed"), "may"),
    (2024, went("dev 2019 part_completed"), "may"),
    (2024, went(cohorts=[1]), "may"),
    (2024, went(cohorts=[7]), "may"),
    (2024, went(cohorts=[8]), "later"),
    (2024, went(), "refer"),
    (2024, went(whole=True), "no"),
    (2025, went(cohorts=[8]), "may"),
    (2025, went(cohorts=[9]), "later"),
    (2026, went(cohorts=[9]), "may"),
    (2026, went(cohorts=[10]), "later"),
    (2026, went(cohorts=[11, 4]), "may"),
    (2026, went("dev 2025 completed"), "may"),
    (2026, went("dev 2025 active"), "may"),
    (2026, went("dev 2026 active"), "later"),
    (2026, went("dev 2025 withdrawn"), "refer"),
    (2026, went("dev 2019 completed", "sus 2020 completed"), "may"),
    (2026, went("sus 2020 completed"), "may"),
    (2026, went("sus 2025 completed"), "may"),
    (2026, went("dev 2024 completed", "emb 2025 completed"), "may"),
    (2026, went("sus 2026 confirmed"), "in"),
]
SPECIALISTS = [(year, went(), "may") for year in range(2017, 2027)] + [(2026, went(cohorts=[9]), "may")]
CASES = [
    (family, *case)
    for family, cases in [(DEV, DEVELOPMENT), (EMB, EMBEDDING), (SUS, SUSTAINING), (SPEC, SPECIALISTS)]
    for case in cases
]


@pytest.mark.parametrize(("family", "year", "history", "verdict"), CASES)
def test_what_a_school_may_join(family, year, history, verdict):
    step = next_step(target(family, year), history)

    assert step.verdict == verdict, step
    assert step.why.endswith(".")
    assert step.change or verdict not in {"later"}


def test_there_are_forty_cases_and_more():
    assert len(CASES) >= 40


SCHOOLS = [
    # type, phase, highest age, what it comes to
    ("community", 1, 4, 16, "may"),
    ("voluntary aided", 2, 4, 18, "may"),
    ("academy converter", 34, 4, 18, "may"),
    ("all-through academy", 34, 7, 16, "may"),
    ("middle deemed secondary", 1, 5, 13, "may"),
    ("city technology college", 6, 4, 18, "may"),
    ("university technical college", 40, 4, 19, "may"),
    ("studio school", 41, 4, 19, "may"),
    ("special", 7, 0, 19, "refer"),
    ("special, primary ages", 7, 0, 11, "no"),
    ("pupil referral unit", 14, 0, 16, "refer"),
    ("sixth form centre", 31, 6, 19, "refer"),
    ("middle deemed primary", 1, 3, 12, "refer"),
    ("independent special under section 41", 10, 0, 19, "refer"),
    ("independent special", 10, 0, 19, "no"),
    ("independent", 11, 0, 18, "no"),
    ("primary", 1, 2, 11, "no"),
    ("Welsh", 30, 4, 16, "no"),
    ("British school overseas", 37, 0, 18, "no"),
]


@pytest.mark.parametrize("family", [DEV, SUS, SPEC])
@pytest.mark.parametrize(("what", "type_code", "phase", "high_age", "verdict"), SCHOOLS)
def test_which_schools_may(family, what, type_code, phase, high_age, verdict):
    section_41 = "section 41" in what
    looked_at = school(type_code, phase, high_age, section_41)
    facts = Facts(today=TODAY, applied_on=TODAY, year=2026, school=looked_at, hub_name="")
    rows = [row for row in rules_of(family, 2026) if row["rule"] == "state_funded_secondary"]
    history = went("dev 2025 completed") if family == SUS else went()

    step = next_step(target(family, 2026), history, assess(facts, chosen(rows, when="check")))

    assert step.verdict == verdict, step


def school(type_code, phase, high_age, section_41=False):
    return SchoolFacts(
        urn=1, name="", type_code=type_code, type_name="", status=1, phase=phase, phase_name="", low_age=11,
        high_age=high_age, opened_on=None, closed_on=None, section_41=section_41, local_authority="",
        local_authority_name="", seen_on=TODAY,
    )  # fmt: skip


def test_embedding_and_sustaining_are_both_open_in_the_second_year():
    steps = next_steps([target(EMB, 2026), target(SUS, 2026)], went("dev 2025 completed"), {})

    assert {step.target.family: str(step.verdict) for step in steps} == {EMB: "offered", SUS: "may"}


def test_a_live_application_is_said_and_nothing_else():
    history = History(applied=frozenset({(DEV, 2026)}))

    assert next_step(target(DEV, 2026), history).verdict == "applied"


def test_a_break_is_said_to_do_no_harm():
    step = next_step(target(SUS, 2026), went("dev 2019 completed"))

    assert step.why == "Your department completed Development in 2019/20. A break since then does not matter."


def test_a_specialists_department_is_told_the_year_in_which_its_cohort_follows():
    step = next_step(target(SUS, 2026), went(cohorts=[11]))

    assert (step.verdict, step.from_year) == ("later", 2028)
    assert "cohorts 1 to 9" in step.why


def test_why_embedding_is_not_offered_says_what_would_change_it():
    step = next_step(target(EMB, 2026), went("dev 2025 part_completed"))

    assert step.why.startswith("It needs Development to be completed.")
    assert "put its record right" in step.change


def test_what_would_follow_a_first_year():
    now = next_steps([target(family, 2026) for family in (DEV, EMB, SUS)], went(), {})

    then = ahead(now, went(), years=2)

    assert {(step.target.family, step.target.year) for step in then} == {(EMB, 2027), (SUS, 2027), (SUS, 2028)}


@pytest.mark.parametrize(
    ("years", "this_year", "expected"),
    [
        ([], 2026, []),
        ([2024, 2025, 2026], 2026, []),
        ([2019, 2020, 2024], 2024, [(2021, 2023)]),
        ([2019, 2021], 2026, [(2020, 2020), (2022, 2025)]),
        ([2025], 2026, []),
        ([2024], 2026, [(2025, 2025)]),
        ([2024, 2027], 2026, [(2025, 2026)]),
    ],
)
def test_breaks(years, this_year, expected):
    assert breaks(years, this_year=this_year) == expected
