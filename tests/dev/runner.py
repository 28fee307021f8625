"""Drives the runner in a process of its own, with a `var` of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from dev.account import elsewhere
from dev.places import ROOT


class Runner:
    """One `python -m dev COMMAND` that is stopped at the end of its test, whatever happened."""

    def __init__(self, var: Path, command: str = "servers", **env: str):
        self.var = var
        ours = {"DEV_VAR": str(var), "HUBPORTAL_DEV_READY": "1", "PYTHONUNBUFFERED": "1"}
        inherited = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "MAKELEVEL"}
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dev", command],
            cwd=ROOT,
            env=inherited | ours | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)
        self.process.stdout.close()

    def wait_until_it_says(self, words: str) -> str:
        """Read its output up to the line with `words` and return it all."""
        said = ""
        for line in self.process.stdout:
            said += line
            if words in line:
                return said
        raise AssertionError(f"the runner ended without saying “{words}”:\n{said}")

    def stop(self, signum: int) -> str:
        """Send it a signal, wait for its end and return what it said in the meantime."""
        self.process.send_signal(signum)
        said = self.process.stdout.read()
        self.process.wait(40)
        return said


def processes_of(var: Path) -> list[int]:
    """Return the processes that work in `var` or were started with it in their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            inside = (folder / "cwd").resolve().is_relative_to(var)
        except OSError:
            continue
        if inside or f"{var}/" in words or f"{elsewhere(var)}/" in words:
            found.append(int(folder.name))
    return found


def wait_for_none(var: Path, seconds: float = 15) -> list[int]:
    """Wait until nothing works in `var` any more and return what still does."""
    end = time.monotonic() + seconds
    while (left := processes_of(var)) and time.monotonic() < end:
        time.sleep(0.1)
    return left
