"""The pages on which staff change a place: everything in view, what it means for the money, the form, one action."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from applications import place_changes
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused
from hubportal.templatetags.hub import pounds
from programmes.cohorts.actions import grant_amount
from programmes.funding import leaving
from programmes.funding.asking import DECIDE
from programmes.models import Cohort, Place, PlaceRequest

from .place_acts import ACTS, do, money

CHANGE = "admin:programmes_place_change"
REQUEST = "admin:programmes_placerequest_change"


@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, verb):
    """Show what an act means, with its form; do it on POST. What is refused is said at the field."""
    details = Place.objects.visible_to(request.user).with_details().select_related("cohort", "rule_set")
    place = get_object_or_404(details, pk=pk)
    if verb not in ACTS:
        raise Http404
    if not request.user.has_perm(DECIDE, place):
        raise PermissionDenied
    chosen = ACTS[verb]
    if not chosen.possible(place):
        messages.error(request, f"“{chosen.label}” is no longer possible: {place.get_status_display().lower()}.")
        return redirect(CHANGE, pk)
    form = chosen.form(request.POST or None, place=place, user=request.user, button=chosen.label)
    if request.method == "POST" and form.is_valid() and (said := _tried(form, verb, place, request.user)):
        messages.success(request, said)
        return redirect(CHANGE, pk)
    context = {
        "place": place,
        "act": chosen,
        "form": form,
        "means": chosen.means(place),
        "advocates": place.advocates.select_related("person"),
        "money": money(place),
        "application": place_changes.application_of(place),
        "against": leaving.against_void(place) if verb == "void" else [],
        "asked": place.requests.waiting().of_a_known_place().first(),
    }
    return render(request, "staff/place_act.html", context)


def _tried(form, verb, place, user) -> str:
    try:
        return do(verb, place, form, by=user, at=timezone.now())
    except IllegalMove as problem:
        form.add_error(None, str(problem))
    except Refused as refused:
        form.add_findings(refused.findings)
    return ""


def request_page(request, pk):
    """Show what another hub or a colleague asks for, with what it means; answered by two buttons."""
    asked = _asked(request, pk)
    waits = asked.agreed_at is None and asked.rejected_at is None
    context = {
        "asked": asked,
        "place": asked.place,
        "waits": waits,
        "may_answer": waits and request.user.has_perm(DECIDE, asked),
        "own": asked.kind == PlaceRequest.Kind.VOID and asked.by_id == request.user.pk,
        "means": _means(asked),
        "to": Cohort.objects.with_fill().get(pk=asked.to_id) if asked.to_id else None,
    }
    return render(request, "staff/place_request.html", context)


def _means(asked: PlaceRequest) -> list[str]:
    if asked.kind == PlaceRequest.Kind.VOID:
        return ACTS["void"].means(asked.place)
    rule_set = asked.to.project.rule_sets.in_force(london_date(timezone.now()))
    amount = grant_amount(asked.to, rule_set) if rule_set else None
    grant = pounds(amount) if amount is not None else "not set yet: set it on the cohort first"
    return [
        "The school gets a place in your cohort, with its Advocates, its application and its history.",
        f"The grant that your hub fixes for it: {grant}. Nothing is paid on the grant of the other hub.",
        "The school is told by e-mail where its place is now.",
    ]


@require_POST
def answer(request, pk, verb):
    """Agree, or leave the place as it is."""
    asked = _asked(request, pk)
    if not request.user.has_perm(DECIDE, asked):
        raise PermissionDenied
    action, said = {
        "agree": (place_changes.agree, "It is done. The school has been told where we know a contact."),
        "reject": (place_changes.turn_down, "The place stays as it is."),
    }[verb]
    try:
        action(asked, by=request.user, at=timezone.now())
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
    return redirect(REQUEST, pk)


def _asked(request, pk) -> PlaceRequest:
    if not (str(pk).isdecimal() and len(str(pk)) < 19):
        raise Http404
    asked = get_object_or_404(PlaceRequest.objects.visible_to(request.user).with_details(), pk=int(pk))
    if not request.user.has_perm("programmes.view_placerequest", asked):
        raise PermissionDenied
    return asked
