"""“Where does our journey start?” for anybody, and a school's own journey by its private link.

The public page knows the register and what its visitor says, and nothing of what the portal knows: its address can be
passed on. By the private link of an application a school sees its years only once it is clear that it is the school:
the hub has offered a place, or the contact is known there. Anybody can apply in a school's name.
"""

from dataclasses import replace
from datetime import date

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.journey import URN_DIGITS, URN_LOOKS_LIKE, public
from applications.models import Application
from applications.school_pages import my_application
from hubportal.clock import london_date
from hubportal.ratelimit import limit
from programmes.models import Establishment, Post
from programmes.schools.answers import as_answers

from .catalogue import SPECIALISTS, Catalogue, catalogue, findings_of, hubs_of
from .facts import Been, History, Span, Stop, academic_year
from .forms import FIRST_COHORT_BEGAN, BeforeForm, by_your_answer, made_up
from .line import SHORT
from .loading import Sight, applications_of, history_of, homes_of, places_of, specialists_at, stops_of, urns_of
from .next_steps import APPLY, next_steps
from .shown import Shown, shown, step_rows

SHOWN = 10  # schools found by name
YOU_SAY = "As you say"


@public
@require_safe
@limit("journey-start", "300/h", methods=("GET", "HEAD"))
def start(request, *, large: bool = False):
    """Ask for a school or for its kind, then for its years before; say what it can join and why."""
    today = london_date(timezone.now())
    school, error = _asked_for(request.GET)
    offered = catalogue(hubs_of(school) if school else [], today=today)
    form = _form(request.GET, offered, today, by_urn=school is not None)
    searched = request.GET.get("q", "").strip() if school is None and not error else ""
    context = {
        "school": school,
        "error": error,
        "q": request.GET.get("q", ""),
        "searched": bool(searched),
        "found": as_answers(Establishment.objects.search(searched, limit=SHOWN)) if searched else [],
        "form": form,
        "questions": school is not None or "questions" in request.GET or form.is_bound,
        "kind": _kind(form),
        "title": "Where does our journey start?",
    }
    judged = school or (made_up(context["kind"], today) if context["kind"] else None)
    context["journey"] = _public(offered, judged, form, today)
    context["judged"] = judged is not None
    return render(request, "path/large.html" if large else "path/start.html", context | {"layout": "base.html"})


def _asked_for(asked) -> tuple[Establishment | None, str]:
    """Return the school of the URN that was asked for, typed into the search too, or what is wrong with it."""
    typed = asked.get("q", "").strip()
    urn = asked.get("urn", "").strip() or (typed if _is_urn(typed) else "")
    if not urn:
        return None, ""
    if not _is_urn(urn):
        return None, URN_LOOKS_LIKE
    found = Establishment.objects.select_related("local_authority").filter(urn=int(urn)).first()
    missing = f"The register has no school with URN {urn}. Check the number, or search by name, town or postcode."
    return found, "" if found else missing


def _is_urn(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) == URN_DIGITS


def _form(asked, offered: Catalogue, today, *, by_urn: bool) -> BeforeForm:
    first = _begins(offered)
    data = asked if {"been", "kind", "year"} & set(asked) else None
    title = first.target.title if first else "Development"
    return BeforeForm(data, this_year=academic_year(today), first=title, by_urn=by_urn)


def _begins(offered: Catalogue):
    """Return the offer that a journey begins with, or None where there is no such programme."""
    phased = (offer for offer in offered.offers if offer.project.programme.phase is not None)
    return next((offer for offer in phased if offer.target.entry == APPLY), None)


def _kind(form: BeforeForm) -> str:
    return form.cleaned_data["kind"] if form.is_bound and not form.by_urn and form.is_valid() else ""


def _public(offered: Catalogue, judged: Establishment | None, form: BeforeForm, today) -> Shown:
    """Return what can be joined by the register and the visitor's answers; without a school, how a journey goes."""
    first = _begins(offered)
    told = form.is_bound and form.is_valid() and first is not None
    history = form.history(first.target.family) if told else History()
    found = findings_of(offered.offers, judged, at=timezone.now()) if judged else {}
    if judged and not judged.pk:
        found = {family: by_your_answer(each) for family, each in found.items()}
    steps = step_rows(next_steps(offered.targets, history, found), offered)
    stops = [_as_told(been, first.target) for been in history.been]
    spans = [_specialist(number) for number in history.cohorts]
    return shown(stops, spans, steps, phases=offered.lanes, history=history, today=today, who="Your department")


def _as_told(been: Been, target) -> Stop:
    return Stop(target.family, target.lane, target.title, been.year, been.status, SHORT[been.status][1], note=YOU_SAY)


def _specialist(number: int) -> Span:
    began = date(FIRST_COHORT_BEGAN - 1 + number, 9, 1)
    return Span(SPECIALISTS, f"Cohort {number}", began, None, YOU_SAY, "specialist")


@my_application
@require_safe
def journey(request, application, token):
    """The school's own page: every year, what comes next and why. Its past is shown once it is proven to be its own."""
    return render(request, "path/school.html", _own_page(application, token))


@my_application
@require_safe
def journey_picture(request, application, token):
    return render(request, "path/large.html", _own_page(application, token))


def _own_page(application: Application, token: str) -> dict:
    proven = is_the_school(application)
    return {
        "application": application,
        "school": application.school,
        "token": token,
        "proven": proven,
        "journey": _own(application, proven, timezone.now()),
        "title": f"The journey of {application.school.name}",
        "layout": "base.html",
    }


def _said_in(application: Application, first) -> tuple[Been, ...]:
    """Return the year in which a sign-up says that its department did the programme that a journey begins with."""
    answers = application.answers
    if answers.get("route") != "development" or not answers.get("route_year"):
        return ()
    return (Been(first.family, answers["route_year"], "completed"),)


def is_the_school(application: Application) -> bool:
    """Return whether the holder of the link is known to speak for the school: anybody can fill in the form."""
    if application.place_id is not None:
        return True
    posts = Post.objects.filter(school=application.school_id)
    return posts.filter(person__emails__email__iexact=application.contact_email).exists()


def _own(application: Application, proven: bool, now) -> Shown:
    school, today = application.school, london_date(now)
    offered = catalogue([application.hub], today=today)
    places, homes = (places_of(school), homes_of(school)) if proven else ([], [])
    applications = applications_of(school) if proven else Application.objects.filter(pk=application.pk)
    history = history_of(places, homes, applications)
    found = findings_of(offered.offers, school.establishment, at=now)
    sight = Sight.whole()
    stops = stops_of(places, sight)
    spans = [*specialists_at(homes, sight), *(urns_of(school) if proven else [])]
    first = _begins(offered)
    if first and not proven:  # then there are no records here that could say something else
        said = _said_in(application, first.target)
        history = replace(history, been=said)
        stops = [_as_told(been, first.target) for been in said]
    steps = step_rows(next_steps(offered.targets, history, found), offered)
    return shown(stops, spans, steps, phases=offered.lanes, history=history, today=today, who="Your school")
