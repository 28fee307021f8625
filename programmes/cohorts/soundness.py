"""What is wrong with a set of rules, in sentences: asked of the catalogue's files and of what people draft."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import pairwise

from hubportal.clock import short_day

STEPS = {"check", "offer"}
NOT_PARAMETERS = {"rule", "when"}


def unsound(rules: list[dict], known: Mapping[str, Callable]) -> list[str]:
    """Return what is wrong with these rows: an unknown rule or step, a missing parameter, one that the rule lacks."""
    named = [row.get("rule", "") for row in rules]
    missing = sorted({name for name in named if name not in known})
    said = [f"no such rule: {', '.join(missing) or 'one has no name'}."] if missing else []
    for row in rules:
        if row.get("rule") in known:
            said += _of_row(row, known[row["rule"]])
    return said


def _of_row(row: dict, rule: Callable) -> list[str]:
    asked = list(inspect.signature(rule).parameters.values())[1:]  # the first is the facts
    given, name = set(row) - NOT_PARAMETERS, row["rule"]
    needed = {each.name for each in asked if each.default is inspect.Parameter.empty and each.kind != each.VAR_KEYWORD}
    takes_more = any(each.kind == each.VAR_KEYWORD for each in asked)
    said = [f"the rule {name} needs the parameter “{each}”." for each in sorted(needed - given)]
    unknown = set() if takes_more else given - {each.name for each in asked}
    said += [f"the rule {name} has no parameter “{each}”." for each in sorted(unknown)]
    if row.get("when", "check") not in STEPS:
        said.append(f"the rule {name} belongs to no step “{row['when']}”: it is “check” or “offer”.")
    return said


def unordered(dated: Iterable[tuple[int, date]]) -> list[str]:
    """Return what is wrong with versions and the days from which they hold: each must begin after the one before."""
    rows = sorted(dated)
    return [
        f"rules version {version} hold from {short_day(day)}, which is not after version {before} "
        f"({short_day(earlier)}): the two would overlap."
        for (before, earlier), (version, day) in pairwise(rows)
        if day <= earlier
    ]


def too_late(effective_from: date, windows: Iterable[tuple[date, date]], *, closed: bool, today: date) -> str:
    """Return why rules cannot begin on a day, or "": inside a window that has closed they would judge people twice.

    `windows` are first and last days; `closed` means that the whole project takes nobody any more.
    """
    over = [(first, last) for first, last in windows if last < today]
    inside = [(first, last) for first, last in over if first < effective_from <= last]
    if inside:
        first, last = inside[0]
        return (
            f"rules cannot begin on {short_day(effective_from)}: that is inside a window that has closed "
            f"({short_day(first)} to {short_day(last)}), and its applications were checked under other rules."
        )
    if closed and effective_from > today:
        return f"rules cannot begin on {short_day(effective_from)}: applications are closed."
    return ""
