"""What waits for the person who opens the admin."""

from collections import Counter

from django import template

from applications.models import Application
from applications.staff.waiting import waiting

register = template.Library()


@register.inclusion_tag("staff/today.html")
def today(user) -> dict:
    """Count what is the hub's move, by what there is to do; nothing for somebody who may not read applications."""
    if not user.has_perm("applications.view_application"):
        return {"moves": [], "may_read": False}
    found = waiting(Application.objects.visible_to(user), "waiting")
    moves = Counter(each.turn.staff for each in found if each.turn.who == "hub")
    return {"moves": moves.most_common(), "count": moves.total(), "may_read": True}
