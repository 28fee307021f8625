"""The runner's parts: ports, locks, stamps, the ledger of children, restarts."""

import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from dev.console import Stop
from dev.locks import Lock, only_run
from dev.ports import portal_port, require_free
from dev.processes import Ledger, identity, run_step, spawn, wait_gone
from dev.services import RESTARTS, Service, Supervisor
from dev.stamps import Stamp, fingerprint


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "²"])
def test_a_port_that_is_none_is_named_in_one_line(port, monkeypatch):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(Stop, match="PORT must be a number"):
        portal_port()


def test_a_taken_port_gives_one_line_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(Stop) as stop:
            require_free(port)

    assert str(stop.value) == f"Port {port} is taken by another program; choose another one: make run PORT={port + 1}"


def test_a_lock_is_held_once_and_says_by_whom(tmp_path):
    first = only_run("run", tmp_path / "lock")

    with pytest.raises(Stop, match=f"already running in this folder \\(process {os.getpid()}\\)"):
        only_run("run", tmp_path / "lock")

    first.release()
    again = Lock(tmp_path / "lock")
    assert again.take()
    again.release()


def test_a_lock_file_of_a_killed_process_stops_nobody(tmp_path):
    (tmp_path / "lock").write_text("1 running\n")

    only_run("run", tmp_path / "lock").release()


def test_a_stamp_holds_until_a_file_or_a_fact_changes(tmp_path):
    source = tmp_path / "source"
    source.write_text("one")
    stamp = Stamp(tmp_path / "stamps" / "stamp")
    stamp.set(fingerprint([source], "3.11"))

    assert stamp.says(fingerprint([source], "3.11"))
    assert not stamp.says(fingerprint([source], "3.12"))
    source.write_text("two")
    assert not stamp.says(fingerprint([source], "3.11"))


def test_leftovers_of_a_killed_run_are_ended_and_told(tmp_path, capsys):
    left = spawn(["sleep", "60"])
    threading.Thread(target=left.wait).start()  # as init does for a process whose parent is dead
    ledger = Ledger(tmp_path / "run.json")
    ledger.add("worker", left.pid, 15)

    assert Ledger(ledger.path).end_leftovers() == ["worker"]

    assert left.wait(5) == -15
    assert "left behind: worker" in capsys.readouterr().out
    assert not ledger.path.exists()


def test_a_number_that_belongs_to_another_process_by_now_is_left_alone(tmp_path):
    stranger = spawn(["sleep", "60"])
    (tmp_path / "run.json").write_text(
        f'{{"worker": {{"pid": {stranger.pid}, "identity": "{identity(os.getpid())}", "signal": 15}}}}'
    )

    assert Ledger(tmp_path / "run.json").end_leftovers() == []

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("text", ["", "{", "[1"])
def test_a_spoilt_list_of_children_stops_nobody(tmp_path, text):
    (tmp_path / "run.json").write_text(text)

    assert Ledger(tmp_path / "run.json").end_leftovers() == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal at a parent's death is Linux's")
def test_a_child_dies_with_its_parent():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from dev.processes import spawn; print(spawn(['sleep', '60']).pid, flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(parent.stdout.readline())
    known_as = identity(child)
    parent.kill()
    parent.communicate()

    assert known_as
    assert wait_gone(child, known_as, 5)


def test_a_step_that_fails_shows_the_end_of_its_output(tmp_path):
    with pytest.raises(Stop, match="It failed") as stop:
        run_step(["sh", "-c", "echo why; exit 3"], log=tmp_path / "log", failed="It failed")

    assert stop.value.details == "    why"


def test_a_service_that_keeps_dying_is_restarted_a_few_times_and_then_stops_everything(tmp_path, capsys):
    supervisor = Supervisor(Ledger(tmp_path / "run.json"))
    service = Service("worker", ["false"], tmp_path / "log")
    supervisor.start(service)

    with pytest.raises(Stop, match=f"The worker died {RESTARTS + 1} times in a row"):
        for _ in range(1000):
            service.process.wait()
            supervisor.tend()
            if service.restart_at:
                service.restart_at = time.monotonic()  # no need to wait for the pause

    assert capsys.readouterr().out.count("starting it again") == RESTARTS


def test_stopping_kills_what_does_not_stop_by_itself_and_its_children(tmp_path):
    supervisor = Supervisor(Ledger(tmp_path / "run.json"))
    script = "trap '' TERM; sleep 60 & echo $!; while :; do sleep 0.1; done"
    service = Service("worker", ["sh", "-c", script], tmp_path / "log", grace=0.3)
    supervisor.start_until(service, lambda: (tmp_path / "log").read_text().strip(), 5)
    grandchild = int((tmp_path / "log").read_text())
    known_as = identity(grandchild)

    supervisor.stop_all()

    assert not service.alive()
    assert wait_gone(grandchild, known_as, 5)
