"""`make test`: lint, Django's own checks, then every test, on servers of their own."""

import os
import shlex
import sys

from dev import chromium, environment
from dev.console import Stop, say
from dev.places import ROOT
from dev.postgres import THROW_AWAY
from dev.processes import run_shown
from dev.run import prepare
from dev.servers import start_servers, supervised

PYTEST = ("-m", "pytest", "-p", "dev.pytest_browser_count", "-n", "2", "--dist", "worksteal")


def check() -> int:
    """Run the whole suite; with ARGS only pytest with these arguments."""
    arguments = shlex.split(os.environ.get("ARGS", ""))
    browser = chromium.find_or_install() if not arguments else chromium.find()
    with supervised("test") as supervisor:
        if not arguments:
            lint()
        say("Starting a throw-away database and broker ...")
        urls = start_servers(supervisor, "test/", THROW_AWAY)
        env = environment.for_tests(urls)
        if browser:
            env["CHROMIUM"] = browser
        prepare(env, "static")
        if not arguments:
            django_checks(env, environment.like_production(urls))
            arguments = ["--require-browser-tests"]
        return run_shown([sys.executable, *PYTEST, *arguments], env=env, cwd=ROOT)


def lint() -> None:
    _require("Checking the code's style", dict(os.environ), "ruff", "check", "--quiet", ".")
    _require("Checking the code's format", dict(os.environ), "ruff", "format", "--check", "--quiet", ".")


def django_checks(env: dict[str, str], production: dict[str, str]) -> None:
    """Check that no migration is missing and that the settings are fit for production."""
    manage = ROOT / "manage.py"
    _require("Checking that no migration is missing", env, manage, "makemigrations", "--check", "--dry-run")
    _require("Checking the deployment settings", production, manage, "check", "--deploy", "--fail-level", "WARNING")


def _require(what: str, env: dict[str, str], program, *arguments) -> None:
    """Run a check with its output shown; raise Stop when it fails."""
    say(f"{what} ...")
    start = [sys.executable, program] if str(program).endswith(".py") else [sys.executable, "-m", program]
    if run_shown([*start, *arguments], env=env, cwd=ROOT):
        raise Stop(f"{what} failed: see above.")
