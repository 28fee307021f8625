"""The house as DESIGN draws it: arrows point down, rules are pure, files stay small, personal fields are named."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
OURS = ("hubportal", "programmes", "applications", "workgroups")
FILES = sorted(
    path for top in OURS for path in (ROOT / top).rglob("*.py") if "migrations" not in path.relative_to(ROOT).parts
)

# Each layer may import what stands below it here, and itself. A module belongs to the longest name that fits.
BELOW = {
    "hubportal.foundation": set(),
    "hubportal.accounts": {"hubportal.foundation"},
    "hubportal.history": {"hubportal.foundation", "hubportal.accounts"},
    "hubportal.messaging": {"hubportal.foundation", "hubportal.accounts", "hubportal.history"},
}
HUBPORTAL = {*BELOW, "hubportal.doors"}
BELOW["hubportal.doors"] = set(BELOW)
BELOW["hubportal.start-up"] = HUBPORTAL | {"hubportal.start-up", "programmes", "applications", "workgroups"}
BELOW["programmes.schools"] = HUBPORTAL
BELOW["programmes.people"] = BELOW["programmes.schools"] | {"programmes.schools"}
BELOW["programmes.cohorts"] = BELOW["programmes.people"] | {"programmes.people"}
BELOW["programmes.funding"] = BELOW["programmes.cohorts"] | {"programmes.cohorts"}
BELOW["programmes.specialists"] = BELOW["programmes.funding"] | {"programmes.funding"}
SLICES = {*BELOW} - HUBPORTAL - {"hubportal.start-up"}
BELOW["programmes"] = HUBPORTAL | SLICES
BELOW["applications"] = BELOW["workgroups"] = HUBPORTAL | SLICES | {"programmes"}

FOUNDATION = {"rules", "clock", "ratelimit", "adminsite", "rows", "spreadsheets", "templatetags", "uploads", "wording"}
# What accounts do is written down by history and mailed by messaging, which both rest on accounts' models: so these
# modules of accounts stand above the three, and the models below never import them.
DOORS = {"actions", "adapter", "admin", "forms", "middleware", "urls", "views"}

LONG_TABLES: set[str] = set()  # functions over 40 lines that are tables, with the reason


def layer(module: str) -> str:
    """Return the layer that a module of ours belongs to."""
    first, _, rest = module.partition(".")
    name = rest.partition(".")[0]
    if first == "hubportal" and name not in {"accounts", "history", "messaging"}:
        return "hubportal.foundation" if name in FOUNDATION else "hubportal.start-up"
    if first == "hubportal" and name == "accounts" and module.split(".")[2:3] and module.split(".")[2] in DOORS:
        return "hubportal.doors"
    whole = f"{first}.{name}"
    return whole if whole in BELOW else first


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path):
    """Yield (line, module) for each import of ours, relative ones and those inside functions included.

    Of `from x import y`, y counts too when it is a module.
    """
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            start = ".".join(filter(None, [base if node.level else "", node.module or ""]))
            found = [f"{start}.{alias.name}" if is_module(f"{start}.{alias.name}") else start for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in found if name.partition(".")[0] in OURS)


def is_module(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").exists()


def test_arrows_point_down():
    up = [
        f"{path.relative_to(ROOT)}:{line}: {layer(module_of(path))} imports {name}"
        for path in FILES
        for line, name in imports_of(path)
        if layer(name) != layer(module_of(path)) and layer(name) not in BELOW[layer(module_of(path))]
    ]
    assert up == []


def test_the_walk_sees_relative_and_late_imports(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.test_architecture.ROOT", tmp_path)
    (tmp_path / "programmes" / "people").mkdir(parents=True)
    (tmp_path / "programmes" / "cohorts").mkdir()
    source = tmp_path / "programmes" / "people" / "models.py"
    source.write_text("from ..cohorts import models\nfrom .. import cohorts\ndef f():\n    import applications.rules\n")
    found = [name for _, name in imports_of(source)]
    assert found == ["programmes.cohorts", "programmes.cohorts", "applications.rules"]


def our_models():
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in OURS]


def test_foreign_keys_point_down():
    up = [
        f"{model._meta.label}.{field.name} points at {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model.__module__.partition(".")[0] in OURS
        for here, there in [(layer(model.__module__), layer(field.related_model.__module__))]
        if there != here and there not in BELOW[here]
    ]
    assert up == []


IMPURE = {"models", "querysets", "actions", "django.db", "django.conf", "django.utils.timezone", "hubportal.settings"}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time"}


@pytest.mark.parametrize("path", [p for p in FILES if p.name == "rules.py" or p.parent.name == "rules"], ids=module_of)
def test_rules_know_no_database_settings_or_clock(path):
    impure = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            start = getattr(node, "module", None) or ""
            names = {start, *(alias.name for alias in node.names), *(f"{start}.{alias.name}" for alias in node.names)}
            impure += [name for name in names if name in IMPURE or name.rpartition(".")[2] in {"models", "querysets"}]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            impure.append(f"{node.func.attr}() on line {node.lineno}")
    assert impure == []


def test_files_stay_under_400_lines():
    written = [*FILES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "dev").rglob("*.py")]
    assert {str(p.relative_to(ROOT)): n for p in written if (n := len(p.read_text().splitlines())) > 400} == {}


def test_settings_stay_under_250_lines():
    assert len((ROOT / "hubportal" / "settings.py").read_text().splitlines()) < 250


def test_functions_stay_under_40_lines():
    long = {
        f"{module_of(path)}.{node.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40
    }
    assert long - LONG_TABLES == set()


def test_no_junk_drawers():
    assert [str(p) for p in FILES if p.stem in {"utils", "helpers", "mixins", "signals", "services"}] == []


TEXTS = (models.CharField, models.TextField, models.JSONField)
TELLING = ("name", "email", "phone", "note", "text", "answer", "reason", "question", "fact", "addres", "result", "to")


def not_about_people():
    path = ROOT / "tests" / "not_about_people.txt"
    return {line.partition("#")[0].strip() for line in path.read_text().splitlines()} - {""}


def sounds_personal(field):
    return isinstance(field, models.EmailField) or any(word.rstrip("s") in TELLING for word in field.name.split("_"))


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_says_which_fields_are_personal(model):
    fields = {field.name: field for field in model._meta.concrete_fields}
    assert "PERSONAL" in vars(model), f"{model._meta.label} has no PERSONAL."
    assert set(fields) >= model.PERSONAL

    unsaid = {
        f"{model._meta.label}.{name}"
        for name, field in fields.items()
        if isinstance(field, TEXTS) and not field.choices and name not in model.PERSONAL and sounds_personal(field)
    }
    assert unsaid - not_about_people() == set(), "Add to PERSONAL, or to tests/not_about_people.txt with the reason."
