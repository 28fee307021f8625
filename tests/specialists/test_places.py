"""The place by which a teacher is in the programme: its grant, its moves, and how it ends."""

import pytest

from applications import place_changes
from applications.specialists import actions, release
from applications.specialists.models import SpecialistApplication
from hubportal.rules import Refused
from programmes.models import Cohort, Grant, GrantEnd, RuleSet, Specialist
from programmes.specialists import actions as years
from tests.factories import AT, CohortFactory, HubFactory, UserFactory
from tests.specialists.factories import cohort_of, shortlisted

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return {"by": UserFactory(), "at": AT}


@pytest.fixture
def cohort():
    return cohort_of(capacity=2)


def selected(cohort, who) -> Specialist:
    """Return a specialist whose application was selected and released."""
    application = shortlisted(cohort, decision="selected", decided_by=who["by"], decided_at=AT)
    release.release(cohort, release.fingerprint(release.letters(cohort)), **who)
    return Specialist.objects.with_details().get(place__specialist_application=application)


def fresh(specialist):
    return Specialist.objects.with_details().get(pk=specialist.pk)


def test_the_grant_is_fixed_when_the_teacher_starts_and_not_paid_once_they_step_down(cohort, who):
    RuleSet.objects.filter(project=cohort.project).update(grant_amount=3000)

    specialist = selected(cohort, who)
    assert Grant.objects.get(place=specialist.place).amount == 3000
    years.step_down(specialist, reason="A new post.", **who)

    assert fresh(specialist).place.status == "withdrawn"
    assert GrantEnd.objects.get().because == "withdrawn"


def test_what_the_hub_has_set_is_fixed_where_no_source_names_an_amount(cohort, who):
    Cohort.objects.filter(pk=cohort.pk).update(grant_amount=2500)
    RuleSet.objects.filter(project=cohort.project).update(grant_amount=None)

    assert Grant.objects.get(place=selected(cohort, who).place).amount == 2500


def test_a_specialist_and_their_application_go_along_when_the_place_moves_to_another_hub(cohort, who):
    specialist = selected(cohort, who)
    to = CohortFactory(hub=HubFactory(), project=cohort.project)

    asked = place_changes.move(specialist.place, to, reason="A new post there.", **who)
    place_changes.agree(asked, by=UserFactory(), at=AT)

    moved = fresh(specialist)
    assert (moved.hub, moved.place.cohort_id, moved.place.status) == (to.hub, to.pk, "confirmed")
    actions.withdraw(SpecialistApplication.objects.get(), at=AT)
    assert (fresh(specialist).status, fresh(specialist).place.status) == ("stepped_down", "withdrawn")


@pytest.mark.parametrize("verb", ["defer", "withdraw", "void"])
def test_the_place_does_not_end_while_somebody_is_in_the_programme_by_it(verb, cohort, who):
    specialist = selected(cohort, who)
    values = {"reason": "A new post."} | ({"to_year": 2027} if verb == "defer" else {})

    with pytest.raises(Refused, match="step down"):
        getattr(place_changes, verb)(specialist.place, **values, **who)

    assert fresh(specialist).place.status == "confirmed"
