"""The runner's servers start, restart and leave nothing behind."""

import json
import os
import signal
import sys
import time

import psycopg
import pytest
import redis

from tests.dev.runner import Runner, processes_of, wait_for_none

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="what is left behind is read from /proc"),
]
UP = "The servers are up"


@pytest.fixture
def var(tmp_path):
    folder = tmp_path / "var"
    yield folder
    with Runner(folder, "clean") as cleaner:
        cleaner.process.communicate(timeout=60)


def urls(said: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in said.splitlines() if line.startswith(("DATABASE_URL=", "REDIS_URL=")))


def children(var) -> dict[str, int]:
    return {name: entry["pid"] for name, entry in json.loads((var / "run" / "run.json").read_text()).items()}


def test_the_servers_answer_with_their_passwords_only_and_sigterm_leaves_no_process_behind(var):
    with Runner(var) as runner:
        answers = urls(runner.wait_until_it_says(UP))
        with psycopg.connect(answers["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT lower('ÉCOLE')").fetchone() == ("école",)
        assert redis.Redis.from_url(answers["REDIS_URL"]).ping()
        address = answers["DATABASE_URL"].split("@")[1]
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgres://postgres@{address}", connect_timeout=3)

        runner.stop(signal.SIGTERM)

    assert runner.process.returncode == 0
    assert processes_of(var) == []


def test_a_second_run_in_the_same_folder_says_so_in_one_line(var):
    with Runner(var) as first:
        first.wait_until_it_says(UP)
        with Runner(var) as second:
            said = second.process.stdout.read()
            second.process.wait(20)

    assert second.process.returncode == 1
    assert said.count("\n") == 1
    assert f"already running in this folder (process {first.process.pid})" in said


def test_after_kill_9_nothing_lives_on_and_the_next_start_keeps_the_data(var):
    with Runner(var) as killed:
        with psycopg.connect(urls(killed.wait_until_it_says(UP))["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        killed.stop(signal.SIGKILL)
    assert wait_for_none(var) == []

    with Runner(var) as again:
        answers = urls(again.wait_until_it_says(UP))
        with psycopg.connect(answers["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_servers_killed_together_with_the_runner_leave_no_lock_that_stops_the_next_start(var):
    with Runner(var) as killed:
        killed.wait_until_it_says(UP)
        for pid in children(var).values():
            os.kill(pid, signal.SIGSTOP)  # they cannot react to the runner's death
        killed.stop(signal.SIGKILL)
        assert len(processes_of(var)) >= 2

    with Runner(var) as again:
        assert "left behind" in again.wait_until_it_says(UP)


def test_a_database_killed_by_itself_comes_back_on_the_same_address(var):
    with Runner(var) as runner:
        address = urls(runner.wait_until_it_says(UP))["DATABASE_URL"]
        os.kill(children(var)["database"], signal.SIGKILL)
        said = runner.wait_until_it_says("starting it again")
        for _ in range(100):
            try:
                psycopg.connect(address, connect_timeout=1).close()
                break
            except psycopg.OperationalError:
                time.sleep(0.1)
        else:
            pytest.fail("the database did not come back")

    assert "The database was killed by SIGKILL" in said


def test_a_url_that_leads_nowhere_is_told_in_one_line(var):
    with Runner(var, DATABASE_URL="postgres://me:secret@127.0.0.1:1/none", REDIS_URL="") as runner:
        said = runner.process.stdout.read()
        runner.process.wait(20)

    assert runner.process.returncode == 1
    assert "The database of DATABASE_URL (127.0.0.1:1) cannot be used" in said
    assert "secret" not in said
    assert processes_of(var) == []
