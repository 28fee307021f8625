"""Rules changed: 30,000 kept checks judged again, beside one bare pass over the same facts with the same rules."""

import os
import random
import subprocess
import sys
from copy import deepcopy
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from applications import replay
from applications.models import Application, EligibilityCheck
from applications.rules import RULES, Facts, Participation, SchoolFacts, chosen, outcome
from hubportal.accounts.models import Hub, User
from hubportal.rules import assess
from programmes.cohorts import catalogue
from programmes.models import Cohort, Establishment, LocalAuthority, Project, RuleSet, School

from .rows import Row, against, at_most, database_url, own_database, seconds

COUNT = 30_000
TIMES = 3
ON = date(2026, 11, 3)
TABLES = ("applications_application", "applications_eligibilitycheck", "programmes_ruleset", "history_event")
PEAK = """
import django
django.setup()
from applications import replay
from hubportal.accounts.models import User
from programmes.models import RuleSet
draft = RuleSet.objects.select_related("project__programme").get(status="draft")
replay.replay(draft, user=User.objects.get())
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""Says its peak in kB. Linux's own figure: `getrusage` would count what the parent had when it began the process."""


def run() -> list[Row]:
    with own_database():
        catalogue.load(known_rules=RULES, at=timezone.now())
        user = User.objects.create_superuser("bench@hub.example", None, name="Bench")
        draft = _draft(_applications())
        before = _written()
        found = replay.replay(draft, user=user)
        took = seconds(lambda: replay.replay(draft, user=user), times=TIMES)
        floor = seconds(lambda: _bare_pass(draft), times=TIMES)
        assert found.checked == COUNT and found.differs, found
        return [
            against(f"replay: {COUNT:,} applications", took, "s", floor, most=2, least_of="one bare pass"),
            Row("replay: decided differently", len(found.differs), ""),
            at_most("replay: peak memory of the process", _peak(), "MB", 300),
            at_most("replay: rows changed", _written() - before, "", 0),
        ]


def _applications() -> RuleSet:
    """Write the applications with the check that each was decided by, and return its rules."""
    project = Project.objects.get(programme="sec-development", year=2026)
    rule_set = project.rule_sets.get()
    hub = Hub.objects.create(name="Bench Maths Hub", slug="bench", contact_email="hub@hub.example")
    cohort = Cohort.objects.create(hub=hub, project=project, capacity=COUNT, opens_on=ON, closes_on=ON)
    school = _school()
    made = [
        Application(
            reference=f"B{n:06d}", project=project, cohort=cohort, hub=hub, school=school, status="not_offered",
            created_at=timezone.now(), submitted_at=timezone.now(),
        )
        for n in range(COUNT)
    ]  # fmt: skip
    Application.objects.bulk_create(made, batch_size=2_000)
    rules, chance = chosen(rule_set.rules, when="check"), random.Random(2026)
    asked = {row["code"]: row["text"] for row in rule_set.commitments}
    checks = (_check(each, rule_set, rules, _facts(chance, asked)) for each in made)
    EligibilityCheck.objects.bulk_create(checks, batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return rule_set


def _school() -> School:
    authority = LocalAuthority.objects.create(code="881", name="Essex")
    establishment = Establishment.objects.create(
        urn=900_000, name="Bench School", local_authority=authority, type_code=1, type_name="Community school",
        group_code=4, group_name="Local authority maintained schools", status=1, phase=4, seen_on=ON,
    )  # fmt: skip
    return School.objects.create(establishment=establishment)


def _check(application, rule_set, rules, facts: Facts) -> EligibilityCheck:
    findings = assess(facts, rules)
    return EligibilityCheck(
        application=application, rule_set=rule_set, at=timezone.now(), facts=facts.as_dict(),
        findings=[each.as_dict() for each in findings], outcome=outcome(findings),
    )  # fmt: skip


def _facts(chance: random.Random, asked: dict[str, str]) -> Facts:
    """Return the facts of a made-up school: most are plain, some of every kind that a rule asks about."""
    kind, name = chance.choice([(1, "Community school")] * 9 + [(34, "Academy converter")] * 9 + [(14, "Pupil unit")])
    low = chance.choice([11] * 9 + [14])
    school = SchoolFacts(
        urn=chance.randrange(100_000, 150_000), name=f"School {chance.random()}", type_code=kind, type_name=name,
        status=1, phase=4, phase_name="Secondary", low_age=low, high_age=chance.choice([16, 18]),
        opened_on=date(1990, 9, 1), closed_on=None, section_41=None,
        local_authority=chance.choice(["881", "883"]), local_authority_name="Essex", seen_on=ON,
    )  # fmt: skip
    roles = chance.choice([("hod", "teacher")] * 8 + [("slt", "teacher"), ("teacher",)])
    part = Participation("sec-development", "2019/20", "withdrawn")
    return Facts(
        today=ON, applied_on=ON, year=2026, school=school, hub_name="Bench Maths Hub", hub_areas=("881", "882"),
        advocate_roles=roles, advocate_titles=roles, commitments_made=tuple(asked), commitments_asked=asked,
        taken_part=(part,) if chance.random() < 0.1 else (), opens_on=ON - timedelta(30),
        closes_on=ON + timedelta(30), head="confirmed", places_left=5,
    )  # fmt: skip


def _draft(rule_set: RuleSet) -> RuleSet:
    """Return a draft that judges some schools otherwise: no role counts as similar to one that leads."""
    rules = deepcopy(rule_set.rules)
    for row in rules:
        if row["rule"] == "advocates":
            row["similar"] = []
    draft = RuleSet.objects.create(
        project=rule_set.project, version=2, effective_from=ON, rules=rules, commitments=rule_set.commitments,
        offer_days=14, source="bench", confidence="inferred",
    )  # fmt: skip
    return RuleSet.objects.select_related("project__programme").get(pk=draft.pk)


def _bare_pass(draft: RuleSet) -> None:
    """Read the same facts in batches and judge them by the same rules; compare nothing and keep nothing."""
    rules = chosen(draft.rules, when="check")
    with transaction.atomic():
        kept = EligibilityCheck.objects.order_by().values_list("facts", flat=True)
        for facts in kept.iterator(chunk_size=replay.CHUNK):
            outcome(assess(Facts.from_dict(facts), rules))


def _peak() -> float:
    """Return the peak memory in MB of a process that does nothing but the replay."""
    env = os.environ | {"DATABASE_URL": database_url(connection.settings_dict["NAME"])}
    run = subprocess.run([sys.executable, "-c", PEAK], env=env, capture_output=True, text=True, check=True)
    return int(run.stdout) / 1024


def _written() -> int:
    """Return how many rows of the tables that matter have ever been written, changed or deleted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [list(TABLES)],
        )
        return int(cursor.fetchone()[0])
