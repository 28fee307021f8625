"""Giving people roles and taking them away. Each leaves an event at the hub.

Events stay for good, so they say which account, never its name or address.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from hubportal.history.actions import note_event
from hubportal.messaging.outbox import queue

from . import sessions
from .models import Hub, HubMembership, User
from .roles import Role


@transaction.atomic
def give_role(email: str, name: str, hub: Hub, role: Role, *, by: User, at: datetime) -> HubMembership:
    """Give the person of this address a role at a hub, and tell them how to sign in.

    A person without an account gets one without a password: they sign in by a code to their address and then set up
    a second factor. Giving the same role twice changes nothing.
    """
    user = User.objects.filter(email=email.strip().lower()).first() or User.objects.create_user(email, name=name)
    membership, new = HubMembership.objects.get_or_create(user=user, hub=hub, role=role)
    if new:
        note_event(membership, "role given", by=by, at=at, note=f"Account {user.pk}", new=role)
        queue(
            "account/invitation",
            to=user.email,
            key=f"account/invitation:{membership.pk}",
            reason="They were given a role at the hub.",
            hub=hub,
            at=at,
            context={
                "name": user.name,
                "hub": hub.name,
                "role": Role(role).label.lower(),
                "address": settings.PORTAL_URL + reverse("account_login"),
            },
        )
    return membership


@transaction.atomic
def take_role(membership: HubMembership, *, by: User, at: datetime) -> None:
    """Take a role at a hub away. What the person did stays."""
    note_event(membership, "role taken", by=by, at=at, note=f"Account {membership.user_id}", old=membership.role)
    membership.delete()


@transaction.atomic
def save_account(user: User, changed: list[str], *, by: User, at: datetime) -> None:
    """Save what was changed of an account.

    A changed address or right, or an account switched off, ends its sessions.
    """
    user.save()
    note_event(user, "account", by=by, at=at, note=", ".join(changed))
    if {"email", "is_active", "is_national", "is_superuser"} & set(changed):
        sessions.end_all(user)
    if "email" in changed:
        EmailAddress.objects.filter(user=user).delete()


@transaction.atomic
def remove_second_factor(user: User, *, by: User, at: datetime) -> None:
    """Let somebody who lost their phone set up a new second factor at their next sign-in."""
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    note_event(user, "second factor removed", by=by, at=at)
