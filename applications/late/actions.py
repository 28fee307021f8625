"""Letting one school apply late: made by staff, used once by the school, taken back while it has not been used."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.db import transaction

from applications.actions import SCHOOL, start
from applications.models import Application
from hubportal.accounts import links
from hubportal.accounts.models import User
from hubportal.clock import LONDON, london_date, short_day
from hubportal.history.actions import IllegalMove, note_event, subject_of
from hubportal.rules import Finding, Refused
from programmes.models import Cohort

from .emails import late_link
from .links import state_of, why_not
from .models import LateLink

LATE_LINK = "applications:late"


@transaction.atomic
def allow(cohort: Cohort, *, by: User, at: datetime, until_on: date, **values) -> LateLink:
    """Let one school apply until the end of a day, and send the link to its contact. Raises Refused.

    The same words sent twice make one link, while nobody has begun by it.
    """
    today = london_date(at)
    Cohort.objects.select_for_update(no_key=True).values_list("pk").get(pk=cohort.pk)
    held = Cohort.objects.with_details().with_places_taken().get(pk=cohort.pk)
    if text := why_not(held, today=today):
        raise Refused([Finding("no_late_link", text)])
    if until_on < today:
        raise Refused([Finding("late_day_past", "The last day lies in the past.")])
    same = held.late_links.filter(until_on=until_on, revoked_at=None, application=None, **values).first()
    if same:
        return same
    made = LateLink.objects.create(cohort=held, hub=held.hub, until_on=until_on, made_by=by, made_at=at, **values)
    ends = datetime.combine(until_on + timedelta(1), time(0), tzinfo=LONDON)
    late_link(made, links.make(LATE_LINK, subject_of(made), at=at, lives=ends - at), at=at)
    note_event(held, "late link made", by=by, at=at, note=f"Late link {made.pk}, until {short_day(until_on)}")
    return made


@transaction.atomic
def take_back(link: LateLink, *, by: User, at: datetime) -> None:
    """Take the link back: a form that was begun by it can no longer be sent. Raises IllegalMove once it was used."""
    locked = LateLink.objects.select_for_update(of=("self",)).with_details().get(pk=link.pk)
    if locked.revoked_at:
        return
    if not state_of(locked, today=london_date(at)).is_open:
        raise IllegalMove("This link has been used or has run out, so there is nothing to take back.")
    LateLink.objects.filter(pk=locked.pk).update(revoked_by=by, revoked_at=at)
    links.revoke(subject_of(locked), LATE_LINK, at=at)
    note_event(locked.cohort, "late link taken back", by=by, at=at, note=f"Late link {locked.pk}")


@transaction.atomic
def begin(link: LateLink, *, at: datetime) -> Application:
    """Return the one form of this link, begun now or before. Raises IllegalMove once it was sent, or taken back."""
    locked = LateLink.objects.select_for_update(of=("self",)).with_details().get(pk=link.pk)
    if not state_of(locked, today=london_date(at)).is_open:
        raise IllegalMove("This link has been used or no longer works. Please ask your hub.")
    if locked.application is None:
        made = start(locked.cohort.project, uuid4(), at=at)
        LateLink.objects.filter(pk=locked.pk).update(application=made)
        note_event(made, "begun by a late link", by=SCHOOL, at=at, note=f"Late link {locked.pk}")
        return made
    return locked.application
