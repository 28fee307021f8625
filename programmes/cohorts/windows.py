"""Which hubs run a project, whether a school can apply to each now, and what each hub has still to set."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q

from .models import Cohort, FocusRoom, Project
from .rules import Dates, Window, window
from .states import HOLDS_A_PLACE
from .toset import Fact, facts

Row = tuple[Cohort, Window]
YEAR_ENDS = (8, 31)


def windows(project: Project, *, today: date) -> list[Row]:
    """Return each hub's run of a project with the state of its window, open ones first."""
    return windows_of([project], today=today)[project.pk]


def windows_of(projects: Iterable[Project], *, today: date) -> dict[int, list[Row]]:
    """Return `windows()` of several projects by their keys, in one query."""
    by_key = {project.pk: project for project in projects}
    rows: dict[int, list[Row]] = {key: [] for key in by_key}
    cohorts = Cohort.objects.filter(project__in=by_key).select_related("hub").with_places_taken().order_by("hub__name")
    for cohort in cohorts:
        project = by_key[cohort.project_id]
        rows[project.pk].append((cohort, window_of(cohort, project, today=today)))
    return {key: sorted(each, key=lambda row: not row[1].can_apply) for key, each in rows.items()}


def window_of(cohort: Cohort, project: Project, *, today: date) -> Window:
    """Return the state of a cohort's window; the cohort carries `taken` (`with_places_taken()`)."""
    dates = Dates(
        cohort.opens_on,
        cohort.closes_on,
        cohort.opens_about or project.opens_about,
        cohort.capacity - cohort.taken,
        closed=_is_closed(project) or (not cohort.closes_on and _is_over(project, today)),
        recruited=cohort.is_full or project.recruitment == Project.Recruitment.FULL,
    )
    return window(dates, today=today)


def window_of_project(project: Project, *, today: date) -> Window:
    """Return what holds of a project wherever it runs: closed, fully recruited, or roughly when it opens."""
    recruited = project.recruitment == Project.Recruitment.FULL
    closed = _is_closed(project) or _is_over(project, today)
    return window(Dates(opens_about=project.opens_about, closed=closed, recruited=recruited), today=today)


def _is_closed(project: Project) -> bool:
    return project.recruitment == Project.Recruitment.CLOSED


def _is_over(project: Project, today: date) -> bool:
    """Return whether the year has ended: “opens at the end of March” is no promise then. Dates speak for themselves."""
    return project.recruitment != Project.Recruitment.FULL and today > date(project.year + 1, *YEAR_ENDS)


def open_project(projects: Iterable[Project], rows: dict[int, list[Row]]) -> Project | None:
    """Return the first of these projects that a school can apply for now, or None; `rows` is `windows_of()` them."""
    return next((project for project in projects if can_apply(rows[project.pk])), None)


def can_apply(rows: Iterable[Row]) -> bool:
    """Return whether any hub takes applications."""
    return any(state.can_apply for _, state in rows)


@dataclass(frozen=True)
class HubRow:
    """A hub's run of a project as its public page shows it: the window, what the hub has set, foci without room."""

    cohort: Cohort
    window: Window
    facts: list[Fact]
    foci_full: list[str] = field(default_factory=list)
    foci_not_run: list[str] = field(default_factory=list)


def panel(project: Project, rows: list[Row], *, today: date) -> dict:
    """Return what the panel on windows (`programmes/windows.html`) shows; `rows` is `windows()`."""
    return {
        "programme": project.programme,
        "project": project,
        "rows": hub_rows(project, rows),
        "can_wait": not rows or any(state.to_do == "interest" for _, state in rows),
        "whole": window_of_project(project, today=today),
        "can_apply": can_apply(rows),
    }


def hub_rows(project: Project, rows: list[Row]) -> list[HubRow]:
    """Return the rows of `windows()` with all that the public page says of each hub, in one more query."""
    rooms = rooms_of(cohort for cohort, _ in rows)
    return [_hub_row(project, cohort, state, rooms.get(cohort.pk, [])) for cohort, state in rows]


def _hub_row(project: Project, cohort: Cohort, state: Window, rooms: list[FocusRoom]) -> HubRow:
    full = [room.focus.letter for room in rooms if room.capacity and room.taken >= room.capacity]
    not_run = [room.focus.letter for room in rooms if not room.capacity]
    return HubRow(cohort, state, facts(cohort, project, foci_set=bool(rooms)), full, not_run)


def rooms_of(cohorts: Iterable[Cohort]) -> dict[int, list[FocusRoom]]:
    """Return the rooms for single foci by cohort, each with `taken`, the places that it holds."""
    held = Q(focus__places__status__in=HOLDS_A_PLACE, focus__places__cohort=F("cohort"))
    found: dict[int, list[FocusRoom]] = {}
    rooms = FocusRoom.objects.filter(cohort__in=list(cohorts)).select_related("focus")
    for room in rooms.annotate(taken=Count("focus__places", filter=held)).order_by("focus__letter"):
        found.setdefault(room.cohort_id, []).append(room)
    return found
