"""Where the demo is not made: beside real people, and at a public address with a password that everybody can read."""

import pytest
from django.core.management import CommandError, call_command

from applications.demo import seed
from applications.models import Application
from hubportal.accounts.models import User
from tests.factories import ApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_database_with_people_is_left_alone():
    UserFactory()

    with pytest.raises(CommandError, match="holds 1 people that are not the demo's"):
        call_command("seed_demo")

    assert User.objects.count() == 1


def test_a_database_with_applications_is_left_alone():
    ApplicationFactory()

    with pytest.raises(CommandError, match=r"1 applications, 1 hubs, 1 schools of the register"):
        call_command("seed_demo")

    assert Application.objects.count() == 1


@pytest.mark.parametrize(("public", "password"), [(False, ""), (True, ""), (False, "a password of my own")])
def test_a_public_address_needs_both_a_word_and_a_password_of_its_own(settings, public, password):
    settings.SECURE, settings.DEMO_PASSWORD = True, password

    with pytest.raises(CommandError, match="is a public address"):
        call_command("seed_demo", public=public)

    assert not User.objects.exists()


def test_a_public_demo_with_a_password_of_its_own_is_allowed(settings):
    settings.SECURE, settings.DEMO_PASSWORD = True, "a password of my own"

    seed.refuse_elsewhere(public=True)
