"""Asking many schools, and taking up many answers: each is shown before anything happens, and its end afterwards."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from hubportal.accounts.models import Hub
from hubportal.history.actions import IllegalMove
from hubportal.messaging.reminders import next_working_day
from hubportal.rules import Refused
from programmes.models import Cohort, School

from . import actions, emails, settling
from .candidates import Candidate, Contact, candidates, contacts, hubs_for
from .forms import AnswerByForm
from .listing import ADDRESS, DECIDE, MOST_AT_ONCE, PAGE, Seen, look
from .models import Proposal
from .offer import offer_of

DAYS_TO_ANSWER = 28
LETTER_NAMES = {"next": "What comes next", "lapsed": "Will you come back?", "department": "A place for your department"}


def _nobody(request):
    messages.warning(request, "You chose no school, so nobody is meant and nothing has happened.")
    return redirect(f"{reverse(ADDRESS)}?{request.GET.urlencode()}")


def _numbers(request) -> set[int]:
    named = set(request.POST.getlist("pk"))
    wanted = {int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 19}
    if len(wanted) != len(named) or len(wanted) > MOST_AT_ONCE:
        raise Http404
    return wanted


def _chosen(request, seen: Seen) -> list[Candidate]:
    """Return the schools that are meant: those named in the form, or all that fit (“whole”).

    Raises Http404 when one is not the person's to see, PermissionDenied when one is not theirs to decide on.
    """
    if request.POST.get("whole"):
        found = seen.shown[:MOST_AT_ONCE]
    else:
        wanted = _numbers(request)
        found = candidates(seen.year, hubs_for(request.user)[1], schools=wanted) if wanted else []
        if len(found) != len(wanted):
            raise Http404
    may = request.user.hubs_where(DECIDE)
    if not request.user.has_perm(DECIDE) or not (request.user.is_superuser or {each.hub for each in found} <= may):
        raise PermissionDenied
    return found


@require_POST
def preview(request):
    """Show for each chosen school what it would be asked, by which letter and to whom, or why not. Changes nothing."""
    seen = look(request, at=timezone.now())
    chosen = _chosen(request, seen)
    if not chosen:
        return _nobody(request)
    answer_by = next_working_day(seen.today, DAYS_TO_ANSWER)
    return _preview(request, seen, chosen, AnswerByForm(today=seen.today, initial={"answer_by": answer_by}))


def _preview(request, seen: Seen, chosen: list[Candidate], form: AnswerByForm):
    to, year = contacts(chosen), seen.year.year
    rows = [
        {
            "it": each,
            "contact": to.get(each.school.pk),
            "letter": LETTER_NAMES[each.kind],
            "against": actions.against_asking(each, to.get(each.school.pk), year=year, today=seen.today),
        }
        for each in chosen
    ]
    able = [row for row in rows if not row["against"]]
    context = {
        "seen": seen,
        "rows": rows,
        "able": len(able),
        "form": form,
        "letters": _letters(able, seen, form),
        "query": urlencode({"year": year}),
    }
    return render(request, "rollover/preview.html", context)


def _letters(able: list[dict], seen: Seen, form: AnswerByForm) -> list[dict]:
    """Return one letter of each kind as its first school would read it."""
    first = {}
    for row in able:
        first.setdefault(row["it"].kind, row)
    return [
        {"name": LETTER_NAMES[kind], "to": row["contact"].email, "text": _letter(row, seen, form["answer_by"].initial)}
        for kind, row in first.items()
    ]


def _letter(row: dict, seen: Seen, answer_by) -> str:
    candidate, contact = row["it"], row["contact"]
    proposal = Proposal(
        hub=Hub.objects.get(pk=candidate.hub),
        school=School.objects.select_related("establishment").get(pk=candidate.school.pk),
        year=seen.year.year,
        kind=candidate.kind,
        contact_name=contact.name,
        contact_email=contact.email,
        answer_by=answer_by or next_working_day(seen.today, DAYS_TO_ANSWER),
    )
    cohorts = Cohort.objects.with_details().in_bulk([each.cohort for each in candidate.proposed])
    offers = [offer_of(cohorts[each.cohort], each.due.because, seen.today) for each in candidate.proposed]
    words = emails.words(proposal, offers, "[a private link]")
    template = get_template(f"emails/{emails.LETTERS[Proposal.Kind(candidate.kind)]}.txt").template
    return template.render(emails.plain(words))


@require_POST
def make(request):
    """Ask each of the schools, each by itself, and show what became of it. A repeat asks nobody twice."""
    seen = look(request, at=timezone.now())
    chosen = _chosen(request, seen)
    if not chosen:
        return _nobody(request)
    form = AnswerByForm(request.POST, today=seen.today)
    if not form.is_valid():
        return _preview(request, seen, chosen, form)
    to = contacts(chosen)
    answer_by = form.cleaned_data["answer_by"]
    results = [
        _try(each, lambda each=each: _make(each, to.get(each.school.pk), seen.year.year, answer_by, request.user))
        for each in chosen
    ]
    batches = sorted({each["came"] for each in results if each["worked"]})
    page = reverse("admin:messaging_message_batch")
    context = {
        "title": "Schools asked",
        "results": results,
        "done": sum(each["worked"] for each in results),
        "batches": [(name, f"{page}?{urlencode({'name': name})}") for name in batches],
        "query": urlencode({"year": seen.year.year, "tab": "school"}),
    }
    return render(request, "rollover/done.html", context)


def _make(candidate: Candidate, contact: Contact | None, year: int, answer_by, by) -> str:
    proposal = actions.make(candidate, contact, year=year, answer_by=answer_by, by=by, at=timezone.now())
    return emails.batch_of(proposal)


def _try(candidate, act) -> dict:
    """Do something for one school, and return what came of it."""
    try:
        with transaction.atomic():
            came = act()
    except (IllegalMove, Refused) as problem:
        return {"school": candidate.school, "worked": False, "came": "", "said": str(problem)}
    return {"school": candidate.school, "worked": True, "came": came, "said": ""}


def _proposals(request) -> list[Proposal]:
    """Return exactly the proposals named in the form; 404 and 403 as for schools."""
    wanted = _numbers(request)
    if len(wanted) > PAGE:
        raise Http404
    found = list(
        Proposal.objects.visible_to(request.user).with_details().filter(pk__in=wanted).order_by("made_at", "pk")
    )
    if len(found) != len(wanted):
        raise Http404
    if not request.user.has_perm(DECIDE) or not all(request.user.has_perm(DECIDE, each) for each in found):
        raise PermissionDenied
    return found


@require_POST
def settle_preview(request):
    """Show what taking up each answer would bring: it is tried out in their order, and undone. Changes nothing."""
    chosen = _proposals(request)
    if not chosen:
        return _nobody(request)
    with transaction.atomic():
        rows = [_settle(each, request.user) for each in chosen]
        transaction.set_rollback(True)
    context = {"rows": rows, "able": sum(row["worked"] for row in rows), "query": request.GET.urlencode()}
    return render(request, "rollover/settle.html", context)


@require_POST
def settle(request):
    """Take up each answer by itself, and show what became of it."""
    chosen = _proposals(request)
    if not chosen:
        return _nobody(request)
    rows = [_settle(each, request.user) for each in chosen]
    context = {"title": "Answers taken up", "settled": rows, "done": sum(row["worked"] for row in rows)}
    return render(request, "rollover/done.html", context | {"query": request.GET.urlencode()})


def _settle(proposal: Proposal, by) -> dict:
    row = _try(proposal, lambda: settling.settle(proposal, by=by, at=timezone.now()))
    after = row["came"] or proposal
    return row | {"pk": proposal.pk, "status": after.get_status_display(), "phases": list(after.phases.all())}
