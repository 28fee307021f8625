"""Events, and moves that happen once."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string

from hubportal.history.actions import IllegalMove, change_status, note_event, subject_of
from hubportal.history.models import Event
from hubportal.history.timeline import timeline
from hubportal.messaging.models import Message
from hubportal.messaging.states import MOVES, Status
from tests.conftest import NEVER_EMPTIED
from tests.factories import HubFactory, UserFactory
from tests.messaging.rows import AT, MessageFactory


def move(message, new, by="Portal", **values):
    change_status(message, new, moves=MOVES, by=by, at=AT, **values)


@pytest.fixture
def event():
    return note_event(MessageFactory(), "note", by="School", at=AT, note="first")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda event: Event.objects.update(note="changed"),
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.all().delete(),
        lambda event: connection.cursor().execute("UPDATE history_event SET actor = 'Nobody'"),
        lambda event: connection.cursor().execute("DELETE FROM history_event"),
    ],
)
def test_the_database_refuses_to_change_or_delete_an_event(event, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(event)
    assert Event.objects.get().note == "first"


@pytest.mark.django_db
@pytest.mark.parametrize("table", [*sorted(NEVER_EMPTIED), "accounts_user"])
def test_the_database_refuses_to_empty_what_is_kept_and_what_it_hangs_from(event, table):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
    assert Event.objects.get() == event


@pytest.mark.django_db
def test_an_event_has_somebody_who_did_it():
    with pytest.raises(DatabaseError, match="event_has_somebody"), transaction.atomic():
        note_event(MessageFactory(), "note", by="", at=AT)


@pytest.mark.django_db
def test_a_move_changes_the_record_with_its_values_and_writes_who_did_it():
    message, person = MessageFactory(hub=HubFactory()), UserFactory()
    move(message, Status.DROPPED, by=person, note="Wrong school", result="Stopped.")
    saved = Message.objects.get()
    assert (message.status, message.result) == (saved.status, saved.result) == (Status.DROPPED, "Stopped.")
    assert Event.objects.values("subject", "hub", "kind", "old", "new", "by", "actor", "at", "note").get() == {
        "subject": subject_of(message),
        "hub": message.hub_id,
        "kind": "status",
        "old": "queued",
        "new": "dropped",
        "by": person.pk,
        "actor": "",
        "at": AT,
        "note": "Wrong school",
    }


@pytest.mark.django_db
def test_an_illegal_move_says_in_words_what_cannot_become_what_and_changes_nothing():
    message = MessageFactory(status=Status.DROPPED)
    with pytest.raises(IllegalMove, match="“Not sent: stopped, or no longer of use” cannot become “Sent”"):
        move(message, Status.SENT)
    assert Message.objects.get().status == Status.DROPPED
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_second_of_two_people_on_the_same_page_is_told_so_and_changes_nothing():
    message = MessageFactory()
    same_page = Message.objects.get()
    move(message, Status.DROPPED)
    with pytest.raises(IllegalMove, match="Somebody else has just changed this"):
        move(same_page, Status.HELD)
    assert Message.objects.get().status == Status.DROPPED
    assert Event.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_eight_connections_that_move_one_record_at_once_one_wins():
    message = MessageFactory()
    pages = [Message.objects.get() for _ in range(8)]
    start, lost = threading.Barrier(8), []

    def one(page):
        start.wait()
        try:
            move(page, Status.DROPPED)
        except IllegalMove:
            lost.append(page)
        connection.close()

    threads = [threading.Thread(target=one, args=[page]) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 7
    assert timeline(subject_of(message)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_move_that_waits_for_a_slower_one_loses_when_that_one_is_saved():
    """The first has moved the record and not yet committed; the second must not overwrite it."""
    MessageFactory()
    first, second = Message.objects.get(), Message.objects.get()
    outcome = []

    def other():
        try:
            move(second, Status.HELD)
            outcome.append("moved")
        except IllegalMove:
            outcome.append("refused")
        connection.close()

    with transaction.atomic():
        move(first, Status.DROPPED)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.3)
        assert not outcome, "it waits"
    thread.join()
    assert outcome == ["refused"]
    assert Message.objects.get().status == Status.DROPPED


@pytest.mark.django_db
def test_the_timeline_says_who_what_and_when_in_words_and_london_time(django_assert_num_queries):
    message, person = MessageFactory(), UserFactory(name="Amina Okafor")
    move(message, Status.DROPPED, by=person, note="<b>Wrong</b> school")
    note_event(message, "sent_again", by="Head teacher", at=AT)
    with django_assert_num_queries(1):
        html = render_to_string("components/timeline.html", {"events": timeline(subject_of(message), "x:1")})
    assert "Not sent: stopped, or no longer of use" in html
    assert "Amina Okafor, <time" in html
    assert "Sent again" in html
    assert "Head teacher, <time" in html
    assert "Tuesday 3 November 2026 at 10am" in html
    assert "&lt;b&gt;Wrong&lt;/b&gt; school" in html


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["gone.model:7", "nonsense", "accounts.hub:7"])
def test_a_timeline_outlives_what_it_is_about(subject):
    event = Event(subject=subject, kind="status", new="somehow", actor="Portal", at=AT)
    assert event.words == "somehow"
