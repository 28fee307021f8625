"""The journey of a school and of a teacher, for hub staff: another hub's years are named and nothing more."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hubportal.accounts.models import Hub
from hubportal.clock import london_date
from programmes.models import Person, Place, School
from programmes.specialists.states import IN_THE_PROGRAMME

from .catalogue import catalogue, findings_of, hubs_of
from .facts import History
from .loading import (
    Sight,
    advocacies_of,
    applications_of,
    history_of,
    homes_of,
    places_of,
    spans_of,
    specialists_at,
    stops_of,
    urns_of,
    years_as_advocate,
)
from .next_steps import next_steps
from .shown import Shown, shown, step_rows


def _may(request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _page_of(place: Place) -> str:
    return reverse("admin:programmes_place_change", args=[place.pk])


@require_safe
def school(request, pk, *, large: bool = False):
    """One school: its years, people, money, pauses and URNs, and what it may do next and why."""
    _may(request, "programmes.view_school")
    found = get_object_or_404(School.objects.with_details(), pk=pk)
    if found.joined_into_id:
        return redirect("path:staff_school", pk=found.joined_into_id)
    context = {
        "school": found,
        "journey": _of_school(found, request.user),
        "title": f"The journey of {found.name}",
        "layout": "staff/base.html",
        "staff": True,
    }
    return render(request, "path/large.html" if large else "path/staff_school.html", context)


def _of_school(found: School, user) -> Shown:
    now = timezone.now()
    today = london_date(now)
    places, homes, sight = places_of(found), homes_of(found), Sight.of(user)
    history = history_of(places, homes, applications_of(found))
    offered = catalogue(_hubs(found, places, user), today=today)
    judged = findings_of(offered.offers, found.establishment, at=now)
    steps = step_rows(next_steps(offered.targets, history, judged), offered, staff=True)
    stops = stops_of(places, sight, url=_page_of)
    spans = [*specialists_at(homes, sight), *urns_of(found)]
    return shown(stops, spans, steps, phases=offered.lanes, history=history, today=today, who="The school")


def _hubs(found: School, places: list[Place], user) -> list[Hub]:
    """Return the hubs whose windows matter: those that serve the school, and where it was last."""
    hubs = {hub.pk: hub for hub in hubs_of(found.establishment)}
    if places:
        hubs.setdefault(places[-1].hub_id, places[-1].hub)
    return sorted(hubs.values(), key=lambda hub: hub.name)


@require_safe
def person(request, pk, *, large: bool = False):
    """One teacher: years as Advocate and as specialist, posts, accreditations and pauses."""
    _may(request, "programmes.view_person")
    people = Person.objects.visible_to(request.user).with_posts_for(request.user)
    found = people.filter(pk=pk).first()
    if found is None:
        raise Http404
    context = {
        "person": found,
        "journey": _of_person(found, request.user),
        "title": f"The journey of {found.name}",
        "layout": "staff/base.html",
        "staff": True,
        "is_specialist": found.specialisms.filter(status__in=IN_THE_PROGRAMME).exists(),
    }
    return render(request, "path/large.html" if large else "path/staff_person.html", context)


def _of_person(found: Person, user) -> Shown:
    sight, today = Sight.of(user), london_date(timezone.now())
    stops = years_as_advocate(advocacies_of(found), sight, url=_page_of)
    spans = spans_of(found, sight)
    lanes = dict.fromkeys(stop.lane for stop in sorted(stops, key=lambda stop: stop.lane))
    return shown(stops, spans, (), phases=lanes, history=History(), today=today, who=found.name, teacher=True)
