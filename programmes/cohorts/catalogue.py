"""Loading the catalogue: programmes, projects and rule sets from the files in `programmes/catalogue/`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import yaml
from django.db import transaction

from hubportal.clock import london_date

from .models import Focus, Programme, Project, RuleSet
from .rulesets import against_day
from .soundness import unordered, unsound
from .states import RuleSetStatus

FOLDER = Path(__file__).parent.parent / "catalogue"
SHARED = "_shared.yaml"  # stands in front of every other file, so that its anchors hold there
RULE_SET_FIELDS = [
    "effective_from", "rules", "commitments", "terms", "grant_amount", "offer_days", "source", "confidence",
]  # fmt: skip
MORE = {"title": "", "cohort_number": None, "opens_about": "", "next_phases": [], "to_set": []}
"""What a project of the catalogue need not say."""
ENTRY = {"entry": Programme.Entry.APPLY, "phase": None}
"""What a programme of the catalogue need not say."""

Rules = Mapping[str, Callable]


class CatalogueError(Exception):
    """A file says something that cannot be loaded; nothing has been saved. Its sentence names file and project."""


@dataclass
class Loaded:
    """What a load did, in words for the person who ran it."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def read(path: Path) -> dict:
    """Return what a file of the catalogue says, with what all of them share in front of it."""
    shared = path.parent / SHARED
    before = shared.read_text(encoding="utf-8") if shared.exists() else ""
    return yaml.safe_load(before + "\n" + path.read_text(encoding="utf-8"))


@transaction.atomic
def load(*, known_rules: Rules, at: datetime, folder: Path = FOLDER) -> Loaded:
    """Make the tables say what the files say. Safe to call twice: the second time changes nothing.

    Raises CatalogueError for rules that are unknown, lack a parameter, overlap or begin inside a window that has
    closed, when a rule set that has been used differs from its file, and when new rules beside used ones do not begin
    after today: applications of earlier days may have been checked already.
    """
    loaded, today = Loaded(), london_date(at)
    for path in sorted(folder.glob("[!_]*.yaml")):
        try:
            _load_file(read(path), known_rules, loaded, today=today)
        except CatalogueError as problem:
            raise CatalogueError(f"{path.name}: {problem}") from problem
    Project.objects.filter(published_at=None, programme__hub=None).update(published_at=at)
    return loaded


def _load_file(data: dict, known_rules: Rules, loaded: Loaded, *, today: date) -> None:
    programme = _store(Programme, {"family": data["programme"]["family"]}, ENTRY | data["programme"], loaded)
    for row in data["projects"]:
        row = MORE | row
        rule_sets, foci = row.pop("rule_sets"), row.pop("foci", [])
        project = _store(Project, {"programme": programme, "year": row["year"], "code": row["code"]}, row, loaded)
        for focus in foci:
            _store(
                Focus, {"project": project, "letter": focus["letter"]}, {"text": "", "is_new": False} | focus, loaded
            )
        _refuse(project, unordered((each["version"], each["effective_from"]) for each in rule_sets))
        for rule_set in rule_sets:
            _store_rule_set(project, rule_set, known_rules, loaded, today=today)


def _refuse(project: Project, said: list[str]) -> None:
    if said:
        raise CatalogueError(f"{project}: {' '.join(said)}")


def _store_rule_set(project: Project, row: dict, known_rules: Rules, loaded: Loaded, *, today: date) -> None:
    _refuse(project, unsound(row["rules"], known_rules))
    row = {"terms": {}} | row
    row["status"] = RuleSetStatus.PUBLISHED
    if row["grant_amount"] is not None:
        row["grant_amount"] = Decimal(row["grant_amount"])
    old = RuleSet.objects.filter(project=project, version=row["version"]).first()
    if old and (old.published_by_id or old.status != RuleSetStatus.PUBLISHED):
        raise CatalogueError(f"{old} were made in the portal. Give the rules of the file the next free version.")
    if old and old.used_at and any(getattr(old, name) != row[name] for name in RULE_SET_FIELDS):
        raise CatalogueError(
            f"{old} has been used and is never edited. Give the changed rules a new version with the date "
            "from which they hold."
        )
    if not (old and old.effective_from == row["effective_from"]):
        _refuse_wrong_day(project, row, today=today)
    _store(RuleSet, {"project": project, "version": row["version"]}, row, loaded)


def _refuse_wrong_day(project: Project, row: dict, *, today: date) -> None:
    """Refuse rules whose first day lies where applications have been judged, or where nobody will be."""
    if said := against_day(project, row["effective_from"], today=today):
        raise CatalogueError(f"{project}, rules version {row['version']}: {' '.join(said)}")


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
