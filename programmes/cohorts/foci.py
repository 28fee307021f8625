"""Which foci of a project a hub runs, and how many schools each can still take."""

from dataclasses import dataclass

from django.db.models import Count, Q

from hubportal.rules import Finding, Refused

from .models import Cohort, Focus
from .states import HOLDS_A_PLACE


@dataclass(frozen=True)
class Room:
    """A focus that the hub runs. `left`: schools that still fit, or None where nobody set a limit."""

    focus: Focus
    left: int | None

    @property
    def is_full(self) -> bool:
        return self.left is not None and self.left < 1

    @property
    def label(self) -> str:
        return f"{self.focus.title} (full: waiting list)" if self.is_full else self.focus.title


def rooms(cohort: Cohort) -> list[Room]:
    """Return the foci that the hub runs, by letter, in two queries. One with room for 0 schools is not run."""
    capacity = dict(cohort.focus_rooms.values_list("focus", "capacity"))
    held = Q(places__cohort=cohort.pk, places__status__in=HOLDS_A_PLACE)
    foci = Focus.objects.filter(project=cohort.project_id).annotate(taken=Count("places", filter=held))
    return [
        Room(focus, None if focus.pk not in capacity else capacity[focus.pk] - focus.taken)
        for focus in foci.order_by("letter")
        if capacity.get(focus.pk) != 0
    ]


def require_room(cohort: Cohort, focus: Focus) -> None:
    """Raise Refused when the focus is another project's, is not run here, or is full. The cohort's row is locked."""
    room = next((room for room in rooms(cohort) if room.focus.pk == focus.pk), None)
    if room is None:
        raise Refused([Finding("focus_not_run", f"Your hub does not run the focus “{focus.title}”.")])
    if room.is_full:
        raise Refused([Finding("focus_full", f"Every place in the focus “{focus.title}” is taken.")])
