"""Two people at the same draft at the same moment. Real threads, each with its own connection to PostgreSQL."""

from functools import partial

import pytest
from django.db import transaction

from applications.rules import RULES
from hubportal.history.models import Event
from programmes.cohorts import rulesets
from programmes.models import RuleSet
from tests.factories import AT, CohortFactory, RuleSetFactory, UserFactory

from .stages import at_once, kinds, moves_of, start, wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


def hand(by):
    return rulesets.Hand(by, AT, RULES)


def fresh(rule_set) -> RuleSet:
    return RuleSet.objects.select_related("project__programme").get(pk=rule_set.pk)


@pytest.fixture
def draft():
    return rulesets.draft_from(CohortFactory().project.rule_sets.get(), by=UserFactory(), at=AT)


@pytest.fixture
def signed(draft):
    rulesets.sign(draft, seen=rulesets.figures(draft), hand=hand(UserFactory()))
    return fresh(draft)


def test_eight_people_publish_at_once_and_one_wins(signed):
    people = UserFactory.create_batch(8)

    results = at_once(
        *(partial(rulesets.publish, fresh(signed), seen=signed.signed_figures, hand=hand(each)) for each in people)
    )

    assert kinds(results) == {"NoneType": 1, "Refused": 7}
    assert fresh(signed).published_by == people[results.index(None)]
    assert [new for _, new, _ in moves_of(signed)] == ["signed", "published"]


def test_two_people_sign_at_once_and_one_is_the_first(draft):
    people, seen = UserFactory.create_batch(2), rulesets.figures(draft)

    results = at_once(*(partial(rulesets.sign, fresh(draft), seen=seen, hand=hand(each)) for each in people))

    assert kinds(results) == {"NoneType": 1, "Refused": 1}
    assert fresh(draft).signed_by == people[results.index(None)]


def test_a_change_while_it_is_published_takes_the_signature_off_and_nothing_is_published(signed):
    """The change has the row; whoever publishes waits for it, and then the figures are not those that were signed."""
    said = []
    with transaction.atomic():
        seen = rulesets.figures(signed)
        rulesets.change(fresh(signed), {"grant_amount": 20_000}, seen=seen, hand=hand(UserFactory()))
        publishing = start(lambda: said.extend(at_once(publish_by_another(signed))))
        wait_until_somebody_waits_for_a_lock()
    publishing.join(20)

    assert kinds(said) == {"Refused": 1}
    now = fresh(signed)
    assert (now.status, now.published_by, now.signed_figures, now.grant_amount) == ("draft", None, "", 20_000)


def publish_by_another(signed):
    return partial(rulesets.publish, fresh(signed), seen=signed.signed_figures, hand=hand(UserFactory()))


def test_a_change_and_a_publication_at_once_never_publish_what_nobody_signed(signed):
    seen = signed.signed_figures
    changing = partial(rulesets.change, fresh(signed), {"grant_amount": 20_000}, seen=seen, hand=hand(UserFactory()))

    at_once(changing, publish_by_another(signed))

    now = fresh(signed)
    if now.status == "published":
        assert now.grant_amount == 2_000 and rulesets.figures(now) == seen
    else:
        assert (now.status, now.signed_figures, now.grant_amount) == ("draft", "", 20_000)


def test_eight_drafts_at_once_are_one():
    old = RuleSetFactory()

    results = at_once(*(partial(rulesets.draft_from, fresh(old), by=UserFactory(), at=AT) for _ in range(8)))

    assert kinds(results) == {"Refused": 7, "RuleSet": 1}
    assert Event.objects.filter(kind="drafted").count() == 1
