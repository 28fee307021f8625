"""The register, our schools and their changes in the admin: who may look, and who may decide."""

from datetime import date

import pytest
from django.urls import reverse

from hubportal.accounts.roles import Role
from programmes.models import Establishment, RegisterImport, School, SchoolChange
from programmes.schools.actions import register_school
from tests.factories import AT, EstablishmentFactory, HubMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_MFA = False

    def sign_in(role):
        client.force_login(HubMembershipFactory(role=role).user)
        return client

    return sign_in


@pytest.fixture
def change():
    old = EstablishmentFactory(name="Oak School", status=2, closed_on=date(2026, 8, 31))
    made = SchoolChange.objects.create(
        school=register_school(old, at=AT), establishment=old, kind="closed", old="Open", new="Closed", found_at=AT
    )
    made.successors.add(EstablishmentFactory(name="Oak Academy"))
    return made


def decide(client, action, *changes):
    data = {"action": action, "_selected_action": [change.pk for change in changes]}
    return client.post(reverse("admin:programmes_schoolchange_changelist"), data, follow=True)


@pytest.mark.parametrize("model", [Establishment, School, SchoolChange, RegisterImport])
@pytest.mark.parametrize("role", Role.values)
def test_all_staff_may_look_and_nobody_writes(staff, change, model, role):
    record = RegisterImport.objects.create(file_name="x.csv", register_on=AT.date(), status="applied", at=AT)
    pk = record.pk if model is RegisterImport else model.objects.first().pk
    name = f"admin:programmes_{model._meta.model_name}"
    client = staff(role)

    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_changelist"), {"q": "oak"}).status_code == 200
    assert client.get(reverse(f"{name}_change", args=[pk])).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code == 403
    assert client.post(reverse(f"{name}_change", args=[pk]), {}).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[pk])).status_code == 403


@pytest.mark.parametrize(("action", "status"), [("accept", "accepted"), ("ignore", "ignored"), ("follow", "followed")])
def test_an_administrator_decides(staff, change, action, status):
    client = staff(Role.ADMINISTRATOR)

    decide(client, action, change)

    change.refresh_from_db()
    assert (change.status, change.decided_by.memberships.get().role) == (status, Role.ADMINISTRATOR)


def test_finance_decides_nothing(staff, change):
    decide(staff(Role.FINANCE), "accept", change)

    change.refresh_from_db()
    assert change.status == "open"


def test_a_change_with_several_successors_is_not_followed_and_says_why(staff, change):
    change.successors.add(EstablishmentFactory())

    response = decide(staff(Role.LEAD), "follow", change)

    assert "The register names several successors" in response.content.decode()
    assert School.objects.get().name == "Oak School"


def test_the_admin_finds_schools_as_the_public_does(staff):
    EstablishmentFactory(name="Oakwood High School")

    response = staff(Role.LEAD).get(reverse("admin:programmes_establishment_changelist"), {"q": "okawood"})

    assert "Oakwood High School" in response.content.decode()


@pytest.mark.parametrize("model", [Establishment, School, SchoolChange])
def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_three(staff, django_assert_max_num_queries, model):
    client, address = staff(Role.LEAD), reverse(f"admin:programmes_{model._meta.model_name}_changelist")
    client.get(address)  # the first page of a session writes the session
    counts = []
    for _ in range(3):
        establishment = EstablishmentFactory()
        SchoolChange.objects.create(
            school=register_school(establishment, at=AT), establishment=establishment, kind="closed", found_at=AT
        ).successors.add(EstablishmentFactory())
        with django_assert_max_num_queries(20) as captured:
            client.get(address)
        counts.append(len(captured.captured_queries))

    assert counts[0] == counts[2]
