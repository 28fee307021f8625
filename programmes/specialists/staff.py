"""The hub's pages of its specialists: the list, one with its years, and acting on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.timeline import timeline
from hubportal.rules import Refused
from programmes.cohorts.models import Project

from . import actions
from .acts import ACTS, split
from .models import Specialist
from .rules import days_against
from .states import IN_THE_PROGRAMME, SpecialistStatus

VIEW, KEEP = "programmes.view_specialist", "programmes.keep_specialist"
CHANGE = "admin:programmes_specialist_change"
PAGE = 50
TONES = {"year_1": "info", "year_2": "info", "active": "good", "department": "good", "deferred": "wait"}
NEXT = {
    "year_1": "Hub: record days and the launch; then year 2",
    "year_2": "Hub: PD Lead programme; then year 3",
    "active": "Nobody: leads Work Groups",
    "department": "Nobody: works in their own department",
    "deferred": "Specialist: comes back",
    "stepped_down": "Ended",
}


def specialists(request):
    """List the specialists whom the person may see; everything that narrows the list stands in the address."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    chosen = {name: request.GET.get(name, "") for name in ("status", "project", "q")}
    visible = Specialist.objects.visible_to(request.user)
    projects = {
        str(each.pk): _cohort(each)
        for each in Project.objects.filter(pk__in=visible.values("project")).select_related("programme")
    }
    page = Paginator(_narrowed(visible, chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [_row(each) for each in page.object_list],
        "page": page,
        "chosen": chosen,
        "projects": projects.items(),
        "statuses": SpecialistStatus.choices,
        "chips": _chips(chosen, projects),
        "clear_url": request.path,
    }
    return render(request, "specialists/specialist_list.html", context)


def _cohort(project: Project) -> str:
    return f"Cohort {project.cohort_number}, {project.year_label}" if project.cohort_number else str(project)


def _narrowed(visible, chosen: dict):
    found = (
        visible.with_details().with_homes().prefetch_related("days").order_by("-project__year", "person__name", "pk")
    )
    if chosen["status"] in SpecialistStatus.values:
        found = found.filter(status=chosen["status"])
    if chosen["project"].isdecimal() and len(chosen["project"]) < 10:
        found = found.filter(project=int(chosen["project"]))
    words = chosen["q"].strip()[:100]
    return found.matching(words) if words else found


def _row(specialist: Specialist) -> dict:
    return {
        "specialist": specialist,
        "cohort": _cohort(specialist.project),
        "school": specialist.home_list[0].school if specialist.home_list else "",
        "tone": TONES.get(specialist.status, ""),
        "next": NEXT[specialist.status],
        "days": _days(specialist) if specialist.status == SpecialistStatus.YEAR_1 else [],
    }


def _days(specialist: Specialist):
    terms = specialist.place.rule_set.terms if specialist.place else {}
    recorded = [(day.kind, day.on, day.half_days) for day in specialist.days.all()]
    return days_against(terms, recorded, today=london_date(timezone.now()))


def _chips(chosen: dict, projects: dict) -> list[dict]:
    names = {"status": dict(SpecialistStatus.choices), "project": projects}
    return [
        {"key": key, "value": value, "label": names.get(key, {}).get(value, f"“{value}”")}
        for key, value in chosen.items()
        if value
    ]


def specialist_for(user, pk) -> Specialist:
    """Return a specialist whom `user` may see. Raises Http404 for any other."""
    if not str(pk).isdecimal() or len(str(pk)) > 18:
        raise Http404
    found = Specialist.objects.visible_to(user).with_details().with_homes().prefetch_related("days__recorded_by")
    return get_object_or_404(found, pk=int(pk))


def specialist(request, pk):
    """Show one specialist: what state, whose move, days against entitlement, schools, accreditations, history."""
    found = specialist_for(request.user, pk)
    if not request.user.has_perm(VIEW, found):
        raise PermissionDenied
    may_keep = request.user.has_perm(KEEP, found)
    first, others = split(found) if may_keep else ([], [])
    today = london_date(timezone.now())
    context = {
        "specialist": found,
        "cohort": _cohort(found.project),
        "tone": TONES.get(found.status, ""),
        "next": NEXT[found.status],
        "first": first,
        "others": others,
        "days": _days(found),
        "day_rows": [(day, day.on > today) for day in found.days.all()],
        "may_keep": may_keep and found.status in IN_THE_PROGRAMME,
        "accreditations": found.person.accreditations.all(),
        "names": found.person.names.all(),
        "overdue": found.back_on and found.back_on < today,
        "events": timeline(*[subject_of(each) for each in (found, found.place) if each]),
    }
    return render(request, "specialists/specialist.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, verb):
    """Show what an act brings about, with its form; do it on POST. A refusal is said beside the form."""
    found = _to_keep(request, pk)
    if verb not in ACTS:
        raise Http404
    chosen = ACTS[verb]
    if not chosen.possible(found):
        messages.error(request, f"“{chosen.label}” is not possible now: {found.get_status_display().lower()}.")
        return redirect(CHANGE, pk)
    form = chosen.form(request.POST if request.method == "POST" else None, specialist=found, button=chosen.label)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.do(found, form, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect(CHANGE, pk)
        else:
            messages.success(request, chosen.said)
            return redirect(CHANGE, pk)
    return render(request, "specialists/specialist_act.html", {"specialist": found, "act": chosen, "form": form})


def _to_keep(request, pk) -> Specialist:
    found = specialist_for(request.user, pk)
    if not request.user.has_perm(KEEP, found):
        raise PermissionDenied
    return found


@require_POST
def remove_day(request, pk, day):
    found = _to_keep(request, pk)
    try:
        actions.remove_day(found, day, by=request.user, at=timezone.now())
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The day is removed.")
    return redirect(CHANGE, pk)
