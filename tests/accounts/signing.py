"""Signing in as a person does, for tests."""

import re

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from hubportal.accounts import links
from hubportal.messaging.models import Message

PASSWORD = "four maths hubs in a row"
SEED = "JBSWY3DPEHPK3PXP"


def set_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def give_app(user):
    """Give the person an authenticator app."""
    TOTP.activate(user, SEED)
    return user


def app_code(steps=0, seed=SEED):
    """Return what the app shows now, or some steps of half a minute away."""
    counter = next(iter(yield_hotp_counters_from_time())) + steps
    return format_hotp_value(hotp_value(seed, counter))


def by_password(client, user, password=PASSWORD, **headers):
    return client.post(reverse("account_login"), {"login": user.email, "password": password}, **headers)


def by_code(client, email):
    """Ask for a code, read it in the e-mail and type it in."""
    client.post(reverse("account_request_login_code"), {"email": email})
    return client.post(reverse("account_confirm_login_code"), {"code": code_in_last_message()})


def code_in_last_message():
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", links.fill(Message.objects.latest("pk").text), re.M)[0]


def second_factor(client, code=None):
    return client.post(reverse("mfa_authenticate"), {"code": code or app_code()})
