"""Child processes that never outlive the runner.

Each child leads a session of its own, so Ctrl-C reaches the runner alone and the runner ends them in order. On
Linux the kernel also sends a child its stop signal when the runner dies, even by kill -9; and every child is
written down with its start time, so the next run can end what is left.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dev.console import Stop, end_of, say

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(signum: int) -> None:
    """Ask the kernel to send this process `signum` when its parent dies (Linux only)."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)


def _bound_to(parent: int, signum: int) -> Callable[[], None]:
    def bind() -> None:
        die_with_parent(signum)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return bind


def spawn(command: list, *, stop_signal: int = signal.SIGTERM, **options) -> subprocess.Popen:
    """Start `command` in its own session; it gets `stop_signal` if the runner dies."""
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_bound_to(os.getpid(), stop_signal),
        **options,
    )


def run_step(command: list, *, log: Path, failed: str, **options) -> None:
    """Run `command` to its end with its output in `log`; raise Stop with `failed` and the log's end if it fails."""
    with log.open("wb") as output:
        process = spawn(command, stdout=output, stderr=subprocess.STDOUT, **options)
        try:
            code = process.wait()
        finally:
            kill_group(process.pid)
    if code:
        raise Stop(f"{failed} (the whole output: {log})", end_of(log))


def run_shown(command: list, *, env: dict, cwd: Path) -> int:
    """Run `command` with its output on the screen and return its exit code."""
    process = spawn(command, env=env, cwd=cwd)
    try:
        return process.wait()
    finally:
        kill_group(process.pid)


def kill_group(leader: int) -> None:
    """Kill what is left of the session that `leader` led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def identity(pid: int) -> str | None:
    """Return what tells this process from a later one with the same number, or None when it is gone."""
    if sys.platform != "linux":
        listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return f"{_boot()}/{listed.stdout.strip()}" if listed.stdout.strip() else None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else f"{_boot()}/{fields[19]}"


def _boot() -> str:
    """Return what changes when the machine restarts, where the system tells."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return boot.read_text().strip() if boot.exists() else "-"


def wait_gone(pid: int, was: str, seconds: float) -> bool:
    """Wait until the process that `was` known by is gone, and say whether it is."""
    end = time.monotonic() + seconds
    while identity(pid) == was:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Ledger:
    """The list, on disk, of the children of one run."""

    def __init__(self, path: Path):
        self.path = path
        self.entries: dict[str, dict] = {}

    def add(self, name: str, pid: int, stop_signal: int) -> None:
        self.entries[name] = {"pid": pid, "identity": identity(pid), "signal": int(stop_signal)}
        self._write()

    def forget(self, name: str) -> None:
        self.entries.pop(name, None)
        self._write()

    def _write(self) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.entries))
        new.replace(self.path)

    def end_leftovers(self) -> list[str]:
        """End the children of a run that was killed, and return their names."""
        try:
            left = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return []
        ended = [name for name, entry in left.items() if _end(entry)]
        self.path.unlink()
        if ended:
            say(f"Ended what a killed run had left behind: {', '.join(ended)}.")
        return ended


def _end(entry: dict) -> bool:
    """End one process of an earlier run with its group, and say whether there was anything to end."""
    pid, known_as = entry["pid"], entry["identity"]
    now = identity(pid)
    if not known_as or (now or known_as) != known_as or known_as.split("/")[0] != _boot():
        return False  # the number belongs to somebody else by now, or the machine has been restarted
    if now:
        os.kill(pid, entry["signal"])
        os.kill(pid, signal.SIGCONT)  # a stopped process hears nothing else
        wait_gone(pid, known_as, 10)
    return _end_group(pid) or bool(now)


def _end_group(leader: int) -> bool:
    """Kill what is left of a session, wait until it is gone, and say whether anything was left."""
    end, left = time.monotonic() + 3, False
    while time.monotonic() < end:
        try:
            os.killpg(leader, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            break
        left = True
        time.sleep(0.05)
    return left
