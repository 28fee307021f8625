"""What nobody needs any more goes: sessions that are over, forms that were never sent, links that died long ago."""

from datetime import datetime, timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from hubportal.accounts.models import PrivateLink

from .models import Application, Nominee
from .states import Status

DRAFTS_STAY = timedelta(days=90)
LINKS_STAY = timedelta(days=365)  # after they have run out, so that an old link still says that it has
SESSIONS_STAY = timedelta(days=1)  # a list entry is written before its session is


def tidy(*, at: datetime) -> None:
    """Remove all of it. Safe to call twice and at once."""
    remove_sessions(at=at)
    remove_drafts(at=at)
    remove_links(at=at)


def remove_sessions(*, at: datetime) -> None:
    """Remove sessions that have run out, and their entries, with address and browser, in the person's list."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    old = UserSession.objects.filter(last_seen_at__lt=at - SESSIONS_STAY)
    old.exclude(session_key__in=Session.objects.values("session_key")).delete()


@transaction.atomic
def remove_drafts(*, at: datetime) -> int:
    """Remove the forms that were begun long ago and never sent, with their nominees; return how many.

    One that a private link still opens stays until the link has run out. Rows are locked, so none is sent meanwhile.
    """
    subject = Concat(Value(f"{Application._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
    old = Application.objects.filter(status=Status.DRAFT, submitted_at=None, created_at__lt=at - DRAFTS_STAY)
    gone = old.exclude(Exists(PrivateLink.objects.live(at).filter(subject=subject)))
    keys = list(gone.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Nominee.objects.filter(application__in=keys).delete()
    Application.objects.filter(pk__in=keys).delete()
    return len(keys)


def remove_links(*, at: datetime) -> int:
    """Remove the private links that ran out more than a year ago; return how many."""
    return PrivateLink.objects.filter(expires_at__lt=at - LINKS_STAY).delete()[0]
