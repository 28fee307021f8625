"""Who takes part, what they commit to, and who has confirmed it."""

from collections.abc import Iterator

from hubportal.rules import Effect, Finding

from .facts import APPLICATION, HUB, Facts


def advocates(facts: Facts, *, count: int, leading: list[str], similar: list[str]) -> Iterator[Finding]:
    """Ask for `count` Advocates of whom at least one leads in the department; names may come later."""
    seen = facts.applied_on.isoformat()
    roles = facts.advocate_roles
    missing = count - len(roles)
    titles = "".join(f"; {title}" for title in sorted(facts.advocate_titles))
    said = f"{len(roles)} of {count} Mastery Advocates named{titles}"
    if missing > 0:
        text = (
            "You can name your Mastery Advocates later. A place is confirmed only when both are named, and at least "
            "one of them leads in the department."
        )
        yield Finding("advocates_to_name", text, Effect.WARN, said, APPLICATION, seen)
    if missing > 0 or any(role in leading for role in roles):
        return
    if any(role in similar for role in roles):
        text = (
            "At least one Advocate should be the head of department, the second in department, the Key Stage 3 lead or "
            "have a similar role. A person will look at whether the role that you gave is similar enough."
        )
        yield Finding("advocate_role_similar", text, Effect.REFER, said, APPLICATION, seen)
    else:
        text = (
            "At least one Advocate must be the head of department, the second in department, the Key Stage 3 lead or "
            "have a similar role. Please change one of the two names."
        )
        yield Finding("no_leading_advocate", text, Effect.REFUSE, said, APPLICATION, seen)


def commitments_made(facts: Facts) -> Iterator[Finding]:
    """Refuse for each commitment that is not ticked."""
    for code, wording in facts.commitments_asked.items():
        if code not in facts.commitments_made:
            text = f"The school has not agreed to this: “{wording}”"
            yield Finding(
                f"commitment_{code}", text, Effect.REFUSE, "Not ticked", APPLICATION, facts.applied_on.isoformat()
            )


def head_confirmed(facts: Facts) -> Iterator[Finding]:
    """Refuse an offer until the head, or somebody who can accept for the school, has confirmed."""
    if facts.head == "refused":
        text = "The headteacher has said that the school cannot commit to this."
        yield Finding("head_refused", text, Effect.REFUSE, "Said no", HUB, facts.today.isoformat())
    elif facts.head != "confirmed":
        text = "The headteacher has not confirmed yet."
        fact = "Asked" if facts.head == "asked" else "Nobody has been asked yet"
        yield Finding("head_not_confirmed", text, Effect.REFUSE, fact, HUB, facts.today.isoformat())
