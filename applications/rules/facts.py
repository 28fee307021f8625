"""What eligibility depends on, and where each fact was read."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Self

from . import kept

REGISTER = "Register of schools (GIAS)"
APPLICATION = "Your application"
HUB = "The hub's records"


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

    @property
    def year(self) -> int:
        """Return the year of its September."""
        return int(self.year_label[:4])


@dataclass(frozen=True)
class Facts:
    """What eligibility depends on. Dates are London dates; `year` is the academic year's September.

    `applied_as` names the schools that the register links with this one and that have applied for this year before it.
    Of a department that goes on: `route`, by which it says that it comes (development, specialist or break),
    `specialist_cohorts` that our records show at the school, `foci_run` by the hub (title by letter), and `plan`
    (typed, file or later). `before_sending`: nothing of our records may be said yet.
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
    late_allowed: str = ""
    head: str = ""
    places_left: int = 0
    route: str = ""
    route_year: int | None = None
    route_cohort: int | None = None
    specialist_cohorts: tuple[int, ...] = ()
    foci_ranked: tuple[str, ...] = ()
    foci_run: dict[str, str] = field(default_factory=dict)
    foci_full: tuple[str, ...] = ()
    plan: str = ""
    before_sending: bool = False

    def as_dict(self) -> dict:
        """Return plain JSON values, to be kept with the check."""
        return _plain(asdict(self))

    @classmethod
    def from_dict(cls, kept_facts: dict) -> Self:
        """Return what `as_dict` kept, as facts again; see `kept.read` for older forms. Raises kept.NotKept."""
        return kept.read(cls, kept_facts)


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
