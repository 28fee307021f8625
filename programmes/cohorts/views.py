"""Public pages about what is offered: the list of programmes and each programme's page."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hubportal.clock import london_date

from .models import Programme, Project
from .windows import can_apply, open_project, windows_of


@login_not_required
@require_safe
def programme_list(request):
    """Every programme, with the year that a school can apply for or else its newest."""
    projects = list(Project.objects.with_details().order_by("programme__title", "programme", "-year", "code"))
    rows = windows_of(projects, today=london_date(timezone.now()))
    listed = []
    for _, years in groupby(projects, key=lambda project: project.programme_id):
        years = list(years)
        open_year = open_project(years, rows)
        listed.append((open_year or years[0], open_year is not None))
    return render(request, "programmes/list.html", {"rows": listed})


@login_not_required
@require_safe
def programme_page(request, slug):
    """The page of a programme in the year `?year=`, else in the open one, else in its newest; the others are linked."""
    programme = get_object_or_404(Programme, slug=slug)
    projects = list(programme.projects.order_by("-year", "code"))
    today = london_date(timezone.now())
    rows = windows_of(projects, today=today)
    open_year = open_project(projects, rows)
    asked = next((p for p in projects if str(p.year) == request.GET.get("year")), None)
    project = asked or open_year or next(iter(projects), None)
    context = {
        "programme": programme,
        "project": project,
        "others": [p for p in projects if p != project],
        "open_year": open_year,
        "rows": rows[project.pk] if project else [],
        "can_apply": bool(project) and can_apply(rows[project.pk]),
        "rule_set": project and project.rule_sets.in_force(today),
    }
    return render(request, "programmes/page.html", context)
