"""The environment variables of each command. What the caller has set wins, except in tests."""

import os
import secrets
import shlex

from dev.places import VAR, tool_path

OURS = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DB_POOL",
    "DEBUG",
    "EMAIL_URL",
    "PORTAL_URL",
    "REDIS_URL",
    "REQUIRE_MFA",
    "SECRET_KEY",
    "STATIC_ROOT",
    "TRUSTED_PROXIES",
)


def for_run(port: int, urls: dict[str, str]) -> dict[str, str]:
    """Return the environment of `make run`: a portal for this machine only."""
    defaults = {
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "REQUIRE_MFA": "0",
        "DEBUG": "0",
    }
    set_already = {name: value for name, value in os.environ.items() if value}
    key = {} if set_already.get("SECRET_KEY") else {"SECRET_KEY": _secret_key()}
    return {**defaults, **key, **set_already, **urls, "PATH": tool_path(), "PYTHONUNBUFFERED": "1"}


def for_tests(urls: dict[str, str]) -> dict[str, str]:
    """Return the environment of tests: the same everywhere, whatever the caller's shell has set."""
    return {
        **_without_ours(),
        **urls,
        "SECRET_KEY": "tests-only-" * 6,
        "PORTAL_URL": "http://127.0.0.1:8000",
        "REQUIRE_MFA": "0",
        "PATH": tool_path(),
    }


def like_production(urls: dict[str, str]) -> dict[str, str]:
    """Return the environment in which the deployment checks must find nothing."""
    return {
        **_without_ours(),
        **urls,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_URL": "https://portal.example",
        "PATH": tool_path(),
    }


def _without_ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OURS}


def _secret_key() -> str:
    """Return this folder's secret key, made once."""
    file = VAR / "secret_key"
    if not file.exists() or not file.read_text().strip():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64))
    return file.read_text().strip()


def write_down(env: dict[str, str]) -> None:
    """Write the portal's variables to `var/env`, for commands in another terminal."""
    file = VAR / "env"
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    lines = [f"export {name}={shlex.quote(env[name])}\n" for name in OURS if env.get(name)]
    file.write_text("".join(lines))


def forget() -> None:
    (VAR / "env").unlink(missing_ok=True)
