"""What staff can do with a teacher's application: one table of buttons, each leading to one action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from applications.specialists import actions, decisions, heads, release
from applications.specialists.models import SpecialistApplication
from applications.specialists.states import CHECKED, LIVE, MOVES, UNDECIDED, Decision
from applications.specialists.states import SpecialistApplicationStatus as Status

from . import forms


@dataclass(frozen=True)
class Act:
    """A button: its words, what it brings about, what is filled in, when it makes sense, and the action."""

    label: str
    explains: str
    form: type[forms.ActForm]
    possible: Callable[[SpecialistApplication], bool]
    do: Callable
    said: str


QUIETLY = "Nothing is sent, and the teacher's page does not show it, until you release the cohort's decisions."


def _is(*statuses: Status) -> Callable[[SpecialistApplication], bool]:
    return lambda application: application.status in statuses


def _can_decide(application: SpecialistApplication) -> bool:
    return application.status == Status.SHORTLISTED and application.scores_in == 2


def _decide(decision: Decision) -> Callable:
    def do(application, form, **who):
        decisions.decide(application, decision, reason=form.cleaned_data.get("reason", ""), **who)

    return do


ACTS = {
    "shortlist": Act(
        "Shortlist",
        "Two colleagues read it and score it, each alone. Both are asked by e-mail. The teacher is not told.",
        forms.ReadersForm,
        _is(Status.ELIGIBLE),
        lambda application, form, **who: decisions.shortlist(application, form.readers(), **who),
        "Shortlisted. Both readers have been asked.",
    ),
    "select": Act("Select", QUIETLY, forms.ConfirmForm, _can_decide, _decide(Decision.SELECTED), "Selected, quietly."),
    "reserve": Act(
        "Put on the reserve list",
        QUIETLY,
        forms.ReserveForm,
        _can_decide,
        _decide(Decision.RESERVE),
        "On the reserve list, quietly.",
    ),
    "not-select": Act(
        "Do not select",
        QUIETLY,
        forms.LetterForm,
        lambda application: application.status in {*UNDECIDED} - {Status.SUBMITTED, Status.CHECKING},
        _decide(Decision.NOT_SELECTED),
        "Not selected, quietly.",
    ),
    "undecide": Act(
        "Take the decision back",
        "Nobody has been told of it.",
        forms.ConfirmForm,
        lambda application: application.status in UNDECIDED and bool(application.decision),
        lambda application, form, **who: decisions.undecide(application, **who),
        "The decision is taken back.",
    ),
    "looked": Act(
        "End the referral",
        "You have looked at what the check could not answer. It is settled while the fact stays the same.",
        forms.NoteForm,
        _is(Status.REFERRED),
        lambda application, form, **who: decisions.end_referral(application, note=form.cleaned_data["note"], **who),
        "The referral is over.",
    ),
    "facts": Act(
        "Correct QTS or experience",
        "After asking the teacher. The check is made again.",
        forms.FactsForm,
        lambda application: application.status in CHECKED,
        lambda application, form, **who: decisions.correct_facts(application, **form.values(), **who),
        "The details are corrected, and the check was made again.",
    ),
    "readers": Act(
        "Change the readers",
        "Somebody who has scored stays. The new reader is asked by e-mail.",
        forms.ReadersForm,
        lambda application: application.status == Status.SHORTLISTED and application.scores_in < 2,
        lambda application, form, **who: decisions.change_readers(application, form.readers(), **who),
        "The readers are changed.",
    ),
    "back": Act(
        "Take off the shortlist",
        "Possible while nobody has scored it. The teacher is not told.",
        forms.ReasonForm,
        lambda application: application.status == Status.SHORTLISTED and not application.scores_in,
        lambda application, form, **who: decisions.back_from_shortlist(
            application, note=form.cleaned_data["reason"], **who
        ),
        "Taken off the shortlist.",
    ),
    "take-up": Act(
        "Take up from the reserve list",
        "The teacher is selected and told at once, and their first year begins.",
        forms.ConfirmForm,
        _is(Status.RESERVE),
        lambda application, form, **who: release.take_up(application, **who),
        "Taken up from the reserve list. The teacher has been told.",
    ),
    "let-go": Act(
        "Tell them that no place came free",
        "The application ends, and the teacher gets the reason by e-mail at once.",
        forms.LetterForm,
        _is(Status.RESERVE),
        lambda application, form, **who: release.let_reserve_go(application, reason=form.cleaned_data["reason"], **who),
        "The teacher has been told.",
    ),
    "head": Act(
        "Ask the head again",
        "A new private link is sent. Links to another address stop working.",
        forms.StaffHeadForm,
        lambda application: application.status in UNDECIDED and not application.head_supports,
        lambda application, form, **who: heads.ask_again(
            application, name=form.cleaned_data["head_name"], email=form.cleaned_data["head_email"], **who
        ),
        "The request is on its way.",
    ),
    "contact": Act(
        "Correct name or address",
        "A new address gets the private link, and links that were sent to the old one stop working.",
        forms.StaffContactForm,
        lambda application: application.status in LIVE,
        lambda application, form, **who: actions.correct_contact(application, **form.cleaned_data, **who),
        "The details are saved.",
    ),
    "send-link": Act(
        "Send the private link again",
        "The teacher gets a new private link by e-mail.",
        forms.ConfirmForm,
        lambda application: application.status != Status.DUPLICATE,
        lambda application, form, **who: actions.send_link(application, **who),
        "A new private link is on its way.",
    ),
    "withdraw": Act(
        "Withdraw for the teacher",
        "The application ends; a place that was given is free again. The teacher is told by e-mail.",
        forms.ReasonForm,
        lambda application: Status.WITHDRAWN in MOVES[Status(application.status)],
        lambda application, form, **who: actions.withdraw(application, note=form.cleaned_data["reason"], **who),
        "The application is withdrawn. The teacher has been told.",
    ),
}
FIRST = {
    "shortlist": ["shortlist", "not-select"],
    "look": ["looked", "facts", "not-select"],
    "advise": ["facts", "not-select"],
    "talk": ["head", "not-select"],
    "support": ["head", "reserve", "not-select"],
    "decide": ["select", "reserve", "not-select"],
    "release": ["undecide"],
    "wait": ["take-up", "let-go"],
    "reserve": ["let-go"],
}
"""The buttons that whose move it is puts first."""


def split(application: SpecialistApplication) -> tuple[list, list]:
    """Return what can be done now as (verb, Act): what whose move it is suggests, and the rest."""
    possible = {verb: act for verb, act in ACTS.items() if act.possible(application)}
    first = [(verb, possible.pop(verb)) for verb in FIRST.get(application.turn, []) if verb in possible]
    return first, list(possible.items())


def do(verb: str, application: SpecialistApplication, form, *, by, at: datetime) -> str:
    """Do it and return what to say of it. Raises Refused or IllegalMove; then nothing is saved."""
    ACTS[verb].do(application, form, by=by, at=at)
    return ACTS[verb].said
