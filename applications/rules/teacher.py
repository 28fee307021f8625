"""What makes a teacher eligible for the Specialist Programme, and what their head has to support."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hubportal.rules import Effect, Finding

from .facts import APPLICATION, HUB, Facts, day


@dataclass(frozen=True)
class SpecialistPast:
    """A cohort of the programme in which the teacher is or was; `by_name` when only name and school say so."""

    cohort: str
    status: str
    status_label: str
    by_name: bool = False


@dataclass(frozen=True)
class TeacherFacts(Facts):
    """What a teacher's eligibility depends on, beside the school's facts.

    None: not said. `head_is_applicant` says in words why it looks as if the head were the applicant, or nothing.
    `head_days`, `head_launch` and the commitments made are what whoever answered for the school has said.
    """

    qts: bool | None = None
    qts_on: date | None = None
    years_teaching: int | None = None
    is_ect: bool | None = None
    specialist_before: tuple[SpecialistPast, ...] = ()
    head_is_applicant: str = ""
    head_days: int | None = None
    head_launch: str = ""


def teacher_qualified(
    facts: TeacherFacts, *, qts: bool = True, min_years: int | None = None, not_ect: bool = False
) -> Iterator[Finding]:
    """Refuse a teacher without QTS, with too few years, or in their early career, where the cohort's rules say so."""
    if qts:
        yield from _qts(facts)
    if min_years is not None:
        yield from _experience(facts, min_years)
    if not_ect and facts.is_ect is None:
        text = "You have not said whether you are an early career teacher. A person will ask you."
        yield _said("ect_not_said", text, Effect.REFER, "Not said", facts)
    elif not_ect and facts.is_ect:
        text = "The programme is for teachers who have finished their early career (ECT) training."
        yield _said("early_career", text, Effect.REFUSE, "Early career teacher", facts)


def _qts(facts: TeacherFacts) -> Iterator[Finding]:
    if facts.qts is None:
        yield _said("qts_not_said", "You have not said whether you have QTS.", Effect.REFER, "Not said", facts)
    elif not facts.qts:
        text = "The programme is for teachers with qualified teacher status (QTS)."
        yield _said("no_qts", text, Effect.REFUSE, "No QTS", facts)
    elif facts.qts_on and facts.qts_on > facts.today:
        text = f"The date of your QTS, {day(facts.qts_on)}, has not come yet."
        yield _said("qts_ahead", text, Effect.REFUSE, day(facts.qts_on), facts)


def _experience(facts: TeacherFacts, min_years: int) -> Iterator[Finding]:
    years = facts.years_teaching
    if years is None:
        text = "You have not said how many years you have taught. A person will ask you."
        yield _said("years_not_said", text, Effect.REFER, "Not said", facts)
    elif years < min_years:
        text = f"The programme is for teachers who have taught for at least {min_years} years."
        fact = f"{years} year{'' if years == 1 else 's'}"
        yield _said("too_few_years", text, Effect.REFUSE, fact, facts)


def not_a_specialist_already(facts: TeacherFacts) -> Iterator[Finding]:
    """Refuse a teacher who is in the programme; refer one who left it, or whose name and school a specialist has."""
    for past in facts.specialist_before:
        fact = f"{past.cohort}: {past.status_label}"
        if past.by_name:
            text = (
                f"A specialist of your name teaches at your school ({past.cohort}), under another address. A person "
                "will look at whether it is you."
            )
            yield _known("specialist_of_that_name", text, Effect.REFER, fact, facts)
        elif past.status == "stepped_down":
            text = (
                f"You were in the programme before ({past.cohort}). A person will look at whether you can start anew."
            )
            yield _known("stepped_down_before", text, Effect.REFER, fact, facts)
        else:
            text = f"You are in the programme already ({past.cohort}). Your hub can tell you about the next step."
            yield _known("specialist_already", text, Effect.REFUSE, fact, facts)


def teacher_not_head(facts: TeacherFacts) -> Iterator[Finding]:
    """Refer when the head seems to be the applicant: somebody else has to answer for the school."""
    if facts.head_is_applicant:
        text = (
            "The headteacher's part is not one's own to fill in. A person will look at whether the chair of governors "
            "or another senior leader answers for the school."
        )
        yield _said("head_is_applicant", text, Effect.REFER, facts.head_is_applicant, facts)


def head_supports(facts: TeacherFacts, *, days: int, launch: bool = True) -> Iterator[Finding]:
    """Refuse to select until the head supports the days of release and the launch."""
    if facts.head == "refused":
        yield _known("head_refused", "The headteacher has said that the school cannot support this.",
                     Effect.REFUSE, "Said no", facts)  # fmt: skip
        return
    if facts.head != "confirmed":
        fact = "Asked" if facts.head == "asked" else "Nobody has been asked yet"
        yield _known("head_not_confirmed", "The headteacher has not answered yet.", Effect.REFUSE, fact, facts)
        return
    if (facts.head_days or 0) < days:
        text = f"The head has not supported the {days} days of release that the programme takes in year 1."
        yield _known("head_days", text, Effect.REFUSE, f"{facts.head_days or 0} days", facts)
    if launch and not facts.head_launch:
        text = "The head has not said who comes to the launch from the school's leadership."
        yield _known("head_launch", text, Effect.REFUSE, "Nobody named", facts)


def _said(code: str, text: str, effect: Effect, fact: str, facts: TeacherFacts) -> Finding:
    return Finding(code, text, effect, fact, APPLICATION, facts.applied_on.isoformat())


def _known(code: str, text: str, effect: Effect, fact: str, facts: TeacherFacts) -> Finding:
    return Finding(code, text, effect, fact, HUB, facts.today.isoformat())
