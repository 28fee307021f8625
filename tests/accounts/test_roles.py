"""What a role lets a person do, and at which hub."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Permission

from hubportal.accounts.models import HubMembership, User
from hubportal.accounts.roles import NATIONAL, PERMISSIONS, READ, Role
from tests.factories import CohortFactory, HubFactory, HubMembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
DECIDE = "applications.decide_application"


def test_every_permission_in_the_table_exists():
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")}
    assert frozenset().union(NATIONAL, *PERMISSIONS.values()) - known == set()


def test_every_permission_to_read_opens_a_page():
    in_admin = {f"{model._meta.app_label}.view_{model._meta.model_name}" for model in admin.site._registry}
    of_their_own = {"applications.view_eligibilitycheck"}  # opened from the review page of its application

    assert READ - in_admin == of_their_own


def test_a_role_counts_at_its_own_hub_only():
    membership = HubMembershipFactory(role=Role.LEAD)
    own, other = CohortFactory(hub=membership.hub), CohortFactory(hub=HubFactory())
    user = membership.user

    assert user.has_perm("programmes.change_cohort")
    assert user.has_perm("programmes.change_cohort", own)
    assert not user.has_perm("programmes.change_cohort", other)
    assert user.has_perm("accounts.change_hub", own.hub)
    assert not user.has_perm("accounts.change_hub", other.hub)


def test_two_roles_at_two_hubs_do_not_mix():
    user = UserFactory()
    lead = HubMembershipFactory(user=user, role=Role.LEAD).hub
    finance = HubMembershipFactory(user=user, role=Role.FINANCE).hub

    assert user.has_perm("accounts.change_hub", lead)
    assert not user.has_perm("accounts.change_hub", finance)
    assert user.hubs_where("accounts.change_hub") == {lead.pk}


@pytest.mark.parametrize("role", Role.values)
def test_finance_decides_about_nobody_and_the_others_do(role):
    user = HubMembershipFactory(role=role).user
    assert user.has_perm(DECIDE) is (role != Role.FINANCE)


def test_the_national_team_reads_everything_and_changes_nothing():
    user = UserFactory(is_national=True)
    assert user.get_all_permissions() == READ
    assert user.has_perm("programmes.view_cohort", CohortFactory())
    assert not user.has_perm(DECIDE)


def test_nobody_else_may_do_anything():
    off = HubMembershipFactory(user__is_active=False, role=Role.LEAD).user
    for user in (off, UserFactory(), AnonymousUser()):
        assert not user.has_perm(DECIDE)
        assert not user.has_module_perms("applications")
    assert UserFactory(is_superuser=True).has_perm(DECIDE)


def test_staff_are_superusers_the_national_team_and_whoever_has_a_role():
    assert [user.is_staff for user in (UserFactory(is_superuser=True), UserFactory(is_national=True))] == [True, True]
    assert HubMembershipFactory().user.is_staff
    assert not UserFactory().is_staff


def test_roles_are_read_once_for_many_questions(django_assert_num_queries):
    user = User.objects.get(pk=HubMembershipFactory().user.pk)
    with django_assert_num_queries(1):
        for _ in range(20):
            user.has_perm(DECIDE)
            user.has_module_perms("applications")
            assert user.is_staff


def test_memberships_are_seen_within_the_hub():
    membership, foreign = HubMembershipFactory(), HubMembershipFactory()
    seen = HubMembership.objects.visible_to(membership.user)
    assert (membership in seen, foreign in seen) == (True, False)


@pytest.mark.parametrize("email", ["A@hub.example", "a@HUB.example"])
def test_an_address_is_unique_in_any_case_and_kept_in_lower_case(email):
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError, transaction

    User.objects.create_user("a@hub.example", name="A")
    with pytest.raises(ValidationError, match="This address has an account"):
        User(email=email, name="A", password="!").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=email, name="A")
    assert User.objects.get_by_natural_key(email).name == "A"
