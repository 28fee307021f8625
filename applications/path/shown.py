"""Journeys as pages show them: next steps with their windows and links, the picture, the table and a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hubportal.clock import year_label

from .catalogue import Catalogue, Offer, can_begin, may_open
from .facts import History, Span, Stop, academic_year, breaks
from .line import Picture, busy_years, picture
from .loading import lanes_with
from .next_steps import APPLY, CONTINUE, OFFERED, TEACHER, NextStep, Verdict, ahead
from .table import TableRow, table

TAGS = {
    Verdict.MAY: ("Open to you", "good"),
    Verdict.OFFERED: ("Your hub offers it", "good"),
    Verdict.IN: ("You are in it", "info"),
    Verdict.APPLIED: ("You have applied", "info"),
    Verdict.REFER: ("A person will look at it", "wait"),
    Verdict.LATER: ("Later", ""),
    Verdict.NO: ("Not open to you", ""),
}
STAFF_TAGS = TAGS | {
    Verdict.MAY: ("Open to the school", "good"),
    Verdict.OFFERED: ("The hub offers it", "good"),
    Verdict.IN: ("In it already", "info"),
    Verdict.APPLIED: ("Has applied", "info"),
    Verdict.REFER: ("A person has to look", "wait"),
    Verdict.NO: ("Not open to the school", ""),
}
NOT_NOW, SOME_DAY = ("It fits, but it is not open now", "wait"), ("It fits", "good")
ACTIONS = {APPLY: "Express interest for", CONTINUE: "Sign up for", TEACHER: "Apply for"}
AHEAD, AT_FIRST = 1, 2  # years beyond the next one that the picture shows, and for whom the journey only begins


@dataclass(frozen=True)
class StepRow:
    """A next step as a page shows it: what the rules say, the windows, and where to go."""

    step: NextStep
    offer: Offer
    tag: str
    tone: str
    windows: tuple[str, ...] = ()
    url: str = ""
    action: str = ""

    @property
    def by(self) -> date | None:
        """Return the last day on which a hub that matters here takes applications."""
        return next((cohort.closes_on for cohort, window in self.offer.rows if window.can_apply), None)

    @property
    def ready(self) -> bool:
        """Return whether there is something to do about it now."""
        return bool(self.url) and self.step.verdict == Verdict.MAY


@dataclass(frozen=True)
class Shown:
    """All that a journey's page needs."""

    picture: Picture | None
    rows: tuple[TableRow, ...]
    steps: tuple[StepRow, ...]
    sentence: str = ""
    said: str = ""
    teacher: bool = False

    @property
    def has_groups(self) -> bool:
        """Return whether any year has a Work Group yet; until then the column is left out."""
        return any(row.stop and row.stop.groups for row in self.rows)

    @property
    def has_hubs(self) -> bool:
        """Return whether any year is known in full; what a visitor says has no people, money or hub."""
        return any(row.stop and row.stop.hub for row in self.rows)

    @property
    def columns(self) -> int:
        """Return how many columns the table has beside the years."""
        return 5 + self.has_groups - self.teacher if self.has_hubs else 2

    @property
    def first(self) -> StepRow | None:
        """Return the step to take now."""
        return next((row for row in self.steps if row.ready), None)


def shown(
    stops: Sequence[Stop],
    spans: Sequence[Span],
    steps: Sequence[StepRow],
    *,
    phases: Iterable[str],
    history: History,
    today: date,
    who: str,
    teacher: bool = False,
) -> Shown:
    """Put a journey together. `who` begins its sentence: “Your school”, or a name."""
    now = [row.step for row in steps if row.step.target.entry != TEACHER]
    nexts = [*now, *ahead(now, history, years=AHEAD if len(stops) > 1 else AT_FIRST)]
    drawn = picture(lanes_with(phases, stops, spans), stops, spans, today=today, nexts=nexts)
    rows = tuple(table(stops, spans, today=today))
    sentence = summary(stops, spans, today=today, who=who)
    return Shown(drawn, rows, tuple(steps), sentence, _said(rows, nexts, academic_year(today)), teacher)


def step_rows(steps: Iterable[NextStep], catalogue: Catalogue, *, staff: bool = False) -> tuple[StepRow, ...]:
    """Return the steps with their windows; hub staff get no links to apply."""
    offers = {offer.target.family: offer for offer in catalogue.offers}
    return tuple(_row(step, offers[step.target.family], staff) for step in steps)


def _row(step: NextStep, offer: Offer, staff: bool) -> StepRow:
    tag, tone = (STAFF_TAGS if staff else TAGS)[step.verdict]
    if step.verdict == Verdict.MAY and not can_begin(offer):
        tag, tone = NOT_NOW if offer.rows else SOME_DAY
    shows_window = step.verdict in {Verdict.MAY, Verdict.REFER} and step.target.entry != OFFERED
    windows = tuple(_windows(offer)) if shows_window else ()
    url, action = ("", "") if staff or not shows_window else _link(offer)
    return StepRow(step, offer, tag, tone, windows, url, action)


def _windows(offer: Offer) -> Iterable[str]:
    yield from (f"{cohort.hub}: {window.text}" for cohort, window in offer.rows)
    if not offer.rows:
        yield f"Each Maths Hub sets its own dates for {offer.project.year_label}."


def _link(offer: Offer) -> tuple[str, str]:
    """Return where to apply now, or where to ask to be told, with the words for it."""
    project = offer.project
    slug = project.programme.slug
    if can_begin(offer):
        return reverse(
            "applications:start", args=[slug, project.year]
        ), f"{ACTIONS[offer.target.entry]} {project.year_label}"
    if not offer.rows:
        page = reverse("programmes:page", args=[slug])
        return f"{page}?year={project.year}", "See which hubs take applications"
    if may_open(offer):
        return reverse("applications:interest", args=[slug]), "Tell me when applications open"
    return "", ""


def summary(stops: Sequence[Stop], spans: Sequence[Span], *, today: date, who: str) -> str:
    """Return the journey in a sentence or two."""
    this_year = academic_year(today)
    busy = busy_years(stops, spans, this_year)
    if not busy:
        return f"{who} has not been in a programme yet, as far as the portal knows."
    years = "one year" if len(busy) == 1 else f"{len(busy)} years"
    pauses = [pause for pause in breaks(busy, this_year=this_year) if pause[0] < busy[-1]]
    begun = f"{who} began in {year_label(busy[0])} and has been in a programme for {years}"
    counted = "one break" if len(pauses) == 1 else f"{len(pauses)} breaks"
    last = f" The last was {year_label(busy[-1])}." if busy[-1] < this_year - 1 else ""
    return f"{begun}{f', with {counted}' if pauses else ', without a break'}.{last}"


def _said(rows: Iterable[TableRow], nexts: Iterable[NextStep], this_year: int) -> str:
    """Return the picture in words, for those who hear it."""
    words = [f"{row.years}: {row.what}{', ' + row.state.lower() if row.state else ''}." for row in rows]
    coming = [step for step in nexts if step.verdict in {Verdict.MAY, Verdict.OFFERED} and step.from_year >= this_year]
    words += [f"Possible in {year_label(step.from_year)}: {step.target.title}." for step in coming]
    return " ".join(words)
