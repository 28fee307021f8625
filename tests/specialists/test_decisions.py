"""The hub shortlists, reads without looking over a shoulder, decides quietly and releases everything together."""

import csv
import io

import pytest

from applications.specialists import actions, checks, decisions, release
from applications.specialists.models import CRITERIA, Reading, SpecialistApplication
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Place, Specialist
from tests.factories import AT, HubMembershipFactory, UserFactory
from tests.specialists.factories import TeacherFactory, cohort_of, shortlisted, supported

pytestmark = pytest.mark.django_db
FOURS = dict.fromkeys(CRITERIA, 4)


@pytest.fixture
def cohort():
    return cohort_of(capacity=2)


@pytest.fixture
def lead(cohort):
    return HubMembershipFactory(hub=cohort.hub, role="lead").user


def fresh(application):
    return SpecialistApplication.objects.with_details().get(pk=application.pk)


def two_readers(cohort):
    return [HubMembershipFactory(hub=cohort.hub).user for _ in range(2)]


def seen(cohort):
    return release.fingerprint(release.letters(cohort))


def test_two_different_people_of_the_hub_are_asked_to_read(cohort, lead):
    application = TeacherFactory(cohort=cohort, status="eligible")
    one, two = two_readers(cohort)

    for readers, why in [
        ([one, one], "two different"),
        ([one, UserFactory()], "of this hub"),
        ([one], "two different"),
    ]:
        with pytest.raises(Refused, match=why):
            decisions.shortlist(application, readers, by=lead, at=AT)
    decisions.shortlist(application, [one, two], by=lead, at=AT)

    assert fresh(application).status == "shortlisted"
    assert set(Message.objects.values_list("template", "to")) == {
        ("specialist_reader", one.email), ("specialist_reader", two.email)
    }  # fmt: skip


def test_nobody_sees_another_readers_scores_before_both_are_in_not_even_a_superuser(cohort):
    application = shortlisted(cohort, scores=None)
    one, two = (each.reader for each in application.readings.all())
    root = UserFactory(is_superuser=True)

    def sees(user):
        return sorted(Reading.objects.open_to(user).scored().values_list("position", flat=True))

    decisions.score(application, by=one, at=AT, **FOURS)
    assert (sees(one), sees(two), sees(root)) == ([1], [], [])
    decisions.score(application, by=two, at=AT, **FOURS)
    assert (sees(one), sees(two), sees(root)) == ([1, 2], [1, 2], [1, 2])


def test_one_reading_alone_is_nobody_elses_to_see(cohort):
    application = shortlisted(cohort)
    application.readings.filter(position=2).delete()

    assert not Reading.objects.open_to(UserFactory(is_superuser=True)).exists()


def test_scores_can_be_changed_until_the_others_are_in_and_then_stay(cohort):
    application = shortlisted(cohort, scores=None)
    one, two = (each.reader for each in application.readings.all())

    decisions.score(application, by=one, at=AT, **FOURS)
    decisions.score(application, by=one, at=AT, **FOURS | {"practice": 5})
    decisions.score(application, by=two, at=AT, **FOURS)

    with pytest.raises(IllegalMove, match="stay as they are"):
        decisions.score(application, by=one, at=AT, **FOURS)
    with pytest.raises(Refused, match="two readers"):
        decisions.score(application, by=UserFactory(), at=AT, **FOURS)
    assert application.readings.get(position=1).total == 17
    assert not Event.objects.filter(note__contains="5").filter(kind__startswith="score").exists()


@pytest.mark.parametrize("scores", [FOURS | {"practice": 6}, FOURS | {"practice": 0}, {"practice": 3}])
def test_a_score_outside_1_to_5_or_missing_is_refused(cohort, scores):
    application = shortlisted(cohort, scores=None)

    with pytest.raises(Refused, match="from 1 to 5"):
        decisions.score(application, by=application.readings.first().reader, at=AT, **scores)


def test_a_reader_who_has_not_scored_can_be_replaced_and_one_who_has_stays(cohort, lead):
    application = shortlisted(cohort, scores=None)
    one, two = (each.reader for each in application.readings.all())
    decisions.score(application, by=one, at=AT, **FOURS)
    new = HubMembershipFactory(hub=cohort.hub).user

    with pytest.raises(Refused, match="stays a reader"):
        decisions.change_readers(application, [new, two], by=lead, at=AT)
    decisions.change_readers(application, [one, new], by=lead, at=AT)

    assert {each.reader for each in application.readings.all()} == {one, new}
    with pytest.raises(Refused, match="has scored"):
        decisions.back_from_shortlist(application, note="x", by=lead, at=AT)


def test_a_decision_is_quiet(cohort, lead):
    application = shortlisted(cohort)

    decisions.decide(application, "selected", by=lead, at=AT)

    application = fresh(application)
    assert (application.status, application.decision) == ("shortlisted", "selected")
    assert not Message.objects.exists() and not Place.objects.exists()
    decisions.undecide(application, by=lead, at=AT)
    assert fresh(application).decision == ""


def test_nobody_is_selected_beyond_the_allocation_or_without_scores_and_support(cohort, lead):
    for _ in range(2):
        decisions.decide(shortlisted(cohort), "selected", by=lead, at=AT)
    third, unread = shortlisted(cohort), shortlisted(cohort, scores=None)
    alone = shortlisted(cohort)
    alone.head_parts.all().delete()
    Place.objects.all().delete()

    with pytest.raises(Refused, match="used up: 2"):
        decisions.decide(third, "selected", by=lead, at=AT)
    with pytest.raises(Refused, match="scores have to be in"):
        decisions.decide(unread, "reserve", by=lead, at=AT)
    with pytest.raises(Refused, match="has not answered"):
        decisions.decide(alone, "selected", by=lead, at=AT)
    with pytest.raises(Refused, match="reason"):
        decisions.decide(third, "not_selected", by=lead, at=AT)


def released(cohort, lead):
    chosen, spare, not_this_time = shortlisted(cohort), shortlisted(cohort), TeacherFactory(
        cohort=cohort, status="ineligible"
    )  # fmt: skip
    decisions.decide(chosen, "selected", by=lead, at=AT)
    decisions.decide(spare, "reserve", by=lead, at=AT)
    decisions.decide(not_this_time, "not_selected", reason="No QTS yet.", by=lead, at=AT)
    release.release(cohort, seen(cohort), by=lead, at=AT)
    return fresh(chosen), fresh(spare), fresh(not_this_time)


def test_a_release_tells_everybody_at_once_and_lets_year_1_begin(cohort, lead):
    letters = []
    shown = lambda: [(each.to, each.subject) for each in release.letters(cohort)]  # noqa: E731
    chosen, spare = shortlisted(cohort, name="A Ali", trn="7654321", former_names="A Old, B Older"), shortlisted(cohort)
    decisions.decide(chosen, "selected", by=lead, at=AT)
    decisions.decide(spare, "reserve", reason="You were close.", by=lead, at=AT)
    letters = shown()

    release.release(cohort, seen(cohort), by=lead, at=AT)

    assert sorted(letters) == sorted(Message.objects.values_list("to", "subject"))
    chosen = fresh(chosen)
    specialist = Specialist.objects.get()
    assert (chosen.status, fresh(spare).status) == ("selected", "reserve")
    assert (chosen.place.status, chosen.place.person) == ("confirmed", specialist.person)
    assert (specialist.status, specialist.place, specialist.homes.get().school) == (
        "year_1", chosen.place, chosen.school,
    )  # fmt: skip
    assert (specialist.person.trn, specialist.person.names.count()) == ("7654321", 2)
    assert chosen.place.grant.amount == 0  # no source names one; what was promised is on record all the same


def test_the_same_letters_that_were_seen_are_sent_or_none(cohort, lead):
    application = shortlisted(cohort)
    decisions.decide(application, "reserve", by=lead, at=AT)
    before = seen(cohort)
    decisions.decide(application, "selected", by=lead, at=AT)

    with pytest.raises(Refused, match="changed since"):
        release.release(cohort, before, by=lead, at=AT)

    assert not Message.objects.exists()


def test_one_who_is_not_decided_holds_up_the_release(cohort, lead):
    decisions.decide(shortlisted(cohort), "selected", by=lead, at=AT)
    TeacherFactory(cohort=cohort, status="eligible", name="Left Out")

    with pytest.raises(Refused, match=r"Not decided yet: Left Out"):
        release.release(cohort, seen(cohort), by=lead, at=AT)


def test_a_reserve_is_taken_up_when_somebody_withdraws(cohort, lead):
    cohort.capacity = 1
    cohort.save()
    chosen, spare, _ = released(cohort, lead)

    with pytest.raises(Refused, match="used up: 1"):
        release.take_up(spare, by=lead, at=AT)
    actions.withdraw(chosen, at=AT, note="Moving away.")
    assert Specialist.objects.get(place=chosen.place).status == "stepped_down"
    release.take_up(spare, by=lead, at=AT)

    assert fresh(spare).status == "selected"
    assert Specialist.objects.get(status="year_1").person.name == spare.name
    with pytest.raises(IllegalMove, match="reserve list"):
        release.let_reserve_go(spare, reason="x", by=lead, at=AT)


def test_what_was_released_cannot_be_decided_again(cohort, lead):
    chosen, _, not_this_time = released(cohort, lead)

    for application in (chosen, not_this_time):
        with pytest.raises(IllegalMove, match="released"):
            decisions.decide(application, "reserve", by=lead, at=AT)
        with pytest.raises(IllegalMove, match="released"):
            decisions.undecide(application, by=lead, at=AT)


def test_a_referral_ends_when_a_person_has_looked_and_stays_ended_on_the_same_fact(cohort, lead):
    application = TeacherFactory(cohort=cohort, is_head=True)
    checks.check_due(at=AT)

    with pytest.raises(Refused, match="what you found"):
        decisions.end_referral(fresh(application), note=" ", by=lead, at=AT)
    decisions.end_referral(fresh(application), note="The chair answers.", by=lead, at=AT)
    checks.recheck(application, by=lead, at=AT, note="again")

    assert fresh(application).status == "eligible"


def test_corrected_facts_are_checked_again_and_both_checks_are_kept(cohort, lead):
    application = TeacherFactory(cohort=cohort, years_teaching=1)
    checks.check_due(at=AT)

    decisions.correct_facts(fresh(application), years_teaching=11, note="Typing error, by phone.", by=lead, at=AT)

    assert fresh(application).status == "eligible"
    assert [each.outcome for each in application.checks.order_by("pk")] == ["ineligible", "eligible"]


def test_the_copy_for_ncetm_is_no_formula_names_no_quiet_decision_and_is_written_down(cohort, lead):
    application = shortlisted(cohort, name="=HYPERLINK(1)", former_names="+1", trn="0012345")
    decisions.decide(application, "selected", by=lead, at=AT)

    rows = list(csv.DictReader(io.StringIO(release.copy_for_ncetm(cohort, by=lead, at=AT))))

    assert [(row["Name"], row["Previous names"], row["Result"]) for row in rows] == [
        ("'=HYPERLINK(1)", "'+1", "Not released")
    ]
    assert Event.objects.get(kind="copied for NCETM").by == lead
    assert supported is not None
