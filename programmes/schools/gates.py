"""Is this file plausible as the next register? A damaged file is refused before anything has been merged."""

from datetime import date
from math import ceil

from django.db.models import Max

from .models import RegisterImport
from .reading import RegisterRefused, Source

# RELIABILITY: a nightly register changes little. About 2 % of schools close or change URN in a year, so a register
# that is years younger than ours may close as many for each year between the two.
MOST_LOST = 0.05
MOST_CLOSED_A_YEAR = 0.02
FEW = 3  # closures that are plausible in a register of any size

DOUBLED = "SELECT urn, count(*) FROM register_incoming GROUP BY urn HAVING count(*) > 1 ORDER BY urn LIMIT 3"
COUNTS = """
SELECT (SELECT count(*) FROM programmes_establishment WHERE status IN (1, 3) AND gone_on IS NULL),
       (SELECT count(*) FROM register_missing WHERE status IN (1, 3)),
       (SELECT count(*) FROM register_changed WHERE status = 2 AND old_status IN (1, 3)),
       count(*), count(*) FILTER (WHERE status IN (1, 3)) FROM register_incoming
"""
LOST = "SELECT name, urn FROM register_missing WHERE status IN (1, 3) ORDER BY urn LIMIT 3"


def check_date(register_on: date, *, today: date) -> None:
    if register_on > today:
        raise RegisterRefused(f"The register's date, {register_on:%-d %B %Y}, is in the future.")


def check_rows(cursor, source: Source, *, register_on: date) -> list[str]:
    """Return warnings; raise RegisterRefused unless the staged rows can be the register that comes after ours.

    A register less than half as large as the file (none, a sample, made-up schools) is no predecessor to compare with.
    """
    cursor.execute(DOUBLED)
    if doubled := cursor.fetchall():
        urns = ", ".join(f"{urn} ({count} times)" for urn, count in doubled)
        raise RegisterRefused(f"{source.name} names a school more than once: URN {urns}.")
    cursor.execute(COUNTS)
    ours, lost, closed, rows, open_in_file = cursor.fetchone()
    if not rows:
        raise RegisterRefused(f"{source.name} has a header and no schools.")
    if ours * 2 < open_in_file:
        return [f"{lost:,} open schools of before are not in the file; they stay as they are."] * bool(lost)
    years = _check_age(source, register_on)
    _check_lost(cursor, source, lost, ours)
    most = max(FEW, MOST_CLOSED_A_YEAR * years * ours)
    if closed > most:
        raise RegisterRefused(
            f"{source.name} closes {closed:,} of the {ours:,} open schools of the register ({closed / ours:.1%}); "
            f"at most {MOST_CLOSED_A_YEAR * years:.0%} can have closed since the last one."
        )
    return []


def _check_age(source: Source, register_on: date) -> int:
    """Return the years begun since the register that we have."""
    loaded = RegisterImport.objects.exclude(status=RegisterImport.Status.REFUSED).aggregate(on=Max("register_on"))["on"]
    if loaded and register_on < loaded:
        raise RegisterRefused(
            f"{source.name} is the register of {register_on:%-d %B %Y}, older than the one of {loaded:%-d %B %Y} "
            "that is loaded. Give another date with --date if that is wrong."
        )
    return max(1, ceil((register_on - loaded).days / 365.25)) if loaded else 1


def _check_lost(cursor, source: Source, lost: int, ours: int) -> None:
    if lost <= MOST_LOST * ours:
        return
    cursor.execute(LOST)
    examples = ", ".join(f"{name} (URN {urn})" for name, urn in cursor.fetchall())
    raise RegisterRefused(
        f"{source.name} has lost {lost:,} of the {ours:,} open schools of the register ({lost / ours:.1%}; at most "
        f"{MOST_LOST:.0%} is plausible), such as {examples}. It may be half a file or a part of the register."
    )


def check_links(source: Source, *, lost: int, ours: int) -> None:
    """Raise RegisterRefused when a links file has lost too many of the links that we have."""
    if lost > max(FEW, MOST_LOST * ours):
        raise RegisterRefused(
            f"{source.name} has lost {lost:,} of the {ours:,} links of the register ({lost / ours:.1%}; at most "
            f"{MOST_LOST:.0%} is plausible). It may be half a file."
        )
