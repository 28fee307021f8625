"""Whether the application came in time, and whether there is room."""

from collections.abc import Iterator

from hubportal.rules import Effect, Finding

from .facts import HUB, Facts, day


def window_open(facts: Facts) -> Iterator[Finding]:
    """Refuse before the window opens and after it has closed, by the day on which the school applied.

    A window is for schools: what staff have moved to this hub or year came in at another one, and a late link lets
    one school through whom staff have named.
    """
    if facts.moved_here:
        return
    if facts.late_allowed:
        text = f"{facts.hub_name} let your school apply after the closing date."
        yield Finding("late_allowed", text, Effect.WARN, facts.late_allowed, HUB, facts.today.isoformat())
        return
    if not facts.recruiting:
        text = f"{facts.hub_name} takes no applications for this year any more."
        yield Finding("window_closed", text, Effect.REFUSE, "Closed", HUB, facts.today.isoformat())
    elif facts.opens_on is None or facts.closes_on is None:
        text = f"{facts.hub_name} has not said yet when applications open."
        yield Finding("window_unknown", text, Effect.REFUSE, "No dates", HUB, facts.today.isoformat())
    elif facts.applied_on < facts.opens_on:
        text = f"Applications open on {day(facts.opens_on)}."
        yield Finding("window_not_open", text, Effect.REFUSE, day(facts.opens_on), HUB, facts.today.isoformat())
    elif facts.applied_on > facts.closes_on:
        text = f"Applications closed on {day(facts.closes_on)}."
        yield Finding("window_closed", text, Effect.REFUSE, day(facts.closes_on), HUB, facts.today.isoformat())


def room_left(facts: Facts) -> Iterator[Finding]:
    """Refuse an offer when every place is taken."""
    if facts.places_left < 1:
        yield Finding(
            "full", "Every place on this cohort is taken.", Effect.REFUSE, "0 left", HUB, facts.today.isoformat()
        )
