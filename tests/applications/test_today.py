"""The first page of the hub: what there is to do, and then the records, by what a person needs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.specialists.models import Reading
from hubportal.accounts.roles import Role
from hubportal.messaging.models import Message
from hubportal.messaging.states import Status
from programmes.models import RuleSet
from tests.factories import AT
from tests.specialists.factories import TeacherFactory, cohort_of

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


def to_read(application, reader):
    return Reading.objects.create(application=application, position=1, reader=reader, asked_at=AT)


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
    assert "/admin/accounts/hubmembership/" not in administrator
    assert "/admin/accounts/hubmembership/" in lead


@pytest.mark.parametrize("role", Role)
def test_rules_programmes_and_specialists_are_found_by_everybody_at_a_hub(today, role):
    page = today(role)

    for kind in ("programmes/ruleset", "programmes/programme", "programmes/specialist"):
        assert f'<a href="/admin/{kind}/">' in page
    assert page.count('<a href="/admin/applications/specialistapplication/">') == 2  # the menu, and the records


def test_signed_rules_are_shown_to_whoever_may_publish_them_and_not_to_who_signed(client, cohort):
    first, second = person(cohort.hub, Role.LEAD), person(cohort.hub, Role.LEAD)
    RuleSet.objects.update(status="signed", signed_by=first, signed_at=timezone.now(), signed_figures="x" * 12)

    def page(user):
        client.force_login(user)
        return client.get("/admin/").text

    words = "1 set of rules to sign and publish"
    assert words in page(second)
    assert words not in page(first)
    assert words not in page(person(cohort.hub, Role.ADMINISTRATOR))


def test_teachers_applications_are_counted_by_what_the_hub_has_to_do(client, cohort):
    teachers = cohort_of(cohort.hub)
    TeacherFactory.create_batch(2, cohort=teachers, status="eligible")
    TeacherFactory(cohort=teachers, status="withdrawn")
    TeacherFactory(status="eligible", cohort__hub=open_cohort().hub)
    client.force_login(person(cohort.hub, Role.ADMINISTRATOR))

    page = client.get("/admin/").text

    assert "Specialist Programme: 2 teachers to see to" in page
    assert "Shortlist, or decide" in page


def test_a_reader_finds_what_is_theirs_to_score_until_it_is_scored(client, cohort):
    reader = person(cohort.hub, Role.ADMINISTRATOR)
    reading = to_read(TeacherFactory(cohort=cohort_of(cohort.hub), status="shortlisted"), reader)
    client.force_login(reader)
    link = f"/admin/applications/specialistapplication/{reading.application_id}/read/"

    assert link in client.get("/admin/").text
    client.force_login(person(cohort.hub, Role.ADMINISTRATOR))
    assert link not in client.get("/admin/").text


def test_today_costs_the_same_for_one_and_three_teachers(client, cohort):
    teachers, reader = cohort_of(cohort.hub), person(cohort.hub, Role.LEAD)
    client.force_login(reader)
    counts = []
    for more in (1, 2):
        for application in TeacherFactory.create_batch(more, cohort=teachers, status="shortlisted"):
            to_read(application, reader)
        client.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_national_team_sees_every_kind_of_record(client, admin_client):
    page = admin_client.get("/admin/").text

    assert "/admin/programmes/ruleset/" in page
    assert "/admin/programmes/registerimport/" in page
