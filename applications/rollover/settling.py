"""Taking up what schools have answered: places for a yes, a day for “ask us again”, an end for the rest."""

import logging
from datetime import date, datetime

from django.db import transaction

from applications.facts import same_school, school_facts
from applications.rules import Facts, Participation, chosen
from hubportal.accounts import links
from hubportal.accounts.models import User
from hubportal.clock import london_date, year_label
from hubportal.history.actions import PORTAL, IllegalMove, change_status, note_event, subject_of
from hubportal.messaging.actions import drop_queued_reminders
from hubportal.rules import Effect, Finding, Refused, assess
from programmes.cohorts import actions as places
from programmes.cohorts.states import PlaceStatus
from programmes.funding import actions as funding
from programmes.models import Cohort, Place, RuleSet, School
from programmes.specialists.models import HomeSchool
from programmes.specialists.states import IN_THE_PROGRAMME

from . import emails, rules
from .models import Proposal, ProposedPhase
from .offer import rules_of
from .reminder_rules import NOT_ANSWERED
from .states import PROPOSAL_MOVES, Answer, ProposalStatus, Team

log = logging.getLogger(__name__)
ABOUT_A_FORM = {
    "advocates", "commitments_made", "foci_ranked", "focus_left", "head_confirmed", "lead_participants", "plan_given",
    "window_open",
}  # fmt: skip
"""Rules about what a form says: a school that goes on fills in none. Every other rule holds for it too."""
Outcome = ProposedPhase.Outcome


@transaction.atomic
def settle(proposal: Proposal, *, by: User | str, at: datetime, note: str = "") -> Proposal:
    """Take up a school's answers and return the proposal as it then is. Raises IllegalMove when there is nothing to do.

    Each yes becomes a place at once, offered and accepted in one, if the rules and the room allow it; what they do not
    allow waits, with the reason. A colleague who gives a `note` has looked at what the rules refer to a person.
    """
    cohorts = ProposedPhase.objects.filter(proposal=proposal.pk).values("cohort")
    list(Cohort.objects.select_for_update(no_key=True).filter(pk__in=cohorts).order_by("pk"))  # places are counted
    locked = Proposal.objects.locked(proposal.pk)
    if locked.status not in {ProposalStatus.ANSWERED, ProposalStatus.WAITING}:
        raise IllegalMove(f"There is no answer to take up: {locked.get_status_display().lower()}.")
    wanted = [phase for phase in locked.phases.all() if phase.answer == Answer.YES]
    if not wanted:
        return _without_a_yes(locked, by=by, at=at)
    made = [phase for phase in _partners_first(wanted) if not phase.place_id and _place(locked, phase, by, at, note)]
    _finish(locked, wanted, made, by=by, at=at, note=note)
    return locked


def _without_a_yes(proposal: Proposal, *, by: User | str, at: datetime) -> Proposal:
    answers = [phase.answer for phase in proposal.phases.all()]
    new = ProposalStatus(rules.became(answers, ask_again=proposal.ask_again_on is not None))
    change_status(proposal, new, moves=PROPOSAL_MOVES, by=by, at=at, settled_at=at)
    return proposal


def _partners_first(phases: list[ProposedPhase]) -> list[ProposedPhase]:
    """Return the phases in an order in which one that goes with another comes after it."""
    return sorted(phases, key=lambda phase: any(row["rule"] == "joined_with" for row in _rows(phase)))


def _rows(phase: ProposedPhase) -> list[dict]:
    rule_set = phase.cohort.project.rule_sets.published().last()
    return rule_set.rules if rule_set else []


def _place(proposal: Proposal, phase: ProposedPhase, by: User | str, at: datetime, note: str) -> bool:
    """Make the place of one yes, or write down on the phase why not; return whether it was made."""
    place = _has_already(proposal, phase)
    made, outcome, found = place is None, None, []
    if made:
        outcome, found = _against(proposal, phase, at=at, looked_at=bool(note) and isinstance(by, User))
    if made and outcome is None:
        try:
            place = _hold(proposal, phase, by=by, at=at)
        except Refused as refused:
            full = any(finding.code == "full" for finding in refused.findings)
            outcome, found = (Outcome.FULL if full else Outcome.REFUSED), refused.findings
    values = {"outcome": outcome or Outcome.PLACED, "finding": " ".join(each.text for each in found), "place": place}
    ProposedPhase.objects.filter(pk=phase.pk).update(**values)
    for name, value in values.items():
        setattr(phase, name, value)
    return made and place is not None


def _has_already(proposal: Proposal, phase: ProposedPhase) -> Place | None:
    """Return the place that the school has got in another way meanwhile, such as by an application of its own."""
    there = Place.objects.live().filter(school=proposal.school_id, project=phase.cohort.project_id, person=None)
    return there.first()


def _against(proposal: Proposal, phase: ProposedPhase, *, at: datetime, looked_at: bool):
    """Return (outcome, findings) of the rules about the school and its history; (None, []) when nothing stands."""
    rule_set = rules_of(phase.cohort, london_date(at))
    if rule_set is None:
        return Outcome.REFUSED, [Finding("no_rules", f"{phase.cohort.project} has no rules yet.")]
    found = assess(facts_about(proposal.school, phase.cohort, rule_set, at=at), rules_for(rule_set))
    refused = [each for each in found if each.effect == Effect.REFUSE]
    referred = [each for each in found if each.effect == Effect.REFER]
    if refused:
        return Outcome.REFUSED, refused
    return (Outcome.REFERRED, referred) if referred and not looked_at else (None, [])


def rules_for(rule_set: RuleSet) -> list:
    """Return the rules that hold for a school that goes on: all but those about a form that it does not fill in."""
    return chosen([row for row in rule_set.rules if row["rule"] not in ABOUT_A_FORM], when="check")


def facts_about(school: School, cohort: Cohort, rule_set: RuleSet, *, at: datetime) -> Facts:
    """Return what is known of a school that goes on, from the register and our own records."""
    today, asked = london_date(at), {row["code"]: row["text"] for row in rule_set.commitments}
    return Facts(
        today=today,
        applied_on=today,
        year=cohort.project.year,
        school=school_facts(school.establishment),
        hub_name=str(cohort.hub),
        hub_areas=tuple(cohort.hub.areas.values_list("local_authority_id", flat=True)),
        commitments_made=tuple(asked),
        commitments_asked=asked,
        taken_part=_taken_part(school),
        moved_here=True,
        specialist_cohorts=_specialist_cohorts(school),
    )


def _taken_part(school: School) -> tuple[Participation, ...]:
    """Return every place of the school under any URN."""
    found = Place.objects.filter(school__in=same_school(school), person=None)
    return tuple(
        Participation(
            place.project.programme_id,
            year_label(place.project.year),
            place.status,
            "" if place.school_id == school.pk else str(place.school),
        )
        for place in found.select_related("project", "school__establishment")
    )


def _specialist_cohorts(school: School) -> tuple[int, ...]:
    homes = HomeSchool.objects.filter(school=school, until_on=None, specialist__status__in=IN_THE_PROGRAMME)
    return tuple(map(rules.specialist_cohort, homes.values_list("specialist__project__year", flat=True)))


def _hold(proposal: Proposal, phase: ProposedPhase, *, by: User | str, at: datetime) -> Place:
    """Offer and accept the place in one, freeze its grant, and carry the Advocates over if they stay."""
    place = places.hold(
        phase.cohort,
        proposal.school,
        origin=f"Goes on from {phase.because}"[:80],
        rule_set=rules_of(phase.cohort, london_date(at)),
        by=by if isinstance(by, User) else proposal.made_by,
        at=at,
    )
    Place.objects.filter(pk=place.pk).update(follows=phase.follows)
    place.follows = phase.follows
    places.accept(place, by=(proposal.answered_name and "School") or PORTAL, at=at)
    funding.freeze(place, at=at)
    if proposal.team == Team.SAME and phase.follows:
        places.carry_over(place, phase.follows, on=_begins(proposal.year, london_date(at)), by=by, at=at)
    return place


def _begins(year: int, today: date) -> date:
    """Return from when somebody takes part in a year: its first day, or today when it has begun."""
    return max(date(year, 9, 1), today)


def _finish(proposal: Proposal, wanted: list[ProposedPhase], made: list, *, by, at: datetime, note: str) -> None:
    waits = [phase for phase in wanted if phase.outcome != Outcome.PLACED]
    new = ProposalStatus.WAITING if waits else ProposalStatus.SETTLED
    if proposal.status != new:
        change_status(proposal, new, moves=PROPOSAL_MOVES, by=by, at=at, note=note, settled_at=at)
    elif made or note:
        note_event(proposal, "looked at again", by=by, at=at, note=note)
    drop_queued_reminders(subject_of(proposal), [NOT_ANSWERED])
    if made:
        emails.settled(proposal, at=at)
    if waits and by == PORTAL:
        emails.hub_is_told(proposal, waits, at=at)


@transaction.atomic
def name_team(proposal: Proposal, people: list[dict], *, by: User | str, at: datetime) -> None:
    """Name who takes part: every place that still waits for names is confirmed. Raises Refused, or IllegalMove."""
    locked = Proposal.objects.locked(proposal.pk)
    waiting = [phase.place for phase in locked.phases.all() if phase.place and phase.place.status == "accepted"]
    if not waiting:
        raise IllegalMove("No place waits for names any more.")
    if len(people) < 2:
        raise Refused([Finding("not_named", "Name both Advocates.")])
    named = [{name: person[name] for name in ("name", "email", "role")} for person in people]
    for place in waiting:
        places.confirm(place, named, by=by, at=at)
    note_event(locked, "advocates named", by=by, at=at)
    emails.confirmed(locked, at=at)


def settle_due(*, at: datetime) -> int:
    """Take up every answer whose day has passed, end what nobody answered, and return how many. Safe to run twice."""
    due = Proposal.objects.filter(
        status__in=[ProposalStatus.ASKED, ProposalStatus.ANSWERED], answer_by__lt=london_date(at)
    )
    return sum(_try(proposal, at=at) for proposal in due.order_by("pk"))


def _try(proposal: Proposal, *, at: datetime) -> bool:
    """Settle one; one that cannot be settled does not stop the others."""
    try:
        return (
            _lapse(proposal, at=at)
            if proposal.status == ProposalStatus.ASKED
            else bool(settle(proposal, by=PORTAL, at=at))
        )
    except IllegalMove:
        return False  # somebody has been quicker
    except Exception:
        log.exception("proposal %s could not be settled", proposal.pk)
        return False


@transaction.atomic
def _lapse(proposal: Proposal, *, at: datetime) -> bool:
    change_status(proposal, ProposalStatus.LAPSED, moves=PROPOSAL_MOVES, by=PORTAL, at=at)
    drop_queued_reminders(subject_of(proposal), [NOT_ANSWERED])
    links.revoke(subject_of(proposal), emails.LINK, at=at)
    return True


def waits_for_names(proposal: Proposal) -> bool:
    return any(phase.place and phase.place.status == PlaceStatus.ACCEPTED for phase in proposal.phases.all())
