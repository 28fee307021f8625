"""A file of the register, read with care: is it text, in which encoding, with which columns?

The file is never held in memory. One pass looks at its bytes; a second (staging.py) hands them to COPY as they are.
"""

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 18
HEADER_LIMIT = 1 << 16
ASCII = bytes(range(128))
NOT_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Two or more bytes that are one UTF-8 character; as cp1252 they would read “Ã©”, which no name contains.
UTF8_SEQUENCE = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2[\x80-\x82][\x80-\xbf]")
UTF8_LEADS = frozenset(b"\xc3\xc4\xc5\xe2")
END_MARK = re.compile(rb"[\r\n]\\\.[\r\n]")
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class RegisterRefused(Exception):
    """The file cannot be the register, or would damage it. The sentence says what is wrong and where."""


@dataclass
class Source:
    """A file that begins as text with a header line. What only the whole file can tell is known after `chunks`."""

    path: Path
    encoding: str
    start: int
    columns: tuple[str, ...] = ()
    not_utf8: int | None = None
    sha256: str = ""
    ends_with_newline: bool = False

    @property
    def name(self) -> str:
        return self.path.name

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes after the byte order mark, looking at each. Raises RegisterRefused at what is no text.

        One pass does all: while PostgreSQL parses a chunk, the next one is looked at here.
        """
        digest, offset, tail = hashlib.sha256(), self.start, b""
        with open(self.path, "rb") as file:
            digest.update(file.read(self.start))
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                self.look_at(chunk, offset, tail)
                offset, tail = offset + len(chunk), chunk[-4:]
                yield chunk
        self.sha256, self.ends_with_newline = digest.hexdigest(), tail.endswith((b"\n", b"\r"))

    def look_at(self, chunk: bytes, offset: int, tail: bytes) -> None:
        """Raise RegisterRefused when the chunk at `offset`, after `tail`, holds what no text of ours does."""
        if b"\0" in chunk:
            at = offset + chunk.index(b"\0")
            raise RegisterRefused(f"{self.name}: {self._place(at)} holds a NUL byte; this is not a text file.")
        if b"\\." in (window := tail + chunk) and (mark := END_MARK.search(window)):
            at = offset - len(tail) + mark.start() + 1
            raise RegisterRefused(f"{self.name}: {self._place(at)} is “\\.”, which no register holds.")
        if self.encoding == "WIN1252" and not chunk.isascii():
            self._look_at_high_bytes(chunk, offset, set(chunk.translate(None, ASCII)))

    def _look_at_high_bytes(self, chunk: bytes, offset: int, high: set[int]) -> None:
        if high & NOT_IN_CP1252:
            at = offset + NOT_CP1252.search(chunk).start()
            value, line = chunk[at - offset], line_at(self.path, at)
            raise RegisterRefused(
                f"{self.name} is neither cp1252 nor UTF-8 text: byte {at + 1:,} "
                f"(hexadecimal {value:02X}, on line {line:,}) is no character of either."
            )
        if high & UTF8_LEADS and (found := UTF8_SEQUENCE.search(chunk)):
            raise RegisterRefused(
                f"{self.name} mixes two encodings: line {line_at(self.path, offset + found.start()):,} has UTF-8 "
                f"characters, but byte {self.not_utf8 + 1:,} on line {line_at(self.path, self.not_utf8):,} is not "
                "UTF-8. Download it again."
            )

    def _place(self, at: int) -> str:
        return f"line {line_at(self.path, at):,} (byte {at + 1:,})"


def examine(path: Path) -> Source:
    """Return the file as a Source. Raises RegisterRefused when it does not begin as cp1252 or UTF-8 text."""
    try:
        return _examine(path)
    except OSError as error:
        raise RegisterRefused(f"{path} cannot be read: {error.strerror or error}.") from error


def _examine(path: Path) -> Source:
    with open(path, "rb") as file:
        head = file.read(HEADER_LIMIT)
    if not head.strip():
        raise RegisterRefused(f"{path.name} is empty.")
    if head.startswith(UTF16):
        raise RegisterRefused(
            f"{path.name} is UTF-16 text (byte 1 is a UTF-16 mark). Save it as “CSV UTF-8” or download it again."
        )
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    not_utf8 = _first_byte_not_utf8(path)
    if start and not_utf8 is not None:
        with open(path, "rb") as file:
            file.seek(not_utf8)
            value = file.read(1)[0]
        raise RegisterRefused(
            f"{path.name} begins as UTF-8, but byte {not_utf8 + 1:,} "
            f"(hexadecimal {value:02X}, on line {line_at(path, not_utf8):,}) is not."
        )
    encoding = "UTF8" if not_utf8 is None else "WIN1252"
    source = Source(path, encoding, start, not_utf8=not_utf8)
    source.look_at(head, 0, b"")
    source.columns = _header(path.name, head[start:], encoding)
    return source


def _first_byte_not_utf8(path: Path) -> int | None:
    """Return the offset of the first byte that is not UTF-8; None if the whole file is."""
    decoder, offset = codecs.getincrementaldecoder("utf-8")(), 0
    with open(path, "rb") as file:
        while True:
            chunk, held = file.read(CHUNK), len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return offset - held + error.start
            if not chunk:
                return None
            offset += len(chunk)


def line_at(path: Path, offset: int) -> int:
    """Return the number of the line that the byte at `offset` is on."""
    line = 1
    with open(path, "rb") as file:
        while offset > 0 and (chunk := file.read(min(CHUNK, offset))):
            line += chunk.count(b"\n")
            offset -= len(chunk)
    return line


def _header(name: str, head: bytes, encoding: str) -> tuple[str, ...]:
    text = head.decode("utf-8" if encoding == "UTF8" else "cp1252", errors="ignore")
    columns = [column.strip() for column in next(csv.reader(text.splitlines()), [])]
    if len(columns) < 2:
        raise RegisterRefused(f"{name}: line 1 is not a header of columns separated by commas.")
    if len(columns) > 500:
        raise RegisterRefused(f"{name}: line 1 has {len(columns):,} columns; the register has about 135.")
    return tuple(columns)


def require_columns(source: Source, required: list[str], known: list[str]) -> None:
    """Raise RegisterRefused when a required column is missing, or a column that we read is there twice."""
    missing = [column for column in required if column not in source.columns]
    if missing:
        raise RegisterRefused(
            f"{source.name}: line 1 has no column {_listed(missing)}. It has {len(source.columns)} columns, "
            f"the first of them {_listed(list(source.columns[:3]))}."
        )
    doubled = [column for column in known if source.columns.count(column) > 1]
    if doubled:
        raise RegisterRefused(f"{source.name}: line 1 names the column {_listed(doubled)} twice.")


def line_of_row(source: Source, row: int) -> int:
    """Return the number of the line on which the row ends; a cell may hold line breaks, so rows are no lines."""
    encoding = "utf-8" if source.encoding == "UTF8" else "cp1252"
    with open(source.path, encoding=encoding, newline="") as file:
        file.seek(source.start)
        reader = csv.reader(file)
        for _ in zip(range(row + 1), reader, strict=False):
            pass
        return reader.line_num


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
