"""What a department says that goes on taking part: its foci in order, who leads, and its plan."""

from collections.abc import Iterator

from hubportal.rules import Effect, Finding

from .facts import APPLICATION, HUB, Facts


def foci_ranked(facts: Facts) -> Iterator[Finding]:
    """Refer when the school ranked nothing or nothing that the hub runs, and note what is full. No foci, no word."""
    if not facts.foci_run:
        return
    run = [letter for letter in facts.foci_ranked if letter in facts.foci_run]
    full = [letter for letter in run if letter in facts.foci_full]
    if not facts.foci_ranked:
        text = "Say on your private page which focus you would like. A place is for one of them."
        yield Finding("foci_missing", text, Effect.REFER, "None chosen", APPLICATION, facts.applied_on.isoformat())
    elif not run:
        text = (
            f"{facts.hub_name} runs none of the foci that you chose. Choose others on your private page, or a person "
            "will ask you."
        )
        yield _hubs_finding("foci_not_run", text, Effect.REFER, "Not run", facts)
    elif len(full) == len(run):
        are = "is" if len(full) == 1 else "are"
        text = f"{_listed(facts, full)} {are} full. You can wait for a place, or choose another."
        yield _hubs_finding("foci_full", text, Effect.WARN, "Full", facts)
    elif run[0] in full:
        text = f"Your first choice, {_listed(facts, run[:1])}, is full. You may be offered your next one."
        yield _hubs_finding("first_focus_full", text, Effect.WARN, "Full", facts)


def focus_left(facts: Facts) -> Iterator[Finding]:
    """Refuse an offer when no focus that the school ranked has room."""
    if facts.foci_run and not can_be_offered(facts):
        text = "No focus that the school chose has room. Put it on the waiting list, or ask it to choose another."
        yield _hubs_finding("focus_full", text, Effect.REFUSE, "0 left", facts)


def can_be_offered(facts: Facts) -> list[str]:
    """Return the letters of the ranked foci that the hub runs and that have room, in the school's order."""
    return [each for each in facts.foci_ranked if each in facts.foci_run and each not in facts.foci_full]


def lead_participants(facts: Facts, *, count: int) -> Iterator[Finding]:
    """Ask for `count` people who lead for the school; their names may come later. Any role will do."""
    named, seen = len(facts.advocate_roles), facts.applied_on.isoformat()
    fact = f"{named} of {count} lead participants named"
    if named > count:
        text = f"{count} people lead for a school. Colleagues can join single sessions without being named."
        yield Finding("too_many_participants", text, Effect.REFUSE, fact, APPLICATION, seen)
    elif named < count:
        text = f"You can name your lead participants later. A place is confirmed only when {count} are named."
        yield Finding("participants_to_name", text, Effect.WARN, fact, APPLICATION, seen)


def plan_given(facts: Facts) -> Iterator[Finding]:
    """Note a development plan that is still to come; refer one that nobody has said anything about."""
    if facts.plan == "later":
        text = "Your department's development plan is still to come. You can send it by your private link."
        yield Finding("plan_to_come", text, Effect.WARN, "To come", APPLICATION, facts.applied_on.isoformat())
    elif not facts.plan:
        text = "There is no development plan with the form. A person will ask you for it."
        yield Finding("plan_missing", text, Effect.REFER, "None", APPLICATION, facts.applied_on.isoformat())


def _hubs_finding(code: str, text: str, effect: Effect, fact: str, facts: Facts) -> Finding:
    return Finding(code, text, effect, fact, HUB, facts.today.isoformat())


def _listed(facts: Facts, letters: list[str]) -> str:
    return " and ".join(f"“{facts.foci_run[letter]}”" for letter in letters)
