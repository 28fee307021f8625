"""One proposal: what was asked, what the school said, what came of it, and what staff can do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.timeline import timeline
from hubportal.messaging.models import Message
from hubportal.rules import Refused

from . import actions, forms, settling
from .listing import DECIDE
from .models import Proposal
from .pages import team_names
from .states import LIVE_PROPOSAL, OPEN_TO_ANSWER, ProposalStatus

PAGE = "admin:applications_proposal_change"
MOVES_NOW = {
    ProposalStatus.ASKED: "School: to answer",
    ProposalStatus.ANSWERED: "Hub: to take up the answer",
    ProposalStatus.WAITING: "Hub: to make room, or talk to the school",
    ProposalStatus.PUT_OFF: "Hub: to ask again when the day comes",
}
TAKES_UP = {ProposalStatus.ANSWERED, ProposalStatus.WAITING}


@dataclass(frozen=True)
class Act:
    """A button: its words, what it brings about, its form, when it makes sense, the action, and what is said after."""

    label: str
    explains: str
    form: Callable
    possible: Callable[[Proposal], bool]
    do: Callable
    said: str


def _phone_form(data, proposal, today):
    return forms.PhoneForm(data, proposal=proposal, today=today, team=team_names(proposal))


def _contact_form(data, proposal, today):
    initial = {"name": proposal.contact_name, "email": proposal.contact_email}
    return forms.ContactForm(data, initial=initial)


def _record(proposal, form, **who):
    actions.answer(proposal, form.said, said_on=form.cleaned_data["said_on"], **who)


def _settle(proposal, form, **who):
    settling.settle(proposal, note=form.cleaned_data["note"], **who)


def _take_back(proposal, form, **who):
    actions.take_back(proposal, reason=form.cleaned_data["reason"], **who)


def _contact(proposal, form, **who):
    actions.correct_contact(proposal, **form.cleaned_data, **who)


def _send_link(proposal, form, **who):
    actions.send_link(proposal, **who)


def _name(proposal, form, **who):
    settling.name_team(proposal, form.people(), **who)


ACTS = {
    "settle": Act(
        "Take up the answer",
        "Each yes becomes a place at once, with its grant. “Maybe” and “not now” come back on their day. Then the "
        "school can no longer change its answer.",
        lambda data, proposal, today: forms.SettleForm(data),
        lambda proposal: proposal.status in TAKES_UP,
        _settle,
        "The answer is taken up.",
    ),
    "phone": Act(
        "Write down an answer by telephone",
        "For a school that rings or talks to you. It counts as if the school had sent it; your name stays with it.",
        _phone_form,
        lambda proposal: proposal.status in {*OPEN_TO_ANSWER, ProposalStatus.LAPSED},
        _record,
        "The answer is written down.",
    ),
    "names": Act(
        "Name the Advocates",
        "On the school's behalf. Every place that waits for names is confirmed.",
        lambda data, proposal, today: forms.TeamForm(data),
        settling.waits_for_names,
        _name,
        "The names are saved, and the school has been told.",
    ),
    "contact": Act(
        "Correct the contact",
        "A new address gets the private link, and links that were sent to the old one stop working.",
        _contact_form,
        lambda proposal: proposal.status in LIVE_PROPOSAL,
        _contact,
        "The contact is saved.",
    ),
    "send-link": Act(
        "Send the private link again",
        "The contact gets a new private link by e-mail, at once.",
        lambda data, proposal, today: forms.Page(data),
        lambda proposal: proposal.status in LIVE_PROPOSAL,
        _send_link,
        "A new private link is on its way.",
    ),
    "take-back": Act(
        "Take the question back",
        "For one that was made by mistake, or comes to nothing. A letter that is still held is not sent.",
        lambda data, proposal, today: forms.ReasonForm(data),
        lambda proposal: (
            proposal.status in {*OPEN_TO_ANSWER, ProposalStatus.WAITING}
            and not any(phase.place_id for phase in proposal.phases.all())
        ),
        _take_back,
        "The question is taken back.",
    ),
}


def proposal_for(user, pk) -> Proposal:
    """Return a proposal that the person may see; another hub's is as missing as one that never was."""
    if not user.has_perm("applications.view_proposal"):
        raise PermissionDenied
    known = str(pk).isdecimal() and len(str(pk)) < 19
    found = Proposal.objects.visible_to(user).with_details().filter(pk=pk).first() if known else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD"])
def review(request, pk):
    """Show the proposal, its letters and its history."""
    proposal = proposal_for(request.user, pk)
    may_decide = request.user.is_superuser or request.user.has_perm(DECIDE, proposal)
    possible = [(verb, act) for verb, act in ACTS.items() if act.possible(proposal)] if may_decide else []
    context = {
        "proposal": proposal,
        "move": MOVES_NOW.get(ProposalStatus(proposal.status), "Nobody: this has ended"),
        "by": proposal.answer_by if proposal.status in OPEN_TO_ANSWER else None,
        "acts": possible,
        "main": {"settle", "phone", "names"},
        "letters": Message.objects.about(subject_of(proposal)).order_by("created_at", "pk"),
        "may_read_mail": request.user.has_perm("messaging.view_message"),
        "events": timeline(subject_of(proposal)),
        "others": Proposal.objects.visible_to(request.user).filter(school=proposal.school_id).exclude(pk=proposal.pk),
    }
    return render(request, "rollover/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, verb):
    """Show what an act brings about, with its form; do it on POST. A refusal is said on the proposal's page."""
    proposal = proposal_for(request.user, pk)
    if verb not in ACTS:
        raise Http404
    if not (request.user.is_superuser or request.user.has_perm(DECIDE, proposal)):
        raise PermissionDenied
    chosen, at = ACTS[verb], timezone.now()
    if not chosen.possible(proposal):
        messages.error(request, f"“{chosen.label}” is no longer possible: {proposal.get_status_display().lower()}.")
        return redirect(PAGE, pk)
    form = chosen.form(request.POST if request.method == "POST" else None, proposal, london_date(at))
    form.helper.layout.fields[-1].value = chosen.label
    if request.method == "POST" and form.is_valid():
        return _do(request, pk, lambda: chosen.do(proposal, form, by=request.user, at=at), chosen.said)
    return render(request, "rollover/act.html", {"proposal": proposal, "act": chosen, "form": form})


def _do(request, pk, do, said: str):
    try:
        do()
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
    return redirect(PAGE, pk)
