"""What the school has taken part in before."""

from collections.abc import Iterator

from hubportal.rules import Effect, Finding

from .facts import HUB, REGISTER, Facts


def not_already_in(facts: Facts, *, family: str) -> Iterator[Finding]:
    """Refuse a school that is in the programme or has completed it; refer one that left it half-way.

    Schools that the register links as predecessor or successor count: whether they are one, a person judges.
    """
    for part in facts.taken_part:
        if part.family != family:
            continue
        as_whom = f", as {part.known_as}" if part.known_as else ""
        fact = f"{part.year_label}: {part.status.replace('_', ' ')}{as_whom}"
        if part.status in {"withdrawn", "part_completed"}:
            text = (
                f"Your school was in this programme in {part.year_label} and did not finish. A person will look at "
                "whether it can begin again."
            )
            yield Finding("took_part_before", text, Effect.REFER, fact, HUB, facts.today.isoformat())
        elif part.status in {"offered", "accepted", "confirmed", "active", "completed"}:
            text = (
                f"Your school already has a place in this programme, in {part.year_label}. It is for departments that "
                "have not done it before; your hub can tell you about the next step."
            )
            yield Finding("already_in", text, Effect.REFUSE, fact, HUB, facts.today.isoformat())
    for name in facts.applied_as:
        text = (
            f"{name} has applied for this year too, and it may be the same school as yours under another URN. "
            "A person will look at whether it is."
        )
        yield Finding("applied_as_another", text, Effect.REFER, name, REGISTER, facts.school.seen_on.isoformat())
