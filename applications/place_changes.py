"""Changes of a place's life with the application that led to it: both change together, and the school is told."""

from datetime import date, datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.history.actions import change_status, note_event, subject_of
from hubportal.messaging.actions import drop_queued_reminders
from hubportal.rules import Finding, Refused
from programmes.cohorts import changes
from programmes.cohorts.requests import PlaceRequest
from programmes.cohorts.states import PlaceStatus
from programmes.funding import asking, leaving
from programmes.models import Advocate, Cohort, Place, Specialist

from . import actions, emails, place_emails, reminder_rules
from .actions import new_reference
from .decisions import SAID
from .models import Application, Nominee, SpecialistApplication
from .states import LIVE, MOVES, Status

# An accepted application moves only together with its place, so this stands beside the table and not in it.
WITH_ITS_PLACE = {**MOVES, Status.ACCEPTED: {Status.TRANSFERRED, Status.WITHDRAWN}}


def application_of(place: Place) -> Application | None:
    """Return the application that led to the place; places from before the portal have none."""
    return Application.objects.with_details().filter(place=place.pk).first()


def _locked_application(place: Place) -> Application | None:
    """Lock the application before its place, in the order of the other actions."""
    found = application_of(place)
    return Application.objects.locked(found.pk) if found else None


@transaction.atomic
def replace_advocates(
    place: Place, new: dict[int, dict], *, until_on: date, from_on: date, reason: str, judged: bool, by, at: datetime
) -> list[Advocate]:
    """Replace Advocates and tell the school's contact. See `programmes.cohorts.changes.replace_advocates`."""
    followers = changes.replace_advocates(
        place, new, until_on=until_on, from_on=from_on, reason=reason, judged=judged, by=by, at=at
    )
    if application := application_of(place):
        place_emails.advocates_replaced(application, followers, at=at)
    return followers


@transaction.atomic
def defer(place: Place, *, to_year: int, reason: str, by: User, at: datetime) -> None:
    """Put the place off. Its application ends as moved, and the school is told."""
    application = _locked_application(place)
    _require_no_specialist(place)
    deferred = leaving.defer(place, to_year=to_year, reason=reason, by=by, at=at)
    if _ended_with_place(application, Status.TRANSFERRED, by=by, at=at, note="The place was put off."):
        place_emails.place_deferred(application, deferred, at=at)


@transaction.atomic
def withdraw(place: Place, *, reason: str, by: User, at: datetime) -> None:
    """Withdraw the place, through its application where one goes on. A repeat changes nothing."""
    application = _locked_application(place)
    _require_no_specialist(place)
    if application and application.status in LIVE:
        actions.withdraw(application, by=by, at=at, note=reason)
        return
    place = leaving.locked(place)
    if place.status != PlaceStatus.WITHDRAWN:
        leaving.leave(place, PlaceStatus.WITHDRAWN, by=by, at=at, note=reason)


@transaction.atomic
def move(place: Place, to: Cohort, *, reason: str, by: User, at: datetime) -> Place | PlaceRequest:
    """Move the place within the hub, or ask the other hub to take it; return the new place or the request."""
    if to.hub_id != place.hub_id:
        return asking.ask_move(place, to, reason=reason, by=by, at=at)
    return _move(place, to, reason=reason, by=by, at=at)


@transaction.atomic
def take_up(place: Place, to: Cohort, *, by: User, at: datetime) -> Place:
    """Open the place that was put off, with an application that carries on what the school had said."""
    _lock(to)
    old = _locked_application(place)
    new = leaving.take_up(place, to, by=by, at=at)
    _carry_on(old, new, by=by, at=at)
    return new


@transaction.atomic
def void(place: Place, *, reason: str, by: User, at: datetime) -> Place | PlaceRequest:
    """Say that the place was a mistake, or ask a second person to agree where it took part and has a grant."""
    _locked_application(place)
    place = leaving.locked(place)  # whether a second person is needed cannot change meanwhile
    _require_no_specialist(place)
    if leaving.needs_second(place):
        return asking.ask_void(place, reason=reason, by=by, at=at)
    return _void(place, reason=reason, by=by, at=at)


@transaction.atomic
def agree(asked: PlaceRequest, *, by: User, at: datetime) -> None:
    """Do what was asked, as the other hub or the second person. Raises Refused or IllegalMove, nothing saved."""
    if asked.kind == PlaceRequest.Kind.MOVE:
        _lock(asked.to)
    asking.settle(asked, agreed=True, by=by, at=at)
    if asked.kind == PlaceRequest.Kind.MOVE:
        _move(asked.place, asked.to, reason=asked.reason, by=by, at=at)
    else:
        _void(asked.place, reason=asked.reason, by=by, at=at)


@transaction.atomic
def turn_down(asked: PlaceRequest, *, by: User, at: datetime) -> None:
    """Leave the place as it is. Who asked may also take the request back."""
    asking.settle(asked, agreed=False, by=by, at=at)


def _lock(cohort: Cohort) -> None:
    """Lock the cohort first: offers take the cohort, then the application, then the place."""
    Cohort.objects.select_for_update(no_key=True).values_list("pk").get(pk=cohort.pk)


def _move(place: Place, to: Cohort, *, reason: str, by: User, at: datetime) -> Place:
    _lock(to)
    old = _locked_application(place)
    new = leaving.move(place, to, reason=reason, by=by, at=at)
    _specialist_goes_along(place, new, by=by, at=at)
    _ended_with_place(old, Status.TRANSFERRED, by=by, at=at, note=f"The place moved to {to}.")
    _carry_on(old, new, by=by, at=at)
    return new


def _void(place: Place, *, reason: str, by: User, at: datetime) -> Place:
    application = _locked_application(place)
    _require_no_specialist(place)
    place = leaving.void(place, reason=reason, by=by, at=at)
    if _ended_with_place(application, Status.WITHDRAWN, by=by, at=at, note="The place was entered by mistake."):
        emails.decided(application, at=at)
    return place


def _require_no_specialist(place: Place) -> None:
    """Refuse to end a place by which somebody is in the Specialist Programme: their years and it end together."""
    specialist = Specialist.objects.in_the_programme().filter(place=place).select_related("person").first()
    if specialist:
        text = f"{specialist.person} is in the Specialist Programme by this place."
        raise Refused([Finding("specialist", f"{text} On their own page, let them pause or step down.")])


def _specialist_goes_along(place: Place, new: Place, *, by: User, at: datetime) -> None:
    """Let the specialist of a place that moved, and their application, belong to the new one."""
    SpecialistApplication.objects.filter(place=place).update(place=new)
    for specialist in Specialist.objects.filter(place=place):
        moved = {"place": new, "hub": new.hub, "project": new.project}
        Specialist.objects.filter(pk=specialist.pk).update(**moved)
        note_event(specialist, "moved with the place", by=by, at=at, note=f"From {place.hub} to {new.hub}.")


def _ended_with_place(application: Application | None, status: Status, *, by, at: datetime, note: str) -> bool:
    """End the application if it goes on, with its reminders; return whether it did."""
    if application is None or application.status not in LIVE:
        return False
    change_status(application, status, moves=WITH_ITS_PLACE, by=by, at=at, note=note)
    drop_queued_reminders(subject_of(application), reminder_rules.ALL)
    return True


def _carry_on(old: Application | None, new: Place, *, by: User, at: datetime) -> None:
    """Write an accepted application for the new place with what the school had said, once, and tell the school."""
    if old is None or Application.objects.filter(place=new).exists():
        return
    carried = Application.objects.create(
        project=new.project, cohort=new.cohort, hub=new.hub, school=new.school, place=new,
        reference=new_reference(), status=Status.ACCEPTED, created_at=at, decided_by=by, decided_at=at,
        **{name: getattr(old, name) for name in SAID},
    )  # fmt: skip
    people = old.nominees.values("position", "name", "email", "role")
    Nominee.objects.bulk_create(Nominee(application=carried, **person) for person in people)
    Application.objects.filter(pk=old.pk).update(transferred_to=carried)
    note_event(carried, "moved here", by=by, at=at, note=f"From {old.hub}, {old.project}: {old.reference}.")
    place_emails.place_moved(carried, old, at=at)
