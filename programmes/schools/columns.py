"""The register's columns that we use: their names in the file, ours, and what a cell must look like.

Column names and codes: DfE, Get Information About Schools, extract of 22 April 2025 (135 columns).
"""

from dataclasses import dataclass

from psycopg import sql

# Spellings of “nothing” in the extract; the four of the register, and a cell of spaces.
BLANK = ("", "Not applicable", "Does not apply", "None")

# DD-MM-YYYY of the years 1100 to 2999, each month with its own days, leap years included.
DATE = (
    r"^((0[1-9]|1[0-9]|2[0-8])-(0[1-9]|1[0-2])|(29|30)-(0[13-9]|1[0-2])|31-(0[13578]|1[02]))-(1[1-9]|2[0-9])[0-9]{2}$"
    r"|^29-02-(1[1-9]|2[0-9])(0[48]|[2468][048]|[13579][26])$|^29-02-(12|16|2[048])00$"
)
YES = ("Yes", "Approved")
NO = ("No", "Not approved")


@dataclass(frozen=True)
class Column:
    """A field of ours and the register's column that fills it.

    A `needed` column must be in the file. `kind` names an entry of VALUES. `size` is the longest text, or the
    greatest number, that the field holds.
    A cell that does not fit becomes `blank` (SQL), with a warning; where there is no `blank`, the file is refused.
    """

    field: str
    header: str
    kind: str = "text"
    needed: bool = False
    size: int = 200
    blank: str | None = "NULL"


def text(field: str, header: str, size: int = 200) -> Column:
    """Return a column of text, whose blank is the empty text."""
    return Column(field, header, "text", size=size, blank="''")


URN = Column("urn", "URN", "number", True, 999_999_999, None)
ESTABLISHMENT = (
    URN,
    Column("name", "EstablishmentName", "text", True, 200, None),
    Column("local_authority_id", "LA (code)", "text", True, 3, "'000'"),
    text("number", "EstablishmentNumber", 4),
    Column("type_code", "TypeOfEstablishment (code)", "number", True, 999, None),
    text("type_name", "TypeOfEstablishment (name)", 100),
    Column("group_code", "EstablishmentTypeGroup (code)", "number", True, 999, None),
    text("group_name", "EstablishmentTypeGroup (name)", 100),
    Column("status", "EstablishmentStatus (code)", "status", True, 4, None),
    Column("opened_on", "OpenDate", "date"),
    Column("closed_on", "CloseDate", "date"),
    Column("phase", "PhaseOfEducation (code)", "phase", True, 7, "0"),
    Column("low_age", "StatutoryLowAge", "number", size=99),
    Column("high_age", "StatutoryHighAge", "number", size=99),
    text("further_education_type", "FurtherEducationType (name)", 100),
    Column("section_41", "Section41Approved (name)", "flag"),
    text("religious_character", "ReligiousCharacter (name)", 60),
    Column("trust_id", "Trusts (code)", size=10),
    Column("pupils", "NumberOfPupils", "number", size=99_999),
    text("street", "Street"),
    text("locality", "Locality"),
    text("address3", "Address3"),
    text("town", "Town", 100),
    text("county", "County (name)", 100),
    text("postcode", "Postcode", 10),
    text("website", "SchoolWebsite", 300),
    text("district", "DistrictAdministrative (name)", 100),
    Column("easting", "Easting", "number", size=9_999_999),
    Column("northing", "Northing", "number", size=9_999_999),
)
AUTHORITY_NAME = text("authority_name", "LA (name)", 80)
TRUST_NAME = text("trust_name", "Trusts (name)")

LINKS = (
    URN,
    Column("link_urn", "LinkURN", "number", True, 999_999_999, None),
    text("link_name", "LinkName"),
    Column("link_type", "LinkType", "text", True, 80, None),
    Column("established_on", "LinkEstablishedDate", "date"),
)


def trimmed(column: Column, place: int) -> sql.Composable:
    """Return SQL for the text of the file's column number `place`; numbers and dates bear spaces as they are."""
    return sql.SQL("btrim({})" if column.kind == "text" else "{}").format(sql.Identifier(f"c{place}"))


def cell(column: Column) -> sql.Composable:
    """Return SQL for the cell's text, which stands in a column of the field's name; NULL when it is a blank."""
    spellings = BLANK[:1] if column.kind == "phase" else BLANK  # “Not applicable” is a phase
    blank = sql.SQL(", ").join(map(sql.Literal, spellings))
    return sql.SQL("CASE WHEN {0} NOT IN ({1}) THEN {0} END").format(sql.Identifier(column.field), blank)


def value(column: Column) -> sql.Composable:
    """Return SQL for the value of `column`'s cell, which stands in a column of the field's name; NULL if it is bad."""
    given = sql.Identifier(column.field)
    return sql.SQL(VALUES[column.kind]).format(
        cell=given,
        size=sql.Literal(column.size),
        date=sql.Literal(DATE),
        yes=sql.SQL(", ").join(map(sql.Literal, YES)),
        no=sql.SQL(", ").join(map(sql.Literal, NO)),
    )


# `plain` says of a row that all its numbers are digits only: one look instead of one for each cell.
NUMBER = (
    "CASE WHEN plain AND octet_length({cell}) <= 9 OR {cell} ~ '^ *[0-9]{{1,9}} *$' "
    "THEN CASE WHEN {cell}::integer <= {size} THEN {cell}::integer END END"
)
PLAIN = "concat({cells}) ~ '^[0-9]*$'"
VALUES = {
    "text": "CASE WHEN octet_length({cell}) <= {size} OR char_length({cell}) <= {size} THEN {cell} END",
    "number": NUMBER,
    "status": "CASE WHEN {cell} IN ('1', '2', '3', '4') THEN {cell}::integer END",
    "phase": "CASE WHEN {cell} IN ('0', '1', '2', '3', '4', '5', '6', '7') THEN {cell}::integer "
    "WHEN {cell} IN ('Not applicable', 'Does not apply', 'None') THEN 0 END",
    "date": "CASE WHEN btrim({cell}) ~ {date} THEN to_date({cell}, 'DD-MM-YYYY') END",
    "flag": "CASE WHEN {cell} IN ({yes}) THEN true WHEN {cell} IN ({no}) THEN false END",
}


def present(columns: tuple[Column, ...], header: tuple[str, ...]) -> list[tuple[Column, int]]:
    """Return the columns that the file has, each with its place in the file, counted from 1."""
    return [(column, header.index(column.header) + 1) for column in columns if column.header in header]


def plain(columns) -> sql.Composable:
    """Return SQL that is true when the cells of all number columns are blank or plain digits."""
    numbers = [sql.Identifier(column.field) for column in columns if column.kind == "number"]
    return sql.SQL(PLAIN).format(cells=sql.SQL(", ").join(numbers)) if numbers else sql.SQL("true")
