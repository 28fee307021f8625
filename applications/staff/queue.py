"""The queue: the hub's applications by whose move it is."""

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from applications.states import Status
from hubportal.accounts.models import Hub
from hubportal.clock import london_date, year_label
from hubportal.rows import render_rows
from programmes.models import Project

from .filters import QueueFilter
from .waiting import SORTS, Rows, waiting

PAGE = 50
DECIDE = "applications.decide_application"
TONES = {"red": "bad", "yellow": "wait", "green": "good", "blue": "info", "grey": ""}
STATUS_TONES = {
    Status.ELIGIBLE: "good", Status.REFERRED: "wait", Status.INELIGIBLE: "bad", Status.WAITLISTED: "info",
    Status.OFFERED: "info", Status.ACCEPTED: "good",
}  # fmt: skip
LABELS = dict(Status.choices)
COUNTED = {"hub", "school", "head", "portal"}
TABS = {"hub": "Hub", "school": "School", "head": "Headteacher", "portal": "Portal", "nobody": "Done", "all": "All"}


def queue(request):
    """Show one page of the applications that the person may see, with everything that narrows it in the address."""
    if not request.user.has_perm("applications.view_application"):
        raise PermissionDenied
    today = london_date(timezone.now())
    projects, hubs = _projects(), _hubs(request.user)
    found = QueueFilter(
        request.GET, Application.objects.visible_to(request.user), projects=projects.items(), hubs=hubs.items()
    )
    move = _move(request, found)
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else "waiting"
    page, counts = _page(found, move, sort, today, request.GET.get("page"))
    chips = found.chips()
    context = {
        "page": page,
        "chips": chips,
        "clear_url": f"{request.path}?move={move}",
        "top": render_rows("queue_top.html", _top(request, found, counts, move, sort)),
        "rows": render_rows("queue_rows.html", _rows(request, page, projects, hubs, today), request),
        "move": TABS[move],
    }
    return render(request, "staff/queue.html", context)


def _projects() -> dict[int, str]:
    """Return every project's title and year, newest first: choices of the filter, and what a row says of its own."""
    rows = Project.objects.order_by("-year", "programme__title").values_list("pk", "programme__title", "year")
    return {pk: f"{title} {year_label(year)}" for pk, title, year in rows}


def _hubs(user) -> dict[int, str]:
    """Return the hubs to choose from; none for somebody who sees one only."""
    several = user.sees_every_hub or len(user.roles_by_hub) > 1
    return dict(Hub.objects.visible_to(user).values_list("pk", "name")) if several else {}


def _move(request, found) -> str:
    """Return whose move is shown: the hub's, unless another is named or something is searched for."""
    move = request.GET.get("move")
    return move if move in TABS else ("all" if "q" in found.chosen() else "hub")


def _page(found, move: str, sort: str, today, number):
    """Return the page that is shown, and how many wait for whom under the same filters."""
    all_waiting = waiting(found.qs, sort)
    late_only = "overdue" in found.chosen()
    if late_only:
        all_waiting = [each for each in all_waiting if each.due_by and each.due_by < today]
    counts = Counter(each.turn.who for each in all_waiting)
    shown = all_waiting if move == "all" else [each for each in all_waiting if each.turn.who == move]
    # Nothing that is done can be late, and nobody counts what is not shown.
    done = found.qs.done() if move in {"all", "nobody"} and not late_only else None
    pages = Paginator(Rows(shown, done, sort), PAGE)
    counts[move] = pages.count
    return pages.get_page(number), counts


def _top(request, found, counts, move: str, sort: str) -> dict:
    chosen = found.chosen()
    address = request.GET.copy()
    for name in ("page", "move"):
        address.pop(name, None)
    return {
        "tabs": [
            {
                "code": code,
                "label": label,
                "count": counts[code] if code in COUNTED or code == move else None,
                "here": code == move,
                "rest": address.urlencode(),
            }
            for code, label in TABS.items()
        ],
        "move": request.GET.get("move", ""),
        "q": chosen.get("q", ""),
        "selects": [
            {
                "name": name,
                "label": each.label,
                "choices": each.extra["choices"],
                "value": chosen.get(name, ""),
            }
            for name, each in found.filters.items()
            if name in {"project", "hub", "status"} and each.extra["choices"]
        ],
        "overdue": "overdue" in chosen,
        "sorts": list(SORTS.items()),
        "sort": sort,
    }


def _rows(request, page, projects, hubs, today) -> dict:
    user = request.user
    may_decide = user.hubs_where(DECIDE)
    return {
        "rows": [_row(row, projects, today) for row in page.object_list],
        "decides": may_decide,
        "decides_all": user.is_superuser,
        "hubs": hubs,
        "offer_url": reverse("admin:applications_application_bulk", args=["offer"]),
        "waitlist_url": reverse("admin:applications_application_bulk", args=["waitlist"]),
    }


def _row(row: dict, projects, today) -> dict:
    turn = row["turn"]
    sent_on = london_date(row["submitted_at"]) if row["submitted_at"] else None
    return row | {
        "move": turn.staff,
        "tone": TONES[turn.tone],
        "status": LABELS[row["status"]],
        "overdue": row["due_by"] is not None and row["due_by"] < today,
        "sent_on": sent_on,
        "days": (today - sent_on).days if sent_on and turn.who != "nobody" else None,
        "project": projects[row["project_id"]],
    }
