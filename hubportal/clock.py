"""One clock: London dates, and academic years named by their September."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(at: datetime) -> date:
    """Return the date that people in England have at the aware datetime `at`."""
    return at.astimezone(LONDON).date()


def academic_year(on: date) -> int:
    """Return the academic year of a date: the integer of its September (1 September to 31 August)."""
    return on.year if on.month >= 9 else on.year - 1


def year_label(year: int) -> str:
    """Return “2026/27” for 2026."""
    return f"{year}/{(year + 1) % 100:02d}"
