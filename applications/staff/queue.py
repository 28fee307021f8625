"""The queue: the hub's applications by whose move it is."""

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from applications.states import Status
from hubportal.accounts.models import Hub
from hubportal.clock import london_date, year_label
from hubportal.rows import list_page
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
NOTHING = {
    False: {"title": "Nothing here", "text": "No application is waiting for this move. The other tabs show the rest."},
    True: {"title": "Nothing fits", "text": "No application here fits. Take a filter away, or look under another tab."},
}
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
        "move": TABS[move],
        **_top(request, found, counts, move, sort),
        **_rows(request, page, projects, hubs, today),
        "chips": _shown(request, "filter_chips", chips=chips, clear_url=f"{request.path}?move={move}") if chips else "",
        "empty": "" if page.object_list else _shown(request, "empty", **NOTHING[bool(chips)]),
    }
    return list_page(request, "queue.html", context)


def _shown(request, component: str, **values) -> str:
    return render_to_string(f"components/{component}.html", values, request)


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
        all_waiting = [row for row in all_waiting if row["due_by"] and row["due_by"] < today]
    counts = Counter(row["turn"].who for row in all_waiting)
    shown = all_waiting if move == "all" else [row for row in all_waiting if row["turn"].who == move]
    # Nothing that is done can be late, and nobody counts what is not shown.
    done = found.qs if move in {"all", "nobody"} and not late_only else None
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
        "asked_move": request.GET.get("move", ""),
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
    """Add to a row what its line shows."""
    turn = row["turn"]
    sent_on = london_date(row["submitted_at"]) if row["submitted_at"] else None
    row["move"], row["tone"], row["status"] = turn.staff, TONES[turn.tone], LABELS[row["status"]]
    row["overdue"] = row["due_by"] is not None and row["due_by"] < today
    row["sent_on"] = sent_on
    row["days"] = (today - sent_on).days if sent_on and turn.who != "nobody" else None
    row["project"] = projects[row["project_id"]]
    return row
