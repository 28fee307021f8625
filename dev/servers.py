"""The two servers that the portal needs: those that the environment names, or our own."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit

from dev.console import Stop, say
from dev.locks import only_run
from dev.places import RUN
from dev.postgres import Postgres
from dev.processes import Ledger
from dev.services import Supervisor
from dev.valkey import Valkey


@contextmanager
def supervised(kind: str):
    """Give a supervisor for the one `make KIND` of this folder; on the way out, everything it started is stopped."""
    lock = only_run(kind, RUN / f"{kind}.lock")
    ledger = Ledger(RUN / f"{kind}.json")
    ledger.end_leftovers()
    supervisor = Supervisor(ledger)
    try:
        yield supervisor
    finally:
        lock.note("stopping")
        supervisor.stop_all()
        ledger.path.unlink(missing_ok=True)
        lock.release()


def start_servers(supervisor: Supervisor, folder: str, settings: dict[str, str]) -> dict[str, str]:
    """Return DATABASE_URL and REDIS_URL, having started a server of our own for each that is not set."""
    prefix = folder.replace("/", "-")
    urls = {}
    if os.environ.get("REDIS_URL"):
        urls["REDIS_URL"] = os.environ["REDIS_URL"]
        _require_broker(urls["REDIS_URL"])
    else:
        valkey = Valkey(f"{folder}valkey", f"{prefix}broker.log")
        valkey.start(supervisor)
        urls["REDIS_URL"] = valkey.url
    if os.environ.get("DATABASE_URL"):
        urls["DATABASE_URL"] = os.environ["DATABASE_URL"]
        _require_database(urls["DATABASE_URL"])
    else:
        postgres = Postgres(f"{folder}postgres", settings, f"{prefix}database.log")
        if settings.get("fsync") == "off":
            postgres.remove()
        postgres.start(supervisor)
        urls["DATABASE_URL"] = postgres.url
    return urls


def _require_database(url: str) -> None:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        why = " ".join(str(error).split())
        raise Stop(f"The database of DATABASE_URL ({_where(url)}) cannot be used: {why}") from error


def _require_broker(url: str) -> None:
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise Stop(f"The broker of REDIS_URL ({_where(url)}) cannot be used: {error}") from error


def _where(url: str) -> str:
    """Return an address without its password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def tell_servers(urls: dict[str, str]) -> None:
    for name, url in sorted(urls.items()):
        if not os.environ.get(name):
            say(f"{name}={url}")
