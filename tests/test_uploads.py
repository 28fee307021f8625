"""Files on their way in: bounded in memory, counted beyond it, never on a disk."""

from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from hubportal.uploads import MOST_BYTES


def sent(**files):
    return RequestFactory().post("/", files).FILES


def test_a_file_is_kept_whole_in_memory():
    found = sent(file=SimpleUploadedFile("a.pdf", b"%PDF" * 1000))["file"]
    assert isinstance(found, InMemoryUploadedFile) and found.read() == b"%PDF" * 1000 and found.size == 4000


def test_what_is_too_large_is_counted_and_cut():
    found = sent(file=SimpleUploadedFile("a.pdf", b"x" * (MOST_BYTES + 5)))["file"]
    assert found.size == MOST_BYTES + 5 and len(found.read()) == MOST_BYTES


def test_many_files_of_one_request_share_the_bound():
    half = b"x" * (MOST_BYTES * 2 // 3)
    found = sent(one=SimpleUploadedFile("a", half), two=SimpleUploadedFile("b", half))
    assert sum(len(each.read()) for each in found.values()) == MOST_BYTES
    assert {each.size for each in found.values()} == {len(half)}
