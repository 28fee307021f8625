"""How a status is changed, once and with its event: who moved what, when and why.

A message's way through the mail (`messaging/delivery.py`) has no events and writes its own statuses.
"""

from datetime import datetime

from django.db import models, transaction

from hubportal.accounts.models import User

from .models import Event

PORTAL = "Portal"  # the actor of what the portal does by itself


class IllegalMove(Exception):
    """A status cannot become another, or somebody else was first. Nothing has been saved."""


def subject_of(record: models.Model) -> str:
    """Return the text by which events, links and messages name a record."""
    return f"{record._meta.label_lower}:{record.pk}"


def note_event(
    record: models.Model, kind: str, *, by: User | str, at: datetime, note: str = "", old: str = "", new: str = ""
) -> Event:
    """Write what happened to `record`. `by` is a user, or words for somebody without an account (“Headteacher”)."""
    event = _event(record, kind, by=by, at=at, note=note, old=old, new=new)
    event.save()
    return event


def _event(record: models.Model, kind: str, *, by: User | str, at: datetime, note: str, old: str, new: str) -> Event:
    person = by if isinstance(by, User) else None
    return Event(
        subject=subject_of(record),
        hub_id=getattr(record, "hub_id", None),
        kind=kind,
        old=old,
        new=new,
        by=person,
        actor="" if person else by,
        at=at,
        note=note,
    )


@transaction.atomic
def change_status(record, new, *, moves, by: User | str, at: datetime, note: str = "", **values) -> None:
    """Move `record` to status `new` exactly once, set `values` with it, and write the event that says so.

    Raises IllegalMove when the move is not in `moves` or when somebody else has moved the record meanwhile.
    """
    old = type(new)(record.status)
    if new not in moves[old]:
        raise IllegalMove(f"“{old.label}” cannot become “{new.label}”.")
    changed = type(record)._base_manager.filter(pk=record.pk, status=old).update(status=new, **values)
    if not changed:
        raise IllegalMove("Somebody else has just changed this. Reload the page.")
    for name, value in (values | {"status": new}).items():
        setattr(record, name, value)
    note_event(record, "status", old=old, new=new, by=by, at=at, note=note)


@transaction.atomic
def change_all(records: models.QuerySet, new, *, moves, by: User | str, at: datetime, note: str = "", **values) -> list:
    """Move every one of `records` that may become `new`, as `change_status` does one; return them as they now are.

    The rest stay as they are. It takes as many statements for one record as for a thousand.
    """
    movable = [old for old, following in moves.items() if new in following]
    moved = list(records.filter(status__in=movable).order_by("pk").select_for_update(of=("self",), no_key=True))
    events = [_event(each, "status", by=by, at=at, note=note, old=each.status, new=new) for each in moved]
    Event.objects.bulk_create(events)
    records.model._base_manager.filter(pk__in=[each.pk for each in moved]).update(status=new, **values)
    for each in moved:
        for name, value in (values | {"status": new}).items():
            setattr(each, name, value)
    return moved
