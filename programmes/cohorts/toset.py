"""What no source says and each hub sets for itself: what is set, what is missing, what a hub cannot open without."""

from dataclasses import dataclass

from hubportal.templatetags.hub import pounds

from .models import Cohort, Project

COHORT_FIELDS = {"code", "capacity", "grant_amount"}
"""Rows of a project's `to_set` that are fields of the cohort. “foci” is said by its rooms; the rest is `details`."""


@dataclass(frozen=True)
class Fact:
    """Something that a hub sets: its words, and its value as people read it; "" while nobody has set it."""

    field: str
    label: str
    value: str
    blocks: bool = False


def facts(cohort: Cohort, project: Project, *, foci_set: bool) -> list[Fact]:
    """Return every row of the project's `to_set` with what this hub says of it."""
    return [
        Fact(row["field"], row["label"], _value(cohort, row["field"], foci_set), bool(row.get("blocks")))
        for row in project.to_set
    ]


def blocking(cohort: Cohort, project: Project, *, foci_set: bool) -> list[Fact]:
    """Return what must be set before the hub can say when schools apply."""
    return [fact for fact in facts(cohort, project, foci_set=foci_set) if fact.blocks and not fact.value]


def leaves(project: Project, field: str) -> bool:
    """Return whether the project leaves a field to its hubs."""
    return any(row["field"] == field for row in project.to_set)


def in_details(project: Project) -> list[dict]:
    """Return the rows of `to_set` that no field of the cohort holds: each is a line of text."""
    return [row for row in project.to_set if row["field"] not in COHORT_FIELDS | {"foci"}]


def _value(cohort: Cohort, field: str, foci_set: bool) -> str:
    if field == "foci":
        return "set" if foci_set else ""
    if field == "grant_amount":
        return pounds(cohort.grant_amount)
    if field in COHORT_FIELDS:
        return str(getattr(cohort, field) or "")
    return str(cohort.details.get(field, ""))
