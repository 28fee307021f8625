"""Which schools of a year's hubs can go on, in a fixed number of queries however many schools there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch, Q, prefetch_related_objects

from applications.models import Application
from hubportal.accounts.models import Hub
from programmes.cohorts.states import HOLDS_A_PLACE
from programmes.models import Cohort, HomeSchool, Place, Project, RuleSet, School
from programmes.specialists.states import IN_THE_PROGRAMME

from . import rules
from .models import Proposal, ProposedPhase

JOINS = "took_part_or_specialist"
CLOSED = 2
PLACE_COLUMNS = [
    "pk", "school_id", "hub_id", "project_id", "status", "school__establishment_id", "school__establishment__name",
    "school__establishment__town", "school__establishment__status",
]  # fmt: skip
HOME_COLUMNS = [
    "school_id", "specialist__hub_id", "specialist__project__year", "school__establishment_id",
    "school__establishment__name", "school__establishment__town", "school__establishment__status",
]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A school as a row names it."""

    pk: int
    urn: int
    name: str
    town: str
    closed: bool


@dataclass(frozen=True)
class Phase:
    """A phase that is due, with the hub's cohort for it; `missing` says what is not there yet."""

    due: rules.Due
    title: str
    project: int | None = None
    cohort: int | None = None
    missing: str = ""


@dataclass(frozen=True)
class Candidate:
    """A school that a hub can ask, or has asked: what is due, what is left out and why, and its newest proposal."""

    school: Shown
    hub: int
    kind: str
    phases: tuple[Phase, ...] = ()
    not_yet: tuple[str, ...] = ()
    before: Proposal | None = None

    @property
    def proposed(self) -> list[Phase]:
        """Return what can be put to the school: what has a cohort, and its partner too where it needs one."""
        due = {phase.due.family: phase for phase in self.phases}
        return [each for each in self.phases if each.cohort and self._goes_with(each, due)]

    def _goes_with(self, phase: Phase, due: dict[str, Phase]) -> bool:
        partner = due.get(phase.due.beside)  # none: it is not needed, or the school has it already
        return partner is None or partner.cohort is not None

    @property
    def left_out(self) -> list[str]:
        """Return a sentence for each phase that is due and cannot be put to the school, and why."""
        proposed = self.proposed
        titles = {each.due.family: each.title for each in self.phases}
        alone = [
            f"{each.title} goes only with {titles[each.due.beside]}."
            for each in self.phases
            if each.cohort and each not in proposed
        ]
        return [each.missing for each in self.phases if each.missing] + alone + list(self.not_yet)


@dataclass
class Year:
    """The catalogue and the cohorts of a year, read once."""

    year: int
    following: dict[int, tuple] = field(default_factory=dict)
    projects: dict[int, tuple[str, int, str]] = field(default_factory=dict)
    of_year: dict[str, int] = field(default_factory=dict)
    cohorts: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    joins: str = ""
    cohort_max: int | None = None

    @property
    def label(self) -> str:
        return rules.year_label(self.year)


def _short(title: str) -> str:
    """Return “Development” of “Secondary Teaching for Mastery: Development”."""
    return title.rpartition(": ")[2]


def read_year(year: int) -> Year:
    """Return what a year offers, and what follows each project of the years before."""
    found = Year(year)
    columns = ["pk", "programme_id", "year", "title", "programme__title", "next_phases"]
    for pk, family, of, title, programme, following in Project.objects.order_by("pk").values_list(*columns):
        found.projects[pk] = (family, of, _short(title or programme))
        found.following[pk] = rules.read_next(following)
        if of == year:
            found.of_year.setdefault(family, pk)
    cohorts = Cohort.objects.filter(project__year=year).order_by("pk")
    for pk, hub, project, family in cohorts.values_list("pk", "hub_id", "project_id", "project__programme_id"):
        found.cohorts.setdefault((hub, family), (pk, project))
    sets = RuleSet.objects.published().filter(project__year=year).order_by("effective_from")
    for family, rows in sets.values_list("project__programme_id", "rules"):
        for row in rows:
            if row["rule"] == JOINS:
                found.joins, found.cohort_max = family, row.get("specialist_cohort_max")
    return found


def candidates(year: Year, hubs: Iterable[int] | None, *, schools: Iterable[int] | None = None) -> list[Candidate]:
    """Return every school of these hubs (None: of all) that is due for something in the year or has been asked for it.

    `schools` narrows it to some. A school belongs to the hub at which it took part last.
    """
    places, shown = _places(hubs, schools)
    specialists = _specialists(hubs, schools, shown)
    applied = _applied(year.year, schools)
    before = _proposals(year.year, hubs, schools, shown)
    found = []
    for school in shown:
        history = _history(year, places.get(school, []), specialists.get(school, []), applied.get(school, ()))
        hub = _hub_of(places.get(school, []), specialists.get(school, []), before.get(school), year)
        if hub is None or (hubs is not None and hub not in hubs):
            continue
        found.append(_candidate(year, hub, shown[school], history, before.get(school)))
    found = [each for each in found if schools is not None or each.phases or each.not_yet or each.before]
    return sorted(found, key=lambda each: (each.school.name.casefold(), each.school.urn))


def _places(hubs, schools) -> tuple[dict[int, list[dict]], dict[int, Shown]]:
    places = Place.objects.filter(person=None, status__in=HOLDS_A_PLACE, school__joined_into=None)
    if hubs is not None:  # also what they did at other hubs: it counts for what may follow
        places = places.filter(school__in=Place.objects.filter(hub__in=hubs).values("school"))
    if schools is not None:
        places = places.filter(school__in=schools)
    by_school, shown = defaultdict(list), {}
    for row in places.order_by("pk").values(*PLACE_COLUMNS):
        by_school[row["school_id"]].append(row)
        shown.setdefault(row["school_id"], _shown(row))
    return by_school, shown


def _shown(row: dict) -> Shown:
    return Shown(
        row["school_id"],
        row["school__establishment_id"],
        row["school__establishment__name"],
        row["school__establishment__town"],
        row["school__establishment__status"] == CLOSED,
    )


def _specialists(hubs, schools, shown) -> dict[int, list[tuple[int, int]]]:
    """Return hub and start year of the specialists who teach at each school now."""
    homes = HomeSchool.objects.filter(
        until_on=None, specialist__status__in=IN_THE_PROGRAMME, school__joined_into=None
    ).order_by("pk")
    if hubs is not None:
        homes = homes.filter(specialist__hub__in=hubs)
    if schools is not None:
        homes = homes.filter(school__in=schools)
    found = defaultdict(list)
    for row in homes.values(*HOME_COLUMNS):
        found[row["school_id"]].append((row["specialist__hub_id"], row["specialist__project__year"]))
        shown.setdefault(row["school_id"], _shown(row))
    return found


def _applied(year: int, schools) -> dict[int, set[str]]:
    live = Application.objects.live().filter(project__year=year)
    if schools is not None:
        live = live.filter(school__in=schools)
    found = defaultdict(set)
    for school, family in live.order_by().values_list("school_id", "project__programme_id"):
        found[school].add(family)
    return found


def _proposals(year: int, hubs, schools, shown) -> dict[int, Proposal]:
    """Return each school's newest proposal up to the year; what it said to each phase is read by `with_answers`."""
    made = Proposal.objects.filter(year__lte=year).order_by("school_id", "-made_at", "-pk").distinct("school_id")
    if hubs is not None:
        made = made.filter(hub__in=hubs)
    if schools is not None:
        made = made.filter(school__in=schools)
    found = {each.school_id: each for each in made}
    others = School.objects.filter(pk__in=found.keys() - shown.keys(), joined_into=None)
    for row in others.values("pk", *(f"establishment{name}" for name in ("_id", "__name", "__town", "__status"))):
        shown[row["pk"]] = _shown({f"school__{name}": value for name, value in row.items()} | {"school_id": row["pk"]})
    return found


def with_answers(chosen: Iterable[Candidate]) -> None:
    """Read what was answered last for these candidates, such as those of one page."""
    asked = [each.before for each in chosen if each.before]
    prefetch_related_objects(asked, Prefetch("phases", ProposedPhase.objects.with_details()))


def _history(year: Year, places: list[dict], specialists: list, applied) -> rules.History:
    pasts, held = [], set(applied)
    for row in places:
        family, of, name = year.projects[row["project_id"]]
        pasts.append(rules.Past(family, of, row["status"], name, row["pk"], year.following[row["project_id"]]))
        if of == year.year:
            held.add(family)
    starts = tuple(start for _, start in specialists)
    return rules.History(tuple(pasts), starts, year.joins, year.cohort_max, frozenset(held))


def _hub_of(places: list[dict], specialists: list, before: Proposal | None, year: Year) -> int | None:
    earlier = [row for row in places if year.projects[row["project_id"]][1] < year.year]
    if earlier:
        return max(earlier, key=lambda row: (year.projects[row["project_id"]][1], row["pk"]))["hub_id"]
    if specialists:
        return specialists[-1][0]
    return before.hub_id if before else None


def _candidate(year: Year, hub: int, school: Shown, history: rules.History, before: Proposal | None) -> Candidate:
    seen = rules.outlook(history, year=year.year)
    phases = tuple(_phase(year, hub, due) for due in seen.phases)
    found = Candidate(school, hub, seen.kind or "next", phases, seen.not_yet, before)
    if school.closed and phases:
        found = replace(found, phases=(), not_yet=("The register says that this school has closed.",))
    return found


def _phase(year: Year, hub: int, due: rules.Due) -> Phase:
    project = year.of_year.get(due.family)
    if project is None:
        title = next((name for family, _, name in year.projects.values() if family == due.family), due.family)
        return Phase(due, title, missing=f"{title} {year.label} is not in the catalogue yet.")
    title = year.projects[project][2]
    cohort, project = year.cohorts.get((hub, due.family), (None, project))
    missing = "" if cohort else f"The hub has no cohort of {title} {year.label} yet."
    return Phase(due, title, project, cohort, missing)


@dataclass(frozen=True)
class Contact:
    """Whom a letter goes to, and where the address was found."""

    name: str
    email: str
    source: str


def contacts(chosen: Iterable[Candidate]) -> dict[int, Contact]:
    """Return whom to write to at each school: as it last said itself, else who applied, else an Advocate."""
    chosen = list(chosen)
    wanted = [each.school.pk for each in chosen]
    found = _advocates(wanted) | _applicants(chosen)
    for each in chosen:
        if each.before:
            found[each.school.pk] = Contact(
                each.before.contact_name, each.before.contact_email, "when it was last asked"
            )
    return found


def _applicants(chosen: list[Candidate]) -> dict[int, Contact]:
    here = Q(pk__in=[])
    for hub in {each.hub for each in chosen}:
        here |= Q(hub=hub, school__in=[each.school.pk for each in chosen if each.hub == hub])
    sent = Application.objects.sent().filter(here).exclude(contact_email="")
    rows = sent.order_by("school_id", "-submitted_at").distinct("school_id")
    columns = ["school_id", "contact_name", "contact_email"]
    return {school: Contact(name, email, "who applied") for school, name, email in rows.values_list(*columns)}


def _advocates(schools: list[int]) -> dict[int, Contact]:
    """Return one Advocate of each school's last place: nobody who left it and was replaced."""
    rows = Place.objects.filter(
        school__in=schools, advocates__person__emails__isnull=False, advocates__replaced_by__isnull=True
    )
    rows = rows.order_by("-project__year", "advocates__pk", "advocates__person__emails__pk")
    columns = ["school_id", "advocates__person__name", "advocates__person__emails__email"]
    found = {}
    for school, name, email in rows.values_list(*columns):
        found.setdefault(school, Contact(name, email, "an Advocate of the last place"))
    return found


def hubs_for(user, chosen: str = "") -> tuple[list[Hub], set[int] | None]:
    """Return the hubs that `user` may see, and the ids to look at: one if it is chosen, None for the whole country."""
    seen = list(Hub.objects.visible_to(user).only("pk", "name"))
    if chosen in {str(hub.pk) for hub in seen}:
        return seen, {int(chosen)}
    return seen, None if user.sees_every_hub else {hub.pk for hub in seen}
