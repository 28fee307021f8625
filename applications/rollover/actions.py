"""Asking schools about next year, and keeping what they answer."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from hubportal.accounts import links
from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, change_status, note_event, subject_of
from hubportal.messaging.actions import drop_queued_reminders
from hubportal.messaging.models import Message
from hubportal.messaging.states import WAITING
from hubportal.messaging.states import Status as MessageStatus
from hubportal.rules import Finding, Refused

from . import emails
from .candidates import Candidate, Contact
from .models import Proposal, ProposedPhase
from .reminder_rules import NOT_ANSWERED
from .states import LIVE_PROPOSAL, OPEN_TO_ANSWER, PROPOSAL_MOVES, ProposalStatus

SCHOOL = "School"
LATE = "The day by which to answer has passed. Please write to your hub: it can still take your answer."
TAKEN_UP = "Your hub has taken up your answers, so they can no longer be changed here. Please write to it."
STATUS_WORDS = {
    ProposalStatus.ASKED: "it has not answered yet",
    ProposalStatus.ANSWERED: "it has answered",
    ProposalStatus.WAITING: "it said yes and waits for a place",
    ProposalStatus.SETTLED: "its places are made",
}


def against_asking(candidate: Candidate, contact: Contact | None, *, year: int, today: date) -> list[str]:
    """Return why a school cannot be asked about a year now; nothing when it can."""
    last, found = candidate.before, []
    if last and last.year == year and last.status in LIVE_PROPOSAL:
        return [f"The school has been asked already: {STATUS_WORDS[ProposalStatus(last.status)]}."]
    if last and last.status == ProposalStatus.PUT_OFF and last.ask_again_on > today:
        found.append(f"It asked not to be asked before {_day(last.ask_again_on)}.")
    if not candidate.proposed:
        found += candidate.left_out or ["Nothing is due for it."]
    if contact is None:
        found.append("There is no address to write to: nobody of the school is in our records.")
    elif not usable(contact.email):
        found.append(f"The address {contact.email} cannot be right.")
    return found


def usable(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


@transaction.atomic
def make(
    candidate: Candidate, contact: Contact | None, *, year: int, answer_by: date, by: User, at: datetime
) -> Proposal:
    """Put next year to a school; its letter is held with the hub's others. Raises Refused; then nothing is saved."""
    against = against_asking(candidate, contact, year=year, today=london_date(at))
    if answer_by <= london_date(at):
        against.append("The day by which to answer has to lie ahead.")
    if against:
        raise Refused([Finding("cannot_be_asked", text) for text in against])
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                hub_id=candidate.hub, school_id=candidate.school.pk, year=year, kind=candidate.kind,
                contact_name=contact.name, contact_email=contact.email, made_by=by, made_at=at, answer_by=answer_by,
            )  # fmt: skip
    except IntegrityError as problem:
        raise Refused([Finding("asked_already", "Somebody else has just asked this school.")]) from problem
    ProposedPhase.objects.bulk_create(
        ProposedPhase(
            proposal=proposal, cohort_id=each.cohort, because=each.due.because[:200], follows_id=each.due.follows
        )
        for each in candidate.proposed
    )
    note_event(proposal, "proposed", by=by, at=at, note=", ".join(each.title for each in candidate.proposed))
    emails.asked(proposal, at=at)
    return proposal


@dataclass(frozen=True)
class Said:
    """What a school answers: yes, maybe or no by phase, who takes part, and when to ask again."""

    answers: dict[int, str]
    name: str
    team: str = ""
    reason: str = ""
    words: str = ""
    ask_again_on: date | None = None

    @property
    def any_yes(self) -> bool:
        return "yes" in self.answers.values()


@transaction.atomic
def answer(proposal: Proposal, said: Said, *, by: User | str, at: datetime, said_on: date | None = None) -> None:
    """Keep what the school says, until staff take it up or the day has passed. The same words twice are kept once.

    `by` is a colleague who writes down what was said on the telephone on the day `said_on`, or the school itself.
    """
    locked = Proposal.objects.locked(proposal.pk)
    from_school = not isinstance(by, User)
    _require_open(locked, from_school=from_school, today=london_date(at))
    if _as_kept(locked) == _kept(said, by, said_on) | {"answers": said.answers}:
        return
    _keep(locked, said, _kept(said, by, said_on) | {"answered_at": at}, by=by, at=at)
    drop_queued_reminders(subject_of(locked), [NOT_ANSWERED])


def _require_open(proposal: Proposal, *, from_school: bool, today: date) -> None:
    if proposal.status == ProposalStatus.LAPSED and not from_school:
        return
    if proposal.status not in OPEN_TO_ANSWER:
        raise IllegalMove(LATE if proposal.status == ProposalStatus.LAPSED else TAKEN_UP)
    if from_school and proposal.answer_by < today:
        raise IllegalMove(LATE)


def _kept(said: Said, by: User | str, said_on: date | None) -> dict:
    by_hand = by if isinstance(by, User) else None
    return {
        "answered_name": said.name,
        "team": said.team if said.any_yes else "",
        "reason": said.reason,
        "words": said.words,
        "ask_again_on": None if said.any_yes else said.ask_again_on,
        "taken_by": by_hand,
        "said_on": said_on if by_hand else None,
    }


def _as_kept(proposal: Proposal) -> dict:
    names = ["answered_name", "team", "reason", "words", "ask_again_on", "taken_by", "said_on"]
    return {name: getattr(proposal, name) for name in names} | {
        "answers": {phase.pk: phase.answer for phase in proposal.phases.all()}
    }


def _keep(proposal: Proposal, said: Said, values: dict, *, by: User | str, at: datetime) -> None:
    words = _in_words(proposal, said)
    if proposal.status != ProposalStatus.ANSWERED:
        try:
            with transaction.atomic():
                change_status(
                    proposal, ProposalStatus.ANSWERED, moves=PROPOSAL_MOVES, by=by, at=at, note=words, **values
                )
        except IntegrityError as problem:
            raise IllegalMove("The school has been asked anew: write the answer down there.") from problem
    else:
        Proposal.objects.filter(pk=proposal.pk).update(**values)
        note_event(proposal, "answer changed", by=by, at=at, note=words)
    for phase in proposal.phases.all():
        proposal.phases.filter(pk=phase.pk).update(answer=said.answers[phase.pk])


def _in_words(proposal: Proposal, said: Said) -> str:
    """Return the answers without anybody's name or own words: an event stays for good."""
    return "; ".join(f"{phase.cohort.project}: {said.answers[phase.pk]}" for phase in proposal.phases.all())


@transaction.atomic
def correct_contact(proposal: Proposal, *, name: str, email: str, by: User | str, at: datetime) -> bool:
    """Correct who is written to; return whether the address is another one.

    A new address gets the private link, the old one is told, and its links are closed.
    """
    locked = Proposal.objects.locked(proposal.pk)
    if locked.status not in LIVE_PROPOSAL:
        raise IllegalMove("This has ended, so nobody is written to about it any more.")
    old_name, old_email = locked.contact_name, locked.contact_email
    Proposal.objects.filter(pk=locked.pk).update(contact_name=name, contact_email=email)
    locked.contact_name, locked.contact_email = name, email
    moved = email.lower() != old_email.lower()
    if moved or name != old_name:
        note_event(locked, "contact corrected", by=by, at=at)
    if moved:
        links.revoke(subject_of(locked), emails.LINK, at=at)
        if _stop_letters(locked) and locked.status == ProposalStatus.ASKED and not emails.has_gone_out(locked):
            emails.asked(locked, at=at)  # nobody has had a letter yet: the one that is held goes to the right address
            return moved
        emails.contact_left(locked, name=old_name, to=old_email, at=at)
        emails.contact_changed(locked, at=at)
    return moved


@transaction.atomic
def send_link(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Send the contact a new private link; earlier ones keep working."""
    note_event(proposal, "private link sent", by=by, at=at)
    emails.new_link(proposal, at=at)


@transaction.atomic
def take_back(proposal: Proposal, *, reason: str, by: User, at: datetime) -> None:
    """End a proposal that should not have been made, or that comes to nothing. The school is not written to."""
    if not reason.strip():
        raise Refused([Finding("no_reason", "Say why.")])
    locked = Proposal.objects.locked(proposal.pk)
    if any(phase.place_id for phase in locked.phases.all()):
        raise Refused([Finding("has_places", "The school has a place from this already: end the place instead.")])
    change_status(locked, ProposalStatus.WITHDRAWN, moves=PROPOSAL_MOVES, by=by, at=at, note=reason)
    links.revoke(subject_of(locked), emails.LINK, at=at)
    _stop_letters(locked)


def _stop_letters(proposal: Proposal) -> int:
    """Drop what has not gone out, the letter that is still held and reminders, and return how many."""
    waiting = Message.objects.filter(related=subject_of(proposal), status__in=WAITING)
    return waiting.update(status=MessageStatus.DROPPED, result="Not needed any more.")
