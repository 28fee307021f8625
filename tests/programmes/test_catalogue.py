"""Loading the catalogue: what the files say, safely again and again; and rules that were used are kept."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from applications.rules import RULES
from programmes.cohorts import catalogue
from programmes.cohorts.actions import grant_amount
from programmes.models import Programme, Project, RuleSet
from tests.factories import CohortFactory

pytestmark = pytest.mark.django_db

USED_AT = datetime(2026, 11, 3, 10, tzinfo=UTC)
FILE = "sec-development.yaml"


class EachForItself(yaml.SafeDumper):
    """Writes what years share once for each, so that a test changes one."""

    def ignore_aliases(self, data):
        return True


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the catalogue that a test may edit."""
    for name in (FILE, catalogue.SHARED):
        (tmp_path / name).write_text((catalogue.FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def load(folder=catalogue.FOLDER):
    return catalogue.load(known_rules=RULES, folder=folder, at=USED_AT)


def edit(folder, change):
    """Change the rule sets of 2026/27 in the file."""
    change_file(folder, lambda data: change(data["projects"][-1]["rule_sets"]))


def change_file(folder, change):
    data = yaml.safe_load(yaml.dump(catalogue.read(folder / FILE), Dumper=EachForItself))
    change(data)
    (folder / FILE).write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def use(year=2026):
    rule_sets(year).update(used_at=USED_AT)


def rule_sets(year=2026):
    """Return the rule sets of Development."""
    return RuleSet.objects.filter(project__programme="sec-development", project__year=year)


def rows_of(family, *fields):
    return list(Project.objects.filter(programme=family).order_by("year").values_list("year", *fields))


def test_the_files_become_every_programme_of_the_sources_with_its_years():
    load()

    assert rows_of("sec-development", "code", "recruitment", "confidence") == [
        (2019, "", "full", "single-source"),
        (2020, "", "later", "single-source"),
        (2024, "NCP24-12", "closed", "stated"),
        (2025, "", "closed", "inferred"),
        (2026, "", "hubs", "inferred"),
    ]
    assert rows_of("sec-embedding", "code") == [(2024, "NCP24-13"), (2025, ""), (2026, "")]
    assert rows_of("sec-sustaining", "code", "title") == [
        (2020, "", "Mastery Embedding and Sustaining"),
        (2024, "NCP24-14", ""),
        (2025, "", ""),
        (2026, "", ""),
    ]
    assert rows_of("sec-specialist", "cohort_number") == [(number + 2015, number) for number in range(2, 12)]
    for rule_set in RuleSet.objects.all():
        assert rule_set.offer_days == 14 and rule_set.commitments and rule_set.source and rule_set.confidence


def test_every_programme_says_how_one_gets_in_and_where_it_stands_in_the_journey():
    load()
    assert set(Programme.objects.values_list("family", "entry", "phase")) == {
        ("sec-development", "apply", 1),
        ("sec-embedding", "offered", 2),
        ("sec-sustaining", "continue", 3),
        ("sec-specialist", "teacher", None),
    }


@pytest.mark.parametrize(
    ("family", "year", "on", "rule", "parameters"),
    [
        ("sec-embedding", 2024, "2024-03-01", "completed_before", {"family": "sec-development", "years_ago": 1}),
        ("sec-embedding", 2024, "2024-03-01", "joined_with", {"family": "sec-sustaining", "when": "offer"}),
        *[
            (
                "sec-sustaining",
                year,
                f"{year}-03-01",
                "took_part_or_specialist",
                {
                    "families": ["sec-development", "sec-embedding", "sec-sustaining"],
                    "specialist_cohort_max": year - 2017 if year > 2020 else 5,
                },
            )
            for year in (2020, 2024, 2025, 2026)
        ],
        ("sec-sustaining", 2024, "2024-03-01", "lead_participants", {"count": 2}),
        ("sec-specialist", 2024, "2024-03-01", "teacher_qualified", {"qts": True, "min_years": 2}),
        ("sec-specialist", 2025, "2025-04-03", "teacher_qualified", {"qts": True, "not_ect": True}),
        ("sec-specialist", 2025, "2025-04-04", "teacher_qualified", {"qts": True, "not_ect": True}),
        ("sec-specialist", 2024, "2024-03-01", "head_supports", {"days": 15, "launch": True, "when": "offer"}),
    ],
)
def test_who_may_join_is_data_of_the_year(family, year, on, rule, parameters):
    load()
    in_force = Project.objects.get(programme=family, year=year).rule_sets.in_force(date.fromisoformat(on))
    assert next(row for row in in_force.rules if row["rule"] == rule) == {"rule": rule, **parameters}


def test_cohort_10_has_two_sets_of_rules_and_the_fourth_of_april_2025_parts_them():
    load()
    project = Project.objects.get(cohort_number=10)
    before, after = (project.rule_sets.in_force(date(2025, 4, day)) for day in (3, 4))

    assert (before.version, after.version) == (1, 2)
    assert (before.terms["other_schools_required"], after.terms["other_schools_required"]) == (True, False)
    assert [after.terms[f"year_{n}"]["hub_support_half_days"] for n in (1, 2)] == [3, 3]
    assert "subject_leader" in [row["code"] for row in after.commitments]


def test_the_four_foci_of_2024_carry_the_letters_of_their_codes_and_one_is_new():
    load()
    foci = Project.objects.get(code="NCP24-14").foci.all()
    assert [(focus.letter, focus.is_new) for focus in foci] == [("a", False), ("b", True), ("c", False), ("d", False)]
    later = Project.objects.get(programme="sec-sustaining", year=2026)
    assert later.foci.filter(source__contains="no source").count() == 4
    assert [row["field"] for row in later.to_set if row["blocks"]] == ["foci"]


@pytest.mark.parametrize(
    ("family", "year", "amount", "left_to_hubs"),
    [
        ("sec-development", 2019, 0, True),
        ("sec-development", 2020, 2000, False),
        ("sec-development", 2026, 2000, False),
        ("sec-embedding", 2026, 1000, False),
        ("sec-sustaining", 2024, 0, True),
        ("sec-specialist", 2020, 3000, False),
        ("sec-specialist", 2024, 0, True),
    ],
)
def test_a_grant_that_no_source_names_is_nothing_unless_a_hub_enters_one(family, year, amount, left_to_hubs):
    load()
    project = Project.objects.get(programme=family, year=year)
    cohort = CohortFactory(project=project, grant_amount=Decimal(750))
    assert project.rule_sets.first().grant_amount == amount
    assert grant_amount(cohort, project.rule_sets.first()) == (750 if left_to_hubs else amount)


def test_what_may_follow_is_data_too():
    load()

    def ways(family):
        rows = Project.objects.get(programme=family, year=2024).next_phases
        return [(row["family"], row["years_later"], row.get("or_more", False), row.get("with")) for row in rows]

    assert ways("sec-development") == [
        ("sec-embedding", 1, False, "sec-sustaining"),
        ("sec-sustaining", 1, True, None),
    ]
    assert ways("sec-embedding") == ways("sec-sustaining") == [("sec-sustaining", 1, True, None)]
    assert ways("sec-specialist") == [("sec-sustaining", 2, True, None)]


def test_loading_again_changes_nothing_even_when_the_rules_were_used():
    assert len(load().added) > 40
    use()

    again = load()

    assert (again.added, again.changed) == ([], [])


def test_rules_that_nobody_used_yet_follow_their_file(folder):
    load(folder)
    edit(folder, lambda rows: rows[0].update(grant_amount="1500"))

    assert load(folder).changed == [
        "Secondary Teaching for Mastery: Development 2026/27, rules version 1: grant_amount"
    ]
    assert rule_sets().get().grant_amount == Decimal(1500)


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

    def both(rows):
        rows[0].update(change)
        rows.append(rows[0] | {"version": 2, "effective_from": date(2026, 12, 1)})

    edit(folder, both)
    with pytest.raises(catalogue.CatalogueError, match="has been used and is never edited"):
        load(folder)

    assert rule_sets().count() == 1
    assert rule_sets().get().grant_amount == Decimal(2000)


def test_used_rules_are_superseded_from_a_date(folder):
    load(folder)
    use()
    newer = {"version": 2, "effective_from": date(2026, 12, 1), "grant_amount": "2500"}
    edit(folder, lambda rows: rows.append(rows[0] | newer))

    assert load(folder).added == ["Secondary Teaching for Mastery: Development 2026/27, rules version 2"]

    amounts = rule_sets().order_by("version").values_list("grant_amount", flat=True)
    assert list(amounts) == [Decimal(2000), Decimal(2500)]


@pytest.mark.parametrize("effective_from", [date(2026, 3, 1), USED_AT.date()])
def test_new_rules_do_not_reach_back_to_days_that_the_old_ones_have_judged(folder, effective_from):
    load(folder)
    newer = {"version": 2, "effective_from": effective_from}
    edit(folder, lambda rows: rows.append(rows[0] | newer))
    use()

    with pytest.raises(catalogue.CatalogueError, match="Give them a date that lies ahead"):
        load(folder)
    assert rule_sets().count() == 1


def test_rules_that_were_loaded_in_time_may_come_into_force(folder):
    load(folder)
    use()
    edit(folder, lambda rows: rows.append(rows[0] | {"version": 2, "effective_from": date(2026, 11, 4)}))
    load(folder)

    again = catalogue.load(known_rules=RULES, folder=folder, at=datetime(2026, 12, 1, tzinfo=UTC))

    assert (again.added, again.changed) == ([], [])


def test_an_unknown_rule_is_refused_by_name_and_nothing_is_saved(folder):
    edit(folder, lambda rows: rows[0]["rules"].append({"rule": "wears_a_hat"}))

    with pytest.raises(catalogue.CatalogueError, match="no such rule: wears_a_hat"):
        load(folder)
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[0]["rules"].append({"rule": "joined_with"}), "joined_with needs the parameter “family”"),
        (lambda rows: rows[0]["rules"].append({"rule": "window_open", "x": 1}), "window_open has no parameter “x”"),
        (lambda rows: rows[0]["rules"].append({"rule": "window_open", "when": "later"}), "belongs to no step “later”"),
        (lambda rows: rows[0]["rules"].append({}), "no such rule: one has no name"),
        (lambda rows: rows.append(rows[0] | {"version": 2}), "the two would overlap"),
        (
            lambda rows: rows.append(rows[0] | {"version": 2, "effective_from": date(2026, 1, 1)}),
            "which is not after version 1",
        ),
    ],
)
def test_unsound_rules_are_refused_with_a_sentence_that_names_file_and_project(folder, change, said):
    edit(folder, change)

    with pytest.raises(catalogue.CatalogueError, match=said) as refused:
        load(folder)
    assert str(refused.value).startswith(f"{FILE}: Secondary Teaching for Mastery: Development 2026/27")
    assert not Programme.objects.exists()


def test_rules_do_not_begin_inside_a_window_that_has_closed(folder):
    load(folder)
    project = Project.objects.get(year=2026)
    CohortFactory(project=project, opens_on=date(2026, 9, 1), closes_on=date(2026, 10, 1))
    edit(folder, lambda rows: rows.append(rows[0] | {"version": 2, "effective_from": date(2026, 9, 15)}))

    said = r"inside a window that has closed \(1 September 2026 to 1 October 2026\)"
    with pytest.raises(catalogue.CatalogueError, match=said):
        load(folder)
    assert rule_sets().count() == 1


def test_rules_of_a_closed_project_do_not_begin_later(folder):
    def later(data):
        rows = next(each for each in data["projects"] if each["year"] == 2024)["rule_sets"]
        rows.append(rows[0] | {"version": 2, "effective_from": date(2027, 1, 1)})

    change_file(folder, later)
    with pytest.raises(catalogue.CatalogueError, match=r"Development 2024/25.*applications are closed"):
        load(folder)


def test_the_command_says_what_it_did_and_refuses_in_a_sentence(capsys):
    call_command("load_catalogue")
    assert "Added: Secondary Teaching for Mastery: Development 2026/27" in capsys.readouterr().out
    call_command("load_catalogue")
    assert capsys.readouterr().out == "The catalogue is up to date.\n"

    rule_sets().update(used_at=USED_AT, source="As it was then")  # then the file changed
    with pytest.raises(CommandError, match="has been used and is never edited"):
        call_command("load_catalogue")


@pytest.mark.parametrize("value", [{"grant_amount": 1}, {"rules": []}, {"version": 9}, {"used_at": None}])
def test_the_database_itself_keeps_used_rules(value):
    load()
    use()

    for change in (lambda rows: rows.update(**value), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(rule_sets())
    rule_sets(2024).delete()  # never used


def test_one_rule_set_a_version_and_a_day():
    load()
    old = rule_sets().get()

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
