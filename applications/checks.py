"""The formal eligibility check: made by a worker, kept for good, made again when the facts change."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, IllegalMove, change_status
from hubportal.rules import Effect, Finding, assess
from programmes.models import Establishment, RuleSet

from . import emails, endorsements
from .facts import facts_about, rule_set_of, school_facts
from .models import Application, EligibilityCheck
from .rules import Facts, SchoolFacts, SetAside, chosen, outcome, standing
from .states import CHECKED, MOVES, Status

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
BATCH = 50
ABOUT_THE_SCHOOL = {"state_funded_secondary", "key_stage_3", "open_or_opening"}


def preview(application: Application, *, at: datetime) -> list[Finding]:
    """Return what the formal check would find now, for “check your answers”. Writes nothing."""
    rule_set = rule_set_of(application, at=at)
    facts = replace(facts_about(application, at=at, rule_set=rule_set), before_sending=True)
    return assess(facts, chosen(rule_set.rules, when="check"))


def about_school(establishment: Establishment, year: int, rule_set: RuleSet, *, at: datetime) -> list[Finding]:
    """Return what the rules say of a school alone, before anything else is known."""
    return about_facts(school_facts(establishment), year, rule_set, at=at)


def about_facts(school: SchoolFacts, year: int, rule_set: RuleSet, *, at: datetime) -> list[Finding]:
    """Do the same for facts that have been read already, without a query."""
    today = london_date(at)
    facts = Facts(today=today, applied_on=today, year=year, school=school, hub_name="")
    rows = [row for row in rule_set.rules if row["rule"] in ABOUT_THE_SCHOOL]
    return assess(facts, chosen(rows, when="check"))


def check_due(*, at: datetime) -> int:
    """Check every application that waits for it, and those whose worker died; return how many were checked.

    Safe to run twice and beside itself. One that cannot be checked does not stop the others: after three attempts a
    person has to look.
    """
    waiting = Q(status=Status.SUBMITTED) | Q(status=Status.CHECKING, check_until__lt=at)
    done = 0
    for pk in Application.objects.filter(waiting).order_by("submitted_at").values_list("pk", flat=True)[:BATCH]:
        application = _claim(pk, at=at)
        if application is not None:
            done += _try(application, at=at)
    return done


def _try(application: Application, *, at: datetime) -> bool:
    """Check one application in hand, or refer it when every attempt has failed; never raise."""
    try:
        if application.check_attempts <= MOST_ATTEMPTS:  # beyond, the worker died each time
            check(application, at=at)
            return True
    except IllegalMove:
        log.info("application %s moved while it was checked", application.pk)
        return False
    except Exception:
        log.exception("application %s could not be checked", application.pk)
    if application.check_attempts >= MOST_ATTEMPTS:
        _give_up(application, at=at)
    return False


@transaction.atomic
def _claim(pk: int, *, at: datetime) -> Application | None:
    """Take one application in hand, counting the attempt before the work; None when somebody else has it."""
    found = Application.objects.select_for_update(skip_locked=True, of=["self"]).with_details().filter(pk=pk).first()
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
def check(application: Application, *, at: datetime) -> EligibilityCheck:
    """Make the formal check of an application in hand, move it to the outcome and tell the school and the hub.

    Raises IllegalMove when it has moved on. What the school corrects meanwhile waits, or is in the facts.
    """
    application = _still_in_hand(application)
    made = _record(application, at=at)
    result = Status(outcome(_findings(made), set_aside(application)))
    change_status(application, result, moves=MOVES, by=PORTAL, at=at, check_until=None)
    _ask_head(application, at=at)
    emails.checked(application, made, at=at)
    emails.hub_has_application(application, at=at)
    return made


def _still_in_hand(application: Application) -> Application:
    """Return the application as it is now, its row locked; what a worker has taken in hand is as old as the lease."""
    locked = Application.objects.locked(application.pk)
    if locked.status != Status.CHECKING:
        raise IllegalMove(f"This application is “{locked.get_status_display()}”: nobody is checking it.")
    return locked


@transaction.atomic
def recheck(application: Application, *, by: User | str, at: datetime, note: str) -> EligibilityCheck | None:
    """Check again because facts have changed. An offer is never flipped: the new check is only reported.

    Return None, and do nothing, for an application that has not been checked yet or has ended.
    """
    application = Application.objects.locked(application.pk)
    if application.status not in CHECKED | {Status.WAITLISTED, Status.OFFERED, Status.ACCEPTED}:
        return None
    made = _record(application, at=at)
    settle(application, by=by, at=at, note=note)
    return made


def settle(application: Application, *, by: User | str, at: datetime, note: str) -> None:
    """Move an undecided application to what its newest findings, less the overridden ones, come to.

    One that a colleague has referred stays where it is until the referral is ended. The head is asked as soon as it
    is not ineligible any more.
    """
    latest = application.checks.first()
    if application.status not in CHECKED or latest is None:
        return
    result = Status(outcome(_findings(latest), set_aside(application)))
    if result != application.status and not by_hand(application):
        change_status(application, result, moves=MOVES, by=by, at=at, note=note)
    _ask_head(application, at=at)


def _ask_head(application: Application, *, at: datetime) -> None:
    if application.status in {Status.ELIGIBLE, Status.REFERRED}:
        endorsements.ask_head(application, at=at)


def by_hand(application: Application) -> bool:
    """Return whether a colleague, and not the check, has asked for a person to look at it."""
    return application.status == Status.REFERRED and application.referred_by_id is not None


def set_aside(application: Application) -> SetAside:
    """Return code and fact of every finding that two people have set aside."""
    return frozenset((each.code, each.fact) for each in application.overrides.all() if each.agreed_at)


def overridden_codes(application: Application) -> frozenset[str]:
    """Return the codes of the newest check's findings that are set aside as they are now, on the same facts."""
    latest = application.checks.first()
    found = _findings(latest) if latest else []
    left = {finding.code for finding in standing(found, set_aside(application))}
    return frozenset(finding.code for finding in found) - left


def weighing(application: Application) -> list[Finding]:
    """Return the findings of the newest check that are more than warnings, set aside or not."""
    latest = application.checks.first()
    return [finding for finding in _findings(latest) if finding.effect != Effect.WARN] if latest else []


def _record(application: Application, *, at: datetime) -> EligibilityCheck:
    rule_set = rule_set_of(application, at=at)
    RuleSet.objects.filter(pk=rule_set.pk, used_at=None).update(used_at=at)  # from here on it is never edited
    facts = facts_about(application, at=at, rule_set=rule_set)
    findings = assess(facts, chosen(rule_set.rules, when="check"))
    return _keep(application, rule_set, at, facts.as_dict(), findings)


def _keep(application, rule_set, at, facts: dict, findings: list[Finding]) -> EligibilityCheck:
    return EligibilityCheck.objects.create(
        application=application,
        rule_set=rule_set,
        at=at,
        facts=facts,
        findings=[finding.as_dict() for finding in findings],
        outcome=outcome(findings),
    )


def _findings(made: EligibilityCheck) -> list[Finding]:
    return [Finding(**row | {"effect": Effect(row["effect"])}) for row in made.findings]


def _give_up(application: Application, *, at: datetime) -> None:
    """Refer an application whose check keeps failing, so that it never waits unseen."""
    try:
        _refer_unchecked(Application.objects.with_details().get(pk=application.pk), at=at)
    except IllegalMove:
        log.info("application %s moved while it was checked", application.pk)
    except Exception:  # not even that: a person has to see it all the same
        log.exception("application %s could not be referred with its finding", application.pk)
        stuck = Application.objects.get(pk=application.pk)
        change_status(stuck, Status.REFERRED, moves=MOVES, by=PORTAL, at=at, note="The check could not be made.")


@transaction.atomic
def _refer_unchecked(application: Application, *, at: datetime) -> None:
    text = "The check could not be made by the portal. A person will look at your application."
    attempts = min(application.check_attempts, MOST_ATTEMPTS)
    application = _still_in_hand(application)
    finding = Finding("check_failed", text, Effect.REFER, f"{attempts} attempts", "Portal", london_date(at).isoformat())
    change_status(application, Status.REFERRED, moves=MOVES, by=PORTAL, at=at, check_until=None)
    made = _keep(application, rule_set_of(application, at=at), at, {}, [finding])
    _ask_head(application, at=at)
    emails.checked(application, made, at=at)
    emails.hub_has_application(application, at=at)
