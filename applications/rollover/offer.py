"""What a phase means for a school that goes on: its title, its grant and what the school commits to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programmes.cohorts.actions import grant_amount
from programmes.models import Cohort, RuleSet

from .models import ProposedPhase


@dataclass(frozen=True)
class Offer:
    """One phase as the school reads it. `amount` in pounds; None while nobody has said."""

    title: str
    because: str
    summary: str
    amount: Decimal | None
    commitments: tuple[str, ...]
    days: int = 0


def rules_of(cohort: Cohort, on: date) -> RuleSet | None:
    return cohort.project.rule_sets.in_force(on)


def offer_of(cohort: Cohort, because: str, on: date) -> Offer:
    rule_set = rules_of(cohort, on)
    return Offer(
        title=str(cohort.project),
        because=because,
        summary=cohort.project.programme.summary,
        amount=grant_amount(cohort, rule_set) if rule_set else None,
        commitments=tuple(row["text"] for row in rule_set.commitments) if rule_set else (),
        days=rule_set.terms.get("support_days", 0) if rule_set else 0,
    )


def offers(phases: Iterable[ProposedPhase], on: date) -> list[Offer]:
    """Return what each phase means, by the rules in force on a London date."""
    return [offer_of(phase.cohort, phase.because, on) for phase in phases]
