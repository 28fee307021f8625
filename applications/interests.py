"""Schools that want to hear when applications open: each is told once, when its hub's window has opened."""

import csv
import io
import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from hubportal.clock import LONDON, london_date
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue
from hubportal.spreadsheets import safe
from programmes.cohorts.windows import window_of
from programmes.models import Cohort

from .models import Interest
from .reminders import FROM, UNTIL

log = logging.getLogger(__name__)

COLUMNS = ["School", "Name", "E-mail", "Programme", "Hub", "Asked on", "Told on", "Told of"]


def open_cohorts(*, today: date) -> Iterator[tuple[Cohort, str]]:
    """Yield each cohort that takes applications on a day, with the sentence on its window; new years first."""
    cohorts = Cohort.objects.filter(opens_on__lte=today, closes_on__gte=today).exclude(project__published_at=None)
    for cohort in cohorts.with_details().with_places_taken().order_by("-project__year", "pk"):
        state = window_of(cohort, cohort.project, today=today)
        if state.can_apply:
            yield cohort, state.text


def tell_due(*, at: datetime) -> int:
    """Tell everybody whose hub's window has opened, by day only; return how many. Safe to run twice and beside itself.

    After an outage it tells whoever is still to be told while the window is open. One that cannot be queued does not
    stop the others.
    """
    if not FROM <= at.astimezone(LONDON).time() < UNTIL:
        return 0
    told = 0
    for cohort, window in open_cohorts(today=london_date(at)):
        waiting = Interest.objects.filter(programme=cohort.project.programme_id, hub=cohort.hub, told_at=None)
        for pk in list(waiting.order_by("at", "pk").values_list("pk", flat=True)):
            told += _try(pk, cohort, window, at=at)
    return told


def _try(pk: int, cohort: Cohort, window: str, *, at: datetime) -> bool:
    try:
        return _tell(pk, cohort, window, at=at)
    except Exception:
        log.exception("interest %s could not be told", pk)
        return False


@transaction.atomic
def _tell(pk: int, cohort: Cohort, window: str, *, at: datetime) -> bool:
    """Queue one e-mail, unless somebody else has: the UPDATE names who has not been told."""
    if not Interest.objects.filter(pk=pk, told_at=None).update(told_at=at, told_of=cohort.project):
        return False
    window_open(Interest.objects.with_details().get(pk=pk), cohort, window, at=at)
    return True


def window_open(interest: Interest, cohort: Cohort, window: str, *, at: datetime) -> Message:
    project = cohort.project
    page = reverse("programmes:page", args=[project.programme.slug])
    return queue(
        "window_open",
        to=interest.email,
        key=f"window-open:{interest.pk}:{project.pk}",
        reason="Asked to be told when applications open.",
        context={
            "interest": interest,
            "project": project,
            "hub": interest.hub,
            "window": window,
            "url": f"{settings.PORTAL_URL}{page}?year={project.year}",
        },
        at=at,
        hub=interest.hub,
        related=subject_of(interest),
    )


def as_csv(interests: Iterable[Interest]) -> str:
    """Return interests as a table for a spreadsheet, which takes no cell for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe(value) for value in _row(interest)] for interest in interests)
    return out.getvalue()


def _row(interest: Interest) -> list:
    told = london_date(interest.told_at) if interest.told_at else ""
    return [
        interest.school_name, interest.name, interest.email, interest.programme, interest.hub,
        london_date(interest.at), told, interest.told_of or "",
    ]  # fmt: skip
