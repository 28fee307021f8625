"""What a journey is made of, and what it rests on: plain values, so that the rules and the picture need no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

YEAR_BEGINS = 9  # September

HOLDS = frozenset({"offered", "accepted", "confirmed", "active"})
"""Statuses of a place that is not over."""
TOOK_PART = frozenset({"active", "completed", "part_completed"})
IS_THERE = HOLDS | TOOK_PART
BEGAN = IS_THERE | {"withdrawn"}
"""Statuses of a place that is or was more than an offer; the others are no years in a programme."""


def academic_year(on: date) -> int:
    """Return the academic year of a date, by its September."""
    return on.year if on.month >= YEAR_BEGINS else on.year - 1


@dataclass(frozen=True)
class Stop:
    """A year in one programme. One that is not `known` is another hub's: the year and the programme, nothing more."""

    family: str
    lane: str
    title: str
    year: int
    status: str = ""
    label: str = ""
    known: bool = True
    hub: str = ""
    with_whom: tuple[str, ...] = ()
    focus: str = ""
    groups: tuple[str, ...] = ()
    amount: Decimal | None = None
    ended_on: date | None = None
    from_on: date | None = None
    until_on: date | None = None
    note: str = ""
    url: str = ""

    @property
    def counts(self) -> bool:
        """Return whether it is a year in the programme, as far as the reader may know; one that was left is one too."""
        return not self.known or self.status in BEGAN


@dataclass(frozen=True)
class Span:
    """Something that lasts from one day to another: a URN, a post, a Mastery Specialist at the school.

    `label` stands in the picture, where room is short, and `long` in the table.
    """

    lane: str
    label: str
    from_on: date
    until_on: date | None = None
    text: str = ""
    kind: str = ""
    long: str = ""


@dataclass(frozen=True)
class Way:
    """How a programme is come to: from which family, after which end, how many years later, with which other one."""

    family: str
    title: str
    after: tuple[str, ...]
    years_later: int = 1
    or_more: bool = False
    together: str = ""


@dataclass(frozen=True)
class Target:
    """A project that a school may come to join. `cohorts_to`: whose specialists' departments may, by the rules."""

    family: str
    title: str
    year: int
    entry: str
    lane: str = ""
    ways: tuple[Way, ...] = ()
    once: bool = False
    cohorts_to: int | None = None


@dataclass(frozen=True)
class Been:
    """A place that the school has or had."""

    family: str
    year: int
    status: str


@dataclass(frozen=True)
class History:
    """What is known of the years before. `whole`: there is nothing else, because the school itself said so."""

    been: tuple[Been, ...] = ()
    cohorts: tuple[int, ...] = ()
    applied: frozenset[tuple[str, int]] = frozenset()
    whole: bool = False


def breaks(years: Iterable[int], *, this_year: int) -> list[tuple[int, int]]:
    """Return first and last year of each pause between years that were busy, and between the last of them and this."""
    busy = sorted(set(years))
    if not busy:
        return []
    ends = [*busy, this_year] if busy[-1] < this_year else busy
    return [(one + 1, other - 1) for one, other in pairwise(ends) if other - one > 1]


def years_of(span: Span, *, this_year: int) -> range:
    """Return the academic years that a span touches, up to this one."""
    last = academic_year(span.until_on) if span.until_on else this_year
    return range(academic_year(span.from_on), min(last, this_year) + 1)
