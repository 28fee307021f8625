"""Debian packages, for the few things that no wheel brings."""

import os
import shutil
import subprocess

from dev.console import say
from dev.places import LOG
from dev.processes import run_step


def install(*packages: str) -> bool:
    """Install Debian packages as root or by sudo without a password; say whether that could be tried."""
    prefix = _as_root()
    if prefix is None or not shutil.which("apt-get"):
        return False
    say(f"Installing {' '.join(packages)} with apt-get ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    failed = f"apt-get could not install {' '.join(packages)}"
    apt = [*prefix, "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    run_step([*apt, "update"], log=LOG / "apt.log", failed=failed, env=env)
    command = [*apt, "install", "-y", "--no-install-recommends", *packages]
    run_step(command, log=LOG / "apt.log", failed=failed, env=env)
    return True


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        return ["sudo", "-n"]
    return None
