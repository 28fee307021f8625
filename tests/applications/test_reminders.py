"""The two reminders of an application, day by day as the people in England have them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from applications import actions, decisions, endorsements, reminders
from hubportal.accounts.models import PrivateLink
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from tests.factories import AT, EndorsementFactory, UserFactory

from .stages import accepted, at_once, checked, confirmed, fresh, rename

pytestmark = pytest.mark.django_db

TUESDAY = AT.date()


def nine_o_clock(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def live_through(first: date, last: date) -> list[date]:
    """Run the worker on every day, and return the days on which a reminder was queued."""
    days, day = [], first
    while day <= last:
        before = reminded().count()
        reminders.send_due(at=nine_o_clock(day))
        days += [day] * (reminded().count() - before)
        day += timedelta(days=1)
    return days


def reminded():
    return Message.objects.exclude(rule="").order_by("pk")


def test_a_head_is_reminded_three_times_a_week_apart_and_then_no_more():
    application = checked()

    days = live_through(TUESDAY, TUESDAY + timedelta(days=60))

    # due on Sunday 8 November, so on Monday the 9th; then weekly
    assert days == [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]
    key = f"head-not-confirmed:applications.endorsement:{application.endorsements.get().pk}"
    assert list(reminded().values_list("key", flat=True)) == [f"{key}:1", f"{key}:2", f"{key}:3"]
    about = (application.head_email, f"applications.application:{application.pk}")
    assert set(reminded().values_list("to", "related")) == {about}


def test_the_contact_is_reminded_of_the_names_three_times():
    application = accepted(nominees=(1,))

    days = live_through(TUESDAY, TUESDAY + timedelta(days=60))

    assert days == [date(2026, 11, 10), date(2026, 11, 17), date(2026, 11, 24)]
    assert set(reminded().values_list("template", "to")) == {("remind_names", application.contact_email)}


def test_nobody_is_reminded_at_weekends_or_over_christmas():
    checked(at=nine_o_clock(date(2026, 12, 19)))  # due on Thursday the 24th, then on Thursday the 31st

    assert live_through(date(2026, 12, 25), date(2026, 12, 28)) == []
    after = live_through(date(2026, 12, 29), date(2027, 1, 12))
    assert after == [date(2026, 12, 29), date(2027, 1, 5), date(2027, 1, 12)]


def test_after_an_outage_of_three_weeks_one_reminder_goes_out():
    checked()

    assert live_through(date(2026, 11, 30), date(2026, 12, 8)) == [date(2026, 11, 30), date(2026, 12, 7)]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 11, 8, 12, 0, tzinfo=UTC), 0),  # still Sunday
        (datetime(2026, 11, 9, 0, 0, tzinfo=UTC), 0),  # Monday, but night
        (datetime(2026, 11, 9, 7, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 9, 8, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 9, 17, 59, tzinfo=UTC), 1),
        (datetime(2026, 11, 9, 18, 0, tzinfo=UTC), 0),
    ],
)
def test_reminders_go_out_by_day_in_london_in_winter(at, due):
    checked()

    assert reminders.send_due(at=at) == due


def test_reminders_go_out_by_day_in_london_in_summer():
    checked(at=datetime(2027, 4, 6, 9, tzinfo=UTC), cohort__closes_on=date(2027, 6, 1))  # due on Sunday 11 April

    assert reminders.send_due(at=datetime(2027, 4, 12, 6, 59, tzinfo=UTC)) == 0
    assert reminders.send_due(at=datetime(2027, 4, 12, 7, 0, tzinfo=UTC)) == 1  # eight o'clock, in summer time


def test_nobody_hears_of_a_rule_before_its_first_day():
    checked(at=datetime(2026, 5, 4, 9, tzinfo=UTC))

    assert live_through(date(2026, 8, 25), date(2026, 9, 7)) == [date(2026, 9, 7)]  # counted from 1 September


def stops_confirmed(application):
    asked = application.endorsements.get()
    endorsements.confirm(asked, name="Jo", capacity="head", at=AT)


def stops_refused(application):
    endorsements.refuse(application.endorsements.get(), name="Jo", note="", at=AT)


def stops_withdrawn(application):
    actions.withdraw(application, by="School", at=AT)


def stops_declined(application):
    decisions.decline(application, reason="Full.", by=UserFactory(), at=AT)


@pytest.mark.parametrize("stop", [stops_confirmed, stops_refused, stops_withdrawn, stops_declined])
def test_the_reminders_stop_when_it_is_done_or_over(stop):
    application = checked()
    assert live_through(TUESDAY, date(2026, 11, 9)) == [date(2026, 11, 9)]

    stop(fresh(application))

    assert live_through(date(2026, 11, 10), date(2027, 1, 31)) == []


@pytest.mark.parametrize(
    "stop", [lambda one: rename(one, "hod", "teacher"), stops_withdrawn, lambda one: rename(one, "slt", "teacher")]
)
def test_the_reminders_of_the_names_stop_when_both_are_given(stop):
    application = accepted(nominees=())

    stop(application)

    assert live_through(TUESDAY, date(2027, 1, 31)) == []


def test_a_head_who_was_asked_instead_is_counted_afresh():
    application = checked()
    live_through(TUESDAY, date(2026, 11, 23))

    actions.correct_head(application, name="Al Roy", email="al@school.example", at=nine_o_clock(date(2026, 11, 24)))

    assert live_through(date(2026, 11, 24), date(2026, 12, 31)) == [
        date(2026, 11, 30),
        date(2026, 12, 7),
        date(2026, 12, 14),
    ]
    assert set(reminded().filter(pk__gt=reminded()[2].pk).values_list("to", flat=True)) == {"al@school.example"}


def test_a_school_that_waits_for_its_first_check_or_has_its_offer_is_not_reminded():
    confirmed()
    EndorsementFactory(application__status="ineligible")

    assert live_through(TUESDAY, date(2026, 12, 31)) == []


def test_a_reminder_is_not_sent_late_once_the_next_is_due():
    checked()
    at = nine_o_clock(date(2026, 11, 9))

    reminders.send_due(at=at)

    assert reminded().get().expires_at == at + timedelta(days=7)


def test_the_reminder_gives_the_date_that_was_stored_and_a_link_that_works(client):
    checked()
    reminders.send_due(at=nine_o_clock(date(2026, 11, 9)))

    text = reminded().get().text
    assert "The date we gave was Friday 13 November 2026." in text
    assert "[[private link " in text


def test_a_second_run_on_the_same_day_queues_nothing_and_makes_no_link():
    checked()
    at = nine_o_clock(date(2026, 11, 9))
    assert reminders.send_due(at=at) == 1
    before = PrivateLink.objects.count()

    assert reminders.send_due(at=at + timedelta(hours=3)) == 0
    assert (reminded().count(), PrivateLink.objects.count()) == (1, before)


def test_what_is_due_costs_the_same_number_of_queries_for_one_and_for_three(django_assert_num_queries):
    monday = date(2026, 11, 10)
    checked()
    accepted(nominees=())
    with django_assert_num_queries(5):
        assert len(list(reminders.due(today=monday))) == 2
    for _ in range(2):
        checked()
        accepted(nominees=())
    with django_assert_num_queries(5):
        assert len(list(reminders.due(today=monday))) == 6


@pytest.fixture
def asked_long_ago():
    """Return an application whose head has waited for a reminder by the clock that the command reads."""
    application = checked(at=datetime(2026, 9, 1, 9, tzinfo=UTC), submitted_at=datetime(2026, 9, 1, 8, tzinfo=UTC))
    return application


def test_the_dry_run_says_what_would_be_sent_and_writes_nothing(asked_long_ago, monkeypatch, capsys):
    monkeypatch.setattr("django.utils.timezone.now", lambda: nine_o_clock(date(2026, 11, 9)))
    before = (Message.objects.count(), Event.objects.count(), PrivateLink.objects.count())

    call_command("send_reminders", "--dry-run")

    said = capsys.readouterr().out
    assert f"head-not-confirmed, number 1: {asked_long_ago.head_email}" in said
    assert "1 reminders would be queued." in said
    assert (Message.objects.count(), Event.objects.count(), PrivateLink.objects.count()) == before
    call_command("send_reminders")
    assert "1 reminders queued." in capsys.readouterr().out
    assert reminded().count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_beats_at_once_queue_one_reminder():
    checked()
    at = nine_o_clock(date(2026, 11, 9))

    at_once(*[lambda: reminders.send_due(at=at)] * 4)

    assert reminded().count() == 1


def test_one_reminder_that_cannot_be_queued_does_not_stop_the_others(caplog):
    broken, well = checked(), checked()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE messaging_message ADD CONSTRAINT not_this_one "
            f"CHECK (rule = '' OR related <> 'applications.application:{broken.pk}') NOT VALID"
        )

    assert reminders.send_due(at=nine_o_clock(date(2026, 11, 9))) == 1

    assert reminded().get().related == f"applications.application:{well.pk}"
    assert "could not be queued" in caplog.text


@pytest.mark.parametrize(
    "stop",
    [
        stops_confirmed,
        stops_refused,
        stops_withdrawn,
        stops_declined,
        lambda one: actions.correct_head(one, name="Al Roy", email="al@school.example", at=AT),
    ],
)
def test_a_reminder_that_still_waits_for_the_mail_server_is_stopped_when_it_is_done_or_over(stop):
    application, other = checked(), checked()
    reminders.send_due(at=nine_o_clock(date(2026, 11, 9)))

    stop(fresh(application))

    found = {message.related: message.status for message in reminded()}
    assert found == {
        f"applications.application:{application.pk}": "dropped",
        f"applications.application:{other.pk}": "queued",
    }


@pytest.mark.parametrize(("roles", "status"), [(("hod",), "queued"), (("hod", "teacher"), "dropped")])
def test_a_waiting_reminder_of_the_names_is_stopped_when_both_are_given(roles, status):
    application = accepted(nominees=())
    reminders.send_due(at=nine_o_clock(date(2026, 11, 10)))

    rename(application, *roles)

    assert reminded().get().status == status


def test_what_was_done_since_it_was_found_due_is_not_reminded_of():
    application = checked()
    found = list(reminders.due(today=date(2026, 11, 9)))
    stops_confirmed(application)

    assert [reminders._send(reminder, at=nine_o_clock(date(2026, 11, 9))) for reminder in found] == [False]
    assert not reminded().exists()
