"""The import of 52,000 generated rows of 135 columns, against a bare COPY and against the same merge by hand."""

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from programmes.schools.columns import BLANK, ESTABLISHMENT
from programmes.schools.register import import_register

from . import data
from .rows import Row, against, at_most, database_url, own_database, seconds, server

TIMES = 3
ON = date(2025, 4, 22)


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, own_database() as name:
        rows = list(data.rows())
        first = data.write(Path(folder) / "first.csv", rows)
        second = data.write(Path(folder) / "second.csv", data.renamed(rows, every=60))
        everything = data.write(Path(folder) / "everything.csv", data.renamed(rows, every=1))
        del rows
        return [*_measure(name, first, second, everything), *_memory(name, first)]


def _measure(name: str, first: Path, second: Path, everything: Path) -> list[Row]:
    new = seconds(lambda: _import(first))
    copy, unchanged, ours, by_hand = [], [], [], []
    with server(connection.settings_dict, name) as hand:
        for _ in range(TIMES):  # in turns, so that a busy neighbour slows all of them
            _vacuum()
            copy.append(seconds(lambda: _bare_copy(hand, first)))
            unchanged.append(seconds(lambda: _import(first)))
            ours.append(seconds(lambda: _import(second)))
            by_hand.append(seconds(lambda: _by_hand(hand, first)))
        all_ours, all_by_hand = [], []
        for _ in range(2):
            _vacuum()
            all_ours.append(seconds(lambda: _import(everything)))
            _vacuum()
            all_by_hand.append(seconds(lambda: _by_hand(hand, first)))
    floor, hand_floor = min(copy), min(by_hand)
    return [
        Row("register: first import of 52,000 rows", new, "s", floor, new / floor),
        against("register: nothing changed", min(unchanged), "s", floor, most=3, least_of="a bare COPY"),
        against("register: under 2 % changed", min(ours), "s", floor, most=3, least_of="a bare COPY"),
        against("register: under 2 % changed", min(ours), "s", hand_floor, most=1.3, least_of="the merge by hand"),
        against(
            "register: every row changed", min(all_ours), "s", min(all_by_hand), most=1.3, least_of="the merge by hand"
        ),
    ]


def _import(path: Path) -> None:
    import_register(path, register_on=ON, at=timezone.now())


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE programmes_establishment")


def _stage(hand, path: Path) -> None:
    cells = ", ".join(f"c{n} text" for n in range(1, len(data.COLUMNS) + 1))
    hand.execute(f"CREATE TEMP TABLE raw ({cells}) ON COMMIT DROP")
    command = "COPY raw FROM STDIN (FORMAT csv, HEADER, ENCODING 'WIN1252')"
    with open(path, "rb") as file, hand.cursor() as cursor, cursor.copy(command) as copy:
        while chunk := file.read(1 << 18):
            copy.write(chunk)


def _bare_copy(hand, path: Path) -> None:
    _stage(hand, path)
    hand.commit()


CASTS = {"number": "::integer", "status": "::integer", "phase": "::integer"}


def _by_hand(hand, path: Path) -> None:
    """Do what an import does to the tables, as somebody would write it in SQL: without checks, counts or a record."""
    given = {column.field: _cell(column) for column in ESTABLISHMENT}
    fields, values = ", ".join(given), ", ".join(given.values())
    updates = ", ".join(f"{field} = EXCLUDED.{field}" for field in given)
    ours, theirs = (", ".join(f"{table}.{field}" for field in given) for table in ("ours", "EXCLUDED"))
    _stage(hand, path)
    for table, code, name in (
        ("programmes_localauthority", "LA (code)", "LA (name)"),
        ("programmes_trust", "Trusts (code)", "Trusts (name)"),
    ):
        hand.execute(
            f"INSERT INTO {table} AS ours (code, name) SELECT {_place(code)}, max({_place(name)}) FROM raw "
            f"WHERE {_place(code)} <> '' GROUP BY 1 "
            "ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name WHERE ours.name <> EXCLUDED.name"
        )
    hand.execute(
        f"INSERT INTO programmes_establishment AS ours ({fields}, seen_on) SELECT {values}, '{ON}'::date FROM raw "
        f"ON CONFLICT (urn) DO UPDATE SET {updates}, seen_on = EXCLUDED.seen_on "
        f"WHERE ({ours}) IS DISTINCT FROM ({theirs})"
    )
    hand.commit()


def _place(header: str) -> str:
    return f"c{data.COLUMNS.index(header) + 1}"


def _cell(column) -> str:
    blank = ", ".join(f"'{spelling}'" for spelling in BLANK)
    text = f"CASE WHEN {_place(column.header)} IN ({blank}) THEN NULL ELSE btrim({_place(column.header)}) END"
    if column.kind == "date":
        return f"to_date({text}, 'DD-MM-YYYY')"
    if column.kind == "flag":
        return f"{text} = 'Approved'"
    cast = f"({text}){CASTS.get(column.kind, '')}"
    return cast if column.blank in {None, "NULL"} else f"COALESCE({cast}, {column.blank})"


MEASURE = """
import sys
from django.core.management import execute_from_command_line
try:
    execute_from_command_line(["manage.py", "import_register", sys.argv[1], "--date", "2025-04-22", "--dry-run"])
finally:
    print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def _memory(name: str, full: Path) -> list[Row]:
    """Return what the command's process needs for the full file, beside what it needs for a hundred rows."""
    small = data.write(full.with_name("small.csv"), data.rows(100))
    need, least = _peak(name, full), _peak(name, small)
    return [
        at_most("register: memory of the process", need, "MB", 200, floor=least),
        at_most("register: memory above that of 100 rows", need - least, "MB", 50),
    ]


def _peak(name: str, path: Path) -> float:
    """Return the most memory, in MB, that the command's process has had (Linux). A refused file is as good."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(name), "DJANGO_SETTINGS_MODULE": "hubportal.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    return int(done.stdout.split()[-1]) / 1024
