"""`make requirements`: compile the pinned requirements from the .in files."""

import sys

from dev.console import say
from dev.places import LOG, ROOT
from dev.processes import run_step

OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes")


def compile_requirements() -> int:
    """Write requirements.txt and requirements-dev.txt anew."""
    pip = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "uv"]
    run_step(pip, log=LOG / "pip-uv.log", failed="uv could not be installed")
    for name in ("requirements", "requirements-dev"):
        say(f"Compiling {name}.txt ...")
        command = [sys.executable, "-m", "uv", "pip", "compile", "-q", *OPTIONS]
        command += ["--custom-compile-command", "make requirements", f"{name}.in", "-o", f"{name}.txt"]
        run_step(command, log=LOG / f"{name}.log", failed=f"{name}.in could not be compiled", cwd=ROOT)
    return 0
