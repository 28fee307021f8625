"""How long a session lasts, whether it has passed a second factor, and ending a person's sessions."""

from datetime import datetime, timedelta

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

IDLE = timedelta(minutes=30)  # ASVS 5.0, 7.3.1: staff
ABSOLUTE = timedelta(hours=8)  # ASVS 5.0, 7.3.2: staff
NOTED_EVERY = timedelta(minutes=1)  # a session is written at most this often for being used
BEGAN, SEEN = "began_at", "seen_at"


def begin(session, *, at: datetime) -> None:
    """Start the clocks of a session that has just been signed in."""
    session[BEGAN] = session[SEEN] = at.timestamp()


def is_over(session, *, at: datetime) -> bool:
    """Return whether the session of a member of staff was idle or open for too long."""
    now = at.timestamp()
    return now - session[SEEN] > IDLE.total_seconds() or now - session[BEGAN] > ABSOLUTE.total_seconds()


def note_use(session, *, at: datetime) -> None:
    """Remember that the session is in use."""
    if at.timestamp() - session[SEEN] >= NOTED_EVERY.total_seconds():
        session[SEEN] = at.timestamp()


def passed_second_factor(request) -> bool:
    """Return whether this session was signed in with a second factor or passkey, or has just set one up."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def has_second_factor(user) -> bool:
    """Return whether the person has an authenticator app or a passkey; recovery codes alone do not count."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def end_all(user, *, but: str | None = None) -> None:
    """End every session of the person except the one with key `but`. Safe to call twice."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but):
        session.end()


def factor_added(request, user, authenticator, **kwargs) -> None:
    """What allauth tells us of a new factor: whoever set it up has just shown it; the other sessions end."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)
    end_all(user, but=request.session.session_key)


def factor_changed(request, user, **kwargs) -> None:
    """What allauth tells us of a removed or renewed factor: the other sessions end, and without one this asks anew."""
    if not has_second_factor(user):
        records = get_authentication_records(request, user)
        kept = [record for record in records if record.get("method") != "mfa"]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
    end_all(user, but=request.session.session_key)


def password_changed(request, user, **kwargs) -> None:
    """What allauth tells us of a new password: the other sessions end. Their keys no longer fit anyway."""
    end_all(user, but=request.session.session_key)
