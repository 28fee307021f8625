"""Who would be decided differently under changed rules: said exactly, and nothing is changed by asking."""

from copy import deepcopy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import checks, replay
from applications.models import Application, EligibilityCheck, FindingOverride
from applications.specialists import checks as specialist_checks
from hubportal.accounts.roles import Role
from programmes.models import RuleSet
from tests.factories import (
    AT,
    COMMITMENTS,
    RULES,
    CohortFactory,
    EstablishmentFactory,
    HubMembershipFactory,
    ProjectFactory,
    RuleSetFactory,
    SchoolFactory,
    UserFactory,
)
from tests.specialists.factories import TeacherFactory

from .stages import LATER, checked, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def national():
    return UserFactory(is_national=True)


def school(**values):
    return SchoolFactory(establishment=EstablishmentFactory(**values))


def draft(cohort, change=lambda rules: None, **values) -> RuleSet:
    """Return a draft of the rules in force with `change` made to its list of rules."""
    rules = deepcopy(RULES)
    change(rules)
    return RuleSetFactory(project=cohort.project, version=2, status="draft", rules=rules, **values)


def without(name):
    def change(rules):
        rules[:] = [row for row in rules if row["rule"] != name]

    return change


def without_units(rules):
    rules[0]["table"] = [row for row in rules[0]["table"] if row.get("types") != [14]]


def rows(result):
    return [(each.application, each.was, each.would_be) for each in result.differs]


def test_the_same_rules_decide_everybody_the_same(cohort, national):
    checked(cohort=cohort)
    checked(cohort=cohort, school=school(type_code=14))
    checked(cohort=cohort, nominees=())

    result = replay.replay(draft(cohort), user=national)

    assert (result.checked, result.differs, result.noticed, result.lost) == (3, [], 0, 0)


def test_who_would_be_decided_differently_is_named_with_old_and_new_outcome_and_the_findings(cohort, national):
    checked(cohort=cohort)
    unit = checked(cohort=cohort, school=school(type_code=14))

    result = replay.replay(draft(cohort, without_units), user=national)

    assert rows(result) == [(unit.pk, "referred", "ineligible")]
    assert result.moves == [("referred", "ineligible", 1)]
    (judged,) = replay.judge(draft(cohort, without_units), Application.objects.filter(pk=unit.pk))
    assert [(each.code, each.effect) for each in judged.gained()] == [("school_type", "refuse")]
    assert [(row["code"], row["effect"]) for row in judged.gone()] == [("school_type", "refer")]


def test_other_findings_with_the_same_outcome_are_counted_and_not_listed(cohort, national):
    checked(cohort=cohort, nominees=())

    result = replay.replay(draft(cohort, without("advocates")), user=national)

    assert (rows(result), result.noticed) == ([], 1)


def test_the_newest_check_counts(cohort, national):
    application = checked(cohort=cohort, nominees=())
    checks.recheck(application, by="Portal", at=LATER, note="again")
    EligibilityCheck.objects.create(
        application=application,
        rule_set=cohort.project.rule_sets.first(),
        at=AT,
        facts={},
        findings=[],
        outcome="ineligible",
    )

    assert replay.replay(draft(cohort), user=national).lost == 0


def test_what_two_people_set_aside_stays_set_aside_on_the_same_fact(cohort, national):
    unit = checked(cohort=cohort, school=school(type_code=14))
    finding = unit.checks.first().findings[0]
    FindingOverride.objects.create(
        application=unit, code=finding["code"], fact=finding["fact"], text="x", reason="x", by=UserFactory(), at=AT,
        agreed_by=UserFactory(), agreed_at=AT,
    )  # fmt: skip

    assert rows(replay.replay(draft(cohort, without_units), user=national)) == []
    assert rows(replay.replay(draft(cohort, without("state_funded_secondary")), user=national)) == []


def test_what_one_person_alone_would_set_aside_still_counts(cohort, national):
    unit = checked(cohort=cohort, school=school(type_code=14))
    finding = unit.checks.first().findings[0]
    FindingOverride.objects.create(
        application=unit, code=finding["code"], fact=finding["fact"], text="x", reason="x", by=UserFactory(), at=AT
    )

    assert rows(replay.replay(draft(cohort, without_units), user=national)) == [(unit.pk, "referred", "ineligible")]


def test_a_commitment_that_nobody_was_asked_for_counts_against_nobody(cohort, national):
    checked(cohort=cohort)
    stubborn = checked(cohort=cohort, commitments=COMMITMENTS[:-1])
    more = [*COMMITMENTS, {"code": "new", "text": "A new one."}]

    assert rows(replay.replay(draft(cohort, commitments=more), user=national)) == []
    fewer = draft(cohort)
    fewer.commitments = COMMITMENTS[:-1]
    assert rows(replay.replay(fewer, user=national)) == [(stubborn.pk, "ineligible", "eligible")]


def test_facts_that_were_never_kept_are_counted_as_lost(cohort, national):
    application = checked(cohort=cohort)
    EligibilityCheck.objects.create(
        application=application, rule_set=cohort.project.rule_sets.first(), at=LATER, facts={}, findings=[],
        outcome="referred",
    )  # fmt: skip

    result = replay.replay(draft(cohort), user=national)

    assert (result.checked, result.lost, rows(result)) == (1, 1, [])


def test_staff_of_a_hub_see_their_own_and_the_national_team_sees_all(cohort, national):
    checked(cohort=cohort, school=school(type_code=14))
    other = CohortFactory(project=cohort.project)
    theirs = checked(cohort=other, school=school(type_code=14))
    lead = HubMembershipFactory(hub=other.hub, role=Role.LEAD).user
    stricter = draft(cohort, without_units)

    assert len(replay.replay(stricter, user=national).differs) == 2
    assert rows(replay.replay(stricter, user=lead)) == [(theirs.pk, "referred", "ineligible")]


def test_another_projects_applications_and_those_that_moved_on_are_left_out(cohort, national):
    kept = checked(cohort=cohort, school=school(type_code=14))
    gone = checked(cohort=cohort, school=school(type_code=14))
    Application.objects.filter(pk=gone.pk).update(status="duplicate", joined_to=kept)
    checked(cohort=CohortFactory(project=ProjectFactory(year=2025)))

    assert replay.replay(draft(cohort, without_units), user=national).checked == 1


def test_a_replay_writes_nothing_and_asks_the_same_questions_for_three_as_for_one(cohort, national):
    stricter = draft(cohort, without_units)
    asked = []
    for count in (1, 2):
        for _ in range(count):
            checked(cohort=cohort, school=school(type_code=14))
        before = list(EligibilityCheck.objects.values()), list(Application.objects.order_by("pk").values())
        with CaptureQueriesContext(connection) as seen:
            replay.replay(stricter, user=national)
        asked.append(len(seen))
        assert not [row["sql"] for row in seen if row["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
        assert (list(EligibilityCheck.objects.values()), list(Application.objects.order_by("pk").values())) == before
    assert asked[0] == asked[1]


def test_an_offer_is_never_flipped(cohort, national):
    application = checked(cohort=cohort, school=school(type_code=14))
    replay.replay(draft(cohort, without_units), user=national)
    assert fresh(application).status == "referred"


def test_teachers_are_judged_by_their_own_checks_and_what_a_person_looked_at_stays_settled(national):
    application = TeacherFactory(years_teaching=None)
    young = TeacherFactory(cohort=application.cohort, years_teaching=3)
    specialist_checks.check_due(at=AT)
    same = application.project.rule_sets.get()
    assert [each.outcome for each in (application.checks.get(), young.checks.get())] == ["referred", "eligible"]
    assert rows(replay.replay(same, user=national)) == []
    stricter = application.project.rule_sets.get()
    stricter.rules = [row | {"min_years": 5} if row["rule"] == "teacher_qualified" else row for row in same.rules]
    assert rows(replay.replay(stricter, user=national)) == [(young.pk, "eligible", "ineligible")]

    application.looked_at = [["years_not_said", "Not said"]]
    application.save(update_fields=["looked_at"])

    assert rows(replay.replay(stricter, user=national)) == [(young.pk, "eligible", "ineligible")]
    stricter.rules = []
    assert rows(replay.replay(stricter, user=national)) == []
