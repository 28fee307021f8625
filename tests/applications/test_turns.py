"""Whose move is it? Every status in every condition, against one table."""

from datetime import date

import pytest

from applications import turns
from applications.models import Application, EligibilityCheck, FindingOverride, InformationRequest
from applications.states import Status
from tests.factories import AT, ApplicationFactory, CohortFactory, EndorsementFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db

QUESTION_BY, HEAD_BY, OFFER_BY = date(2026, 11, 20), date(2026, 11, 17), date(2026, 11, 25)


def has_question(application):
    InformationRequest.objects.create(
        application=application, question="Why?", asked_by=UserFactory(), asked_at=AT, answer_by=QUESTION_BY
    )


def has_answered_question(application):
    has_question(application)
    application.questions.update(answered_at=AT)


def has_override(application):
    FindingOverride.objects.create(application=application, code="x", text="X.", reason="r", by=UserFactory(), at=AT)


def has_agreed_override(application):
    has_override(application)
    application.overrides.filter(rejected_at=None).update(agreed_by=UserFactory(), agreed_at=AT)


def has_rejected_override(application):
    has_override(application)
    application.overrides.update(rejected_by=UserFactory(), rejected_at=AT)


def head_asked(application):
    EndorsementFactory(application=application, answer_by=HEAD_BY)


def head_confirmed(application):
    EndorsementFactory(application=application, status="confirmed", answered_at=AT, capacity="head")


def head_refused(application):
    EndorsementFactory(application=application, status="refused", answered_at=AT)


def head_passed_on_then_asked(application):
    EndorsementFactory(application=application, status="passed_on", answer_by=date(2026, 11, 1))
    head_asked(application)


def place(status):
    def has_place(application):
        application.place = PlaceFactory(
            cohort=application.cohort, school=application.school, status=status, answer_by=OFFER_BY
        )
        application.save()

    return has_place


def unnamed(application):
    application.nominees.filter(position=1).delete()


def nobody_leads(application):
    EligibilityCheck.objects.create(
        application=application, rule_set=application.project.rule_sets.get(), at=AT, facts={}, outcome="ineligible",
        findings=[{"code": "no_leading_advocate", "effect": "refuse", "text": "T.", "fact": "2 of 2"}],
    )  # fmt: skip


def set_aside(fact):
    def has_set_aside(application):
        FindingOverride.objects.create(
            application=application, code="no_leading_advocate", fact=fact, text="T.", reason="r", by=UserFactory(),
            at=AT, agreed_by=UserFactory(), agreed_at=AT,
        )  # fmt: skip

    return has_set_aside


TABLE = [
    ("draft", [], "finish", None),
    ("submitted", [], "check", None),
    ("checking", [], "check", None),
    ("submitted", [has_question], "check", None),
    ("eligible", [], "confirm", None),
    ("eligible", [head_asked], "confirm", HEAD_BY),
    ("eligible", [head_passed_on_then_asked], "confirm", HEAD_BY),
    ("eligible", [head_refused], "talk", None),
    ("eligible", [head_confirmed], "decide", None),
    ("eligible", [head_asked, has_question], "answer", QUESTION_BY),
    ("eligible", [head_confirmed, has_question, has_override], "answer", QUESTION_BY),
    ("eligible", [head_asked, has_override], "agree", None),
    ("eligible", [head_confirmed, has_answered_question, has_rejected_override, has_agreed_override], "decide", None),
    ("referred", [head_asked], "look", None),
    ("referred", [head_refused], "look", None),
    ("referred", [has_override], "agree", None),
    ("referred", [has_question], "answer", QUESTION_BY),
    ("ineligible", [], "advise", None),
    ("ineligible", [has_override], "agree", None),
    ("ineligible", [has_question], "answer", QUESTION_BY),
    ("waitlisted", [head_confirmed], "wait", None),
    ("waitlisted", [head_asked], "wait", None),
    ("waitlisted", [has_question], "answer", QUESTION_BY),
    ("waitlisted", [has_override], "agree", None),
    ("offered", [place("offered")], "accept", OFFER_BY),
    ("offered", [place("offered"), has_question], "accept", OFFER_BY),
    ("accepted", [place("accepted"), unnamed], "name", None),
    ("accepted", [place("accepted")], "judge", None),
    ("accepted", [place("accepted"), nobody_leads], "change", None),
    ("accepted", [place("accepted"), nobody_leads, unnamed], "name", None),
    ("accepted", [place("accepted"), nobody_leads, set_aside("2 of 2")], "judge", None),
    ("accepted", [place("accepted"), nobody_leads, set_aside("another")], "change", None),
    ("accepted", [place("confirmed"), nobody_leads], "begin", None),
    ("accepted", [place("confirmed")], "begin", None),
    ("accepted", [place("active")], "begin", None),
    *((status, [has_question, has_override, head_asked], "ended", None) for status in ("declined", "lapsed")),
    *((status, [], "ended", None) for status in ("not_offered", "withdrawn", "transferred")),
    ("duplicate", [], "joined", None),
]


@pytest.mark.parametrize(("status", "conditions", "turn", "due_by"), TABLE)
def test_whose_move_it_is_and_by_when(status, conditions, turn, due_by):
    application = ApplicationFactory(status=status)
    for condition in conditions:
        condition(application)

    found = turns.with_turn(Application.objects.all()).get()

    assert (found.turn, found.due_by) == (turn, due_by)


def test_the_table_above_has_every_status_and_every_turn():
    assert {status for status, *_ in TABLE} == set(Status)
    assert {turn for _, _, turn, _ in TABLE} == set(turns.BY_CODE)


@pytest.mark.parametrize("turn", turns.TURNS, ids=lambda turn: turn.code)
def test_every_turn_has_words_for_staff_and_school_that_say_who_acts(turn):
    assert turn.staff and turn.school
    assert turn.who in {"hub", "school", "head", "portal", "nobody"}
    starts = {"hub": "Hub: ", "school": "School: ", "head": "Head: ", "portal": "Portal: "}
    assert turn.staff.startswith(starts.get(turn.who, ""))
    assert turn.school.startswith("You: ") is (turn.who == "school")


def test_the_turns_of_a_page_are_read_in_one_query_whatever_their_number(django_assert_num_queries):
    cohort = CohortFactory()
    for status, conditions, *_ in TABLE:
        application = ApplicationFactory(status=status, cohort=cohort)
        for condition in conditions:
            condition(application)

    with django_assert_num_queries(1):
        assert len(turns.with_turn(Application.objects.all()).with_details()) == len(TABLE)


def test_many_questions_and_heads_of_one_application_are_one_row():
    application = ApplicationFactory(status="eligible")
    head_passed_on_then_asked(application)
    for _ in range(3):
        has_answered_question(application)

    assert turns.with_turn(Application.objects.all()).count() == 1
