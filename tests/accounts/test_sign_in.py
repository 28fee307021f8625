"""Signing in: passwords, codes by e-mail, second factors, and what the outbox keeps of it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from hubportal.accounts import links
from hubportal.accounts.models import User
from hubportal.messaging.models import Message
from tests.factories import HubMembershipFactory, UserFactory

from . import signing

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(settings):
    settings.REQUIRE_MFA = True
    return signing.set_password(HubMembershipFactory().user)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_an_address_signs_in_in_any_case(client):
    user = signing.set_password(UserFactory(email="mixed@hub.example"))

    response = client.post(reverse("account_login"), {"login": "MiXed@Hub.Example", "password": signing.PASSWORD})

    assert (response.status_code, response["Location"], signed_in(client)) == (302, reverse("my"), True)
    assert client.get(reverse("my")).context["user"] == user


def test_password_and_second_factor_open_the_admin(client, staff):
    signing.give_app(staff)

    assert signing.by_password(client, staff)["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code == 302
    assert signing.second_factor(client)["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_page_of_the_second_factor_names_those_who_can_remove_it(client, staff):
    signing.give_app(staff)
    signing.by_password(client, staff)
    page = client.get(reverse("mfa_authenticate")).text

    assert "Whoever runs the portal can remove your second factor" in page
    assert "national team" not in page  # they read; only superusers open accounts


def test_a_code_by_e_mail_does_not_open_the_admin_without_the_second_factor(client, staff):
    signing.give_app(staff)

    assert signing.by_code(client, staff.email)["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    assert client.get(reverse("admin:index"))["Location"].startswith(reverse("admin:login"))


@pytest.mark.django_db(transaction=True)
def test_an_invited_person_signs_in_by_code_sets_up_an_app_and_reaches_the_admin(client, staff):
    staff.set_unusable_password()
    staff.save()

    signing.by_code(client, staff.email)
    assert client.get(reverse("admin:index"))["Location"] == reverse("mfa_index")
    assert client.get(reverse("my"))["Location"] == reverse("mfa_index")

    page = client.get(reverse("mfa_activate_totp"))
    seed = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": signing.app_code(seed=seed)})

    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(done["Location"]).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("account_set_password")).status_code == 200


def test_a_wrong_second_factor_does_not_sign_in(client, staff):
    signing.give_app(staff)
    signing.by_password(client, staff)

    assert signing.second_factor(client, "000000").status_code == 200
    assert not signed_in(client)


def test_a_recovery_code_works_once(client, staff):
    signing.give_app(staff)
    code = RecoveryCodes.activate(staff).get_unused_codes()[0]
    signing.by_password(client, staff)
    assert signing.second_factor(client, code)["Location"] == reverse("admin:index")

    other = Client()
    signing.by_password(other, staff)
    assert signing.second_factor(other, code).status_code == 200
    assert not signed_in(other)


def test_nobody_signs_up(client):
    data = {"email": "new@hub.example", "password1": signing.PASSWORD}

    for page in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), data)):
        assert b"Accounts are made by hubs" in page.content
    assert not User.objects.exists()


def test_an_account_that_is_switched_off_does_not_sign_in(client):
    user = signing.set_password(UserFactory(is_active=False))

    assert signing.by_password(client, user)["Location"] == reverse("account_inactive")
    assert not signed_in(client)


def test_the_outbox_keeps_no_readable_code_and_delivery_fills_it_in(client):
    user = UserFactory()
    client.post(reverse("account_request_login_code"), {"email": user.email})

    message = Message.objects.get()
    code = signing.code_in_last_message()
    assert code not in message.text + message.subject + message.key
    assert "[a secret code]" in links.hide(message.text)
    assert (message.expires_at - message.created_at).total_seconds() == 600
    assert client.post(reverse("account_confirm_login_code"), {"code": code})["Location"] == reverse("my")


def test_seeds_of_apps_are_encrypted_in_the_database():
    signing.give_app(UserFactory())

    assert signing.SEED not in str(Authenticator.objects.get().data)


def test_a_reset_by_code_sets_a_password_and_does_not_pass_the_second_factor(client, staff):
    signing.give_app(staff)
    client.post(reverse("account_reset_password"), {"email": staff.email})
    code = signing.code_in_last_message()
    page = client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    new = {"password1": "another four words", "password2": "another four words"}
    client.post(page["Location"], new)

    assert not signed_in(client)
    assert signing.by_password(client, staff, "another four words")["Location"] == reverse("mfa_authenticate")
    assert "Your password was reset." in Message.objects.latest("pk").text


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_known_and_unknown_addresses_get_the_same_answer(client, name):
    user = signing.set_password(UserFactory(email="known@hub.example"))
    answers = []
    for email in (user.email, "other@hub.example"):
        visitor = Client()
        sent = visitor.post(reverse(name), {"email": email})
        page = visitor.get(sent["Location"])
        content = _without_tokens(page.content.replace(email.encode(), b""))
        answers.append((sent.status_code, sent["Location"], page.status_code, content))

    assert answers[0] == answers[1]
    assert [message.to for message in Message.objects.all()] == [user.email]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer():
    user = signing.set_password(UserFactory(email="known@hub.example"))
    pages = []
    for email in (user.email, "other@hub.example"):
        page = Client().post(reverse("account_login"), {"login": email, "password": "wrong"})
        pages.append((page.status_code, _without_tokens(page.content.replace(email.encode(), b""))))

    assert pages[0] == pages[1]


def _without_tokens(content):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)


def test_the_eleventh_wrong_password_is_not_even_tried_and_others_still_get_in(client):
    user = signing.set_password(UserFactory())
    for _ in range(10):
        signing.by_password(client, user, "wrong")

    assert b"too many tries" in signing.by_password(client, user).content
    assert not signed_in(client)
    neighbour = signing.set_password(UserFactory())
    assert signing.by_password(Client(), neighbour).status_code == 302


def test_the_sixth_code_in_ten_minutes_is_not_sent(client):
    user = UserFactory()
    for _ in range(6):
        answer = Client().post(reverse("account_request_login_code"), {"email": user.email})

    assert Message.objects.count() == 5
    assert answer.status_code in {200, 429}


def test_sign_in_works_while_the_broker_is_down(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    user = UserFactory()

    assert signing.by_code(client, user.email)["Location"] == reverse("my")


def test_sign_in_goes_on_to_the_page_that_was_asked_for(client, staff):
    signing.give_app(staff)
    wanted = reverse("admin:accounts_hubmembership_changelist")
    page = client.get(wanted, follow=True)
    assert page.request["PATH_INFO"] == reverse("account_login")

    client.post(reverse("account_login"), {"login": staff.email, "password": signing.PASSWORD, "next": wanted})
    assert signing.second_factor(client)["Location"] == wanted


def test_sign_in_never_goes_on_to_another_site(client):
    user = signing.set_password(UserFactory())
    data = {"login": user.email, "password": signing.PASSWORD, "next": "https://evil.example/"}

    assert client.post(reverse("account_login"), data)["Location"] == reverse("my")


@pytest.mark.parametrize("name", ["account_reset_password", "account_request_login_code"])
@pytest.mark.django_db
def test_an_address_that_is_too_long_for_anybody_gets_the_same_answer(client, name):
    answer = client.post(reverse(name), {"email": "a" * 300 + "@x.example"})

    assert answer.status_code in {200, 302}
    assert not Message.objects.exists()
