"""What is asked of staff on every page: a fresh session and a second factor. Public pages ask nothing."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils import timezone

from . import sessions

SETTING_UP = ("account_", "mfa_", "usersessions_")  # pages that must open before there is a second factor


def staff_sessions(get_response):
    """Sign staff out after 30 minutes without use, and 8 hours after sign-in."""

    def middleware(request):
        if request.user.is_authenticated and request.user.is_staff:
            now = timezone.now()
            if sessions.BEGAN not in request.session:
                sessions.begin(request.session, at=now)
            if sessions.is_over(request.session, at=now):
                return _signed_out(request)
            sessions.note_use(request.session, at=now)
        return get_response(request)

    return middleware


def second_factor(get_response):
    """Open nothing that needs sign-in to staff whose session has not passed a second factor."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if not settings.REQUIRE_MFA or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated or not request.user.is_staff:
            return None
        if (request.resolver_match.url_name or "").startswith(SETTING_UP) or sessions.passed_second_factor(request):
            return None
        if sessions.has_second_factor(request.user):  # set up elsewhere since: sign in with it
            logout(request)
            return redirect_to_login(request.get_full_path())
        messages.warning(request, "Set up a second factor first. Then the staff pages open.")
        return redirect("mfa_index")

    middleware.process_view = process_view
    return middleware


def _signed_out(request):
    logout(request)
    messages.info(request, "You were signed out because the session was too old or not used for a while.")
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
