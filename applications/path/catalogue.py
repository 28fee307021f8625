"""What could be joined: the projects of the catalogue as the rules want them, with each hub's window."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from applications.checks import about_facts
from applications.facts import school_facts
from hubportal.accounts.models import Hub
from hubportal.rules import Finding
from programmes.cohorts.rules import Window
from programmes.cohorts.windows import window_of
from programmes.models import Cohort, Establishment, Programme, Project, RuleSet

from .facts import Target, Way

BY_HISTORY = "took_part_or_specialist"
ONCE = "not_already_in"
SPECIALISTS = "Mastery Specialist"
OTHERS = "Other programmes"


@dataclass(frozen=True)
class Offer:
    """One project that may be joined next, its rules in force, and the windows of the hubs that matter here."""

    target: Target
    project: Project
    rule_set: RuleSet | None
    rows: tuple[tuple[Cohort, Window], ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Every programme that a hub can run, by name, and what may be joined next of each."""

    offers: tuple[Offer, ...]
    lanes: tuple[str, ...]
    lane_of: dict[str, str] = field(default_factory=dict)

    @property
    def targets(self) -> list[Target]:
        return [offer.target for offer in self.offers]


def catalogue(hubs: Iterable[Hub], *, today: date) -> Catalogue:
    """Return what schools of these hubs may join, in four queries however many years there are."""
    hubs = list(hubs)
    projects = list(
        Project.objects.published().with_details().order_by("programme__phase", "programme__title", "-year", "code")
    )
    projects = [each for each in projects if each.programme.hub_id in {None, *(hub.pk for hub in hubs)}]
    rows = _windows(projects, hubs, today)
    chosen = [_year_of(list(years), rows) for _, years in groupby(projects, key=lambda each: each.programme_id)]
    rule_sets = _rules_of(chosen, today)
    lane_of = {each.programme_id: lane(each.programme) for each in projects}
    offers = tuple(_offer(each, projects, rule_sets.get(each.pk), rows[each.pk], lane_of) for each in chosen)
    return Catalogue(offers, _lanes(projects), lane_of)


def lane(programme: Programme) -> str:
    """Return the name of a programme's lane: its phase, the specialists', or that of all the others."""
    if programme.phase is not None:
        return short(programme.title)
    return SPECIALISTS if programme.entry == Programme.Entry.TEACHER else OTHERS


def short(title: str) -> str:
    """Return “Development” for “Secondary Teaching for Mastery: Development”."""
    return title.rpartition(": ")[2]


def _lanes(projects: Iterable[Project]) -> tuple[str, ...]:
    phases = {each.programme.phase: lane(each.programme) for each in projects if each.programme.phase is not None}
    return tuple(phases[number] for number in sorted(phases))


def _windows(projects: Collection[Project], hubs: list[Hub], today: date) -> dict[int, tuple]:
    by_key = {project.pk: project for project in projects}
    found: dict[int, list] = {key: [] for key in by_key}
    cohorts = Cohort.objects.filter(hub__in=hubs, project__in=by_key).select_related("hub").with_places_taken()
    for cohort in cohorts.order_by("hub__name"):
        state = window_of(cohort, by_key[cohort.project_id], today=today)
        found[cohort.project_id].append((cohort, state))
    return {key: tuple(each) for key, each in found.items()}


def _year_of(years: list[Project], rows) -> Project:
    """Return the year that one would ask about: the open one, else the one that may open, else the newest."""
    opens = (each for each in years if any(window.can_apply for _, window in rows[each.pk]))
    waits = (each for each in years if any(window.may_open for _, window in rows[each.pk]))
    return next(opens, None) or next(waits, None) or years[0]


def _rules_of(projects: Iterable[Project], today: date) -> dict[int, RuleSet]:
    """Return the rules in force of each project as `in_force` finds them, for all in one query."""
    found: dict[int, RuleSet] = {}
    for rule_set in RuleSet.objects.published().filter(project__in=list(projects)).order_by("-effective_from"):
        held = found.get(rule_set.project_id)
        if held is None or held.effective_from > today:
            found[rule_set.project_id] = rule_set
    return found


def _offer(project: Project, projects, rule_set, rows, lane_of) -> Offer:
    rules = {row["rule"]: row for row in rule_set.rules} if rule_set else {}
    programme = project.programme
    target = Target(
        family=programme.family,
        title=short(programme.title),
        year=project.year,
        entry=programme.entry,
        lane=lane_of[programme.family],
        ways=tuple(_ways_to(project, projects)),
        once=ONCE in rules,
        cohorts_to=rules.get(BY_HISTORY, {}).get("specialist_cohort_max"),
    )
    return Offer(target, project, rule_set, rows)


def _ways_to(project: Project, projects: list[Project]) -> Iterable[Way]:
    """Yield what leads to a project, as the newest project of each family that is no later says it.

    A teacher's place leads there too, but by the number of the cohort, which the rules compare.
    """
    titles = {each.programme_id: short(each.programme.title) for each in projects}
    for family, years in groupby(projects, key=lambda each: each.programme_id):
        source = next((each for each in years if each.year <= project.year), None)
        if source and source.programme.entry == Programme.Entry.TEACHER:
            continue
        for row in source.next_phases if source else ():
            if row["family"] == project.programme_id:
                yield Way(
                    family=family,
                    title=titles[family],
                    after=tuple(row["after"]),
                    years_later=row["years_later"],
                    or_more=row.get("or_more", False),
                    together=titles.get(row.get("with"), ""),
                )


def findings_of(offers: Iterable[Offer], establishment: Establishment, *, at: datetime) -> dict[str, list[Finding]]:
    """Return, by family, what the rules in force say of the school alone."""
    school = school_facts(establishment)
    return {
        offer.target.family: about_facts(school, offer.target.year, offer.rule_set, at=at)
        for offer in offers
        if offer.rule_set
    }


def hubs_of(establishment: Establishment) -> list[Hub]:
    """Return the hubs that usually serve a school."""
    return list(Hub.objects.filter(areas__local_authority=establishment.local_authority_id).order_by("name"))


def can_begin(offer: Offer) -> bool:
    """Return whether a hub that matters here takes applications now."""
    return any(window.can_apply for _, window in offer.rows)


def may_open(offer: Offer) -> bool:
    """Return whether it makes sense to wait for one of these hubs."""
    return any(window.may_open for _, window in offer.rows)
