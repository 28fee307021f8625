"""Who asked to hear when applications open is told once, when its hub's window opens, also after an outage."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import actions, interests
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from programmes.models import Cohort
from tests.applications.staff import person
from tests.factories import CohortFactory, HubFactory, ProjectFactory

pytestmark = pytest.mark.django_db

OPENS = datetime(2027, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
def cohort():
    return CohortFactory(opens_on=OPENS.date(), closes_on=OPENS.date() + timedelta(20))


def ask(cohort, **changes):
    values = {"hub": cohort.hub, "school_name": "Harwich School", "name": "Zoë", "email": "zoe@school.example"}
    return actions.register_interest(cohort.project.programme, at=OPENS - timedelta(60), **(values | changes))


def told():
    return list(Message.objects.filter(template="window_open").order_by("pk").values_list("to", flat=True))


def test_who_waits_is_told_on_the_day_and_once_however_often_it_runs(cohort):
    interest = ask(cohort)
    assert interests.tell_due(at=OPENS - timedelta(1)) == 0

    assert [interests.tell_due(at=OPENS + timedelta(hours=n)) for n in range(3)] == [1, 0, 0]

    message = Message.objects.get(template="window_open")
    interest.refresh_from_db()
    assert (interest.told_at, interest.told_of) == (OPENS, cohort.project)
    assert message.key == f"window-open:{interest.pk}:{cohort.project_id}"
    assert f"{cohort.project.programme.slug}/?year=2026" in message.text
    assert "until Sunday 21 March 2027" in message.text and cohort.hub.contact_email in message.text


def test_after_an_outage_of_days_the_same_people_are_told_while_the_window_is_open(cohort):
    ask(cohort)
    assert interests.tell_due(at=OPENS + timedelta(19)) == 1
    assert interests.tell_due(at=OPENS + timedelta(20)) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"opens_on": OPENS.date() + timedelta(1)},
        {"closes_on": OPENS.date() - timedelta(1), "opens_on": OPENS.date() - timedelta(2)},
        {"opens_on": None, "closes_on": None, "opens_about": "the end of March"},
        {"is_full": True},
    ],
)
def test_nobody_is_told_of_a_window_that_is_not_open(cohort, change):
    ask(cohort)
    Cohort.objects.update(**change)
    assert interests.tell_due(at=OPENS) == 0


def test_nobody_is_told_of_a_programme_that_is_not_published(cohort):
    ask(cohort)
    type(cohort.project).objects.update(published_at=None)
    assert interests.tell_due(at=OPENS) == 0


@pytest.mark.parametrize("hour", [3, 7, 18, 23])
def test_nobody_hears_from_us_at_night(cohort, hour):
    ask(cohort)
    assert interests.tell_due(at=OPENS.replace(hour=hour)) == 0


def test_the_window_of_another_hub_or_programme_tells_nobody(cohort):
    ask(cohort, hub=HubFactory())
    assert interests.tell_due(at=OPENS) == 0


def test_the_same_school_asks_twice_and_hears_once_and_of_the_next_year_when_it_asks_again(cohort):
    assert ask(cohort) == ask(cohort, school_name="HARWICH school", email="Zoe@School.example")
    interests.tell_due(at=OPENS)
    interest = ask(cohort)
    assert interests.tell_due(at=OPENS + timedelta(1)) == 1  # the same window: its row is settled, no second e-mail
    assert told() == ["zoe@school.example"]

    next_year = ProjectFactory(programme=cohort.project.programme, year=2027)
    opens = OPENS + timedelta(365)
    CohortFactory(hub=cohort.hub, project=next_year, opens_on=opens.date(), closes_on=opens.date())
    assert interests.tell_due(at=opens) == 0
    ask(cohort)
    assert interests.tell_due(at=opens) == 1
    interest.refresh_from_db()
    assert interest.told_of == next_year and len(told()) == 2


def test_the_list_is_the_hubs_own_and_its_table_is_safe_to_open(client, cohort):
    user = person(cohort.hub)
    ask(cohort, school_name='=HYPERLINK("http://x.example")', name="+44", email="a@school.example")
    ask(cohort, school_name=" @SUM(A1)", email="b@school.example")
    there = CohortFactory(project=cohort.project)
    ask(there, school_name="Hidden School", email="c@school.example")
    client.force_login(user)

    answer = client.post(reverse("admin:applications_interest_csv"))

    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    assert "'=HYPERLINK" in answer.text and ",'+44," in answer.text and "' @SUM" in answer.text
    assert "Hidden School" not in answer.text
    assert Event.objects.get(kind="interests copied").by == user


def test_the_table_holds_what_the_list_is_filtered_to(client, cohort):
    ask(cohort, school_name="Told School", email="a@school.example")
    interests.tell_due(at=OPENS)
    ask(cohort, school_name="Waiting School", email="b@school.example")
    client.force_login(person(cohort.hub))

    page = client.get(reverse("admin:applications_interest_changelist") + "?told=no").text
    assert "Waiting School" in page and "Told School" not in page and "csv/?told=no" in page
    table = client.post(reverse("admin:applications_interest_csv") + "?told=no").text
    assert "Waiting School" in table and "Told School" not in table


def test_the_table_costs_the_same_for_one_school_and_three(client, cohort):
    client.force_login(person(cohort.hub))
    counts = []
    for emails in (["a@x.example"], ["b@x.example", "c@x.example"]):
        for email in emails:
            ask(cohort, email=email)
        client.post(reverse("admin:applications_interest_csv"))
        with CaptureQueriesContext(connection) as queries:
            client.post(reverse("admin:applications_interest_csv"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_unpublished_programme_of_a_hub_takes_no_interest(client, cohort):
    programme = cohort.project.programme
    type(programme).objects.update(hub=cohort.hub)
    type(cohort.project).objects.update(published_at=None)
    assert client.get(reverse("applications:interest", args=[programme.slug])).status_code == 404
