"""People who press the same button at the same moment. Real threads, each with its own connection to PostgreSQL."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import actions, checks, decisions, endorsements
from applications.models import Application
from applications.states import MOVES, Status
from hubportal.history.actions import IllegalMove, change_status
from programmes.models import Advocate, EstablishmentLink, Grant, Person, Place, Post, School
from programmes.schools.actions import register_school
from tests.factories import AT, ApplicationFactory, CohortFactory, DraftFactory, EstablishmentFactory, UserFactory

from .stages import (
    LATER,
    at_once,
    checked,
    confirmed,
    fresh,
    kinds,
    kinds_of,
    moves_of,
    offered,
    start,
    templates,
    wait_until_somebody_waits_for_a_lock,
)

pytestmark = pytest.mark.django_db(transaction=True)

DAYS_PAST_THE_OFFER = timedelta(days=15)


def named(application: Application, count: int) -> list:
    """Return `count` copies of an application, as so many people have it on their screens."""
    return [fresh(application) for _ in range(count)]


def whole_draft(cohort, **fields) -> Application:
    """Return a draft with every page filled in."""
    return DraftFactory(cohort=cohort, answers={"advocates": 2, "teachers": 8}, **fields)


def test_eight_changes_of_one_status_are_one_even_with_nothing_locked():
    application = ApplicationFactory()
    change = partial(change_status, new=Status.CHECKING, moves=MOVES, by="Portal", at=AT)

    results = at_once(*(partial(change, page) for page in named(application, 8)))

    assert kinds(results) == {"IllegalMove": 7, "NoneType": 1}
    assert {str(told) for told in results if told} == {"Somebody else has just changed this. Reload the page."}
    assert moves_of(application) == [("submitted", "checking", "Portal")]


def test_eight_staff_offer_one_application_and_one_wins():
    application = confirmed()
    staff = UserFactory.create_batch(8)

    results = at_once(
        *(
            partial(decisions.offer, page, by=person, at=LATER)
            for page, person in zip(named(application, 8), staff, strict=True)
        )
    )

    assert kinds(results) == {"IllegalMove": 7, "NoneType": 1}
    assert {str(told) for told in results if told} == {
        "This application is “Place offered”: no place can be offered on it."
    }
    winner = staff[results.index(None)]
    place = Place.objects.get()
    assert (place.offered_by, fresh(application).decided_by) == (winner, winner)
    assert moves_of(application)[-1] == ("eligible", "offered", winner.name)
    assert templates().count("place_offered") == 1


def test_eight_offers_for_three_places_give_three():
    cohort = CohortFactory(capacity=3)
    applications = [confirmed(cohort=cohort) for _ in range(8)]
    staff = UserFactory.create_batch(8)

    results = at_once(
        *(
            partial(decisions.offer, application, by=person, at=LATER)
            for application, person in zip(applications, staff, strict=True)
        )
    )

    assert kinds(results) == {"NoneType": 3, "Refused": 5}
    assert all([f.code for f in told.findings] == ["full"] for told in results if told)
    assert Place.objects.live().count() == 3
    assert Application.objects.filter(status="offered").count() == 3
    assert Application.objects.filter(status="eligible").count() == 5
    assert templates().count("place_offered") == 3


def test_a_hundred_presses_of_one_button_send_one_application_and_all_get_its_receipt():
    today = timezone.now().date()
    cohort = CohortFactory(opens_on=today, closes_on=today + timedelta(30))
    draft = whole_draft(cohort)
    owner = Client()
    session = owner.session
    session["drafts"] = [str(draft.uid)]
    session.save()

    def press():
        client = Client()
        client.cookies = owner.cookies
        answer = client.post(reverse("applications:check", args=[draft.uid]))
        receipt = client.get(answer.url)
        return answer.status_code, answer.url, draft.reference in receipt.content.decode()

    results = at_once(*[press] * 100, hands=8)

    assert results == [(302, reverse("applications:done", args=[draft.uid]), True)] * 100
    assert Application.objects.get().status == "submitted"
    assert moves_of(draft) == [("draft", "submitted", "School")]
    assert templates() == ["received"]


def test_a_hundred_forms_of_one_school_become_one_application_and_the_rest_are_joined_to_it():
    cohort = CohortFactory()
    first = whole_draft(cohort)
    drafts = [first, *(whole_draft(cohort, school=first.school) for _ in range(99))]

    results = at_once(*(partial(actions.submit, draft, at=AT) for draft in drafts), hands=8)

    assert kinds(results) == {"Application": 100}
    live = Application.objects.live().get()
    joined = Application.objects.filter(status="duplicate", joined_to=live)
    assert joined.count() == 99
    assert sorted(templates()) == ["joined"] * 99 + ["received"]
    assert kinds_of(live) == ["second application"] * 99
    assert {result.pk: result.joined_to for result in results if result.joined_to} == dict.fromkeys(
        joined.values_list("pk", flat=True), live
    )


def test_one_form_started_eight_times_is_one_draft():
    project = CohortFactory().project
    uid = uuid4()

    results = at_once(*[partial(actions.start, project, uid, at=AT)] * 8)

    assert kinds(results) == {"Application": 8}
    assert Application.objects.count() == 1


def test_eight_acceptances_of_one_offer_freeze_one_grant_and_confirm_one_place():
    application = offered()

    results = at_once(*(partial(actions.accept_offer, page, at=LATER) for page in named(application, 8)))

    assert results == [None] * 8
    assert Grant.objects.count() == 1
    assert Place.objects.get().status == "confirmed"
    assert (Advocate.objects.count(), Person.objects.count(), Post.objects.count()) == (2, 2, 2)
    assert templates().count("place_accepted") == 1


@pytest.mark.parametrize("round_", range(4))
def test_an_acceptance_and_the_lapse_of_the_offer_never_both_happen(round_):
    application = offered()
    last_moment = AT + timedelta(days=14)

    at_once(
        partial(actions.accept_offer, fresh(application), at=last_moment),
        partial(decisions.lapse_due, at=AT + DAYS_PAST_THE_OFFER),
    )

    place, grants = Place.objects.get(), Grant.objects.count()
    assert (fresh(application).status, place.status, grants) in {
        ("accepted", "confirmed", 1),
        ("lapsed", "lapsed", 0),
    }


@pytest.mark.parametrize("round_", range(4))
def test_an_acceptance_and_a_withdrawal_end_in_one_state_that_fits(round_):
    application = offered()

    results = at_once(
        partial(actions.accept_offer, fresh(application), at=LATER),
        partial(actions.withdraw, fresh(application), by="School", at=LATER),
    )

    assert (fresh(application).status, Place.objects.get().status) == ("withdrawn", "withdrawn")
    assert results[1] is None
    assert Grant.objects.count() == (results[0] is None)


@pytest.mark.parametrize("round_", range(6))
def test_a_withdrawal_that_waits_for_an_offer_gives_the_place_back(round_):
    application = confirmed()

    results = at_once(
        partial(decisions.offer, fresh(application), by=UserFactory(), at=LATER),
        partial(actions.withdraw, fresh(application), by="School", at=LATER),
    )

    assert fresh(application).status == "withdrawn"
    assert results[1] is None
    assert Place.objects.live().count() == 0


def test_a_withdrawal_that_waited_for_the_lock_sees_the_place_that_was_offered_meanwhile():
    application = confirmed()

    with transaction.atomic():
        decisions.offer(application, by=UserFactory(), at=LATER)
        waiting = start(partial(actions.withdraw, fresh(application), by="School", at=LATER))
        wait_until_somebody_waits_for_a_lock()
    waiting.join()

    assert (fresh(application).status, Place.objects.get().status) == ("withdrawn", "withdrawn")


@pytest.mark.parametrize("capacity", ["head", "for_school"])
def test_eight_confirmations_of_the_head_are_one(capacity):
    application = checked()
    pages = [application.endorsements.get() for _ in range(8)]

    results = at_once(
        *(partial(endorsements.confirm, page, name="Jo Reid", capacity=capacity, at=LATER) for page in pages)
    )

    assert results == [None] * 8
    assert [(old, new) for old, new, _ in moves_of(pages[0])] == [("asked", "confirmed")]
    assert templates().count("head_answered") == 1


def test_passing_on_and_a_correction_of_the_head_leave_one_person_asked():
    application = checked()
    asked = application.endorsements.get()

    results = at_once(
        partial(endorsements.pass_on, asked, name="Di Cox", email="di@school.example", at=LATER),
        partial(actions.correct_head, fresh(application), name="Al Roy", email="al@school.example", at=LATER),
    )

    assert application.endorsements.filter(status="asked").count() == 1
    assert {type(result) for result in results} <= {str, type(asked), IllegalMove}
    assert application.endorsements.get(status="asked").email == "al@school.example" or not isinstance(results[1], str)


def test_two_overrides_that_are_agreed_at_once_add_up():
    application = checked(
        school__establishment__type_code=14, nominees=(), cohort__closes_on=AT.date() - timedelta(days=1)
    )
    assert application.status == "ineligible"
    asker = UserFactory()
    proposed = [
        decisions.propose_override(application, code=code, reason="Agreed by telephone.", by=asker, at=LATER)
        for code in ("school_type", "window_closed")
    ]

    results = at_once(*(partial(decisions.agree_override, one, by=UserFactory(), at=LATER) for one in proposed))

    assert results == [None, None]
    assert fresh(application).status == "eligible"
    assert application.endorsements.count() == 1


def test_one_override_is_agreed_once_by_one_of_eight():
    application = checked(school__establishment__type_code=14)
    one = decisions.propose_override(application, code="school_type", reason="Seen.", by=UserFactory(), at=LATER)

    results = at_once(
        *(partial(decisions.agree_override, one, by=person, at=LATER) for person in UserFactory.create_batch(8))
    )

    assert kinds(results) == {"IllegalMove": 7, "NoneType": 1}
    assert kinds_of(application).count("override agreed") == 1


def test_two_people_who_ask_for_the_same_override_ask_once():
    application = checked(school__establishment__type_code=14)

    results = at_once(
        *(
            partial(decisions.propose_override, application, code="school_type", reason="Seen.", by=person, at=LATER)
            for person in UserFactory.create_batch(4)
        )
    )

    assert kinds(results) == {"FindingOverride": 1, "Refused": 3}


def test_two_applications_joined_crosswise_leave_one_alive():
    cohort = CohortFactory()
    one, other = checked(cohort=cohort), checked(cohort=cohort)
    EstablishmentLink.objects.create(urn=one.school.urn, link_urn=other.school.urn, link_type="Successor")

    results = at_once(
        partial(decisions.merge, fresh(one), into=fresh(other), by=UserFactory(), at=LATER),
        partial(decisions.merge, fresh(other), into=fresh(one), by=UserFactory(), at=LATER),
    )

    assert kinds(results) == {"NoneType": 1, "Refused": 1}
    assert Application.objects.live().count() == 1


def test_two_workers_at_once_check_once():
    applications = ApplicationFactory.create_batch(5, cohort=CohortFactory())

    results = at_once(*[partial(checks.check_due, at=LATER)] * 4)

    assert sum(results) == 5
    for application in applications:
        assert (application.checks.count(), fresh(application).check_attempts) == (1, 1)
        assert [new for _, new, _ in moves_of(application)] == ["checking", "eligible"]
    assert sorted(templates()) == sorted(["checked", "ask_head", "hub_has_application"] * 5)


def test_a_school_that_eight_people_choose_at_once_is_taken_in_once():
    establishment = EstablishmentFactory()

    results = at_once(*[partial(register_school, establishment, at=AT)] * 8)

    assert kinds(results) == {"School": 8}
    assert {school.pk for school in results} == {School.objects.get().pk}
    assert School.objects.get().urns.count() == 1


def test_one_question_is_open_when_four_are_asked_at_once():
    application = checked()

    results = at_once(
        *(
            partial(
                decisions.request_information,
                fresh(application),
                question=f"Question of {person}?",
                answer_by=LATER.date(),
                by=person,
                at=LATER,
            )
            for person in UserFactory.create_batch(4)
        )
    )

    assert kinds(results) == {"InformationRequest": 1, "Refused": 3}
    assert templates().count("information_requested") == 1


def test_the_names_given_while_the_offer_is_accepted_confirm_the_place_either_way():
    application = offered(nominees=(1,))
    people = [
        {"position": 1, "name": "A", "email": "a@school.example", "role": "hod"},
        {"position": 2, "name": "B", "email": "b@school.example", "role": "teacher"},
    ]

    results = at_once(
        partial(actions.accept_offer, fresh(application), at=LATER),
        partial(actions.name_advocates, fresh(application), people, at=LATER),
    )

    assert results == [None, None]
    assert Place.objects.get().status == "confirmed"
    assert Advocate.objects.count() == 2
