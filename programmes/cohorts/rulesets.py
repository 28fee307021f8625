"""Rules changed by people: copied into a draft, changed there, and published once two people signed the same figures.

Nothing here decides about a school, and nothing changes what was published: `programmes/migrations/0003_guards.py`
has the database refuse it. The registered rules live above this layer, so they are passed in (`known`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date, short_day
from hubportal.history.actions import change_status, note_event
from hubportal.rules import Finding, Refused

from .models import Project, RuleSet
from .soundness import too_late, unordered, unsound
from .states import RULE_SET_MOVES, RuleSetStatus

S = RuleSetStatus
DECIDING = ["effective_from", "rules", "commitments", "terms", "grant_amount", "offer_days", "source", "confidence"]
"""What a person changes in a draft and two people sign."""
NO_SIGNATURE = {"signed_by": None, "signed_at": None, "signed_figures": ""}
MOST_MONEY = Decimal(999_999)

Rules = Mapping[str, Callable]


@dataclass(frozen=True)
class Hand:
    """Who acts, when, and with which registered rules."""

    by: User
    at: datetime
    known: Rules

    @property
    def today(self) -> date:
        return london_date(self.at)


def figures(rule_set: RuleSet) -> str:
    """Return the SHA-256 of everything that decides, as canonical JSON: what a signature is for."""
    exact = {name: getattr(rule_set, name) for name in DECIDING} | {
        "project": rule_set.project_id,
        "version": rule_set.version,
        "effective_from": rule_set.effective_from.isoformat(),
        "grant_amount": None if rule_set.grant_amount is None else f"{Decimal(rule_set.grant_amount):.2f}",
    }
    return sha256(json.dumps(exact, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def against_day(project: Project, on: date, *, today: date) -> list[str]:
    """Return why rules of a project cannot begin on a day: one is judged once, and by rules that somebody can meet."""
    if on <= today and project.rule_sets.exclude(used_at=None).exists():
        return [
            f"earlier rules have been used, so these cannot hold from {short_day(on)} on. Give them a date that lies "
            "ahead."
        ]
    dated = project.cohorts.exclude(opens_on=None).exclude(closes_on=None)
    closed = project.recruitment == Project.Recruitment.CLOSED
    said = too_late(on, dated.values_list("opens_on", "closes_on"), closed=closed, today=today)
    return [said] if said else []


def against(rule_set: RuleSet, *, known: Rules, today: date) -> list[Finding]:
    """Return what stands in the way of a draft; the code of each finding names the field."""
    return [
        *against_date(rule_set, rule_set.effective_from, today=today),
        *(Finding("rules", _sentence(text)) for text in unsound(rule_set.rules, known)),
        *_against_figures(rule_set),
    ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def against_date(rule_set: RuleSet, on: date, *, today: date) -> list[Finding]:
    """Return what stands in the way of a draft's beginning on a day."""
    project = rule_set.project
    if not project.is_recruiting:
        text = "This project takes nobody any more, so no new rules can begin in it."
        return [Finding("effective_from", text)]
    published = project.rule_sets.published().exclude(pk=rule_set.pk).values_list("version", "effective_from")
    said = against_day(project, on, today=today) or unordered([*published, (rule_set.version, on)])
    return [Finding("effective_from", _sentence(text)) for text in said or _after_the_last_window(project, on)]


def _after_the_last_window(project: Project, on: date) -> list[str]:
    """Refuse a day after which nobody can apply: every cohort has its dates, and the last of them is over by then."""
    ends = list(project.cohorts.values_list("closes_on", flat=True))
    if not ends or None in ends or on <= max(ends):
        return []
    return [f"the last window closes on {short_day(max(ends))}, so rules that begin later would judge nobody."]


def _against_figures(rule_set: RuleSet):
    amount = rule_set.grant_amount
    if not rule_set.rules:
        yield Finding("rules", "Without any rule everybody would be eligible: keep one at least.")
    if amount is not None and not 0 <= amount <= MOST_MONEY:
        yield Finding("grant_amount", f"The grant is between £0 and £{MOST_MONEY:,}.")
    if not 1 <= rule_set.offer_days <= 365:
        yield Finding("offer_days", "A school has between 1 and 365 days to answer an offer.")
    if not rule_set.source.strip():
        yield Finding("source", "Say where the rules come from: people will ask.")


@transaction.atomic
def draft_from(rule_set: RuleSet, *, by: User, at: datetime) -> RuleSet:
    """Copy published rules into a draft with the next version. Raises Refused while the project has an open draft."""
    project = Project.objects.select_for_update().get(pk=rule_set.project_id)  # two drafts cannot take one number
    if rule_set.status != S.PUBLISHED:
        raise Refused([Finding("status", "Only published rules are copied into a draft.")])
    if opened := project.rule_sets.filter(status__in=[S.DRAFT, S.SIGNED]).first():
        raise Refused(
            [Finding("open", f"There is a draft already: version {opened.version}. Change or drop that one.")]
        )
    newest = project.rule_sets.first()  # by version
    copied = {name: getattr(rule_set, name) for name in DECIDING}
    copied["effective_from"] = max(london_date(at), rule_set.effective_from) + timedelta(days=1)
    draft = RuleSet.objects.create(project=project, version=newest.version + 1, **copied)
    note_event(draft, "drafted", by=by, at=at, note=f"From version {rule_set.version}")
    return draft


@transaction.atomic
def change(rule_set: RuleSet, values: dict, *, seen: str, hand: Hand) -> None:
    """Change a draft; a signature on it falls. `seen` is the figures of what was on the page. Raises Refused."""
    locked = _locked(rule_set, S.DRAFT, S.SIGNED)
    _same(locked, seen, "Somebody else has changed this draft meanwhile. Look at it again before you change it.")
    changed = {name: value for name, value in values.items() if name in DECIDING and getattr(locked, name) != value}
    for name, value in changed.items():
        setattr(locked, name, value)
    if found := against(locked, known=hand.known, today=hand.today):
        raise Refused(found)
    note = ", ".join(name.replace("_", " ") for name in changed)
    if changed and locked.status == S.SIGNED:
        change_status(
            locked, S.DRAFT, moves=RULE_SET_MOVES, by=hand.by, at=hand.at,
            note=f"Changed, so the signature fell: {note}", **changed, **NO_SIGNATURE,
        )  # fmt: skip
    elif changed:
        locked.save(update_fields=list(changed))
        note_event(locked, "changed", by=hand.by, at=hand.at, note=note)


@transaction.atomic
def sign(rule_set: RuleSet, *, seen: str, hand: Hand) -> None:
    """Sign the figures of a draft as the first person. Raises Refused when they are not those that were `seen`."""
    locked = _locked(rule_set, S.DRAFT)
    _same(locked, seen, "The draft has changed since you looked. Look at it again before you sign.")
    if found := against(locked, known=hand.known, today=hand.today):
        raise Refused(found)
    change_status(
        locked, S.SIGNED, moves=RULE_SET_MOVES, by=hand.by, at=hand.at, note=f"Figures {seen[:12]}",
        signed_by=hand.by, signed_at=hand.at, signed_figures=seen,
    )  # fmt: skip


@transaction.atomic
def withdraw_signature(rule_set: RuleSet, *, by: User, at: datetime) -> None:
    """Take the signature off, so that the draft can be changed or signed by another."""
    change_status(_locked(rule_set, S.SIGNED), S.DRAFT, moves=RULE_SET_MOVES, by=by, at=at, **NO_SIGNATURE)


@transaction.atomic
def publish(rule_set: RuleSet, *, seen: str, hand: Hand) -> None:
    """Sign the same figures as the second person, which publishes them.

    Raises Refused when it is the same person, when the figures are not those that the first one signed, and when the
    date has become too late.
    """
    Project.objects.select_for_update().get(pk=rule_set.project_id)  # one publication at a time, and no new draft
    locked = _locked(rule_set, S.SIGNED)
    if locked.signed_by_id == hand.by.pk:
        raise Refused([Finding("same_person", "You have signed these figures. A second person has to publish them.")])
    if not seen == locked.signed_figures == figures(locked):
        raise Refused([Finding("figures", "The signature does not fit these figures any more. Look at them again.")])
    if found := against(locked, known=hand.known, today=hand.today):
        raise Refused(found)
    change_status(
        locked, S.PUBLISHED, moves=RULE_SET_MOVES, by=hand.by, at=hand.at, note=f"Figures {seen[:12]}",
        published_by=hand.by, published_at=hand.at,
    )  # fmt: skip


@transaction.atomic
def drop(rule_set: RuleSet, *, by: User, at: datetime) -> None:
    """Give a draft up. Its version stays taken, so that no other rules are ever mistaken for it."""
    change_status(_locked(rule_set, S.DRAFT, S.SIGNED), S.DROPPED, moves=RULE_SET_MOVES, by=by, at=at, **NO_SIGNATURE)


def _locked(rule_set: RuleSet, *statuses: str) -> RuleSet:
    """Return the rules with their row locked, as they are now. Raises Refused unless their status is one of these."""
    RuleSet.objects.select_for_update().values_list("pk").get(pk=rule_set.pk)
    locked = RuleSet.objects.select_related("project__programme").get(pk=rule_set.pk)
    if locked.status not in statuses:
        now = locked.get_status_display()
        raise Refused([Finding("status", f"That is not possible any more: these rules are “{now}”.")])
    return locked


def _same(locked: RuleSet, seen: str, text: str) -> None:
    if figures(locked) != seen:
        raise Refused([Finding("seen", text)])
