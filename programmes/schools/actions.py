"""What is done to our schools: taking one in, and deciding what a change in the register means for it."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import IntegrityError, transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import change_status, note_event
from hubportal.rules import Finding, Refused

from .models import Establishment, School, SchoolChange, SchoolUrn
from .states import MOVES, ChangeStatus


def school_for_urn(urn: int) -> School | None:
    """Return our school that has this URN, or had it once."""
    return School.objects.with_urn(urn).first()


def register_school(establishment: Establishment, *, at: datetime) -> School:
    """Return our school of this establishment, present or past; take it in if it is none of ours yet.

    Safe to call twice and at once: the database lets a URN belong to one school only.
    """
    if school := school_for_urn(establishment.pk):
        return school
    try:
        with transaction.atomic():
            school = School.objects.create(establishment=establishment)
            _open_urn(school, establishment, on=_had_since(establishment, london_date(at)))
            return school
    except IntegrityError:
        if school := school_for_urn(establishment.pk):
            return school
        raise


@transaction.atomic
def follow(change: SchoolChange, successor: Establishment, *, by: User | str, at: datetime, note: str = "") -> None:
    """Move the school to its successor: the places and people stay with it, the old URN and name become history.

    Raises Refused when the successor is not open or is another school of ours, IllegalMove when somebody has decided
    already; then nothing is saved.
    """
    school = School.objects.select_for_update().select_related("establishment").get(pk=change.school_id)
    old, today = school.establishment, london_date(at)
    if findings := list(against_following(change, school, successor, today=today)):
        raise Refused(findings)
    decide(change, ChangeStatus.FOLLOWED, by=by, at=at, note=note)
    left_on = leave_urn(school, today=today)
    try:
        with transaction.atomic():
            _open_urn(school, successor, on=max(left_on, _had_since(successor, today)))
            School.objects.filter(pk=school.pk).update(establishment=successor)
    except IntegrityError as error:
        raise Refused([_taken(successor)]) from error
    text = f"{old.name} (URN {old.pk}) became {successor.name} (URN {successor.pk}). {note}".strip()
    note_event(school, "moved", old=str(old.pk), new=str(successor.pk), by=by, at=at, note=text)


def consequences_of_following(school: School, successor: Establishment) -> list[str]:
    """Return in sentences what `follow` will do."""
    return [
        f"{school.name} (URN {school.urn}) becomes {successor.name} (URN {successor.pk}).",
        "Its applications, places, grants and people stay with it.",
        f"The URN {school.urn} and the name {school.name} become its history; both still find it.",
    ]


def accept(change: SchoolChange, *, by: User | str, at: datetime, note: str = "") -> None:
    """Take note of the change: the school goes on under the register's new facts. Raises IllegalMove."""
    decide(change, ChangeStatus.ACCEPTED, by=by, at=at, note=note)


def ignore(change: SchoolChange, *, by: User | str, at: datetime, note: str = "") -> None:
    """Leave the school as it was: the register is wrong, or it means nothing for us. Raises IllegalMove."""
    decide(change, ChangeStatus.IGNORED, by=by, at=at, note=note)


def decide(change: SchoolChange, status: ChangeStatus, *, by: User | str, at: datetime, note: str) -> None:
    """Close the question with its answer. Raises IllegalMove when somebody has decided already."""
    person = by if isinstance(by, User) else None
    change_status(change, status, moves=MOVES, by=by, at=at, note=note, decided_by=person, decided_at=at)
    if note:
        SchoolChange.objects.filter(pk=change.pk).update(note=note)
        change.note = note


def leave_urn(school: School, *, today: date) -> date:
    """Make the school's current URN history; return the day on which it was left, today at the latest."""
    left_on = min(school.establishment.closed_on or today, today)
    current = school.urns.filter(until_on=None).first()
    if current:
        current.until_on = max(left_on, current.from_on)
        current.save(update_fields=["until_on"])
    return left_on


def against_following(
    change: SchoolChange, school: School, successor: Establishment, *, today: date
) -> Iterator[Finding]:
    """Yield what keeps a school from being moved to its successor."""
    if school.establishment_id != change.establishment_id:
        yield Finding("moved", f"{school} has another URN by now. Reload the page.")
    if not successor.is_open_on(today):
        yield Finding("successor_closed", f"{successor} is not open, so the school cannot move there.")
    other = school_for_urn(successor.pk)
    if other and other != school:
        yield _taken(successor)


def _taken(successor: Establishment) -> Finding:
    return Finding("successor_taken", f"{successor} is a school of ours already, so the two have to be joined.")


def _open_urn(school: School, establishment: Establishment, *, on: date) -> None:
    SchoolUrn.objects.update_or_create(
        school=school,
        establishment=establishment,
        defaults={"name": establishment.name, "from_on": on, "until_on": None},
    )


def _had_since(establishment: Establishment, today: date) -> date:
    return min(establishment.opened_on or today, today)
