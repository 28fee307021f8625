"""Stamps say what a product was made from, so that it is made again only when that changes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """Return a digest of the contents of `files` and of `facts`."""
    digest = hashlib.sha256(repr(facts).encode())
    for file in sorted(files):
        digest.update(f"\0{file}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


class Stamp:
    """What a product was made from when it was last made."""

    def __init__(self, path: Path):
        self.path = path

    def says(self, made_from: str) -> bool:
        return self.path.exists() and self.path.read_text() == made_from

    def set(self, made_from: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(made_from)

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
