"""What hub staff do with an application. Every decision names who and when, and its reason where it needs one."""

import logging
from datetime import date, datetime

from django.db import IntegrityError, transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, IllegalMove, change_status, note_event
from hubportal.rules import Finding, Refused, assess
from programmes.cohorts import actions as places
from programmes.cohorts.states import PlaceStatus
from programmes.models import Cohort

from . import checks, emails
from .actions import advocates_stand
from .facts import facts_about, rule_set_of
from .models import Application, FindingOverride, InformationRequest
from .rules import chosen, room_left
from .states import CHECKED, LIVE, MOVES, UNDECIDED, Status

log = logging.getLogger(__name__)


def against_an_offer(application: Application, *, at: datetime) -> list[Finding]:
    """Return what stands in the way of an offer now, less what two people set aside. A full cohort always counts.

    What the newest check found counts too: the waiting list is no way round it.
    """
    rule_set = rule_set_of(application, at=at)
    facts = facts_about(application, at=at, rule_set=rule_set)
    set_aside = checks.overridden_codes(application)
    found = checks.still_found(application) + assess(facts, chosen(rule_set.rules, when="offer"))
    return [finding for finding in found if finding.code not in set_aside] + list(room_left(facts))


@transaction.atomic
def offer(application: Application, *, by: User, at: datetime) -> None:
    """Offer the school its place, hold it and tell the school. Raises Refused or IllegalMove: nothing is then saved."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=application.cohort_id)
    locked = Application.objects.locked(application.pk)
    if Status.OFFERED not in MOVES[Status(locked.status)]:
        raise IllegalMove(f"This application is “{locked.get_status_display()}”: no place can be offered on it.")
    if findings := against_an_offer(locked, at=at):
        raise Refused(findings)
    place = places.hold(
        cohort, locked.school, origin=locked.reference, rule_set=rule_set_of(locked, at=at), by=by, at=at
    )
    change_status(
        locked, Status.OFFERED, moves=MOVES, by=by, at=at, place=place, decided_by=by, decided_at=at, decision_reason=""
    )
    emails.place_offered(locked, at=at)


@transaction.atomic
def waitlist(application: Application, *, by: User, at: datetime, note: str = "") -> None:
    """Put the school on the waiting list and tell it so."""
    locked = Application.objects.locked(application.pk)
    change_status(
        locked,
        Status.WAITLISTED,
        moves=MOVES,
        by=by,
        at=at,
        note=note,
        decided_by=by,
        decided_at=at,
        decision_reason=note,
    )
    emails.decided(locked, at=at)


@transaction.atomic
def decline(application: Application, *, reason: str, by: User, at: datetime) -> None:
    """Tell the school that it is not offered a place, and why: `reason` is shown to the school as it stands."""
    if not reason.strip():
        raise Refused([Finding("no_reason", "Give the reason: the school reads it.")])
    locked = Application.objects.locked(application.pk)
    change_status(
        locked,
        Status.NOT_OFFERED,
        moves=MOVES,
        by=by,
        at=at,
        note=reason,
        decided_by=by,
        decided_at=at,
        decision_reason=reason,
    )
    emails.decided(locked, at=at)


@transaction.atomic
def refer(application: Application, *, reason: str, by: User, at: datetime) -> None:
    """Say that a person must look at it, and at what."""
    if not reason.strip():
        raise Refused([Finding("no_reason", "Say what a person should look at.")])
    change_status(Application.objects.locked(application.pk), Status.REFERRED, moves=MOVES, by=by, at=at, note=reason)


@transaction.atomic
def end_referral(application: Application, *, by: User, at: datetime, note: str) -> None:
    """Go back to what the newest check says, after a person has looked at what a colleague referred."""
    locked = Application.objects.locked(application.pk)
    before = locked.status
    checks.settle(locked, by=by, at=at, note=note)
    if locked.status == before:
        raise Refused([Finding("still_referred", "The check itself asks for a person: set its finding aside first.")])


@transaction.atomic
def request_information(
    application: Application, *, question: str, answer_by: date, by: User, at: datetime
) -> InformationRequest:
    """Ask the school a question, which it answers by its private link. One question is open at a time."""
    locked = Application.objects.locked(application.pk)
    if locked.status not in UNDECIDED:
        raise IllegalMove("Questions can be asked while the application is not decided.")
    try:
        with transaction.atomic():
            asked = InformationRequest.objects.create(
                application=locked, question=question, answer_by=answer_by, asked_by=by, asked_at=at
            )
    except IntegrityError as problem:
        raise Refused([Finding("question_open", "The school has not answered the last question yet.")]) from problem
    note_event(locked, "question asked", by=by, at=at, note=question)
    emails.information_requested(asked, at=at)
    return asked


@transaction.atomic
def propose_override(application: Application, *, code: str, reason: str, by: User, at: datetime) -> FindingOverride:
    """Ask for a finding of the newest check to be set aside. It counts when a second person agrees."""
    locked = Application.objects.locked(application.pk)
    latest = locked.checks.first()
    found = {row["code"]: row for row in latest.findings if row["effect"] != "warn"} if latest else {}
    found |= {finding.code: finding.as_dict() for finding in _offer_findings(locked, at=at)}
    if locked.status not in {*CHECKED, Status.WAITLISTED} or code not in found:
        raise Refused([Finding("no_finding", "There is no such finding to set aside.")])
    if not reason.strip():
        raise Refused([Finding("no_reason", "Give the reason for setting it aside.")])
    try:
        with transaction.atomic():
            proposed = FindingOverride.objects.create(
                application=locked, code=code, text=found[code]["text"], reason=reason, by=by, at=at
            )
    except IntegrityError as problem:
        raise Refused([Finding("override_open", "A colleague has asked for this already.")]) from problem
    note_event(locked, "override asked for", by=by, at=at, note=f"{proposed.text} Reason: {reason}")
    return proposed


def _offer_findings(application: Application, *, at: datetime) -> list[Finding]:
    rule_set = rule_set_of(application, at=at)
    return assess(facts_about(application, at=at, rule_set=rule_set), chosen(rule_set.rules, when="offer"))


@transaction.atomic
def agree_override(override: FindingOverride, *, by: User, at: datetime) -> None:
    """Set the finding aside as the second person, and move the application to what the rest comes to."""
    if by.pk == override.by_id:
        raise Refused([Finding("same_person", "A second person has to agree: you asked for this yourself.")])
    locked = Application.objects.locked(override.application_id)
    waiting = FindingOverride.objects.filter(pk=override.pk, agreed_at=None, rejected_at=None)
    if not waiting.update(agreed_by=by, agreed_at=at):
        raise IllegalMove("Somebody else has just answered this. Reload the page.")
    note_event(locked, "override agreed", by=by, at=at, note=override.text)
    checks.settle(locked, by=by, at=at, note=f"Set aside: {override.text}")


@transaction.atomic
def reject_override(override: FindingOverride, *, by: User, at: datetime) -> None:
    """Let the finding stand. Who asked may also take the request back."""
    waiting = FindingOverride.objects.filter(pk=override.pk, agreed_at=None, rejected_at=None)
    if not waiting.update(rejected_by=by, rejected_at=at):
        raise IllegalMove("Somebody else has just answered this. Reload the page.")
    note_event(override.application, "override rejected", by=by, at=at, note=override.text)


@transaction.atomic
def merge(application: Application, *, into: Application, by: User, at: datetime, note: str = "") -> None:
    """Join an application to another of the same project, for a school that is in the register twice or has a new URN.

    Both keep their answers and their history; the joined one ends.
    """
    both = Application.objects.select_for_update(no_key=True).filter(pk__in=[application.pk, into.pk]).order_by("pk")
    list(both)  # in one order, so that two people who join them crosswise do not end both
    locked, into = Application.objects.locked(application.pk), Application.objects.locked(into.pk)
    if into.pk == locked.pk or into.project_id != locked.project_id or into.hub_id != locked.hub_id:
        raise Refused([Finding("not_alike", "Choose another application to the same programme, year and hub.")])
    if into.status not in LIVE:
        raise Refused([Finding("not_live", f"{into.reference} has ended: join this to one that is going on.")])
    change_status(locked, Status.DUPLICATE, moves=MOVES, by=by, at=at, note=note, joined_to=into)
    note_event(into, "joined", by=by, at=at, note=f"{locked.reference} was joined to this one. {note}".strip())
    emails.joined(locked, into, at=at)


@transaction.atomic
def confirm_place(application: Application, *, by: User, at: datetime) -> None:
    """Confirm an accepted place whose Advocates' roles a person has judged to be similar enough."""
    locked = Application.objects.locked(application.pk)
    if locked.status != Status.ACCEPTED or locked.nominees.count() < 2:
        raise Refused([Finding("not_named", "Both Advocates must be named before the place is confirmed.")])
    latest = locked.checks.first()
    against = {row["code"] for row in latest.findings} - checks.overridden_codes(locked) if latest else set()
    if "no_leading_advocate" in against:
        text = "Neither Advocate leads in the department: the school has to change one of the names."
        raise Refused([Finding("no_leading_advocate", text)])
    if not advocates_stand(locked):
        note_event(locked, "roles judged", by=by, at=at, note="Judged to be a similar role.")
    named = list(locked.nominees.values("name", "email", "role"))
    places.confirm(locked.place, named, by=by, at=at)
    emails.place_accepted(locked, at=at)


def lapse_due(*, at: datetime) -> int:
    """End every offer whose date has passed, tell the school, return how many. Safe to run twice and beside itself."""
    due = Application.objects.filter(status=Status.OFFERED, place__answer_by__lt=london_date(at))
    return sum(_try_to_lapse(application, at=at) for application in due)


def _try_to_lapse(application: Application, *, at: datetime) -> bool:
    """End one offer; one that cannot be ended does not stop the others."""
    try:
        return _lapse(application, at=at)
    except Exception:
        log.exception("the offer of application %s could not be ended", application.pk)
        return False


@transaction.atomic
def _lapse(application: Application, *, at: datetime) -> bool:
    locked = Application.objects.locked(application.pk)
    if locked.status != Status.OFFERED:
        return False
    change_status(locked, Status.LAPSED, moves=MOVES, by=PORTAL, at=at)
    places.end(locked.place, PlaceStatus.LAPSED, by=PORTAL, at=at)
    emails.decided(locked, at=at)
    return True
