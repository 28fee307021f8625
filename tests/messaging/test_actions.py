"""What staff do with messages."""

import pytest

from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.models import Event
from hubportal.messaging import actions, delivery
from hubportal.messaging.models import Message
from hubportal.messaging.states import REPEATABLE, Status
from tests.factories import HubFactory, UserFactory

from .rows import AT, MessageFactory, statuses

pytestmark = pytest.mark.django_db


def events(message):
    return list(Event.objects.about(subject_of(message)).values_list("kind", "new"))


def test_a_released_message_is_sent_and_the_timeline_says_who_did_it(mailoutbox):
    message, person = MessageFactory(status=Status.HELD), UserFactory()
    actions.release(message, by=person, at=AT)
    delivery.deliver_due(AT)
    assert statuses() == {"sent": 1}
    assert events(message) == [("status", "queued")]
    assert Event.objects.get().by == person


def test_of_two_people_who_release_and_drop_one_wins():
    message, person = MessageFactory(status=Status.HELD), UserFactory()
    same_page = Message.objects.get()
    actions.drop(message, by=person, at=AT)
    with pytest.raises(IllegalMove, match="Somebody else"):
        actions.release(same_page, by=person, at=AT)
    assert statuses() == {"dropped": 1}
    assert Message.objects.get().result == f"Stopped by {person}."


@pytest.mark.parametrize("status", [Status.SENT, Status.UNKNOWN, Status.FAILED, Status.DROPPED])
def test_what_has_gone_out_cannot_be_released_or_dropped(status):
    message = MessageFactory(status=status)
    for action in (actions.release, actions.drop):
        with pytest.raises(IllegalMove, match="cannot become"):
            action(message, by=UserFactory(), at=AT)
    assert statuses() == {status: 1}


def test_what_a_worker_has_in_hand_cannot_be_dropped():
    message = MessageFactory(status="sending", owner="w", lease_until="2100-01-01T00:00Z")
    with pytest.raises(IllegalMove):
        actions.drop(message, by=UserFactory(), at=AT)


@pytest.mark.parametrize("status", REPEATABLE)
def test_sending_again_makes_a_new_message_with_the_same_text(status, mailoutbox):
    message = MessageFactory(key="ask:7", hub=HubFactory(), status=status, related="x:1", rule="r", result="before")
    repeat = actions.send_again(message, by=UserFactory(name="Amina"), at=AT)
    delivery.deliver_due(AT)

    message.refresh_from_db()
    repeat.refresh_from_db()
    assert (message.status, message.result) == (status, "before")
    assert (repeat.key, repeat.repeats, repeat.status) == ("ask:7:again:1", message, Status.SENT)
    for name in ("to", "subject", "text", "hub", "template", "related", "rule"):
        assert getattr(repeat, name) == getattr(message, name)
    assert repeat.reason == "Sent again by Amina: A test asked for it."
    assert events(message) == [("sent_again", "")]
    assert len(mailoutbox) == 1


def test_sending_again_twice_makes_one(mailoutbox):
    message, person = MessageFactory(status=Status.UNKNOWN), UserFactory()
    first = actions.send_again(message, by=person, at=AT)
    delivery.deliver_due(AT)
    assert actions.send_again(message, by=person, at=AT) == first
    assert len(mailoutbox) == 1
    assert events(message) == [("sent_again", "")]


def test_a_repeat_can_be_repeated_in_its_turn():
    message = MessageFactory(key="ask:7", status=Status.FAILED)
    repeat = actions.send_again(message, by=UserFactory(), at=AT)
    Message.objects.filter(pk=repeat.pk).update(status=Status.FAILED)
    repeat.refresh_from_db()
    assert actions.send_again(repeat, by=UserFactory(), at=AT).key == "ask:7:again:2"


@pytest.mark.parametrize("status", [Status.HELD, Status.QUEUED, Status.DROPPED])
def test_what_has_not_come_to_an_end_is_not_sent_again(status):
    message = MessageFactory(status=status)
    with pytest.raises(IllegalMove, match="cannot be sent again"):
        actions.send_again(message, by=UserFactory(), at=AT)
    assert Message.objects.count() == 1


def test_an_unclear_message_is_settled_by_a_person():
    message = MessageFactory(status=Status.UNKNOWN)
    actions.mark_arrived(message, by=UserFactory(), at=AT)
    assert statuses() == {"delivered": 1}
    with pytest.raises(IllegalMove):
        actions.mark_arrived(message, by=UserFactory(), at=AT)


def test_doing_it_to_all_tells_what_could_not_be_done():
    held, sent = MessageFactory(status=Status.HELD), MessageFactory(status=Status.SENT, to="gone@school.example")
    done, problems = actions.do_to_all("release", [held, sent], by=UserFactory(), at=AT)
    assert done == 1
    assert problems == ["gone@school.example: “Sent” cannot become “Waiting to be sent”."]


def test_doing_it_to_nobody_does_nothing():
    MessageFactory(status=Status.HELD)
    assert actions.do_to_all("release", [], by=UserFactory(), at=AT) == (0, [])
    assert statuses() == {"held": 1}


def test_events_about_messages_hold_no_address():
    held, sent = MessageFactory(status=Status.HELD), MessageFactory(status=Status.SENT)
    actions.release(held, by=UserFactory(), at=AT)
    repeat = actions.send_again(sent, by=UserFactory(), at=AT)

    assert [event.note for event in Event.objects.all()] == ["Released", f"As message {repeat.pk}"]
