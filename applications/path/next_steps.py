"""What a school may join next, and why: pure rules over plain values.

Where they come from: DESIGN section 6 and the catalogue. Which programme follows which, after which end and how many
years later, is `next_phases` of each project; which specialists' departments may join is a parameter of its rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hubportal.clock import year_label
from hubportal.rules import Effect, Finding

from .facts import HOLDS, IS_THERE, Been, History, Target, Way

APPLY, CONTINUE, OFFERED, TEACHER = "apply", "continue", "offered", "teacher"
ENDED_EARLY = frozenset({"part_completed", "withdrawn"})


class Verdict(StrEnum):
    """What a school can do about a programme, the most hopeful first."""

    MAY = "may"
    OFFERED = "offered"
    IN = "in"
    APPLIED = "applied"
    REFER = "refer"
    LATER = "later"
    NO = "no"


ORDER = list(Verdict)
OPEN = frozenset({Verdict.MAY, Verdict.OFFERED})


@dataclass(frozen=True)
class NextStep:
    """What the rules say of one programme. `change`: what would change that. `year`: from when on, where later."""

    target: Target
    verdict: Verdict
    why: str
    change: str = ""
    year: int = 0

    @property
    def from_year(self) -> int:
        return self.year or self.target.year


def next_steps(targets: Iterable[Target], history: History, findings: dict[str, Sequence[Finding]]) -> list[NextStep]:
    """Return a step for each target, what can be done first; `findings` about the school stand by family."""
    found = [next_step(target, history, findings.get(target.family, ())) for target in targets]
    return sorted(found, key=lambda step: ORDER.index(step.verdict))


def next_step(target: Target, history: History, findings: Sequence[Finding] = ()) -> NextStep:
    """Return what the rules say of one programme for a school with this history."""
    return _is_in(target, history) or _barred(target, findings) or BY_ENTRY[target.entry](target, history)


def _is_in(target: Target, history: History) -> NextStep | None:
    here = [been for been in history.been if (been.family, been.year) == (target.family, target.year)]
    if target.entry == TEACHER:  # another teacher can come as well
        return None
    if any(been.status == "offered" for been in here):
        return NextStep(target, Verdict.IN, f"Your hub has offered you a place for {_in(target)}.")
    if any(been.status in IS_THERE for been in here):
        return NextStep(target, Verdict.IN, f"Your school has a place in {_in(target)}.")
    if (target.family, target.year) in history.applied:
        return NextStep(
            target, Verdict.APPLIED, f"Your school has applied for {_in(target)}. The hub has not decided yet."
        )
    return None


def _in(target: Target) -> str:
    return year_label(target.year)


def _barred(target: Target, findings: Sequence[Finding]) -> NextStep | None:
    """Return what the register's facts come to, unless they are in order. Warnings bar nobody."""
    refused = [each.text for each in findings if each.effect == Effect.REFUSE]
    if refused:
        change = "If that is wrong or out of date, ask your Maths Hub."
        return NextStep(target, Verdict.NO, " ".join(refused), change)
    referred = [each.text for each in findings if each.effect == Effect.REFER]
    if referred and target.entry != OFFERED:
        return NextStep(target, Verdict.REFER, " ".join(referred))
    return None


def _first_step(target: Target, history: History) -> NextStep:
    """Judge a programme that schools begin with, in most cases once."""
    before = [been for been in history.been if been.family == target.family] if target.once else []
    if done := _latest(before, {"completed"}):
        why = f"Your department completed it in {_label(done)}. It is for departments that have not done it before."
        return NextStep(target, Verdict.NO, why, "The steps that follow it are open to you instead.")
    if now := _latest(before, HOLDS):
        why = f"Your department has a place in it already, in {_label(now)}. It is done once."
        return NextStep(target, Verdict.NO, why, "The next steps follow when it is completed.")
    if left := _latest(before, ENDED_EARLY):
        why = f"Your department began it in {_label(left)} and did not finish."
        return NextStep(target, Verdict.REFER, f"{why} A person will look at whether it can begin again.")
    if target.once:
        why = "It is for departments that have not done it before, and what is known of your school fits."
        return NextStep(target, Verdict.MAY, why)
    return NextStep(target, Verdict.MAY, "What is known of your school fits, and no earlier year is needed.")


def _continuing(target: Target, history: History) -> NextStep:
    """Judge a programme that follows another."""
    return (
        _by_a_way(target, history)
        or _by_specialist(target, history)
        or _when_it_is_done(target, history)
        or _later_by_cohort(target, history)
        or _ended_otherwise(target, history)
        or _nothing_known(target, history)
    )


def _by_a_way(target: Target, history: History) -> NextStep | None:
    """Find the earlier year that leads here, the newest first."""
    for been in sorted(history.been, key=lambda each: -each.year):
        for way in target.ways:
            if way.family == been.family and been.status in way.after and _fits(way, been, target):
                return _open(target, _came_by(way, been, target), way)
    return None


def _fits(way: Way, been: Been, target: Target) -> bool:
    first = been.year + way.years_later
    return first <= target.year if way.or_more else first == target.year


def _came_by(way: Way, been: Been, target: Target) -> str:
    did = {"completed": "completed", "part_completed": "did part of"}.get(been.status, "took part in")
    why = f"Your department {did} {way.title} in {_label(been)}"
    if been.year < target.year - 1:
        return f"{why}. A break since then does not matter."
    return f"{why}." if way.or_more else f"{why}, the year before."


def _open(target: Target, why: str, way: Way | None = None) -> NextStep:
    if way and way.together:
        why += f" It goes together with {way.together} in the same year."
    if target.entry == OFFERED:
        return NextStep(target, Verdict.OFFERED, why, "You need not apply: your hub offers it to you.")
    return NextStep(target, Verdict.MAY, why)


def _by_specialist(target: Target, history: History) -> NextStep | None:
    if target.entry != CONTINUE or not history.cohorts:
        return None
    first = min(history.cohorts)
    if target.cohorts_to is None:
        why = f"You have a Mastery Specialist of cohort {first}."
        rest = f"No rule says up to which cohort departments may join in {_in(target)}: your hub decides."
        return NextStep(target, Verdict.REFER, f"{why} {rest}")
    if first <= target.cohorts_to:
        return _open(target, f"You are the department of a Mastery Specialist of cohort {first}: {_who_may(target)}.")
    return None


def _who_may(target: Target) -> str:
    return f"those of cohorts 1 to {target.cohorts_to} may join in {_in(target)}"


def _when_it_is_done(target: Target, history: History) -> NextStep | None:
    """Say from when on, for a school that is still in what leads here."""
    for way in target.ways:
        now = _latest([been for been in history.been if been.family == way.family], HOLDS)
        year = now.year + way.years_later if now else 0
        if year >= target.year:
            needs = "is completed" if way.after == ("completed",) else "is over"
            why = f"Your department is in {way.title} in {_label(now)}. This follows in {year_label(year)}."
            return NextStep(target, Verdict.LATER, why, f"It opens to you when {way.title} {needs}.", year)
    return None


def _later_by_cohort(target: Target, history: History) -> NextStep | None:
    """Say when a specialist's department may join: so far one more cohort has been let in each year."""
    if target.entry != CONTINUE or not history.cohorts or target.cohorts_to is None:
        return None
    first = min(history.cohorts)
    year = target.year + first - target.cohorts_to
    why = f"Of the departments of Mastery Specialists, {_who_may(target)}. Yours is of cohort {first}."
    change = f"Each year the departments of one more cohort may join, so expect {year_label(year)}."
    return NextStep(target, Verdict.LATER, why, change, year)


def _ended_otherwise(target: Target, history: History) -> NextStep | None:
    """Judge a school that was in what leads here, but in another year or to another end."""
    for way in target.ways:
        before = [been for been in history.been if been.family == way.family]
        if done := _latest(before, way.after):
            why = f"It is only for the year after {way.title}, and your department completed that in {_label(done)}."
            return NextStep(target, Verdict.NO, why, "Nothing can change that, but other steps have no such limit.")
        if early := _latest(before, ENDED_EARLY):
            return _left_early(target, way, early)
    return None


def _left_early(target: Target, way: Way, been: Been) -> NextStep:
    end = "in part only" if been.status == "part_completed" else "without finishing"
    why = f"Your department was in {way.title} in {_label(been)} {end}."
    if target.entry == OFFERED:
        why = f"It needs {way.title} to be completed. {why}"
        return NextStep(target, Verdict.NO, why, "If that is not how it was, ask your hub to put its record right.")
    return NextStep(target, Verdict.REFER, f"{why} A person will look at whether it can join.")


def _nothing_known(target: Target, history: History) -> NextStep:
    before = list(dict.fromkeys(way.title for way in target.ways if way.family != target.family))
    why = f"It follows {' or '.join(before) or 'an earlier programme'}"
    if target.entry == OFFERED or history.whole:
        change = f"Begin with {before[0]}." if before else "Ask your Maths Hub."
        return NextStep(target, Verdict.NO, f"{why}, and we know of no such year of your department.", change)
    why = f"{why}, and we know of no such year of your department."
    change = "If there was one, sign up and say when: a person will look at it."
    return NextStep(target, Verdict.REFER, why, change)


def _a_teacher(target: Target, history: History) -> NextStep:
    who = "You have a Mastery Specialist. Another teacher" if history.cohorts else "A teacher"
    return NextStep(target, Verdict.MAY, f"{who} of your school can apply, and your headteacher supports it.")


BY_ENTRY = {APPLY: _first_step, CONTINUE: _continuing, OFFERED: _continuing, TEACHER: _a_teacher}


def _latest(been: Iterable[Been], statuses) -> Been | None:
    return max((each for each in been if each.status in statuses), key=lambda each: each.year, default=None)


def _label(been: Been) -> str:
    return year_label(been.year)


def ahead(steps: Sequence[NextStep], history: History, *, years: int = 1) -> list[NextStep]:
    """Return what would come in the years after, if what can be done is done and what goes on is completed."""
    ours = [step for step in steps if step.target.entry != TEACHER]
    taken = [replace(been, status="completed") if been.status in HOLDS else been for been in history.been]
    taken += _done(step for step in ours if step.verdict in OPEN)
    last, found = max((step.target.year for step in ours), default=0), []
    for year in range(last + 1, last + years + 1):
        then = replace(history, been=tuple(taken), applied=frozenset())
        coming = [next_step(_in_year(step.target, year), then) for step in ours]
        coming = [step for step in coming if step.verdict in OPEN and step.target.entry != APPLY]
        taken += _done(coming)
        found += coming
    return found


def _done(steps: Iterable[NextStep]) -> list[Been]:
    return [Been(step.target.family, step.target.year, "completed") for step in steps]


def _in_year(target: Target, year: int) -> Target:
    moved = target.cohorts_to and target.cohorts_to + year - target.year
    return replace(target, year=year, cohorts_to=moved)
