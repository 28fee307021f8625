"""The head's confirmation: asked by private link, answered by POST only, passed on when it is another's to give."""

from datetime import datetime, timedelta

from django.db import transaction

from hubportal.accounts import links
from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, IllegalMove, change_status, note_event, subject_of
from hubportal.messaging.actions import drop_queued_reminders
from hubportal.messaging.reminders import next_working_day

from . import emails
from .facts import rule_set_of
from .models import Application, Endorsement
from .reminder_rules import HEAD_NOT_CONFIRMED
from .states import ENDORSEMENT_MOVES, LIVE, EndorsementStatus

HEAD_LINK = "applications:head_confirms"
LINK_LIVES = timedelta(days=60)
WORKING_DAYS_TO_ANSWER = 10  # no source: long enough for a head who is away for a week


def ask_head(application: Application, *, at: datetime) -> Endorsement | None:
    """Ask the head by e-mail. Safe to call twice: somebody who has been asked or has confirmed is not asked again."""
    if application.endorsements.current().exists():
        return None
    return _ask(application, application.head_name, application.head_email, at=at)


def _ask(application: Application, name: str, email: str, *, at: datetime) -> Endorsement:
    asked = Endorsement.objects.create(
        application=application,
        hub=application.hub,
        name=name,
        email=email,
        asked_at=at,
        answer_by=next_working_day(london_date(at), WORKING_DAYS_TO_ANSWER),
        commitments=rule_set_of(application, at=at).commitments,
    )
    emails.ask_head(asked, head_link(asked, at=at), at=at)
    return asked


def head_link(asked: Endorsement, *, at: datetime):
    """Return a new private link to the head's page. Earlier ones keep working: they are the same person's."""
    return links.make(HEAD_LINK, subject_of(asked), at=at, lives=LINK_LIVES)


def _lock(asked: Endorsement) -> None:
    """Make everybody who answers, passes on or asks again about one application wait for each other."""
    Application.objects.locked(asked.application_id)
    asked.refresh_from_db()


def _stop_reminding(application: Application) -> None:
    drop_queued_reminders(subject_of(application), [HEAD_NOT_CONFIRMED])


def _still_wanted(asked: Endorsement) -> None:
    if asked.application.status not in LIVE:
        raise IllegalMove("This application has ended, so nothing needs to be confirmed.")


@transaction.atomic
def confirm(asked: Endorsement, *, name: str, capacity: str, at: datetime) -> None:
    """Write that the school supports the commitments. A second confirmation changes nothing and raises nothing."""
    _lock(asked)
    if asked.status == EndorsementStatus.CONFIRMED:
        return
    _still_wanted(asked)
    change_status(
        asked,
        EndorsementStatus.CONFIRMED,
        moves=ENDORSEMENT_MOVES,
        by="Headteacher" if capacity == Endorsement.Capacity.HEAD else "Somebody who can accept for the school",
        at=at,
        answered_at=at,
        answered_name=name,
        capacity=capacity,
    )
    note_event(asked.application, "head confirmed", by="Headteacher", at=at)
    _stop_reminding(asked.application)
    emails.head_answered(asked, at=at)


@transaction.atomic
def refuse(asked: Endorsement, *, name: str, note: str, at: datetime) -> None:
    """Write that the school cannot commit. It can still be taken back by confirming with the same link."""
    _lock(asked)
    if asked.status == EndorsementStatus.REFUSED:
        return
    if asked.status == EndorsementStatus.CONFIRMED:
        raise IllegalMove("This was confirmed already. To take it back, write to the hub at the foot of this page.")
    _still_wanted(asked)
    change_status(
        asked,
        EndorsementStatus.REFUSED,
        moves=ENDORSEMENT_MOVES,
        by="Headteacher",
        at=at,
        answered_at=at,
        answered_name=name,
    )
    Endorsement.objects.filter(pk=asked.pk).update(note=note)  # change_status() would write it into the event
    asked.note = note
    note_event(asked.application, "head said no", by="Headteacher", at=at)
    _stop_reminding(asked.application)
    emails.hub_is_told(asked.application, "The head has said no.", at=at)
    emails.head_answered(asked, at=at)


@transaction.atomic
def pass_on(asked: Endorsement, *, name: str, email: str, at: datetime) -> Endorsement:
    """Ask somebody else instead. The first link then only says so. A repeat of the same step asks nobody twice."""
    _lock(asked)
    if asked.status == EndorsementStatus.PASSED_ON:
        return asked.application.endorsements.current().last() or asked
    _still_wanted(asked)
    change_status(asked, EndorsementStatus.PASSED_ON, moves=ENDORSEMENT_MOVES, by="Headteacher", at=at, answered_at=at)
    note_event(asked.application, "head passed it on", by="Headteacher", at=at)
    _stop_reminding(asked.application)
    return _ask(asked.application, name, email, at=at)


def send_again(asked: Endorsement, *, at: datetime) -> None:
    """Send the same person the request once more. Links sent before keep working."""
    emails.ask_head_again(asked, head_link(asked, at=at), at=at)


@transaction.atomic
def ask_again(application: Application, *, name: str, email: str, by: User | str, at: datetime) -> Endorsement:
    """Ask at another address, for a head who has changed or whose address was wrong; older links are closed."""
    application = Application.objects.locked(application.pk)
    for asked in application.endorsements.filter(status__in=[EndorsementStatus.ASKED, EndorsementStatus.REFUSED]):
        change_status(asked, EndorsementStatus.REPLACED, moves=ENDORSEMENT_MOVES, by=by or PORTAL, at=at)
        links.revoke(subject_of(asked), HEAD_LINK, at=at)
    _stop_reminding(application)
    return _ask(application, name, email, at=at)
