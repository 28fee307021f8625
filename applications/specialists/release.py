"""Releasing a cohort's decisions: every letter is seen first, all go out together, and each selected teacher starts."""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, change_status, note_event
from hubportal.rules import Finding, Refused
from hubportal.spreadsheets import safe
from programmes.models import Cohort, Person, PersonEmail, PersonName, Place
from programmes.people.actions import person_at
from programmes.specialists import actions as specialists

from . import checks, emails
from .facts import known_person, rule_set_of
from .models import SpecialistApplication
from .states import MOVES, Decision
from .states import SpecialistApplicationStatus as Status


@dataclass(frozen=True)
class Letter:
    """What a teacher would be sent."""

    application: SpecialistApplication
    to: str
    subject: str
    text: str


def to_release(cohort: Cohort):
    """Return what is waiting for its result at this cohort, in the order of names."""
    return SpecialistApplication.objects.undecided().filter(cohort=cohort).with_details().order_by("name", "pk")


def letters(cohort: Cohort) -> list[Letter]:
    """Return every letter that a release would send now, word for word."""
    decided = to_release(cohort).exclude(decision="")
    return [Letter(each, each.email, *emails.result_letter(each)) for each in decided]


def fingerprint(found: list[Letter]) -> str:
    """Return what stands for exactly these letters, so that nothing else is released than was seen."""
    rows = [[each.application.pk, each.application.decision, each.to, each.subject, each.text] for each in found]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def in_the_way(cohort: Cohort, *, at: datetime) -> list[Finding]:
    """Return what keeps the cohort's decisions from being released together."""
    waiting = list(to_release(cohort))
    findings = []
    if open_ := [each for each in waiting if not each.decision]:
        names = ", ".join(f"{each.name} ({each.reference})" for each in open_[:5])
        more = f" and {len(open_) - 5} more" if len(open_) > 5 else ""
        findings.append(Finding("undecided", f"Not decided yet: {names}{more}. Everybody is told on the same day."))
    selected = [each for each in waiting if each.decision == Decision.SELECTED]
    if cohort.places.live().count() + len(selected) > cohort.capacity:
        text = f"{len(selected)} are selected, and the allocation of {cohort.capacity} has not so much room."
        findings.append(Finding("full", text))
    for each in selected:
        for against in checks.against_selection(each, at=at):
            findings.append(Finding(against.code, f"{each.name}: {against.text}"))
    return findings


@transaction.atomic
def release(cohort: Cohort, seen: str, *, by: User, at: datetime) -> list[SpecialistApplication]:
    """Tell everybody of the cohort at once, and let each selected teacher start. Return who was told.

    `seen` is the fingerprint of the letters that were looked at. Raises Refused when they have changed since, or when
    something is in the way; IllegalMove when somebody else has just released them.
    """
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    list(to_release(cohort).select_for_update(of=("self",), no_key=True))
    found = letters(cohort)
    if not found:
        raise IllegalMove("There is nothing to release: somebody else may have just done it.")
    if findings := in_the_way(cohort, at=at):
        raise Refused(findings)
    if fingerprint(found) != seen:
        text = "The letters have changed since you looked at them. Look at them again before you release them."
        raise Refused([Finding("letters_changed", text)])
    for letter in found:
        _tell(letter.application, cohort, by=by, at=at)
    note_event(cohort, "decisions released", by=by, at=at, note=f"{len(found)} teachers told")
    return [letter.application for letter in found]


def _tell(application: SpecialistApplication, cohort: Cohort, *, by: User, at: datetime) -> None:
    values = {"released_by": by, "released_at": at}
    if application.decision == Decision.SELECTED:
        values |= _start(application, cohort, by=by, at=at)
    new = Status(application.decision)
    change_status(application, new, moves=MOVES, by=by, at=at, **values)
    emails.result(application, at=at)


def _start(application: SpecialistApplication, cohort: Cohort, *, by: User, at: datetime) -> dict[str, Person | Place]:
    """Give the teacher a place and let year 1 begin; return the two records to keep with the application."""
    person = _person(application, at=at)
    rule_set = rule_set_of(application, at=at)
    place = specialists.begin(
        person, application.school, cohort, rule_set=rule_set, origin=application.reference, by=by, at=at
    )
    return {"person": person, "place": place}


def _person(application: SpecialistApplication, *, at: datetime) -> Person:
    """Return the teacher's record, made if new; a TRN and previous names that we did not have are added to it."""
    today = london_date(at)
    known = known_person(application.email, application.trn)
    if known and not PersonEmail.objects.filter(email__iexact=application.email).exists():
        PersonEmail.objects.create(person=known, email=application.email.lower())
    person = person_at(
        application.school,
        name=known.name if known else application.name,
        email=application.email,
        role=application.role,
        on=today,
    )
    person = known or person
    if application.trn and not person.trn:
        Person.objects.filter(pk=person.pk).update(trn=application.trn)
    for name in filter(None, (part.strip() for part in application.former_names.split(","))):
        PersonName.objects.get_or_create(person=person, name=name[:120])
    return person


@transaction.atomic
def take_up(application: SpecialistApplication, *, by: User, at: datetime) -> None:
    """Select somebody from the reserve list, because a place has come free, and tell them."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=application.cohort_id)
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status != Status.RESERVE:
        raise IllegalMove(f"{locked.name} is “{locked.get_status_display()}” and not on the reserve list.")
    if cohort.places.live().count() >= cohort.capacity:
        raise Refused([Finding("full", f"Your allocation for this cohort is used up: {cohort.capacity}.")])
    if findings := checks.against_selection(locked, at=at):
        raise Refused(findings)
    locked.decision, locked.decision_reason = Decision.SELECTED, ""
    values = {"decision": Decision.SELECTED, "decision_reason": "", "decided_by": by, "decided_at": at}
    values |= _start(locked, cohort, by=by, at=at)
    change_status(locked, Status.SELECTED, moves=MOVES, by=by, at=at, **values)
    emails.result(locked, at=at)


@transaction.atomic
def let_reserve_go(application: SpecialistApplication, *, reason: str, by: User, at: datetime) -> None:
    """Tell somebody on the reserve list that no place has come free."""
    if not reason.strip():
        raise Refused([Finding("no_reason", "Give the reason: the teacher reads it.")])
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status != Status.RESERVE:
        raise IllegalMove(f"{locked.name} is “{locked.get_status_display()}” and not on the reserve list.")
    locked.decision, locked.decision_reason = Decision.NOT_SELECTED, reason
    values = {"decision": Decision.NOT_SELECTED, "decision_reason": reason, "decided_by": by, "decided_at": at}
    change_status(locked, Status.NOT_SELECTED, moves=MOVES, by=by, at=at, **values)
    emails.result(locked, at=at)


COLUMNS = [
    "Reference", "Name", "Previous names", "E-mail", "TRN", "School", "URN", "Local authority", "Role", "QTS awarded",
    "Years of teaching", "Headteacher", "School supports it", "Result",
]  # fmt: skip


@transaction.atomic
def copy_for_ncetm(cohort: Cohort, *, by: User, at: datetime) -> str:
    """Return the hub's applicants and results as CSV, formula-safe, and write down that they were copied.

    Results that have not been released are left out.
    """
    rows = SpecialistApplication.objects.live() | SpecialistApplication.objects.filter(status=Status.NOT_SELECTED)
    rows = rows.filter(cohort=cohort).with_details().prefetch_related("head_parts").order_by("name", "pk")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    found = list(rows)
    writer.writerows([safe(value) for value in _row(each)] for each in found)
    note_event(cohort, "copied for NCETM", by=by, at=at, note=f"{len(found)} applications")
    return out.getvalue()


def _row(application: SpecialistApplication) -> list:
    school, supported = application.school, any(each.status == "confirmed" for each in application.head_parts.all())
    return [
        application.reference, application.name, application.former_names, application.email, application.trn,
        school.name, school.urn, school.establishment.local_authority.name, application.get_role_display(),
        application.qts_on or "", application.years_teaching, application.head_name, "Yes" if supported else "Not yet",
        application.get_status_display() if application.released_at else "Not released",
    ]  # fmt: skip
