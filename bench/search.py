"""The search of schools over 52,000 rows: 400 mixed queries, in SQL and over HTTP."""

import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from programmes.models import Establishment
from programmes.schools.register import import_register

from . import data, queries
from .rows import Row, against, at_least, at_most, own_database, percentile, seconds
from .server import served

FIELDS = ("urn", "name", "town", "postcode", "phase", "type_name", "status")
TIMES = 3


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, own_database():
        path = data.write(Path(folder) / "register.csv", data.rows())
        import_register(path, register_on=date(2025, 4, 22), at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE programmes_establishment")
        schools = list(Establishment.objects.order_by("urn").values("urn", "name", "town", "postcode"))
        mixed, mistyped = queries.mixed(schools), queries.mistyped(schools)
        return [*_times(mixed), *_answered(mixed, mistyped), _read_whole(mixed)]


def _times(asked) -> list[Row]:
    texts = [q for _, q, _ in asked]
    constant = _spread(lambda _: _select_1(), texts)
    usual = _spread(_usual, texts)
    found = _spread(lambda q: list(Establishment.objects.search(q).values(*FIELDS)), texts)
    with served() as get:
        over_http = _spread(lambda q: get(f"{reverse('schools:search')}?{urlencode({'q': q})}"), texts)
    return [
        Row("search: median in SQL", percentile(found, 0.5), "ms", constant[len(constant) // 2]),
        at_most("search: p95 in SQL", percentile(found, 0.95), "ms", 5, floor=percentile(constant, 0.95)),
        Row("search: p99 in SQL", percentile(found, 0.99), "ms", percentile(constant, 0.99)),
        against("search: p95 beside icontains", percentile(found, 0.95), "ms", percentile(usual, 0.95), most=0.1,
                least_of="the usual icontains on three columns"),
        at_most("search: p95 of the address", percentile(over_http, 0.95), "ms", 10, floor=percentile(found, 0.95)),
    ]  # fmt: skip


def _spread(work, texts: list[str]) -> list[float]:
    """Return the milliseconds of each query, sorted."""
    return sorted(1000 * seconds(lambda q=q: work(q), times=TIMES) for q in texts)


def _select_1() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _usual(q: str) -> list:
    anywhere = Q(name__icontains=q) | Q(town__icontains=q) | Q(postcode__icontains=q)
    return list(Establishment.objects.filter(anywhere).order_by("name").values(*FIELDS)[:10])


def _answered(mixed, mistyped) -> list[Row]:
    return [
        at_least("search: mixed queries answered", _share(mixed), "%", 99),
        at_least("search: mistyped queries answered", _share(mistyped), "%", 90),
    ]


def _share(asked) -> float:
    found = [
        queries.answers(list(Establishment.objects.search(q).values(*FIELDS)), kind, school)
        for kind, q, school in asked
    ]
    return 100 * sum(found) / len(found)


def _read_whole(asked) -> Row:
    """Return how many of the queries read the whole register from one end to the other."""
    with connection.cursor() as cursor:
        before = _sequential_scans(cursor)
        for _, q, _ in asked:
            list(Establishment.objects.search(q).values(*FIELDS))
        return at_most("search: sequential scans in 400 queries", _sequential_scans(cursor) - before, "", 0)


def _sequential_scans(cursor) -> int:
    cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
    cursor.execute("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'programmes_establishment'")
    return cursor.fetchone()[0]
