"""What a school sees by its late link: opening it changes nothing, the button begins the one form."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.journey import hold_draft, public
from hubportal.accounts import links
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove
from hubportal.ratelimit import limit

from . import actions
from .links import state_of
from .models import LateLink


@public
@require_http_methods(["GET", "HEAD", "POST"])
@limit("link", "600/h")
def late(request, token):
    """Say what the link is for; the button begins its form, or goes on with it while nothing has been sent."""
    now = timezone.now()
    link = links.record(token, actions.LATE_LINK, LateLink.objects.with_details(), at=now)
    state = state_of(link, today=london_date(now)) if link else None
    if link is None or not state.is_open:
        return render(request, "applications/late_dead.html", {"link": link, "state": state}, status=410)
    if request.method == "POST":
        try:
            application = actions.begin(link, at=now)
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect("applications:late", token=token)
        hold_draft(request, application)
        return redirect("applications:tasks", uid=application.uid)
    return render(request, "applications/late.html", {"link": link, "state": state})
