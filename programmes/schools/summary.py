"""An import's outcome, and its words for the command and its log."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .links import LinkCounts
from .models import RegisterImport

KINDS = {
    "added": "New",
    "changed": "Changed",
    "closed": "Closed",
    "missing": "No longer in the file (kept, and marked)",
}


@dataclass
class Outcome:
    """What an import did, or with `dry_run` would do.

    `fields` are those of ours that the file has; `examples` are lines by kind of difference.
    """

    file_name: str
    register_on: date
    dry_run: bool
    seen_before: RegisterImport | None = None
    fields: frozenset[str] = frozenset()
    rows: int = 0
    added: int = 0
    changed: int = 0
    closed: int = 0
    missing: int = 0
    links: LinkCounts | None = None
    for_staff: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        in_links = self.links.total if self.links else 0
        return not (self.added or self.changed or self.missing or in_links or self.for_staff or self.followed)


def lines(outcome) -> Iterator[str]:
    """Yield the lines that say what an import did, or with a dry run would do."""
    yield f"{outcome.file_name}, the register of {outcome.register_on:%-d %B %Y}: {outcome.rows:,} schools."
    if outcome.seen_before:
        yield f"This very file was loaded on {outcome.seen_before.at:%-d %B %Y}."
    for warning in outcome.warnings:
        yield f"Warning: {warning}"
    if outcome.is_unchanged:
        yield "Nothing has changed."
    else:
        yield from _counts(outcome)
    if outcome.dry_run:
        yield from _examples(outcome)
        yield "This was a dry run: nothing has been saved."


def _counts(outcome) -> Iterator[str]:
    yield f"{outcome.added:,} new, {outcome.changed:,} changed ({outcome.closed:,} of them closed), " + (
        f"{outcome.missing:,} no longer in the file."
    )
    if outcome.links:
        links = outcome.links
        yield f"Links: {links.rows:,} in the file, {links.written:,} written, {links.removed:,} removed."
    yield f"Schools of ours moved to their successor: {len(outcome.followed)}."
    yield from (f"  {text}" for text in outcome.followed)
    yield f"Changes for staff to decide on: {len(outcome.for_staff)}."
    yield from (f"  {text}" for text in outcome.for_staff)


def _examples(outcome) -> Iterator[str]:
    for kind, heading in KINDS.items():
        examples = outcome.examples.get(kind, [])
        if examples:
            yield f"{heading}, the first {len(examples)}:" if len(examples) > 1 else f"{heading}:"
            yield from (f"  {text}" for text in examples)
