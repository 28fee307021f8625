"""The long-running children: started in order, restarted when they die, stopped in reverse order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dev.console import Stop, end_of, say, signals
from dev.processes import Ledger, kill_group, spawn

RESTARTS = 5  # in a row; then everything stops
HEALTHY_AFTER = 60  # seconds of life after which a service's past deaths are forgotten


@dataclass(eq=False)
class Service:
    """One program to keep running.

    `grace` is how long, in seconds, it may take to stop before it is killed; a `server` is stopped after those that
    work with it.
    """

    name: str
    command: list
    log: Path
    options: dict = field(default_factory=dict)  # for Popen: env, cwd, user
    stop_signal: int = signal.SIGTERM
    grace: float = 10
    server: bool = False
    process: subprocess.Popen | None = None
    started_at: float = 0
    restart_at: float | None = None
    deaths: int = 0

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def launch(self, mode: str = "wb") -> None:
        with self.log.open(mode) as output:
            self.process = spawn(
                self.command,
                stop_signal=self.stop_signal,
                stdout=output,
                stderr=subprocess.STDOUT,
                **self.options,
            )
        self.started_at, self.restart_at = time.monotonic(), None


class Supervisor:
    """Keeps services alive until told to stop."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger
        self.services: list[Service] = []

    def start(self, service: Service) -> None:
        if service not in self.services:
            self.services.append(service)
        service.launch()
        self._write_down(service)

    def start_until(self, service: Service, ready: Callable[[], bool], seconds: float) -> None:
        """Start `service` and wait until `ready()`; raise Stop when it dies or takes longer than `seconds`."""
        self.start(service)
        self.wait(service, ready, seconds)

    def wait(self, service: Service, ready: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not ready():
            if not service.alive():
                raise Stop(f"The {service.name} stopped as it started (log: {service.log})", end_of(service.log))
            if time.monotonic() > end:
                raise Stop(f"The {service.name} was not ready after {seconds:.0f} s (log: {service.log})")
            time.sleep(0.05)

    def drop(self, service: Service) -> None:
        """Stop `service` and take it off the list."""
        self._stop([service])
        self.services.remove(service)

    def tend(self) -> None:
        """Restart what has died, after a pause that doubles; raise Stop when one has died too often."""
        now = time.monotonic()
        for service in self.services:
            if service.restart_at is not None:
                if now >= service.restart_at:
                    service.launch("ab")
                    self._write_down(service)
            elif not service.alive():
                self._count_death(service, now)

    def _count_death(self, service: Service, now: float) -> None:
        kill_group(service.process.pid)
        service.deaths = 1 if now - service.started_at > HEALTHY_AFTER else service.deaths + 1
        if service.deaths > RESTARTS:
            raise Stop(
                f"The {service.name} died {service.deaths} times in a row; stopping everything (log: {service.log})",
                end_of(service.log),
            )
        pause = 2 ** (service.deaths - 1)
        service.restart_at = now + pause
        how = _how_it_ended(service.process.returncode)
        say(f"The {service.name} {how}; starting it again in {pause} s (log: {service.log}).")

    def stop_all(self) -> None:
        """Stop everything: first what works, then, last started first, the servers it works with."""
        self._stop([service for service in self.services if not service.server])
        for service in reversed([service for service in self.services if service.server]):
            self._stop([service])
        self.services.clear()

    def _stop(self, services: list[Service]) -> None:
        running = [service for service in services if service.alive()]
        for service in running:
            _send(service.process.pid, service.stop_signal)
        for service in running:
            _wait_or_kill(service)
        for service in services:
            if service.process:
                kill_group(service.process.pid)
            self.ledger.forget(service.name)

    def _write_down(self, service: Service) -> None:
        self.ledger.add(service.name, service.process.pid, service.stop_signal)


def _how_it_ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"


def _send(pid: int, signum: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signum)


def _wait_or_kill(service: Service) -> None:
    end = time.monotonic() + service.grace
    while service.alive() and time.monotonic() < end and not signals.hurry:
        time.sleep(0.05)
    if service.alive():
        say(f"The {service.name} did not stop by itself and is killed.")
        service.process.kill()
        service.process.wait()
