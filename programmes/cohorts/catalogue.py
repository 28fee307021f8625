"""Loading the catalogue: programmes, projects and rule sets from the files in `programmes/catalogue/`."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import yaml
from django.db import transaction

from hubportal.clock import london_date

from .models import Focus, Programme, Project, RuleSet
from .states import RuleSetStatus

FOLDER = Path(__file__).parent.parent / "catalogue"
RULE_SET_FIELDS = [
    "effective_from", "rules", "commitments", "terms", "grant_amount", "offer_days", "source", "confidence",
]  # fmt: skip
MORE = {"title": "", "cohort_number": None, "opens_about": "", "next_phases": [], "to_set": []}
"""What a project of the catalogue need not say."""


class CatalogueError(Exception):
    """A file says something that cannot be loaded; nothing has been saved."""


@dataclass
class Loaded:
    """What a load did, in words for the person who ran it."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@transaction.atomic
def load(*, known_rules: Collection[str], at: datetime, folder: Path = FOLDER) -> Loaded:
    """Make the tables say what the files say. Safe to call twice: the second time changes nothing.

    Raises CatalogueError for an unknown rule, when a rule set that has been used differs from its file, and when new
    rules beside used ones do not begin after today: applications of earlier days may have been checked already.
    """
    loaded, today = Loaded(), london_date(at)
    for path in sorted(folder.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        programme = _store(Programme, {"family": data["programme"]["family"]}, data["programme"], loaded)
        for row in data["projects"]:
            rule_sets, foci = row.pop("rule_sets"), row.pop("foci", [])
            row = MORE | row
            project = _store(Project, {"programme": programme, "year": row["year"], "code": row["code"]}, row, loaded)
            for focus in foci:
                _store(
                    Focus,
                    {"project": project, "letter": focus["letter"]},
                    {"text": "", "is_new": False} | focus,
                    loaded,
                )
            for rule_set in rule_sets:
                _store_rule_set(project, rule_set, known_rules, loaded, today=today)
    Project.objects.filter(published_at=None, programme__hub=None).update(published_at=at)
    return loaded


def _store_rule_set(project: Project, row: dict, known_rules: Collection[str], loaded: Loaded, *, today: date) -> None:
    unknown = {rule["rule"] for rule in row["rules"]} - set(known_rules)
    if unknown:
        raise CatalogueError(f"{project}: no such rule: {', '.join(sorted(unknown))}.")
    row = {"terms": {}} | row
    row["status"] = RuleSetStatus.PUBLISHED
    if row["grant_amount"] is not None:
        row["grant_amount"] = Decimal(row["grant_amount"])
    old = RuleSet.objects.filter(project=project, version=row["version"]).first()
    if old and old.used_at and any(getattr(old, name) != row[name] for name in RULE_SET_FIELDS):
        raise CatalogueError(
            f"{old} has been used and is never edited. Give the changed rules a new version with the date "
            "from which they hold."
        )
    if not (old and old.effective_from == row["effective_from"]) and row["effective_from"] <= today:
        _refuse_late_rules(project, row)
    _store(RuleSet, {"project": project, "version": row["version"]}, row, loaded)


def _refuse_late_rules(project: Project, row: dict) -> None:
    if project.rule_sets.exclude(used_at=None).exists():
        raise CatalogueError(
            f"{project}, rules version {row['version']}: earlier rules have been used, so these cannot hold from "
            f"{row['effective_from']:%d.%m.%Y} on. Give them a date that lies ahead."
        )


def _store(model, key: dict, values: dict, loaded: Loaded):
    """Create or update one row if it differs; say so in `loaded`."""
    record = model.objects.filter(**key).first()
    if record is None:
        record = model.objects.create(**(values | key))
        loaded.added.append(str(record))
        return record
    changed = {name: value for name, value in values.items() if getattr(record, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(record, name, value)
        record.save(update_fields=list(changed))
        loaded.changed.append(f"{record}: {', '.join(sorted(changed))}")
    return record
