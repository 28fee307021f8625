"""What must be true of the database and the static files before the portal starts, made so in one process.

`python -m dev.prepare run` for the portal, `python -m dev.prepare static` for tests and benchmarks.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from dev.places import STAMPS
from dev.stamps import Stamp


def main(what: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")
    django.setup()
    if what == "run":
        call_command("migrate", verbosity=1, interactive=False)
        call_command("load_catalogue")
        seed_on_first_start()
    collect_static_files()


def seed_on_first_start() -> None:
    """Make the demo in a database without people, and keep what it says about signing in.

    A database that has people but no such file was seeded by a run that was killed, or in another clone; seeding is
    safe to repeat and says the same again.
    """
    from django.contrib.auth import get_user_model

    sign_ins = Path(os.environ["DEMO_FILE"])
    if sign_ins.exists() and get_user_model().objects.exists():
        return
    said = io.StringIO()
    try:
        call_command("seed_demo", stdout=said)
    except CommandError as refused:  # the database holds something real: no demo beside it
        said.write(f"No demo here: {refused}\n")
    sign_ins.parent.mkdir(exist_ok=True)
    sign_ins.write_text(said.getvalue())


def collect_static_files() -> None:
    """Collect and compress the static files when one of them has changed."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list(["src"]):
            seen = os.stat(storage.path(name))
            digest.update(f"{name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    stamp = Stamp(STAMPS / "static")
    if stamp.says(digest.hexdigest()) and (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return
    stamp.clear()
    call_command("collectstatic", interactive=False, verbosity=1, ignore_patterns=["src"])
    stamp.set(digest.hexdigest())


if __name__ == "__main__":
    main(sys.argv[1])
