"""Every rule has a sentence and a schema of its parameters; facts that were kept come back as they were."""

import inspect
import json
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.rules import RULES, Facts, Participation, SchoolFacts, SpecialistPast, TeacherFacts
from applications.rules.kept import NotKept, read
from applications.rules.parameters import PHASES, ROLES, SCHEMAS, in_words, schema_of, table_row
from programmes.cohorts import catalogue
from programmes.models import Establishment, PostRole

CATALOGUE = {
    json.dumps(row, sort_keys=True): row
    for path in sorted(catalogue.FOLDER.glob("[!_]*.yaml"))
    for project in catalogue.read(path)["projects"]
    for rule_set in project["rule_sets"]
    for row in rule_set["rules"]
}
"""Each different rule of the catalogue once."""


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_a_sentence_and_a_schema_that_fits_its_function(name):
    assert name in SCHEMAS, "Say in applications/rules/parameters.py what the rule says and what can be set."
    asked = list(inspect.signature(RULES[name]).parameters.values())[1:]
    schema = {each.name: each for each in SCHEMAS[name].parameters}

    assert set(schema) == {each.name for each in asked}
    for each in asked:  # one with a default may be left out; `similar` may be an empty list
        assert each.default is not inspect.Parameter.empty or schema[each.name].required or each.name == "similar"


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=lambda row: row["rule"])
def test_every_rule_of_the_catalogue_reads_as_a_sentence(row):
    sentence = in_words(row, RULES[row["rule"]])

    assert not sentence[0].islower() and sentence[-1] in ".:"
    assert not set(sentence) & set("_{}[]"), sentence
    assert row["rule"] not in sentence


def test_a_rule_without_a_row_still_shows_with_what_its_function_takes():
    def at_least(facts, *, pupils: int, day_school: bool = True): ...

    assert in_words({"rule": "at_least", "pupils": 300, "when": "offer"}, at_least) == "At least: pupils 300."
    assert [(each.kind, each.required) for each in schema_of("at_least", at_least).parameters] == [
        ("number", True),
        ("yes_no", False),
    ]


@pytest.mark.parametrize("row", [{}, {"rule": "advocates"}, {"rule": "head_supports", "days": None}, {"rule": "x_y"}])
def test_what_is_incomplete_still_reads(row):
    assert in_words(row).endswith(".")


def test_the_words_for_roles_and_phases_are_those_of_the_records():
    assert set(ROLES) == set(PostRole.values)
    assert set(PHASES) == set(Establishment.Phase.values)
    assert table_row({"types": [34], "phases": [4], "above_age": 11, "result": "refer"}) == (
        "Academy converter; phase: secondary; with pupils older than 11"
    )
    assert table_row({"result": "refer"}) == "Any other school"


TEXT = st.text(max_size=6)
DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))
WORDS = st.lists(TEXT, max_size=2).map(tuple)
NUMBERS = st.integers(-5, 10**6)
BY_TYPE = {
    str: TEXT,
    int: NUMBERS,
    bool: st.booleans(),
    date: DAYS,
    date | None: st.none() | DAYS,
    int | None: st.none() | NUMBERS,
    bool | None: st.none() | st.booleans(),
    tuple[str, ...]: WORDS,
    tuple[int, ...]: st.lists(NUMBERS, max_size=2).map(tuple),
    dict[str, str]: st.dictionaries(TEXT, TEXT, max_size=2),
}


def made(kind):
    """Return a strategy for a dataclass of facts, field by field."""
    BY_TYPE[kind] = st.builds(kind, **{each.name: BY_TYPE[each.type] for each in fields(kind)})
    BY_TYPE[tuple[kind, ...]] = st.lists(BY_TYPE[kind], max_size=2).map(tuple)
    return BY_TYPE[kind]


made(SchoolFacts)
made(Participation)
made(SpecialistPast)


@pytest.mark.parametrize("kind", [Facts, TeacherFacts])
def test_facts_that_were_kept_come_back_as_they_were(kind):
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(made(kind))
    def comes_back(facts):
        assert kind.from_dict(facts.as_dict()) == facts

    comes_back()


def facts(**values) -> Facts:
    school = SchoolFacts(
        urn=900_001, name="Oak", type_code=1, type_name="Community school", status=1, phase=4, phase_name="Secondary",
        low_age=11, high_age=16, opened_on=None, closed_on=None, section_41=None, local_authority="881",
        local_authority_name="Essex", seen_on=date(2026, 9, 1),
    )  # fmt: skip
    return Facts(
        today=date(2026, 11, 3), applied_on=date(2026, 11, 3), year=2026, school=school, hub_name="H", **values
    )


def test_older_facts_get_defaults_for_what_they_lack_and_newer_ones_lose_what_is_unknown():
    kept = facts().as_dict()
    for name in ("applied_as", "foci_run", "plan", "opens_on"):
        del kept[name]
    del kept["school"]["successor"]

    assert Facts.from_dict(kept | {"of_another_time": 1}) == facts()


@pytest.mark.parametrize(
    "broken", [{}, {"today": "yesterday"}, {"school": None}, {"taken_part": [{}]}, {"today": None}, {"taken_part": 3}]
)
def test_facts_that_are_gone_are_said_to_be(broken):
    kept = facts().as_dict() | broken if broken else {}
    with pytest.raises(NotKept):
        read(Facts, kept)
