"""Servers that are down, as a school and the hub's staff see it: nothing is lost, and what is said is so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import checks
from applications.models import Application
from hubportal.messaging import delivery, wakeup
from hubportal.messaging.models import MailServer
from tests.applications.staff import open_cohort, person
from tests.messaging.conftest import any_free_port, sink  # noqa: F401

from .people import cookies_of, press, schools_link
from .test_states import draft_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def no_broker(settings):
    wakeup.breaker.reset()
    settings.REDIS_URL = f"redis://127.0.0.1:{any_free_port()}/0"
    yield
    wakeup.breaker.reset()


def test_broker_mail_server_and_worker_are_down_and_come_back(looker, no_broker, sink):  # noqa: F811
    cohort = open_cohort(hub__name="Estuary Maths Hub")
    sink.stop()
    school = looker.window(js=False, width=320)
    draft = draft_of(school, cohort)
    press(school, "Go on")
    school.goto(f"/apply/{draft.uid}/check/")
    press(school, "Send the expression of interest")
    school.get_by_role("heading", level=1, name="Expression of interest sent").wait_for()
    looker.look(school, "faults-done")
    assert "is on its way to" in school.get_by_role("main").inner_text()
    application = Application.objects.get()
    school.goto(schools_link(application))
    looker.look(school, "faults-manage")
    assert application.reference in school.get_by_role("main").inner_text()

    delivery.deliver_due(timezone.now())  # a worker that finds no mail server
    staff = looker.window(cookies=cookies_of(person(cohort.hub)))
    staff.goto("/admin/messaging/message/")
    looker.look(staff, "faults-outbox")
    staff.get_by_text("The mail server does not answer, so mail is waiting. Nothing is lost").wait_for()
    staff.get_by_role("cell", name="Waiting to be sent").first.wait_for()
    assert sink.received == []

    sink.start()
    MailServer.objects.update(paused_until=timezone.now() - timedelta(seconds=1))
    checks.check_due(at=timezone.now())
    delivery.deliver_due(timezone.now())
    staff.reload()
    assert staff.get_by_text("The mail server does not answer").count() == 0
    assert staff.get_by_role("cell", name="Waiting to be sent").count() == 0
    assert len(sink.to(application.contact_email)) == 2
    assert len(sink.to(application.head_email)) == 1
    school.reload()
    assert application.head_name in school.get_by_role("main").inner_text()
