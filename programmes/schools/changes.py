"""What a new register means for our own schools: a successor to follow, or a question for staff."""

from collections import Counter
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused

from . import actions
from .links import Successors, successors
from .models import Establishment, School, SchoolChange
from .states import ChangeKind, ChangeStatus

BY = "Register"
# Letter case, points and apostrophes do not make a new name.
MAJOR = """
SELECT school.id, changed.urn, changed.old_name, changed.name, changed.old_type_code, changed.type_code,
       changed.old_type_name, {type_name}, changed.old_phase, changed.phase,
       plain_text(changed.old_name) <> plain_text(changed.name)
FROM register_changed AS changed
JOIN programmes_school AS school ON school.establishment_id = changed.urn AND school.joined_into_id IS NULL
WHERE NOT changed.is_new ORDER BY changed.urn
"""


def find(cursor, outcome, *, today: date, at: datetime) -> None:
    """Follow what leaves no doubt and open a SchoolChange for the rest; say so in `outcome`. Safe to call twice."""
    _close_what_reopened(today=today, at=at)
    _find_closed(outcome, today=today, at=at)
    _find_major(cursor, outcome, at=at)


def _close_what_reopened(*, today: date, at: datetime) -> None:
    waiting = SchoolChange.objects.waiting().filter(kind=ChangeKind.CLOSED).select_related("establishment")
    for change in waiting:
        if not change.establishment.is_closed_on(today):
            actions.ignore(change, by=BY, at=at, note="The register shows the school open again.")


def _find_closed(outcome, *, today: date, at: datetime) -> None:
    decided = SchoolChange.objects.decided().filter(
        school=OuterRef("pk"), establishment=OuterRef("establishment"), kind=ChangeKind.CLOSED
    )
    closed = School.objects.closed_by(today).exclude(Exists(decided)).select_related("establishment").order_by("pk")
    found = {school: successors(school.urn, today=today) for school in closed}
    wanted = Counter(each.only.pk for each in found.values() if each.only)
    for school, where in found.items():
        change, new = SchoolChange.objects.get_or_create(
            school=school,
            establishment=school.establishment,
            kind=ChangeKind.CLOSED,
            status=ChangeStatus.OPEN,
            defaults={"old": "Open", "new": _closing(school.establishment), "found_at": at},
        )
        change.successors.set(where.open)
        if where.only and wanted[where.only.pk] == 1 and _follow(change, where.only, at=at):
            outcome.followed.append(f"{school.establishment} -> {where.only}")
        elif new:
            outcome.for_staff.append(f"{school.establishment} has closed; {_leads_to(where)}.")


def _follow(change: SchoolChange, successor: Establishment, *, at: datetime) -> bool:
    try:
        actions.follow(change, successor, by=BY, at=at, note="The only open successor in the register.")
    except (IllegalMove, Refused):
        return False
    return True


def _closing(establishment: Establishment) -> str:
    return f"Closed on {establishment.closed_on:%-d %B %Y}" if establishment.closed_on else "Closed"


def _leads_to(where: Successors) -> str:
    named = [str(each) for each in where.open] + [f"URN {urn} (not in the register)" for urn in sorted(where.unknown)]
    if not named:
        return "the register names no open successor"
    return f"the register leads to {' and '.join(named)}"


def _find_major(cursor, outcome, *, at: datetime) -> None:
    cursor.execute(MAJOR.format(type_name="changed.type_name" if "type_name" in outcome.fields else "old_type_name"))
    for pk, urn, old_name, name, old_type, new_type, *types, old_phase, phase, renamed in cursor.fetchall():
        if renamed:
            _ask(outcome, pk, urn, ChangeKind.RENAMED, old_name, name, name=name, at=at)
        if new_type != old_type:
            _ask(outcome, pk, urn, ChangeKind.TYPE, *types, name=name, at=at)
        if phase != old_phase:
            _ask(outcome, pk, urn, ChangeKind.PHASE, _phase(old_phase), _phase(phase), name=name, at=at)


def _phase(code: int) -> str:
    return dict(Establishment.Phase.choices).get(code, str(code))


def _ask(outcome, school_pk: int, urn: int, kind: ChangeKind, old: str, new: str, *, name: str, at: datetime) -> None:
    _, is_new = SchoolChange.objects.get_or_create(
        school_id=school_pk,
        establishment_id=urn,
        kind=kind,
        new=new,
        status=ChangeStatus.OPEN,
        defaults={"old": old, "found_at": at},
    )
    if is_new:
        outcome.for_staff.append(f"{name} (URN {urn}): {kind.label.lower()}, “{old}” is now “{new}”.")
