"""Two records of one person become one: one of the staff asks, a second person agrees, and both histories are kept."""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from hubportal.accounts.models import Hub, User
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, note_event
from hubportal.rules import Finding, Refused

from . import hanging
from .models import Person, PersonJoin, PersonName

PATIENCE = "SET LOCAL lock_timeout = '3s'"


@transaction.atomic
def ask(person: Person, into: Person, *, reason: str, by: User, at: datetime) -> PersonJoin:
    """Ask for two records to be joined, and return the request. A repeat by the same person returns the first one.

    Raises Refused with everything that stands in the way.
    """
    person, into = _locked(person.pk, into.pk)
    found = [] if reason.strip() else [Finding("no_reason", "Say how you know that they are one person.")]
    if found := [*found, *against(person, into)]:
        raise Refused(found)
    waiting = between(person, into).waiting().first()
    if waiting and waiting.by_id == by.pk:
        return waiting
    try:
        with transaction.atomic():
            asked = PersonJoin.objects.create(
                person=person, into=into, hub=_hub_that_answers(person, into, by), reason=reason, by=by, at=at
            )
    except IntegrityError as problem:
        text = f"Somebody has asked to join {person} already, and a second person has not answered yet."
        raise Refused([Finding("asked_already", text)]) from problem
    for each in (person, into):
        note_event(each, "join asked for", by=by, at=at)
    return asked


@transaction.atomic
def agree(asked: PersonJoin, *, by: User, at: datetime) -> None:
    """Join the two as the second person. Raises Refused or IllegalMove; then nothing is saved."""
    if by.pk == asked.by_id:
        raise Refused([Finding("same_person", "A second person has to agree: you asked for this yourself.")])
    person, into = _locked(asked.person_id, asked.into_id)
    if not PersonJoin.objects.waiting().filter(pk=asked.pk).update(agreed_by=by, agreed_at=at):
        raise IllegalMove("Somebody else has just answered this. Reload the page.")
    join(person, into, by=by, at=at)


@transaction.atomic
def reject(asked: PersonJoin, *, by: User, at: datetime) -> None:
    """Keep the two apart: they are two people. Who asked may also take the request back."""
    if not PersonJoin.objects.waiting().filter(pk=asked.pk).update(rejected_by=by, rejected_at=at):
        raise IllegalMove("Somebody else has just answered this. Reload the page.")
    for each in (asked.person, asked.into):
        note_event(each, "join turned down", by=by, at=at)


@transaction.atomic
def are_two(person: Person, into: Person, *, by: User, at: datetime) -> None:
    """Keep that two records are two people, so that nobody is asked again. Safe to call twice."""
    if between(person, into).exclude(rejected_at=None).exists():
        return
    if between(person, into).waiting().exists():
        raise Refused([Finding("asked_already", "A colleague has asked to join them: answer that request.")])
    PersonJoin.objects.create(
        person=person,
        into=into,
        hub=_hub_that_answers(person, into, by),
        reason="Two people.",
        by=by,
        at=at,
        rejected_by=by,
        rejected_at=at,
    )


@transaction.atomic
def join(person: Person, into: Person, *, by: User, at: datetime) -> None:
    """Make two records one: everything of `person` becomes that of `into`, former names and addresses too.

    Safe to call twice. Raises Refused with everything that has to be done first; then nothing is saved.
    """
    person, into = _locked(person.pk, into.pk)
    if person.merged_into_id == into.pk:
        return
    if findings := list(against(person, into)):
        raise Refused(findings)
    moved = ", ".join(hanging.counts(person))
    try:
        with transaction.atomic():
            _move(person, into, by=by, at=at)
    except IntegrityError as problem:  # somebody has been quicker since we looked
        text = "A record of one of the two has just changed, and the two cannot stand together now. Look again."
        raise Refused(list(against(person, into)) or [Finding("busy", text)]) from problem
    note_event(person, "joined into", by=by, at=at, old=str(person.pk), new=str(into.pk), note=f"With {moved}.")
    note_event(into, "joined", by=by, at=at, old=str(person.pk), new=str(into.pk), note=f"With {moved}.")


def _move(person: Person, into: Person, *, by: User, at: datetime) -> None:
    others = PersonJoin.objects.waiting().filter(Q(person=person) | Q(into=person))
    others.update(rejected_by=by, rejected_at=at)
    hanging.move(person, into)
    if person.name != into.name:
        PersonName.objects.get_or_create(person=into, name=person.name, defaults={"until_on": london_date(at)})
    number = person.trn or into.trn
    Person.objects.filter(pk=person.pk).update(merged_into=into, trn="")
    Person.objects.filter(pk=into.pk).update(trn=number)


def against(person: Person, into: Person) -> Iterator[Finding]:
    """Yield everything that keeps `person` from being joined into `into`."""
    if person.pk == into.pk:
        yield Finding("same", "These are one record already.")
        return
    for each in (person, into):
        if each.merged_into_id:
            yield Finding("joined_before", f"{each} has been joined into another record already.")
    if person.trn and into.trn and person.trn != into.trn:
        text = (
            "They have two teacher reference numbers, so they are two people. If one number is wrong, correct it first."
        )
        yield Finding("two_numbers", text)
    yield from hanging.in_the_way(person, into)


def consequences(person: Person, into: Person) -> list[str]:
    """Return in sentences what joining will do."""
    said = [
        f"The record of {into} (number {into.pk}) is kept. All of {person} (number {person.pk}) becomes its own.",
        f"These move, of every hub: {', '.join(hanging.counts(person)) or 'nothing'}.",
        "Both names and all addresses stay. A name or an accreditation that both have stands once.",
        "Places, grants and posts stay as they are: nothing is paid, and nobody is written to.",
        "A second person of your hub has to agree. After that it cannot be undone.",
    ]
    return said


def between(one: Person, other: Person):
    """Return the requests about two people, whichever was to be kept."""
    return PersonJoin.objects.filter(Q(person=one, into=other) | Q(person=other, into=one))


def _hub_that_answers(person: Person, into: Person, by: User) -> Hub:
    """Return the hub whose staff answer: one that has to do with either and where the one who asks decides."""
    hubs = hanging.hubs_of(into) | hanging.hubs_of(person)
    theirs = hubs if by.is_superuser else hubs & by.hubs_where(hanging.PERMISSION)
    if not theirs:
        raise Refused([Finding("not_yours", "Your hub has nothing to do with these two people.")])
    return Hub.objects.get(pk=min(theirs))


def _locked(person: int, into: int) -> tuple[Person, Person]:
    """Lock both rows in one order, so that two who join crosswise wait for each other; return them anew.

    Whoever is writing something to either person is waited for: see the trigger `lead_to_kept_person`.
    """
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
    found = {each.pk: each for each in Person.objects.select_for_update().filter(pk__in=[person, into]).order_by("pk")}
    return found[person], found.get(into, found[person])
