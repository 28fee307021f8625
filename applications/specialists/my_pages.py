"""What a teacher sees and does by their private link after sending, and the head by theirs. No account is needed."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications.journey import hub_of_link, posted, public
from applications.states import EndorsementStatus
from hubportal.accounts import links
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.models import Event
from hubportal.ratelimit import limit
from hubportal.rules import Refused

from . import actions, checks, emails, forms, heads
from .answers import answers_of
from .facts import days_asked, rule_set_of
from .models import HeadPart, SpecialistApplication
from .states import LIVE
from .states import SpecialistApplicationStatus as Status
from .turns import applicants_status, applicants_turn

HEADS_ANSWERS = ["head supports it", "head said no", "head passed it on"]
QUIET = {Status.SHORTLISTED}  # the hub's own affair until decisions are released


def my_application(view):
    """Give the view the application that the private link opens; any other token gets the page that says what to do."""

    @wraps(view)
    def opened(request, token: str):
        applications = SpecialistApplication.objects.with_details().started()
        application = links.record(token, emails.MANAGE_LINK, applications, at=timezone.now())
        if application is None:
            return _dead(request, token, emails.MANAGE_LINK, SpecialistApplication)
        return view(request, application, token)

    return public(limit("link", "600/h")(opened))


def _dead(request, token: str, purpose: str, model):
    hub = hub_of_link(token, purpose, model)
    return render(request, "applications/dead_link.html", {"hub": hub}, status=410)


def _do(request, token, act, said: str):
    """Do something, say so and go back; a refusal is said there instead."""
    try:
        act()
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
    return redirect("specialists:manage", token=token)


def _timeline(application: SpecialistApplication) -> list[dict]:
    """Return what happened, as the teacher may read it: no notes, no names of the hub's people, nothing quiet."""
    events = Event.objects.filter(subject=subject_of(application))
    told = [each for each in events if each.kind in HEADS_ANSWERS or (each.kind == "status" and not _quiet(each))]
    return [{"words": each.words, "at": each.at, "who": "Your hub" if each.by_id else each.actor} for each in told]


def _quiet(event: Event) -> bool:
    return bool({event.old, event.new} & QUIET) and event.new in {*QUIET, Status.ELIGIBLE}


def _findings(application: SpecialistApplication) -> list[dict]:
    made, settled = application.checks.first(), checks.looked_at(application)
    return [row for row in made.findings if (row["code"], row["fact"]) not in settled] if made else []


@my_application
@require_safe
def manage(request, application, token):
    """Where the application stands, whose move it is, and what the teacher can do."""
    asked = application.head_parts.current().last()
    turn, mine, by = applicants_turn(application, asked)
    context = {
        "application": application,
        "token": token,
        "status": applicants_status(application),
        "turn": turn,
        "mine": mine,
        "by": by,
        "head": asked,
        "findings": _findings(application),
        "answers": answers_of(application),
        "events": _timeline(application),
        "can_change": application.status in LIVE,
    }
    return render(request, "specialists/manage.html", context)


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request, application, token):
    if application.status not in LIVE:
        messages.error(request, "This application has ended, so the details can no longer be changed.")
        return redirect("specialists:manage", token=token)
    form = forms.ContactForm(posted(request), initial={"name": application.name, "email": application.email})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_contact(application, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error("email", str(refused))
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect("specialists:manage", token=token)
        else:
            return _corrected(request, application, form.cleaned_data["email"], token)
    return _show(request, token, application, form, "Who we write to")


def _corrected(request, application, email: str, token):
    if email.lower() != application.email.lower():
        return render(request, "applications/contact_moved.html", {"email": email})
    messages.success(request, "Your details are saved.")
    return redirect("specialists:manage", token=token)


def _show(request, token, application, form, title: str, **more):
    context = {"application": application, "form": form, "title": title, "token": token}
    return render(request, "specialists/manage_form.html", context | more)


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, application, token):
    form = forms.WithdrawForm(posted(request))
    if application.status not in LIVE and not form.is_valid():
        return redirect("specialists:manage", token=token)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        return _do(
            request,
            token,
            lambda: actions.withdraw(application, at=timezone.now(), note=note),
            "Your application is withdrawn.",
        )
    more = {"intro": "specialists/intro_withdraw.html", "keep": "No, keep my application"}
    return _show(request, token, application, form, "Withdraw your application", **more)


def my_request(view):
    """Give the view what the head was asked, whether it can still be answered, and nothing that a GET would use up."""

    @wraps(view)
    def opened(request, token: str):
        parts = HeadPart.objects.select_related("application__project__programme", "application__school", "hub")
        asked = links.record(token, heads.HEAD_LINK, parts, at=timezone.now())
        if asked is None:
            return _dead(request, token, heads.HEAD_LINK, HeadPart)
        open_ = asked.status in {EndorsementStatus.ASKED, EndorsementStatus.REFUSED}
        if not (open_ and asked.application.status in LIVE) and view.__name__ != "head":
            return redirect("specialists:head", token=token)
        return view(request, asked, token)

    return public(limit("link", "600/h")(opened))


def _answered(request, asked, token, form, act, template: str, **more):
    """Keep an answer and lead back to the head's page, which says so; or show the form with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except (IllegalMove, Refused) as problem:
            messages.error(request, str(problem))
        return redirect("specialists:head", token=token)
    context = {"asked": asked, "application": asked.application, "form": form, "token": token}
    return render(request, template, context | more)


@my_request
@require_http_methods(["GET", "HEAD", "POST"])
def head(request, asked, token):
    """The head's one page. Opening it answers nothing, however often a mail scanner does so; only the button does."""
    rule_set = rule_set_of(asked.application, at=timezone.now())
    form = forms.SupportForm(
        posted(request),
        asked=rule_set.commitments,
        days=days_asked(rule_set),
        capacities=HeadPart.Capacity.choices,
        launches=HeadPart.Launch.choices,
        initial={"name": asked.name},
    )
    status = asked.status in {EndorsementStatus.ASKED, EndorsementStatus.REFUSED}
    open_ = status and asked.application.status in LIVE
    own = heads.is_applicant(asked)
    if request.method == "POST" and (own or not open_):
        return redirect("specialists:head", token=token)  # which says why

    def support(data):
        data.pop("declaration")
        heads.support(asked, at=timezone.now(), **data)

    return _answered(request, asked, token, form, support, "specialists/head.html", open=open_, own=own)


@my_request
@require_http_methods(["GET", "HEAD", "POST"])
def head_refuses(request, asked, token):
    form = forms.RefuseForm(posted(request), initial={"name": asked.name})
    return _answered(
        request,
        asked,
        token,
        form,
        lambda data: heads.refuse(asked, at=timezone.now(), **data),
        "specialists/head_form.html",
        title="Say no for the school",
        intro="You can take this back later with the same link.",
    )


@my_request
@require_http_methods(["GET", "HEAD", "POST"])
def head_passes_on(request, asked, token):
    application = asked.application
    initial = {"is_head": application.is_head or heads.is_applicant(asked)}
    form = forms.PassOnForm(posted(request), own_email=application.email, initial=initial)
    return _answered(
        request,
        asked,
        token,
        form,
        lambda data: heads.pass_on(asked, at=timezone.now(), **data),
        "specialists/head_form.html",
        title="Pass it on",
        intro="The chair of governors or another senior leader can answer for the school.",
    )
