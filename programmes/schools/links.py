"""The register's links between establishments: loading the file, and walking from a closed school to its successors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from . import gates
from .columns import LINKS
from .models import Establishment, EstablishmentLink
from .reading import RegisterRefused, Source, require_columns
from .staging import stage, type_rows

RAW, INCOMING = "links_raw", "links_incoming"
# “LinkURN is my ...”: the kinds that lead on. Only a plain one may be followed without a person.
PLAIN, PLAIN_BACK = "Successor", "Predecessor"
LEADS_ON = Q(link_type__startswith="Successor") | Q(link_type="Result of Amalgamation")
LEADS_BACK = Q(link_type__startswith="Predecessor")

SAME = "ours.urn = incoming.urn AND ours.link_urn = incoming.link_urn AND ours.link_type = incoming.link_type"
LOST = f"""
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM links_incoming AS incoming WHERE {SAME})),
       (SELECT count(*) FROM links_incoming) FROM programmes_establishmentlink AS ours
"""
REMOVE = f"""
DELETE FROM programmes_establishmentlink AS ours WHERE NOT EXISTS (SELECT FROM links_incoming AS incoming WHERE {SAME})
"""
UPSERT = """
INSERT INTO programmes_establishmentlink AS ours (urn, link_urn, link_name, link_type, established_on)
SELECT DISTINCT ON (urn, link_urn, link_type) urn, link_urn, {name}, link_type, {established}
FROM links_incoming AS incoming ORDER BY urn, link_urn, link_type, place
ON CONFLICT (urn, link_urn, link_type) DO UPDATE
SET link_name = EXCLUDED.link_name, established_on = EXCLUDED.established_on
WHERE (ours.link_name, ours.established_on) IS DISTINCT FROM (EXCLUDED.link_name, EXCLUDED.established_on)
"""


@dataclass(frozen=True)
class LinkCounts:
    rows: int
    written: int
    removed: int

    @property
    def total(self) -> int:
        return self.written + self.removed


def load(cursor, source: Source) -> tuple[LinkCounts, list[str]]:
    """Make our links those of the file; return what that changed, and warnings.

    Links that are no longer in the file go: the register withdraws wrong ones, and they must not be followed.
    """
    require_columns(source, [column.header for column in LINKS if column.needed], [column.header for column in LINKS])
    stage(cursor, source, RAW)
    warnings = type_rows(cursor, source, raw=RAW, typed=INCOMING, columns=LINKS)
    cursor.execute(f"ANALYZE {INCOMING} (urn, link_urn)")
    cursor.execute(LOST)
    ours, lost, rows = cursor.fetchone()
    if not rows:
        raise RegisterRefused(f"{source.name} has a header and no links.")
    gates.check_links(source, lost=lost, ours=ours)
    cursor.execute(REMOVE)
    removed = cursor.rowcount
    cursor.execute(
        UPSERT.format(
            name="link_name" if "LinkName" in source.columns else "''",
            established="established_on" if "LinkEstablishedDate" in source.columns else "NULL::date",
        )
    )
    return LinkCounts(rows, cursor.rowcount, removed), warnings


@dataclass
class Successors:
    """Where the links from a closed school lead: open establishments, and URNs that are not in our register.

    `plainly` holds what plain “Successor” links reach; `doubtful` says whether a merger, split or the like is among
    the links.
    """

    open: list[Establishment] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)
    plainly: set[int] = field(default_factory=set)
    doubtful: bool = False

    @property
    def only(self) -> Establishment | None:
        """The one open plain successor, if the links leave no doubt."""
        if len(self.open) != 1 or self.unknown or self.doubtful or self.open[0].pk not in self.plainly:
            return None
        return self.open[0]


def successors(urn: int, *, today: date) -> Successors:
    """Return the successors of a closed establishment, through closed ones to those that are open.

    Ones that are only proposed to open are passed over: their URN may still change. Circles end where they began.
    """
    found, seen, ends = Successors(plainly={urn}), {urn}, {urn}
    while ends:
        steps = list(_steps(ends))
        found.plainly |= {to for start, to, kind in steps if kind == PLAIN and start in found.plainly}
        found.doubtful |= any(kind not in {PLAIN, PLAIN_BACK} for _, _, kind in steps)
        new = {to for _, to, _ in steps} - seen
        seen |= new
        known = {each.urn: each for each in Establishment.objects.filter(urn__in=new)}
        found.unknown |= new - known.keys()
        found.open += [each for each in known.values() if each.is_open_on(today)]
        ends = {urn for urn, each in known.items() if each.is_closed_on(today)}
    return found


def _steps(urns: set[int]) -> Iterator[tuple[int, int, str]]:
    """Yield (URN, the URN that it leads on to, kind of link); the register has some links in one direction only."""
    yield from EstablishmentLink.objects.filter(LEADS_ON, urn__in=urns).values_list("urn", "link_urn", "link_type")
    back = EstablishmentLink.objects.filter(LEADS_BACK, link_urn__in=urns)
    yield from back.values_list("link_urn", "urn", "link_type")
