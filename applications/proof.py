"""What our own records prove of a school, from the facts of a check: for staff, and for the school afterwards."""

from .models import EligibilityCheck
from .rules import Facts, proven

RULE = "took_part_or_specialist"


def proof_in(made: EligibilityCheck) -> list[str]:
    """Return what the records showed when the check was made, as sentences; none where its rules did not ask."""
    asked = next((row for row in made.rule_set.rules if row["rule"] == RULE), None)
    if asked is None or "year" not in made.facts:
        return []
    parameters = {name: value for name, value in asked.items() if name not in {"rule", "when"}}
    return proven(Facts.from_dict(made.facts), **parameters)
