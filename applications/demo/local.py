"""A programme of one hub's own: made by its administrator, published by its lead."""

from datetime import timedelta
from decimal import Decimal

from applications.rules import RULES
from programmes.cohorts import local
from programmes.cohorts.rulesets import Hand

from .story import Here

MADE = 20  # working days ago
OPEN_DAYS = 60
RULES_CHOSEN = ["open_or_opening", "commitments_made", "within_hub_area", "window_open"]
SECTIONS = [
    {
        "heading": "What is involved",
        "paragraphs": [
            "Four afternoons in a school by the sea. Teachers of Years 6 to 8 plan a unit on scale together.",
            "A national code is not needed: the hub has made this programme for its own schools.",
        ],
    },
    {"heading": "What it costs", "paragraphs": ["Nothing. Your school receives £150 towards cover."]},
]


def make(here: Here) -> None:
    """Make “Maths and the sea” at the hub and publish it."""
    hub, day = here.cohort.hub, here.at(MADE, "10:00").date()
    family = local.family_of(hub)
    plan = local.Plan(
        title="Maths and the sea",
        summary="Teachers of Years 6 to 8 plan and teach a unit on scale, in sight of the harbour.",
        year=here.cohort.project.year,
        sections=SECTIONS,
        rules=[{"rule": name} for name in RULES_CHOSEN],
        commitments=[{"code": "c1", "text": "The school releases two teachers for four afternoons."}],
        grant_amount=Decimal(150),
        capacity=12,
        opens_on=day,
        closes_on=here.world.today + timedelta(OPEN_DAYS),
    )
    made = local.make(hub, plan, family=family, hand=Hand(here.administrator, here.at(MADE, "10:00"), RULES))
    local.publish(made, hand=Hand(here.lead, here.at(MADE - 1, "09:00"), RULES))
