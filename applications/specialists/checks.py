"""The formal check of a teacher's application: made by a worker, kept for good, made again when the facts change."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from applications.rules import chosen as chosen_rules
from applications.rules import outcome, standing
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, IllegalMove, change_status
from hubportal.rules import Effect, Finding, assess
from programmes.models import RuleSet

from . import emails, heads
from .facts import rule_set_of, teacher_facts
from .models import SpecialistApplication, TeacherCheck
from .states import CHECKED, MOVES
from .states import SpecialistApplicationStatus as Status

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
BATCH = 50
# What the school has to say, which it is asked for after the check: it counts when somebody is to be selected.
THE_SCHOOLS = {"head_supports", "head_confirmed", "commitments_made"}


def rules_for(rule_set: RuleSet, step: str) -> list:
    """Return the rules of a step, “check” or “offer”; the school's part belongs to the second whatever the row says."""
    rows = [row | {"when": "offer"} if row["rule"] in THE_SCHOOLS else row for row in rule_set.rules]
    return chosen_rules(rows, when=step)


def preview(application: SpecialistApplication, *, at: datetime) -> list[Finding]:
    """Return what the formal check would find now, for “check your answers”. Writes nothing.

    What our records say of a person stays out of it: only who gets the e-mail may read that.
    """
    rule_set = rule_set_of(application, at=at)
    found = assess(teacher_facts(application, at=at, rule_set=rule_set), rules_for(rule_set, "check"))
    return [finding for finding in found if not finding.code.startswith(("specialist_", "stepped_down"))]


def against_selection(application: SpecialistApplication, *, at: datetime) -> list[Finding]:
    """Return what stands in the way of selecting the teacher: the newest check, and what the school has not said."""
    rule_set = rule_set_of(application, at=at)
    facts = teacher_facts(application, at=at, rule_set=rule_set)
    latest = application.checks.first()
    found = [each for each in findings_of(latest) if each.effect != Effect.WARN] if latest else []
    schools = assess(facts, rules_for(rule_set, "offer"))
    if facts.head != "confirmed":  # then it has ticked nothing either: one sentence says so
        schools = [each for each in schools if not each.code.startswith("commitment_")]
    return standing(found, looked_at(application)) + schools


def check_due(*, at: datetime) -> int:
    """Check every application that waits for it, and those whose worker died; return how many were checked.

    Safe to run twice and beside itself. After three attempts a person has to look.
    """
    waiting = Q(status=Status.SUBMITTED) | Q(status=Status.CHECKING, check_until__lt=at)
    found = SpecialistApplication.objects.filter(waiting).order_by("submitted_at").values_list("pk", flat=True)
    return sum(_try(pk, at=at) for pk in found[:BATCH])


def _try(pk: int, *, at: datetime) -> bool:
    application = _claim(pk, at=at)
    if application is None:
        return False
    try:
        if application.check_attempts <= MOST_ATTEMPTS:  # beyond, the worker died each time
            check(application, at=at)
            return True
    except IllegalMove:
        log.info("specialist application %s moved while it was checked", pk)
        return False
    except Exception:
        log.exception("specialist application %s could not be checked", pk)
    if application.check_attempts >= MOST_ATTEMPTS:
        _give_up(application, at=at)
    return False


@transaction.atomic
def _claim(pk: int, *, at: datetime) -> SpecialistApplication | None:
    """Take one in hand, counting the attempt before the work; None when somebody else has it."""
    rows = SpecialistApplication.objects.select_for_update(skip_locked=True, of=["self"]).with_details()
    found = rows.filter(pk=pk).first()
    if found is None or not (
        found.status == Status.SUBMITTED or (found.status == Status.CHECKING and found.check_until < at)
    ):
        return None
    found.check_attempts += 1
    found.check_until = at + LEASE
    if found.status == Status.SUBMITTED:
        change_status(found, Status.CHECKING, moves=MOVES, by=PORTAL, at=at)
    found.save(update_fields=["check_attempts", "check_until"])
    return found


@transaction.atomic
def check(application: SpecialistApplication, *, at: datetime) -> TeacherCheck:
    """Make the formal check of one in hand, move it to the outcome, ask the head, and tell the teacher and the hub."""
    locked = SpecialistApplication.objects.locked(application.pk)
    made = _record(locked, at=at)
    result = Status(outcome(findings_of(made), looked_at(locked)))
    change_status(locked, result, moves=MOVES, by=PORTAL, at=at, check_until=None)
    heads.ask_first(locked, at=at)
    emails.checked(locked, made, at=at)
    emails.hub_has_application(locked, at=at)
    return made


@transaction.atomic
def recheck(application: SpecialistApplication, *, by, at: datetime, note: str) -> TeacherCheck | None:
    """Check again because facts have changed. Once shortlisted nothing is flipped: the new check is only reported."""
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status not in CHECKED | {Status.SHORTLISTED}:
        return None
    made = _record(locked, at=at)
    settle(locked, by=by, at=at, note=note)
    return made


def settle(application: SpecialistApplication, *, by, at: datetime, note: str) -> None:
    """Move an undecided application to what its newest findings, less those a person has settled, come to."""
    latest = application.checks.first()
    if application.status not in CHECKED or latest is None:
        return
    result = Status(outcome(findings_of(latest), looked_at(application)))
    if result != application.status:
        change_status(application, result, moves=MOVES, by=by, at=at, note=note)
    heads.ask_first(application, at=at)


def looked_at(application: SpecialistApplication) -> frozenset[tuple[str, str]]:
    """Return code and fact of each finding that a person has settled."""
    return frozenset((code, fact) for code, fact in application.looked_at)


def findings_of(made: TeacherCheck) -> list[Finding]:
    return [Finding(**row | {"effect": Effect(row["effect"])}) for row in made.findings]


def to_look_at(application: SpecialistApplication) -> list[Finding]:
    """Return the findings of the newest check that a person has to look at."""
    latest = application.checks.first()
    found = [each for each in findings_of(latest) if each.effect == Effect.REFER] if latest else []
    return standing(found, looked_at(application))


def _record(application: SpecialistApplication, *, at: datetime) -> TeacherCheck:
    rule_set = rule_set_of(application, at=at)
    RuleSet.objects.filter(pk=rule_set.pk, used_at=None).update(used_at=at)  # from here on it is never edited
    facts = teacher_facts(application, at=at, rule_set=rule_set)
    return _keep(application, rule_set, at, facts.as_dict(), assess(facts, rules_for(rule_set, "check")))


def _keep(application, rule_set, at, facts: dict, found: list[Finding]) -> TeacherCheck:
    return TeacherCheck.objects.create(
        application=application,
        rule_set=rule_set,
        at=at,
        facts=facts,
        findings=[finding.as_dict() for finding in found],
        outcome=outcome(found),
    )


@transaction.atomic
def _give_up(application: SpecialistApplication, *, at: datetime) -> None:
    """Refer an application whose check keeps failing, so that it never waits unseen."""
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status != Status.CHECKING:
        return
    text = "The check could not be made by the portal. A person will look at your application."
    seen = london_date(at).isoformat()
    finding = Finding("check_failed", text, Effect.REFER, f"{MOST_ATTEMPTS} attempts", "Portal", seen)
    change_status(locked, Status.REFERRED, moves=MOVES, by=PORTAL, at=at, check_until=None)
    made = _keep(locked, rule_set_of(locked, at=at), at, {}, [finding])
    emails.checked(locked, made, at=at)
    emails.hub_has_application(locked, at=at)
