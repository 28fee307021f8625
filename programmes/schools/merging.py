"""The difference between the staged register and ours, and the merge: set-based, and only of rows that differ."""

from psycopg import sql

from .columns import ESTABLISHMENT, Column, present

SHOWN = 20  # examples of each kind of difference
MANY = 1_000  # rows written, from which on statistics are stale

AUTHORITIES = """
INSERT INTO programmes_localauthority AS ours (code, name)
SELECT local_authority_id, COALESCE(NULLIF(max({name}), ''), local_authority_id) FROM register_incoming GROUP BY 1
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name
WHERE ours.name <> EXCLUDED.name AND EXCLUDED.name <> EXCLUDED.code
"""
TRUSTS = """
INSERT INTO programmes_trust AS ours (code, name)
SELECT trust_id, COALESCE(NULLIF(max({name}), ''), trust_id)
FROM register_incoming WHERE trust_id IS NOT NULL GROUP BY 1
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name
WHERE ours.name <> EXCLUDED.name AND EXCLUDED.name <> EXCLUDED.code
"""
CLOSES = "incoming.status = 2 AND old_status IN (1, 3)"
COUNTS = f"""
SELECT (SELECT count(*) FROM register_incoming), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new),
       count(*) FILTER (WHERE {CLOSES}) FROM register_changed AS incoming
"""
BEFORE_AND_AFTER = """
SELECT {theirs}, {ours} FROM register_changed AS incoming JOIN programmes_establishment AS ours USING (urn)
WHERE {condition} ORDER BY ours.urn LIMIT %(shown)s
"""
DIFFERENCE = """
DROP TABLE IF EXISTS register_changed, register_missing;
CREATE TEMP TABLE register_changed ON COMMIT DROP AS
SELECT incoming.*, ours.urn IS NULL AS is_new, ours.status AS old_status, ours.name AS old_name,
       ours.type_code AS old_type_code, ours.type_name AS old_type_name, ours.phase AS old_phase
FROM register_incoming AS incoming LEFT JOIN programmes_establishment AS ours USING (urn)
WHERE ours.urn IS NULL OR ours.gone_on IS NOT NULL OR ({theirs}) IS DISTINCT FROM ({ours});
CREATE TEMP TABLE register_missing ON COMMIT DROP AS
SELECT urn, name, status FROM programmes_establishment AS ours
WHERE gone_on IS NULL AND NOT EXISTS (SELECT FROM register_incoming AS incoming WHERE incoming.urn = ours.urn)
"""
# Two statements and not one with ON CONFLICT: that one locks every row first and works out its generated columns twice.
# Nothing else adds establishments, and imports wait for one another.
ADD = """
INSERT INTO programmes_establishment ({fields}, seen_on)
SELECT {values}, %(on)s FROM register_changed WHERE is_new ORDER BY urn
"""
CHANGE = """
UPDATE programmes_establishment AS ours SET {updates}, seen_on = %(on)s, gone_on = NULL
FROM register_changed AS incoming WHERE incoming.urn = ours.urn AND NOT incoming.is_new
"""
# The search is quick at once: no words wait outside the indexes for the next vacuum.
SETTLE = """
SELECT gin_clean_pending_list(indexrelid) FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
WHERE amname = 'gin' AND indrelid = 'programmes_establishment'::regclass AND pg_has_role(relowner, 'USAGE')
"""
MISSING = """
UPDATE programmes_establishment AS ours SET gone_on = %(on)s FROM register_missing AS missing
WHERE missing.urn = ours.urn RETURNING ours.name, ours.urn
"""
SEEN = """
UPDATE programmes_establishment AS ours SET seen_on = %(on)s FROM programmes_school AS school
WHERE school.establishment_id = ours.urn AND ours.gone_on IS NULL AND ours.seen_on < %(on)s
"""


def find_difference(cursor, outcome, header: tuple[str, ...]) -> None:
    """Compare the staged rows with ours, once: what differs and what is missing is all that comes after looks at."""
    columns = [column for column, _ in present(ESTABLISHMENT, header)]
    outcome.fields = frozenset(column.field for column in columns)
    cursor.execute(sql.SQL(DIFFERENCE).format(theirs=_fields(columns, "incoming"), ours=_fields(columns, "ours")))


def merge(cursor, outcome, header: tuple[str, ...]) -> None:
    """Merge the staged rows into our register, and write into `outcome` what that changed."""
    columns = [column for column, _ in present(ESTABLISHMENT, header)]
    _count(cursor, outcome)
    _show(cursor, outcome, columns)
    name = "authority_name" if "LA (name)" in header else "local_authority_id"
    cursor.execute(sql.SQL(AUTHORITIES).format(name=sql.Identifier(name)))
    if "Trusts (code)" in header:
        name = "trust_name" if "Trusts (name)" in header else "trust_id"
        cursor.execute(sql.SQL(TRUSTS).format(name=sql.Identifier(name)))
    if outcome.added:
        _add(cursor, columns, outcome.register_on)
    if outcome.changed:
        _change(cursor, columns, outcome.register_on)
    if outcome.added > MANY:
        cursor.execute("ANALYZE programmes_establishment")
    if outcome.added + outcome.changed > MANY:
        cursor.execute(SETTLE)
    cursor.execute(MISSING, {"on": outcome.register_on})
    outcome.missing = cursor.rowcount
    outcome.examples["missing"] = [f"{name} (URN {urn})" for name, urn in cursor.fetchmany(SHOWN)]
    cursor.execute(SEEN, {"on": outcome.register_on})


def _add(cursor, columns: list[Column], register_on) -> None:
    """Write the new rows. A column that the file lacks is blank."""
    given = {column.field for column in columns}
    values = sql.SQL(", ").join(
        sql.Identifier(column.field) if column.field in given else sql.SQL(column.blank) for column in ESTABLISHMENT
    )
    cursor.execute(sql.SQL(ADD).format(fields=_fields(ESTABLISHMENT), values=values), {"on": register_on})


def _change(cursor, columns: list[Column], register_on) -> None:
    """Write the rows that differ. A column that the file lacks stays as it is."""
    changeable = [sql.Identifier(column.field) for column in columns if column.field != "urn"]
    updates = sql.SQL(", ").join(sql.SQL("{0} = incoming.{0}").format(name) for name in changeable)
    cursor.execute(sql.SQL(CHANGE).format(updates=updates), {"on": register_on})


def _count(cursor, outcome) -> None:
    cursor.execute(COUNTS)
    outcome.rows, outcome.added, outcome.changed, outcome.closed = cursor.fetchone()


def _show(cursor, outcome, columns: list[Column]) -> None:
    cursor.execute(f"SELECT name, urn FROM register_changed WHERE is_new ORDER BY urn LIMIT {SHOWN}")
    outcome.examples["added"] = [f"{name} (URN {urn})" for name, urn in cursor.fetchall()]
    for kind, condition in {"closed": CLOSES, "changed": f"NOT is_new AND NOT ({CLOSES})"}.items():
        query = sql.SQL(BEFORE_AND_AFTER).format(
            theirs=_fields(columns, "incoming"), ours=_fields(columns, "ours"), condition=sql.SQL(condition)
        )
        cursor.execute(query, {"shown": SHOWN})
        outcome.examples[kind] = [_before_and_after(columns, row) for row in cursor.fetchall()]


def _before_and_after(columns: list[Column], row: tuple) -> str:
    new, old = row[: len(columns)], row[len(columns) :]
    differences = [
        f"{column.field} {_shown(before)} -> {_shown(after)}"
        for column, before, after in zip(columns, old, new, strict=True)
        if before != after
    ]
    return f"{old[1]} (URN {old[0]}): {'; '.join(differences) or 'is back in the register'}"


def _shown(value) -> str:
    return "blank" if value in (None, "") else f"“{value}”"


def _fields(columns, table: str | None = None) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.Identifier(table, column.field) if table else sql.Identifier(column.field) for column in columns
    )
