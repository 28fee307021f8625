"""Loading the catalogue: what the files say, safely again and again; and rules that were used are kept."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from applications.rules import RULES
from programmes.cohorts import catalogue
from programmes.models import Programme, Project, RuleSet

pytestmark = pytest.mark.django_db

USED_AT = datetime(2026, 11, 3, 10, tzinfo=UTC)
FILE = "sec-development.yaml"


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the catalogue that a test may edit."""
    (tmp_path / FILE).write_text((catalogue.FOLDER / FILE).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def load(folder=catalogue.FOLDER):
    return catalogue.load(known_rules=RULES, folder=folder, at=USED_AT)


def edit(folder, change):
    """Change the rule sets of 2026/27 in the file."""
    data = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))
    change(data["projects"][1]["rule_sets"])
    (folder / FILE).write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def use(year=2026):
    RuleSet.objects.filter(project__year=year).update(used_at=USED_AT)


def test_the_files_become_a_programme_with_a_closed_and_a_recruiting_year():
    load()

    assert Programme.objects.get().slug == "secondary-teaching-for-mastery-development"
    rows = Project.objects.order_by("year").values_list("year", "code", "recruitment", "confidence")
    assert list(rows) == [(2024, "NCP24-12", "closed", "stated"), (2026, "", "hubs", "inferred")]
    assert [p.is_recruiting for p in Project.objects.order_by("year")] == [False, True]
    for rule_set in RuleSet.objects.all():
        assert (rule_set.grant_amount, rule_set.offer_days, len(rule_set.commitments)) == (Decimal(2000), 14, 6)
        assert rule_set.source and rule_set.confidence


def test_loading_again_changes_nothing_even_when_the_rules_were_used():
    assert len(load().added) == 5
    use()

    again = load()

    assert (again.added, again.changed) == ([], [])


def test_rules_that_nobody_used_yet_follow_their_file(folder):
    load(folder)
    edit(folder, lambda rule_sets: rule_sets[0].update(grant_amount="1500"))

    assert load(folder).changed == [
        "Secondary Teaching for Mastery: Development 2026/27, rules version 1: grant_amount"
    ]
    assert RuleSet.objects.get(project__year=2026).grant_amount == Decimal(1500)


@pytest.mark.parametrize(
    "change",
    [
        {"grant_amount": "1500"},
        {"offer_days": 7},
        {"effective_from": date(2026, 3, 1)},
        {"source": "Somebody said so"},
        {"rules": []},
    ],
)
def test_rules_that_were_used_are_not_edited_and_nothing_else_is_loaded(folder, change):
    load(folder)
    use()

    def both(rule_sets):
        rule_sets[0].update(change)
        rule_sets.append(rule_sets[0] | {"version": 2, "effective_from": date(2026, 12, 1)})

    edit(folder, both)
    with pytest.raises(catalogue.CatalogueError, match="has been used and is never edited"):
        load(folder)

    assert RuleSet.objects.filter(project__year=2026).count() == 1
    assert RuleSet.objects.get(project__year=2026).grant_amount == Decimal(2000)


def test_used_rules_are_superseded_from_a_date(folder):
    load(folder)
    use()
    newer = {"version": 2, "effective_from": date(2026, 12, 1), "grant_amount": "2500"}
    edit(folder, lambda rule_sets: rule_sets.append(rule_sets[0] | newer))

    assert load(folder).added == ["Secondary Teaching for Mastery: Development 2026/27, rules version 2"]

    amounts = RuleSet.objects.filter(project__year=2026).order_by("version").values_list("grant_amount", flat=True)
    assert list(amounts) == [Decimal(2000), Decimal(2500)]


@pytest.mark.parametrize("effective_from", [date(2026, 3, 1), USED_AT.date()])
def test_new_rules_do_not_reach_back_to_days_that_the_old_ones_have_judged(folder, effective_from):
    load(folder)
    newer = {"version": 2, "effective_from": effective_from}
    edit(folder, lambda rule_sets: rule_sets.append(rule_sets[0] | newer))
    use()

    with pytest.raises(catalogue.CatalogueError, match="Give them a date that lies ahead"):
        load(folder)
    assert RuleSet.objects.filter(project__year=2026).count() == 1


def test_rules_that_were_loaded_in_time_may_come_into_force(folder):
    load(folder)
    use()
    edit(folder, lambda rule_sets: rule_sets.append(rule_sets[0] | {"version": 2, "effective_from": date(2026, 11, 4)}))
    load(folder)

    again = catalogue.load(known_rules=RULES, folder=folder, at=datetime(2026, 12, 1, tzinfo=UTC))

    assert (again.added, again.changed) == ([], [])


def test_an_unknown_rule_is_refused_by_name_and_nothing_is_saved(folder):
    edit(folder, lambda rule_sets: rule_sets[0]["rules"].append({"rule": "wears_a_hat"}))

    with pytest.raises(catalogue.CatalogueError, match="no such rule: wears_a_hat"):
        load(folder)
    assert not Programme.objects.exists()


def test_the_command_says_what_it_did_and_refuses_in_a_sentence(capsys):
    call_command("load_catalogue")
    assert "Added: Secondary Teaching for Mastery: Development 2026/27" in capsys.readouterr().out
    call_command("load_catalogue")
    assert capsys.readouterr().out == "The catalogue is up to date.\n"

    RuleSet.objects.filter(project__year=2026).update(used_at=USED_AT, source="As it was then")  # then the file changed
    with pytest.raises(CommandError, match="has been used and is never edited"):
        call_command("load_catalogue")


@pytest.mark.parametrize("value", [{"grant_amount": 1}, {"rules": []}, {"version": 9}, {"used_at": None}])
def test_the_database_itself_keeps_used_rules(value):
    load()
    use()

    for change in (lambda rows: rows.update(**value), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(RuleSet.objects.filter(project__year=2026))
    RuleSet.objects.filter(project__year=2024).delete()  # never used


def test_one_rule_set_a_version_and_a_day():
    load()
    old = RuleSet.objects.get(project__year=2026)

    for same in ({"version": 1, "effective_from": date(2027, 1, 1)}, {"version": 2}):
        values = {name: getattr(old, name) for name in ["status", *catalogue.RULE_SET_FIELDS]} | same
        with pytest.raises(DatabaseError, match="one_rule_set"), transaction.atomic():
            RuleSet.objects.create(project=old.project, **({"version": 1} | values))


def test_every_sentence_about_a_person_who_will_look_says_at_what():
    load()
    texts = [
        row["why"]
        for rule_set in RuleSet.objects.all()
        for rule in rule_set.rules
        for row in rule.get("table", [])
        if "why" in row
    ]

    assert len(texts) > 20
    assert [text for text in texts if text.endswith("A person will look.")] == []
