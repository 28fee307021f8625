"""The portal served as in production, by granian with one process, on the measurements' own database."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from .rows import database_url

APPLICATION = "hubportal.wsgi:application"


@contextmanager
def served() -> Iterator[Callable[..., bytes]]:
    """Start the portal and yield a function that gets the body of an address over one kept connection."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface=wsgi", f"--port={port}", "--blocking-threads=1", APPLICATION],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": database_url(connection.settings_dict["NAME"]),
            "PORTAL_URL": f"http://127.0.0.1:{port}",
            "DB_POOL": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        kept = _connected(port, process)
        yield lambda address, headers=None: _get(kept, address, headers)
        kept.close()
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _connected(port: int, process: subprocess.Popen) -> http.client.HTTPConnection:
    for _ in range(300):
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            _get(kept, "/schools/search/?q=oak")
            return kept
        except ConnectionRefusedError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError("The portal did not start.")


def _get(kept: http.client.HTTPConnection, address: str, headers: dict | None = None) -> bytes:
    kept.request("GET", address, headers=headers or {})
    answer = kept.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return body
