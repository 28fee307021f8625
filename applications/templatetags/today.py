"""What waits for the person who opens the admin, and the records behind it."""

from collections import Counter
from datetime import timedelta

from django import template
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from applications.rollover.listing import to_see_to
from applications.staff.changes import seen_by
from applications.staff.records import records
from applications.staff.second_looks import second_looks
from applications.staff.teachers import teachers_today
from applications.staff.waiting import waiting
from hubportal.clock import london_date
from hubportal.messaging import mailserver
from hubportal.messaging.models import Message
from hubportal.messaging.states import Status
from programmes.models import SchoolChange

TROUBLE_DAYS = 30  # what went wrong longer ago stands in the list of messages only
TROUBLE = {
    Status.FAILED: "could not be sent",
    Status.BOUNCED: "came back",
    Status.UNKNOWN: "may or may not have arrived",
}
OTHERS = {"school": "Schools", "head": "Headteachers"}

register = template.Library()


@register.inclusion_tag("staff/today.html")
def today(user, app_list) -> dict:
    """Return what there is to do, and what the person may look at; nothing of what they may not read."""
    at = timezone.now()
    return {
        **(_applications(user, london_date(at)) if user.has_perm("applications.view_application") else {}),
        **(_mail(user, at) if user.has_perm("messaging.view_message") else {}),
        "next_year": to_see_to(user, london_date(at)) if user.has_perm("applications.view_proposal") else {},
        "changes": _changes(user) if user.has_perm("programmes.view_schoolchange") else 0,
        "second_looks": second_looks(user),
        "teachers": teachers_today(user),
        "records": records(app_list, everything=user.sees_every_hub),
    }


def _applications(user, on) -> dict:
    """Count the applications by what the hub has to do, and those that wait for others."""
    found = waiting(Application.objects.visible_to(user), "waiting")
    ours = [row for row in found if row["turn"].who == "hub"]
    others = Counter(row["turn"].who for row in found)
    return {
        "may_read": True,
        "count": len(ours),
        "moves": Counter(row["turn"].staff.removeprefix("Hub: ") for row in ours).most_common(),
        "overdue": sum(row["due_by"] is not None and row["due_by"] < on for row in found),
        "others": [(code, label, others[code]) for code, label in OTHERS.items() if others[code]],
    }


def _mail(user, at) -> dict:
    """Count the messages that are held, and of late those that went wrong and were not sent again."""
    seen = Message.objects.visible_to(user)
    lately = seen.filter(status__in=TROUBLE, repeated_by=None, created_at__gte=at - timedelta(TROUBLE_DAYS))
    numbers = dict(lately.order_by().values_list("status").annotate(Count("pk")))
    address = reverse("admin:messaging_message_changelist")
    return {
        "held": seen.filter(status=Status.HELD).count(),
        "held_url": f"{address}?status__exact={Status.HELD}",
        "trouble": [
            (f"{address}?status__exact={status}", numbers[status], words)
            for status, words in TROUBLE.items()
            if status in numbers
        ],
        "trouble_days": TROUBLE_DAYS,
        "mail_server": mailserver.trouble(),
    }


def _changes(user) -> int:
    return seen_by(SchoolChange.objects.waiting(), user).count()
