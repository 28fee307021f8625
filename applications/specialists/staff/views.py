"""The hub's pages of teachers' applications: the list, one with everything, acting on it, reading it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.specialists import checks, decisions
from applications.specialists.answers import answers_of
from applications.specialists.models import CRITERIA, READERS, Reading, SpecialistApplication, TeacherCheck
from applications.specialists.states import SpecialistApplicationStatus as Status
from applications.specialists.turns import BY_CODE, TURNS, with_turn
from applications.staff.fact_words import in_words
from hubportal.accounts.models import Hub
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.timeline import timeline
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Cohort, Programme

from . import forms
from .acts import ACTS, do, split

VIEW, DECIDE = "applications.view_specialistapplication", "applications.decide_specialistapplication"
CHANGE = "admin:applications_specialistapplication_change"
PAGE, MOST_MESSAGES = 50, 20
TONES = {"red": "bad", "yellow": "wait", "green": "good", "blue": "info", "grey": ""}
TABS = {"": "All", "hub": "Hub", "readers": "Readers", "head": "Headteacher", "portal": "Portal", "nobody": "Done"}
STATUSES = [choice for choice in Status.choices if choice[0] != Status.DRAFT]


def cohorts_for(user):
    """Return the specialist cohorts of the hubs that `user` may see, newest first."""
    hubs = Hub.objects.visible_to(user).values("pk")
    teachers = Cohort.objects.filter(project__programme__entry=Programme.Entry.TEACHER, hub__in=hubs)
    return teachers.select_related("project__programme", "hub").order_by("-project__year", "hub__name")


def applications(request):
    """List what the person may see; everything that narrows it stands in the address."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    cohorts = _with_applications(cohorts_for(request.user))
    chosen = {name: request.GET.get(name, "") for name in ("move", "status", "cohort", "q")}
    page = Paginator(_narrowed(request.user, chosen), PAGE).get_page(request.GET.get("page"))
    for each in page.object_list:
        each.turn_row = BY_CODE[each.turn]
        each.turn_tone = TONES[each.turn_row.tone]
    context = {
        "page": page,
        "chosen": chosen,
        "tabs": TABS.items(),
        "statuses": STATUSES,
        "cohorts": cohorts,
        "chips": _chips(chosen, cohorts),
        "clear_url": request.path,
    }
    return render(request, "specialists/staff_list.html", context)


def _with_applications(cohorts) -> list[Cohort]:
    """Return the cohorts to which somebody has applied: those of long ago have none, and need no panel."""
    sent = SpecialistApplication.objects.filter(cohort=OuterRef("pk"), submitted_at__isnull=False)
    found = list(cohorts.filter(Exists(sent)))
    for each in found:
        each.label = f"Cohort {each.project.cohort_number or each.project.year_label}, {each.hub}"
    return found


def _narrowed(user, chosen: dict):
    found = with_turn(SpecialistApplication.objects.visible_to(user)).with_details().order_by("-submitted_at", "-pk")
    if chosen["move"] in TABS and chosen["move"]:
        found = found.filter(turn__in=[turn.code for turn in TURNS if turn.who == chosen["move"]])
    if chosen["status"] in dict(STATUSES):
        found = found.filter(status=chosen["status"])
    if chosen["cohort"].isdecimal() and len(chosen["cohort"]) < 10:
        found = found.filter(cohort=int(chosen["cohort"]))
    return found.matching(chosen["q"].strip()[:100]) if chosen["q"].strip() else found


def _chips(chosen: dict, cohorts: list) -> list[dict]:
    names = {"status": dict(STATUSES), "cohort": {str(each.pk): each.label for each in cohorts}}
    return [
        {"key": key, "value": value, "label": names.get(key, {}).get(value, f"“{value}”")}
        for key, value in chosen.items()
        if value and key != "move"
    ]


def application_for(user, pk) -> SpecialistApplication:
    """Return an application that `user` may see, with its turn. Raises Http404 for any other."""
    if not str(pk).isdecimal() or len(str(pk)) > 18:
        raise Http404
    return get_object_or_404(with_turn(SpecialistApplication.objects.visible_to(user)).with_details(), pk=int(pk))


def review(request, pk):
    """Show one application: whose move it is, what can be done, and everything it rests on."""
    application = application_for(request.user, pk)
    if not request.user.has_perm(VIEW, application):
        raise PermissionDenied
    first, others = split(application) if request.user.has_perm(DECIDE, application) else ([], [])
    latest = application.checks.select_related("rule_set").first()
    choosing = application.status in {Status.SHORTLISTED, Status.RESERVE}
    context = {
        "application": application,
        "turn": BY_CODE[application.turn],
        "first": first,
        "others": others,
        "against": checks.against_selection(application, at=timezone.now()) if choosing else [],
        "look_at": checks.to_look_at(application) if application.status == Status.REFERRED else [],
        "check": latest,
        "head_parts": application.head_parts.all(),
        "answers": answers_of(application),
        **_readings(application, request.user),
        "duplicates": application.duplicates.visible_to(request.user),
        "specialist": getattr(application.place, "specialist", None) if application.place else None,
        "events": timeline(*[subject_of(each) for each in (application, application.place) if each]),
        "mail": Message.objects.visible_to(request.user).about(subject_of(application)).defer("text")[:MOST_MESSAGES],
    }
    return render(request, "specialists/staff_review.html", context)


def _readings(application: SpecialistApplication, user) -> dict:
    """Return the readings: scores only where the person may see them, for the rest only whether they are in."""
    open_ = {each.pk: each for each in application.readings.open_to(user)}
    rows = application.readings.defer(*CRITERIA, "notes").select_related("reader")
    return {
        "readings": [(row, open_.get(row.pk) if row.scored_at else None) for row in rows],
        "may_read": any(row.reader_id == user.pk for row in rows)
        and application.status == Status.SHORTLISTED
        and application.scores_in < READERS,
        "criteria": CRITERIA,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, verb):
    """Show what an act brings about, with its form; do it on POST. A refusal is said on the application's page."""
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
        return done(request, pk, lambda at: do(verb, application, form, by=request.user, at=at))
    against = checks.against_selection(application, at=timezone.now()) if verb in {"select", "take-up"} else []
    context = {"application": application, "act": chosen, "form": form, "against": against}
    return render(request, "specialists/staff_act.html", context)


def done(request, pk, action):
    try:
        said = action(timezone.now())
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
    return redirect(CHANGE, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def read(request, pk):
    """A reader's own page: the application and their scores. Nobody else's scores are on it."""
    application = application_for(request.user, pk)
    own = get_object_or_404(Reading.objects.filter(application=application), reader=request.user)
    if not request.user.has_perm(VIEW, application):
        raise PermissionDenied
    if application.status != Status.SHORTLISTED or application.scores_in == READERS:
        messages.info(request, "Both readers' scores are in, or the application has moved on: the scores stay.")
        return redirect(CHANGE, pk)
    initial = {name: getattr(own, name) for name in CRITERIA} | {"notes": own.notes}
    data = request.POST if request.method == "POST" else None
    form = forms.ScoreForm(data, application=application, user=request.user, button="Keep my scores", initial=initial)
    if request.method == "POST" and form.is_valid():
        return done(request, pk, lambda at: _keep(application, form, request.user, at))
    context = {
        "application": application,
        "form": form,
        "answers": answers_of(application),
        "head_parts": application.head_parts.filter(status="confirmed"),
    }
    return render(request, "specialists/staff_read.html", context)


def _keep(application, form, user, at) -> str:
    decisions.score(application, by=user, at=at, notes=form.cleaned_data["notes"], **form.scores())
    return "Your scores are kept. You see the other reader's when both are in."


def check(request, pk, check):
    """Show one formal check: the facts as they were, what each rule found, under which rules."""
    application = application_for(request.user, pk)
    if not request.user.has_perm(VIEW, application):
        raise PermissionDenied
    made = get_object_or_404(TeacherCheck.objects.select_related("rule_set__project"), pk=check, application=pk)
    context = {"application": application, "check": made, "facts": in_words(made.facts)}
    return render(request, "specialists/staff_check.html", context)
