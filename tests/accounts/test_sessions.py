"""How long staff stay signed in, and what ends a session at once."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hubportal.accounts import actions, sessions
from tests.factories import HubMembershipFactory, UserFactory

from . import signing

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(settings):
    settings.REQUIRE_MFA = True
    return signing.give_app(signing.set_password(HubMembershipFactory().user))


def enter(user, steps=0):
    client = Client()
    signing.by_password(client, user)
    signing.second_factor(client, signing.app_code(steps))
    assert client.get(reverse("my")).status_code == 200
    return client


def age(client, **seconds):
    session = client.session
    for clock, value in seconds.items():
        session[clock] -= value
    session.save()


def is_in(client):
    return client.get(reverse("my")).status_code == 200


def test_staff_are_signed_out_after_half_an_hour_without_use(staff):
    client = enter(staff)
    age(client, seen_at=29 * 60)
    assert is_in(client)
    age(client, seen_at=31 * 60)
    assert client.get(reverse("my"))["Location"] == f"{reverse('account_login')}?next={reverse('my')}"
    assert "_auth_user_id" not in client.session


def test_staff_are_signed_out_eight_hours_after_sign_in_however_busy(staff):
    client = enter(staff)
    age(client, began_at=8 * 3600 + 1)
    assert not is_in(client)


def test_people_without_a_role_are_not_timed_out_like_staff():
    user = signing.set_password(UserFactory())
    client = Client()
    signing.by_password(client, user)
    age(client, seen_at=3600)
    assert is_in(client)


def test_sign_in_changes_the_session_key(staff):
    client = Client()
    signing.by_password(client, staff)
    before = client.session.session_key
    signing.second_factor(client)
    assert client.session.session_key != before


def test_switching_an_account_off_ends_its_sessions_at_once(staff):
    client = enter(staff)
    staff.is_active = False
    staff.save()
    assert not is_in(client)


def test_taking_the_last_role_away_closes_the_admin_at_once(staff):
    client = enter(staff)
    actions.take_role(staff.memberships.get(), by=UserFactory(), at=timezone.now())
    assert client.get(reverse("admin:index")).status_code in {302, 403}


def test_a_new_password_ends_the_other_sessions(staff):
    here, there = enter(staff), enter(staff, 1)
    new = "another four words"
    here.post(reverse("account_reauthenticate"), {"password": signing.PASSWORD})
    here.post(reverse("account_change_password"), {"oldpassword": signing.PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)


def test_removing_a_second_factor_asks_who_it_is_and_ends_the_other_sessions(staff):
    here, there = enter(staff), enter(staff, 1)
    refused = here.post(reverse("mfa_deactivate_totp"))
    assert refused["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=staff).exists()

    here.post(reverse("account_reauthenticate"), {"password": signing.PASSWORD})
    here.post(reverse("mfa_deactivate_totp"))
    assert not is_in(there)
    assert here.get(reverse("admin:index"))["Location"] == reverse("mfa_index")


def test_signing_out_everywhere_else_leaves_this_session(staff):
    here, there = enter(staff), enter(staff, 1)
    here.post(reverse("usersessions_list"))
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_lost_phone_is_helped_by_removing_the_factor_and_leaves_an_event(staff):
    client = enter(staff)
    actions.remove_second_factor(staff, by=UserFactory(), at=timezone.now())
    assert not is_in(client)
    assert not sessions.has_second_factor(staff)


def test_a_session_is_not_written_on_every_page(staff, django_assert_num_queries):
    client = enter(staff)
    with django_assert_num_queries(5):  # session, user, roles, memberships, factors
        client.get(reverse("my"))


def test_signing_out_clears_what_the_browser_kept(staff):
    response = enter(staff).post(reverse("account_logout"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response["Location"] == "/"


def test_idle_and_absolute_times_are_those_of_the_design():
    assert (timedelta(minutes=30), timedelta(hours=8)) == (sessions.IDLE, sessions.ABSOLUTE)
