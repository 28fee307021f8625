"""Who would be decided differently under changed rules: every kept check judged again in one pass. Writes nothing.

The facts are those that were kept with each application's newest check, and what two people have set aside stays set
aside. Rows come by a server-side cursor and go again, so memory does not grow with their number.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from hubportal.rules import Effect, Finding, assess
from programmes.models import Programme, RuleSet

from .models import Application, EligibilityCheck, FindingOverride, SpecialistApplication, TeacherCheck
from .rules import Facts, SetAside, TeacherFacts, chosen, outcome, standing
from .rules.kept import NotKept
from .specialists.checks import rules_for as teachers_rules
from .states import Status

CHUNK = 1000
NOBODY: SetAside = frozenset()
MOVED_ON = [Status.DUPLICATE, Status.TRANSFERRED]
"""Another application of the same school stands for these."""
WEIGHT = {"eligible": 0, "referred": 1, "ineligible": 2}


@dataclass(frozen=True, slots=True)
class Differs:
    """An application whose outcome would be another one."""

    application: int
    was: str
    would_be: str


@dataclass
class Replay:
    """What a replay found. `noticed`: the outcome stays, and other findings lead to it. `lost`: facts that are gone."""

    checked: int = 0
    noticed: int = 0
    lost: int = 0
    differs: list[Differs] = field(default_factory=list)

    @property
    def moves(self) -> list[tuple[str, str, int]]:
        """Return old outcome, new outcome and how many, what gets stricter first."""
        counted = Counter((each.was, each.would_be) for each in self.differs)
        ordered = sorted(counted.items(), key=lambda row: (WEIGHT[row[0][0]] - WEIGHT[row[0][1]], row[0]))
        return [(was, would_be, number) for (was, would_be), number in ordered]


@dataclass(frozen=True)
class Judged:
    """One kept check beside what the other rules find on its facts; `found` is None when the facts are lost."""

    application: int
    was: str
    kept: list[dict]
    found: list[Finding] | None
    set_aside: SetAside

    @property
    def would_be(self) -> str:
        return outcome(self.found, self.set_aside)

    def gained(self) -> list[Finding]:
        before = {_key(row) for row in self.kept}
        return [each for each in standing(self.found, self.set_aside) if (each.code, each.effect) not in before]

    def gone(self) -> list[dict]:
        after = {(each.code, each.effect) for each in self.found}
        kept = [row for row in self.kept if (row["code"], row["fact"]) not in self.set_aside]
        return [row for row in kept if _key(row) not in after]


def replay(rule_set: RuleSet, *, user) -> Replay:
    """Judge every application of the project that `user` may see by these rules, beside how it was decided."""
    result = Replay()
    for each in judge(rule_set, applications_of(rule_set, user)):
        result.checked += 1
        if each.found is None:
            result.lost += 1
        elif (would_be := each.would_be) != each.was:
            result.differs.append(Differs(each.application, each.was, would_be))
        elif len(each.found) != len(each.kept) or any(
            _key(row) != (found.code, found.effect) for row, found in zip(each.kept, each.found, strict=True)
        ):
            result.noticed += 1
    result.differs.sort(key=lambda row: (WEIGHT[row.was] - WEIGHT[row.would_be], row.was, row.application))
    return result


def applications_of(rule_set: RuleSet, user) -> QuerySet:
    """Return the applications to the project that `user` may see, one for each school or teacher."""
    kind = SpecialistApplication if is_teachers(rule_set) else Application
    return kind.objects.visible_to(user).filter(project=rule_set.project_id).exclude(status__in=MOVED_ON)


def is_teachers(rule_set: RuleSet) -> bool:
    return rule_set.project.programme.entry == Programme.Entry.TEACHER


def judge(rule_set: RuleSet, applications: QuerySet) -> Iterator[Judged]:
    """Yield what these rules find on the facts of each application's newest check.

    A commitment that nobody was asked for cannot have been made, so new ones are left out.
    """
    kind, facts_of = (TeacherCheck, TeacherFacts) if is_teachers(rule_set) else (EligibilityCheck, Facts)
    rules = teachers_rules(rule_set, "check") if kind is TeacherCheck else chosen(rule_set.rules, when="check")
    asked = {row["code"]: row["text"] for row in rule_set.commitments}
    set_aside = _set_aside(kind, applications)
    with transaction.atomic():  # a cursor outside a transaction would have the server copy every row first
        for pk, was, kept, facts in _newest(kind, applications).iterator(chunk_size=CHUNK):
            aside = set_aside.get(pk, NOBODY)
            if aside:
                was = outcome([Finding(**row | {"effect": Effect(row["effect"])}) for row in kept], aside)
            yield Judged(pk, was, kept, _findings(facts_of, facts, rules, asked), aside)


def _findings(facts_of, facts: dict, rules: list, asked: dict[str, str]) -> list[Finding] | None:
    if before := facts.get("commitments_asked"):
        facts["commitments_asked"] = {code: text for code, text in asked.items() if code in before}
    try:
        return assess(facts_of.from_dict(facts), rules)
    except NotKept:
        return None


def _newest(kind, applications: QuerySet) -> QuerySet:
    """Return application, outcome, findings and facts of each newest check; the narrow choice first, then the rows."""
    checks = kind.objects.filter(application__in=applications.order_by().values("pk"))
    newest = checks.order_by("application_id", "-at", "-pk").distinct("application_id").values("pk")
    rows = kind.objects.filter(pk__in=newest).order_by()
    return rows.values_list("application_id", "outcome", "findings", "facts")


def _set_aside(kind, applications: QuerySet) -> dict[int, SetAside]:
    """Return what people have set aside on these applications, by application."""
    if kind is TeacherCheck:
        looked_at = applications.order_by().exclude(looked_at=[]).values_list("pk", "looked_at")
        return {pk: frozenset((code, fact) for code, fact in rows) for pk, rows in looked_at}
    agreed = FindingOverride.objects.filter(application__in=applications.order_by().values("pk"))
    found: dict[int, set] = {}
    for pk, code, fact in agreed.exclude(agreed_at=None).values_list("application_id", "code", "fact"):
        found.setdefault(pk, set()).add((code, fact))
    return {pk: frozenset(rows) for pk, rows in found.items()}


def _key(row: dict) -> tuple[str, str]:
    return row["code"], row["effect"]
