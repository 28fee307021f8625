"""What a rule says: findings, and the refusal that carries them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a finding does to an outcome, weakest first."""

    WARN = "warn"
    REFER = "refer"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Finding:
    """One thing a rule found: a sentence the reader can act on, and the fact it rests on.

    `code` is for tests, filters and reports. `fact` is what was seen, `source` where, `as_of` the date of
    that source (ISO, "" when undated).
    """

    code: str
    text: str
    effect: Effect = Effect.REFUSE
    fact: str = ""
    source: str = ""
    as_of: str = ""

    def as_dict(self) -> dict:
        """Return the finding as plain JSON values."""
        return asdict(self) | {"effect": str(self.effect)}


class Refused(Exception):
    """What was asked breaks rules; nothing has been saved."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = list(findings)
        super().__init__(" ".join(finding.text for finding in self.findings))


Rule = Callable[..., Iterator[Finding]]


def assess(facts, rules: Iterable[Rule]) -> list[Finding]:
    """Return every finding, in the order of `rules`; none means go ahead."""
    return [finding for rule in rules for finding in rule(facts)]


def require(facts, rules: Iterable[Rule]) -> None:
    """Raise Refused with every finding unless there is none."""
    if findings := assess(facts, rules):
        raise Refused(findings)
