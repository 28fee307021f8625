"""Public pages about what is offered: the list of programmes and each programme's page."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hubportal.clock import london_date

from .models import Cohort, Programme, Project
from .rules import Window, window


def windows(project: Project, *, today) -> list[tuple[Cohort, Window]]:
    """Return each hub's run of a project with the state of its window, open ones first."""
    cohorts = Cohort.objects.filter(project=project).select_related("hub").with_places_taken().order_by("hub__name")
    rows = [(cohort, window_of(cohort, project, today=today)) for cohort in cohorts]
    return sorted(rows, key=lambda row: not row[1].can_apply)


def window_of(cohort: Cohort, project: Project, *, today) -> Window:
    """Return the state of a cohort's window; the cohort carries `taken` (`with_places_taken()`)."""
    closed = project.recruitment == Project.Recruitment.CLOSED
    return window(cohort.opens_on, cohort.closes_on, cohort.capacity - cohort.taken, closed=closed, today=today)


@login_not_required
@require_safe
def programme_list(request):
    projects = Project.objects.with_details().order_by("programme__title", "-year")
    newest = {project.programme_id: project for project in reversed(projects)}
    today = london_date(timezone.now())
    rows = [
        (project, any(state.can_apply for _, state in windows(project, today=today))) for project in newest.values()
    ]
    return render(request, "programmes/list.html", {"rows": rows})


@login_not_required
@require_safe
def programme_page(request, slug):
    """The page of a programme in its newest year, or in `?year=`; the other years are linked."""
    programme = get_object_or_404(Programme, slug=slug)
    projects = list(programme.projects.order_by("-year"))
    asked = request.GET.get("year", "")
    project = next((p for p in projects if str(p.year) == asked), projects[0] if projects else None)
    today = london_date(timezone.now())
    rule_set = (
        project.rule_sets.filter(effective_from__lte=today).order_by("-effective_from").first() if project else None
    )
    rows = windows(project, today=today) if project else []
    context = {
        "programme": programme,
        "project": project,
        "others": [p for p in projects if p != project],
        "rows": rows,
        "can_apply": any(state.can_apply for _, state in rows),
        "rule_set": rule_set,
    }
    return render(request, "programmes/page.html", context)
