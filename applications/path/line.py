"""Laying out a journey as a picture: lanes for the phases, a column for each year, a line from year to year.

Pure arithmetic in the picture's own units; `templates/path/picture.html` only writes the numbers down. A long pause
takes one narrow column, so that ten years still fit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from hubportal.clock import year_label

from .facts import Span, Stop, academic_year, breaks, years_of
from .next_steps import NextStep, Verdict

NAMES, COLUMN, PAUSE = 158, 152, 92
TOP, PADDING, GAP = 44, 12, 8
CARD_WIDTH, CARD_HEIGHT, BAR_HEIGHT, END = 120, 46, 26, 14
FITS = 1440  # up to this width the picture is made smaller to fit a page; a longer one scrolls
LETTER = 7.2  # the widest that a letter of a bar is on average
SHORT = {
    "offered": ("now", "Offered"),
    "accepted": ("now", "Accepted"),
    "confirmed": ("now", "Confirmed"),
    "active": ("now", "Taking part"),
    "completed": ("done", "Completed"),
    "part_completed": ("part", "In part"),
    "declined": ("out", "Declined"),
    "lapsed": ("out", "Ran out"),
    "withdrawn": ("out", "Withdrew"),
    "deferred": ("out", "Put off"),
    "transferred": ("out", "Moved"),
}
NEXT = {
    Verdict.MAY: "Possible",
    Verdict.OFFERED: "Hub offers",
    Verdict.LATER: "May follow",
}


@dataclass(frozen=True)
class Column:
    """A year, or a pause of several that takes one column."""

    first: int
    last: int
    x: float
    width: float
    now: bool = False
    pause: bool = False

    @property
    def label(self) -> str:
        return year_label(self.first)

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def years(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Lane:
    name: str
    y: float
    height: float
    shaded: bool = False

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Card:
    """A year in a phase, or one that may come. `kind` is its class and its mark."""

    x: float
    y: float
    kind: str
    word: str
    small: str = ""
    year: int = 0
    counts: bool = True

    @property
    def middle(self) -> float:
        return self.y + CARD_HEIGHT / 2

    @property
    def mark_y(self) -> float:
        """Return where its mark and word begin: in the middle, or above a second line."""
        return 6 if self.small else 16

    @property
    def right(self) -> float:
        return self.x + CARD_WIDTH


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    text: str
    kind: str
    begins: bool


@dataclass(frozen=True)
class Thread:
    """A piece of the line, as an SVG path."""

    d: str
    kind: str


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    threads: tuple[Thread, ...]
    cards: tuple[Card, ...]
    bars: tuple[Bar, ...]
    kinds: frozenset[str]
    bottom: float
    card_width: float = CARD_WIDTH
    card_height: float = CARD_HEIGHT
    bar_height: float = BAR_HEIGHT

    @property
    def scrolls(self) -> bool:
        return self.width > FITS


def picture(
    lanes: Sequence[str], stops: Sequence[Stop], spans: Sequence[Span], *, today: date, nexts: Iterable[NextStep] = ()
) -> Picture | None:
    """Lay out what there is; None when there is nothing to draw. `lanes` are in order from the top."""
    this_year = academic_year(today)
    to_come = [(step.target.lane, step) for step in _in_time(nexts, this_year) if step.target.lane in lanes]
    busy = busy_years(stops, spans, this_year)
    drawn = {stop.year for stop in stops} | set(busy) | {step.from_year for _, step in to_come}
    if not drawn:
        return None
    columns = _columns(min(drawn), max({*drawn, this_year}), breaks(busy, this_year=this_year), this_year, drawn)
    bands = _lanes(lanes, stops, spans, to_come, columns, this_year)
    cards = [*_stop_cards(stops, bands, columns), *_next_cards(to_come, stops, bands, columns)]
    bars = _bars(spans, bands, columns, this_year)
    bottom = bands[-1].y + bands[-1].height
    return Picture(
        width=columns[-1].x + columns[-1].width + END,
        height=bottom + END,
        columns=tuple(columns),
        lanes=tuple(bands),
        threads=tuple(_threads(cards, columns)),
        cards=tuple(cards),
        bars=tuple(bars),
        kinds=frozenset([card.kind for card in cards] + ["pause"] * any(column.years > 1 for column in columns)),
        bottom=bottom,
    )


def busy_years(stops: Iterable[Stop], spans: Iterable[Span], this_year: int) -> list[int]:
    """Return the years in which the school or teacher was in a programme, or a Mastery Specialist taught there."""
    years = {stop.year for stop in stops if stop.counts}
    for span in spans:
        if span.kind == "specialist":
            years.update(years_of(span, this_year=this_year))
    return sorted(years)


def _in_time(nexts: Iterable[NextStep], this_year: int) -> list[NextStep]:
    return [step for step in nexts if step.verdict in NEXT and step.from_year >= this_year]


def _columns(first: int, last: int, pauses, this_year: int, drawn: set[int]) -> list[Column]:
    columns, x, year = [], float(NAMES), first
    while year <= last:
        end = _end_of_pause(year, pauses, drawn | {this_year})
        width = PAUSE if end > year else COLUMN
        pause = any(one <= year <= other for one, other in pauses)
        columns.append(Column(year, end, x, width, now=year == this_year, pause=pause and year not in drawn))
        x, year = x + width, end + 1
    return columns


def _end_of_pause(year: int, pauses, drawn: set[int]) -> int:
    """Return the last year of the empty run that begins here; the year itself where it is not part of a pause."""
    end = year
    for one, other in pauses:
        if one <= year <= other and year not in drawn:
            while end < other and end + 1 not in drawn:
                end += 1
    return end


def _lanes(names, stops, spans, to_come, columns, this_year) -> list[Lane]:
    """Make each lane as high as the fullest of its years."""
    lanes, y = [], float(TOP)
    for number, name in enumerate(names):
        cells = [stop.year for stop in stops if stop.lane == name] + _cells_of(to_come, stops, name)
        rows = max((cells.count(year) for year in cells), default=0)
        high = rows * (CARD_HEIGHT + GAP) - GAP
        in_lane = [span for span in spans if span.lane == name]
        used = len({row for _, row in _rows(in_lane, columns, this_year)})
        high = max(high, used * (BAR_HEIGHT + GAP) - GAP) if not rows else high + used * (BAR_HEIGHT + GAP)
        height = max(high, BAR_HEIGHT) + 2 * PADDING
        lanes.append(Lane(name, y, height, shaded=number % 2 == 0))
        y += height
    return lanes


def _cells_of(to_come, stops, lane: str) -> list[int]:
    taken = {(stop.lane, stop.year) for stop in stops if stop.counts}
    years = [step.from_year for where, step in to_come if where == lane and (lane, step.from_year) not in taken]
    return list(dict.fromkeys(years))


def _stop_cards(stops: Sequence[Stop], bands: Sequence[Lane], columns: Sequence[Column]) -> list[Card]:
    cards, filled = [], {}
    for stop in stops:
        band = next((band for band in bands if band.name == stop.lane), None)
        if band is None:
            continue
        row = filled.setdefault((stop.lane, stop.year), 0)
        filled[stop.lane, stop.year] += 1
        kind, word = SHORT.get(stop.status, ("now", stop.label)) if stop.known else ("elsewhere", "Other hub")
        x, y = _cell(_column(columns, stop.year), band, row)
        cards.append(Card(x, y, kind, word, _small(stop), stop.year, stop.counts))
    return cards


def _small(stop: Stop) -> str:
    """Return the second line of a card: the focus, or else the money."""
    if stop.focus:
        return _cut(stop.focus, CARD_WIDTH - 16)
    return f"£{stop.amount:,.0f}" if stop.amount else ""


def _next_cards(to_come, stops, bands: Sequence[Lane], columns: Sequence[Column]) -> list[Card]:
    filled = {(stop.lane, stop.year) for stop in stops if stop.counts}
    dropped = {(stop.lane, stop.year): 1 for stop in stops if not stop.counts}
    cards = []
    for lane, step in to_come:
        if (lane, step.from_year) in filled:
            continue
        filled.add((lane, step.from_year))
        band = next(band for band in bands if band.name == lane)
        x, y = _cell(_column(columns, step.from_year), band, dropped.get((lane, step.from_year), 0))
        cards.append(Card(x, y, "next", NEXT[step.verdict], "", step.from_year, False))
    return cards


def _cell(column: Column, band: Lane, row: int) -> tuple[float, float]:
    return column.middle - CARD_WIDTH / 2, band.y + PADDING + row * (CARD_HEIGHT + GAP)


def _column(columns: Sequence[Column], year: int) -> Column:
    return next(column for column in columns if column.first <= year <= column.last)


def _threads(cards: Sequence[Card], columns: Sequence[Column]) -> list[Thread]:
    """Join the cards of each year with those of the next that has any."""
    steps: dict[int, list[Card]] = {}
    for card in cards:
        if card.counts or card.kind == "next":
            steps.setdefault(card.year, []).append(card)
    years = sorted(steps)
    found = []
    for one, other in pairwise(years):
        for left in steps[one]:
            for right in steps[other]:
                kind = "next" if right.kind == "next" else "pause" if other - one > 1 else "went"
                found.append(Thread(_curve(left, right), kind))
    return found


def _curve(left: Card, right: Card) -> str:
    """Run along the lane that is left and bend into the other just before its card."""
    bend = COLUMN - CARD_WIDTH
    start = right.x - bend
    middle = start + bend / 2
    run = f"H{start:g}" if start > left.right + 1 else ""
    into = f"{middle:g} {left.middle:g} {middle:g} {right.middle:g} {right.x:g} {right.middle:g}"
    return f"M{left.right:g} {left.middle:g}{run}C{into}"


def _bars(spans: Sequence[Span], bands: Sequence[Lane], columns: Sequence[Column], this_year: int) -> list[Bar]:
    bars = []
    for band in bands:
        for span, row in _rows([span for span in spans if span.lane == band.name], columns, this_year):
            x, until = _ends(span, columns, this_year)
            y = band.y + band.height - PADDING - BAR_HEIGHT - row * (BAR_HEIGHT + GAP)
            width = max(until - x - 2, 6)
            begins = span.from_on > date(columns[0].first, 9, 1)
            text = _cut(span.label, width - 16)
            bars.append(Bar(round(x, 1), y, round(width, 1), text, span.kind, begins))
    return bars


def _rows(spans: Sequence[Span], columns: Sequence[Column], this_year: int) -> list[tuple[Span, int]]:
    """Give each span the first row in which it touches no other; what lies outside the picture gets none."""
    free: list[float] = []
    placed = []
    for span in sorted(spans, key=lambda each: each.from_on):
        x, until = _ends(span, columns, this_year)
        if until - x < 1:
            continue
        row = next((row for row, end in enumerate(free) if end <= x + 1), len(free))
        free[row : row + 1] = [until]
        placed.append((span, row))
    return placed


def _ends(span: Span, columns: Sequence[Column], this_year: int) -> tuple[float, float]:
    now = _column(columns, this_year)
    until = _x_of(span.until_on, columns) if span.until_on else now.x + now.width
    return _x_of(span.from_on, columns), max(until, columns[0].x)


def _x_of(on: date, columns: Sequence[Column]) -> float:
    """Return where a day lies, within the picture."""
    year = academic_year(on)
    if year < columns[0].first:
        return columns[0].x
    column = next((each for each in columns if year <= each.last), None)
    if column is None:
        return columns[-1].x + columns[-1].width
    passed = (on - date(column.first, 9, 1)).days / (365.25 * column.years)
    return column.x + column.width * min(max(passed, 0), 1)


def _cut(text: str, width: float) -> str:
    """Shorten a text to what fits; nothing where not even three letters do."""
    room = int(width / LETTER)
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rstrip()}…" if room > 3 else ""
