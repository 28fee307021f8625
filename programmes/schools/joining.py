"""Two schools of ours that are one: everything of the one is moved to the other, and its row says where it went."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import IntegrityError, OperationalError, connection, transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import note_event
from hubportal.rules import Finding, Refused

from . import hanging
from .actions import decide, leave_urn, school_for_urn
from .models import Establishment, School, SchoolChange
from .states import ChangeStatus

PATIENCE = "SET LOCAL lock_timeout = '700ms'"  # less than deadlock_timeout: of two who wait for each other, we give up
LOCK_NOT_AVAILABLE = "55P03"
JOINED_INTO = "joined into"  # the event of the school that is no more; the kept one's is "joined"


@transaction.atomic
def join(school: School, into: School, *, by: User | str, at: datetime, note: str = "") -> None:
    """Make two schools of ours one: everything of `school` becomes that of `into`. Safe to call twice.

    Both keep their URNs' history, now as one; questions about `school` that wait for a decision are answered by it.
    Raises Refused, with everything that has to be done first; then nothing is saved.
    """
    school, into = _locked(school, into)
    if school.joined_into_id == into.pk:
        return
    if findings := list(against(school, into, today=london_date(at))):
        raise Refused(findings)
    moved = ", ".join(hanging.counts(school))
    text = f"{_named(school)} was joined into {_named(into)}, with {moved}. {note}".strip()
    _move(school, into, by=by, at=at, note=note)
    for record, kind in ((school, JOINED_INTO), (into, "joined")):
        note_event(record, kind, old=str(school.urn), new=str(into.urn), by=by, at=at, note=text)


@transaction.atomic
def join_successor(change: SchoolChange, successor: Establishment, *, by: User, at: datetime, note: str = "") -> None:
    """Decide that the school of the change is the one that has its successor's URN already, and join it into that.

    Raises Refused, or IllegalMove when somebody has decided already; then nothing is saved.
    """
    into = school_for_urn(successor.pk)
    if into is None:
        raise Refused([Finding("not_ours", f"{successor} is no school of ours: move the school there instead.")])
    _locked(change.school, into)
    decide(change, ChangeStatus.JOINED, by=by, at=at, note=note)
    join(change.school, into, by=by, at=at, note=note)


def direction(one: School, other: School, *, today: date) -> tuple[School, School]:
    """Return which of two schools is joined into which: a closed one into one that is not, else `one` into `other`."""
    if other.establishment.is_closed_on(today) and not one.establishment.is_closed_on(today):
        return other, one
    return one, other


def consequences(school: School, into: School) -> list[str]:
    """Return in sentences what joining will do."""
    waiting = school.changes.waiting().count()
    said = [
        f"{_named(into)} is kept. Everything of {_named(school)} becomes its own.",
        f"These move, of every hub: {', '.join(hanging.counts(school))}.",
        f"The URNs of both become one history; whoever looks for the URN {school.urn} is led to {_named(into)}.",
        "Grants stay frozen as they are, and nothing is sent to anybody.",
    ]
    if waiting:
        said.append(f"Changes in the register of {school.name} that wait for a decision are closed with it: {waiting}.")
    return [*said, "This cannot be undone."]


def against(school: School, into: School, *, today: date) -> Iterator[Finding]:
    """Yield everything that keeps `school` from being joined into `into`."""
    if school.pk == into.pk:
        yield Finding("same", f"{_named(school)} is this very school, under one of its URNs.")
        return
    for each in (school, into):
        if each.joined_into_id:
            yield Finding("joined_before", f"{_named(each)} has been joined into {_named(each.joined_into)} already.")
    if direction(school, into, today=today) != (school, into):
        text = f"{_named(into)} has closed and {_named(school)} has not: join the closed one into the other."
        yield Finding("wrong_way", text)
    yield from hanging.in_the_way(school, into)


def _locked(school: School, into: School) -> tuple[School, School]:
    """Lock both rows, in one order, so that two people who join crosswise wait for each other; return them anew.

    Whoever is writing something to either school is waited for, and waits: see the trigger `lead_to_kept_school`.
    """
    rows = School.objects.select_for_update(of=("self",)).filter(pk__in=[school.pk, into.pk])
    found = {each.pk: each for each in rows.select_related("establishment").order_by("pk")}
    return found[school.pk], found[into.pk]


def _move(school: School, into: School, *, by, at: datetime, note: str) -> None:
    try:
        with transaction.atomic():
            _be_impatient()
            for change in school.changes.waiting():
                decide(change, ChangeStatus.JOINED, by=by, at=at, note=note)
            leave_urn(school, today=london_date(at))
            hanging.move(school, into)
            School.objects.filter(pk=school.pk).update(joined_into=into)
    except IntegrityError as problem:  # somebody has been quicker since we looked
        again = list(hanging.in_the_way(school, into)) or [_cannot_stand_together(problem)]
        raise Refused(again) from problem
    except OperationalError as problem:
        if getattr(problem.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        text = f"Somebody is just working on a record of {_named(school)}. Nothing has been joined; try again."
        raise Refused([Finding("busy", text)]) from problem


def _be_impatient() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)


def _cannot_stand_together(problem: IntegrityError) -> Finding:
    name = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None) or "a rule of the database"
    text = f"Records of the two schools cannot stand together ({name.replace('_', ' ')}), so they cannot be joined."
    return Finding("cannot_stand_together", text)


def _named(school: School) -> str:
    return f"{school.name} (URN {school.urn})"
