"""What a school's page shows of the hub's work, and what it keeps to the hub."""

import pytest
from django.utils import timezone

from applications import decisions
from tests.factories import UserFactory

from .stages import private_path
from .test_school_pages import NAMES, at_stage, link, page, read

pytestmark = pytest.mark.django_db


def test_the_school_reads_neither_the_hubs_notes_nor_its_peoples_names(client):
    application = at_stage("checked")
    colleague = UserFactory(name="Sam Hubworker")
    decisions.refer(application, reason="They fell out last year.", by=colleague, at=timezone.now())

    text = read(client, link())

    assert "Your hub, <time" in text
    assert "fell out" not in text and "Sam Hubworker" not in text


def test_a_finding_that_two_people_set_aside_is_not_shown_to_the_school(client):
    application = at_stage("checked", school__establishment__type_code=11)
    assert "Not met" in read(client, link())
    now = timezone.now()
    asked = decisions.propose_override(application, code="school_type", reason="Funded.", by=UserFactory(), at=now)

    decisions.agree_override(asked, by=UserFactory(), at=now)

    assert "Not met" not in read(client, link())


def test_a_question_keeps_its_lines_and_is_still_there_when_the_answer_is_wrong(client):
    application = at_stage("checked")
    now = timezone.now()
    decisions.request_information(
        application, question="How many <b>pupils</b>?\nAnd why?", answer_by=now.date(), by=UserFactory(), at=now
    )
    answering = page("answer", private_path("information_requested"))

    for answer in (client.get(answering), client.post(answering, {"answer": ""})):
        assert "How many &lt;b&gt;pupils&lt;/b&gt;?<br>And why?" in answer.content.decode()


def test_neither_leads_offers_the_school_to_change_an_advocate(client):
    at_stage("accepted", nominees=())
    path = link()

    client.post(page("advocates", path), NAMES | {"role_1": "teacher"})

    text = read(client, path)
    assert "Change a name</a>" in text and "Both Mastery Advocates named" not in text


def test_the_reason_for_a_decision_is_shown_to_the_school(client):
    application = at_stage("checked")
    decisions.decline(application, reason="Every place went to schools nearer by.", by=UserFactory(), at=timezone.now())

    assert "Every place went to schools nearer by." in read(client, link())
