"""The commands, and how each ends: with an exit code, and one line when something is wrong."""

import importlib
import os
import signal

from dev.bootstrap import ensure_environment, ensure_venv
from dev.console import Interrupted, Stop, say, signals
from dev.places import RUN, VENV_BIN, make_folders
from dev.ports import portal_port, require_free
from dev.processes import die_with_parent

READY = "HUBPORTAL_DEV_READY"  # set when this process has come through the bootstrap
COMMANDS = {
    "run": "dev.run:run",
    "servers": "dev.run:servers_only",
    "test": "dev.checks:check",
    "bench": "dev.bench:bench",
    "requirements": "dev.requirements:compile_requirements",
    "clean": "dev.clean:clean",
}


def main(words: list[str]) -> int:
    """Run one command and return its exit code."""
    if len(words) != 1 or words[0] not in COMMANDS:
        say(f"Usage: python3 -m dev {'|'.join(COMMANDS)}")
        return 2
    signals.listen()
    if os.environ.get("MAKELEVEL"):  # a killed make must not leave us behind
        die_with_parent(signal.SIGTERM)
    try:
        return _command(words[0])
    except Stop as problem:
        if problem.details:
            say(problem.details)
        say(str(problem))
        return 1
    except Interrupted as stop:
        say("Stopped.")
        return 128 + stop.signum


def _command(name: str) -> int:
    make_folders()
    if name != "clean" and os.environ.pop(READY, None) != "1":
        _bootstrap(name)
    module, function = COMMANDS[name].split(":")
    return getattr(importlib.import_module(module), function)()


def _bootstrap(name: str) -> None:
    """Make the environment ready and go on in it: same process, other Python."""
    if name == "run" and not (RUN / "run.json").exists():  # say so before minutes are spent on installing
        require_free(portal_port())
    if name == "requirements":
        ensure_venv()
    else:
        ensure_environment()
    python = str(VENV_BIN / "python")
    os.execve(python, [python, "-m", "dev", name], os.environ | {READY: "1"})
