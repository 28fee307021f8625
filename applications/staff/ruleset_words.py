"""A set of rules as a hub lead reads it, and what one says otherwise than another."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from applications import replay
from applications.rules import LABELS, RULES
from applications.rules.parameters import RESULTS, in_words, table_row
from applications.specialists.checks import THE_SCHOOLS
from hubportal.templatetags.hub import pounds, short_day
from programmes.models import RuleSet

STEPS = {"check": "At the check", "offer": "Before an offer"}
PLAIN = {"effective_from": "In force from", "grant_amount": "Grant", "offer_days": "Time to answer an offer",
         "source": "Source", "confidence": "How sure we are"}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What one set of rules says otherwise than another; "" where it says nothing."""

    what: str
    was: str
    becomes: str


def rules_in_words(rule_set: RuleSet) -> list[dict]:
    """Return each rule: its name in words, its sentence, when it is asked, and its table if it has one."""
    return [
        {
            "label": LABELS.get(row.get("rule", ""), "A rule that the portal does not know"),
            "sentence": in_words(row, RULES.get(row.get("rule", ""))),
            "step": step_of(row, teachers=replay.is_teachers(rule_set)),
            "table": [table_words(each) for each in row.get("table", [])],
        }
        for row in rule_set.rules
    ]


def step_of(row: dict, *, teachers: bool) -> str:
    """Return when a rule is asked. What the school has to say of a teacher is never asked before its head has."""
    later = teachers and row.get("rule") in THE_SCHOOLS
    return STEPS["offer"] if later else STEPS.get(row.get("when", "check"), str(row.get("when")))


def table_words(row: dict) -> tuple[str, str, str]:
    """Return whom a row of the table of school types is about, what it comes to, and why."""
    return table_row(row), RESULTS.get(row["result"], row["result"]), row.get("why", "")


def figure(rule_set: RuleSet, name: str) -> str:
    """Return one of the plain figures in words."""
    value = getattr(rule_set, name)
    if name == "grant_amount":
        return "Each hub sets it" if value is None else pounds(value)
    if name == "offer_days":
        return f"{value} day{'' if value == 1 else 's'}"
    if name == "confidence":
        return rule_set.get_confidence_display()
    return short_day(value) if name == "effective_from" else str(value)


def terms_in_words(rule_set: RuleSet) -> list[tuple[str, str]]:
    """Return days, visits, rates and the like, by name."""
    return [(term_name(path), term_value(value)) for path, value in terms_of(rule_set.terms)]


def terms_of(terms: dict, under: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield path and value of every term, those within others too."""
    for name, value in terms.items():
        if isinstance(value, dict):
            yield from terms_of(value, (*under, name))
        else:
            yield (*under, name), value


def term_name(path: tuple[str, ...]) -> str:
    words = ", ".join(part.replace("_", " ") for part in path)
    return words[:1].upper() + words[1:]


def term_value(value) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return " to ".join(map(str, value)) if isinstance(value, list) else str(value)


def changes(before: RuleSet, after: RuleSet) -> list[Change]:
    """Return in words what `after` says otherwise than `before`."""
    return [
        *_plain_changes(before, after),
        *_rule_changes(_named(before), _named(after)),
        *_by_name(
            {row["code"]: row["text"] for row in before.commitments},
            {row["code"]: row["text"] for row in after.commitments},
            "Commitment",
        ),
        *_by_name(dict(terms_in_words(before)), dict(terms_in_words(after)), ""),
    ]


def _plain_changes(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    for name, words in PLAIN.items():
        was, becomes = figure(before, name), figure(after, name)
        if was != becomes:
            yield Change(words, was, becomes)


def _by_name(before: dict[str, str], after: dict[str, str], what: str) -> Iterator[Change]:
    for name in before | after:
        was, becomes = before.get(name, ""), after.get(name, "")
        if was != becomes:
            yield Change(what or name, was, becomes)


def _named(rule_set: RuleSet) -> dict[tuple[str, int], dict]:
    """Return the rows of a rule set by name; of two with one name, the second is another."""
    seen: Counter = Counter()
    found = {}
    for row in rule_set.rules:
        name = str(row.get("rule", ""))
        found[name, seen[name]] = row
        seen[name] += 1
    return found


def _rule_changes(before: dict, after: dict) -> Iterator[Change]:
    for key in before | after:
        was, becomes, label = before.get(key), after.get(key), LABELS.get(key[0], key[0])
        if was == becomes:
            continue
        if _sentence(was) != _sentence(becomes):
            yield Change(label, _sentence(was), _sentence(becomes))
        if was and becomes:
            yield from _table_changes(label, was.get("table", []), becomes.get("table", []))


def _sentence(row: dict | None) -> str:
    if row is None:
        return ""
    later = f" ({STEPS['offer'].lower()})" if row.get("when") == "offer" else ""
    return in_words(row, RULES.get(row.get("rule", ""))) + later


def _table_changes(label: str, before: list[dict], after: list[dict]) -> Iterator[Change]:
    was, becomes = [_line(row) for row in before], [_line(row) for row in after]
    gone = [line for line in was if line not in becomes]
    new = [line for line in becomes if line not in was]
    if gone or new:
        yield Change(f"{label}: the table", "\n".join(gone), "\n".join(new))
    elif was != becomes:
        yield Change(f"{label}: the table", "", "Its rows stand in another order")


def _line(row: dict) -> str:
    about, result, why = table_words(row)
    return f"{about}: {result.lower()}{f' ({why})' if why else ''}"
