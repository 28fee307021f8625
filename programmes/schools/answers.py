"""What a search shows of each school: plain values, a closed school with its successor."""

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from .models import Establishment, EstablishmentLink

FIELDS = ("urn", "name", "town", "postcode", "phase", "status", "closed_on")
STATES, PHASES = dict(Establishment.State.choices), dict(Establishment.Phase.choices)
OPEN, CLOSED = Establishment.State.OPEN.value, Establishment.State.CLOSED.value


def as_answers(schools) -> list[dict]:
    """Return the schools of a queryset in its order, as JSON can have them; `label` says all in one line."""
    rows = list(schools.values(*FIELDS, la=F("local_authority__name"), type=F("type_name")))
    closed = [row["urn"] for row in rows if row["status"] == CLOSED]
    successors = _successors(closed) if closed else {}
    return [_answer(successor=successors.get(row["urn"]), **row) for row in rows]


def _answer(*, status, closed_on, phase, successor, **row) -> dict:
    label = ", ".join(filter(None, (row["name"], row["town"], row["postcode"])))
    label = f"{label} (URN {row['urn']})"
    if status != OPEN:
        label += f": {STATES[status].lower()}"
    if status == CLOSED and closed_on:
        label += f" on {closed_on:%-d %B %Y}"
    if successor:
        label += f", now {successor}"
    named = {"phase": PHASES.get(phase, ""), "status": STATES[status], "label": label}
    return row | named | {"successor": successor or ""}


def _successors(urns: list[int]) -> dict[int, str]:
    """Return, by URN, what the register calls the successors of these schools."""
    name = Establishment.objects.filter(pk=OuterRef("link_urn")).values("name")
    links = EstablishmentLink.objects.filter(urn__in=urns, link_type__startswith="Successor").order_by("link_urn")
    named: dict[int, list[str]] = {}
    for urn, to, text in links.values_list("urn", "link_urn", Coalesce(Subquery(name), "link_name")):
        named.setdefault(urn, []).append(f"{text} (URN {to})")
    return {urn: " or ".join(names) for urn, names in named.items()}
