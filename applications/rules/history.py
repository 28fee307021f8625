"""What the school has taken part in before."""

from collections.abc import Iterator

from hubportal.clock import year_label
from hubportal.rules import Effect, Finding

from .facts import APPLICATION, HUB, REGISTER, Facts, Participation

TOOK_PART = {"active", "completed", "part_completed"}
HELD = {"offered", "accepted", "confirmed", *TOOK_PART}


def not_already_in(facts: Facts, *, family: str) -> Iterator[Finding]:
    """Refuse a school that is in the programme or has completed it; refer one that left it half-way.

    Schools that the register links as predecessor or successor count: whether they are one, a person judges.
    """
    for part in facts.taken_part:
        if part.family != family:
            continue
        if part.status in {"withdrawn", "part_completed"}:
            text = (
                f"Your school was in this programme in {part.year_label} and did not finish. A person will look at "
                "whether it can begin again."
            )
            yield _hubs_finding("took_part_before", text, Effect.REFER, _seen(part), facts)
        elif part.status in HELD:
            text = (
                f"Your school already has a place in this programme, in {part.year_label}. It is for departments that "
                "have not done it before; your hub can tell you about the next step."
            )
            yield _hubs_finding("already_in", text, Effect.REFUSE, _seen(part), facts)
    yield from _applied_as_another(facts)


def took_part_or_specialist(facts: Facts, *, families: list[str], specialist_cohort_max: int) -> Iterator[Finding]:
    """Let in who took part in one of `families` in an earlier year, or has a Mastery Specialist of an early cohort.

    What our own records prove needs nobody. Anything else that the school says is referred, never refused; only a
    specialist of a cohort that comes later is refused. Before the form is sent the records stay closed: anybody can
    type the name of any school.
    """
    late = facts.route == "specialist" and (facts.route_cohort or 0) > specialist_cohort_max
    if facts.before_sending:
        yield from _too_late(facts, specialist_cohort_max) if late else _to_prove(facts)
    elif not proven(facts, families=families, specialist_cohort_max=specialist_cohort_max):
        if late and not _earlier(facts, families):
            yield from _too_late(facts, specialist_cohort_max)
        else:
            yield from _not_proven(facts, families, specialist_cohort_max)
    yield from _applied_as_another(facts)


def proven(facts: Facts, *, families: list[str], specialist_cohort_max: int) -> list[str]:
    """Return what our own records say for the school, as sentences; none when they do not prove it."""
    parts = [part for part in _earlier(facts, families) if part.status in TOOK_PART and not part.known_as]
    places = [f"Our records show {_phase(part)} in {part.year_label}: {_words(part)}." for part in parts]
    cohorts = [number for number in facts.specialist_cohorts if number <= specialist_cohort_max]
    return places + [f"Our records show a Mastery Specialist of cohort {number} at the school." for number in cohorts]


def _earlier(facts: Facts, families: list[str]) -> list[Participation]:
    return [part for part in facts.taken_part if part.family in families and part.year < facts.year]


def _phase(part: Participation) -> str:
    """Return “Development” for “sec-development”."""
    return part.family.rpartition("-")[2].capitalize()


def _words(part: Participation) -> str:
    return part.status.replace("_", " ")


def _seen(part: Participation) -> str:
    as_whom = f", as {part.known_as}" if part.known_as else ""
    return f"{part.year_label}: {_words(part)}{as_whom}"


def _hubs_finding(code: str, text: str, effect: Effect, fact: str, facts: Facts) -> Finding:
    return Finding(code, text, effect, fact, HUB, facts.today.isoformat())


def _claim(facts: Facts) -> str:
    """Return what the school says, to go on after “that your department”."""
    in_year = f" in {year_label(facts.route_year)}" if facts.route_year else ""
    if facts.route == "specialist":
        return f"has a Mastery Specialist of cohort {facts.route_cohort}"
    if facts.route == "break":
        return f"took part{in_year} and is coming back after a break"
    return f"did Development{in_year}" if facts.route else "has taken part before"


def _to_prove(facts: Facts) -> Iterator[Finding]:
    text = (
        f"You say that your department {_claim(facts)}. When you send the form, we look for it in our records; if they "
        "do not show it, a person looks."
    )
    yield Finding("route_to_prove", text, Effect.WARN, "", APPLICATION, facts.applied_on.isoformat())


def _too_late(facts: Facts, most: int) -> Iterator[Finding]:
    text = (
        f"For {year_label(facts.year)}, departments of Mastery Specialists of cohorts 1 to {most} can join. Those of "
        f"cohort {facts.route_cohort} join in a later year."
    )
    fact = f"Cohort {facts.route_cohort}"
    yield Finding("specialist_later", text, Effect.REFUSE, fact, APPLICATION, facts.applied_on.isoformat())


def _not_proven(facts: Facts, families: list[str], most: int) -> Iterator[Finding]:
    """Refer what the records do not prove, and say what they do show and at what a person will look."""
    others = [part for part in _earlier(facts, families) if part.status in TOOK_PART]
    unfinished = [part for part in _earlier(facts, families) if part.status in HELD | {"withdrawn"} - TOOK_PART]
    later = [number for number in facts.specialist_cohorts if number > most]
    if others:
        text = (
            f"Our records show that {others[0].known_as} took part in {others[0].year_label}. A person will look at "
            "whether that was your school."
        )
        yield _hubs_finding("took_part_as_another", text, Effect.REFER, _seen(others[0]), facts)
    elif unfinished:
        text = (
            f"Our records show a place in {unfinished[0].year_label} that was not finished. A person will look at how "
            "far your department came."
        )
        yield _hubs_finding("took_part_in_part", text, Effect.REFER, _seen(unfinished[0]), facts)
    else:
        fact = f"A Mastery Specialist of cohort {later[0]}" if later else "Nothing in our records"
        text = (
            f"You say that your department {_claim(facts)}. Our records do not show that, so a person will look at "
            "older records and may ask you when it was and who took part."
        )
        yield _hubs_finding("route_not_proven", text, Effect.REFER, fact, facts)


def _applied_as_another(facts: Facts) -> Iterator[Finding]:
    for name in facts.applied_as:
        text = (
            f"{name} has applied for this year too, and it may be the same school as yours under another URN. "
            "A person will look at whether it is."
        )
        yield Finding("applied_as_another", text, Effect.REFER, name, REGISTER, facts.school.seen_on.isoformat())


def completed_before(facts: Facts, *, family: str, years_ago: int) -> Iterator[Finding]:
    """Refuse a school that did not complete `family` exactly `years_ago` years before this project's year."""
    year = facts.year - years_ago
    parts = [part for part in facts.taken_part if part.family == family and part.year == year]
    done = [part for part in parts if part.status == "completed"]
    if any(not part.known_as for part in done):
        return
    if done:
        text = (
            f"{done[0].known_as} completed it in {year_label(year)}. A person will look at whether that is the school."
        )
        yield _hubs_finding("completed_as_another", text, Effect.REFER, _seen(done[0]), facts)
    elif any(part.status == "active" for part in parts):
        text = f"The school is still taking part in {year_label(year)}: this is for schools that have completed it."
        yield _hubs_finding("not_completed_yet", text, Effect.REFER, _seen(parts[0]), facts)
    else:
        text = (
            f"This is for schools that completed the programme before it in {year_label(year)}, and our records do not "
            "show that. Sustaining is open to every department that has taken part."
        )
        fact = _seen(parts[0]) if parts else f"{year_label(year)}: no place"
        yield _hubs_finding("not_completed", text, Effect.REFUSE, fact, facts)


def joined_with(facts: Facts, *, family: str) -> Iterator[Finding]:
    """Refuse a school that has no place in `family` in the same year: the two belong together."""
    held = [part for part in facts.taken_part if part.family == family and part.year == facts.year]
    if not any(part.status in HELD for part in held):
        text = (
            "A school takes part in this together with the Work Group of the same year, and there it has no place. "
            "Offer the school both."
        )
        fact = _seen(held[0]) if held else f"{year_label(facts.year)}: no place"
        yield _hubs_finding("not_joined_with", text, Effect.REFUSE, fact, facts)
