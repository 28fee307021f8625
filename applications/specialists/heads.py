"""The head's part: asked by private link, answered by POST only, passed on when it is another's to answer."""

from datetime import datetime, timedelta

from django.db import transaction

from applications.states import ENDORSEMENT_MOVES, EndorsementStatus
from hubportal.accounts import links
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, IllegalMove, change_status, note_event, subject_of
from hubportal.messaging.reminders import next_working_day
from hubportal.rules import Finding, Refused

from . import emails
from .facts import days_asked, rule_set_of
from .models import HeadPart, SpecialistApplication
from .states import LIVE
from .states import SpecialistApplicationStatus as Status

HEAD_LINK = "specialists:head"
LINK_LIVES = timedelta(days=60)
WORKING_DAYS_TO_ANSWER = 10  # no source: long enough for a head who is away for a week
BY = {"head": "Headteacher", "senior_leader": "A senior leader", "governor": "A governor or trustee"}
SAME_ADDRESS = "This is the applicant's own address. Somebody else has to answer for the school."


def ask_first(application: SpecialistApplication, *, at: datetime) -> HeadPart | None:
    """Ask the head by e-mail once the check lets it go on; somebody who has been asked is not asked again."""
    if application.status not in {Status.ELIGIBLE, Status.REFERRED} or application.head_parts.current().exists():
        return None
    return _ask(application, application.head_name, application.head_email, at=at)


def _ask(application: SpecialistApplication, name: str, email: str, *, at: datetime) -> HeadPart:
    asked = HeadPart.objects.create(
        application=application,
        hub=application.hub,
        name=name,
        email=email,
        asked_at=at,
        answer_by=next_working_day(london_date(at), WORKING_DAYS_TO_ANSWER),
    )
    emails.ask_head(asked, link_for(asked, at=at), at=at)
    return asked


def link_for(asked: HeadPart, *, at: datetime):
    """Return a new private link to the head's page. Earlier ones keep working: they are the same person's."""
    return links.make(HEAD_LINK, subject_of(asked), at=at, lives=LINK_LIVES)


def is_applicant(asked: HeadPart) -> bool:
    """Return whether the request went to the applicant's own address, who must not answer it."""
    return asked.email.lower() == asked.application.email.lower()


def _lock(asked: HeadPart) -> None:
    """Make everybody who answers or passes on one application's request wait for each other."""
    asked.application = SpecialistApplication.objects.locked(asked.application_id)
    asked.refresh_from_db(fields=["status"])


def _still_wanted(asked: HeadPart) -> None:
    if asked.application.status not in LIVE:
        raise IllegalMove("This application has ended, so nothing needs to be answered.")


@transaction.atomic
def support(
    asked: HeadPart, *, name: str, capacity: str, launch: str, launch_name: str, ticked: list[str], statement: str,
    at: datetime,
) -> None:  # fmt: skip
    """Write that the school supports the teacher. A second answer changes nothing. Raises Refused for one's own."""
    _lock(asked)
    if asked.status == EndorsementStatus.CONFIRMED:
        return
    _still_wanted(asked)
    if is_applicant(asked):
        raise Refused([Finding("head_is_applicant", SAME_ADDRESS)])
    rule_set = rule_set_of(asked.application, at=at)
    made = [row | {"at": at.isoformat()} for row in rule_set.commitments if row["code"] in ticked]
    change_status(
        asked,
        EndorsementStatus.CONFIRMED,
        moves=ENDORSEMENT_MOVES,
        by=BY[capacity],
        at=at,
        answered_at=at,
        answered_name=name,
        capacity=capacity,
        release_days=days_asked(rule_set) or 0,
        launch=launch,
        launch_name=launch_name,
        commitments=made,
        statement=statement,
    )
    note_event(asked.application, "head supports it", by=BY[capacity], at=at)
    emails.head_answered(asked, at=at)
    emails.hub_is_told(asked.application, "The head has answered: the school supports it.", at=at)


@transaction.atomic
def refuse(asked: HeadPart, *, name: str, note: str, at: datetime) -> None:
    """Write that the school cannot support it. It can still be taken back by answering with the same link."""
    _lock(asked)
    if asked.status == EndorsementStatus.REFUSED:
        return
    if asked.status == EndorsementStatus.CONFIRMED:
        raise IllegalMove("This was answered already. To take it back, write to the hub at the foot of this page.")
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
    HeadPart.objects.filter(pk=asked.pk).update(note=note)  # change_status() would write it into the event
    note_event(asked.application, "head said no", by="Headteacher", at=at)
    emails.hub_is_told(asked.application, "The head has said no.", at=at)
    emails.head_answered(asked, at=at)


@transaction.atomic
def pass_on(asked: HeadPart, *, name: str, email: str, is_head: bool = False, at: datetime) -> HeadPart:
    """Ask somebody else instead; `is_head` when it is because the applicant is the head. A repeat asks nobody twice."""
    _lock(asked)
    if asked.status == EndorsementStatus.PASSED_ON:
        return asked.application.head_parts.current().last() or asked
    _still_wanted(asked)
    if email.lower() == asked.application.email.lower():
        raise Refused([Finding("head_is_applicant", SAME_ADDRESS)])
    change_status(asked, EndorsementStatus.PASSED_ON, moves=ENDORSEMENT_MOVES, by="Headteacher", at=at, answered_at=at)
    note_event(asked.application, "head passed it on", by="Headteacher", at=at)
    made = _ask(asked.application, name, email, at=at)
    if is_head or is_applicant(asked):
        _say_is_head(asked.application, at=at)
    return made


def _say_is_head(application: SpecialistApplication, *, at: datetime) -> None:
    from .checks import recheck  # checks asks heads

    SpecialistApplication.objects.filter(pk=application.pk).update(is_head=True)
    recheck(application, by=PORTAL, at=at, note="The applicant is the head: somebody else was asked.")


@transaction.atomic
def ask_again(application: SpecialistApplication, *, name: str, email: str, by, at: datetime) -> HeadPart:
    """Ask at another address, or the same person once more; links that went elsewhere are closed."""
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status not in LIVE:
        raise IllegalMove("This application has ended, so nobody is asked about it.")
    if email.lower() == locked.email.lower():
        raise Refused([Finding("head_is_applicant", SAME_ADDRESS)])
    current = locked.head_parts.current().last()
    if current and current.status == EndorsementStatus.CONFIRMED:
        raise IllegalMove("The school has answered already, so nobody else is asked.")
    if current and current.status == EndorsementStatus.ASKED and current.email.lower() == email.lower():
        note_event(locked, "head sent a new link", by=by, at=at)
        emails.ask_head(current, link_for(current, at=at), at=at)
        return current
    for asked in locked.head_parts.filter(status__in=["asked", "refused"]):
        change_status(asked, EndorsementStatus.REPLACED, moves=ENDORSEMENT_MOVES, by=by, at=at)
        links.revoke(subject_of(asked), HEAD_LINK, at=at)
    SpecialistApplication.objects.filter(pk=locked.pk).update(head_name=name, head_email=email)
    note_event(locked, "head corrected", by=by, at=at)
    return _ask(locked, name, email, at=at)
