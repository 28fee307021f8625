"""What staff can do with an application: one table of buttons, each leading to one action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from applications import actions, decisions
from applications.models import Application
from applications.states import LIVE, MOVES, UNDECIDED, Status
from programmes.cohorts.states import PlaceStatus

from . import forms


@dataclass(frozen=True)
class Act:
    """A button: its words, what it brings about, what is filled in, when it makes sense, and the action."""

    label: str
    explains: str
    form: type[forms.ActForm]
    possible: Callable[[Application], bool]
    do: Callable
    said: str


def _to(*statuses: Status) -> Callable[[Application], bool]:
    return lambda application: any(status in MOVES[Status(application.status)] for status in statuses)


def _goes_on(application: Application) -> bool:
    return application.status in LIVE


def _names_open(application: Application) -> bool:
    place = application.place
    return _goes_on(application) and (place is None or place.status in {PlaceStatus.OFFERED, PlaceStatus.ACCEPTED})


def _to_judge(application: Application) -> bool:
    accepted = application.place is not None and application.place.status == PlaceStatus.ACCEPTED
    return accepted and len(application.nominees.all()) == 2


def _offer(application, form, **who):
    decisions.offer(application, focus=form.focus, **who)


def _waitlist(application, form, **who):
    decisions.waitlist(application, note=form.cleaned_data["note"], **who)


def _decline(application, form, **who):
    decisions.decline(application, reason=form.reason, **who)


def _refer(application, form, **who):
    decisions.refer(application, reason=form.cleaned_data["reason"], **who)


def _end_referral(application, form, **who):
    decisions.end_referral(application, note=form.cleaned_data["note"], **who)


def _ask(application, form, **who):
    decisions.request_information(application, **form.cleaned_data, **who)


def _set_aside(application, form, **who):
    decisions.propose_override(application, **form.cleaned_data, **who)


def _merge(application, form, **who):
    decisions.merge(application, **form.cleaned_data, **who)


def _transfer(application, form, **who):
    decisions.transfer(application, **form.cleaned_data, **who)


def _withdraw(application, form, **who):
    actions.withdraw(application, note=form.cleaned_data["reason"], **who)


def _confirm_place(application, form, **who):
    decisions.confirm_place(application, **who)


def _ask_head(application, form, **who):
    data = form.cleaned_data
    return actions.correct_head(application, name=data["head_name"], email=data["head_email"], **who)


def _contact(application, form, **who):
    actions.correct_contact(application, **form.cleaned_data, **who)


def _advocates(application, form, **who):
    actions.name_advocates(application, form.people(), **who)


def _send_link(application, form, **who):
    actions.send_link(application, **who)


ACTS = {
    "offer": Act(
        "Offer a place",
        "The place is held for the school until it answers, and the contact gets the offer by e-mail.",
        forms.OfferForm,
        _to(Status.OFFERED),
        _offer,
        "The place is offered. The school has been told.",
    ),
    "waitlist": Act(
        "Put on the waiting list",
        "The contact is told by e-mail. You can offer a place later.",
        forms.WaitlistForm,
        _to(Status.WAITLISTED),
        _waitlist,
        "The school is on the waiting list and has been told.",
    ),
    "decline": Act(
        "Decline with a reason",
        "The application ends. The contact gets the reason by e-mail, word for word.",
        forms.DeclineForm,
        _to(Status.NOT_OFFERED),
        _decline,
        "The application is declined. The school has been told why.",
    ),
    "set-aside": Act(
        "Set a finding aside",
        "You give the reason; it counts when a second person agrees.",
        forms.OverrideForm,
        lambda application: application.status in {*UNDECIDED} - {Status.SUBMITTED, Status.CHECKING},
        _set_aside,
        "A second person can agree now.",
    ),
    "ask": Act(
        "Ask the school a question",
        "The contact gets the question by e-mail and answers by the private link.",
        forms.QuestionForm,
        lambda application: application.status in UNDECIDED and not application.has_question,
        _ask,
        "The school has been asked.",
    ),
    "refer": Act(
        "Refer to a person",
        "The application waits until somebody at the hub has looked at it. The school is not written to.",
        forms.LookForm,
        _to(Status.REFERRED),
        _refer,
        "The application waits for a person to look at it.",
    ),
    "end-referral": Act(
        "End the referral",
        "The application goes back to what the newest check says.",
        forms.LookedForm,
        lambda application: application.status == Status.REFERRED,
        _end_referral,
        "The referral is over.",
    ),
    "confirm-place": Act(
        "Confirm the place",
        "You have judged that one Advocate leads the department or has a similar role. The school gets its place.",
        forms.ConfirmForm,
        _to_judge,
        _confirm_place,
        "The place is confirmed. The school has been told.",
    ),
    "head": Act(
        "Ask the head again",
        "The head gets a new private link; links to another address stop working. Correct name and address here.",
        forms.StaffHeadForm,
        lambda application: _goes_on(application) and not application.head_confirmed,
        _ask_head,
        "The head's details are saved, and the head is asked.",
    ),
    "advocates": Act(
        "Name the Advocates",
        "On the school's behalf. The eligibility check is made again.",
        forms.StaffAdvocatesForm,
        _names_open,
        _advocates,
        "The names are saved.",
    ),
    "contact": Act(
        "Correct the contact",
        "A new address gets the private link, and links that were sent to the old one stop working.",
        forms.StaffContactForm,
        _goes_on,
        _contact,
        "The contact is saved.",
    ),
    "send-link": Act(
        "Send the private link again",
        "The contact gets a new private link by e-mail.",
        forms.ConfirmForm,
        lambda application: True,
        _send_link,
        "A new private link is on its way.",
    ),
    "merge": Act(
        "Join to another application",
        "For a school that applied twice or under two URNs. This one ends; both keep their answers and history.",
        forms.MergeForm,
        _to(Status.DUPLICATE),
        _merge,
        "The applications are joined.",
    ),
    "transfer": Act(
        "Move to another hub or year",
        "This application ends, and one with the same answers begins there. The contact gets a new private link.",
        forms.TransferForm,
        _to(Status.TRANSFERRED),
        _transfer,
        "The application has moved. The school has been told.",
    ),
    "withdraw": Act(
        "Withdraw for the school",
        "The application ends, and its place is free again. The contact is told by e-mail.",
        forms.ReasonForm,
        _to(Status.WITHDRAWN),
        _withdraw,
        "The application is withdrawn. The school has been told.",
    ),
}
FIRST = {
    "decide": ["offer", "waitlist", "decline"],
    "wait": ["offer", "decline"],
    "look": ["set-aside", "end-referral", "ask", "decline"],
    "advise": ["set-aside", "ask", "decline"],
    "talk": ["head", "ask", "decline"],
    "confirm": ["head"],
    "answer": ["send-link"],
    "change": ["advocates", "ask"],
    "judge": ["confirm-place", "advocates", "ask"],
    "name": ["advocates"],
    "agree": ["ask"],
    "accept": ["send-link"],
}
"""The buttons that whose move it is puts first."""


def split(application: Application, turn: str) -> tuple[list, list]:
    """Return what can be done now as (verb, Act): what whose move it is suggests, and the rest."""
    possible = {verb: act for verb, act in ACTS.items() if act.possible(application)}
    first = [(verb, possible.pop(verb)) for verb in FIRST.get(turn, []) if verb in possible]
    return first, list(possible.items())


def do(verb: str, application: Application, form, *, by, at: datetime) -> str:
    """Do it and return what to say of it. Raises Refused or IllegalMove; then nothing is saved."""
    return ACTS[verb].do(application, form, by=by, at=at) or ACTS[verb].said
