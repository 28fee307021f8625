"""From the bytes of a file to rows of values: PostgreSQL parses the CSV, and SQL reads its cells.

`stage` copies the file into a table of texts, `type_rows` reads the texts into a table of values and says which cells
could not be read. Both tables are temporary and go with the transaction.
"""

import re
from dataclasses import dataclass

from psycopg import DataError, sql

from .columns import Column, cell, plain, present, trimmed, value
from .reading import RegisterRefused, Source, line_of_row

# A column with more bad cells than this has another format; blanking it would lose what we have.
BAD_CELLS, BAD_SHARE = 10, 0.05

WANTED = {
    "date": "a date such as 31-08-2026",
    "number": "a whole number in range",
    "status": "a status from 1 to 4",
    "phase": "a phase from 0 to 7",
    "flag": "“Approved” or “Not approved”",
    "text": "a text that fits",
}


# OFFSET 0 keeps PostgreSQL from copying an expression to each place that uses it.
TYPED = """
DROP TABLE IF EXISTS {typed}; CREATE TEMP TABLE {typed} ON COMMIT DROP AS
SELECT place, {finals}, {odd} AS odd FROM (
    SELECT place, num_nonnulls({names}) AS given, {values} FROM (
        SELECT *, {plain} AS plain FROM (
            SELECT place, {cells} FROM (SELECT ctid AS place, {trimmed} FROM {raw} OFFSET 0) AS trimmed OFFSET 0
        ) AS cells OFFSET 0
    ) AS cells OFFSET 0
) AS read
"""
BAD = """
WITH cells AS (
    SELECT row, false AS plain, {cells} FROM (SELECT row_number() OVER () AS row, {trimmed} FROM {raw}) AS trimmed
),
tests AS (
    SELECT row, nth, given, must, bad,
           count(*) FILTER (WHERE bad) OVER column_ AS bads, count(given) OVER column_ AS cells
    FROM cells, LATERAL (VALUES {tests}) AS test (nth, given, must, bad) WINDOW column_ AS (PARTITION BY nth)
)
SELECT row, nth, given, bads, cells FROM tests WHERE bad ORDER BY must DESC, row, nth LIMIT 1000
"""


@dataclass(frozen=True)
class BadCell:
    row: int
    column: Column
    text: str | None
    bad: int
    given: int

    def sentence(self, source: Source) -> str:
        where = f"{source.name}: line {line_of_row(source, self.row):,}, column “{self.column.header}”"
        if self.text is None:
            return f"{where} is blank."
        return f"{where}: “{self.text[:60]}” is not {WANTED[self.column.kind]}."


def stage(cursor, source: Source, table: str) -> None:
    """Copy the file into the temporary table `table`: a text column c1, c2, ... for each column of the file."""
    cells = ", ".join(f"c{n} text" for n in range(1, len(source.columns) + 1))
    cursor.execute(f"DROP TABLE IF EXISTS {table}; CREATE TEMP TABLE {table} ({cells}) ON COMMIT DROP")
    command = f"COPY {table} FROM STDIN (FORMAT csv, HEADER, ENCODING '{source.encoding}')"
    try:
        with cursor.copy(command) as copy:
            for chunk in source.chunks():
                copy.write(chunk)
    except DataError as error:
        raise RegisterRefused(_copy_trouble(source, error)) from error


COPY_TROUBLE = (
    (r"missing data for column", "has fewer cells than the header; half a line, perhaps of half a download"),
    (r"extra data after last", "has more cells than the header"),
    (r"unterminated CSV quoted", "opens a quotation mark that nothing closes; half a file, perhaps"),
    (r"unquoted (newline|carriage)", "ends differently from the lines before it"),
)


def _copy_trouble(source: Source, error: DataError) -> str:
    where = re.search(r"line (\d+)", error.diag.context or "")
    line = f"line {int(where[1]):,}" if where else "a line"
    message = error.diag.message_primary or str(error)
    what = next((words for pattern, words in COPY_TROUBLE if re.search(pattern, message)), f"cannot be read: {message}")
    return f"{source.name}: {line} {what}."


def type_rows(cursor, source: Source, *, raw: str, typed: str, columns: tuple[Column, ...]) -> list[str]:
    """Read the texts of `raw` into the values of the temporary table `typed`; return a warning for each bad cell.

    Raises RegisterRefused when a cell that cannot be blank is bad, or so many of a column that its format has changed.
    """
    found = present(columns, source.columns)
    cursor.execute(
        sql.SQL(TYPED).format(
            typed=sql.Identifier(typed),
            raw=sql.Identifier(raw),
            names=_list(sql.Identifier(column.field) for column, _ in found),
            finals=_list(_final(column) for column, _ in found),
            odd=_odd(found),
            values=_list(_as(value(column), column) for column, _ in found),
            plain=plain(column for column, _ in found),
            cells=_list(_as(cell(column), column) for column, _ in found),
            trimmed=_trimmed(found),
        )
    )
    bad = _bad_cells(cursor, raw, typed, found)
    _refuse_the_unreadable(source, bad)
    return [f"{each.sentence(source)[:-1]}; it is left blank." for each in bad]


def _trimmed(found) -> sql.Composable:
    return _list(_as(trimmed(column, place), column) for column, place in found)


def _final(column: Column) -> sql.Composable:
    if column.blank in {None, "NULL"}:
        return sql.Identifier(column.field)
    return _as(sql.SQL("COALESCE({}, {})").format(sql.Identifier(column.field), sql.SQL(column.blank)), column)


def _odd(found) -> sql.Composable:
    names = _list(sql.Identifier(column.field) for column, _ in found)
    musts = _list(sql.Identifier(column.field) for column, _ in found if column.blank is None)
    return sql.SQL("given > num_nonnulls({}) OR num_nulls({}) > 0").format(names, musts)


def _bad_cells(cursor, raw: str, typed: str, found) -> list[BadCell]:
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE odd)").format(sql.Identifier(typed)))
    if not cursor.fetchone()[0]:
        return []
    cells = _list(_as(cell(column), column) for column, _ in found)
    tests = _list(
        sql.SQL("({n}, {cell}, {must}, {value} IS NULL AND ({cell} IS NOT NULL OR {must}))").format(
            n=sql.Literal(n), cell=name, value=value(column), must=sql.Literal(column.blank is None)
        )
        for n, (column, _) in enumerate(found)
        for name in [sql.Identifier(column.field)]
    )
    cursor.execute(sql.SQL(BAD).format(cells=cells, trimmed=_trimmed(found), raw=sql.Identifier(raw), tests=tests))
    return [BadCell(row, found[n][0], text, bad, given) for row, n, text, bad, given in cursor.fetchall()]


def _refuse_the_unreadable(source: Source, bad: list[BadCell]) -> None:
    for each in bad:
        if each.column.blank is None:
            raise RegisterRefused(each.sentence(source))
        if each.bad > BAD_CELLS and each.bad > BAD_SHARE * each.given:
            raise RegisterRefused(
                f"{each.sentence(source)} So it is in {each.bad:,} of the {each.given:,} cells of the column."
            )


def _as(expression: sql.Composable, column: Column) -> sql.Composable:
    return sql.SQL("{} AS {}").format(expression, sql.Identifier(column.field))


def _list(parts) -> sql.Composable:
    return sql.SQL(", ").join(parts)
