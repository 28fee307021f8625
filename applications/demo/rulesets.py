"""A change of rules under way: one hub's lead has drafted and signed it, and another hub's is to publish it."""

from copy import deepcopy
from datetime import timedelta

from applications.rules import RULES
from programmes.cohorts import rulesets

from .story import Here

WAITS_DAYS = 14


def draft_rules(here: Here) -> None:
    """Draft rules under which only roles that lead in the department count, and sign them."""
    by, at = here.lead, here.at(2, "16:10")
    hand = rulesets.Hand(by, at, RULES)
    draft = rulesets.draft_from(here.project.rule_sets.published().first(), by=by, at=here.at(2, "15:30"))
    values = {
        "rules": [row | {"similar": []} if row["rule"] == "advocates" else row for row in deepcopy(draft.rules)],
        "effective_from": here.world.today + timedelta(WAITS_DAYS),
        "source": "Agreed by the hubs of the region; the rest as before",
    }
    rulesets.change(draft, values, seen=rulesets.figures(draft), hand=hand)
    draft.refresh_from_db()
    rulesets.sign(draft, seen=rulesets.figures(draft), hand=hand)
