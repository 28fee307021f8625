"""What makes an application eligible, and what stands in the way of an offer: pure rules with reasons.

A rule set in the catalogue names rules of `RULES` and gives their parameters. Texts are for the school; each finding
carries the fact it rests on, where that was read, and as of when.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial

from hubportal.clock import year_label
from hubportal.rules import Effect, Finding

REGISTER = "Register of schools (GIAS)"
APPLICATION = "Your application"
HUB = "The hub's records"

OPEN, CLOSED, CLOSING, PROPOSED = 1, 2, 3, 4


@dataclass(frozen=True)
class SchoolFacts:
    """The school as the register has it. Ages in years."""

    urn: int
    name: str
    type_code: int
    type_name: str
    status: int
    phase: int
    phase_name: str
    low_age: int | None
    high_age: int | None
    opened_on: date | None
    closed_on: date | None
    section_41: bool | None
    local_authority: str
    local_authority_name: str
    seen_on: date
    successor: str = ""


@dataclass(frozen=True)
class Participation:
    """A place that the school has or had, under any of its URNs; `known_as` names another school of the register."""

    family: str
    year_label: str
    status: str
    known_as: str = ""


@dataclass(frozen=True)
class Facts:
    """What eligibility depends on. Dates are London dates; `year` is the academic year's September.

    `applied_as` names the schools that the register links with this one and that have applied for this year before it.
    """

    today: date
    applied_on: date
    year: int
    school: SchoolFacts
    hub_name: str
    hub_areas: tuple[str, ...] = ()
    advocate_roles: tuple[str, ...] = ()
    advocate_titles: tuple[str, ...] = ()
    commitments_made: tuple[str, ...] = ()
    commitments_asked: dict[str, str] = field(default_factory=dict)
    taken_part: tuple[Participation, ...] = ()
    applied_as: tuple[str, ...] = ()
    opens_on: date | None = None
    closes_on: date | None = None
    recruiting: bool = True
    moved_here: bool = False
    head: str = ""
    places_left: int = 0

    def as_dict(self) -> dict:
        """Return plain JSON values, to be kept with the check."""
        return _plain(asdict(self))


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


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
        when = f" on {_day(school.closed_on)}" if school.closed_on else ""
        instead = f" {school.successor} took its place: please apply for that school." if school.successor else ""
        text = f"The register says that this school closed{when}.{instead}"
        yield Finding("school_closed", text, Effect.REFUSE, f"URN {school.urn}: closed", REGISTER, seen)
    elif school.status == PROPOSED and not (school.opened_on and school.opened_on <= max(starts, facts.today)):
        when = f" on {_day(school.opened_on)}" if school.opened_on else ", on a date that the register does not give"
        text = (
            f"The school is to open{when}. A person will look at whether that is in time for {year_label(facts.year)}."
        )
        yield Finding("school_not_open_yet", text, Effect.REFER, "Proposed to open", REGISTER, seen)
    elif school.status == CLOSING or school.closed_on:
        when = f" on {_day(school.closed_on)}" if school.closed_on else ""
        text = f"The register says that the school may close{when}. The hub will talk to you about what that means."
        yield Finding("school_closing", text, Effect.WARN, "Open, but proposed to close", REGISTER, seen)


def advocates(facts: Facts, *, count: int, leading: list[str], similar: list[str]) -> Iterator[Finding]:
    """Ask for `count` Advocates of whom at least one leads in the department; names may come later."""
    seen = facts.applied_on.isoformat()
    roles = facts.advocate_roles
    missing = count - len(roles)
    titles = "".join(f"; {title}" for title in sorted(facts.advocate_titles))
    said = f"{len(roles)} of {count} Mastery Advocates named{titles}"
    if missing > 0:
        text = (
            "You can name your Mastery Advocates later. A place is confirmed only when both are named, and at least "
            "one of them leads in the department."
        )
        yield Finding("advocates_to_name", text, Effect.WARN, said, APPLICATION, seen)
    if missing > 0 or any(role in leading for role in roles):
        return
    if any(role in similar for role in roles):
        text = (
            "At least one Advocate should be the head of department, the second in department, the Key Stage 3 lead or "
            "have a similar role. A person will look at whether the role that you gave is similar enough."
        )
        yield Finding("advocate_role_similar", text, Effect.REFER, said, APPLICATION, seen)
    else:
        text = (
            "At least one Advocate must be the head of department, the second in department, the Key Stage 3 lead or "
            "have a similar role. Please change one of the two names."
        )
        yield Finding("no_leading_advocate", text, Effect.REFUSE, said, APPLICATION, seen)


def commitments_made(facts: Facts) -> Iterator[Finding]:
    """Refuse for each commitment that is not ticked."""
    for code, wording in facts.commitments_asked.items():
        if code not in facts.commitments_made:
            text = f"The school has not agreed to this: “{wording}”"
            yield Finding(
                f"commitment_{code}", text, Effect.REFUSE, "Not ticked", APPLICATION, facts.applied_on.isoformat()
            )


def not_already_in(facts: Facts, *, family: str) -> Iterator[Finding]:
    """Refuse a school that is in the programme or has completed it; refer one that left it half-way.

    Schools that the register links as predecessor or successor count: whether they are one, a person judges.
    """
    for part in facts.taken_part:
        if part.family != family:
            continue
        as_whom = f", as {part.known_as}" if part.known_as else ""
        fact = f"{part.year_label}: {part.status.replace('_', ' ')}{as_whom}"
        if part.status in {"withdrawn", "part_completed"}:
            text = (
                f"Your school was in this programme in {part.year_label} and did not finish. A person will look at "
                "whether it can begin again."
            )
            yield Finding("took_part_before", text, Effect.REFER, fact, HUB, facts.today.isoformat())
        elif part.status in {"offered", "accepted", "confirmed", "active", "completed"}:
            text = (
                f"Your school already has a place in this programme, in {part.year_label}. It is for departments that "
                "have not done it before; your hub can tell you about the next step."
            )
            yield Finding("already_in", text, Effect.REFUSE, fact, HUB, facts.today.isoformat())
    for name in facts.applied_as:
        text = (
            f"{name} has applied for this year too, and it may be the same school as yours under another URN. "
            "A person will look at whether it is."
        )
        yield Finding("applied_as_another", text, Effect.REFER, name, REGISTER, facts.school.seen_on.isoformat())


def within_hub_area(facts: Facts) -> Iterator[Finding]:
    """Warn when the school is outside the hub's usual area: an area is a default and never a bar."""
    if facts.hub_areas and facts.school.local_authority not in facts.hub_areas:
        name = facts.school.local_authority_name
        text = f"{name} is outside the area that {facts.hub_name} usually serves. You can still apply to it."
        yield Finding("outside_area", text, Effect.WARN, name, REGISTER, facts.school.seen_on.isoformat())


def window_open(facts: Facts) -> Iterator[Finding]:
    """Refuse before the window opens and after it has closed, by the day on which the school applied.

    A window is for schools: what staff have moved to this hub or year came in at another one.
    """
    if facts.moved_here:
        return
    if not facts.recruiting:
        text = f"{facts.hub_name} takes no applications for this year any more."
        yield Finding("window_closed", text, Effect.REFUSE, "Closed", HUB, facts.today.isoformat())
    elif facts.opens_on is None or facts.closes_on is None:
        text = f"{facts.hub_name} has not said yet when applications open."
        yield Finding("window_unknown", text, Effect.REFUSE, "No dates", HUB, facts.today.isoformat())
    elif facts.applied_on < facts.opens_on:
        text = f"Applications open on {_day(facts.opens_on)}."
        yield Finding("window_not_open", text, Effect.REFUSE, _day(facts.opens_on), HUB, facts.today.isoformat())
    elif facts.applied_on > facts.closes_on:
        text = f"Applications closed on {_day(facts.closes_on)}."
        yield Finding("window_closed", text, Effect.REFUSE, _day(facts.closes_on), HUB, facts.today.isoformat())


def head_confirmed(facts: Facts) -> Iterator[Finding]:
    """Refuse an offer until the head, or somebody who can accept for the school, has confirmed."""
    if facts.head == "refused":
        text = "The headteacher has said that the school cannot commit to this."
        yield Finding("head_refused", text, Effect.REFUSE, "Said no", HUB, facts.today.isoformat())
    elif facts.head != "confirmed":
        text = "The headteacher has not confirmed yet."
        fact = "Asked" if facts.head == "asked" else "Nobody has been asked yet"
        yield Finding("head_not_confirmed", text, Effect.REFUSE, fact, HUB, facts.today.isoformat())


def room_left(facts: Facts) -> Iterator[Finding]:
    """Refuse an offer when every place is taken."""
    if facts.places_left < 1:
        yield Finding(
            "full", "Every place on this cohort is taken.", Effect.REFUSE, "0 left", HUB, facts.today.isoformat()
        )


RULES = {
    "state_funded_secondary": state_funded_secondary,
    "key_stage_3": key_stage_3,
    "open_or_opening": open_or_opening,
    "advocates": advocates,
    "commitments_made": commitments_made,
    "not_already_in": not_already_in,
    "within_hub_area": within_hub_area,
    "window_open": window_open,
    "head_confirmed": head_confirmed,
}
LABELS = {
    "state_funded_secondary": "A state-funded secondary school",
    "key_stage_3": "Teaches Key Stage 3",
    "open_or_opening": "Open, or opening in time",
    "advocates": "Two Mastery Advocates, at least one of whom leads",
    "commitments_made": "Every commitment made",
    "not_already_in": "Not in the programme already",
    "within_hub_area": "In the hub's usual area",
    "window_open": "Sent while applications were open",
    "head_confirmed": "Confirmed by the headteacher",
}


def chosen(rules: list[dict], *, when: str) -> list:
    """Return the rules of a rule set for a step (“check” or “offer”), with their parameters filled in."""
    return [
        partial(RULES[row["rule"]], **{key: value for key, value in row.items() if key not in {"rule", "when"}})
        for row in rules
        if row.get("when", "check") == when
    ]


SetAside = frozenset[tuple[str, str]]
"""Code and fact of each finding that two people have set aside."""


def standing(findings: list[Finding], set_aside: SetAside) -> list[Finding]:
    """Return the findings that count: one that was set aside counts again once it rests on another fact."""
    return [finding for finding in findings if (finding.code, finding.fact) not in set_aside]


def outcome(findings: list[Finding], set_aside: SetAside = frozenset()) -> str:
    """Return eligible, referred or ineligible: the weightiest finding wins, and what was set aside does not count."""
    effects = {finding.effect for finding in standing(findings, set_aside)}
    if Effect.REFUSE in effects:
        return "ineligible"
    return "referred" if Effect.REFER in effects else "eligible"
