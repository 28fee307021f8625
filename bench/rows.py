"""A row of the table, and the database that the measurements have to themselves."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connection, connections


@dataclass(frozen=True)
class Row:
    """One figure. `floor` is the least that it could be, measured in the same run, and `ratio` what we take of it.

    `goal` is the promise in words; `passed` whether it is kept, None for a figure that promises nothing.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: str = ""
    passed: bool | None = None


def against(name: str, value: float, unit: str, floor: float, *, most: float, least_of: str) -> Row:
    """Return the row of a figure that may be at most `most` times its floor."""
    ratio = value / floor
    return Row(name, value, unit, floor, ratio, f"at most {most:g} times {least_of}", ratio <= most)


def at_most(name: str, value: float, unit: str, most: float, *, floor: float | None = None) -> Row:
    return Row(name, value, unit, floor, value / floor if floor else None, f"at most {most:g} {unit}", value <= most)


def at_least(name: str, value: float, unit: str, least: float) -> Row:
    return Row(name, value, unit, None, None, f"at least {least:g} {unit}", value >= least)


@contextmanager
def own_database() -> Iterator[str]:
    """Make a fresh migrated database beside DATABASE_URL's, connect Django to it, and drop it at the end."""
    name = f"bench_{time.time_ns()}"
    settings, before = connection.settings_dict, connection.settings_dict["NAME"]
    connections.close_all()
    with server(settings) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    settings["NAME"] = name
    try:
        call_command("migrate", verbosity=0, skip_checks=True)
        yield name
    finally:
        connections.close_all()
        settings["NAME"] = before
        with server(settings) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def server(settings: dict, name: str | None = None):
    """Return a bare psycopg connection, without Django; to the maintenance database if no name is given."""
    keys = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    values = {key: settings[ours] or None for key, ours in keys.items()}
    return psycopg.connect(**values, dbname=name or "postgres", autocommit=name is None)


def database_url(name: str) -> str:
    """Return the address of a database on the same server, for a process of its own."""
    values = connection.settings_dict
    who = quote(values["USER"]) + (f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else "")
    return f"postgres://{who}@{quote(values['HOST'], safe='')}:{values['PORT']}/{name}"


def seconds(work: Callable[[], object], *, times: int = 1) -> float:
    """Return the least time that `work` takes, in seconds; the least, because others use the machine too."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
