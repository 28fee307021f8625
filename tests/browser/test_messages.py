"""Mail to many, as the hub's staff see it before it goes out."""

import pytest

from hubportal.messaging.models import Message
from hubportal.messaging.states import Status
from tests.applications.staff import open_cohort, person
from tests.messaging.rows import MessageFactory

from .people import cookies_of, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "js"), [(1280, True), (320, False)])
def test_a_held_batch_is_looked_at_and_released_as_one(looker, width, js):
    hub = open_cohort().hub
    MessageFactory.create_batch(3, hub=hub, status=Status.HELD, batch="Rollover 2026/27")
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))
    staff.goto("/admin/messaging/message/")
    press(staff, "Rollover 2026/27")
    looker.look(staff, "batch")
    assert "this is the text." in staff.get_by_role("main").inner_text()
    press(staff, "Release and send")
    staff.get_by_text("3 messages: done.").wait_for()
    assert set(Message.objects.values_list("status", flat=True)) == {"queued"}
