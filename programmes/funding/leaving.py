"""A place that is put off, withdrawn, moved or was entered by mistake, and what becomes of its grant.

The grant stays as it was frozen; a row beside it says why nothing is paid on it. A new place brings a new grant.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from hubportal.accounts.models import User
from hubportal.clock import london_date, year_label
from hubportal.history.actions import IllegalMove, change_status
from hubportal.rules import Finding, Refused
from programmes.cohorts import actions as places
from programmes.cohorts.changes import replaceable
from programmes.cohorts.models import Cohort
from programmes.cohorts.place import Advocate, Place
from programmes.cohorts.requests import PlaceRequest
from programmes.cohorts.states import HOLDS_A_PLACE, PLACE_MOVES, PlaceStatus

from .actions import freeze
from .models import Grant, GrantEnd

YEARS_AHEAD = 2  # a place can be put off that far
CAN_MOVE = {PlaceStatus.ACCEPTED, PlaceStatus.CONFIRMED, PlaceStatus.ACTIVE}


def locked(place: Place) -> Place:
    """Return the place with its row locked, as it is once the lock is held."""
    Place.objects.select_for_update(no_key=True).values_list("pk").get(pk=place.pk)
    return Place.objects.with_details().select_related("cohort__hub", "rule_set").get(pk=place.pk)


@transaction.atomic
def leave(place: Place, status: PlaceStatus, *, by: User | str, at: datetime, note: str = "") -> None:
    """End the place, its Advocates' time on it and the payment of its grant. A frozen grant stays as a record."""
    places.end(place, status, by=by, at=at, note=note)
    today = london_date(at)
    for each in replaceable(place):
        Advocate.objects.filter(pk=each.pk).update(until_on=max(each.from_on, today), reason="The place ended.")
    grant = Grant.objects.filter(place=place).first()
    if grant:
        who = by if isinstance(by, User) else None
        GrantEnd.objects.get_or_create(grant=grant, defaults={"hub": grant.hub, "because": status, "by": who, "at": at})


@transaction.atomic
def defer(place: Place, *, to_year: int, reason: str, by: User, at: datetime) -> Place:
    """Put the place off to a later year, and return it. A repeat for the same year changes nothing."""
    place = locked(place)
    if place.status == PlaceStatus.DEFERRED and place.put_off_to == to_year:
        return place
    found = _no_reason(reason)
    if to_year not in years_ahead(place):
        text = f"Choose a year after {year_label(place.project.year)}, {YEARS_AHEAD} years ahead at the most."
        found.append(Finding("year", text))
    if found:
        raise Refused(found)
    leave(place, PlaceStatus.DEFERRED, by=by, at=at, note=f"To {year_label(to_year)}. {reason}")
    Place.objects.filter(pk=place.pk).update(put_off_to=to_year)
    place.put_off_to = to_year
    return place


def years_ahead(place: Place) -> list[int]:
    return [place.project.year + n for n in range(1, YEARS_AHEAD + 1)]


def could_move_to(place: Place) -> QuerySet:
    """Return the cohorts to which a place can move: the same programme at another hub, or another one at this hub.

    The year is the place's own. Places that belong to a teacher stay within their programme.
    """
    there = Cohort.objects.filter(project__year=place.project.year).exclude(project__published_at=None)
    same = there.filter(project__programme=place.project.programme_id)
    entry = place.project.programme.entry
    if place.person_id is None:
        same = same | there.filter(hub=place.hub_id, project__programme__entry=entry)
    return same.exclude(pk=place.cohort_id).with_details().with_places_taken().order_by("hub__name", "project__code")


def could_take_up(place: Place) -> QuerySet:
    """Return the cohorts at which a place that was put off can be taken up."""
    later = Cohort.objects.filter(
        hub=place.hub_id, project__programme=place.project.programme_id, project__year__gt=place.project.year
    )
    return later.with_details().with_places_taken().order_by("project__year")


@transaction.atomic
def move(place: Place, to: Cohort, *, reason: str, by: User, at: datetime) -> Place:
    """End the place and open one of the same standing at `to`, with the same Advocates; return the new one.

    Its grant is frozen by the rules there. Safe to call twice. Raises Refused or IllegalMove; then nothing is saved.
    """
    to, place = _locked(to, place)
    if new := place.followed_by.filter(cohort=to).first():
        return new
    if place.status not in CAN_MOVE:
        raise IllegalMove(f"The place is “{place.get_status_display()}”: it cannot be moved.")
    found = _no_reason(reason)
    if not could_move_to(place).filter(pk=to.pk).exists():
        found.append(Finding("to", f"A place on {place.project} cannot be moved to {to}."))
    if found:
        raise Refused(found)
    before, people = PlaceStatus(place.status), list(replaceable(place))
    leave(place, PlaceStatus.TRANSFERRED, by=by, at=at, note=f"To {to}. {reason}")
    return _again(place, to, like=before, people=people, by=by, at=at)


@transaction.atomic
def take_up(place: Place, to: Cohort, *, by: User, at: datetime) -> Place:
    """Open a new place for one that was put off. Its Advocates are named anew. Safe to call twice."""
    to, place = _locked(to, place)
    if new := place.followed_by.filter(cohort=to).first():
        return new
    if place.status != PlaceStatus.DEFERRED or place.followed_by.exists():
        raise IllegalMove("This place is not waiting to be taken up.")
    if not could_take_up(place).filter(pk=to.pk).exists():
        raise Refused([Finding("to", "Choose a later year of the same programme at this hub.")])
    return _again(place, to, like=PlaceStatus.ACCEPTED, people=[], by=by, at=at)


@transaction.atomic
def void(place: Place, *, reason: str, by: User, at: datetime) -> Place:
    """Say that the place was entered by mistake, and return it. A repeat changes nothing."""
    place = locked(place)
    if place.status == PlaceStatus.VOID:
        return place
    if found := [*_no_reason(reason), *against_void(place)]:
        raise Refused(found)
    leave(place, PlaceStatus.VOID, by=by, at=at, note=reason)
    return place


def against_void(place: Place) -> list[Finding]:
    """Return what has to be cleared up before a place can be called a mistake."""
    found = []
    if place.followed_by.filter(status__in=HOLDS_A_PLACE).exists():
        found.append(Finding("followed", "Another place follows this one. Say first what becomes of that one."))
    return found


def needs_second(place: Place) -> bool:
    """Return whether a second person has to agree that the place was a mistake: money hangs on it."""
    return Grant.objects.filter(place=place, amount__gt=0).exists()


def hangs_on(place: Place) -> list[str]:
    """Return in words how many records of each kind hang on the place, whoever made them."""
    told = []
    for each in place._meta.get_fields(include_hidden=True):
        if not each.auto_created or each.concrete or each.related_model in {PlaceRequest} or each.many_to_many:
            continue
        if number := each.related_model._base_manager.filter(**{each.field.name: place}).count():
            meta = each.related_model._meta
            told.append(f"{number} {meta.verbose_name if number == 1 else meta.verbose_name_plural}")
    return told


def _locked(to: Cohort, place: Place) -> tuple[Cohort, Place]:
    """Lock the cohort, where places are counted, and then the place: offers take them in the same order."""
    Cohort.objects.select_for_update(no_key=True).values_list("pk").get(pk=to.pk)
    return Cohort.objects.with_details().get(pk=to.pk), locked(place)


def _again(place: Place, to: Cohort, *, like: PlaceStatus, people: list[Advocate], by: User, at: datetime) -> Place:
    today = london_date(at)
    rule_set = to.project.rule_sets.in_force(today)
    if rule_set is None:
        raise Refused([Finding("no_rules", f"{to} has no published rules yet, so no place can be given there.")])
    new = places.hold(to, place.school, origin=place.origin, rule_set=rule_set, by=by, at=at)
    Place.objects.filter(pk=new.pk).update(follows=place, person=place.person_id)
    new.follows, new.person_id = place, place.person_id
    places.accept(new, by=by, at=at)
    freeze(new, at=at)
    if like in {PlaceStatus.CONFIRMED, PlaceStatus.ACTIVE}:
        change_status(new, PlaceStatus.CONFIRMED, moves=PLACE_MOVES, by=by, at=at, confirmed_at=at)
        for each in people:
            Advocate.objects.create(place=new, person=each.person, role=each.role, from_on=today)
    if like == PlaceStatus.ACTIVE:
        change_status(new, PlaceStatus.ACTIVE, moves=PLACE_MOVES, by=by, at=at)
    return new


def _no_reason(reason: str) -> list[Finding]:
    return [] if reason.strip() else [Finding("no_reason", "Give the reason.")]
