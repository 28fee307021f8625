"""The outbox in the admin."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hubportal.accounts import links
from hubportal.accounts.roles import Role
from hubportal.messaging import mailserver
from hubportal.messaging.models import Message
from hubportal.messaging.states import Status
from tests.factories import HubFactory, HubMembershipFactory, UserFactory

from .rows import AT, MessageFactory, statuses

pytestmark = pytest.mark.django_db
LIST = reverse("admin:messaging_message_changelist")


def page(message):
    return reverse("admin:messaging_message_change", args=[message.pk])


def button(message, verb):
    return reverse("admin:messaging_message_do", args=[message.pk, verb])


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def staff(client, hub):
    membership = HubMembershipFactory(hub=hub, role=Role.ADMINISTRATOR)
    client.force_login(membership.user)
    return membership.user


def test_the_list_costs_the_same_number_of_queries_for_one_row_and_for_three(client, staff, hub):
    counts = []
    MessageFactory(hub=hub)
    for _ in range(2):
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
        MessageFactory.create_batch(2, hub=hub)
    assert counts[0] == counts[1] <= 12


def test_the_list_finds_by_address_subject_and_key_and_filters(client, staff, hub):
    wanted = MessageFactory(
        hub=hub, to="needle@school.example", subject="Thimble", key="odd:1", rule="head", status=Status.FAILED
    )
    MessageFactory(hub=hub, template="checked")
    queries = ["q=needle", "q=thimble", "q=odd:1", "status__exact=failed", "rule=head", f"hub={hub.pk}&q=needle"]
    for query in [*queries, "template=ask_head"]:
        found = client.get(f"{LIST}?{query}").context["cl"].result_list
        assert list(found) == [wanted], query


@pytest.mark.parametrize("query", ["hub=x", "hub=%00", "status__exact=nonsense", "template=%00", "p=99999"])
def test_nonsense_in_the_address_of_the_list_is_no_error_of_ours(client, staff, query):
    assert client.get(f"{LIST}?{query}", follow=True).status_code in {200, 400}


def test_another_hubs_message_is_not_there(client, staff, hub):
    foreign = MessageFactory(hub=HubFactory(), status=Status.HELD)
    without_hub = MessageFactory(hub=None)
    assert list(client.get(LIST).context["cl"].result_list) == []
    for message in (foreign, without_hub):
        assert client.get(page(message)).status_code == 404
        assert client.post(button(message, "release")).status_code == 404
    assert client.get(reverse("admin:messaging_message_change", args=[999_999])).status_code == 404
    assert statuses() == {"held": 1, "queued": 1}


def test_the_page_shows_the_exact_text_without_secrets_and_why_and_the_result(client, staff, hub):
    link = links.make("admin:messaging_message_history", "x:1", at=AT, lives=timedelta(days=7))
    message = MessageFactory(hub=hub, text=f"Dear <b>Jo</b>,\n  open {links.mark(link)}\n", result="550 No such person")
    shown = client.get(page(message)).content.decode()
    assert "Dear &lt;b&gt;Jo&lt;/b&gt;,\n  open [a private link]\n" in shown
    assert str(link.pk) not in shown
    assert links.address(link) not in shown
    assert "A test asked for it." in shown
    assert "550 No such person" in shown
    assert 'name="_save"' not in shown


def test_nothing_can_be_added_changed_or_deleted(client, staff, hub):
    message = MessageFactory(hub=hub)
    assert client.get(reverse("admin:messaging_message_add")).status_code == 403
    assert client.post(page(message), {"to": "me@evil.example"}).status_code == 403
    assert client.post(reverse("admin:messaging_message_delete", args=[message.pk])).status_code == 403
    assert Message.objects.get().to == message.to


@pytest.mark.parametrize(
    ("status", "verb", "then"),
    [
        (Status.HELD, "release", {"queued": 1}),
        (Status.HELD, "drop", {"dropped": 1}),
        (Status.QUEUED, "drop", {"dropped": 1}),
        (Status.SENT, "send-again", {"sent": 1, "queued": 1}),
        (Status.UNKNOWN, "mark-arrived", {"delivered": 1}),
    ],
)
def test_each_button_is_offered_does_its_work_and_is_noted(client, staff, hub, status, verb, then):
    message = MessageFactory(hub=hub, status=status)
    assert button(message, verb) in client.get(page(message)).content.decode()
    assert client.get(button(message, verb)).status_code == 405
    client.post(button(message, verb))
    again = client.post(button(message, verb), follow=True)
    assert again.status_code == 200
    assert statuses() == then
    assert str(staff) in client.get(page(message)).content.decode().partition("What staff did")[2]


def test_a_message_that_was_sent_again_offers_its_repeat_instead_of_a_button(client, staff, hub):
    message = MessageFactory(hub=hub, status=Status.SENT)
    client.post(button(message, "send-again"))
    shown = client.get(page(message)).content.decode()
    assert button(message, "send-again") not in shown
    assert page(Message.objects.get(repeats=message)) in shown


def test_an_unknown_verb_is_not_there(client, staff, hub):
    assert client.post(button(MessageFactory(hub=hub), "explode")).status_code == 404


@pytest.mark.parametrize("role", [Role.FINANCE, None])
def test_who_may_only_read_sees_no_button_and_can_press_none(client, hub, role):
    person = UserFactory(is_national=role is None)
    if role:
        HubMembershipFactory(user=person, hub=hub, role=role)
    client.force_login(person)
    message = MessageFactory(hub=hub, status=Status.HELD)
    assert button(message, "release") not in client.get(page(message)).content.decode()
    assert client.post(button(message, "release")).status_code == 403
    verb_for_all = reverse("admin:messaging_message_do_all", args=["release"])
    assert client.post(verb_for_all, {"pk": message.pk}).status_code == 403
    assert statuses() == {"held": 1}


def test_somebody_who_is_not_staff_never_sees_the_outbox(client):
    message = MessageFactory()
    assert client.get(LIST).status_code in {302, 404}
    client.force_login(UserFactory())
    assert client.get(LIST).status_code in {302, 403, 404}
    assert client.post(button(message, "drop")).status_code in {302, 403, 404}
    assert statuses() == {"queued": 1}


# Many at once


def choose(client, action, *messages, **more):
    return client.post(LIST, {"action": action, "_selected_action": [message.pk for message in messages], **more})


def test_every_recipient_is_shown_before_anything_happens(client, staff, hub):
    held = MessageFactory.create_batch(3, hub=hub, status=Status.HELD)
    sent = MessageFactory(hub=hub, status=Status.SENT)
    shown = choose(client, "release_chosen", *held, sent).content.decode()
    assert all(message.to in shown for message in held)
    assert sent.to not in shown
    assert statuses() == {"held": 3, "sent": 1}

    verb = reverse("admin:messaging_message_do_all", args=["release"])
    client.post(verb, {"pk": [message.pk for message in held[:2]]})
    assert statuses() == {"queued": 2, "held": 1, "sent": 1}


@pytest.mark.parametrize("action", ["release_chosen", "drop_chosen"])
def test_choosing_nobody_means_nobody(client, staff, hub, action):
    MessageFactory(hub=hub, status=Status.HELD)
    choose(client, action)
    choose(client, action, select_across="0")
    for verb in ("release", "drop"):
        client.post(reverse("admin:messaging_message_do_all", args=[verb]), {"pk": []})
        client.post(reverse("admin:messaging_message_do_all", args=[verb]))
    assert statuses() == {"held": 1}


def test_one_foreign_message_among_many_and_nothing_is_done(client, staff, hub):
    own, foreign = MessageFactory(hub=hub, status=Status.HELD), MessageFactory(hub=HubFactory(), status=Status.HELD)
    verb = reverse("admin:messaging_message_do_all", args=["release"])
    assert client.post(verb, {"pk": [own.pk, foreign.pk]}).status_code == 404
    assert client.post(verb, {"pk": [own.pk, 999_999]}).status_code == 404
    assert client.get(verb).status_code == 405
    assert foreign.to not in choose(client, "release_chosen", own, foreign).content.decode()
    assert statuses() == {"held": 2}


def test_a_mail_server_that_is_down_is_shown_above_the_list(client, staff):
    mailserver.went_down(0, "ConnectionRefusedError")
    assert "The mail server does not answer" in client.get(LIST).content.decode()
    mailserver.answered(1)
    assert "The mail server does not answer" not in client.get(LIST).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_button_works_and_answers_at_once_while_the_broker_says_nothing(client, staff, hub, settings, black_hole):
    message = MessageFactory(hub=hub, status=Status.HELD)
    client.get(LIST)
    settings.REDIS_URL = f"redis://127.0.0.1:{black_hole}/0"
    start = time.monotonic()
    assert client.post(button(message, "release")).status_code == 302
    assert time.monotonic() - start < 1
    assert statuses() == {"queued": 1}


def test_the_counts_beside_the_filters_can_be_shown(client, staff):
    client.force_login(staff)

    assert client.get(LIST, {"_facets": "True"}).status_code == 200
