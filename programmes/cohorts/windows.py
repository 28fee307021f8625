"""Which hubs run a project, and whether a school can apply to each now."""

from collections.abc import Iterable
from datetime import date

from .models import Cohort, Project
from .rules import Window, window

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
    closed = project.recruitment == Project.Recruitment.CLOSED
    return window(cohort.opens_on, cohort.closes_on, cohort.capacity - cohort.taken, closed=closed, today=today)


def can_apply(rows: Iterable[Row]) -> bool:
    """Return whether any hub takes applications."""
    return any(state.can_apply for _, state in rows)
