"""Who sits at the windows, staff who are signed in or whoever holds a private link, and what they press."""

from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.test import Client
from django.utils import timezone

from applications import emails, endorsements
from hubportal.accounts import links, sessions
from tests.accounts import signing
from tests.factories import EstablishmentFactory, SchoolFactory


def cookies_of(user) -> list[dict]:
    """Return the cookies of a person who has just signed in with an authenticator app."""
    signing.give_app(user)
    client = Client()
    client.force_login(user)
    session = client.session
    sessions.begin(session, at=timezone.now())
    record_authentication(SimpleNamespace(session=session), user, "mfa", type="totp")
    session.save()
    return [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}]


def schools_link(application) -> str:
    """Return the address of a new private link to the school's page."""
    return links.address(emails.manage_link(application, at=timezone.now()))


def heads_link(application) -> str:
    """Return the address of a new private link to the page of the head who was asked last."""
    return links.address(endorsements.head_link(application.endorsements.last(), at=timezone.now()))


def school(name, **values):
    return SchoolFactory(establishment=EstablishmentFactory(name=name, **values))


def press(page, name):
    """Press the first link or button of this name in the page's own part."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()
