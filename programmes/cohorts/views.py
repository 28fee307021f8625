"""Public pages about what is offered: the list of programmes, and a programme's page in each of its years."""

from datetime import date
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hubportal.clock import london_date

from .models import Programme, Project
from .phrases import group_of, next_in_words
from .windows import Row, open_project, panel, window_of_project, windows_of


@login_not_required
@require_safe
def programme_list(request):
    """Every programme in the order of a school's journey, with the year that is open or else its newest."""
    today = london_date(timezone.now())
    projects = list(Project.objects.published().with_details().order_by("programme__phase", "programme", "-year"))
    rows = windows_of(projects, today=today)
    groups: dict[tuple, list] = {}
    for _, years in groupby(projects, key=lambda project: project.programme_id):
        years = list(years)
        open_year = open_project(years, rows)
        shown = open_year or years[0]
        state = _state(shown, rows[shown.pk], today)
        groups.setdefault(group_of(shown.programme), []).append((shown, open_year is not None, state))
    return render(request, "programmes/list.html", {"groups": sorted(groups.items())})


def _state(project: Project, rows: list[Row], today: date):
    """Return the window that says most: the first hub's, open ones first, or what holds everywhere."""
    return rows[0][1] if rows else window_of_project(project, today=today)


@login_not_required
@require_safe
def programme_page(request, slug):
    """The page of a programme in the year `?year=`, else in the open one, else in its newest; the others are linked."""
    programme = get_object_or_404(Programme.objects.select_related("hub").public(), slug=slug)
    projects = list(programme.projects.published().order_by("-year", "code"))
    today = london_date(timezone.now())
    rows = windows_of(projects, today=today)
    open_year = open_project(projects, rows)
    asked = next((p for p in projects if str(p.year) == request.GET.get("year")), None)
    project = asked or open_year or next(iter(projects), None)
    context = {"programme": programme, "project": project, "open_year": open_year}
    if project:
        context |= _about(project, rows[project.pk], today)
        context["others"] = [(p, window_of_project(p, today=today)) for p in projects if p != project]
    return render(request, "programmes/page.html", context)


def _about(project: Project, rows: list[Row], today: date) -> dict:
    return panel(project, rows, today=today) | {
        "rule_set": project.rule_sets.in_force(today),
        "foci": list(project.foci.all()),
        "next": next_in_words(project.next_phases),
    }
