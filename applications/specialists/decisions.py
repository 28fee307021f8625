"""What hub staff do with a teacher's application: look, shortlist, read, decide quietly."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import HubMembership, User
from hubportal.history.actions import IllegalMove, change_status, note_event
from hubportal.rules import Finding, Refused
from programmes.models import Cohort

from . import checks, emails
from .models import CRITERIA, HIGHEST, LOWEST, READERS, Reading, SpecialistApplication
from .states import CHECKED, MOVES, UNDECIDED, Decision
from .states import SpecialistApplicationStatus as Status


def refuse(code: str, text: str) -> None:
    raise Refused([Finding(code, text)])


@transaction.atomic
def end_referral(application: SpecialistApplication, *, note: str, by: User, at: datetime) -> None:
    """Go on after a person has looked; what they looked at is settled while the fact stays the same."""
    if not note.strip():
        refuse("no_note", "Say what you found.")
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status != Status.REFERRED:
        raise IllegalMove(f"This application is “{locked.get_status_display()}”: nobody has to look at it.")
    settled = [[each.code, each.fact] for each in checks.to_look_at(locked)]
    locked.looked_at = [*locked.looked_at, *settled]
    SpecialistApplication.objects.filter(pk=locked.pk).update(looked_at=locked.looked_at)
    note_event(locked, "looked at", by=by, at=at, note=note)
    checks.settle(locked, by=by, at=at, note=note)


@transaction.atomic
def correct_facts(application: SpecialistApplication, *, by: User, at: datetime, note: str, **values) -> None:
    """Correct what the teacher said of QTS, years or early career, after asking them, and check again."""
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status not in CHECKED:
        raise IllegalMove(f"This application is “{locked.get_status_display()}”: its details stay as they are.")
    SpecialistApplication.objects.filter(pk=locked.pk).update(**values)
    note_event(locked, "details corrected", by=by, at=at, note=note)
    checks.recheck(locked, by=by, at=at, note="Details were corrected.")


def readers_for(application: SpecialistApplication) -> list[User]:
    """Return who can read for the hub: everybody with a membership there."""
    members = HubMembership.objects.filter(hub=application.hub_id, user__is_active=True).select_related("user")
    return sorted({each.user for each in members}, key=lambda user: (str(user), user.pk))


@transaction.atomic
def shortlist(application: SpecialistApplication, readers: list[User], *, by: User, at: datetime) -> None:
    """Shortlist an eligible teacher and ask two colleagues of the hub to read the application."""
    locked = SpecialistApplication.objects.locked(application.pk)
    _require_readers(locked, readers)
    change_status(locked, Status.SHORTLISTED, moves=MOVES, by=by, at=at, note=_names(readers))
    Reading.objects.bulk_create(
        Reading(application=locked, position=n, reader=reader, asked_at=at) for n, reader in enumerate(readers, 1)
    )
    for reader in readers:
        emails.reader_is_asked(locked, reader, at=at)


def _require_readers(application: SpecialistApplication, readers: list[User]) -> None:
    if len({reader.pk for reader in readers}) != READERS:
        refuse("two_readers", "Choose two different people.")
    ours = {user.pk for user in readers_for(application)}
    if any(reader.pk not in ours for reader in readers):
        refuse("reader_of_another_hub", "Readers are people of this hub.")


def _names(readers: list[User]) -> str:
    return "Readers: " + " and ".join(str(reader) for reader in readers)


@transaction.atomic
def change_readers(application: SpecialistApplication, readers: list[User], *, by: User, at: datetime) -> None:
    """Ask somebody else in place of a reader who has not scored; scores that are in stay."""
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status != Status.SHORTLISTED:
        raise IllegalMove("Only a shortlisted application has readers.")
    _require_readers(locked, readers)
    had = list(locked.readings.all())
    scored = {each.reader_id for each in had if each.scored_at}
    if not scored <= {reader.pk for reader in readers}:
        refuse("has_scored", "Somebody who has scored stays a reader: their scores are in.")
    new = [reader for reader in readers if reader.pk not in {each.reader_id for each in had}]
    gone = [each for each in had if each.reader_id not in {reader.pk for reader in readers}]
    for each, reader in zip(gone, new, strict=True):
        each.delete()
        Reading.objects.create(application=locked, position=each.position, reader=reader, asked_at=at)
        emails.reader_is_asked(locked, reader, at=at)
    note_event(locked, "readers changed", by=by, at=at, note=_names(readers))


@transaction.atomic
def back_from_shortlist(application: SpecialistApplication, *, note: str, by: User, at: datetime) -> None:
    """Take an application off the shortlist, before anybody has scored it."""
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.readings.scored().exists() or locked.decision:
        refuse("has_scores", "Somebody has scored it or decided on it, so it stays on the shortlist.")
    change_status(locked, Status.ELIGIBLE, moves=MOVES, by=by, at=at, note=note)
    locked.readings.all().delete()


@transaction.atomic
def score(application: SpecialistApplication, *, by: User, at: datetime, notes: str = "", **scores: int) -> Reading:
    """Keep a reader's scores. They can be changed until the other reader's are in; then both see both, and they stay.

    Raises Refused for anybody who is not one of the two readers.
    """
    locked = SpecialistApplication.objects.locked(application.pk)
    own = locked.readings.filter(reader=by).first()
    if own is None:
        refuse("no_reader", "Only the two readers score this application.")
    if locked.status != Status.SHORTLISTED:
        raise IllegalMove(f"This application is “{locked.get_status_display()}”: it is not being read.")
    if locked.readings.scored().count() == READERS:
        raise IllegalMove("Both readers' scores are in and can be seen, so they stay as they are.")
    if set(scores) != set(CRITERIA) or not all(LOWEST <= value <= HIGHEST for value in scores.values()):
        refuse("scores", f"Give each criterion a score from {LOWEST} to {HIGHEST}.")
    again = own.scored_at is not None
    Reading.objects.filter(pk=own.pk).update(**scores, notes=notes, scored_at=at)
    note_event(locked, "scores changed" if again else "scored", by=by, at=at)
    own.refresh_from_db()
    return own


def allocation_taken(cohort: Cohort) -> int:
    """Return how much of a cohort's allocation is used: places held, and those selected who do not know it yet."""
    return cohort.places.live().count() + SpecialistApplication.objects.quietly_selected().filter(cohort=cohort).count()


@transaction.atomic
def decide(application: SpecialistApplication, decision: str, *, reason: str = "", by: User, at: datetime) -> None:
    """Decide quietly: nothing is sent and the teacher's page shows nothing until the cohort's decisions are released.

    Raises Refused for a selection beyond the allocation, before both readings are in or without the school's support.
    """
    decision = Decision(decision)
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=application.cohort_id)
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status not in UNDECIDED:
        raise IllegalMove(f"This application is “{locked.get_status_display()}”: its decision has been released.")
    _require_decidable(locked, decision, reason)
    if decision == Decision.SELECTED and locked.decision != decision:
        _require_room(locked, cohort, at=at)
    SpecialistApplication.objects.filter(pk=locked.pk).update(
        decision=decision, decision_reason=reason, decided_by=by, decided_at=at
    )
    note_event(locked, "decided quietly", by=by, at=at, old=locked.decision, new=decision, note=decision.label)


def _require_decidable(application: SpecialistApplication, decision: Decision, reason: str) -> None:
    if application.status in {Status.SUBMITTED, Status.CHECKING}:
        refuse("not_checked", "The portal is still checking this application.")
    if decision == Decision.NOT_SELECTED:
        if not reason.strip():
            refuse("no_reason", "Give the reason: the teacher reads it.")
        return
    if application.status != Status.SHORTLISTED:
        refuse("not_shortlisted", "Only a shortlisted teacher can be selected or put on the reserve list.")
    if application.readings.scored().count() < READERS:
        refuse("scores_missing", "Both readers' scores have to be in first.")


def _require_room(application: SpecialistApplication, cohort: Cohort, *, at: datetime) -> None:
    if found := checks.against_selection(application, at=at):
        raise Refused(found)
    if allocation_taken(cohort) >= cohort.capacity:
        refuse("full", f"Your allocation for this cohort is used up: {cohort.capacity}.")


@transaction.atomic
def undecide(application: SpecialistApplication, *, by: User, at: datetime) -> None:
    """Take a decision back before it is released; a repeat changes nothing."""
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status not in UNDECIDED:
        raise IllegalMove("This decision has been released, so it cannot be taken back here.")
    if not locked.decision:
        return
    SpecialistApplication.objects.filter(pk=locked.pk).update(
        decision="", decision_reason="", decided_by=None, decided_at=None
    )
    note_event(locked, "decision taken back", by=by, at=at, old=locked.decision)
