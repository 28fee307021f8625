"""The list “Next year”: every school that can go on, by whose move it is. What narrows it is in the address."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hubportal.accounts.models import Hub
from hubportal.clock import london_date, year_label
from programmes.cohorts.states import PlaceStatus
from programmes.models import Cohort, Project

from .candidates import Candidate, Year, candidates, contacts, hubs_for, read_year, with_answers
from .models import Proposal
from .states import LIVE_PROPOSAL, ProposalStatus

PAGE, MOST_AT_ONCE = 50, 500
DECIDE = "applications.decide_application"
TABS = {"ask": "To ask", "school": "Asked", "hub": "Answered", "later": "Not now", "done": "Taken up"}
TABS_OF = {
    ProposalStatus.ASKED: "school",
    ProposalStatus.ANSWERED: "hub",
    ProposalStatus.WAITING: "hub",
    ProposalStatus.SETTLED: "done",
}
KINDS = {"next": "Took part last year", "lapsed": "Paused", "department": "Department of a specialist"}
ADDRESS = "admin:applications_proposal_changelist"


@dataclass
class Seen:
    """What the person looks at: the year, the hubs, what narrows it, and the candidates that fit, by tab."""

    year: Year
    today: date
    hubs: list[Hub]
    chosen: dict[str, str]
    tab: str
    all: list[Candidate]
    years: list[int]

    @property
    def shown(self) -> list[Candidate]:
        return [each for each in self.all if self.tab_of(each) == self.tab]

    def tab_of(self, candidate: Candidate) -> str:
        return tab_of(candidate, year=self.year.year, today=self.today)

    def counts(self) -> Counter:
        return Counter(map(self.tab_of, self.all))


def tab_of(candidate: Candidate, *, year: int, today: date) -> str:
    """Return under which tab a school stands: what it said last counts, also of an earlier year."""
    last = candidate.before
    if last is None:
        return "ask"
    if last.year == year and last.status in LIVE_PROPOSAL:
        return TABS_OF[ProposalStatus(last.status)]
    later = last.status == ProposalStatus.PUT_OFF and last.ask_again_on > today
    return "later" if later or last.status == ProposalStatus.STOPPED else "ask"


def again_now(candidate: Candidate, today: date) -> bool:
    """Return whether the school said “ask us again” for a day that has come."""
    last = candidate.before
    return bool(last and last.status == ProposalStatus.PUT_OFF and last.ask_again_on <= today)


def default_year() -> int | None:
    """Return the newest year of the catalogue for which anything is offered."""
    return Project.objects.published().order_by("-year").values_list("year", flat=True).first()


def look(request, *, at) -> Seen:
    """Return what the address asks for; what makes no sense there is left out."""
    get, today = request.GET, london_date(at)
    years = list(Project.objects.order_by("-year").values_list("year", flat=True).distinct())
    wanted = get.get("year", "")
    year = int(wanted) if wanted in map(str, years) else default_year() or today.year
    hubs, ids = hubs_for(request.user, get.get("hub", ""))
    narrowing = {name: get.get(name, "").strip()[:100] for name in ("q", "kind", "phase", "again")}
    chosen = {name: value for name, value in narrowing.items() if value}
    chosen = {name: value for name, value in chosen.items() if name != "kind" or value in KINDS}
    if ids is not None and len(ids) == 1 and len(hubs) > 1 and get.get("hub"):
        chosen["hub"] = get["hub"]
    of_year = read_year(year)
    found = [each for each in candidates(of_year, ids) if fits(each, chosen, today)]
    tab = get.get("tab") if get.get("tab") in TABS else "ask"
    return Seen(of_year, today, hubs, chosen, tab, found, years)


def fits(candidate: Candidate, chosen: dict[str, str], today: date) -> bool:
    words = chosen.get("q", "").casefold()
    school = candidate.school
    return (
        (not words or words in f"{school.name} {school.town} {school.urn}".casefold())
        and chosen.get("kind", candidate.kind) == candidate.kind
        and ("phase" not in chosen or chosen["phase"] in {each.due.family for each in candidate.phases})
        and ("again" not in chosen or again_now(candidate, today))
    )


def next_year(request):
    """Show one page of the schools under one tab. The count of queries is the same for one school and for thousands."""
    if not request.user.has_perm("applications.view_proposal"):
        raise PermissionDenied
    seen = look(request, at=timezone.now())
    page = Paginator(seen.shown, PAGE).get_page(request.GET.get("page"))
    with_answers(page.object_list)
    context = {
        "seen": seen,
        "page": page,
        "rows": rows_of(page.object_list, seen, request.user),
        "tabs": _tabs(request, seen),
        "selects": _selects(seen),
        "chips": _chips(seen),
        "clear_url": f"{request.path}?{urlencode({'tab': seen.tab, 'year': seen.year.year})}",
        "missing": _missing(seen, request.user),
        "ends": _ends(seen),
        "may_decide": _may_decide(request.user, seen),
        "most": MOST_AT_ONCE,
        "query": request.GET.urlencode(),
    }
    return render(request, "rollover/list.html", context)


def rows_of(shown: list[Candidate], seen: Seen, user) -> list[dict]:
    """Return the rows of a page as the template wants them."""
    to, names = contacts(shown), {hub.pk: hub.name for hub in seen.hubs}
    may = user.hubs_where(DECIDE)
    several = len(seen.hubs) > 1
    return [
        {
            "it": each,
            "proposed": each.proposed,
            "left_out": each.left_out,
            "kind": KINDS[each.kind],
            "contact": to.get(each.school.pk),
            "hub": names.get(each.hub, "") if several else "",
            "again": again_now(each, seen.today),
            "can_choose": user.is_superuser or each.hub in may,
            "can_ask": bool(each.proposed) and each.school.pk in to,
            "last": _last(each, seen),
        }
        for each in shown
    ]


def _last(candidate: Candidate, seen: Seen) -> dict | None:
    """Return what was answered last, in words."""
    last = candidate.before
    if last is None:
        return None
    return {
        "pk": last.pk,
        "year": last.year_label,
        "status": last.get_status_display(),
        "answers": [
            (phase.project.title_of_year.rpartition(": ")[2], phase.get_answer_display())
            for phase in last.phases.all()
            if phase.answer
        ],
        "reason": last.get_reason_display(),
        "again_on": last.ask_again_on,
        "answer_by": last.answer_by,
        "waits": [phase.finding for phase in last.phases.all() if phase.finding and not phase.place_id],
    }


def _tabs(request, seen: Seen) -> list[dict]:
    counts, address = seen.counts(), request.GET.copy()
    for name in ("page", "tab"):
        address.pop(name, None)
    return [
        {"code": code, "label": label, "count": counts[code], "here": code == seen.tab, "rest": address.urlencode()}
        for code, label in TABS.items()
    ]


def _selects(seen: Seen) -> list[dict]:
    phases = {each.due.family: each.title for one in seen.all for each in one.phases}
    found = [
        {
            "name": "year",
            "label": "For the year",
            "value": str(seen.year.year),
            "choices": [(str(y), year_label(y)) for y in seen.years],
            "fixed": True,
        },
        {"name": "kind", "label": "Why asked", "value": seen.chosen.get("kind", ""), "choices": list(KINDS.items())},
        {"name": "phase", "label": "Phase", "value": seen.chosen.get("phase", ""), "choices": sorted(phases.items())},
        {
            "name": "again",
            "label": "Said “ask again”",
            "value": seen.chosen.get("again", ""),
            "choices": [("1", "Now, or earlier")],
        },
    ]
    if len(seen.hubs) > 1:
        hubs = [(str(hub.pk), hub.name) for hub in seen.hubs]
        found.insert(1, {"name": "hub", "label": "Hub", "value": seen.chosen.get("hub", ""), "choices": hubs})
    return found


def _chips(seen: Seen) -> list[dict]:
    names = {"hub": {str(hub.pk): hub.name for hub in seen.hubs}, "kind": KINDS, "again": {"1": "Ask again now"}}
    return [
        {"key": key, "value": value, "label": names.get(key, {}).get(value, f"“{value}”")}
        for key, value in seen.chosen.items()
    ]


def _missing(seen: Seen, user) -> list[dict]:
    """Return the cohorts that somebody has to make before schools can be asked, each with how many wait for it."""
    waiting = Counter(
        (each.hub, phase.project, phase.missing) for each in seen.all for phase in each.phases if phase.missing
    )
    names, may = {hub.pk: hub.name for hub in seen.hubs}, user.hubs_where("programmes.add_cohort")
    address = reverse("admin:programmes_cohort_add")
    return [
        {
            "hub": names.get(hub, ""),
            "text": text,
            "schools": count,
            "address": f"{address}?{urlencode({'hub': hub, 'project': project})}"
            if project and (hub in may or user.is_superuser)
            else "",
        }
        for (hub, project, text), count in waiting.most_common(10)
    ]


def _ends(seen: Seen) -> list[dict]:
    """Return the cohorts of this year and the one before whose places are to be begun or ended; for one hub only."""
    one = seen.hubs if len(seen.hubs) == 1 else [hub for hub in seen.hubs if str(hub.pk) == seen.chosen.get("hub")]
    years = [seen.year.year, seen.year.year - 1]
    found = (
        Cohort.objects.filter(hub__in=one, project__year__in=years)
        .with_details()
        .order_by("-project__year", "project__programme__phase")
    )
    counted = found.annotate(
        to_begin=Count("places", filter=Q(places__status=PlaceStatus.CONFIRMED)),
        going_on=Count("places", filter=Q(places__status=PlaceStatus.ACTIVE)),
    )
    return [each for each in counted if each.to_begin or each.going_on]


def _may_decide(user, seen: Seen) -> bool:
    return user.is_superuser or bool(user.hubs_where(DECIDE) & {hub.pk for hub in seen.hubs})


def to_see_to(user, today: date) -> dict[str, int]:
    """Return what waits for the hub: answers to take up, and schools to be asked again from now on."""
    seen = Proposal.objects.visible_to(user)
    return {"answered": seen.for_the_hub().count(), "again": seen.to_ask_again(today).count()}
