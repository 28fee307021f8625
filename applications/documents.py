"""Files that a school sends: their type is read from their content, they lie in PostgreSQL, and are only handed out."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from hubportal.uploads import MOST_MEGABYTES

from .models import Application, Document

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
KINDS = {PDF: "PDF", WORD: "Word", ODT: "OpenDocument"}
ENDINGS = {PDF: ".pdf", WORD: ".docx", ODT: ".odt"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word up to 2003, and newer files behind a password
PDF_STARTS_WITHIN, MOST_MIMETYPE = 1024, 200
ENCRYPTED = 0x1
ACCEPTED = f"a PDF, Word (.docx) or OpenDocument (.odt) file of up to {MOST_MEGABYTES} megabytes"


class NotAccepted(Exception):
    """The file cannot be taken; the sentence says why and what to do."""


@dataclass(frozen=True)
class Upload:
    """A file that has been looked at."""

    name: str
    kind: str
    content: bytes


def look_at(name: str, content: bytes, *, size: int) -> Upload:
    """Return the file with the type that its content shows, whatever its name says. Raises NotAccepted.

    `size` is what was sent; of a file that is too large, `content` holds only the beginning. Types are told apart by
    what the formats prescribe: libraries that guess from the first bytes take every zip file for a Word document.
    """
    if size == 0:
        raise NotAccepted("This file is empty. Choose another one.")
    if size > MOST_MEGABYTES * 1024 * 1024:
        raise NotAccepted(f"This file is larger than {MOST_MEGABYTES} megabytes. Save it smaller, or type the plan.")
    kind = _kind(content)
    stem = name.rpartition(".")[0] or name or "plan"
    return Upload(stem[: Document.LONGEST_NAME - len(ENDINGS[kind])] + ENDINGS[kind], kind, content)


def _kind(content: bytes) -> str:
    if b"%PDF-" in content[:PDF_STARTS_WITHIN]:
        return PDF
    if content.startswith(OLD_OFFICE):
        raise NotAccepted(
            "This is a Word file in the old format, or one with a password. Save it as .docx without a password, or as "
            "a PDF."
        )
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _kind_of_zip(content)
    raise NotAccepted(f"This is not {ACCEPTED}. Choose another file, or type the plan.")


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = {entry.filename: entry for entry in packed.infolist()}
            if any(entry.flag_bits & ENCRYPTED for entry in entries.values()):
                raise NotAccepted("This file is protected with a password. Save it without one and choose it again.")
            kind = _kind_of_entries(packed, entries)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as problem:
        raise NotAccepted("This file is damaged and cannot be read. Save it again, or type the plan.") from problem
    if kind is None:
        raise NotAccepted(f"This is not {ACCEPTED}. Choose another file, or type the plan.")
    return kind


def _kind_of_entries(packed: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> str | None:
    if "word/vbaProject.bin" in entries:
        raise NotAccepted("This Word file holds macros. Save it as .docx or PDF and choose it again.")
    if "[Content_Types].xml" in entries and "word/document.xml" in entries:
        return WORD
    said = entries.get("mimetype")
    if said is None or said.file_size > MOST_MIMETYPE or packed.read(said).strip() != ODT.encode():
        return None
    locked = "META-INF/manifest.xml" in entries and b"encryption-data" in _beginning(packed, "META-INF/manifest.xml")
    if locked:
        raise NotAccepted("This file is protected with a password. Save it without one and choose it again.")
    return ODT


def _beginning(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as entry:
        return entry.read(64 * 1024)  # enough for a manifest; a bomb is never unpacked whole


def keep(application: Application, upload: Upload, *, at: datetime) -> Document:
    """Keep the file as the application's plan, in place of an earlier one."""
    values = {
        "name": upload.name,
        "kind": upload.kind,
        "size": len(upload.content),
        "sha256": hashlib.sha256(upload.content).hexdigest(),
        "content": upload.content,
        "at": at,
    }
    return Document.objects.update_or_create(application=application, defaults=values)[0]


def copy(application: Application, to: Application) -> None:
    """Give another application the same plan."""
    for kept in Document.objects.filter(application=application):
        keep(to, Upload(kept.name, kept.kind, bytes(kept.content)), at=kept.at)


def download(document: Document) -> HttpResponse:
    """Return the file to be saved, never shown: it comes from outside."""
    response = HttpResponse(bytes(document.content), content_type=document.kind)
    response["Content-Disposition"] = content_disposition_header(True, document.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
