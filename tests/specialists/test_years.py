"""A specialist's years: what moves, what is refused with a sentence, and what is written down."""

from datetime import date, timedelta

import pytest

from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.models import Event
from hubportal.rules import Refused
from programmes.models import Accreditation, Specialist
from programmes.specialists import actions
from programmes.specialists.states import SpecialistStatus as S
from tests.factories import AT, TODAY, PlaceFactory, SchoolFactory, UserFactory
from tests.specialists.factories import SpecialistFactory, cohort_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return {"by": UserFactory(), "at": AT}


def fresh(specialist):
    return Specialist.objects.with_details().get(pk=specialist.pk)


def with_place(**values):
    cohort = cohort_of()
    specialist = SpecialistFactory(hub=cohort.hub, project=cohort.project, **values)
    place = PlaceFactory(cohort=cohort, person=specialist.person, status="confirmed")
    Specialist.objects.filter(pk=specialist.pk).update(place=place)
    return fresh(specialist)


def test_the_launch_begins_the_place_and_year_2_completes_it(who):
    specialist = with_place()

    actions.attend_launch(specialist, on=date(2026, 10, 1), with_whom="Jo Reid, head", **who)
    assert (fresh(specialist).launch_with, fresh(specialist).place.status) == ("Jo Reid, head", "active")
    actions.move_on(specialist, S.YEAR_2, **who)

    assert (fresh(specialist).status, fresh(specialist).place.status) == ("year_2", "completed")


def test_the_years_go_on_to_leading_and_back_to_the_own_department(who):
    specialist = SpecialistFactory()

    for status in (S.YEAR_2, S.DEPARTMENT, S.ACTIVE, S.DEPARTMENT):
        actions.move_on(specialist, status, **who)

    events = Event.objects.filter(subject=subject_of(specialist), kind="status")
    assert [each.new for each in events] == ["year_2", "department", "active", "department"]


@pytest.mark.parametrize(
    ("status", "to"),
    [("year_1", S.ACTIVE), ("year_1", S.DEPARTMENT), ("year_2", S.YEAR_1), ("active", S.YEAR_2), ("year_1", S.DEFERRED),
     ("deferred", S.ACTIVE), ("stepped_down", S.YEAR_1), ("year_1", S.STEPPED_DOWN)],
)  # fmt: skip
def test_no_year_is_left_out_and_nobody_goes_back(status, to, who):
    specialist = SpecialistFactory(status=status)

    with pytest.raises(IllegalMove):
        actions.move_on(specialist, to, **who)

    assert fresh(specialist).status == status


def test_a_pause_leads_back_into_the_year_in_which_it_began(who):
    specialist = SpecialistFactory(status="year_2")

    with pytest.raises(Refused, match="lie ahead"):
        actions.defer(specialist, back_on=TODAY, reason="Parental leave.", **who)
    actions.defer(specialist, back_on=TODAY + timedelta(300), reason="Parental leave.", **who)
    assert fresh(specialist).deferred_from == "year_2"
    actions.come_back(specialist, **who)

    assert (fresh(specialist).status, fresh(specialist).back_on) == ("year_2", None)
    with pytest.raises(IllegalMove, match="not pausing"):
        actions.come_back(specialist, **who)


def test_stepping_down_needs_a_reason_and_frees_the_place_of_year_1(who):
    specialist = with_place()

    with pytest.raises(Refused, match="reason"):
        actions.step_down(specialist, reason=" ", **who)
    assert fresh(specialist).status == "year_1"
    actions.step_down(specialist, reason="New post abroad.", **who)

    assert (fresh(specialist).status, fresh(specialist).place.status) == ("stepped_down", "withdrawn")
    with pytest.raises(IllegalMove, match="stepped down"):
        actions.record_day(specialist, on=TODAY, kind="hub", half_days=2, **who)


def test_a_day_has_two_halves_and_stands_once(who):
    specialist = SpecialistFactory()
    actions.record_day(specialist, on=TODAY, kind="central", half_days=1, **who)

    with pytest.raises(Refused, match="recorded already"):
        actions.record_day(specialist, on=TODAY, kind="central", half_days=1, **who)
    with pytest.raises(Refused, match="two halves"):
        actions.record_day(specialist, on=TODAY, kind="hub", half_days=2, **who)
    with pytest.raises(Refused, match="started on"):
        actions.record_day(specialist, on=date(2026, 8, 1), kind="hub", half_days=2, **who)
    day = actions.record_day(specialist, on=TODAY, kind="hub", half_days=1, **who)
    for _ in range(2):
        actions.remove_day(specialist, day.pk, **who)

    assert [each.kind for each in specialist.days.all()] == ["central"]
    assert Event.objects.filter(subject=subject_of(specialist), kind="day removed").count() == 1


def test_a_move_keeps_the_old_school_and_says_whether_it_stays_in(who):
    specialist, new = SpecialistFactory(), SchoolFactory()
    old = specialist.homes.get().school

    for school, on, why in [
        (old, TODAY, "already"), (new, date(2026, 8, 1), "later date"), (new, TODAY + timedelta(1), "lies ahead"),
    ]:  # fmt: skip
        with pytest.raises(Refused, match=why):
            actions.move_school(specialist, school, on=on, department_stays=True, **who)
    actions.move_school(specialist, new, on=TODAY, department_stays=False, **who)

    assert list(specialist.homes.order_by("from_on").values_list("school", "until_on", "department_stays")) == [
        (old.pk, TODAY, False), (new.pk, None, None),
    ]  # fmt: skip


def test_pd_lead_belongs_to_year_2_and_is_recorded_once(who):
    specialist = SpecialistFactory()
    given = {"kind": "pd_lead", "from_on": TODAY}

    with pytest.raises(Refused, match="belongs to year 2"):
        actions.accredit(specialist, **given, **who)
    actions.move_on(specialist, S.YEAR_2, **who)
    actions.accredit(specialist, **given, **who)
    with pytest.raises(Refused, match="recorded already"):
        actions.accredit(specialist, **given, **who)

    assert Accreditation.objects.get().person == specialist.person


def test_a_launch_that_lies_ahead_is_not_attended_yet(who):
    with pytest.raises(Refused, match="not taken place"):
        actions.attend_launch(SpecialistFactory(), on=TODAY + timedelta(1), with_whom="Jo", **who)
