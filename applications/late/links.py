"""Reading late links: their state on a day, what they let through, and why a cohort needs none."""

from datetime import date

from hubportal.clock import london_date, short_day
from programmes.cohorts.windows import window_of
from programmes.models import Cohort, Programme

from .models import LateLink
from .states import LateState, late_state

ASKS_SCHOOLS = {Programme.Entry.APPLY, Programme.Entry.CONTINUE}


def state_of(link: LateLink, *, today: date) -> LateState:
    """Return the state of a link; its application comes with it (`with_details()`)."""
    begun = link.application is not None
    return late_state(
        until_on=link.until_on,
        revoked=link.revoked_at is not None,
        begun=begun,
        sent=begun and link.application.submitted_at is not None,
        today=today,
    )


def why_not(cohort: Cohort, *, today: date) -> str:
    """Return why nobody needs a late link for this cohort or can have one, or ""; it carries `taken`."""
    if cohort.project.programme.entry not in ASKS_SCHOOLS:
        return "Late links are for programmes that schools apply for."
    if cohort.project.published_at is None:
        return "This programme has not been published."
    if today >= date(cohort.project.year + 1, 9, 1):
        return f"The year {cohort.project.year_label} is over."
    if window_of(cohort, cohort.project, today=today).can_apply:
        return "Applications are open: the school can apply without a late link."
    return ""


def let_through(application, *, today: date, lock: bool = False) -> LateLink | None:
    """Return the link that lets this application through on a day, or that has let it through when it was sent.

    `lock` holds its row, so that nobody takes it back while the application is being sent.
    """
    links = LateLink.objects.select_for_update(of=("self",)) if lock else LateLink.objects
    link = links.with_details().filter(application=application.pk, cohort=application.cohort_id).first()
    if link is None:
        return None
    state = state_of(link, today=today)
    return link if state.is_open or state.code == "sent" else None


def cohort_of(application, *, today: date) -> int | None:
    """Return the cohort to which a late link lets a draft apply, or None without one."""
    if application.submitted_at is not None:
        return None
    link = LateLink.objects.with_details().filter(application=application.pk).first()
    return link.cohort_id if link and state_of(link, today=today).is_open else None


def in_words(link: LateLink | None) -> str:
    """Return which hub let it through and when, a fact that the school reads too; "" without a link."""
    return f"Allowed by {link.cohort.hub} on {short_day(london_date(link.made_at))}" if link else ""
