"""Accounts in the admin: who gives which roles where, and what is left behind."""

import re

import pytest
from django.urls import reverse

from hubportal.accounts.models import HubMembership, User
from hubportal.accounts.roles import Role
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from tests.factories import HubFactory, HubMembershipFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db
ADD = "admin:accounts_hubmembership_add"


@pytest.fixture
def lead(client, settings):
    settings.REQUIRE_MFA = False
    membership = HubMembershipFactory(role=Role.LEAD)
    client.force_login(membership.user)
    return membership


def form(hub, **changes):
    return {"name": "New Person", "email": "New@hub.example", "role": Role.ADMINISTRATOR, "hub": hub.pk} | changes


def test_a_lead_gives_a_role_to_a_new_person_who_is_told_how_to_sign_in(client, lead):
    assert client.post(reverse(ADD), form(lead.hub)).status_code == 302

    user = User.objects.get(email="new@hub.example")
    membership = user.memberships.get()
    assert (membership.hub, membership.role, user.has_usable_password()) == (lead.hub, Role.ADMINISTRATOR, False)
    message = Message.objects.get()
    assert (message.to, message.hub) == (user.email, lead.hub)
    assert "http://127.0.0.1:8000/sign-in/" in message.text
    event = Event.objects.get()
    assert (event.kind, event.new, event.by, event.hub) == ("role given", Role.ADMINISTRATOR, lead.user, lead.hub)


def test_a_lead_gives_no_role_at_another_hub(client, lead):
    other = HubFactory()

    assert client.post(reverse(ADD), form(other)).status_code == 200
    assert not HubMembership.objects.filter(hub=other).exists()


def test_the_same_role_twice_is_refused_in_words(client, lead):
    client.post(reverse(ADD), form(lead.hub))
    page = client.post(reverse(ADD), form(lead.hub, email="NEW@HUB.EXAMPLE"))

    assert b"has this role already" in page.content
    assert (Message.objects.count(), Event.objects.count()) == (1, 1)


def test_a_lead_takes_a_role_away_but_not_their_own_nor_another_hubs(client, lead):
    colleague, foreign = HubMembershipFactory(hub=lead.hub), HubMembershipFactory()
    answers = [
        client.post(reverse("admin:accounts_hubmembership_delete", args=[membership.pk]), {"post": "yes"}).status_code
        for membership in (lead, foreign, colleague)
    ]

    assert answers == [403, 404, 302]
    assert set(HubMembership.objects.all()) == {lead, foreign}
    assert Event.objects.get().kind == "role taken"


@pytest.mark.parametrize("email", ["{}", " {} ", "UPPER"])
def test_a_lead_gives_themselves_no_further_role(client, lead, email):
    own = lead.user.email.upper() if email == "UPPER" else email.format(lead.user.email)
    page = client.post(reverse(ADD), form(lead.hub, email=own, role=Role.FINANCE))

    assert "You cannot give yourself a role." in page.text
    assert HubMembership.objects.get() == lead


def test_somebody_switched_off_gets_no_role_and_the_form_says_who_can_help(client, lead):
    user = UserFactory(is_active=False)
    page = client.post(reverse(ADD), form(lead.hub, email=user.email))

    assert "Whoever runs the portal can switch it on again." in page.text
    assert not user.memberships.exists()


def test_events_about_roles_name_the_account_and_nothing_personal(client, lead):
    client.post(reverse(ADD), form(lead.hub))
    given = HubMembership.objects.exclude(pk=lead.pk).get()
    client.post(reverse("admin:accounts_hubmembership_delete", args=[given.pk]), {"post": "yes"})

    assert [event.kind for event in Event.objects.all()] == ["role given", "role taken"]
    assert {event.note for event in Event.objects.all()} == {f"Account {given.user_id}"}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FINANCE])
def test_only_leads_give_roles(client, settings, role):
    settings.REQUIRE_MFA = False
    membership = HubMembershipFactory(role=role)
    client.force_login(membership.user)

    assert client.get(reverse("admin:accounts_hubmembership_changelist")).status_code == 200
    assert client.post(reverse(ADD), form(membership.hub)).status_code == 403


def test_a_lead_changes_the_contact_of_their_own_hub_only(client, lead):
    page = reverse("admin:accounts_hub_change", args=[lead.hub.pk])
    data = {
        "contact_email": "new@contact.example", "contact_phone": "", "controller": "DfE", "privacy_version": "2",
        "privacy_text": "", "name": "Renamed", "areas-TOTAL_FORMS": 0, "areas-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert client.post(page, data).status_code == 302
    before = lead.hub.name
    lead.hub.refresh_from_db()
    assert (lead.hub.contact_email, lead.hub.name) == ("new@contact.example", before)
    assert client.get(reverse("admin:accounts_hub_change", args=[HubFactory().pk])).status_code == 404


def test_a_superuser_makes_changes_and_switches_off_accounts_with_events(client, settings):
    settings.REQUIRE_MFA = False
    client.force_login(UserFactory(is_superuser=True))
    client.post(reverse("admin:accounts_user_add"), {"name": "Nat", "email": "NAT@team.example", "is_active": "on",
                                                     "is_national": "on"})  # fmt: skip
    user = User.objects.get(email="nat@team.example")
    assert (user.is_national, user.has_usable_password()) == (True, False)

    client.post(reverse("admin:accounts_user_change", args=[user.pk]), {"name": "Nat", "email": user.email})
    user.refresh_from_db()
    assert (user.is_active, user.is_national) == (False, False)
    assert [event.kind for event in Event.objects.all()] == ["account", "account"]


def test_nothing_is_deleted_in_bulk(client, settings):
    settings.REQUIRE_MFA = False
    client.force_login(UserFactory(is_superuser=True))
    page = client.get(reverse("admin:accounts_user_changelist"))

    assert b"delete_selected" not in page.content
    assert b"remove_second_factor" in page.content


def test_the_admin_signs_in_and_out_and_changes_passwords_through_allauth(client, lead):
    assert client.get(reverse("admin:password_change"))["Location"] == reverse("account_change_password")
    client.post(reverse("admin:logout"))
    assert client.get(reverse("admin:index"), follow=True).request["PATH_INFO"] == reverse("account_login")


def test_people_without_a_role_get_a_403_not_a_loop(client):
    client.force_login(UserFactory())
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_memberships_costs_the_same_for_one_and_three(client, lead, rows, django_assert_max_num_queries):
    HubMembershipFactory.create_batch(rows, hub=lead.hub)
    client.get(reverse("admin:accounts_hubmembership_changelist"))
    with django_assert_max_num_queries(9):
        client.get(reverse("admin:accounts_hubmembership_changelist"))


def test_no_page_of_the_admin_links_to_one_that_is_closed_to_the_reader(client, lead):
    """A place says who offered it, a membership whose it is, without a link to accounts that only few may open."""
    place = PlaceFactory(cohort__hub=lead.hub)
    pages = {
        reverse("admin:programmes_place_change", args=[place.pk]): str(place.offered_by),
        reverse("admin:accounts_hubmembership_change", args=[lead.pk]): str(lead.user),
        reverse("admin:programmes_cohort_change", args=[place.cohort_id]): str(place.cohort.hub),
        reverse("admin:accounts_hub_change", args=[lead.hub_id]): "",
    }
    for page, name in pages.items():
        answer = client.get(page)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert name in text
        for link in set(re.findall(r'href="(/admin/[^"#?]*)"', text)) - {"/admin/logout/"}:
            assert client.get(link).status_code in {200, 302}, f"{page} links to {link}"

    user_page = reverse("admin:accounts_user_change", args=[place.offered_by_id])
    client.force_login(UserFactory(is_superuser=True))
    assert user_page in client.get(next(iter(pages))).content.decode()
