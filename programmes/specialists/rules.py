"""How many days a specialist's first year takes, and what of them is done, planned and left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

CENTRAL, LOCAL = "central", "local"
KINDS = {CENTRAL: "Central events", LOCAL: "In school and in the hub"}


@dataclass(frozen=True)
class Days:
    """Days of one kind, in halves; `entitled` is None where no rule says how many."""

    kind: str
    label: str
    entitled: int | None
    done: int
    planned: int

    @property
    def left(self) -> int | None:
        """Return how many halves are neither done nor planned, or None where nobody says how many there are."""
        return None if self.entitled is None else max(self.entitled - self.done - self.planned, 0)

    @property
    def over(self) -> int:
        return 0 if self.entitled is None else max(self.done + self.planned - self.entitled, 0)

    @property
    def in_words(self) -> dict[str, str]:
        """Return done, planned, left and entitled in days, such as “2½”."""
        counts = {"done": self.done, "planned": self.planned, "left": self.left, "entitled": self.entitled}
        return {name: in_days(halves) for name, halves in counts.items()}

    @property
    def whole(self) -> int:
        """Return how many halves the picture is wide."""
        return max(self.entitled or 0, self.done + self.planned, 1)


def in_days(halves: int | None) -> str:
    """Return half-days as days: “2½” for 5; “Not stated” for None."""
    if halves is None:
        return "Not stated"
    return f"{halves // 2 or ('' if halves else 0)}{'½' if halves % 2 else ''}"


def entitled_days(terms: dict, kind: str) -> int | None:
    """Return the days of a kind in year 1 as the rules' terms have them; None where they do not say."""
    return (terms.get("year_1") or {}).get(kind)


def release_days(terms: dict) -> int | None:
    """Return all days of release in year 1, such as 15; None where the rules do not say."""
    return (terms.get("year_1") or {}).get("days")


def days_against(terms: dict, recorded: Iterable[tuple[str, date, int]], *, today: date) -> list[Days]:
    """Return central days, and those in school and hub together, against what year 1 entitles to.

    `recorded` gives kind, date and half-days of each. A day up to today is done, a later one planned.
    """
    halves = {(kind, past): 0 for kind in KINDS for past in (True, False)}
    for kind, on, half_days in recorded:
        halves[CENTRAL if kind == CENTRAL else LOCAL, on <= today] += half_days
    return [
        Days(kind, label, None if (days := entitled_days(terms, kind)) is None else 2 * days,
             halves[kind, True], halves[kind, False])
        for kind, label in KINDS.items()
    ]  # fmt: skip
