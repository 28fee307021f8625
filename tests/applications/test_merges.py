"""Two applications of one school become one: which may be joined, and what is then said."""

import pytest

from applications import decisions
from applications.states import Status
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import EstablishmentLink
from tests.factories import ApplicationFactory, CohortFactory, UserFactory

from .stages import LATER, checked, fresh, kinds_of, mail, moves_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(name="Chris Obi")


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_a_merge_ends_one_and_keeps_both_histories(by):
    old = checked()
    new = checked(cohort=old.cohort)
    linked(old, new)

    decisions.merge(old, into=fresh(new), by=by, at=LATER, note="The same school under its new URN.")

    old = fresh(old)
    assert (old.status, old.joined_to) == (Status.DUPLICATE, new)
    assert moves_of(old)[-1] == ("eligible", "duplicate", "Chris Obi")
    assert kinds_of(new) == ["joined"]
    assert fresh(new).status == Status.ELIGIBLE
    assert (old.nominees.count(), old.checks.count(), new.checks.count()) == (2, 1, 1)
    assert mail()[-1] == ("joined_by_hub", old.contact_email)
    text = Message.objects.get(template="joined_by_hub").text
    assert new.reference in text and new.school.name in text
    assert "private link]]" not in text


def linked(old, new):
    EstablishmentLink.objects.create(urn=old.school.urn, link_urn=new.school.urn, link_type="Successor")


def test_applications_of_two_schools_are_not_joined(by):
    application = checked()
    other = checked(cohort=application.cohort)

    with pytest.raises(Refused, match=f"is of {other.school.name}") as refused:
        decisions.merge(application, into=other, by=by, at=LATER)

    assert codes(refused) == ["not_same_school"]
    assert fresh(application).status == Status.ELIGIBLE


def test_a_merge_is_refused_into_itself_into_another_hub_and_into_what_has_ended(by):
    application = checked()
    ended = ApplicationFactory(cohort=application.cohort, status="lapsed")
    elsewhere = ApplicationFactory(cohort=CohortFactory(project=application.project))

    for into, code in [(application, "not_alike"), (elsewhere, "not_alike"), (ended, "not_live")]:
        with pytest.raises(Refused) as refused:
            decisions.merge(application, into=into, by=by, at=LATER)
        assert codes(refused) == [code]
    assert fresh(application).status == Status.ELIGIBLE
