"""Earlier years of the national demo, in bulk: places of every phase, specialists, and who is asked about next year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import cycle

from applications.models import Proposal
from applications.rollover.models import ProposedPhase
from hubportal.clock import LONDON, year_label
from programmes.cohorts.states import PlaceStatus
from programmes.models import (
    Advocate,
    Cohort,
    Establishment,
    HomeSchool,
    Person,
    PersonEmail,
    Place,
    Post,
    ProgrammeDay,
    Project,
    School,
    SchoolUrn,
    Specialist,
)
from programmes.specialists.states import SpecialistStatus as S

from . import people
from .rollover import EMB, SUS
from .specialists import FAMILY as SPECIALIST
from .staff import FAMILY as DEV
from .staff import THIS_YEAR
from .story import Here

CAPACITY, ALLOCATION = 60, 4
PATHS = [  # families and years of one school, in turn
    [(DEV, 2025)],
    [(DEV, 2024), (EMB, 2025), (SUS, 2025)],
    [(DEV, 2025)],
    [(DEV, 2019), (SUS, 2020), (SUS, 2024)],
    [(DEV, 2020), (SUS, 2025)],
]
SPECIALISTS = {  # first year, which is that of cohorts 5 to 10: status
    2020: S.ACTIVE,
    2021: S.DEPARTMENT,
    2022: S.ACTIVE,
    2023: S.ACTIVE,
    2024: S.YEAR_2,
    2025: S.YEAR_1,
}
ASKED = cycle(["asked", "answered", "put_off", "", "asked", ""])
ORDER = [
    School,
    SchoolUrn,
    Person,
    PersonEmail,
    Post,
    Place,
    Advocate,
    Specialist,
    HomeSchool,
    ProgrammeDay,
    Proposal,
    ProposedPhase,
]


@dataclass
class Past:
    """The rows to be written, and what they share."""

    projects: dict[tuple[str, int], Project]
    by_model: dict = field(default_factory=lambda: defaultdict(list))
    cohorts: dict[tuple[int, str, int], Cohort] = field(default_factory=dict)
    people: dict[str, Person | None] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)

    def add(self, row):
        self.by_model[type(row)].append(row)
        return row

    def cohort(self, here: Here, family: str, year: int) -> Cohort:
        """Return the hub's cohort, made when first asked for."""
        hub, key = here.cohort.hub, (here.cohort.hub_id, family, year)
        if key not in self.cohorts:
            window = {"opens_on": date(year, 2, 3), "closes_on": date(year, 5, 29), "contact_email": hub.contact_email}
            capacity = ALLOCATION if family == SPECIALIST else CAPACITY
            project = self.projects[family, year]
            self.cohorts[key] = Cohort.objects.create(hub=hub, project=project, capacity=capacity, **window)
        return self.cohorts[key]

    def write(self) -> None:
        for model in ORDER:
            model.objects.bulk_create(self.by_model[model], batch_size=1_000)


def tell(schools: Iterable[tuple[Here, Establishment]]) -> None:
    """Write what these schools have done before; none of them may be known to the portal yet."""
    projects = Project.objects.select_related("programme").prefetch_related("rule_sets")
    past = Past({(project.programme_id, project.year): project for project in projects})
    past.people = dict.fromkeys(PersonEmail.objects.values_list("email", flat=True))
    for number, (here, establishment) in enumerate(schools):
        school = past.add(School(establishment=establishment))
        past.add(SchoolUrn(school=school, establishment=establishment, name=establishment.name, from_on=_on(2012)))
        for family, year in PATHS[number % len(PATHS)]:
            place = _place(past, here, school, family, year)
            _advocates(past, place, establishment)
        if year == THIS_YEAR - 1:
            _ask(past, here, place)
        if number % 3 == 0:
            _specialist(past, here, school, 2020 + number // 3 % len(SPECIALISTS))
    past.write()


def _on(year: int, month: int = 9, day: int = 1) -> date:
    return date(year, month, day)


def _at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 10, tzinfo=LONDON)


def _place(past: Past, here: Here, school: School, family: str, year: int, **more) -> Place:
    cohort, at = past.cohort(here, family, year), _at(_on(year, 5, 5))
    return past.add(
        Place(
            school=school,
            cohort=cohort,
            hub=cohort.hub,
            project=cohort.project,
            rule_set=cohort.project.rule_sets.all()[0],
            origin=f"The hub's records of {year_label(year)}",
            offered_by=here.lead,
            offered_at=at,
            answer_by=_on(year, 5, 19),
            accepted_at=at,
            confirmed_at=at,
            **({"status": PlaceStatus.COMPLETED, "ended_on": _on(year + 1, 7, 10)} | more),
        )
    )


def _advocates(past: Past, place: Place, establishment: Establishment) -> None:
    year = place.project.year
    for who, role in zip(
        people.of(establishment)[people.LEADS_MATHS : people.COLLEAGUE], ("hod", "teacher"), strict=True
    ):
        person = _person(past, place.school, who, role, year)
        if person:
            until = _on(year + 1, 8, 31)
            past.add(Advocate(place=place, person=person, role=role, from_on=_on(year), until_on=until))


def _person(past: Past, school: School, who: people.MadeUp, role: str, year: int) -> Person | None:
    """Return who has the address, newly made when nobody has; nothing when it belongs to somebody of another school."""
    if who.email not in past.people:
        person = past.people[who.email] = past.add(Person(name=who.name))
        past.schools[who.email] = school
        past.add(PersonEmail(person=person, email=who.email))
        past.add(Post(person=person, school=school, role=role, from_on=_on(year)))
    return past.people[who.email] if past.schools.get(who.email) is school else None


def _ask(past: Past, here: Here, place: Place) -> None:
    """Put next year to the school, or leave it for the hub to ask."""
    if not (status := next(ASKED)):
        return
    at = here.at(9, "10:20")
    contact = people.of(place.school.establishment)[people.LEADS_MATHS]
    said = {} if status == "asked" else {"answered_at": at + timedelta(days=2), "answered_name": contact.name}
    if status == "put_off":
        said |= {"reason": "people", "ask_again_on": here.world.today + timedelta(90), "settled_at": at}
    proposal = Proposal(
        hub=place.hub,
        school=place.school,
        year=THIS_YEAR,
        kind="next",
        status=status,
        contact_name=contact.name,
        contact_email=contact.email,
        made_by=here.lead,
        made_at=at,
        answer_by=here.world.today + timedelta(20),
        **said,
    )
    past.add(proposal)
    answer = {"asked": "", "answered": "yes", "put_off": "no"}[status]
    for family in [EMB, SUS] if place.project.programme_id == DEV else [SUS]:
        because = f"{place.project.programme.title} in {place.project.year_label}: completed"
        cohort = past.cohort(here, family, THIS_YEAR)
        past.add(ProposedPhase(proposal=proposal, cohort=cohort, because=because, follows=place, answer=answer))


def _specialist(past: Past, here: Here, school: School, year: int) -> None:
    """Write one specialist with the days of year 1, if the hub's allocation of the year has room."""
    cohort = past.cohort(here, SPECIALIST, year)
    sent = [row for row in past.by_model[Specialist] if row.place.cohort == cohort]
    person = None
    if len(sent) < ALLOCATION:
        person = _person(past, school, people.of(school.establishment)[people.ANOTHER], "ks3_lead", year)
    if person is None:
        return
    place = _place(past, here, school, SPECIALIST, year, person=person, status=PlaceStatus.ACTIVE, ended_on=None)
    started = _on(year)
    specialist = Specialist(
        person=person, hub=place.hub, project=place.project, place=place, status=SPECIALISTS[year], started_on=started
    )
    past.add(specialist)
    past.add(HomeSchool(specialist=specialist, school=school, from_on=started))
    for week, kind in enumerate(["central", "school", "central", "hub"], start=4):
        on, known = started + timedelta(weeks=week), {"recorded_by": here.lead, "recorded_at": _at(_on(year + 1, 6))}
        past.add(ProgrammeDay(specialist=specialist, on=on, kind=kind, **known))
