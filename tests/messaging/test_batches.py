"""Mail to many: held until somebody has seen who gets it, then released or dropped as one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hubportal.accounts import links
from hubportal.accounts.roles import Role
from hubportal.history.models import Event
from hubportal.messaging import actions, delivery
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue
from hubportal.messaging.states import Status
from tests.factories import HubFactory, HubMembershipFactory, UserFactory

from .rows import AT, MessageFactory, statuses

pytestmark = pytest.mark.django_db
LIST = reverse("admin:messaging_message_changelist")
PAGE = reverse("admin:messaging_message_batch")
NAME = "Rollover 2026/27 & more"


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def staff(client, hub):
    membership = HubMembershipFactory(hub=hub, role=Role.ADMINISTRATOR)
    client.force_login(membership.user)
    return membership.user


def many(hub, number, **values):
    return MessageFactory.create_batch(number, hub=hub, status=Status.HELD, batch=NAME, **values)


def do_all(verb):
    return reverse("admin:messaging_message_do_all", args=[verb])


def test_what_is_queued_as_a_batch_is_held_until_a_person_releases_it(hub, mailoutbox):
    message = queue(
        "account/sign_in_code", to="jo@school.example", key="x", reason="x", context={"code": "x"}, at=AT, batch=NAME
    )
    delivery.deliver_due(AT)
    assert (message.status, message.batch, mailoutbox) == (Status.HELD, NAME, [])

    actions.do_to_all("release", [message], by=UserFactory(), at=AT)
    delivery.deliver_due(AT)
    assert [email.to for email in mailoutbox] == [["jo@school.example"]]


def test_one_page_shows_everybody_and_a_letter_and_its_buttons_do_all(client, staff, hub):
    link = links.make("admin:messaging_message_history", "x:1", at=AT, lives=timedelta(days=7))
    held = many(hub, 3, text=f"Dear colleague, open {links.mark(link)}")
    other = MessageFactory(hub=hub, status=Status.HELD, batch="Another")
    assert f"{PAGE}?name=Rollover%202026/27%20%26%20more" in client.get(LIST).content.decode()

    shown = client.get(PAGE, {"name": NAME}).content.decode()
    assert all(message.to in shown for message in held)
    assert "Dear colleague, open [a private link]" in shown
    assert other.to not in shown
    assert statuses() == {"held": 4}
    assert do_all("release") in shown
    assert do_all("drop") in shown

    client.post(do_all("release"), {"pk": [message.pk for message in held]})
    assert statuses() == {"queued": 3, "held": 1}
    assert NAME not in client.get(LIST).content.decode().replace("&amp;", "&")
    assert client.get(PAGE, {"name": NAME}, follow=True).redirect_chain == [(LIST, 302)]


def test_a_page_shows_what_belongs_to_the_reader_and_buttons_to_who_may_send(client, staff, hub):
    own, foreign = many(hub, 1)[0], many(HubFactory(), 1)[0]
    shown = client.get(PAGE, {"name": NAME}).content.decode()
    assert own.to in shown
    assert foreign.to not in shown

    client.force_login(HubMembershipFactory(hub=hub, role=Role.FINANCE).user)
    shown = client.get(PAGE, {"name": NAME}).content.decode()
    assert own.to in shown
    assert do_all("release") not in shown


@pytest.mark.parametrize("name", ["", "nonsense"])
def test_a_batch_that_is_none_is_said_to_be_over(client, staff, hub, name):
    MessageFactory(hub=hub, status=Status.HELD)
    assert client.get(PAGE, {"name": name}).url == LIST


@pytest.mark.parametrize("verb", ["release", "drop"])
def test_two_hundred_cost_as_many_queries_as_two(client, staff, hub, verb):
    counts = []
    for number in (2, 200):
        held = many(hub, number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, {"name": NAME}).status_code == 200
            assert client.post(do_all(verb), {"pk": [message.pk for message in held]}).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30
    assert Event.objects.filter(kind="status", old="held", by=staff).count() == 202
    assert set(Message.objects.values_list("status", flat=True)) == {"queued" if verb == "release" else "dropped"}


def test_more_than_can_be_shown_is_done_in_parts(client, staff, hub, monkeypatch):
    monkeypatch.setattr("hubportal.messaging.admin.MOST_AT_ONCE", 2)
    many(hub, 3)
    page = client.get(PAGE, {"name": NAME})
    assert len(page.context["chosen"]) == 2
    assert "These are the first 2." in page.content.decode()
