"""The first page of the hub: what there is to do, and then the records, by what a person needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hubportal.accounts.roles import Role
from hubportal.messaging.models import Message
from hubportal.messaging.states import Status

from .staff import eligible, open_cohort, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return open_cohort()


@pytest.fixture
def today(client, cohort):
    """Return the page as somebody sees it."""

    def page(role=Role.ADMINISTRATOR):
        client.force_login(person(cohort.hub, role))
        return client.get("/admin/").text

    return page


def message(hub, status, **values):
    number = Message.objects.count()
    values = {"created_at": timezone.now(), "to": "x@school.example", **values}
    return Message.objects.create(hub=hub, status=status, key=f"k{number}", subject="S", text="T", **values)


def test_what_the_hub_has_to_do_is_counted_and_what_waits_for_others(today, cohort):
    eligible(cohort)
    eligible(cohort)
    eligible(cohort, confirmed=False)

    page = today()

    assert "Your move: 2 applications" in page
    assert "?move=head" in page


def test_held_and_failed_messages_are_shown_until_they_are_old_or_sent_again(today, cohort):
    message(cohort.hub, Status.HELD)
    failed = message(cohort.hub, Status.FAILED)
    message(cohort.hub, Status.BOUNCED, created_at=timezone.now() - timedelta(31))
    message(open_cohort().hub, Status.UNKNOWN)

    page = today()
    message(cohort.hub, Status.SENT, repeats=failed)

    assert f"status__exact={Status.HELD}" in page
    assert f"status__exact={Status.FAILED}" in page
    assert f"status__exact={Status.BOUNCED}" not in page
    assert f"status__exact={Status.UNKNOWN}" not in page
    assert f"status__exact={Status.FAILED}" not in today()


def test_an_administrator_sees_the_records_of_every_day_and_a_lead_the_hub_as_well(today):
    administrator, lead = today(), today(Role.LEAD)

    assert "/admin/programmes/cohort/" in administrator
    assert "/admin/programmes/ruleset/" not in administrator + lead
    assert "/admin/accounts/hubmembership/" not in administrator
    assert "/admin/accounts/hubmembership/" in lead


def test_the_national_team_sees_every_kind_of_record(client, admin_client):
    page = admin_client.get("/admin/").text

    assert "/admin/programmes/ruleset/" in page
    assert "/admin/programmes/registerimport/" in page
