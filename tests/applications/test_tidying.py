"""What tidying removes, and what it leaves alone."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import emails, tidying
from applications.models import Application, Nominee
from applications.tasks import tidy
from hubportal import celeryconfig
from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from tests.factories import AT, ApplicationFactory, DraftFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_drafts_that_were_never_sent_go_after_ninety_days_with_their_nominees():
    old, young = DraftFactory(created_at=AT - 91 * DAY), DraftFactory(created_at=AT - 89 * DAY)
    sent = ApplicationFactory(created_at=AT - 400 * DAY)
    tidying.tidy(at=AT)
    tidying.tidy(at=AT)

    assert set(Application.objects.all()) == {young, sent}
    assert not Nominee.objects.filter(application=old.pk).exists()
    assert Nominee.objects.count() == 4


def test_a_draft_stays_while_its_link_still_opens_it():
    draft = DraftFactory(created_at=AT - 120 * DAY)
    link = links.make(emails.CONTINUE_LINK, f"applications.application:{draft.pk}", at=AT - 50 * DAY, lives=60 * DAY)
    tidying.tidy(at=AT)
    assert Application.objects.get() == draft

    tidying.tidy(at=link.expires_at + DAY)
    assert not Application.objects.exists()


def test_many_drafts_cost_no_more_than_one():
    counts = []
    for drafts in (1, 20):
        DraftFactory.create_batch(drafts, created_at=AT - 91 * DAY)
        with CaptureQueriesContext(connection) as queries:
            assert tidying.remove_drafts(at=AT) == drafts
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_links_go_a_year_after_they_have_run_out():
    gone, kept = (
        links.make("applications:manage", "applications.application:1", at=AT - days * DAY, lives=DAY)
        for days in (368, 365)
    )
    tidying.tidy(at=AT)
    assert list(PrivateLink.objects.all()) == [kept]
    assert gone != kept


def test_sessions_that_are_over_go_with_their_place_in_the_persons_list():
    now, user = timezone.now(), UserFactory()
    for key, until in (("over", now - DAY), ("open", now + DAY)):
        Session.objects.create(session_key=key, session_data="x", expire_date=until)
        UserSession.objects.create(
            user=user, session_key=key, ip="192.0.2.1", user_agent="x", last_seen_at=now - 2 * DAY
        )
    UserSession.objects.create(user=user, session_key="just begun", ip="192.0.2.1", user_agent="x")
    tidy()

    assert [session.pk for session in Session.objects.all()] == ["open"]
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"open", "just begun"}


def test_no_task_waits_for_a_minute_of_the_day_that_a_beat_can_miss():
    entries = celeryconfig.beat_schedule.values()
    assert tidy.name in {entry["task"] for entry in entries}
    assert all(isinstance(entry["schedule"], timedelta) and entry["schedule"] <= DAY / 24 for entry in entries)
