"""The rows of the queue: what waits for somebody is worked out in memory, what is done is read page by page.

A hub has some dozens of applications that wait, so their turns are computed here (`turn_of`): as one SQL expression
they cost more time than the whole page. What is done grows from year to year and never leaves the database.

Which applications is a queryset; what is read of them is written by hand, because half of the page's time went into
composing the same statement again for every reader.
"""

from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from applications.states import LIVE, Status
from applications.turns import NO_LEADER, turn_of
from programmes.cohorts.states import PlaceStatus

SORTS = {"waiting": "Longest waiting", "due": "Due first", "school": "School"}

ROWS = """
SELECT applications_application.id AS pk, reference, applications_application.status, submitted_at, contact_name,
    applications_application.hub_id, applications_application.project_id, establishment.urn, establishment.name,
    establishment.town, place.status AS place__status, place.answer_by AS place__answer_by{more}
FROM applications_application
    JOIN programmes_school AS school ON school.id = school_id
    JOIN programmes_establishment AS establishment ON establishment.urn = school.establishment_id
    LEFT JOIN programmes_place AS place ON place.id = place_id
WHERE applications_application.id IN ({these}) AND {which} ORDER BY {order}
"""
COUNT = """
SELECT count(*) FROM applications_application LEFT JOIN programmes_place AS place ON place.id = place_id
WHERE applications_application.id IN ({these}) AND {which}
"""
WAITS = f"""(
    applications_application.status IN ({", ".join(f"'{status}'" for status in LIVE)})
    AND (applications_application.status <> '{Status.ACCEPTED}'
        OR place.status IS NOT DISTINCT FROM '{PlaceStatus.ACCEPTED}')
)"""
DONE = f"NOT {WAITS}"
# What a turn depends on beside the row itself; `turns.with_turn` has the same for one application.
FLAGS = f""",
    EXISTS (SELECT FROM applications_endorsement AS head
        WHERE head.application_id = applications_application.id AND head.status = 'confirmed') AS head_confirmed,
    EXISTS (SELECT FROM applications_endorsement AS head
        WHERE head.application_id = applications_application.id AND head.status = 'refused') AS head_refused,
    (SELECT answer_by FROM applications_endorsement AS head
        WHERE head.application_id = applications_application.id AND head.status = 'asked') AS head_by,
    (SELECT answer_by FROM applications_informationrequest AS question
        WHERE question.application_id = applications_application.id AND answered_at IS NULL) AS question_by,
    EXISTS (SELECT FROM applications_findingoverride AS override
        WHERE override.application_id = applications_application.id
            AND agreed_at IS NULL AND rejected_at IS NULL) AS has_override,
    applications_application.status = '{Status.ACCEPTED}' AND (SELECT count(*) FROM applications_nominee AS nominee
        WHERE nominee.application_id = applications_application.id) = 2 AS both_named,
    {NO_LEADER.sql} AS no_leader
"""
BY_SCHOOL = "establishment.name, submitted_at, applications_application.id"


def waiting(applications: QuerySet, sort: str) -> list[dict]:
    """Return what waits for somebody, in order, each with its `turn` and until when (`due_by`); one query."""
    rows = _read(ROWS, applications, which=WAITS, more=FLAGS, order="submitted_at, applications_application.id")
    for row in rows:
        row["has_question"] = row["question_by"] is not None
        row["turn"] = turn = turn_of(row)
        row["due_by"] = row[turn.by] if turn.by else None
    if sort == "due":
        rows.sort(key=lambda row: row["due_by"] or date.max)
    elif sort == "school":
        rows.sort(key=lambda row: row["name"].casefold())
    return rows


def _read(statement: str, applications: QuerySet, **parts: str) -> list[dict]:
    """Run a statement of this module on these applications; `parts` are constants of this module and numbers."""
    try:
        these, values = applications.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # nobody's
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(these=these, **parts), values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Rows:
    """What waits and then what is done, sliced by a paginator: what is done is read for one page only.

    `done` says of which applications; it is None where nothing that is done is shown.
    """

    def __init__(self, waiting: list[dict], done: QuerySet | None, sort: str):
        self.waiting, self.done, self.sort = waiting, done, sort
        counted = [] if done is None else _read(COUNT, done, which=DONE)
        self.done_count = sum(row["count"] for row in counted)

    def __len__(self):
        return len(self.waiting) + self.done_count

    def __getitem__(self, part: slice) -> list[dict]:
        first = max(part.start - len(self.waiting), 0)
        last = min(part.stop - len(self.waiting), self.done_count)
        return self.waiting[part] + (self._ended(first, last) if last > first else [])

    def _ended(self, first: int, last: int) -> list[dict]:
        order = BY_SCHOOL if self.sort == "school" else "submitted_at DESC, applications_application.id DESC"
        order += f" LIMIT {last - first} OFFSET {first}"
        rows = _read(ROWS, self.done, which=DONE, more="", order=order)
        return [row | {"turn": turn_of(row), "due_by": None} for row in rows]
