"""What the register says of a school, and where it lies."""

from collections.abc import Iterator
from datetime import date

from hubportal.clock import year_label
from hubportal.rules import Effect, Finding

from .facts import REGISTER, Facts, SchoolFacts, day

OPEN, CLOSED, CLOSING, PROPOSED = 1, 2, 3, 4


def state_funded_secondary(facts: Facts, *, table: list[dict]) -> Iterator[Finding]:
    """Say what the first matching row of the catalogue's table of school types says."""
    school = facts.school
    row = next((row for row in table if _row_matches(row, school)), None)
    if row is None or row["result"] == "eligible":
        return
    effect = Effect.REFER if row["result"] == "refer" else Effect.REFUSE
    ages = f", ages {school.low_age} to {school.high_age}" if school.high_age else ""
    fact = f"{school.type_name}; phase: {school.phase_name}{ages}"
    yield Finding("school_type", row["why"], effect, fact, REGISTER, school.seen_on.isoformat())


def _row_matches(row: dict, school: SchoolFacts) -> bool:
    """Return whether a row of the table is about the school. Ages that the register does not give bar nobody."""
    return (
        school.type_code in row.get("types", [school.type_code])
        and school.phase in row.get("phases", [school.phase])
        and (school.high_age is None or school.high_age > row.get("above_age", -1))
        and bool(school.section_41) is row.get("section_41", bool(school.section_41))
    )


def key_stage_3(facts: Facts, *, above_low_age: int) -> Iterator[Finding]:
    """Warn a school whose youngest pupils are past Key Stage 3: UTCs and studio schools mostly start at 14."""
    school = facts.school
    if school.low_age is not None and school.low_age > above_low_age:
        yield Finding(
            "no_key_stage_3",
            "The work starts with Key Stage 3, and your youngest pupils are older. Please talk it over with the hub.",
            Effect.WARN,
            f"Ages {school.low_age} to {school.high_age}",
            REGISTER,
            school.seen_on.isoformat(),
        )


def open_or_opening(facts: Facts) -> Iterator[Finding]:
    """Refuse a closed school, naming its successor; refer one that opens after the year has begun. Dates decide."""
    school, seen = facts.school, facts.school.seen_on.isoformat()
    starts = date(facts.year, 9, 1)
    closed = school.closed_on is not None and school.closed_on <= facts.today
    if school.status == CLOSED or closed:
        when = f" on {day(school.closed_on)}" if school.closed_on else ""
        instead = f" {school.successor} took its place: please apply for that school." if school.successor else ""
        text = f"The register says that this school closed{when}.{instead}"
        yield Finding("school_closed", text, Effect.REFUSE, f"URN {school.urn}: closed", REGISTER, seen)
    elif school.status == PROPOSED and not (school.opened_on and school.opened_on <= max(starts, facts.today)):
        when = f" on {day(school.opened_on)}" if school.opened_on else ", on a date that the register does not give"
        text = (
            f"The school is to open{when}. A person will look at whether that is in time for {year_label(facts.year)}."
        )
        yield Finding("school_not_open_yet", text, Effect.REFER, "Proposed to open", REGISTER, seen)
    elif school.status == CLOSING or school.closed_on:
        when = f" on {day(school.closed_on)}" if school.closed_on else ""
        text = f"The register says that the school may close{when}. The hub will talk to you about what that means."
        yield Finding("school_closing", text, Effect.WARN, "Open, but proposed to close", REGISTER, seen)


def within_hub_area(facts: Facts) -> Iterator[Finding]:
    """Warn when the school is outside the hub's usual area: an area is a default and never a bar."""
    if facts.hub_areas and facts.school.local_authority not in facts.hub_areas:
        name = facts.school.local_authority_name
        text = f"{name} is outside the area that {facts.hub_name} usually serves. You can still apply to it."
        yield Finding("outside_area", text, Effect.WARN, name, REGISTER, facts.school.seen_on.isoformat())
