"""The table beside the picture: every year in words, with the pauses and the changes of URN between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from hubportal.clock import year_label

from .facts import Span, Stop, academic_year, breaks
from .line import SHORT, busy_years

TONES = {"done": "good", "part": "wait", "now": "info", "out": ""}
ELSEWHERE = "At another hub"


@dataclass(frozen=True)
class TableRow:
    """One row. `kind`: stop, pause, change (of URN or post) or specialist; `year` and `on` give the order."""

    kind: str
    year: int
    years: str
    what: str
    on: date | None = None
    state: str = ""
    tone: str = ""
    stop: Stop | None = field(default=None, compare=False)
    note: str = ""


def table(stops: Sequence[Stop], spans: Sequence[Span], *, today: date) -> list[TableRow]:
    """Return the rows, the earliest year first."""
    this_year = academic_year(today)
    rows = [
        *(_of_stop(stop) for stop in stops),
        *_of_pauses(busy_years(stops, spans, this_year), this_year),
        *(_of_span(span, this_year) for span in spans if span.kind in ROWS_OF_SPANS),
        *_of_changes([span for span in spans if span.kind == "urn"]),
    ]
    return sorted(rows, key=lambda row: (row.year, row.on or date(row.year, 9, 1), row.what))


ROWS_OF_SPANS = {"specialist", "post", "accreditation"}


def _of_stop(stop: Stop) -> TableRow:
    kind = SHORT.get(stop.status, ("now", ""))[0]
    state, tone = (stop.label, TONES[kind]) if stop.known else (ELSEWHERE, "")
    return TableRow("stop", stop.year, year_label(stop.year), stop.title, stop.from_on, state, tone, stop, stop.note)


def _of_pauses(busy: Iterable[int], this_year: int) -> Iterable[TableRow]:
    for first, last in breaks(busy, this_year=this_year):
        years = year_label(first) if first == last else f"{year_label(first)} to {year_label(last)}"
        count = last - first + 1
        length = "One year" if count == 1 else f"{count} years"
        yield TableRow("pause", first, years, "Break", date(first, 9, 1), note=f"{length} without a programme")


def _of_span(span: Span, this_year: int) -> TableRow:
    last = academic_year(span.until_on) if span.until_on else this_year
    first = academic_year(span.from_on)
    since = f"From {year_label(first)}" if span.until_on is None else f"{year_label(first)} to {year_label(last)}"
    years = year_label(first) if first == last and span.until_on else since
    return TableRow(span.kind, first, years, span.long or span.label, span.from_on, note=span.text)


def _of_changes(urns: list[Span]) -> Iterable[TableRow]:
    """Yield a row for each URN after the first."""
    ordered = sorted(urns, key=lambda each: each.from_on)
    for old, new in pairwise(ordered):
        year = academic_year(new.from_on)
        note = f"Before: URN {old.label}, {old.text}"
        yield TableRow("change", year, year_label(year), f"New URN {new.label}, {new.text}", new.from_on, note=note)
