"""Schools with long journeys: years in every phase, a break, a Mastery Specialist, a year at the other hub."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hubportal.accounts.models import Hub, User
from hubportal.accounts.roles import Role
from hubportal.clock import LONDON
from hubportal.history.actions import change_status
from programmes.cohorts import actions as places
from programmes.cohorts.states import PLACE_MOVES, PlaceStatus
from programmes.funding import actions as funding
from programmes.models import Cohort, Establishment, HomeSchool, Place, Project, School, Specialist
from programmes.people.actions import person_at
from programmes.schools.actions import register_school

from . import people, staff
from .story import World

S = PlaceStatus
DEV, EMB, SUS, SPEC = "sec-development", "sec-embedding", "sec-sustaining", "sec-specialist"
CAPACITY = 12


@dataclass(frozen=True)
class Year:
    """A year of a school: at which hub, in what, and how it ended; `focus` by its letter."""

    hub: str
    family: str
    year: int
    end: PlaceStatus = S.COMPLETED
    focus: str = ""


PATHS = {
    "Saint Joseph’s College": [  # noqa: RUF001
        Year("estuary", DEV, 2019),
        Year("estuary", SUS, 2020),
        Year("estuary", SUS, 2024, focus="b"),
        Year("estuary", SUS, 2025, S.PART_COMPLETED),
    ],
    "Kirkstall Forge School": [
        Year("three-rivers", DEV, 2025),
        Year("three-rivers", EMB, 2026, S.ACTIVE),
        Year("three-rivers", SUS, 2026, S.ACTIVE, focus="c"),
    ],
    "St Brigid's Catholic High School": [
        Year("three-rivers", DEV, 2024),
        Year("three-rivers", EMB, 2025),
        Year("estuary", SUS, 2025),
    ],
}
SPECIALISTS = [("Saint Joseph’s College", "estuary", 2024)]  # noqa: RUF001


def tell_paths(world: World) -> None:
    """Write every path, year by year. What this year's project lacks in the catalogue is left out."""
    for name, years in PATHS.items():
        school = register_school(_establishment(name), at=_on(years[0].year, 4, 22))
        for year in years:
            _tell(world, school, year)
    for name, hub, year in SPECIALISTS:
        _specialist(School.objects.get(establishment__name=name, joined_into=None), Hub.objects.get(slug=hub), year)


def _establishment(name: str) -> Establishment:
    return Establishment.objects.filter(name=name).order_by("status", "-urn")[0]


def _tell(world: World, school: School, year: Year) -> None:
    project = Project.objects.filter(programme=year.family, year=year.year).first()
    if project is None:
        return
    hub = Hub.objects.get(slug=year.hub)
    lead = _who(hub, Role.LEAD)
    offered, answered, begun, ended = _days(world, year.year)
    place = places.hold(
        _cohort(world, hub, project),
        school,
        origin=f"The hub's records of {project.year_label}",
        rule_set=project.rule_sets.earliest("version"),
        by=lead,
        at=offered,
        focus=project.foci.filter(letter=year.focus).first(),
    )
    places.accept(place, by="School", at=answered)
    funding.freeze(place, at=answered)
    places.confirm(place, _named(place, year.year), by="School", at=answered)
    change_status(place, S.ACTIVE, moves=PLACE_MOVES, by=_who(hub, Role.ADMINISTRATOR), at=begun)
    if year.end != S.ACTIVE:
        change_status(place, year.end, moves=PLACE_MOVES, by=lead, at=ended)
        place.advocates.update(until_on=date(year.year + 1, 8, 31))


def _days(world: World, year: int) -> list[datetime]:
    """Return when it was offered, answered, begun and ended; of this year nothing lies ahead."""
    days = [_on(year, 4, 22), _on(year, 4, 29), _on(year, 9, 26), _on(year + 1, 7, 11)]
    return [min(day, world.now - timedelta(hours=4 - number)) for number, day in enumerate(days)]


def _cohort(world: World, hub: Hub, project: Project) -> Cohort:
    """Return the hub's run of a project, made when it is not there: the newest is open, the others were in spring."""
    window = {"opens_on": date(project.year, 2, 1), "closes_on": date(project.year, 5, 29)}
    if project.year == staff.THIS_YEAR:
        opened, closes = timedelta(staff.OPENED_DAYS_AGO), timedelta(staff.CLOSES_IN_DAYS)
        window = {"opens_on": world.today - opened, "closes_on": world.today + closes}
    return Cohort.objects.get_or_create(hub=hub, project=project, defaults=window | {"capacity": CAPACITY})[0]


def _who(hub: Hub, role: Role) -> User:
    return User.objects.get(memberships__hub=hub, memberships__role=role)


def _named(place: Place, year: int) -> list[dict]:
    """Return the two Advocates: in later years the second of them is somebody else."""
    staff = people.of(place.school.establishment)
    second = people.TEACHES_MATHS if year < 2024 else people.COLLEAGUE
    return [
        {"name": staff[which].name, "email": staff[which].email, "role": role}
        for which, role in ((people.LEADS_MATHS, "hod"), (second, "teacher"))
    ]


def _specialist(school: School, hub: Hub, year: int) -> None:
    project = Project.objects.filter(programme=SPEC, year=year).first()
    if project is None:
        return
    who = people.of(school.establishment)[people.ANOTHER]
    person = person_at(school, name=who.name, email=who.email, role="teacher", on=date(year, 9, 1))
    specialist = Specialist.objects.create(
        person=person, hub=hub, project=project, status="active", started_on=date(year, 9, 1)
    )
    HomeSchool.objects.create(specialist=specialist, school=school, from_on=date(year, 9, 1))


def _on(*day: int) -> datetime:
    return datetime(*day, 10, 0, tzinfo=LONDON)
