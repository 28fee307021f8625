"""What staff can do with a specialist: one table of buttons, each leading to one action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from programmes.schools.actions import register_school

from . import actions, forms
from .models import Specialist
from .states import IN_THE_PROGRAMME, SPECIALIST_MOVES, SpecialistStatus

S = SpecialistStatus


@dataclass(frozen=True)
class Act:
    """A button: its words, what it brings about, what is filled in, when it makes sense, and the action."""

    label: str
    explains: str
    form: type[forms.ActForm]
    possible: Callable[[Specialist], bool]
    do: Callable
    said: str


def _in(specialist: Specialist) -> bool:
    return specialist.status in IN_THE_PROGRAMME


def _to(status: S) -> Callable[[Specialist], bool]:
    return lambda each: each.status != S.DEFERRED and status in SPECIALIST_MOVES[S(each.status)]


def _move_on(status: S) -> Callable:
    return lambda specialist, form, **who: actions.move_on(specialist, status, **who)


def _move_school(specialist, form, *, by, at: datetime):
    data = form.cleaned_data
    school = register_school(form.establishment, at=at)
    stays = data["department_stays"] == "yes"
    actions.move_school(specialist, school, on=data["on"], department_stays=stays, by=by, at=at)


ACTS = {
    "launch": Act(
        "Record the launch",
        "The specialist was there, with somebody from the school's leadership for a part of it.",
        forms.LaunchForm,
        _in,
        lambda specialist, form, **who: actions.attend_launch(specialist, **form.cleaned_data, **who),
        "The launch is recorded.",
    ),
    "day": Act(
        "Add a day",
        "A day that was, or that is planned. It counts against the days of year 1.",
        forms.DayForm,
        _in,
        lambda specialist, form, **who: actions.record_day(specialist, **form.cleaned_data, **who),
        "The day is recorded.",
    ),
    "year-2": Act(
        "Move to year 2",
        "They work with their department from now on, and join the NCETM PD Lead Programme.",
        forms.ConfirmForm,
        _to(S.YEAR_2),
        _move_on(S.YEAR_2),
        "They are in year 2.",
    ),
    "active": Act(
        "Leads Work Groups",
        "From year 3 on, or after a time in their own department.",
        forms.ConfirmForm,
        _to(S.ACTIVE),
        _move_on(S.ACTIVE),
        "They can lead Work Groups.",
    ),
    "department": Act(
        "Works in their own department",
        "They stay a specialist and lead no Work Groups of other schools.",
        forms.ConfirmForm,
        _to(S.DEPARTMENT),
        _move_on(S.DEPARTMENT),
        "They work in their own department.",
    ),
    "accredit": Act(
        "Add an accreditation",
        "What they have been accredited as, such as NCETM PD Lead in year 2.",
        forms.AccreditForm,
        _in,
        lambda specialist, form, **who: actions.accredit(specialist, **form.cleaned_data, **who),
        "The accreditation is recorded.",
    ),
    "defer": Act(
        "Let them pause",
        "They come back into the year in which they stopped.",
        forms.DeferForm,
        _to(S.DEFERRED),
        lambda specialist, form, **who: actions.defer(specialist, **form.cleaned_data, **who),
        "They are pausing.",
    ),
    "back": Act(
        "They are back",
        "They go on in the year in which they stopped.",
        forms.ConfirmForm,
        lambda specialist: specialist.status == S.DEFERRED,
        lambda specialist, form, **who: actions.come_back(specialist, **who),
        "They are back.",
    ),
    "school": Act(
        "They moved school",
        "Where they teach now. The old school stays in their history.",
        forms.MoveSchoolForm,
        _in,
        _move_school,
        "The move is recorded.",
    ),
    "step-down": Act(
        "They step down",
        "Their time in the programme ends. In year 1 their place is free for somebody on the reserve list.",
        forms.ReasonForm,
        lambda each: S.STEPPED_DOWN in SPECIALIST_MOVES[S(each.status)],
        lambda specialist, form, **who: actions.step_down(specialist, reason=form.cleaned_data["reason"], **who),
        "They have stepped down.",
    ),
}
FIRST = {
    S.YEAR_1: ["day", "launch", "year-2"],
    S.YEAR_2: ["accredit", "active", "department"],
    S.DEFERRED: ["back"],
    S.DEPARTMENT: ["active"],
    S.ACTIVE: ["accredit"],
}


def split(specialist: Specialist) -> tuple[list, list]:
    """Return what can be done now as (verb, Act): what the year suggests, and the rest."""
    possible = {verb: act for verb, act in ACTS.items() if act.possible(specialist)}
    wanted = [verb for verb in FIRST.get(specialist.status, []) if not (verb == "launch" and specialist.launch_on)]
    first = [(verb, possible.pop(verb)) for verb in wanted if verb in possible]
    return first, list(possible.items())
