"""The pages of rules: read as sentences, changed in a form, tried on past applications, signed by two people."""

import re
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.rules import RULES as KNOWN
from applications.staff.ruleset_forms import RuleSetForm
from applications.staff.ruleset_words import changes
from applications.staff.rulesets import rules_for
from hubportal.accounts.roles import Role
from hubportal.history.models import Event
from programmes.cohorts import catalogue, rulesets
from programmes.models import Programme, RuleSet
from tests.factories import (
    RULES,
    EstablishmentFactory,
    HubFactory,
    HubMembershipFactory,
    ProgrammeFactory,
    ProjectFactory,
    RuleSetFactory,
    SchoolFactory,
    UserFactory,
)

from .staff import eligible, open_cohort, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(settings):
    settings.REQUIRE_MFA = False
    return open_cohort()


@pytest.fixture
def lead(client, cohort):
    found = person(cohort.hub, Role.LEAD)
    client.force_login(found)
    return found


@pytest.fixture
def draft(cohort, lead):
    return rulesets.draft_from(cohort.project.rule_sets.get(), by=lead, at=timezone.now())


def page(rule_set, name="change"):
    return reverse(f"admin:programmes_ruleset_{name}", args=[rule_set.pk])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def form_of(client, rule_set, add="") -> dict:
    """Return what the form of a draft would send if nothing on it were changed."""
    form = client.get(page(rule_set, "edit"), {"add": add}).context["form"]
    return {
        name: value
        for name, field in form.fields.items()
        if (value := field.prepare_value(form.initial.get(name))) is not None
    }


def save(client, rule_set, **values):
    return client.post(page(rule_set, "edit"), form_of(client, rule_set) | values)


def at_field(response, name) -> str:
    assert response.status_code == 200
    return " ".join(response.context["form"].errors[name])


def fresh(rule_set) -> RuleSet:
    return RuleSet.objects.select_related("project__programme").get(pk=rule_set.pk)


def test_rules_read_as_sentences_with_amounts_source_and_use(client, lead, cohort):
    eligible(cohort)
    text = text_of(client.get(page(cohort.project.rule_sets.get())))

    for words in [
        "The school names 2 Mastery Advocates, at once or later. At least one is head of department, second in",
        "Community school, academy converter; phase: secondary, middle (as secondary), all-through",
        "A person looks at it",
        "has confirmed. Before an offer",
        "Commitment 6.",
        "£2,000",
        "14 days",
        "seed 0",
        "Stated by the source",
        "Published with the catalogue",
        "Used since",
    ]:
        assert words in text, words


@pytest.mark.parametrize("pages", [1, 3])
def test_the_list_asks_the_same_for_three_as_for_one(client, lead, cohort, pages):
    for number in range(pages):
        RuleSetFactory(project=ProjectFactory(year=2030 + number))
    client.get(reverse("admin:programmes_ruleset_changelist"))
    with CaptureQueriesContext(connection) as seen:
        response = client.get(reverse("admin:programmes_ruleset_changelist"))
    assert len(response.context["rows"]) == pages + 1
    assert len(seen) <= 7


def test_another_hubs_own_programme_is_not_shown_and_its_rules_cannot_be_opened(client, lead, cohort):
    theirs = ProgrammeFactory(family="own", slug="own", title="Their own", hub=HubFactory())
    hidden = RuleSetFactory(project=ProjectFactory(programme=theirs))

    assert "Their own" not in text_of(client.get(reverse("admin:programmes_ruleset_changelist")))
    assert client.get(page(hidden)).status_code == 404
    assert client.post(page(hidden, "draft")).status_code == 404


def test_a_draft_is_made_changed_signed_and_published_by_two_people(client, lead, cohort):
    old = cohort.project.rule_sets.get()
    client.post(page(old, "draft"))
    draft = cohort.project.rule_sets.get(version=2)
    on = (timezone.now() + timedelta(days=7)).date()
    assert save(client, draft, grant_amount="1500", offer_days="10", effective_from=on.isoformat()).status_code == 302

    shown = client.get(page(draft, "sign"))
    assert "£2,000" in text_of(shown) and "£1,500" in text_of(shown) and "10 days" in text_of(shown)
    client.post(page(draft, "sign"), {"figures": shown.context["figures"]})
    assert fresh(draft).status == "signed"
    same = client.get(page(draft, "publish"))
    assert "You have signed these figures yourself" in text_of(same)
    client.post(page(draft, "publish"), {"figures": shown.context["figures"]})
    assert fresh(draft).status == "signed"

    client.force_login(HubMembershipFactory(role=Role.LEAD).user)
    seen = client.get(page(draft, "publish"))
    assert lead.name in text_of(seen)
    client.post(page(draft, "publish"), {"figures": seen.context["figures"]})

    draft = fresh(draft)
    assert (draft.status, draft.grant_amount, draft.offer_days) == ("published", Decimal(1500), 10)
    assert (draft.signed_by, draft.effective_from) == (lead, on)
    assert client.get(page(draft, "edit")).status_code == 302  # nothing to change any more


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("grant_amount", "-1", "A grant cannot be less than £0."),
        ("grant_amount", "lots", "Enter an amount, like 2000."),
        ("grant_amount", "NaN", "Enter an amount, like 2000."),
        ("offer_days", "0", "Enter a number from 1 to 365."),
        ("source", "", "Say where the rules come from"),
        ("effective_from", "", "Give the day."),
        ("effective_from", "soon", "Enter a date, like"),
        ("effective_from", "2026-02-01", "not after version 1"),
        ("effective_from", "2100-01-01", "the last window closes"),
        ("r2_count", "", "Enter a number from 1 to 10."),
        ("r2_count", "two", "Enter a whole number"),
        ("r2_leading", [], "Choose at least one."),
        ("r2_leading", ["king"], "Choose from the answers on the page."),
        ("r4_family", "no-such", "There is no such programme."),
        ("r0_t1_why", "", "Give the reason: the school reads it."),
        ("r0_t1_types", "14, 999", "No type of school has this code."),
        ("r0_t1_above_age", "-3", "Enter a number from 0 to 25."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(client, draft, field, value, sentence):
    before = rulesets.figures(fresh(draft))
    said = at_field(save(client, draft, **{field: value}), field)
    assert sentence.lower() in said.lower()
    assert rulesets.figures(fresh(draft)) == before


def test_everything_that_is_wrong_is_said_at_once(client, draft):
    errors = save(client, draft, effective_from="2026-02-01", grant_amount="-1").context["form"].errors
    assert set(errors) == {"effective_from", "grant_amount"}


def test_an_unknown_rule_is_refused_at_its_place(client, draft):
    names = form_of(client, draft)["names"].replace("within_hub_area", "no_such_rule")
    said = at_field(save(client, draft, names=names), "r5_when")
    assert said == "There is no such rule for this programme. Take it out."


def test_a_teachers_rule_is_unknown_in_a_programme_for_schools(client, draft):
    said = at_field(save(client, draft, names="teacher_not_head", r0_when="check"), "r0_when")
    assert "no such rule for this programme" in said


def test_without_any_rule_the_draft_is_refused(client, draft):
    gone = {f"r{number}_when": "gone" for number in range(len(RULES))}
    assert "keep one at least" in at_field(save(client, draft, **gone), "__all__")


def test_a_rule_is_taken_out_and_another_added_with_its_parameter(client, draft):
    save(client, draft, r5_when="gone", r2_count="")  # what else is wrong still counts
    assert len(fresh(draft).rules) == len(RULES)
    save(client, draft, r5_when="gone")
    data = form_of(client, draft, add="key_stage_3")
    number = len(RULES) - 1
    assert "Enter a number from 0 to 19." in at_field(
        client.post(page(draft, "edit"), data), f"r{number}_above_low_age"
    )
    client.post(page(draft, "edit"), data | {f"r{number}_above_low_age": "13"})

    rules = fresh(draft).rules
    assert "within_hub_area" not in {row["rule"] for row in rules}
    assert rules[-1] == {"rule": "key_stage_3", "above_low_age": 13}


def test_the_table_and_the_commitments_are_changed_row_by_row(client, draft):
    save(
        client, draft, r0_t1_result="", r0_tnew_result="refer", r0_tnew_types="7, 12", r0_tnew_why="Special schools.",
        c0="", c1="Commitment 2, in other words.", cnew="Another one.",
    )  # fmt: skip

    draft = fresh(draft)
    table = draft.rules[0]["table"]
    assert table[0] == {"types": [7, 12], "result": "refer", "why": "Special schools."}
    assert len(table) == 3 and [14] not in [row.get("types") for row in table]
    assert [row["code"] for row in draft.commitments] == ["c2", "c3", "c4", "c5", "c6", "another_one"]
    assert draft.commitments[0]["text"] == "Commitment 2, in other words."


def test_somebody_elses_change_in_between_is_not_overwritten(client, draft):
    data = form_of(client, draft)
    RuleSet.objects.filter(pk=draft.pk).update(offer_days=20)

    response = client.post(page(draft, "edit"), data | {"offer_days": "10"})

    assert "Somebody else has changed this draft" in at_field(response, "__all__")
    assert fresh(draft).offer_days == 20


def test_every_rule_set_of_the_catalogue_comes_back_from_its_form_as_it_was():
    catalogue.load(known_rules=KNOWN, at=timezone.now())
    families = list(Programme.objects.values_list("family", "title"))
    for rule_set in RuleSet.objects.select_related("project__programme"):
        known = {"rule_set": rule_set, "known": rules_for(rule_set), "families": families, "seen": ""}
        form = RuleSetForm(**known)
        sent = {name: field.prepare_value(form.initial.get(name)) for name, field in form.fields.items()}
        again = RuleSetForm({name: value for name, value in sent.items() if value is not None}, **known)
        assert set(again.errors) <= {"effective_from"}, (rule_set, again.errors)  # these are in force already
        again.cleaned_data["effective_from"] = rule_set.effective_from
        for name, value in again.values().items():
            assert value == getattr(rule_set, name), (rule_set, name)


def test_a_signed_draft_that_is_changed_needs_both_signatures_again(client, draft, lead):
    client.post(page(draft, "sign"), {"figures": rulesets.figures(fresh(draft))})
    assert "takes the signature off" in text_of(client.get(page(draft, "edit")))
    save(client, draft, offer_days="9")
    assert fresh(draft).status == "draft"


def test_withdrawing_and_dropping(client, draft):
    client.post(page(draft, "sign"), {"figures": rulesets.figures(fresh(draft))})
    client.post(page(draft, "withdraw"))
    assert fresh(draft).status == "draft"
    client.post(page(draft, "drop"))
    assert fresh(draft).status == "dropped"
    assert "dropped" in text_of(client.get(page(draft))).lower()


def test_finance_and_the_national_team_read_and_change_nothing(client, draft, cohort):
    for user in (person(cohort.hub, Role.FINANCE), UserFactory(is_national=True)):
        client.force_login(user)
        assert client.get(page(draft)).status_code == client.get(page(draft, "replay")).status_code == 200
        assert "Change the draft" not in text_of(client.get(page(draft)))
        assert client.post(page(draft, "sign"), {"figures": "x"}).status_code == 403
        assert client.post(page(draft, "publish"), {"figures": "x"}).status_code == 403


def stricter(draft) -> None:
    rules = deepcopy(draft.rules)
    rules[0]["table"] = [row for row in rules[0]["table"] if row.get("types") != [14]]
    RuleSet.objects.filter(pk=draft.pk).update(rules=rules)


def test_who_would_differ_is_listed_with_reasons_and_nothing_is_changed(client, draft, cohort):
    unit = SchoolFactory(establishment=EstablishmentFactory(name="Pupil Unit", type_code=14))
    application = eligible(cohort, school=unit)
    eligible(cohort)
    stricter(draft)
    events = Event.objects.count()

    response = client.get(page(draft, "replay"))

    text = text_of(response)
    assert "1 of 2 applications would be decided differently. Nothing is changed by this" in text
    assert "1: “A person must look” would be “Not eligible”" in text
    assert "New: Not a state-funded secondary school." in text and "Gone: A person will look." in text
    assert reverse("admin:applications_application_change", args=[application.pk]) in response.content.decode()
    assert Event.objects.count() == events
    assert "1 of 2 applications" in text_of(client.get(page(draft, "sign")))


def test_another_hubs_applications_are_not_on_the_page(client, draft, cohort):
    other = open_cohort(project=cohort.project)
    unit = SchoolFactory(establishment=EstablishmentFactory(name="Their Unit", type_code=14))
    eligible(other, school=unit)
    stricter(draft)

    assert "Their Unit" not in text_of(client.get(page(draft, "replay")))
    client.force_login(person(other.hub, Role.LEAD))
    assert "Their Unit" in text_of(client.get(page(draft, "replay")))


def test_the_replay_page_asks_the_same_for_three_as_for_one(client, draft, cohort):
    stricter(draft)
    asked = []
    for count in (1, 2):
        for _ in range(count):
            eligible(cohort, school=SchoolFactory(establishment=EstablishmentFactory(type_code=14)))
        client.get(page(draft, "replay"))
        with CaptureQueriesContext(connection) as seen:
            client.get(page(draft, "replay"))
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 16


def test_changes_are_said_in_words():
    before = RuleSetFactory.build(terms={"days": [4, 6], "year_1": {"central": 5}})
    after = RuleSetFactory.build(
        terms={"days": [4, 8], "year_1": {"central": 5}}, grant_amount=None, effective_from=date(2026, 3, 1),
        rules=[*RULES[1:], {"rule": "key_stage_3", "above_low_age": 13}],
    )  # fmt: skip
    after.rules[1] = after.rules[1] | {"count": 3}

    said = {row.what: (row.was, row.becomes) for row in changes(before, after)}

    assert said["Grant"] == ("£2,000", "Each hub sets it")
    assert said["In force from"] == ("1 February 2026", "1 March 2026")
    assert said["Days"] == ("4 to 6", "4 to 8")
    assert said["A state-funded secondary school"][1] == said["Teaches Key Stage 3"][0] == ""
    assert "names 3 Mastery Advocates" in said["Two Mastery Advocates, at least one of whom leads"][1]
    assert len(said) == 6
