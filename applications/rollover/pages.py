"""What a school sees and says about next year by its private link. No account is needed; looking answers nothing."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.journey import hub_of_link, posted, public
from hubportal.accounts import links
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove
from hubportal.ratelimit import limit
from hubportal.rules import Refused
from programmes.cohorts.actions import team_of

from . import actions, emails, settling
from .forms import AnswerForm, ContactForm, TeamForm
from .models import Proposal
from .offer import offers
from .states import LIVE_PROPOSAL, OPEN_TO_ANSWER, ProposalStatus

PAGE = "applications:next_year"
STATE_WORDS = {
    ProposalStatus.ASKED: "Your move: please say whether your school goes on.",
    ProposalStatus.ANSWERED: "The hub's move: we have your answer.",
    ProposalStatus.WAITING: "The hub's move: you said yes, and we are looking for a place.",
    ProposalStatus.SETTLED: "Nobody has to do anything: your places are made.",
    ProposalStatus.PUT_OFF: "The hub's move: we ask you again later.",
    ProposalStatus.STOPPED: "Nobody has to do anything: you said that your school does not go on.",
    ProposalStatus.LAPSED: "The day by which to answer has passed. Your hub can still take your answer.",
    ProposalStatus.WITHDRAWN: "Your hub has taken this question back.",
}


def my_proposal(view):
    """Give the view the proposal that the private link opens; any other token gets the page that says what to do."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def opened(request, token: str):
        at = timezone.now()
        proposal = links.record(token, emails.LINK, Proposal.objects.with_details(), at=at)
        if proposal is None:
            hub = hub_of_link(token, emails.LINK, Proposal)
            return render(request, "applications/dead_link.html", {"hub": hub}, status=410)
        return view(request, proposal, token, at)

    return public(limit("link", "600/h")(opened))


def team_names(proposal: Proposal) -> list[str]:
    """Return who takes part for the school now: those of the place that is followed."""
    earlier = next((phase.follows for phase in proposal.phases.all() if phase.follows), None)
    return [str(each.person) for each in team_of(earlier)] if earlier else []


@my_proposal
def next_year(request, proposal, token, at) -> HttpResponse:
    """Show what the school can go on with and what it has said, and keep its answer."""
    today = london_date(at)
    form = AnswerForm(posted(request), proposal=proposal, today=today, team=team_names(proposal))
    can_answer = proposal.status in OPEN_TO_ANSWER and today <= proposal.answer_by
    if request.method == "POST" and (form.is_valid() or not can_answer):
        return _answer(request, proposal, form, token, at) if can_answer else _too_late(request, token, proposal)
    context = {
        "proposal": proposal,
        "token": token,
        "form": form,
        "can_answer": can_answer,
        "offers": offers(proposal.phases.all(), today),
        "state": STATE_WORDS[ProposalStatus(proposal.status)],
        "mine": proposal.status == ProposalStatus.ASKED,
        "names_missing": settling.waits_for_names(proposal),
        "can_correct": proposal.status in LIVE_PROPOSAL,
    }
    return render(request, "rollover/next_year.html", context)


def _answer(request, proposal, form, token, at) -> HttpResponse:
    try:
        actions.answer(proposal, form.said, by=actions.SCHOOL, at=at)
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Thank you: your hub has your answer. You can change it here for a while.")
    return redirect(PAGE, token=token)


def _too_late(request, token, proposal) -> HttpResponse:
    late = proposal.status in {*OPEN_TO_ANSWER, ProposalStatus.LAPSED}
    messages.error(request, actions.LATE if late else actions.TAKEN_UP)
    return redirect(PAGE, token=token)


@my_proposal
def contact(request, proposal, token, at) -> HttpResponse:
    """Correct whom the hub writes to. A new address closes this link."""
    form = ContactForm(posted(request), initial={"name": proposal.contact_name, "email": proposal.contact_email})
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.correct_contact(proposal, **form.cleaned_data, by=actions.SCHOOL, at=at)
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect(PAGE, token=token)
        if moved:
            return render(request, "applications/contact_moved.html", {"email": form.cleaned_data["email"]})
        messages.success(request, "The contact is saved.")
        return redirect(PAGE, token=token)
    return _form(request, proposal, token, form, "Who we write to")


@my_proposal
def team(request, proposal, token, at) -> HttpResponse:
    """Name who takes part, where the school left it for later."""
    if not settling.waits_for_names(proposal):
        messages.info(request, "No place waits for names.")
        return redirect(PAGE, token=token)
    form = TeamForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            settling.name_team(proposal, form.people(), by=actions.SCHOOL, at=at)
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect(PAGE, token=token)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Thank you: your places are confirmed.")
            return redirect(PAGE, token=token)
    return _form(request, proposal, token, form, "Who takes part for your school")


def _form(request, proposal, token, form, title) -> HttpResponse:
    context = {"proposal": proposal, "token": token, "form": form, "title": title}
    return render(request, "rollover/form.html", context)
