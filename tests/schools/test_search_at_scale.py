"""The search among 20,000 schools: what it answers, and that no query reads the whole register."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import data, queries
from programmes.models import Establishment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def schools(load, tmp_path):
    load(data.write(tmp_path / "register.csv", data.rows(20_000)))
    return list(Establishment.objects.order_by("urn").values("urn", "name", "town", "postcode"))


def test_queries_are_answered_from_indexes(schools):
    asked = [*queries.mixed(schools), *queries.mistyped(schools, 200)]
    answered, read_whole = [], []
    for kind, q, school in asked:
        with CaptureQueriesContext(connection) as captured:
            found = list(Establishment.objects.search(q).values("urn", "name", "town"))
        answered.append((kind, queries.answers(found, kind, school)))
        read_whole += [q for each in captured.captured_queries if _reads_all(each)]

    mixed, mistyped = [ok for _, ok in answered[:400]], [ok for _, ok in answered[400:]]
    assert sum(mixed) >= 0.99 * len(mixed)
    assert sum(mistyped) >= 0.90 * len(mistyped)
    assert read_whole == []


def _reads_all(query):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query['sql']}")
        return any("Seq Scan on programmes_establishment" in line for (line,) in cursor.fetchall())
