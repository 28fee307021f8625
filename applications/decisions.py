"""What hub staff do with an application. Every decision names who and when, and its reason where it needs one."""

import logging
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from hubportal.accounts import links
from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, IllegalMove, change_status, note_event, subject_of
from hubportal.messaging.actions import drop_queued_reminders
from hubportal.messaging.wakeup import poke
from hubportal.rules import Finding, Refused, assess
from programmes.cohorts import actions as places
from programmes.cohorts.states import PlaceStatus
from programmes.models import Cohort, Focus, Project

from . import checks, documents, emails, endorsements, foci
from .actions import advocates_stand, new_reference
from .facts import facts_about, rule_set_of, same_school
from .models import Application, FindingOverride, InformationRequest, Nominee
from .reminder_rules import ALL
from .rules import chosen, focus_left, room_left, standing
from .states import CHECKED, LIVE, MOVES, UNDECIDED, Status

log = logging.getLogger(__name__)
# What the school said goes with an application that is moved to another cohort; what was decided stays.
SAID = [
    "contact_name", "contact_email", "contact_phone", "contact_role", "head_name", "head_email", "answers",
    "form_version", "commitments", "privacy_version", "submitted_at",
]  # fmt: skip


def against_an_offer(application: Application, *, at: datetime) -> list[Finding]:
    """Return what stands in the way of an offer now, less what two people set aside. A full cohort always counts.

    What the newest check found counts too: the waiting list is no way round it.
    """
    rule_set = rule_set_of(application, at=at)
    facts = facts_about(application, at=at, rule_set=rule_set)
    found = checks.weighing(application) + assess(facts, chosen(rule_set.rules, when="offer"))
    return [*standing(found, checks.set_aside(application)), *room_left(facts), *focus_left(facts)]


@transaction.atomic
def offer(application: Application, *, by: User, at: datetime, focus: Focus | None = None) -> None:
    """Offer the school its place, hold it and tell the school. Raises Refused or IllegalMove: nothing is then saved.

    Where the school ranked foci, the place is for one of them: `focus`, or the first that still has room.
    """
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=application.cohort_id)
    locked = Application.objects.locked(application.pk)
    if Status.OFFERED not in MOVES[Status(locked.status)]:
        raise IllegalMove(f"This application is “{locked.get_status_display()}”: no place can be offered on it.")
    if findings := against_an_offer(locked, at=at):
        raise Refused(findings)
    place = places.hold(
        cohort,
        locked.school,
        origin=locked.reference,
        rule_set=rule_set_of(locked, at=at),
        by=by,
        at=at,
        focus=_focus_of(locked, focus),
    )
    change_status(
        locked, Status.OFFERED, moves=MOVES, by=by, at=at, place=place, decided_by=by, decided_at=at, decision_reason=""
    )
    emails.place_offered(locked, at=at)


def _focus_of(application: Application, wanted: Focus | None) -> Focus | None:
    """Return the focus of the place; None where the school ranked none. Call it with the cohort's row locked."""
    free = foci.offerable(application)
    if wanted is None:
        return free[0] if free else None
    if wanted.letter not in application.answers.get("foci", []):
        raise Refused([Finding("focus_not_chosen", f"The school did not choose “{wanted.title}”.")])
    return wanted


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
    drop_queued_reminders(subject_of(locked), ALL)
    emails.decided(locked, at=at)


@transaction.atomic
def refer(application: Application, *, reason: str, by: User, at: datetime) -> None:
    """Say that a person must look at it, and at what."""
    if not reason.strip():
        raise Refused([Finding("no_reason", "Say what a person should look at.")])
    locked = Application.objects.locked(application.pk)
    change_status(locked, Status.REFERRED, moves=MOVES, by=by, at=at, note=reason, referred_by=by)


@transaction.atomic
def end_referral(application: Application, *, by: User, at: datetime, note: str) -> None:
    """Go back to what the newest check says, after a person has looked at what a colleague referred."""
    locked = Application.objects.locked(application.pk)
    if not checks.by_hand(locked):
        raise Refused([Finding("still_referred", "The check itself asks for a person: set its finding aside first.")])
    Application.objects.filter(pk=locked.pk).update(referred_by=None)
    locked.referred_by = None
    note_event(locked, "referral ended", by=by, at=at, note=note)
    checks.settle(locked, by=by, at=at, note=note)


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
    note_event(locked, "question asked", by=by, at=at, note=f"Question {asked.pk}")
    emails.information_requested(asked, at=at)
    return asked


@transaction.atomic
def propose_override(application: Application, *, code: str, reason: str, by: User, at: datetime) -> FindingOverride:
    """Ask for a finding of the newest check to be set aside. It counts when a second person agrees."""
    locked = Application.objects.locked(application.pk)
    if locked.status not in {*CHECKED, Status.WAITLISTED} or code not in {
        each.code for each in _weighing(locked, at=at)
    }:
        raise Refused([Finding("no_finding", "There is no such finding to set aside.")])
    if not reason.strip():
        raise Refused([Finding("no_reason", "Give the reason for setting it aside.")])
    finding = next((each for each in can_be_set_aside(locked, at=at) if each.code == code), None)
    if finding is None:
        raise Refused([Finding("override_open", "A colleague has asked for this already.")])
    proposed = FindingOverride.objects.create(
        application=locked, code=code, fact=finding.fact, text=finding.text, reason=reason, by=by, at=at
    )
    note_event(locked, "override asked for", by=by, at=at, note=f"{proposed.text} Reason: {reason}")
    return proposed


def can_be_set_aside(application: Application, *, at: datetime) -> list[Finding]:
    """Return what weighs against the application, on facts on which nobody has asked to set it aside yet."""
    asked = application.overrides.filter(rejected_at=None).values_list("code", "fact")
    return standing(_weighing(application, at=at), frozenset(asked))


def _weighing(application: Application, *, at: datetime) -> list[Finding]:
    rule_set = rule_set_of(application, at=at)
    facts = facts_about(application, at=at, rule_set=rule_set)
    return checks.weighing(application) + assess(facts, chosen(rule_set.rules, when="offer"))


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


def could_go_on(application: Application) -> QuerySet:
    """Return the applications to which this one can be joined: of the same school, under any URN, and the same hub."""
    alike = Application.objects.live().filter(project=application.project_id, hub=application.hub_id)
    return alike.filter(school__in=same_school(application.school)).exclude(pk=application.pk)


@transaction.atomic
def merge(application: Application, *, into: Application, by: User, at: datetime, note: str = "") -> None:
    """Join an application to another of the same school and project, for a school that is in the register twice.

    Both keep their answers and their history; the joined one ends.
    """
    both = Application.objects.select_for_update(no_key=True).filter(pk__in=[application.pk, into.pk]).order_by("pk")
    list(both)  # in one order, so that two people who join them crosswise do not end both
    locked, into = Application.objects.locked(application.pk), Application.objects.locked(into.pk)
    if into.pk == locked.pk or into.project_id != locked.project_id or into.hub_id != locked.hub_id:
        raise Refused([Finding("not_alike", "Choose another application to the same programme, year and hub.")])
    if into.status not in LIVE:
        raise Refused([Finding("not_live", f"{into.reference} has ended: join this to one that is going on.")])
    if not could_go_on(locked).filter(pk=into.pk).exists():
        text = f"{into.reference} is of {into.school.name}, and the register does not say that it is the same school."
        raise Refused([Finding("not_same_school", text)])
    change_status(locked, Status.DUPLICATE, moves=MOVES, by=by, at=at, note=note, joined_to=into)
    note_event(into, "joined", by=by, at=at, note=f"{locked.reference} was joined to this one. {note}".strip())
    drop_queued_reminders(subject_of(locked), ALL)
    emails.joined_by_hub(locked, into, at=at)


def could_move_to(application: Application, *, at: datetime) -> QuerySet:
    """Return the cohorts of the same programme that take applications or will, the application's own left out."""
    programme, today = application.project.programme_id, london_date(at)
    return (
        Cohort.objects.filter(project__programme=programme, project__recruitment=Project.Recruitment.HUBS)
        .filter(Q(closes_on=None) | Q(closes_on__gte=today))
        .exclude(pk=application.cohort_id)
        .with_details()
        .order_by("project__year", "hub__name")
    )


@transaction.atomic
def transfer(application: Application, *, to: Cohort, reason: str, by: User, at: datetime) -> Application:
    """End the application and make a new one of the same answers at another cohort; return that one.

    It counts as sent when the first was, is checked anew, and its head is asked anew. Private links to the first are
    closed. Raises Refused or IllegalMove; then nothing is saved.
    """
    locked = Application.objects.locked(application.pk)
    if findings := _against_a_move(locked, to, reason, at=at):
        raise Refused(findings)
    change_status(locked, Status.TRANSFERRED, moves=MOVES, by=by, at=at, note=reason)
    try:
        with transaction.atomic():
            moved = _again_at(locked, to, at=at)
    except IntegrityError as problem:
        text = f"The school has an application to {to.project} already, so this one cannot be moved there."
        raise Refused([Finding("live_there", text)]) from problem
    Application.objects.filter(pk=locked.pk).update(transferred_to=moved)
    note_event(moved, "moved here", by=by, at=at, note=f"From {locked.hub}, {locked.project}: {locked.reference}.")
    _close_links(locked, at=at)
    drop_queued_reminders(subject_of(locked), ALL)
    emails.transferred(moved, locked, at=at)
    poke("applications.tasks.check_due")
    return moved


def _against_a_move(application: Application, to: Cohort, reason: str, *, at: datetime) -> list[Finding]:
    found = []
    if not reason.strip():
        found.append(Finding("no_reason", "Give the reason for the move."))
    if to.pk == application.cohort_id:
        found.append(Finding("same_cohort", "The application is at this hub and for this year already."))
    elif not could_move_to(application, at=at).filter(pk=to.pk).exists():
        found.append(Finding("not_recruiting", f"{to.hub} takes no applications to this programme for that year."))
    return found


def _again_at(application: Application, to: Cohort, *, at: datetime) -> Application:
    moved = Application.objects.create(
        project=to.project,
        cohort=to,
        hub=to.hub,
        school=application.school,
        reference=new_reference(),
        status=Status.SUBMITTED,
        created_at=at,
        **{name: getattr(application, name) for name in SAID},
    )
    moved.answers = foci.carried_over(moved.answers, same_project=to.project_id == application.project_id)
    moved.save(update_fields=["answers"])
    people = application.nominees.values("position", "name", "email", "role")
    Nominee.objects.bulk_create(Nominee(application=moved, **person) for person in people)
    documents.copy(application, moved)
    return moved


def _close_links(application: Application, *, at: datetime) -> None:
    for purpose in (emails.MANAGE_LINK, emails.CONTINUE_LINK):
        links.revoke(subject_of(application), purpose, at=at)
    for asked in application.endorsements.all():
        links.revoke(subject_of(asked), endorsements.HEAD_LINK, at=at)


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
