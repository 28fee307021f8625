"""Pages that once asked for each row again: the same number of queries for one row and for three."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hubportal.accounts.roles import Role
from programmes.models import EstablishmentLink, Focus, FocusRoom
from tests.factories import (
    CohortFactory,
    EstablishmentFactory,
    HubFactory,
    HubMembershipFactory,
    PlaceFactory,
    SchoolFactory,
)
from tests.path import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def queries(hub, settings):
    settings.REQUIRE_MFA = False
    client = Client()
    client.force_login(HubMembershipFactory(hub=hub, role=Role.LEAD).user)

    def count(address: str) -> int:
        client.get(address)  # the first page of its kind may fill a cache
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return count


def test_a_closed_schools_successor_is_read_once_for_one_programme_and_for_all(queries):
    closed, successor = EstablishmentFactory(status=2, closed_on=date(2025, 8, 31)), EstablishmentFactory()
    EstablishmentLink.objects.create(urn=closed.urn, link_urn=successor.urn, link_type="Successor")
    address = reverse("path:staff_school", args=[SchoolFactory(establishment=closed).pk])
    worlds.project(worlds.DEV, worlds.NOW)
    at_one = queries(address)

    worlds.everything()

    assert queries(address) == at_one


def test_a_cohort_asks_the_same_with_one_room_for_a_focus_and_with_three(queries, hub):
    cohort, counts = CohortFactory(hub=hub), []
    for letter in "abc":
        focus = Focus.objects.create(project=cohort.project, letter=letter, title=f"Focus {letter}", source="x")
        FocusRoom.objects.create(cohort=cohort, focus=focus, capacity=4)
        PlaceFactory(cohort=cohort, focus=focus)
        counts.append(queries(reverse("admin:programmes_cohort_change", args=[cohort.pk])))

    assert counts[0] == counts[2]


def test_a_place_is_named_without_reading_its_cohort_again(queries, hub):
    place = PlaceFactory(cohort=CohortFactory(hub=hub))

    assert queries(reverse("admin:programmes_place_change", args=[place.pk])) <= 12
