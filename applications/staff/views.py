"""What staff do with applications: one at a time from the review page, and several from the queue."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from applications import decisions, documents
from applications.models import Application, Document, EligibilityCheck
from applications.turns import with_turn
from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused
from programmes.models import Focus

from .acts import ACTS, do
from .fact_words import in_words
from .queue import DECIDE, PAGE
from .review import application_for
from .room import RoomLeft

CHANGE = "admin:applications_application_change"
LIST = "admin:applications_application_changelist"


@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, verb):
    """Show what an act brings about, with its form; do it on POST. A refusal is said on the review page."""
    application = application_for(request.user, pk)
    if verb not in ACTS:
        raise Http404
    if not request.user.has_perm(DECIDE, application):
        raise PermissionDenied
    chosen = ACTS[verb]
    if not chosen.possible(application):
        messages.error(request, f"“{chosen.label}” is no longer possible: {application.get_status_display().lower()}.")
        return redirect(CHANGE, pk)
    data = request.POST if request.method == "POST" else None  # a form without fields is sent empty
    form = chosen.form(data, application=application, user=request.user, button=chosen.label)
    if request.method == "POST" and form.is_valid():
        return _done(request, pk, lambda at: do(verb, application, form, by=request.user, at=at))
    against = decisions.against_an_offer(application, at=timezone.now()) if verb == "offer" else []
    context = {"application": application, "act": chosen, "form": form, "against": against}
    return render(request, "staff/act.html", context)


@require_POST
def answer_override(request, pk, override, answer):
    """Agree to set a finding aside, as the second person, or let it stand."""
    application = application_for(request.user, pk)
    asked = get_object_or_404(application.overrides.select_related("application"), pk=override)
    if not request.user.has_perm(DECIDE, application):
        raise PermissionDenied
    action, said = {
        "agree": (decisions.agree_override, "The finding is set aside."),
        "reject": (decisions.reject_override, "The finding stands."),
    }[answer]
    return _done(request, pk, lambda at: action(asked, by=request.user, at=at), said)


def _done(request, pk, action, said: str = ""):
    try:
        came_of_it = action(timezone.now())
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said or came_of_it)
    return redirect(CHANGE, pk)


BULK = {
    "offer": ("Offer a place", "These schools would be offered a place and told by e-mail."),
    "waitlist": ("Put on the waiting list", "These schools would be put on the waiting list and told by e-mail."),
}


@require_POST
def bulk(request, verb):
    """Show for each chosen application what would happen, or why nothing would. Changes nothing."""
    chosen = _chosen(request)
    if not chosen:
        return _nobody_is_meant(request)
    left = RoomLeft()
    rows = [(application, *_would(application, verb, left)) for application in chosen]
    context = {
        "verb": verb,
        "rows": rows,
        "words": BULK[verb],
        "able": sum(not against for _, against, _ in rows),
        "together": len({(each.project_id, each.hub_id) for each in chosen}) == 1,
    }
    return render(request, "staff/bulk.html", context)


@require_POST
def bulk_run(request, verb):
    """Do it for each application, each by itself, and show what became of each. A repeat changes nothing more."""
    chosen = _chosen(request)
    if not chosen:
        return _nobody_is_meant(request)
    results = [(application, *_try(application, verb, request)) for application in chosen]
    context = {"words": BULK[verb], "results": results, "done": sum(worked for _, worked, _ in results)}
    return render(request, "staff/bulk_done.html", context)


def _nobody_is_meant(request):
    messages.warning(request, "You chose no application, so nobody is meant and nothing has happened.")
    return redirect(LIST)


def _chosen(request) -> list[Application]:
    """Return exactly the applications that are named in the form.

    Raises Http404 when one of them is not the person's to see, PermissionDenied when one is not theirs to decide on.
    """
    named = set(request.POST.getlist("pk"))
    wanted = {int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 19}
    visible = with_turn(Application.objects.visible_to(request.user)).with_details()
    details = visible.prefetch_related("nominees", "overrides", "hub__areas")
    found = list(details.filter(pk__in=wanted).order_by("submitted_at", "pk")[: PAGE + 1])
    if len(found) != len(named) or len(found) > PAGE:
        raise Http404
    may_decide = all(request.user.has_perm(DECIDE, application) for application in found)
    if not may_decide or not request.user.has_perm(DECIDE):
        raise PermissionDenied
    return found


def _would(application: Application, verb: str, left: RoomLeft) -> tuple[list[str], Focus | None]:
    """Return why this one would be refused, and for which focus it would be offered a place."""
    if not ACTS[verb].possible(application):
        return [f"Its status is “{application.get_status_display()}”."], None
    if verb != "offer":
        return [], None
    found = [each.text for each in decisions.against_an_offer(application, at=timezone.now())]
    why, focus = left.take(application) if not found else ("", None)
    return [*found, *filter(None, [why])], focus


def _try(application: Application, verb: str, request) -> tuple[bool, str]:
    try:
        with transaction.atomic():
            ACTS_OF_MANY[verb](application, request, by=request.user, at=timezone.now())
    except (IllegalMove, Refused) as problem:
        return False, str(problem)
    return True, ACTS[verb].said


def _offer(application: Application, request, **who) -> None:
    """Offer the place for the focus that the list showed; without one, for the first that has room."""
    wanted = request.POST.get(f"focus-{application.pk}", "")
    of_project = Focus.objects.filter(project=application.project_id)
    focus = of_project.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
    decisions.offer(application, focus=focus, **who)


def _waitlist(application: Application, request, **who) -> None:
    decisions.waitlist(application, **who)


ACTS_OF_MANY = {"offer": _offer, "waitlist": _waitlist}


def document(request, pk):
    """Hand out the file that the school sent, to be saved and never shown in the browser."""
    application = application_for(request.user, pk)
    if not request.user.has_perm("applications.view_application", application):
        raise PermissionDenied
    return documents.download(get_object_or_404(Document, application=application))


def check(request, pk, check):
    """Show one formal check: the facts as they were, what each rule found, under which rules."""
    application = application_for(request.user, pk)
    made = get_object_or_404(EligibilityCheck.objects.select_related("rule_set__project"), pk=check, application=pk)
    if not request.user.has_perm("applications.view_eligibilitycheck", application):
        raise PermissionDenied
    context = {"application": application, "check": made, "facts": in_words(made.facts)}
    return render(request, "staff/check.html", context)
