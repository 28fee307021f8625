"""What the runner tells a person: short lines, and the end of a log when something failed."""

import signal
import time
from pathlib import Path


class Stop(Exception):
    """The run cannot go on, for a reason told in one line; `details` follow it."""

    def __init__(self, reason: str, details: str = ""):
        super().__init__(reason)
        self.details = details


class Interrupted(BaseException):
    """Somebody asked the runner to stop. A BaseException, so that no handler of errors swallows it."""

    def __init__(self, signum: int):
        super().__init__(signum)
        self.signum = signum


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def end_of(log: Path, lines: int = 25) -> str:
    """Return the last lines of a log file, indented."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        text = file.read().decode(errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


class StopSignals:
    """Turns the first Ctrl-C, SIGTERM or SIGHUP into Interrupted; a later one says that somebody is in a hurry.

    One that follows within two seconds says nothing: who ends a whole process group is heard twice, make passes it on.
    """

    def __init__(self) -> None:
        self.asked_at: float | None = None
        self.hurry = False

    def listen(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._receive)

    def _receive(self, signum, frame) -> None:
        if self.asked_at is not None:
            self.hurry = time.monotonic() - self.asked_at > 2
            return
        self.asked_at = time.monotonic()
        raise Interrupted(signum)


signals = StopSignals()
