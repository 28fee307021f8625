"""Whether a school can apply now: the one answer that a programme page gives."""

from dataclasses import dataclass
from datetime import date

LABELS = {
    "open": ("Open", "good"),
    "today": ("Closes today", "wait"),
    "full": ("Waiting list", "wait"),
    "recruited": ("Fully recruited", "bad"),
    "later": ("Opens later", "info"),
    "about": ("Opens later", "info"),
    "closed": ("Closed", ""),
    "unknown": ("No dates yet", ""),
}
"""Each state in two words, with the tone of its tag."""


@dataclass(frozen=True)
class Window:
    """The state of a cohort's window on a day, with the sentence for it.

    Codes: open, today (the last day), full (the waiting list is open), recruited (fully), later (a date), about
    (roughly when), closed, unknown.
    """

    code: str
    text: str

    @property
    def can_apply(self) -> bool:
        """A school can apply to a full cohort too: it goes on the waiting list."""
        return self.code in {"open", "today", "full"}

    @property
    def may_open(self) -> bool:
        """Whether it makes sense to wait for it."""
        return self.code in {"later", "about", "unknown"}

    @property
    def label(self) -> str:
        return LABELS[self.code][0]

    @property
    def tone(self) -> str:
        return LABELS[self.code][1]

    @property
    def to_do(self) -> str:
        """The one thing a school can do: apply, leave its interest, or ask the hub, which alone knows more."""
        if self.can_apply:
            return "apply"
        return "ask" if self.code == "unknown" else "interest"


@dataclass(frozen=True)
class Dates:
    """What a window rests on. `closed` and `recruited`: of the whole project, or of this hub's run of it."""

    opens_on: date | None = None
    closes_on: date | None = None
    opens_about: str = ""
    places_left: int = 0
    closed: bool = False
    recruited: bool = False


def _day(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B %Y}"


def window(dates: Dates, *, today: date) -> Window:
    """Return the window's state on the London date `today`."""
    if dates.closed:
        return Window("closed", "Applications are closed.")
    if dates.recruited:
        return Window("recruited", "Fully recruited: every place is taken, and nobody more is taken on.")
    if dates.opens_on is None or dates.closes_on is None:
        if dates.opens_about:
            return Window("about", f"Applications open at {dates.opens_about}.")
        return Window("unknown", "The hub has not set dates yet.")
    return _by_day(dates, today)


def _by_day(dates: Dates, today: date) -> Window:
    if today < dates.opens_on:
        return Window("later", f"Applications open on {_day(dates.opens_on)}.")
    if today > dates.closes_on:
        return Window("closed", f"Applications closed on {_day(dates.closes_on)}.")
    until = "today" if today == dates.closes_on else f"until {_day(dates.closes_on)}"
    if dates.places_left < 1:
        return Window("full", f"Every place is taken. You can apply for the waiting list {until}.")
    if today == dates.closes_on:
        return Window("today", f"Applications close today, {_day(today)}, at midnight.")
    return Window("open", f"Applications are open {until}.")
