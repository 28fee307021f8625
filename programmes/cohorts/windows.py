"""Which hubs run a project, and whether a school can apply to each now."""

from collections.abc import Iterable
from datetime import date

from .models import Cohort, Project
from .rules import Dates, Window, window

Row = tuple[Cohort, Window]


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
    recruitment = project.recruitment
    dates = Dates(
        cohort.opens_on,
        cohort.closes_on,
        cohort.opens_about or project.opens_about,
        cohort.capacity - cohort.taken,
        closed=recruitment == Project.Recruitment.CLOSED,
        recruited=cohort.is_full or recruitment == Project.Recruitment.FULL,
    )
    return window(dates, today=today)


def open_project(projects: Iterable[Project], rows: dict[int, list[Row]]) -> Project | None:
    """Return the first of these projects that a school can apply for now, or None; `rows` is `windows_of()` them."""
    return next((project for project in projects if can_apply(rows[project.pk])), None)


def can_apply(rows: Iterable[Row]) -> bool:
    """Return whether any hub takes applications."""
    return any(state.can_apply for _, state in rows)
