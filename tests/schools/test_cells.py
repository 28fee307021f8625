"""What the cells of a file mean, against Python's own reading of them."""

from datetime import date, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from programmes.models import Establishment
from programmes.schools.columns import BLANK, Column, cell, plain, value

from .files import COLUMNS_135, row, rows

pytestmark = pytest.mark.django_db


def read(column, text):
    """Return what SQL makes of one cell."""
    query = sql.SQL(
        "SELECT {value} FROM (SELECT {cell} AS field, {plain} AS plain FROM (SELECT {cell} AS field FROM "
        "(SELECT btrim(%s::text) AS field OFFSET 0) AS trimmed) AS cells) AS cells"
    )
    with connection.cursor() as cursor:
        cursor.execute(query.format(value=value(column), cell=cell(column), plain=plain([column])), [text])
        return cursor.fetchone()[0]


DATE = Column("field", "OpenDate", "date")
NUMBER = Column("field", "NumberOfPupils", "number", size=99_999)


@given(st.dates(date(1100, 1, 1), date(2999, 12, 31)))
def test_every_date_is_read_as_it_was_written(on):
    assert read(DATE, f"{on.day:02}-{on.month:02}-{on.year:04}") == on


@given(st.from_regex(r"\A[0-3][0-9]-[01][0-9]-(1[1-9]|2[0-9])[0-9]{2}\Z"))
def test_a_day_that_no_calendar_has_is_blank(text):
    try:
        expected = datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        expected = None
    assert read(DATE, text) == expected


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12))
def test_any_text_is_a_whole_number_or_blank(text):
    digits = text.strip(" ")
    expected = (
        int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 and int(digits) <= 99_999 else None
    )
    assert read(NUMBER, text) == expected


@given(st.sampled_from(BLANK), st.text(" ", max_size=3))
def test_the_four_spellings_of_blank(spelling, space):
    assert read(Column("field", "Town"), f"{space}{spelling}{space}") is None


def test_not_applicable_is_a_phase_and_no_blank():
    phase = Column("field", "PhaseOfEducation (code)", "phase", size=7)
    assert [read(phase, text) for text in ("0", "7", "Not applicable", "8", "")] == [0, 7, 0, None, None]


def test_a_bad_cell_is_left_blank_with_its_line_and_column(load):
    bad = row(100_099, opened="31-02-2020", pupils="many", Postcode="x" * 30)
    outcome = load([*rows(5), bad], columns=COLUMNS_135)

    school = Establishment.objects.get(pk=100_099)
    assert (school.opened_on, school.pupils, school.postcode) == (None, None, "")
    assert outcome.warnings == [
        "register.csv: line 7, column “OpenDate”: “31-02-2020” is not a date such as 31-08-2026; it is left blank.",
        "register.csv: line 7, column “NumberOfPupils”: “many” is not a whole number in range; it is left blank.",
        f"register.csv: line 7, column “Postcode”: “{'x' * 30}” is not a text that fits; it is left blank.",
    ]
