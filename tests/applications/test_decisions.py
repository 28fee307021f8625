"""What hub staff decide, each with its whole outcome: status, event, e-mail, place; and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from applications import actions, decisions
from applications.models import FindingOverride, InformationRequest
from applications.states import Status
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Place
from tests.factories import AT, TODAY, ApplicationFactory, CohortFactory, PlaceFactory, UserFactory

from .stages import LATER, accepted, checked, confirmed, fresh, kinds_of, mail, moves_of, offered, rename, templates

pytestmark = pytest.mark.django_db

PUPIL_REFERRAL = {"school__establishment__type_code": 14}
IN_A_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def by():
    return UserFactory(name="Chris Obi")


def what_became(application) -> tuple:
    """Return status, who decided and when, the reason, and the newest e-mail."""
    now = fresh(application)
    return now.status, now.decided_by, now.decided_at, now.decision_reason, mail()[-1]


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def propose(application, code, by, at=LATER) -> FindingOverride:
    return decisions.propose_override(application, code=code, reason="Agreed with the lead.", by=by, at=at)


def test_an_offer_holds_a_place_and_tells_the_school(by):
    application = confirmed()

    decisions.offer(application, by=by, at=LATER)

    assert what_became(application) == ("offered", by, LATER, "", ("place_offered", application.contact_email))
    assert moves_of(application)[-1] == ("eligible", "offered", "Chris Obi")
    place = Place.objects.get()
    assert (place.status, place.school, place.hub, place.project, place.origin) == (
        "offered",
        application.school,
        application.hub,
        application.project,
        application.reference,
    )
    assert (place.offered_by, place.offered_at, place.answer_by) == (by, LATER, date(2026, 11, 17))
    assert fresh(application).place == place


def test_no_place_is_offered_before_the_head_has_confirmed(by):
    application = checked()

    with pytest.raises(Refused) as refused:
        decisions.offer(application, by=by, at=LATER)

    assert codes(refused) == ["head_not_confirmed"]
    assert (fresh(application).status, Place.objects.count()) == (Status.ELIGIBLE, 0)


def test_no_place_is_offered_when_every_one_is_taken_or_the_school_has_one(by):
    cohort = CohortFactory(capacity=1)
    second = confirmed(cohort=cohort)
    decisions.offer(confirmed(cohort=cohort), by=by, at=LATER)

    with pytest.raises(Refused) as refused:
        decisions.offer(second, by=by, at=LATER)
    assert codes(refused) == ["full"]

    other = confirmed()
    PlaceFactory(school=other.school, cohort=other.cohort)
    with pytest.raises(Refused) as refused:
        decisions.offer(other, by=by, at=LATER)
    assert codes(refused) == ["has_place"]
    assert fresh(other).status == Status.ELIGIBLE


def test_a_place_that_was_given_back_can_be_offered_again(by):
    cohort = CohortFactory(capacity=1)
    first, second = offered(cohort=cohort), confirmed(cohort=cohort)

    actions.decline_offer(first, at=LATER)
    decisions.offer(second, by=by, at=LATER)

    assert fresh(second).status == Status.OFFERED


def test_the_database_lets_a_school_have_one_live_place_a_project():
    place = PlaceFactory()

    with pytest.raises(IntegrityError, match="one_live_place"), transaction.atomic():
        PlaceFactory(cohort=place.cohort, school=place.school)
    PlaceFactory(cohort=place.cohort, school=place.school, status="lapsed")


@pytest.mark.parametrize("status", sorted(set(Status) - {"eligible", "waitlisted"}))
def test_only_an_eligible_or_waiting_application_can_be_offered_a_place(status, by):
    application = ApplicationFactory(status=status)

    with pytest.raises(IllegalMove, match="no place can be offered on it"):
        decisions.offer(application, by=by, at=LATER)

    assert (fresh(application).status, mail()) == (status, [])


def test_the_waiting_list_and_then_an_offer(by):
    application = confirmed()

    decisions.waitlist(application, by=by, at=AT, note="Eight schools for six places.")
    assert what_became(application) == (
        "waitlisted",
        by,
        AT,
        "Eight schools for six places.",
        ("decided_waitlisted", application.contact_email),
    )
    decisions.offer(fresh(application), by=by, at=LATER)

    assert what_became(application) == ("offered", by, LATER, "", ("place_offered", application.contact_email))
    assert moves_of(application)[-2:] == [
        ("eligible", "waitlisted", "Chris Obi"),
        ("waitlisted", "offered", "Chris Obi"),
    ]


def test_the_waiting_list_is_no_way_round_the_second_person(by):
    application = confirmed(**PUPIL_REFERRAL)
    decisions.waitlist(application, by=by, at=AT)

    with pytest.raises(Refused) as refused:
        decisions.offer(fresh(application), by=by, at=LATER)
    assert codes(refused) == ["school_type"]

    decisions.agree_override(propose(application, "school_type", by), by=UserFactory(), at=LATER)
    decisions.offer(fresh(application), by=by, at=LATER)
    assert fresh(application).status == Status.OFFERED


def test_declining_needs_a_reason_and_the_school_reads_it(by):
    application = checked()
    for reason in ["", "  \n"]:
        with pytest.raises(Refused) as refused:
            decisions.decline(application, reason=reason, by=by, at=LATER)
        assert codes(refused) == ["no_reason"]

    decisions.decline(application, reason="The cohort is full.", by=by, at=LATER)

    assert what_became(application) == (
        "not_offered",
        by,
        LATER,
        "The cohort is full.",
        ("decided_not_offered", application.contact_email),
    )
    assert Event.objects.last().note == "The cohort is full."
    assert "The cohort is full." in Message.objects.get(template="decided_not_offered").text


def test_a_referral_needs_its_question_and_ends_with_what_the_check_says(by):
    application = checked()
    with pytest.raises(Refused):
        decisions.refer(application, reason=" ", by=by, at=AT)

    decisions.refer(application, reason="Is the sixth form a separate school?", by=by, at=AT)
    assert fresh(application).status == Status.REFERRED
    decisions.end_referral(application, by=by, at=LATER, note="No, it is not.")

    assert moves_of(application)[-2:] == [("eligible", "referred", "Chris Obi"), ("referred", "eligible", "Chris Obi")]
    assert Event.objects.filter(kind="status").last().note == "No, it is not."


def test_a_referral_by_the_check_itself_ends_only_by_two_people(by):
    application = checked(**PUPIL_REFERRAL)

    with pytest.raises(Refused) as refused:
        decisions.end_referral(application, by=by, at=LATER, note="Looks fine.")

    assert codes(refused) == ["still_referred"]
    assert fresh(application).status == Status.REFERRED


def test_a_colleagues_referral_is_not_ended_by_the_school_nor_by_an_override(by):
    application = checked(school__establishment__low_age=None, **PUPIL_REFERRAL)
    decisions.agree_override(propose(application, "school_type", by), by=UserFactory(), at=AT)
    decisions.refer(application, reason="Ask the trust first.", by=by, at=AT)

    rename(application, "hod", "second")
    rename(application, "slt", "teacher")
    decisions.agree_override(propose(application, "advocate_role_similar", by), by=UserFactory(), at=LATER)
    assert (fresh(application).status, fresh(application).referred_by) == (Status.REFERRED, by)

    decisions.end_referral(application, by=by, at=LATER, note="The trust agrees.")
    assert (fresh(application).status, fresh(application).referred_by) == (Status.ELIGIBLE, None)


def test_an_override_ends_with_what_it_was_about(by):
    application = checked(nominees=())
    rename(application, "slt", "teacher")
    decisions.agree_override(propose(application, "advocate_role_similar", by), by=UserFactory(), at=LATER)
    assert fresh(application).status == Status.ELIGIBLE

    rename(application, "other", "teacher")
    assert fresh(application).status == Status.REFERRED
    decisions.agree_override(propose(application, "advocate_role_similar", by), by=UserFactory(), at=LATER)
    assert fresh(application).status == Status.ELIGIBLE

    rename(application, "slt", "teacher")
    assert fresh(application).status == Status.ELIGIBLE


def test_two_people_set_a_finding_aside_and_the_head_of_a_refused_school_is_asked_then(by):
    application = checked(school__establishment__type_code=11)
    assert templates() == ["checked", "hub_has_application"]
    second = UserFactory(name="Dee Ray")

    proposed = propose(application, "school_type", by)
    assert fresh(application).status == Status.INELIGIBLE
    decisions.agree_override(proposed, by=second, at=LATER)

    proposed.refresh_from_db()
    assert (proposed.by, proposed.agreed_by, proposed.agreed_at) == (by, second, LATER)
    assert proposed.text == "Not a state-funded secondary school."
    assert moves_of(application)[-1] == ("ineligible", "eligible", "Dee Ray")
    assert kinds_of(application)[:2] == ["override asked for", "override agreed"]
    assert application.endorsements.get().status == "asked"
    assert templates()[-1] == "ask_head"


def test_the_same_person_cannot_agree_nor_can_the_database_be_made_to(by):
    proposed = propose(checked(**PUPIL_REFERRAL), "school_type", by)

    with pytest.raises(Refused) as refused:
        decisions.agree_override(proposed, by=by, at=LATER)
    assert codes(refused) == ["same_person"]
    with pytest.raises(IntegrityError, match="a_second_person_agrees"), transaction.atomic():
        FindingOverride.objects.update(agreed_by=by, agreed_at=LATER)


def test_an_override_that_was_rejected_does_not_count_and_can_be_asked_for_again(by):
    application = checked(**PUPIL_REFERRAL)
    proposed = propose(application, "school_type", by)

    decisions.reject_override(proposed, by=UserFactory(), at=LATER)

    assert fresh(application).status == Status.REFERRED
    with pytest.raises(IllegalMove):
        decisions.agree_override(proposed, by=UserFactory(), at=LATER)
    decisions.agree_override(propose(application, "school_type", by), by=UserFactory(), at=LATER)
    assert fresh(application).status == Status.ELIGIBLE


@pytest.mark.parametrize("code", ["school_closed", "advocates_to_name", "full", "nonsense"])
def test_only_a_finding_that_was_made_and_weighs_can_be_set_aside(code, by):
    application = checked(nominees=(), **PUPIL_REFERRAL)

    with pytest.raises(Refused) as refused:
        propose(application, code, by)

    assert codes(refused) == ["no_finding"]


def test_an_override_needs_a_reason_and_is_asked_for_once(by):
    application = checked(**PUPIL_REFERRAL)
    with pytest.raises(Refused) as refused:
        decisions.propose_override(application, code="school_type", reason=" ", by=by, at=LATER)
    assert codes(refused) == ["no_reason"]

    propose(application, "school_type", by)
    with pytest.raises(Refused) as refused:
        propose(application, "school_type", UserFactory())
    assert codes(refused) == ["override_open"]


def test_an_offer_without_the_head_can_be_agreed_by_two_people(by):
    application = checked()

    decisions.agree_override(propose(application, "head_not_confirmed", by), by=UserFactory(), at=LATER)
    decisions.offer(application, by=by, at=LATER)

    assert fresh(application).status == Status.OFFERED


def test_one_question_at_a_time_answered_once(by):
    application = checked()

    asked = decisions.request_information(application, question="How many pupils?", answer_by=IN_A_WEEK, by=by, at=AT)
    with pytest.raises(Refused) as refused:
        decisions.request_information(application, question="And why?", answer_by=IN_A_WEEK, by=by, at=AT)
    assert codes(refused) == ["question_open"]
    for text in ["900", "901"]:
        actions.answer_question(asked, text, at=LATER)

    asked = InformationRequest.objects.get()
    assert (asked.answer, asked.answered_at) == ("900", LATER)
    assert kinds_of(application) == ["question asked", "question answered"]
    assert mail()[-2:] == [
        ("information_requested", application.contact_email),
        ("hub_has_answer", application.hub.contact_email),
    ]
    decisions.request_information(application, question="And why?", answer_by=IN_A_WEEK, by=by, at=LATER)
    assert InformationRequest.objects.count() == 2


@pytest.mark.parametrize("status", ["offered", "accepted", "withdrawn", "duplicate", "draft"])
def test_no_question_is_asked_once_it_is_decided(status, by):
    with pytest.raises(IllegalMove):
        decisions.request_information(
            ApplicationFactory(status=status), question="Why?", answer_by=IN_A_WEEK, by=by, at=AT
        )


@pytest.mark.parametrize(("days", "status"), [(14, "offered"), (15, "lapsed")])
def test_an_offer_lapses_the_day_after_its_date_and_the_place_is_free(days, status):
    application = offered()

    lapsed = decisions.lapse_due(at=AT.replace(hour=0, minute=1) + timedelta(days=days))

    assert lapsed == (status == "lapsed")
    assert (fresh(application).status, Place.objects.get().status) == (status, status)
    assert decisions.lapse_due(at=AT + timedelta(days=days)) == 0
    assert templates().count("decided_lapsed") == lapsed


def test_a_lapse_that_fails_does_not_stop_the_others():
    bad, good = offered(), offered()
    Place.objects.filter(pk=bad.place.pk).update(status="withdrawn")

    assert decisions.lapse_due(at=AT + timedelta(days=20)) == 1

    assert (fresh(bad).status, fresh(good).status) == (Status.OFFERED, Status.LAPSED)


def test_staff_withdraw_for_the_school_and_the_event_says_who(by):
    application = accepted(nominees=(1,))

    actions.withdraw(application, by=by, at=LATER, note="By telephone.")

    assert moves_of(application)[-1] == ("accepted", "withdrawn", "Chris Obi")
    assert moves_of(application.place)[-1] == ("accepted", "withdrawn", "Chris Obi")


def test_names_that_are_mended_on_the_waiting_list_free_the_offer(by):
    application = confirmed()
    decisions.waitlist(application, by=by, at=AT)
    rename(application, "teacher", "teacher")
    with pytest.raises(Refused):
        decisions.offer(fresh(application), by=by, at=LATER)

    rename(application, "teacher", "ks3_lead")
    decisions.offer(fresh(application), by=by, at=LATER)

    assert fresh(application).status == Status.OFFERED
