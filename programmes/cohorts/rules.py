"""Whether a school can apply now: the one answer that a programme page gives."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Window:
    """The state of a cohort's window on a day: open, full, later, closed or unknown, with the sentence for it."""

    code: str
    text: str

    @property
    def can_apply(self) -> bool:
        """A school can apply to a full cohort too: it goes on the waiting list."""
        return self.code in {"open", "full"}


def _day(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B %Y}"


def window(opens_on: date | None, closes_on: date | None, places_left: int, *, closed: bool, today: date) -> Window:
    """Return the window's state on the London date `today`. `closed`: the whole project takes nobody any more."""
    if closed:
        return Window("closed", "Applications are closed.")
    if opens_on is None or closes_on is None:
        return Window("unknown", "The hub has not set dates yet.")
    if today < opens_on:
        return Window("later", f"Applications open on {_day(opens_on)}.")
    if today > closes_on:
        return Window("closed", f"Applications closed on {_day(closes_on)}.")
    if places_left < 1:
        return Window("full", f"Every place is taken. You can apply for the waiting list until {_day(closes_on)}.")
    return Window("open", f"Applications are open until {_day(closes_on)}.")
