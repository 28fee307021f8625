"""The timeline of records: what happened, in words."""

from .models import Event
from .querysets import EventQuerySet


def timeline(*subjects: str) -> EventQuerySet:
    """Return the events of these records, oldest first, for `components/timeline.html`."""
    return Event.objects.about(*subjects)
