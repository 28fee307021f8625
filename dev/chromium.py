"""Finding Chromium for the browser tests, or installing Debian's."""

import os
import shutil

from dev import packages
from dev.console import Stop

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of a Chromium: the one of CHROMIUM, or one in PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if not path:
            raise Stop(f"CHROMIUM is “{named}”, which is no program; unset it or name a Chromium.")
        return path
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_or_install() -> str:
    """Return the path of a Chromium, installing Debian's if there is none; raise Stop when that cannot be done."""
    path = find()
    if path:
        return path
    tried = packages.install("chromium", "fonts-liberation")
    path = find()
    if not path:
        how = "apt-get installed none" if tried else "it can only be installed as root, with Debian's apt-get"
        raise Stop(f"The browser tests need Chromium and {how}: install it, or set CHROMIUM to its path.")
    return path
