"""A hub with a cohort, and its administrator signed in, for the tests of the staff pages."""

import pytest

from tests.applications.staff import open_cohort, person


@pytest.fixture
def staff_cohort(settings):
    settings.REQUIRE_MFA = False
    return open_cohort()


@pytest.fixture
def administrator(client, staff_cohort):
    user = person(staff_cohort.hub)
    client.force_login(user)
    return user
