"""A file that cannot be the register, or would damage it: each is refused with a sentence that says what and where."""

from datetime import date

import pytest

from programmes.models import Establishment, EstablishmentLink, RegisterImport
from programmes.schools.reading import RegisterRefused
from tests.factories import SchoolFactory

from . import files
from .files import COLUMNS_29, row

pytestmark = pytest.mark.django_db
GOOD = 100


@pytest.fixture
def register(load):
    """A register of a hundred open schools, and what it looks like."""
    load(files.rows(GOOD))
    return list(Establishment.objects.values())


def refused(load, what, match, **options):
    with pytest.raises(RegisterRefused, match=match) as refusal:
        load(what, **options)
    last = RegisterImport.objects.order_by("pk").last()
    assert (last.status, last.message) == ("refused", str(refusal.value))


def text(rows=()):
    return [",".join(COLUMNS_29), *(",".join(str(each.get(name, "")) for name in COLUMNS_29) for each in rows)]


def spoiled(tmp_path, *, lines=None, data=None):
    path = tmp_path / "spoiled.csv"
    path.write_bytes(data if data is not None else "\r\n".join([*lines, ""]).encode("cp1252"))
    return path


def test_a_file_that_lost_more_than_a_twentieth_of_the_open_schools(load, register):
    refused(load, files.rows(94), r"has lost 6 of the 100 open schools of the register \(6\.0%; at most 5%")
    assert list(Establishment.objects.values()) == register

    assert load(files.rows(95)).missing == 5


def test_a_file_that_closes_too_many(load, register):
    closing = [row(100_000 + n, status="2" if n < 4 else "1") for n in range(GOOD)]
    refused(load, closing, r"closes 4 of the 100 open schools of the register \(4\.0%\); at most 2% can have closed")
    assert list(Establishment.objects.values()) == register


def test_a_register_years_younger_may_close_as_many_for_each_year(load, register):
    closing = [row(100_000 + n, status="2" if n < 6 else "1") for n in range(GOOD)]
    RegisterImport.objects.update(register_on=date(2023, 10, 2))

    assert load(closing, on=date(2026, 10, 1)).closed == 6


def test_an_older_register(load, register):
    refused(load, files.rows(GOOD), "of 30 September 2026, older than the one of 1 October 2026", on=date(2026, 9, 30))


def test_a_register_of_the_future(load):
    refused(load, files.rows(3), "date, 4 November 2026, is in the future", on=date(2026, 11, 4))


def test_no_urn_column(load):
    refused(load, files.rows(3), "line 1 has no column “URN”. It has 28 columns", columns=COLUMNS_29[1:])


def test_a_search_result_without_codes(load):
    names = [name for name in COLUMNS_29 if "(code)" not in name]
    refused(load, files.rows(3), r"no column “LA \(code\)”, “TypeOfEstablishment \(code\)”", columns=names)


def test_a_column_named_twice(load):
    refused(load, files.rows(3), "line 1 names the column “Town” twice", columns=[*COLUMNS_29, "Town"])


def test_a_urn_named_twice(load):
    refused(load, [*files.rows(3), row(100_001)], r"names a school more than once: URN 100001 \(2 times\)")


@pytest.mark.parametrize("urn", ["", "abc", "1e5", "-5", "12 34", "9999999999", "None"])
def test_a_bad_urn(load, urn):
    refused(load, [row(1), row(2), row(urn, "Third")], r"register\.csv: line 4, column “URN”")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("EstablishmentName", ""),
        ("EstablishmentStatus (code)", "5"),
        ("EstablishmentStatus (code)", "Open"),
        ("TypeOfEstablishment (code)", "x"),
        ("EstablishmentName", "x" * 201),
    ],
)
def test_a_cell_that_we_cannot_do_without(load, column, value):
    match = rf"line 3, column “{column.replace('(', '[(]').replace(')', '[)]')}”"
    refused(load, [row(1), row(2, **{column: value})], match)


def test_a_column_in_another_format(load):
    slashes = [row(n, opened="01/09/2012") for n in range(1, 41)]
    refused(load, slashes, r"line 2, column “OpenDate”: “01/09/2012” is not a date.*in 40 of the 40 cells")


def test_no_rows(load):
    refused(load, [], "has a header and no schools")


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "is empty"),
        (b"  \r\n ", "is empty"),
        ("URN,Name\r\n1,A\r\n".encode("utf-16"), r"UTF-16 text \(byte 1"),
        (b"URN,Name\r\n1,A\r\n2,\0\r\n", r"line 3 \(byte 18\) holds a NUL byte"),
        (b"PK\x03\x04\x00\x00", "NUL byte; this is not a text file"),
        (b"<html>\r\n<p>Sorry</p>\r\n", "line 1 is not a header"),
        (b"URN;Name\r\n1;A\r\n", "line 1 is not a header"),
        (b"URN,Name\r\n1,A\r\n2,\x81B\r\n", r"neither cp1252 nor UTF-8 text: byte 18 \(hexadecimal 81, on line 3\)"),
        (b"\xef\xbb\xbfURN,Name\r\n1,\xe9t\r\n", r"begins as UTF-8, but byte 16 \(hexadecimal E9, on line 2\)"),
        (
            b"URN,Name\r\n1,\xc3\xa9\r\n2,\xe9t\r\n",
            "mixes two encodings: line 2 has UTF-8 characters, but byte 19 on line 3",
        ),
        (b"URN,Name\r\n1,A\r\n\\.\r\n2,B\r\n", r"line 3 \(byte 16\) is"),
    ],
)
def test_what_is_no_text_of_ours(load, tmp_path, data, match):
    refused(load, spoiled(tmp_path, data=data), match)


def test_the_place_of_a_bad_byte_is_right_beyond_the_first_chunk(load, tmp_path):
    lines = text(files.rows(6_000))
    lines[5_000] = lines[5_000].replace("Colchester", "Colchester\x81")
    data = "\r\n".join([*lines, ""]).encode("latin-1")

    refused(load, spoiled(tmp_path, data=data), rf"byte {data.index(0x81) + 1:,} \(hexadecimal 81, on line 5,001\)")


def test_half_a_line_at_the_end(load, tmp_path, register):
    data = "\r\n".join(text(files.rows(GOOD))).encode()
    refused(load, spoiled(tmp_path, data=data[:-40]), "line 101 has fewer cells than the header; half a line")
    assert list(Establishment.objects.values()) == register


def test_half_a_file_that_ends_inside_quotation_marks(load, tmp_path):
    lines = text(files.rows(4))
    lines[-1] = lines[-1].replace("School 100003", '"School 10')
    refused(load, spoiled(tmp_path, lines=lines), "line [56] opens a quotation mark that nothing closes")


def test_a_line_with_a_cell_too_many(load, tmp_path):
    lines = text(files.rows(4))
    lines[2] += ",more"
    refused(load, spoiled(tmp_path, lines=lines), "line 3 has more cells than the header")


def test_a_file_without_a_last_line_break_is_taken_with_a_warning(load, tmp_path):
    outcome = load(spoiled(tmp_path, data="\r\n".join(text(files.rows(4))).encode()))

    assert (outcome.added, "no line break at its end" in outcome.warnings[0]) == (4, True)


def test_the_line_is_right_after_cells_that_hold_line_breaks(load):
    refused(load, [row(1, "Two\nlines"), row("x")], "line 4, column “URN”")


def test_a_refused_links_file_leaves_the_register_as_it_was(load):
    load(files.rows(3), links=[(n, n + 1, "Successor") for n in range(100)])

    refused(
        load,
        files.rows(4),
        "links.csv has lost 90 of the 100 links",
        links=[(n, n + 1, "Successor") for n in range(10)],
    )
    refused(
        load, files.rows(4), "links.csv: line 2, column “LinkURN”: “x” is not a whole", links=[(1, "x", "Successor")]
    )
    refused(load, files.rows(4), "links.csv has a header and no links", links=[])

    assert (Establishment.objects.count(), EstablishmentLink.objects.count()) == (3, 100)


def test_a_dry_run_that_is_refused_writes_nothing(load):
    with pytest.raises(RegisterRefused):
        load([], dry_run=True)

    assert not RegisterImport.objects.exists()


def test_a_refusal_leaves_our_schools_alone(load, register):
    school = SchoolFactory(establishment=Establishment.objects.get(pk=100_000))
    refused(load, [row(100_000, status="2")], "has lost 99 of the 100")

    assert not school.changes.exists()
