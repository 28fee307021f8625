"""An import that is killed, or that meets another, leaves all of the old register or all of the new one."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from programmes.models import Establishment, RegisterImport
from programmes.schools.register import LOCK, import_register
from tests.factories import AT

from . import files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OLD = files.rows(200)
NEW = [each | {"Town": "Harwich"} for each in OLD]
ON = date(2026, 10, 1)


def rival():
    """Return a connection of its own to the test database; outside a transaction, so that it sees the others' state."""
    values = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return psycopg.connect(**{name: values[key] or None for name, key in names.items()}, autocommit=True)


def hold_a_row(other):
    """Lock a row of the register, at which each merge has to wait."""
    other.execute("BEGIN")
    other.execute("SELECT * FROM programmes_establishment WHERE urn = 100199 FOR UPDATE")


def waiting_backend(other):
    """Return the process id of the backend that waits for a row of the register, once there is one."""
    for _ in range(300):
        found = other.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
            "AND query LIKE '%UPDATE programmes_establishment%'"
        ).fetchone()
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("The import never came to the locked row.")


def towns():
    return set(Establishment.objects.values_list("town", flat=True))


@pytest.fixture
def new_file(load, tmp_path):
    load(OLD)
    return files.write(tmp_path / "new.csv", NEW)


def test_a_backend_that_is_terminated_in_the_merge_leaves_the_old_register(new_file):
    def run():
        try:
            import_register(new_file, register_on=ON, at=AT)
        except OperationalError as error:
            errors.append(error)
        finally:
            connections.close_all()

    errors = []
    with rival() as holder, rival() as killer:
        hold_a_row(holder)
        thread = threading.Thread(target=run)
        thread.start()
        killer.execute("SELECT pg_terminate_backend(%s)", [waiting_backend(killer)])
        thread.join(20)
        holder.execute("ROLLBACK")

    assert len(errors) == 1
    assert towns() == {"Colchester"}
    assert import_register(new_file, register_on=ON, at=AT).changed == 200
    assert towns() == {"Harwich"}


def test_a_process_that_is_killed_in_the_merge_leaves_the_old_register(new_file):
    values = connection.settings_dict
    address = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    with rival() as holder, rival() as watcher:
        hold_a_row(holder)
        process = subprocess.Popen(
            [sys.executable, "manage.py", "import_register", str(new_file), "--date", "2026-10-01"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": address},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            waiting_backend(watcher)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(20)
        holder.execute("ROLLBACK")
        _until_nobody_holds_the_lock(watcher)

    assert towns() == {"Colchester"}
    assert import_register(new_file, register_on=ON, at=AT).changed == 200


def _until_nobody_holds_the_lock(watcher):
    for _ in range(300):
        held = watcher.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [LOCK]).fetchone()
        if held is None:
            return
        time.sleep(0.05)
    raise AssertionError("The killed import still holds the lock.")


def test_two_imports_at_once_change_the_register_once(new_file):
    outcomes = []

    def run():
        try:
            outcomes.append(import_register(new_file, register_on=ON, at=AT))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcome.changed for outcome in outcomes) == [0, 200]
    assert list(RegisterImport.objects.order_by("pk").values_list("status", flat=True)) == [
        "applied",
        "applied",
        "unchanged",
    ]


def test_a_reader_never_sees_a_mixture(new_file):
    """While the merge waits for one row, every reader has the old register whole."""
    with rival() as holder, rival() as reader:
        hold_a_row(holder)
        thread = threading.Thread(
            target=lambda: (import_register(new_file, register_on=ON, at=AT), connections.close_all())
        )
        thread.start()
        waiting_backend(reader)
        seen = reader.execute("SELECT DISTINCT town FROM programmes_establishment").fetchall()
        holder.execute("ROLLBACK")
        thread.join(20)

    assert (seen, towns()) == ([("Colchester",)], {"Harwich"})
