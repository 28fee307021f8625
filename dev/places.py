"""Where the runner keeps things. Everything it makes is git-ignored."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("DEV_VAR") or ROOT / "var").resolve()
RUN = VAR / "run"
LOG = VAR / "log"
STAMPS = VAR / "stamps"
VENV = ROOT / ".venv"
VENV_BIN = VENV / "bin"
BUILD = ROOT / "static" / "build"


def make_folders() -> None:
    """Create the folders that every command writes to."""
    for folder in (RUN, LOG, STAMPS):
        folder.mkdir(parents=True, exist_ok=True)


def tool_path() -> str:
    """Return a PATH with the tools of this Python (celery, granian, node) before the machine's own."""
    return os.pathsep.join([str(VENV_BIN), os.path.dirname(sys.executable), os.environ.get("PATH", "")])
