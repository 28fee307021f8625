"""The register, our schools and their changes in the admin: who may look, and who may decide."""

from datetime import date

import pytest
from django.urls import reverse

from hubportal.accounts.models import HubMembership
from hubportal.accounts.roles import Role
from hubportal.history.models import Event
from programmes.models import Establishment, RegisterImport, School, SchoolChange
from programmes.schools.actions import register_school
from tests.factories import (
    AT,
    ApplicationFactory,
    CohortFactory,
    DraftFactory,
    EstablishmentFactory,
    HubFactory,
    HubMembershipFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def staff(client, settings, hub):
    settings.REQUIRE_MFA = False

    def sign_in(role, at=None):
        client.force_login(HubMembershipFactory(role=role, hub=at or hub).user)
        return client

    return sign_in


@pytest.fixture
def change(hub):
    """A closed school that has a place at the hub, with one open successor."""
    old = EstablishmentFactory(name="Oak School", status=2, closed_on=date(2026, 8, 31))
    made = SchoolChange.objects.create(
        school=register_school(old, at=AT), establishment=old, kind="closed", old="Open", new="Closed", found_at=AT
    )
    made.successors.add(EstablishmentFactory(name="Oak Academy"))
    PlaceFactory(school=made.school, cohort=CohortFactory(hub=hub))
    return made


def page_of(change, page="change"):
    return reverse(f"admin:programmes_schoolchange_{page}", args=[change.pk])


def decide(client, change, choice, note=""):
    return client.post(page_of(change, "decide"), {"choice": choice, "note": note}, follow=True)


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


@pytest.mark.parametrize(("choice", "status"), [("accept", "accepted"), ("ignore", "ignored"), ("follow", "followed")])
def test_an_administrator_decides_on_the_page_of_the_change(staff, change, choice, status):
    client = staff(Role.ADMINISTRATOR)
    chosen = f"follow-{change.successors.get().pk}" if choice == "follow" else choice

    page = decide(client, change, chosen, note="The head told us.")

    change.refresh_from_db()
    assert (change.status, change.decided_by.memberships.get().role) == (status, Role.ADMINISTRATOR)
    assert change.note == "The head told us."
    assert change.get_status_display() in page.text
    assert "Decide</h2>" not in page.text


def test_one_of_several_successors_is_chosen_and_history_says_which(staff, change):
    chosen = EstablishmentFactory(name="Elm Academy")
    change.successors.add(chosen)
    client = staff(Role.LEAD)
    assert all(
        each in client.get(page_of(change)).text for each in ("Move it to Oak Academy", "Move it to Elm Academy")
    )

    page = decide(client, change, f"follow-{chosen.pk}")

    school, event = School.objects.get(), Event.objects.get(kind="moved")
    assert (school.name, school.urns.count()) == ("Elm Academy", 2)
    assert (event.new, event.by) == (str(chosen.pk), change.__class__.objects.get().decided_by)
    assert "became Elm Academy" in page.text


def test_a_school_moves_only_to_a_successor_that_the_register_names(staff, change):
    page = decide(staff(Role.LEAD), change, f"follow-{EstablishmentFactory().pk}")

    assert "Choose one of the list." in page.text
    assert School.objects.get().name == "Oak School"


def test_finance_reads_a_change_and_decides_nothing(staff, change):
    client = staff(Role.FINANCE)

    assert "Decide</h2>" not in client.get(page_of(change)).text
    assert client.post(page_of(change, "decide"), {"choice": "accept"}).status_code == 403
    assert SchoolChange.objects.get().status == "open"


def test_a_hub_that_has_nothing_to_do_with_the_school_neither_sees_nor_decides(staff, change):
    client = staff(Role.LEAD, at=HubFactory())

    assert "Oak School" not in client.get(reverse("admin:programmes_schoolchange_changelist")).text
    assert client.get(page_of(change)).status_code == 404
    assert client.post(page_of(change, "decide"), {"choice": "accept"}).status_code == 404
    assert SchoolChange.objects.get().status == "open"


def test_who_decides_elsewhere_and_only_reads_here_does_not_decide_here(staff, change, hub):
    client = staff(Role.LEAD, at=HubFactory())
    HubMembershipFactory(user=HubMembership.objects.get().user, hub=hub, role=Role.FINANCE)

    assert client.get(page_of(change)).status_code == 200
    assert client.post(page_of(change, "decide"), {"choice": "accept"}).status_code == 403


def test_an_application_makes_the_change_the_hubs_too_once_it_is_sent(staff, change):
    cohort = CohortFactory()
    draft = DraftFactory(school=change.school, cohort=cohort)
    client = staff(Role.LEAD, at=cohort.hub)
    assert client.get(page_of(change)).status_code == 404

    draft.delete()
    ApplicationFactory(school=change.school, cohort=cohort)
    assert client.get(page_of(change)).status_code == 200


def test_the_admin_finds_schools_as_the_public_does(staff):
    EstablishmentFactory(name="Oakwood High School")

    response = staff(Role.LEAD).get(reverse("admin:programmes_establishment_changelist"), {"q": "okawood"})

    assert "Oakwood High School" in response.content.decode()


@pytest.mark.parametrize("model", [Establishment, School, SchoolChange])
def test_lists_ask_the_same_for_one_row_and_for_three(staff, hub, django_assert_max_num_queries, model):
    client, address = staff(Role.LEAD), reverse(f"admin:programmes_{model._meta.model_name}_changelist")
    client.get(address)  # the first page of a session writes the session
    counts, cohort = [], CohortFactory(hub=hub)
    for _ in range(3):
        establishment = EstablishmentFactory()
        change = SchoolChange.objects.create(
            school=register_school(establishment, at=AT), establishment=establishment, kind="closed", found_at=AT
        )
        change.successors.add(EstablishmentFactory())
        PlaceFactory(school=change.school, cohort=cohort)
        with django_assert_max_num_queries(20) as captured:
            client.get(address)
        counts.append(len(captured.captured_queries))

    assert counts[0] == counts[2]
