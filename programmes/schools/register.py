"""The nightly import of the register: staged, checked, diffed and merged in one transaction, or not at all.

Safe to run twice, at once, and to kill at any moment: PostgreSQL has all of the new register or all of the old one.
Rows are never deleted; one that a file no longer has is marked with the day (`gone_on`).
"""

import re
from datetime import date, datetime
from pathlib import Path

from django.db import OperationalError, connection, transaction

from hubportal.clock import london_date

from . import changes, gates, links
from .columns import AUTHORITY_NAME, ESTABLISHMENT, TRUST_NAME
from .merging import find_difference, merge
from .models import RegisterImport
from .reading import RegisterRefused, Source, examine, require_columns
from .staging import stage, type_rows
from .summary import Outcome

RAW, INCOMING = "register_raw", "register_incoming"
COLUMNS = (*ESTABLISHMENT, AUTHORITY_NAME, TRUST_NAME)
LOCK = 7_315_002  # any number, the same for all imports
LIMITS = """
SET LOCAL statement_timeout = '10min'; SET LOCAL lock_timeout = '2min';
SET LOCAL idle_in_transaction_session_timeout = '10min'; SET LOCAL work_mem = '64MB'
"""


def import_register(
    path: Path,
    *,
    at: datetime,
    links_path: Path | None = None,
    register_on: date | None = None,
    dry_run: bool = False,
    by=None,
) -> Outcome:
    """Make our register that of the file. Raises RegisterRefused; then nothing has changed but a row that says so."""
    register_on = register_on or date_in_name(path.name) or london_date(at)
    source = None
    try:
        source = examine(path)
        links_source = examine(links_path) if links_path else None
        gates.check_date(register_on, today=london_date(at))
        return _import(source, links_source, register_on=register_on, dry_run=dry_run, by=by, at=at)
    except RegisterRefused as refusal:
        if not dry_run:
            sha256 = source.sha256 if source else ""
            _keep_record(path.name, sha256, register_on, RegisterImport.Status.REFUSED, by, at, message=str(refusal))
        raise


def _import(source: Source, links_source: Source | None, *, register_on, dry_run, by, at) -> Outcome:
    outcome = Outcome(source.name, register_on, dry_run)
    with transaction.atomic(), connection.cursor() as cursor:
        _wait_for_turn(cursor)
        outcome.warnings += _stage_register(cursor, source)
        outcome.seen_before = _same_file(source)
        find_difference(cursor, outcome, source.columns)
        outcome.warnings += gates.check_rows(cursor, source, register_on=register_on)
        merge(cursor, outcome, source.columns)
        if links_source:
            outcome.links, warnings = links.load(cursor, links_source)
            outcome.warnings += warnings
        changes.find(cursor, outcome, today=london_date(at), at=at)
        if dry_run:
            transaction.set_rollback(True)
        else:
            status = RegisterImport.Status.UNCHANGED if outcome.is_unchanged else RegisterImport.Status.APPLIED
            counts = {"rows": outcome.rows, "added": outcome.added, "changed": outcome.changed}
            counts |= {"missing": outcome.missing, "links": outcome.links.total if outcome.links else 0}
            message = "\n".join(outcome.warnings)
            _keep_record(source.name, source.sha256, register_on, status, by, at, message=message, **counts)
    return outcome


def _wait_for_turn(cursor) -> None:
    cursor.execute(LIMITS)
    try:
        with transaction.atomic():
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":
            raise
        raise RegisterRefused("Another import has been running for two minutes. Try again later.") from error


def _same_file(source: Source) -> RegisterImport | None:
    loaded = RegisterImport.objects.exclude(status=RegisterImport.Status.REFUSED)
    return loaded.filter(sha256=source.sha256).order_by("at").first()


def _stage_register(cursor, source: Source) -> list[str]:
    known = [column.header for column in COLUMNS]
    require_columns(source, [column.header for column in COLUMNS if column.needed], known)
    stage(cursor, source, RAW)
    warnings = type_rows(cursor, source, raw=RAW, typed=INCOMING, columns=COLUMNS)
    if not source.ends_with_newline:
        warnings.append(f"{source.name}: the last line has no line break at its end; its last cell may be cut short.")
    unread = [column.header for column in COLUMNS if column.header not in source.columns]
    if unread:
        warnings.append(f"{source.name} has no column {', '.join(unread)}; what we have of them stays.")
    return warnings


def _keep_record(name, sha256, register_on, status, by, at, **values) -> None:
    RegisterImport.objects.create(
        file_name=name[-200:], sha256=sha256, register_on=register_on, status=status, by=by, at=at, **values
    )


def date_in_name(name: str) -> date | None:
    """Return the date of eight digits in a file name, such as edubasealldata20250422.csv."""
    for digits in re.findall(r"(?<!\d)\d{8}(?!\d)", name):
        try:
            return datetime.strptime(digits, "%Y%m%d").date()
        except ValueError:
            continue
    return None
