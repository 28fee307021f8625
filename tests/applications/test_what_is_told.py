"""What is told to whom, once and with the right words, and what is kept where it can be deleted."""

import pytest
from django.db import IntegrityError, connection, transaction

from applications import actions, decisions
from applications.models import Application, Interest
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Advocate, Person, PersonEmail
from tests.factories import AT, ApplicationFactory, CohortFactory, DraftFactory, UserFactory

from .stages import LATER, accepted, checked, confirmed, fresh, mail, notes_of, offered, rename, templates

pytestmark = pytest.mark.django_db

ANSWERS = {"advocates": 2, "teachers": 8}
CONTACT = {
    "contact_name": "Ben Li",
    "contact_role": "slt",
    "contact_email": "b.li@school.example",
    "contact_phone": "",
}


@pytest.mark.parametrize(
    ("given", "waits"), [("Ben Li", True), ("Amina Okafor", False), ("A. OKAFOR", False), ("Okafor  Amina", False)]
)
def test_an_address_of_somebody_else_makes_the_place_wait_and_names_nobody_in_the_history(given, waits):
    application = accepted(nominees=())
    known = Person.objects.create(name="Amina Okafor")
    PersonEmail.objects.create(person=known, email="maths@school.example")
    people = [
        {"position": 1, "name": given, "email": "maths@school.example", "role": "hod"},
        {"position": 2, "name": "Cy Dee", "email": "c.dee@school.example", "role": "teacher"},
    ]

    actions.name_advocates(application, people, at=LATER)

    assert fresh(application).place.status == ("accepted" if waits else "confirmed")
    assert Advocate.objects.filter(person=known).exists() is not waits
    if waits:
        assert notes_of(application)[-1] == "An address belongs to somebody of another name."
        with pytest.raises(Refused, match="belongs to Amina Okafor, not to Ben Li"):
            decisions.confirm_place(fresh(application), by=UserFactory(), at=LATER)


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (("hod",), "the names of both Mastery Advocates"),
        (("teacher", "teacher"), "Please change one of the names"),
        (("slt", "teacher"), "will now look at the two Mastery Advocates that you named"),
    ],
)
def test_who_accepts_is_told_what_the_place_still_waits_for(roles, words):
    application = offered(nominees=())
    rename(application, *roles)

    actions.accept_offer(application, at=LATER)

    text = Message.objects.get(template="place_accepted").text
    assert words in text
    assert text.count("One thing is missing") == (0 if roles == ("slt", "teacher") else 1)


def test_what_a_school_writes_is_in_no_event_and_can_be_deleted():
    application, other = checked(), offered()
    question = decisions.request_information(
        application, question="Why now, Amina?", answer_by=LATER.date(), by=UserFactory(), at=AT
    )

    actions.answer_question(question, "Because Ben Li leaves.", at=LATER)
    actions.withdraw(application, by="School", at=LATER, note="Ben Li is ill.")
    actions.decline_offer(other, at=LATER, note="Amina is ill.")
    actions.send_link(application, by=UserFactory(), at=LATER)

    assert (fresh(application).leaving_note, fresh(other).leaving_note) == ("Ben Li is ill.", "Amina is ill.")
    assert f"Question {question.pk}" in notes_of(application)
    said = " ".join(Event.objects.values_list("note", flat=True))
    assert not any(word in said for word in ("Amina", "Ben Li", "@"))


def test_a_colleagues_reason_to_withdraw_stays_in_the_event():
    application = checked()

    actions.withdraw(application, by=UserFactory(), at=LATER, note="The school rang.")

    assert (notes_of(application)[-1], fresh(application).leaving_note) == ("The school rang.", "")
    assert "hub_is_told" not in templates()


@pytest.mark.parametrize(
    ("stage", "act", "words"),
    [
        (offered, lambda one: actions.accept_offer(one, at=LATER), "has accepted its place"),
        (offered, lambda one: actions.decline_offer(one, at=LATER), "has declined its place"),
        (checked, lambda one: actions.withdraw(one, by="School", at=LATER), "has withdrawn its application"),
    ],
)
def test_the_hub_is_told_once_what_the_school_does_with_the_address_of_the_page(stage, act, words):
    application = stage()

    for _ in range(2):
        act(application)

    told = Message.objects.get(template="hub_is_told")
    assert words in told.text and application.reference in told.subject
    assert told.to == application.hub.contact_email
    for template in ("hub_is_told", "hub_has_application"):
        text = Message.objects.get(template=template).text
        assert f"http://127.0.0.1:8000/admin/applications/application/{application.pk}/change/" in text


def test_a_refusal_of_the_database_that_means_something_else_is_not_taken_for_a_colleague():
    draft = DraftFactory(answers=ANSWERS)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE applications_application ADD CONSTRAINT nothing_sent CHECK (status <> 'submitted') NOT VALID"
        )

    with pytest.raises(IntegrityError, match="nothing_sent"), transaction.atomic():
        actions.submit(draft, at=AT)


@pytest.mark.parametrize("same", [True, False])
def test_only_who_sent_both_forms_gets_the_link_and_the_mail_is_the_hubs_to_which_it_was_sent(same):
    live = checked()
    elsewhere = CohortFactory(project=live.project)
    address = live.contact_email.upper() if same else "colleague@school.example"
    draft = DraftFactory(cohort=elsewhere, school=live.school, answers=ANSWERS, contact_email=address)

    sent = actions.submit(draft, at=AT)

    told = Message.objects.get(template="joined")
    assert sent.joined_to == live
    assert ("[[private link " in told.text, "ask the colleague" in told.text) == (same, not same)
    assert (told.hub, told.related) == (elsewhere.hub, f"applications.application:{sent.pk}")


def test_the_waiting_list_is_told_each_time_a_school_comes_to_it():
    application, judge = confirmed(), UserFactory()

    decisions.waitlist(application, by=judge, at=AT)
    decisions.refer(fresh(application), reason="Look again.", by=judge, at=AT)
    decisions.waitlist(fresh(application), by=judge, at=LATER)

    assert templates().count("decided_waitlisted") == 2


def test_a_link_is_sent_again_within_a_minute_but_not_while_one_still_waits():
    application, judge = checked(), UserFactory()

    for status in ("queued", "sent", "sent"):
        actions.send_link(application, by=judge, at=AT)
        Message.objects.filter(template="new_link").update(status=status)

    assert templates().count("new_link") == 2


def test_the_contact_of_an_ended_application_is_not_changed():
    application = ApplicationFactory(status="withdrawn")

    with pytest.raises(IllegalMove, match="has ended"):
        actions.correct_contact(application, at=LATER, **CONTACT)

    assert (fresh(application).contact_name, mail()) == ("Amina Okafor", [])


def test_one_person_of_two_schools_hears_of_both_and_a_repeat_is_kept_once():
    project = ApplicationFactory().project
    hub = Application.objects.get().hub
    who = {"hub": hub, "name": "Jo", "at": AT}

    for school, email in [("Alder", "jo@trust.example"), ("Birch", "JO@trust.example"), ("ALDER", "jo@trust.example")]:
        actions.register_interest(project.programme, school_name=school, email=email, **who)

    assert sorted(Interest.objects.values_list("school_name", flat=True)) == ["Alder", "Birch"]
