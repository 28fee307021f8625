"""`make run`: the portal with its servers, worker and beat, on this machine."""

import hashlib
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from dev import environment
from dev.console import Interrupted, Stop, end_of, say
from dev.places import LOG, ROOT, RUN, VAR
from dev.ports import portal_port, require_free
from dev.postgres import SAFE
from dev.processes import run_step
from dev.servers import start_servers, supervised, tell_servers
from dev.services import Service, Supervisor


def run() -> int:
    """Run the portal until somebody stops it."""
    port = portal_port()
    with supervised("run") as supervisor:
        require_free(port)
        say("Starting the database and the broker ...")
        urls = start_servers(supervisor, "", SAFE)
        env = environment.for_run(port, urls)
        environment.write_down(env)
        prepare(env | {"DEMO_FILE": str(demo_file())}, "run")
        start_portal(supervisor, env, port)
        greet(port)
        return tend(supervisor)


def servers_only() -> int:
    """Run only the servers, for working on the portal with Django's own commands."""
    with supervised("run") as supervisor:
        urls = start_servers(supervisor, "", SAFE)
        environment.write_down(environment.for_run(portal_port(), urls))
        tell_servers(urls)
        say("The servers are up. In another terminal: . var/env")
        return tend(supervisor)


def prepare(env: dict[str, str], what: str) -> None:
    """Bring database and static files up to date."""
    say("Preparing the database and the static files ..." if what == "run" else "Collecting the static files ...")
    command = [sys.executable, "-m", "dev.prepare", what]
    run_step(command, log=LOG / "prepare.log", failed="The portal could not be prepared", env=env, cwd=ROOT)


def start_portal(supervisor: Supervisor, env: dict[str, str], port: int) -> None:
    """Start web, worker and beat, and wait until a page can be had."""
    web = _service("web server", env | {"DB_POOL": env.get("DB_POOL", "1")}, *_granian(port))
    schedule = RUN / "celerybeat-schedule"
    for left in RUN.glob("celerybeat-schedule*"):  # only a memory of the last ticks; a killed beat may spoil it
        left.unlink()
    say("Starting web, worker and beat ...")
    supervisor.start(web)
    celery = ("celery", "-A", "hubportal.celery:app")
    worker = ("worker", "--loglevel=INFO", "--concurrency=2", "--without-gossip", "--without-mingle")
    supervisor.start(_service("worker", env, *celery, *worker))
    supervisor.start(_service("beat", env, *celery, "beat", "--loglevel=INFO", "--pidfile=", "-s", schedule))
    supervisor.wait(web, lambda: answers(f"http://127.0.0.1:{port}/healthz"), 60)


def _granian(port: int) -> list:
    workers = ["--workers=2", "--blocking-threads=1", "--workers-kill-timeout=5"]
    where = ["--host=127.0.0.1", f"--port={port}"]
    return ["granian", "--interface=wsgi", *where, *workers, "hubportal.wsgi:application"]


def _service(name: str, env: dict[str, str], module: str, *arguments) -> Service:
    command = [sys.executable, "-m", module, *arguments]
    return Service(name, command, LOG / f"{name.split()[0]}.log", options={"env": env, "cwd": ROOT})


def answers(address: str) -> bool:
    """Say whether the portal answers at `address`, without asking a proxy; raise Stop when its answer is an error."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as response:
            return response.status == 200
    except urllib.error.HTTPError as error:
        raise Stop(f"The portal answers {address} with error {error.code}.", end_of(LOG / "web.log")) from error
    except OSError:
        return False


def greet(port: int) -> None:
    """Print the addresses and the demo's sign-ins, one a line."""
    say("")
    say(f"The portal:    http://127.0.0.1:{port}/")
    say(f"For hub staff: http://127.0.0.1:{port}/admin/")
    if demo_file().exists():
        say(demo_file().read_text().rstrip())
    say(f"Logs: {LOG}   Commands in another terminal: . {VAR / 'env'}   Stop: Ctrl-C")


def demo_file() -> Path:
    """Return where the demo's sign-ins in this database are kept between starts."""
    given = os.environ.get("DATABASE_URL")
    name = hashlib.sha256(given.encode()).hexdigest()[:12] if given else "own"
    return VAR / "demo" / f"{name}.txt"


def tend(supervisor: Supervisor) -> int:
    """Keep everything alive until somebody asks to stop."""
    try:
        while True:
            supervisor.tend()
            time.sleep(0.25)
    except Interrupted:
        say("Stopping ...")
        return 0
