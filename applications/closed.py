"""Why something of an application can no longer be changed, in a sentence for its pages; empty while it still can."""

from programmes.cohorts.states import PlaceStatus

from .models import Application
from .states import LIVE, EndorsementStatus


def names(application: Application) -> str:
    """Return why the Advocates' names stay as they are."""
    if application.status not in LIVE:
        return "This application has ended, so the names can no longer be changed."
    if application.place and application.place.status not in {PlaceStatus.OFFERED, PlaceStatus.ACCEPTED}:
        return "The place is confirmed with these two names. Please tell your hub if one of them changes."
    return ""


def foci(application: Application) -> str:
    """Return why the order of the foci stays."""
    if application.status not in LIVE:
        return "This application has ended, so the foci can no longer be changed."
    if application.place_id:
        return "A place has been offered. To change the focus, please talk to your hub."
    return ""


def plan(application: Application) -> str:
    """Return why the development plan stays. One that is still to come can be sent while the application goes on."""
    if application.status not in LIVE:
        return "This application has ended, so the plan can no longer be changed."
    if application.place_id and application.answers.get("plan") != "later":
        return "A place has been offered on this plan. To change it, please talk to your hub."
    return ""


def contact(application: Application) -> str:
    """Return why the contact stays."""
    ended = "This application has ended, so the contact can no longer be changed."
    return "" if application.status in LIVE else ended


def head(application: Application) -> str:
    """Return why no other head is asked."""
    if application.status not in LIVE:
        return "This application has ended, so nobody is asked to confirm it."
    if application.endorsements.filter(status=EndorsementStatus.CONFIRMED).exists():
        return "The head has confirmed already, so nobody else is asked."
    return ""
