"""The areas that a hub serves, set on the hub's page."""

import pytest
from django.urls import reverse

from hubportal.accounts.roles import Role
from hubportal.history.actions import subject_of
from hubportal.history.models import Event
from programmes.models import HubArea
from tests.factories import HubFactory, HubMembershipFactory, LocalAuthorityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, settings):
    settings.REQUIRE_MFA = False
    membership = HubMembershipFactory(role=Role.LEAD)
    client.force_login(membership.user)
    return membership


def save(client, hub, *areas, kept=()):
    rows = [{"id": area.pk, "hub": hub.pk, "DELETE": "on"} for area in kept] + [
        {"local_authority": area.pk, "hub": hub.pk} for area in areas
    ]
    data = {
        "contact_email": hub.contact_email, "controller": "DfE", "privacy_version": "1",
        "areas-TOTAL_FORMS": len(rows), "areas-INITIAL_FORMS": len(kept),
    }  # fmt: skip
    data |= {f"areas-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return client.post(reverse("admin:accounts_hub_change", args=[hub.pk]), data)


def test_a_lead_adds_and_removes_areas_and_history_says_so(client, lead):
    essex, kent = LocalAuthorityFactory(), LocalAuthorityFactory(code="886", name="Kent")
    assert save(client, lead.hub, essex, kent).status_code == 302
    assert set(lead.hub.areas.values_list("local_authority__name", flat=True)) == {"Essex", "Kent"}

    assert save(client, lead.hub, kept=lead.hub.areas.filter(local_authority=kent)).status_code == 302
    assert [area.local_authority for area in HubArea.objects.all()] == [essex]
    events = Event.objects.about(subject_of(lead.hub)).filter(kind="areas")
    assert [(event.by, event.note) for event in events] == [
        (lead.user, "added: Essex, Kent"),
        (lead.user, "removed: Kent"),
    ]


def test_an_area_twice_is_refused_in_words(client, lead):
    essex = LocalAuthorityFactory()
    page = save(client, lead.hub, essex, essex)
    assert page.status_code == 200
    assert "Please correct the duplicate" in page.text


def test_nobody_sets_the_areas_of_another_hub_and_administrators_only_read_them(client, lead):
    other, essex = HubFactory(), LocalAuthorityFactory()
    assert save(client, other, essex).status_code == 404

    HubArea.objects.create(hub=lead.hub, local_authority=essex)
    client.force_login(HubMembershipFactory(hub=lead.hub).user)
    page = client.get(reverse("admin:accounts_hub_change", args=[lead.hub.pk]))
    assert "Essex" in page.text
    assert save(client, lead.hub, LocalAuthorityFactory(code="886", name="Kent")).status_code == 403
    assert HubArea.objects.count() == 1
