"""`make clean`: stop what runs in this folder, then remove data and products. Needs no virtual environment."""

import os
import shutil
import signal

from dev.account import remove_elsewhere
from dev.console import Stop, say
from dev.locks import Lock
from dev.places import BUILD, ROOT, RUN, VAR
from dev.processes import Ledger, identity, wait_gone

KINDS = ("run", "test", "bench")
CACHES = (".pytest_cache", ".ruff_cache")


def clean() -> int:
    """Remove everything that `make run` made except .venv and node_modules."""
    if RUN.exists():
        for kind in KINDS:
            _stop(kind)
    products = [] if os.environ.get("DEV_VAR") else [BUILD, *(ROOT / name for name in CACHES)]  # another run's, perhaps
    for folder in (VAR, *products):
        shutil.rmtree(folder, ignore_errors=True)
    remove_elsewhere()
    if VAR.exists():
        raise Stop(f"{VAR} could not be removed: something in it belongs to another user.")
    say("Removed var/ with the demo's data, static/build/ and the caches (.venv and node_modules are kept).")
    return 0


def _stop(kind: str) -> None:
    lock = Lock(RUN / f"{kind}.lock")
    if not lock.take():
        pid, _ = lock.holder()
        say(f"Stopping `make {kind}` (process {pid}) ...")
        known_as = identity(pid)
        os.kill(pid, signal.SIGTERM)
        if known_as and not wait_gone(pid, known_as, 60):
            raise Stop(f"`make {kind}` (process {pid}) does not stop.")
    else:
        lock.release()
    Ledger(RUN / f"{kind}.json").end_leftovers()
