"""The e-mails to a school about its place: an Advocate replaced, put off to a later year, moved."""

from datetime import datetime

from hubportal.accounts import links
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue
from programmes.models import Advocate, Place

from .emails import manage_link
from .models import Application


def advocates_replaced(application: Application, followers: list[Advocate], *, at: datetime) -> Message:
    return _to_contact(
        "advocates_replaced",
        application,
        key=f"advocates-replaced:{followers[0].pk}",
        reason="A Mastery Advocate was replaced.",
        at=at,
        followers=followers,
    )


def place_deferred(application: Application, place: Place, *, at: datetime) -> Message:
    key, reason = f"place-deferred:{place.pk}", "The place was put off to a later year."
    return _to_contact("place_deferred", application, key=key, reason=reason, at=at, place=place)


def place_moved(application: Application, old: Application, *, at: datetime) -> Message:
    """Tell the school where its place is now, with the private link to the application that goes on."""
    return _to_contact(
        "place_moved",
        application,
        key=f"place-moved:{application.place_id}",
        reason="The place moved to another hub, project or year.",
        at=at,
        old=old,
        place=application.place,
        grant=application.place.grant,
        link=links.mark(manage_link(application, at=at)),
    )


def _to_contact(name: str, application: Application, *, key: str, reason: str, at: datetime, **more) -> Message:
    context = {"application": application, "school": application.school, "hub": application.hub}
    return queue(
        name,
        to=application.contact_email,
        key=key,
        reason=reason,
        context=context | more,
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )
