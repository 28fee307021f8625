"""Which phases a school may go on with in a year, and what its answers come to: pure decisions on plain values.

What follows what is data: `Project.next_phases` of the catalogue, and the bound of specialist cohorts in a rule set.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from hubportal.clock import year_label

COMPLETED, ACTIVE = "completed", "active"
TOOK_PART = {ACTIVE, COMPLETED, "part_completed"}
SPECIALIST_YEARS_BEFORE = 2
"""A specialist's department joins Sustaining in the third year: inferred from cohorts 4 in 2021/22 and 7 in 2024/25."""


@dataclass(frozen=True)
class NextPhase:
    """What may follow a project: after which ends of it, how many years later (None: ever), beside which family."""

    family: str
    after: tuple[str, ...]
    years_later: int | None = None
    beside: str = ""


@dataclass(frozen=True)
class Past:
    """A place that the school has or had; `name` is the phase's, as people say it."""

    family: str
    year: int
    status: str
    name: str = ""
    place: int | None = None
    following: tuple[NextPhase, ...] = ()


@dataclass(frozen=True)
class Due:
    """A phase that the school can go on with: why, after which place, and beside which other phase."""

    family: str
    because: str
    follows: int | None = None
    beside: str = ""


@dataclass(frozen=True)
class Outlook:
    """What is put to a school for a year, and sentences for what is not."""

    phases: tuple[Due, ...] = ()
    not_yet: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class History:
    """A school's places, and the start years of the Mastery Specialists of its department. `joins` is what these join.

    `held` names the families in which the school has a place in the year already, or has applied for one.
    """

    places: Sequence[Past] = ()
    specialists: Sequence[int] = ()
    joins: str = ""
    cohort_max: int | None = None
    held: frozenset[str] = field(default_factory=frozenset)


def read_next(rows: Iterable[dict]) -> tuple[NextPhase, ...]:
    """Return what a project's `next_phases` say; “ever” and “any” are no number of years."""
    return tuple(
        NextPhase(
            row["family"],
            tuple(row["after"]),
            row["years_later"] if isinstance(row.get("years_later"), int) else None,
            row.get("with", ""),
        )
        for row in rows
    )


def outlook(history: History, *, year: int) -> Outlook:
    """Return what a school can go on with in `year`: one row a family, in the order in which they are found."""
    found: dict[str, Due] = {}
    for due in [*_after_places(history, year), *_after_specialists(history, year)]:
        if due.family not in history.held:
            found.setdefault(due.family, due)
    alone = [due for due in found.values() if due.beside and due.beside not in {*found, *history.held}]
    for due in alone:
        del found[due.family]
    not_yet = tuple(_not_completed(history, year))
    return Outlook(tuple(found.values()), not_yet, kind_of(history, year=year) if found or not_yet else "")


def _after_places(history: History, year: int) -> Iterator[Due]:
    for past in sorted(history.places, key=lambda each: each.year, reverse=True):
        for following in past.following:
            if (
                past.year < year
                and past.status in following.after
                and following.years_later in {None, year - past.year}
            ):
                done = {COMPLETED: "completed", "part_completed": "completed in part"}.get(past.status, "in progress")
                because = f"{past.name or past.family} {year_label(past.year)}: {done}"
                yield Due(following.family, because, past.place, following.beside)


def _after_specialists(history: History, year: int) -> Iterator[Due]:
    for started in sorted(history.specialists):
        if history.joins and _in_time(started, history.cohort_max, year):
            because = f"Department of a Mastery Specialist of cohort {specialist_cohort(started)}"
            yield Due(history.joins, because)


def _in_time(started: int, cohort_max: int | None, year: int) -> bool:
    if cohort_max is not None:
        return specialist_cohort(started) <= cohort_max
    return year - started >= SPECIALIST_YEARS_BEFORE


def specialist_cohort(started: int) -> int:
    """Return the national cohort of secondary specialists that began in a year: cohort 9 began in 2024."""
    return started - 2015


def _not_completed(history: History, year: int) -> Iterator[str]:
    """Say which phase would follow had last year's been marked completed."""
    for past in history.places:
        for following in past.following:
            wanted = following.years_later == year - past.year and following.family not in history.held
            if wanted and past.status == ACTIVE and past.status not in following.after:
                name = past.name or past.family
                yield f"{name} {year_label(past.year)} is not marked as completed, so what needs that is left out."


def kind_of(history: History, *, year: int) -> str:
    """Return why the school is asked: took part the year before (next), earlier only (lapsed), or has a specialist."""
    took_part = [past.year for past in history.places if past.status in TOOK_PART and past.year < year]
    if not took_part:
        return "department"
    return "next" if max(took_part) == year - 1 else "lapsed"


def became(answers: Iterable[str], *, ask_again: bool) -> str:
    """Return what answers without any yes come to: asked again on a day, or stopped."""
    return "put_off" if ask_again or "maybe" in set(answers) else "stopped"


def ask_again_choices(today: date) -> list[tuple[str, str]]:
    """Return the first day of each of the next six months and of the next school year, as (ISO date, words)."""
    months = [_first_of(today, ahead) for ahead in range(1, 7)]
    autumn = date(today.year + (today.month >= 9), 9, 1)
    next_year = autumn if autumn > months[-1] else date(autumn.year + 1, 9, 1)
    return [(day.isoformat(), f"{day:%B %Y}") for day in months] + [
        (next_year.isoformat(), f"Next school year: {next_year:%B %Y}")
    ]


def _first_of(today: date, ahead: int) -> date:
    months = today.year * 12 + today.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
