"""People who press at the same moment, in real threads, each with a connection of their own."""

from functools import partial

import pytest

from applications.specialists import actions, checks, decisions, release
from applications.specialists.models import CRITERIA, SpecialistApplication
from hubportal.messaging.models import Message
from programmes.models import Place, Specialist
from tests.applications.stages import at_once, kinds
from tests.factories import AT, HubMembershipFactory
from tests.specialists.factories import DraftTeacherFactory, TeacherFactory, cohort_of, shortlisted

pytestmark = pytest.mark.django_db(transaction=True)


def lead_of(cohort):
    return HubMembershipFactory(hub=cohort.hub, role="lead").user


def copies(application, count):
    return [SpecialistApplication.objects.with_details().get(pk=application.pk) for _ in range(count)]


def test_two_selections_for_the_last_place_are_one():
    cohort = cohort_of(capacity=1)
    lead, rivals = lead_of(cohort), [shortlisted(cohort) for _ in range(4)]

    results = at_once(*(partial(decisions.decide, each, "selected", by=lead, at=AT) for each in rivals))

    assert kinds(results) == {"NoneType": 1, "Refused": 3}
    assert SpecialistApplication.objects.quietly_selected().count() == 1


def test_two_people_who_release_at_once_tell_everybody_once():
    cohort = cohort_of(capacity=2)
    lead = lead_of(cohort)
    for _ in range(2):
        decisions.decide(shortlisted(cohort), "selected", by=lead, at=AT)
    seen = release.fingerprint(release.letters(cohort))

    results = at_once(*(partial(release.release, cohort, seen, by=lead, at=AT) for _ in range(4)))

    assert kinds(results) == {"list": 1, "IllegalMove": 3}
    assert Message.objects.filter(template="specialist_selected").count() == 2
    assert Place.objects.count() == Specialist.objects.count() == 2


def test_two_reserves_taken_up_for_one_place_are_one():
    cohort = cohort_of(capacity=1)
    lead = lead_of(cohort)
    spare = [shortlisted(cohort) for _ in range(2)]
    for each in spare:
        decisions.decide(each, "reserve", by=lead, at=AT)
    release.release(cohort, release.fingerprint(release.letters(cohort)), by=lead, at=AT)

    results = at_once(*(partial(release.take_up, each, by=lead, at=AT) for each in spare))

    assert kinds(results) == {"NoneType": 1, "Refused": 1}
    assert Specialist.objects.count() == 1


def test_one_teacher_who_sends_to_four_hubs_at_once_has_one_application():
    drafts = [DraftTeacherFactory(cohort=cohort_of(), email="amina@school.example") for _ in range(4)]

    results = at_once(*(partial(actions.submit, draft, at=AT) for draft in drafts))

    assert sorted(each.status for each in results) == ["duplicate"] * 3 + ["submitted"]
    live = SpecialistApplication.objects.live().get()
    assert set(SpecialistApplication.objects.filter(status="duplicate").values_list("joined_to", flat=True)) == {
        live.pk
    }


def test_four_presses_of_send_are_one():
    draft = DraftTeacherFactory()

    results = at_once(*(partial(actions.submit, each, at=AT) for each in copies(draft, 4)))

    assert {each.status for each in results} == {"submitted"}
    assert Message.objects.filter(template="specialist_received").count() == 1


def test_four_workers_check_each_application_once():
    for _ in range(3):
        TeacherFactory()

    results = at_once(*(partial(checks.check_due, at=AT) for _ in range(4)))

    assert sum(results) == 3
    assert Message.objects.filter(template="specialist_checked").count() == 3


def test_both_readers_at_the_same_moment_are_both_kept():
    cohort = cohort_of()
    application = shortlisted(cohort, scores=None)
    readers = [each.reader for each in application.readings.all()]
    fours = dict.fromkeys(CRITERIA, 4)

    at_once(*(partial(decisions.score, application, by=reader, at=AT, **fours) for reader in readers))

    assert application.readings.scored().count() == 2
