"""What staff put right about a person: the name, the teacher reference number, an address that came or went."""

from datetime import datetime

from django.db import IntegrityError, transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import note_event
from hubportal.rules import Finding, Refused

from .models import Person, PersonEmail, PersonName


@transaction.atomic
def rename(person: Person, *, name: str, trn: str, by: User, at: datetime) -> None:
    """Give the person a new name or number; the former name is kept. A repeat changes nothing."""
    locked = _locked(person)
    if (locked.name, locked.trn) == (name, trn):
        return
    try:
        with transaction.atomic():
            Person.objects.filter(pk=locked.pk).update(name=name, trn=trn)
    except IntegrityError as problem:
        text = "Another person in our records has this number. If they are one person, join the two records."
        raise Refused([Finding("trn", text)]) from problem
    if locked.name != name:
        PersonName.objects.update_or_create(person=locked, name=locked.name, defaults={"until_on": london_date(at)})
        note_event(locked, "name changed", by=by, at=at)
    if locked.trn != trn:
        note_event(locked, "teacher reference number changed", by=by, at=at)


@transaction.atomic
def add_address(person: Person, email: str, *, by: User, at: datetime) -> None:
    """Keep one more address. A repeat changes nothing. The event names no address: it stays for good."""
    locked = _locked(person)
    try:
        with transaction.atomic():
            PersonEmail.objects.create(person=locked, email=email.lower())
    except IntegrityError as problem:
        if locked.emails.filter(email__iexact=email).exists():
            return
        text = (
            "This address belongs to another person in our records. If they are one person, join the two records; if "
            "not, give an address that is this person's own."
        )
        raise Refused([Finding("email", text)]) from problem
    note_event(locked, "address added", by=by, at=at)


@transaction.atomic
def remove_address(person: Person, address: int, *, by: User, at: datetime) -> None:
    """Remove an address by its number; the last one stays. A repeat changes nothing."""
    locked = _locked(person)
    if not locked.emails.filter(pk=address).exists():
        return
    if locked.emails.count() == 1:
        text = "This is the only address of this person, by which we know who it is. Add the new one first."
        raise Refused([Finding("last_address", text)])
    locked.emails.filter(pk=address).delete()
    note_event(locked, "address removed", by=by, at=at)


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)
