"""What one person asks for about a place and another has to agree to: a move to another hub, an entry by mistake."""

from datetime import datetime

from django.db import IntegrityError, transaction

from hubportal.accounts.models import User
from hubportal.history.actions import IllegalMove, note_event
from hubportal.rules import Finding, Refused
from programmes.cohorts.models import Cohort
from programmes.cohorts.place import Place
from programmes.cohorts.requests import PlaceRequest

from . import leaving

DECIDE = "programmes.decide_place"


@transaction.atomic
def ask_move(place: Place, to: Cohort, *, reason: str, by: User, at: datetime) -> PlaceRequest:
    """Ask the other hub to take the place. Nothing changes until its staff agree."""
    place = leaving.locked(place)
    if place.status not in leaving.CAN_MOVE:
        raise IllegalMove(f"The place is “{place.get_status_display()}”: it cannot be moved.")
    if not leaving.could_move_to(place).filter(pk=to.pk).exists():
        raise Refused([Finding("to", f"A place on {place.project} cannot be moved to {to}.")])
    return _ask(place, "move asked for", kind=PlaceRequest.Kind.MOVE, to=to, hub=to.hub, reason=reason, by=by, at=at)


@transaction.atomic
def ask_void(place: Place, *, reason: str, by: User, at: datetime) -> PlaceRequest:
    """Ask a second person of the hub to see that the place was a mistake."""
    place = leaving.locked(place)
    if not leaving.needs_second(place):
        raise IllegalMove("This needs no second person. Reload the page.")
    if found := leaving.against_void(place):
        raise Refused(found)
    return _ask(place, "mistake reported", kind=PlaceRequest.Kind.VOID, hub=place.hub, reason=reason, by=by, at=at)


def _ask(place: Place, event: str, *, reason: str, by: User, at: datetime, **values) -> PlaceRequest:
    """Write the request once; a repeat of the same person's same request is that one."""
    if not reason.strip():
        raise Refused([Finding("no_reason", "Give the reason.")])
    waiting = place.requests.waiting().first()
    if waiting and (waiting.by_id, waiting.kind, waiting.to) == (by.pk, values["kind"], values.get("to")):
        return waiting
    try:
        with transaction.atomic():
            asked = PlaceRequest.objects.create(place=place, reason=reason, by=by, at=at, **values)
    except IntegrityError as problem:
        text = "Somebody has asked for something about this place already, and it is not answered yet."
        raise Refused([Finding("asked_already", text)]) from problem
    note_event(place, event, by=by, at=at, note=f"{asked.get_kind_display()}. {reason}")
    return asked


@transaction.atomic
def settle(asked: PlaceRequest, *, agreed: bool, by: User, at: datetime) -> None:
    """Write the answer, once. Raises Refused when the same person would agree to a mistake that they reported."""
    if agreed and asked.kind == PlaceRequest.Kind.VOID and by.pk == asked.by_id:
        raise Refused([Finding("same_person", "A second person has to agree: you asked for this yourself.")])
    values = {"agreed_by": by, "agreed_at": at} if agreed else {"rejected_by": by, "rejected_at": at}
    if not PlaceRequest.objects.waiting().filter(pk=asked.pk).update(**values):
        raise IllegalMove("Somebody else has just answered this. Reload the page.")
    note_event(asked.place, "request agreed" if agreed else "request turned down", by=by, at=at)
