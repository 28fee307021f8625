"""Locks that cannot go stale: the kernel lets go of them when their holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

from dev.console import Stop, say


class Lock:
    """A lock on a file that also says who holds it and what they are doing."""

    def __init__(self, path: Path):
        self.path = path
        self.file = None

    def take(self) -> bool:
        """Take the lock if it is free, and say whether it is ours."""
        self.file = self.path.open("a+")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.file.close()
            return False
        self.note("running")
        return True

    def note(self, state: str) -> None:
        """Write down for others what the holder is doing."""
        self.file.truncate(0)
        self.file.write(f"{os.getpid()} {state}\n")
        self.file.flush()

    def holder(self) -> tuple[int, str]:
        """Return the process id of whoever wrote last, and its state."""
        pid, _, state = self.path.read_text().strip().partition(" ")
        return int(pid or 0), state

    def release(self) -> None:
        self.file.close()

    def take_within(self, seconds: float, while_state: str | None = None) -> bool:
        """Take the lock, waiting while its holder is in `while_state` (None: in any), at most `seconds`."""
        end = time.monotonic() + seconds
        while not self.take():
            if time.monotonic() > end or (while_state and self.holder()[1] != while_state):
                return False
            time.sleep(0.1)
        return True


def only_run(kind: str, path: Path) -> Lock:
    """Return the lock of a `make KIND`, waiting for one that is just stopping; raise Stop when another runs."""
    lock = Lock(path)
    if not lock.take_within(30, while_state="stopping"):
        pid, _ = lock.holder()
        raise Stop(f"`make {kind}` is already running in this folder (process {pid}); stop that one first.")
    return lock


def one_at_a_time(path: Path, what: str) -> Lock:
    """Return the lock on a step that two commands may need at once; the second waits."""
    lock = Lock(path)
    if not lock.take():
        say(f"Waiting for another command to finish {what} ...")
        if not lock.take_within(1800):
            raise Stop(f"Another command has been {what} for half an hour (process {lock.holder()[0]}).")
    return lock
