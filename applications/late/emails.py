"""The one e-mail of a late link."""

from datetime import datetime

from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue

from .models import LateLink


def late_link(link: LateLink, private: PrivateLink, *, at: datetime) -> Message:
    return queue(
        "late_link",
        to=link.contact_email,
        key=f"late-link:{link.pk}",
        reason="The hub lets this school apply after the closing date.",
        context={"link": link, "project": link.cohort.project, "hub": link.hub, "address": links.mark(private)},
        at=at,
        hub=link.hub,
        related=subject_of(link),
    )
