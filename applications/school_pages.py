"""What a school sees and does by its private link after sending, and the head by theirs. No account is needed."""

from datetime import date
from functools import wraps

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.accounts import links
from hubportal.accounts.models import Hub
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.models import Event
from hubportal.ratelimit import limit
from programmes.cohorts.actions import grant_amount
from programmes.cohorts.changes import HAS_ADVOCATES, current
from programmes.cohorts.states import PlaceStatus
from programmes.models import Programme

from . import actions, checks, closed, emails, endorsements, forms, people_forms
from .answers import file_of, said_in
from .continuing import last_years_people
from .endorsements import HEAD_LINK
from .facts import rule_set_of
from .journey import hub_of_link, posted, public
from .models import Application, Endorsement
from .pages import page_of
from .proof import proof_in
from .states import LIVE, EndorsementStatus, Status
from .turns import BY_CODE, status_words, with_turn

CHANGED_AT = {"foci": "applications:manage_foci", "plan": "applications:manage_plan"}
HEADS_ANSWERS = ["head confirmed", "head said no", "head passed it on"]


def my_application(view):
    """Give the view the application that the private link opens; any other token gets the page that says what to do."""

    @wraps(view)
    def opened(request, token: str):
        applications = with_turn(Application.objects.with_details().exclude(status=Status.DRAFT))
        application = links.record(token, emails.MANAGE_LINK, applications, at=timezone.now())
        if application is None:
            return _dead_link(request, token, emails.MANAGE_LINK, Application)
        return view(request, application, token)

    return public(limit("link", "600/h")(opened))


def _dead_link(request, token: str, purpose: str, model) -> HttpResponse:
    """Say that a link does not work, and whom to ask: of the record nothing but its hub's public contact."""
    return render(request, "applications/dead_link.html", {"hub": hub_of_link(token, purpose, model)}, status=410)


def say_closed(request, token, application, title, why, rows) -> HttpResponse:
    """Show what can no longer be changed, and why; a form that was sent all the same is not kept."""
    if request.method == "POST":
        messages.error(request, why)
        return redirect("applications:manage", token=token)
    shown = [{"key": key, "value": value} for key, value in rows]
    context = {"application": application, "title": title, "token": token, "why": why, "rows": shown}
    return render(request, "applications/manage_closed.html", context)


def show(request, token, application, form, title, *, intro="", **more) -> HttpResponse:
    context = {"application": application, "form": form, "title": title, "token": token, "intro": intro}
    return render(request, "applications/manage_form.html", context | more)


def say_done(request, token, act, said: str = "") -> HttpResponse:
    """Do something, say so (what it returns, if `said` is empty), and go back; a refusal is said there instead."""
    try:
        came_of_it = act()
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said or came_of_it)
    return redirect("applications:manage", token=token)


def _findings(application: Application) -> list[dict]:
    """Return what the newest check found, less what two people have set aside."""
    made = application.checks.first()
    set_aside = checks.overridden_codes(application)
    return [row for row in made.findings if row["code"] not in set_aside] if made else []


def _timeline(application: Application) -> list[dict]:
    """Return what happened, as the school may read it: without the hub's notes and without its people's names."""
    of_application = Q(subject=subject_of(application)) & (Q(kind="status") | Q(kind__in=HEADS_ANSWERS))
    of_place = Q(subject=subject_of(application.place), new=PlaceStatus.CONFIRMED) if application.place else Q(pk=None)
    return [
        {
            "words": "Place confirmed" if each.subject.startswith("programmes.place:") else each.words,
            "at": each.at,
            "who": "Your hub" if each.by_id else each.actor,
        }
        for each in Event.objects.filter(of_application | of_place)
    ]


def _people(application: Application, *, today: date) -> list[tuple[str, str]]:
    """Return who takes part, with their roles: today's Advocates of a confirmed place, before that who was named."""
    place = application.place
    if place and place.status in HAS_ADVOCATES:
        return [(each.person.name, each.get_role_display()) for each in current(place, on=today)]
    return [(each.name, each.get_role_display()) for each in application.nominees.all()]


@my_application
@require_safe
def manage(request, application, token):
    """Where the application stands, whose move it is, and what the school can do."""
    asked = application.endorsements.current().last()
    context = {
        "application": application,
        "token": token,
        "status": status_words(application),
        "turn": BY_CODE[application.turn],
        "findings": _findings(application),
        "people": _people(application, today=london_date(timezone.now())),
        "head": asked,
        "question": application.questions.filter(answered_at=None).first(),
        "place": application.place,
        "grant": getattr(application.place, "grant", None) if application.place else None,
        "events": _timeline(application),
        "can_change": application.status in LIVE,
        "can_name": not closed.names(application),
        "turn_says": application.words.put_in(BY_CODE[application.turn].school),
        **_of_a_sign_up(application),
    }
    return render(request, "applications/manage.html", context)


def _of_a_sign_up(application: Application) -> dict:
    """Return what the page shows of foci, plan and history where the programme asks for them."""
    if page_of(application, "plan") is None:
        return {}
    made = application.checks.select_related("rule_set").first()
    return {
        "said": [row for row in said_in(application) if row["page"] in CHANGED_AT],
        "changed_at": {page: CHANGED_AT[page] for page in CHANGED_AT if not getattr(closed, page)(application)},
        "proof": proof_in(made) if made else [],
        "file": file_of(application),
    }


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def manage_advocates(request, application, token):
    page = page_of(application, "advocates")
    title = f"Your {application.words.people}"
    if why := closed.names(application):
        rows = [(f"{row.name}, {row.get_role_display().lower()}", row.email) for row in application.nominees.all()]
        return say_closed(request, token, application, title, why, rows)
    asks = people_forms.form_of(application)
    form = asks(posted(request), initial=asks.initial_from(application))
    form.helper.layout.fields[-1].value = "Save the names"
    if request.method == "POST" and form.is_valid():
        return say_done(
            request,
            token,
            lambda: actions.name_advocates(application, form.people(), at=timezone.now()),
            "The names are saved.",
        )
    same = last_years_people(application) if page_of(application, "route") else []
    return show(request, token, application, form, title, intro=page.intro, same=same)


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def manage_contact(request, application, token):
    if why := closed.contact(application):
        rows = [("Name", application.contact_name), ("E-mail address", application.contact_email)]
        return say_closed(request, token, application, "Who we write to", why, rows)
    names = ["contact_name", "contact_role", "contact_email", "contact_phone"]
    form = forms.ContactForm(posted(request), initial={name: getattr(application, name) for name in names})
    if request.method == "POST" and form.is_valid():
        moved = form.cleaned_data["contact_email"].lower() != application.contact_email.lower()
        try:
            actions.correct_contact(application, at=timezone.now(), **form.cleaned_data)
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect("applications:manage", token=token)
        if moved:
            return render(request, "applications/contact_moved.html", {"email": form.cleaned_data["contact_email"]})
        messages.success(request, "The contact details are saved.")
        return redirect("applications:manage", token=token)
    return show(request, token, application, form, "Who we write to", intro="applications/intro_new_contact.html")


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def manage_head(request, application, token):
    if why := closed.head(application):
        rows = [("Name", application.head_name), ("E-mail address", application.head_email)]
        return say_closed(request, token, application, "Your headteacher", why, rows)
    initial = {"head_name": application.head_name, "head_email": application.head_email}
    form = forms.HeadForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        return say_done(
            request,
            token,
            lambda: actions.correct_head(
                application, name=data["head_name"], email=data["head_email"], at=timezone.now()
            ),
        )
    return show(request, token, application, form, "Your headteacher", intro="applications/intro_head.html")


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def manage_answer(request, application, token):
    question = application.questions.filter(answered_at=None).first()
    if question is None:
        if request.method == "POST":
            messages.error(request, "A colleague has answered this question already, so your answer was not sent.")
        return redirect("applications:manage", token=token)
    form = forms.AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return say_done(
            request,
            token,
            lambda: actions.answer_question(question, form.cleaned_data["answer"], at=timezone.now()),
            "The hub has your answer.",
        )
    intro = "applications/intro_question.html"
    return show(request, token, application, form, "A question from your hub", intro=intro, question=question)


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def manage_offer(request, application, token):
    """Accept or decline the place."""
    form = forms.OfferForm(posted(request))
    if application.status != Status.OFFERED and not form.is_valid():
        return redirect("applications:manage", token=token)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["answer"] == "accept":
            return say_done(
                request,
                token,
                lambda: actions.accept_offer(application, at=timezone.now()),
                "You have accepted the place.",
            )
        return say_done(
            request,
            token,
            lambda: actions.decline_offer(application, at=timezone.now()),
            "You have declined the place.",
        )
    grant = grant_amount(application.cohort, application.place.rule_set) if application.place else None
    intro = "applications/intro_offer.html"
    return show(request, token, application, form, "Your offer of a place", intro=intro, grant=grant)


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def manage_withdraw(request, application, token):
    form = forms.WithdrawForm(posted(request))
    if application.status not in LIVE and not form.is_valid():
        return redirect("applications:manage", token=token)
    if request.method == "POST" and form.is_valid():
        return say_done(
            request,
            token,
            lambda: actions.withdraw(application, by=actions.SCHOOL, at=timezone.now(), note=form.cleaned_data["note"]),
            "The application is withdrawn.",
        )
    more = {"intro": "applications/intro_withdraw.html", "keep": "No, keep our application"}
    return show(request, token, application, form, "Withdraw the application", **more)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@limit("link", "600/h")
def head(request, token):
    """The head's one page. Opening it confirms nothing, however often a mail scanner does so; only the button does."""
    asked = links.record(
        token,
        HEAD_LINK,
        Endorsement.objects.select_related("application__project__programme", "application__cohort", "hub"),
        at=timezone.now(),
    )
    if asked is None:
        return _dead_link(request, token, HEAD_LINK, Endorsement)
    form = forms.HeadAnswerForm(posted(request), initial={"name": asked.name})
    open_ = asked.status in {EndorsementStatus.ASKED, EndorsementStatus.REFUSED} and (asked.application.status in LIVE)
    if request.method == "POST" and not open_ and not form.is_valid():
        return redirect("applications:head_confirms", token=token)  # which says that it is answered
    if request.method == "POST" and form.is_valid():
        try:
            _answer(asked, form.cleaned_data)
        except IllegalMove as problem:
            messages.error(request, str(problem))
        return redirect("applications:head_confirms", token=token)
    rule_set = rule_set_of(asked.application, at=timezone.now())
    grant = grant_amount(asked.application.cohort, rule_set)
    context = {"asked": asked, "application": asked.application, "form": form, "open": open_, "grant": grant}
    return render(request, "applications/head.html", context)


def _answer(asked: Endorsement, data: dict) -> None:
    at = timezone.now()
    if data["answer"] == "pass":
        endorsements.pass_on(asked, name=data["other_name"], email=data["other_email"], at=at)
    elif data["answer"] == "no":
        endorsements.refuse(asked, name=data["name"], note=data["note"], at=at)
    else:
        endorsements.confirm(asked, name=data["name"], capacity=data["answer"], at=at)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@limit("interest", "30/h")
def interest(request, slug):
    """Keep who wants to hear when applications open. The same address twice is told the same."""
    programme = Programme.objects.public().filter(slug=slug).first()
    if programme is None:
        return render(request, "404.html", status=404)
    hubs = Hub.objects.filter(pk=programme.hub_id) if programme.hub_id else Hub.objects.all()
    form = forms.InterestForm(posted(request), hubs=hubs)
    if request.method == "POST" and form.is_valid():
        actions.register_interest(programme, **form.cleaned_data, at=timezone.now())
        return render(request, "applications/interest_done.html", {"programme": programme})
    return render(
        request,
        "applications/interest.html",
        {"programme": programme, "form": form, "title": "Hear when applications open"},
    )
