"""What the tests of the pages share: an open cohort, and a lead of its hub who is signed in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hubportal.accounts.roles import Role
from tests.factories import HubMembershipFactory
from tests.specialists.factories import cohort_of


@pytest.fixture
def cohort(settings):
    settings.REQUIRE_MFA = False
    today = timezone.now().date()
    return cohort_of(capacity=2, opens_on=today - timedelta(30), closes_on=today + timedelta(30))


@pytest.fixture
def staff(client, cohort):
    client.force_login(HubMembershipFactory(hub=cohort.hub, role=Role.LEAD).user)
    return client
