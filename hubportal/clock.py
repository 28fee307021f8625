"""One clock: London dates, and the names of academic years, each the integer of its September."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(at: datetime) -> date:
    """Return the date that people in England have at the aware datetime `at`."""
    return at.astimezone(LONDON).date()


def year_label(year: int) -> str:
    """Return “2026/27” for 2026."""
    return f"{year}/{(year + 1) % 100:02d}"


def short_day(on: date) -> str:
    """Return “3 March 2026”."""
    return f"{on.day} {on:%B %Y}"
