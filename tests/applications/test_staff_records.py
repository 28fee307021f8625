"""The other records that staff see: cohorts to change, places, people, rules and interests to read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import actions, decisions
from applications.models import Interest
from hubportal.accounts.roles import Role
from hubportal.history.models import Event
from programmes.models import Cohort, Person, Place, RuleSet, SchoolChange
from tests.applications.staff import eligible, open_cohort, person
from tests.factories import AT, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db


def page_of(record, page="change"):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def cohort_form(cohort, **changes):
    values = {
        "capacity": 8,
        "opens_on": "2026-09-01",
        "closes_on": "2027-01-29",
        "contact_name": "",
        "contact_email": "",
    }
    return values | changes


def place(cohort):
    application = eligible(cohort)
    decisions.offer(application, by=UserFactory(), at=timezone.now())
    application.refresh_from_db()
    actions.accept_offer(application, at=timezone.now())
    return application.place


def test_the_administrator_changes_places_and_window_and_history_says_so(client, administrator, staff_cohort):
    answer = client.post(page_of(staff_cohort), cohort_form(staff_cohort, capacity=10))

    staff_cohort.refresh_from_db()
    event = Event.objects.get(kind="changed")
    assert (answer.status_code, staff_cohort.capacity) == (302, 10)
    assert (event.by, event.hub, "places: 10" in event.note) == (administrator, staff_cohort.hub, True)


def test_a_cohort_never_has_fewer_places_than_are_taken(client, administrator, staff_cohort):
    place(staff_cohort)
    page = client.post(page_of(staff_cohort), cohort_form(staff_cohort, capacity=0))
    assert "1 places are taken or offered" in page.text
    assert Cohort.objects.get().capacity == 8


def test_a_window_does_not_close_before_it_opens(client, administrator, staff_cohort):
    page = client.post(page_of(staff_cohort), cohort_form(staff_cohort, closes_on="2026-08-01"))
    assert "The last day cannot come before the first." in page.text


def test_hub_and_project_of_a_cohort_stay(client, administrator, staff_cohort):
    other = open_cohort()
    client.post(page_of(staff_cohort), cohort_form(staff_cohort, hub=other.hub_id))
    assert Cohort.objects.get(pk=staff_cohort.pk).hub == staff_cohort.hub


def test_finance_reads_a_cohort_and_changes_nothing(client, staff_cohort):
    client.force_login(person(staff_cohort.hub, Role.FINANCE))
    assert client.get(page_of(staff_cohort)).status_code == 200
    assert client.post(page_of(staff_cohort), cohort_form(staff_cohort, capacity=10)).status_code == 403


def test_a_lead_adds_a_cohort_at_the_own_hub_only(client, staff_cohort):
    client.force_login(person(staff_cohort.hub, Role.LEAD))
    other = open_cohort()
    Cohort.objects.filter(pk=staff_cohort.pk).delete()
    data = cohort_form(None, project=other.project_id)
    assert client.post(reverse("admin:programmes_cohort_add"), data | {"hub": other.hub_id}).status_code == 200
    assert client.post(reverse("admin:programmes_cohort_add"), data | {"hub": staff_cohort.hub_id}).status_code == 302
    assert Event.objects.get(kind="made").hub == staff_cohort.hub


def test_another_hubs_records_are_missing(client, administrator):
    there = open_cohort()
    foreign = place(there)
    interest = Interest.objects.create(
        programme=there.project.programme,
        hub=there.hub,
        school_name="Hidden School",
        name="x",
        email="x@y.example",
        at=AT,
    )
    for record in (there, foreign, interest, *Person.objects.all()):
        assert client.get(page_of(record)).status_code == 404, record
        assert str(record) not in client.get(list_of(type(record))).text


def test_places_and_people_are_read_only_and_show_grant_and_posts(client, administrator, staff_cohort):
    ours = place(staff_cohort)
    somebody = Person.objects.first()

    page = client.get(page_of(ours)).text
    assert all(words in page for words in ("£2,000", "Confirmed", "version 1 of the rules", somebody.name))
    assert all(words in client.get(page_of(somebody)).text for words in ("@school.example", str(ours.school)))
    for record in (ours, somebody):
        assert client.post(page_of(record), {"status": "withdrawn"}).status_code == 403
        assert client.post(page_of(record, "delete"), {"post": "yes"}).status_code == 403
        assert client.get(reverse(f"admin:programmes_{record._meta.model_name}_add")).status_code == 403
    assert Place.objects.get().status == "confirmed"


def test_an_old_place_without_a_grant_does_not_wait_for_the_school(client, administrator, staff_cohort):
    old = PlaceFactory(cohort=staff_cohort, status="completed")
    page = client.get(page_of(old)).text
    assert "None on record" in page
    assert "the school has not accepted" not in page


def test_the_rules_can_be_read_and_not_edited(client, administrator, staff_cohort):
    place(staff_cohort)
    rule_set = RuleSet.objects.get()
    page = client.get(page_of(rule_set))
    assert "Commitment 6." in page.text and "£2,000" in page.text
    assert client.post(page_of(rule_set), {"grant_amount": 1}).status_code in {403, 405}
    for record in (rule_set.project, rule_set.project.programme):
        assert client.get(page_of(record)).status_code == 200


def test_a_change_in_the_register_shows_what_it_touches_here(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    foreign = eligible(open_cohort(), reference="HID-DEN2")
    for each in (application, foreign):
        change = SchoolChange.objects.create(
            school=each.school, establishment=each.school.establishment, kind="closed", found_at=AT
        )
        page = client.get(page_of(change))
        assert page.status_code == (200 if each == application else 404)
        assert (application.reference in page.text) is (each == application)
        assert "HID-DEN2" not in page.text


def test_today_counts_what_is_the_hubs_move(client, administrator, staff_cohort):
    eligible(staff_cohort)
    eligible(open_cohort())
    page = client.get(reverse("admin:index")).text
    assert "Your move: 1 application<" in page
    assert '<span class="todo__what">Decide</span> <span class="todo__count">1</span>' in page


@pytest.mark.parametrize("model", [Cohort, Place, Person, RuleSet, Interest])
def test_the_lists_cost_the_same_for_one_and_three(client, administrator, staff_cohort, model):
    counts = []
    for more in (1, 2):
        for n in range(more):
            place(staff_cohort)
            Interest.objects.create(
                programme=staff_cohort.project.programme, hub=staff_cohort.hub, school_name="A", name="B",
                email=f"{more}-{n}@y.example", at=AT,
            )  # fmt: skip
        client.get(list_of(model))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(list_of(model)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
