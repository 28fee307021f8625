"""Starting and ending the year of a cohort: all its places, or some, on one day, each shown before anything happens."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hubportal.clock import london_date
from hubportal.rules import Refused
from programmes.cohorts import actions
from programmes.cohorts.states import PlaceStatus
from programmes.models import Cohort, Place, Programme

from .forms import DayForm
from .listing import ADDRESS, DECIDE

ACTS = {
    "begin": (
        "Mark as begun",
        "These places are confirmed. Mark those whose school has begun to take part.",
        PlaceStatus.CONFIRMED,
        actions.begin,
    ),
    "complete": (
        "Mark as completed",
        "These schools are taking part. Mark those that have done all of it: some next phases need that.",
        PlaceStatus.ACTIVE,
        actions.complete,
    ),
    "complete-part": (
        "Mark as completed in part",
        "These schools are taking part. Mark those that have ended without doing all of it.",
        PlaceStatus.ACTIVE,
        actions.complete_part,
    ),
}

FIELDS = {"day_ahead": "on", "day_too_early": "on", "no_reason": "note"}
"""Where a refusal is said on the form."""


@require_http_methods(["GET", "HEAD", "POST"])
def year(request, pk, verb):
    """Choose places and the day (GET), see what would happen (POST), and do it (POST with `sure`)."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).with_details(), pk=pk)
    if not (request.user.is_superuser or request.user.has_perm(DECIDE, cohort)):
        raise PermissionDenied
    if cohort.project.programme.entry == Programme.Entry.TEACHER:
        messages.error(request, "A specialist's years begin and end on the specialist's own page.")
        return redirect("admin:programmes_specialist_changelist")
    label, explains, status, action = ACTS[verb]
    at = timezone.now()
    able = list(_places(cohort).filter(status=status))
    form = DayForm(request.POST if request.method == "POST" else None, initial={"on": london_date(at)})
    chosen = able if request.method != "POST" else _chosen(request, cohort, able)
    context = {"cohort": cohort, "verb": verb, "label": label, "explains": explains, "form": form, "able": able}
    if request.method == "POST" and form.is_valid():
        if not chosen:
            form.add_error(None, "Choose at least one school.")
        else:
            return _preview_or_do(request, context | {"chosen": chosen}, action, at)
    return render(request, "rollover/cohort.html", context | {"picked": {place.pk for place in chosen}})


def _places(cohort: Cohort):
    return (
        Place.objects.filter(cohort=cohort)
        .select_related("school__establishment", "project")
        .order_by("school__establishment__name", "pk")
    )


def _chosen(request, cohort: Cohort, able: list[Place]) -> list[Place]:
    """Return the places that are named and can still be marked. One that is not of the cohort is a 404."""
    named = {int(pk) for pk in request.POST.getlist("pk") if pk.isascii() and pk.isdecimal() and len(pk) < 19}
    if _places(cohort).filter(pk__in=named).count() != len(named):
        raise Http404
    return [place for place in able if place.pk in named]


def _preview_or_do(request, context: dict, action, at):
    """Do it when the person is sure; otherwise try it out, undo it, and show what would happen."""
    form, chosen, verb = context["form"], context["chosen"], context["verb"]
    more = {"note": form.cleaned_data["note"]} if verb == "complete-part" else {}
    places = Place.objects.filter(pk__in=[place.pk for place in chosen])
    sure = bool(request.POST.get("sure"))
    try:
        with transaction.atomic():
            done = action(places, on=form.cleaned_data["on"], by=request.user, at=at, **more)
            transaction.set_rollback(not sure)
    except Refused as refused:
        for finding in refused.findings:
            form.add_error(FIELDS.get(finding.code), finding.text)
        return render(request, "rollover/cohort.html", context | {"picked": {place.pk for place in chosen}})
    if not sure:
        left = [place for place in context["able"] if place not in chosen]
        return render(request, "rollover/cohort_sure.html", context | {"left": left, "on": form.cleaned_data["on"]})
    messages.success(request, f"{context['label']}: {len(done)} of {len(chosen)} done. {context['cohort']}.")
    return redirect(ADDRESS)
