"""Rules as people read and change them: drafts, two signatures on the same figures, and what is refused on the way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from applications.rules import RULES
from hubportal.clock import london_date
from hubportal.rules import Refused
from programmes.cohorts import catalogue, rulesets
from programmes.models import RuleSet
from tests.factories import AT, TODAY, CohortFactory, RuleSetFactory, UserFactory

from .stages import checked, kinds_of, moves_of, notes_of

pytestmark = pytest.mark.django_db

AHEAD = TODAY + timedelta(days=7)


def hand(by=None, at=AT):
    return rulesets.Hand(by or UserFactory(), at, RULES)


def drafted(cohort=None, **values) -> RuleSet:
    """Return a draft beside rules that are in force."""
    cohort = cohort or CohortFactory()
    draft = rulesets.draft_from(cohort.project.rule_sets.published().first(), by=UserFactory(), at=AT)
    change(draft, **values)
    return fresh(draft)


def change(draft, by=None, **values):
    rulesets.change(draft, values, seen=rulesets.figures(fresh(draft)), hand=hand(by))


def signed(by=None, **values) -> RuleSet:
    draft = drafted(**values)
    rulesets.sign(draft, seen=rulesets.figures(draft), hand=hand(by))
    return fresh(draft)


def published(**values) -> RuleSet:
    draft = signed(**values)
    rulesets.publish(draft, seen=draft.signed_figures, hand=hand())
    return fresh(draft)


def fresh(rule_set) -> RuleSet:
    return RuleSet.objects.select_related("project__programme").get(pk=rule_set.pk)


def refusals(action) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        action()
    return {finding.code: finding.text for finding in refused.value.findings}


def test_a_draft_is_a_copy_with_the_next_version_and_a_day_that_lies_ahead():
    old = CohortFactory().project.rule_sets.get()

    draft = rulesets.draft_from(old, by=UserFactory(), at=AT)

    assert (draft.version, draft.status, draft.effective_from) == (2, "draft", TODAY + timedelta(days=1))
    assert (draft.rules, draft.commitments, draft.grant_amount) == (old.rules, old.commitments, old.grant_amount)
    assert old.project.rule_sets.in_force(date(2027, 6, 1)) == old
    assert notes_of(draft) == ["From version 1"]


def test_a_project_has_one_open_draft_and_only_published_rules_are_copied():
    draft = drafted()
    old = draft.project.rule_sets.published().get()

    assert "draft already: version 2" in refusals(lambda: rulesets.draft_from(old, by=UserFactory(), at=AT))["open"]
    assert "status" in refusals(lambda: rulesets.draft_from(draft, by=UserFactory(), at=AT))


def test_a_dropped_draft_keeps_its_version_and_makes_room_for_another():
    draft = drafted()
    rulesets.drop(draft, by=UserFactory(), at=AT)

    again = rulesets.draft_from(draft.project.rule_sets.published().get(), by=UserFactory(), at=AT)

    assert (fresh(draft).status, again.version) == ("dropped", 3)


def test_two_people_sign_the_same_figures_and_the_rules_are_published():
    first, second = UserFactory.create_batch(2)
    draft = signed(by=first, grant_amount=Decimal(1500))
    before = rulesets.figures(draft)

    rulesets.publish(draft, seen=before, hand=hand(second))

    after = fresh(draft)
    assert (after.status, after.signed_by, after.published_by, after.published_at) == ("published", first, second, AT)
    assert rulesets.figures(after) == after.signed_figures == before
    assert after.project.rule_sets.in_force(TODAY) == after.project.rule_sets.get(version=1)
    assert after.project.rule_sets.in_force(after.effective_from) == after
    assert [new for _, new, _ in moves_of(after)] == ["signed", "published"]


def test_the_first_person_cannot_be_the_second():
    first = UserFactory()
    draft = signed(by=first)

    said = refusals(lambda: rulesets.publish(draft, seen=draft.signed_figures, hand=hand(first)))

    assert "second person" in said["same_person"]
    with pytest.raises(DatabaseError, match="a_second_person_publishes"), transaction.atomic():
        RuleSet.objects.filter(pk=draft.pk).update(published_by=first)
    assert fresh(draft).status == "signed"


@pytest.mark.parametrize(
    "values",
    [
        {"grant_amount": Decimal("2000.01")},
        {"offer_days": 15},
        {"effective_from": AHEAD},
        {"source": "Hub page, revised"},
        {"commitments": [{"code": "c1", "text": "Another commitment."}]},
        {"terms": {"days": 3}},
        {"rules": [{"rule": "commitments_made"}]},
    ],
    ids=lambda values: next(iter(values)),
)
def test_any_change_of_a_signed_draft_drops_the_signature(values):
    draft = signed()
    change(draft, **values)

    now = fresh(draft)
    assert (now.status, now.signed_by, now.signed_at, now.signed_figures) == ("draft", None, None, "")
    assert "signature fell" in notes_of(draft)[-1]
    assert "status" in refusals(lambda: rulesets.publish(draft, seen=rulesets.figures(now), hand=hand()))


def test_what_changes_nothing_leaves_the_signature():
    draft = signed()
    change(draft, offer_days=draft.offer_days)
    assert fresh(draft).status == "signed"


def test_a_signature_can_be_withdrawn():
    draft = signed()
    rulesets.withdraw_signature(draft, by=UserFactory(), at=AT)
    assert (fresh(draft).status, fresh(draft).signed_figures) == ("draft", "")


def test_nobody_signs_or_changes_what_they_have_not_seen():
    draft = drafted()
    old = rulesets.figures(draft)
    change(draft, offer_days=20)

    assert "changed since you looked" in refusals(lambda: rulesets.sign(draft, seen=old, hand=hand()))["seen"]
    values = {"offer_days": 21}
    assert "Somebody else" in refusals(lambda: rulesets.change(draft, values, seen=old, hand=hand()))["seen"]
    assert fresh(draft).offer_days == 20


def test_the_first_signature_may_come_too_late_for_the_second():
    draft = signed(effective_from=AHEAD)
    checked(cohort=draft.project.cohorts.get())  # the old rules are in use
    late = hand(at=AT + timedelta(days=8))

    said = refusals(lambda: rulesets.publish(draft, seen=draft.signed_figures, hand=late))

    assert "lies ahead" in said["effective_from"]


RULE = {"rule": "advocates", "count": 2, "leading": ["hod"], "similar": []}
BAD = [
    ({"rules": [{"rule": "no_such_rule"}]}, "rules", "No such rule: no_such_rule."),
    ({"rules": [{"count": 2}]}, "rules", "No such rule"),
    ({"rules": [{**RULE, "when": "never"}]}, "rules", "belongs to no step"),
    ({"rules": [{"rule": "advocates", "count": 2, "leading": ["hod"]}]}, "rules", "needs the parameter “similar”"),
    ({"rules": [{**RULE, "colour": "red"}]}, "rules", "has no parameter “colour”"),
    ({"rules": []}, "rules", "keep one at least"),
    ({"grant_amount": Decimal(-1)}, "grant_amount", "between £0"),
    ({"offer_days": 0}, "offer_days", "between 1 and 365"),
    ({"source": " "}, "source", "where the rules come from"),
    ({"effective_from": date(2026, 2, 1)}, "effective_from", "not after version 1"),
    ({"effective_from": date(2027, 3, 1)}, "effective_from", "last window closes on 29 January 2027"),
]


@pytest.mark.parametrize(("values", "field", "sentence"), BAD, ids=[f"{row[1]}-{n}" for n, row in enumerate(BAD)])
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_saved(values, field, sentence):
    draft = drafted()
    before = rulesets.figures(draft)

    assert sentence in refusals(lambda: change(draft, **values))[field]
    assert rulesets.figures(fresh(draft)) == before
    assert "changed" not in kinds_of(draft)


def test_a_day_inside_a_window_that_has_closed_is_refused():
    cohort = CohortFactory(opens_on=date(2026, 9, 1), closes_on=date(2026, 10, 16))
    CohortFactory(project=cohort.project)  # another hub's is still open
    draft = drafted(cohort)

    said = refusals(lambda: change(draft, effective_from=date(2026, 10, 1)))

    assert "inside a window that has closed (1 September 2026 to 16 October 2026)" in said["effective_from"]


def test_a_day_on_which_the_rules_in_force_have_been_used_is_refused():
    draft = drafted()
    checked(cohort=draft.project.cohorts.get())

    assert "have been used" in refusals(lambda: change(draft, effective_from=TODAY))["effective_from"]
    change(draft, effective_from=TODAY + timedelta(days=1))


@pytest.mark.parametrize("recruitment", ["closed", "full"])
def test_a_project_that_takes_nobody_any_more_gets_no_new_rules(recruitment):
    draft = drafted()
    draft.project.recruitment = recruitment
    draft.project.save()

    assert "takes nobody any more" in refusals(lambda: change(draft, effective_from=AHEAD))["effective_from"]


def test_a_second_set_from_the_same_day_is_refused_before_the_database_has_to():
    draft = drafted()
    RuleSetFactory(project=draft.project, version=3, effective_from=AHEAD)

    assert "overlap" in refusals(lambda: change(draft, effective_from=AHEAD))["effective_from"]


@pytest.mark.parametrize("values", [{"grant_amount": 1}, {"status": "draft"}, {"signed_figures": "x"}, {"source": "x"}])
def test_the_database_keeps_what_two_people_signed(values):
    rule_set = published()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RuleSet.objects.filter(pk=rule_set.pk).update(**values)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rule_set.delete()
    RuleSet.objects.filter(pk=rule_set.pk).update(used_at=AT)  # once, when the first application is checked


def test_the_database_lets_no_figure_change_under_a_signature():
    draft = signed()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RuleSet.objects.filter(pk=draft.pk).update(grant_amount=1)
    assert fresh(draft).grant_amount == 2000


def test_the_catalogues_files_cannot_take_a_version_that_people_made():
    catalogue.load(known_rules=RULES, at=AT)
    project = RuleSet.objects.get(project__programme="sec-development", project__year=2026).project
    draft = rulesets.draft_from(project.rule_sets.get(), by=UserFactory(), at=AT)
    data = {"version": draft.version, "rules": [], "grant_amount": None, "effective_from": london_date(AT)}

    with pytest.raises(catalogue.CatalogueError, match="made in the portal"):
        catalogue._store_rule_set(project, data, RULES, catalogue.Loaded(), today=TODAY)
