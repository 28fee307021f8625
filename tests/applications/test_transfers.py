"""An application moves to another hub or another year: one ends, one begins, the school is told once."""

from datetime import timedelta

import pytest

from applications import actions, checks, decisions, emails, endorsements
from applications.models import Application
from applications.states import Status
from hubportal.accounts.models import PrivateLink
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from tests.factories import AT, ApplicationFactory, CohortFactory, ProjectFactory, UserFactory

from .stages import LATER, checked, fresh, kinds_of, moves_of, offered, templates

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(name="Chris Obi")


def move(application, to, by, reason="Nearer to the school.") -> Application:
    return decisions.transfer(application, to=to, reason=reason, by=by, at=LATER)


def test_a_move_ends_one_and_begins_another_with_the_same_answers(by):
    old = checked(answers={"teachers": 7})
    there = CohortFactory(project=old.project)

    new = move(old, there, by)

    old, new = fresh(old), fresh(new)
    assert (old.status, old.transferred_to, new.status) == (Status.TRANSFERRED, new, Status.SUBMITTED)
    assert (new.cohort, new.hub, new.project, new.school) == (there, there.hub, there.project, old.school)
    assert new.reference != old.reference
    for name in decisions.SAID:
        assert getattr(new, name) == getattr(old, name), name
    people = [list(each.nominees.values("position", "name", "email", "role")) for each in (old, new)]
    assert people[0] == people[1] != []
    assert moves_of(old)[-1] == ("eligible", "transferred", "Chris Obi")
    assert kinds_of(new) == ["moved here"]


def test_the_school_gets_one_e_mail_with_a_link_that_works_and_the_old_links_do_not(by):
    old = checked()

    new = move(old, CohortFactory(project=old.project), by)

    assert templates()[-1] == "transferred" and templates().count("transferred") == 1
    message = Message.objects.get(template="transferred")
    assert (message.to, message.hub) == (new.contact_email, new.hub)
    assert old.reference in message.text and new.reference in message.text
    closed = [(subject_of(old), emails.MANAGE_LINK), (subject_of(old.endorsements.get()), endorsements.HEAD_LINK)]
    for subject, purpose in closed:
        assert not PrivateLink.objects.filter(subject=subject, purpose=purpose, revoked_at=None).exists()
    assert PrivateLink.objects.filter(subject=subject_of(new), revoked_at=None).count() == 1


def test_the_new_one_is_checked_and_its_head_is_asked_whatever_the_window_there(by):
    old = checked()
    next_year = ProjectFactory(year=2027)
    there = CohortFactory(
        hub=old.hub, project=next_year, opens_on=AT.date() + timedelta(300), closes_on=AT.date() + timedelta(400)
    )

    new = move(old, there, by)
    checks.check_due(at=LATER)

    assert fresh(new).status == Status.ELIGIBLE
    assert (new.endorsements.get().status, new.endorsements.get().hub) == ("asked", there.hub)


def test_a_move_to_where_it_is_or_where_nobody_recruits_or_without_a_reason_is_refused(by):
    old = checked()
    shut = CohortFactory(project=old.project, opens_on=None, closes_on=AT.date() - timedelta(1))
    over = CohortFactory(project=ProjectFactory(year=2024, recruitment="closed"))

    for to, reason, code in [
        (old.cohort, "Why.", "same_cohort"),
        (shut, "Why.", "not_recruiting"),
        (over, "Why.", "not_recruiting"),
        (CohortFactory(project=old.project), " ", "no_reason"),
    ]:
        with pytest.raises(Refused) as refused:
            move(old, to, by, reason)
        assert [finding.code for finding in refused.value.findings] == [code]
    assert (fresh(old).status, Application.objects.count()) == (Status.ELIGIBLE, 1)


def test_a_school_with_a_live_application_there_stays_where_it_is(by):
    old = checked()
    next_year = CohortFactory(project=ProjectFactory(year=2027))
    ApplicationFactory(cohort=next_year, school=old.school)
    before = len(templates())

    with pytest.raises(Refused, match="has an application to"):
        move(old, next_year, by)

    assert (fresh(old).status, fresh(old).transferred_to, len(templates())) == (Status.ELIGIBLE, None, before)
    assert not PrivateLink.objects.exclude(revoked_at=None).exists()


def test_a_second_move_and_a_move_of_an_offer_change_nothing(by):
    old = checked()
    there = CohortFactory(project=old.project)
    move(old, there, by)

    for application in (old, offered(cohort=CohortFactory(project=old.project))):
        with pytest.raises(IllegalMove):
            move(application, CohortFactory(project=old.project), by)
    assert Application.objects.filter(school=old.school).count() == 2


def test_the_moved_one_can_be_worked_on_like_any_other(by):
    new = move(checked(), CohortFactory(), by)
    checks.check_due(at=LATER)
    actions.withdraw(new, by="School", at=LATER)
    assert fresh(new).status == Status.WITHDRAWN
