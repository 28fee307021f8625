"""What makes an application eligible, and what stands in the way of an offer: pure rules with reasons.

A rule set in the catalogue names rules of `RULES` and gives their parameters. Texts are for the school; each finding
carries the fact it rests on, where that was read, and as of when.
"""

from functools import partial

from hubportal.rules import Effect, Finding

from .facts import Facts, Participation, SchoolFacts
from .history import completed_before, joined_with, not_already_in, proven, took_part_or_specialist
from .people import advocates, commitments_made, head_confirmed
from .school import key_stage_3, open_or_opening, state_funded_secondary, within_hub_area
from .sustaining import can_be_offered, foci_ranked, focus_left, lead_participants, plan_given
from .teacher import (
    SpecialistPast,
    TeacherFacts,
    head_supports,
    not_a_specialist_already,
    teacher_not_head,
    teacher_qualified,
)
from .window import room_left, window_open

__all__ = [
    "LABELS",
    "RULES",
    "Facts",
    "Participation",
    "SchoolFacts",
    "SetAside",
    "SpecialistPast",
    "TeacherFacts",
    "can_be_offered",
    "chosen",
    "focus_left",
    "outcome",
    "proven",
    "room_left",
    "standing",
    "window_open",
]

RULES = {
    "state_funded_secondary": state_funded_secondary,
    "key_stage_3": key_stage_3,
    "open_or_opening": open_or_opening,
    "advocates": advocates,
    "commitments_made": commitments_made,
    "not_already_in": not_already_in,
    "within_hub_area": within_hub_area,
    "window_open": window_open,
    "head_confirmed": head_confirmed,
    "teacher_qualified": teacher_qualified,
    "not_a_specialist_already": not_a_specialist_already,
    "teacher_not_head": teacher_not_head,
    "head_supports": head_supports,
    "took_part_or_specialist": took_part_or_specialist,
    "completed_before": completed_before,
    "joined_with": joined_with,
    "foci_ranked": foci_ranked,
    "lead_participants": lead_participants,
    "plan_given": plan_given,
}
LABELS = {
    "state_funded_secondary": "A state-funded secondary school",
    "key_stage_3": "Teaches Key Stage 3",
    "open_or_opening": "Open, or opening in time",
    "advocates": "Two Mastery Advocates, at least one of whom leads",
    "commitments_made": "Every commitment made",
    "not_already_in": "Not in the programme already",
    "within_hub_area": "In the hub's usual area",
    "window_open": "Sent while applications were open",
    "head_confirmed": "Confirmed by the headteacher",
    "teacher_qualified": "A qualified teacher with the experience asked for",
    "not_a_specialist_already": "Not a Mastery Specialist already",
    "teacher_not_head": "Somebody else answers as the head",
    "head_supports": "Supported by the headteacher",
    "took_part_or_specialist": "Took part before, or has a Mastery Specialist of an early cohort",
    "completed_before": "Completed the programme before it in the year before",
    "joined_with": "Has a place in the Work Group of the same year",
    "foci_ranked": "Foci ranked",
    "lead_participants": "Two lead participants",
    "plan_given": "A development plan",
}


def chosen(rules: list[dict], *, when: str) -> list:
    """Return the rules of a rule set for a step (“check” or “offer”), with their parameters filled in."""
    return [
        partial(RULES[row["rule"]], **{key: value for key, value in row.items() if key not in {"rule", "when"}})
        for row in rules
        if row.get("when", "check") == when
    ]


SetAside = frozenset[tuple[str, str]]
"""Code and fact of each finding that two people have set aside."""


def standing(findings: list[Finding], set_aside: SetAside) -> list[Finding]:
    """Return the findings that count: one that was set aside counts again once it rests on another fact."""
    return [finding for finding in findings if (finding.code, finding.fact) not in set_aside]


def outcome(findings: list[Finding], set_aside: SetAside = frozenset()) -> str:
    """Return eligible, referred or ineligible: the weightiest finding wins, and what was set aside does not count."""
    effects = {finding.effect for finding in standing(findings, set_aside)}
    if Effect.REFUSE in effects:
        return "ineligible"
    return "referred" if Effect.REFER in effects else "eligible"
