"""What is done to our schools: taking one in, and deciding what a change in the register means for it."""

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
    _may_follow(change, school, successor, today)
    _decide(change, ChangeStatus.FOLLOWED, by=by, at=at, note=note)
    left_on = min(old.closed_on or today, today)
    current = school.urns.filter(until_on=None).first()
    if current:
        current.until_on = max(left_on, current.from_on)
        current.save(update_fields=["until_on"])
    try:
        with transaction.atomic():
            _open_urn(school, successor, on=max(left_on, _had_since(successor, today)))
            School.objects.filter(pk=school.pk).update(establishment=successor)
    except IntegrityError as error:
        raise Refused([_taken(successor)]) from error
    text = f"{old.name} (URN {old.pk}) became {successor.name} (URN {successor.pk}). {note}".strip()
    note_event(school, "moved", old=str(old.pk), new=str(successor.pk), by=by, at=at, note=text)


def accept(change: SchoolChange, *, by: User | str, at: datetime, note: str = "") -> None:
    """Take note of the change: the school goes on under the register's new facts. Raises IllegalMove."""
    _decide(change, ChangeStatus.ACCEPTED, by=by, at=at, note=note)


def ignore(change: SchoolChange, *, by: User | str, at: datetime, note: str = "") -> None:
    """Leave the school as it was: the register is wrong, or it means nothing for us. Raises IllegalMove."""
    _decide(change, ChangeStatus.IGNORED, by=by, at=at, note=note)


def _decide(change: SchoolChange, status: ChangeStatus, *, by: User | str, at: datetime, note: str) -> None:
    person = by if isinstance(by, User) else None
    change_status(change, status, moves=MOVES, by=by, at=at, note=note, decided_by=person, decided_at=at)
    if note:
        SchoolChange.objects.filter(pk=change.pk).update(note=note)
        change.note = note


def _may_follow(change: SchoolChange, school: School, successor: Establishment, today: date) -> None:
    if school.establishment_id != change.establishment_id:
        raise Refused([Finding("moved", f"{school} has another URN by now. Reload the page.")])
    if not successor.is_open_on(today):
        raise Refused([Finding("successor_closed", f"{successor} is not open, so the school cannot move there.")])
    other = school_for_urn(successor.pk)
    if other and other != school:
        raise Refused([_taken(successor)])


def _taken(successor: Establishment) -> Finding:
    return Finding("successor_taken", f"{successor} is a school of ours already, so a person must join the two.")


def _open_urn(school: School, establishment: Establishment, *, on: date) -> None:
    SchoolUrn.objects.update_or_create(
        school=school,
        establishment=establishment,
        defaults={"name": establishment.name, "from_on": on, "until_on": None},
    )


def _had_since(establishment: Establishment, today: date) -> date:
    return min(establishment.opened_on or today, today)
