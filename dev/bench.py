"""`make bench`: the benchmarks, on servers set as in production."""

import os
import shlex
import sys

from dev import environment
from dev.places import ROOT
from dev.postgres import LIKE_PRODUCTION
from dev.processes import run_shown
from dev.run import prepare
from dev.servers import start_servers, supervised


def bench() -> int:
    """Run the benchmarks (ARGS is passed on) and return their exit code."""
    with supervised("bench") as supervisor:
        env = environment.for_tests(start_servers(supervisor, "bench/", LIKE_PRODUCTION))
        prepare(env, "static")
        arguments = shlex.split(os.environ.get("ARGS", ""))
        return run_shown([sys.executable, "-m", "bench", *arguments], env=env, cwd=ROOT)
