"""The panel's table of a cohort, the release of its decisions, and the copy for NCETM."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.specialists import release
from applications.specialists.decisions import allocation_taken
from applications.specialists.models import CRITERIA, READERS, SHORT, Reading, SpecialistApplication
from applications.specialists.states import LIVE, RELEASED
from applications.specialists.states import SpecialistApplicationStatus as Status
from applications.specialists.turns import BY_CODE, with_turn
from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused
from programmes.models import Cohort

from .views import DECIDE, TONES, VIEW, cohorts_for

PANEL = "admin:applications_specialistapplication_panel"


def _cohort_for(user, pk: int, permission: str) -> Cohort:
    cohort = get_object_or_404(cohorts_for(user), pk=pk)
    if not user.has_perm(permission, cohort):
        raise PermissionDenied
    return cohort


@require_safe
def panel(request, cohort):
    """Show everybody of a cohort side by side: scores, sums and differences, once both readers' are in."""
    found = _cohort_for(request.user, cohort, VIEW)
    rows = [_row(each) for each in _applications(found, request.user)]
    rows.sort(key=lambda row: (row["total"] is None, -(row["total"] or 0), row["application"].name))
    taken = allocation_taken(found)
    places = found.places.live().count()
    context = {
        "cohort": found,
        "rows": rows,
        "headings": SHORT.values(),
        "taken": places,
        "quiet": taken - places,
        "left": found.capacity - taken,
        "may_decide": request.user.has_perm(DECIDE, found),
        "to_release": any(row["application"].decision and row["application"].status not in RELEASED for row in rows),
    }
    return render(request, "specialists/staff_panel.html", context)


def _applications(cohort: Cohort, user):
    readings = Reading.objects.open_to(user).scored().select_related("reader").order_by("position")
    found = SpecialistApplication.objects.visible_to(user).filter(
        cohort=cohort, status__in=[*LIVE, Status.NOT_SELECTED]
    )
    return with_turn(found).with_details().prefetch_related(Prefetch("readings", readings, to_attr="open_readings"))


def _row(application: SpecialistApplication) -> dict:
    """Return one row: sums only where both readings are in, so that a reader's own half tells nothing here."""
    both = application.open_readings if application.scores_in == READERS else []
    sums = [each.total for each in both]
    turn = BY_CODE[application.turn]
    return {
        "application": application,
        "turn": turn,
        "tone": TONES[turn.tone],
        "scores": [(label, [getattr(each, name) for each in both]) for name, label in SHORT.items()],
        "readings": both,
        "sums": sums,
        "total": sum(sums) if both else None,
        "difference": abs(sums[0] - sums[1]) if len(sums) == READERS else None,
        "widest": max((abs(getattr(both[0], n) - getattr(both[1], n)) for n in CRITERIA), default=0) if both else 0,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def release_decisions(request, cohort):
    """Show every letter of a cohort word for word; on POST send exactly these, all together."""
    found = _cohort_for(request.user, cohort, DECIDE)
    if request.method == "POST":
        return _release(request, found)
    letters = release.letters(found)
    context = {
        "cohort": found,
        "letters": letters,
        "against": release.in_the_way(found, at=timezone.now()) if letters else [],
        "seen": release.fingerprint(letters),
    }
    return render(request, "specialists/staff_release.html", context)


def _release(request, cohort: Cohort):
    try:
        told = release.release(cohort, request.POST.get("seen", ""), by=request.user, at=timezone.now())
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
        return redirect("admin:applications_specialistapplication_release", cohort.pk)
    messages.success(request, f"Released: {len(told)} teacher{'' if len(told) == 1 else 's'} told.")
    return redirect(PANEL, cohort.pk)


@require_POST
def copy(request, cohort):
    """Hand out the copy for NCETM. A POST, because it is written down who took it."""
    found = _cohort_for(request.user, cohort, DECIDE)
    text = release.copy_for_ncetm(found, by=request.user, at=timezone.now())
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="specialists-{found.project.year}-{found.hub.slug}.csv"'
    return response
