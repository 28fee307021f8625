"""The rows of the queue: what waits for somebody is worked out in memory, what is done is read page by page.

A hub has some dozens of applications that wait, so their turns are computed here (`turn_of`): as one SQL expression
they cost more time than the whole page. What is done grows from year to year and never leaves the database.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from applications.states import EndorsementStatus, Status
from applications.turns import NO_LEADER, Turn, turn_of

SORTS = {"waiting": "Longest waiting", "due": "Due first", "school": "School"}
IN_SQL = {"school": ["school__establishment__name", "submitted_at", "pk"]}
COLUMNS = [
    "pk", "reference", "status", "submitted_at", "contact_name", "hub_id", "project_id", "school__establishment_id",
    "school__establishment__name", "school__establishment__town", "place__status", "place__answer_by",
]  # fmt: skip
# What a turn depends on beside the row itself, by application. One statement with one plan for all of them: as columns
# of the first query they cost PostgreSQL more time to plan than to answer.
FLAGS = f"""
SELECT application_id, status, answer_by FROM applications_endorsement WHERE application_id = ANY(%(ids)s)
UNION ALL SELECT application_id, 'question', answer_by FROM applications_informationrequest
    WHERE application_id = ANY(%(ids)s) AND answered_at IS NULL
UNION ALL SELECT application_id, 'override', NULL FROM applications_findingoverride
    WHERE application_id = ANY(%(ids)s) AND agreed_at IS NULL AND rejected_at IS NULL
UNION ALL SELECT application_id, 'named', NULL FROM applications_nominee
    WHERE application_id = ANY(%(accepted)s) GROUP BY application_id HAVING count(*) = 2
UNION ALL SELECT id, 'no_leader', NULL FROM applications_application WHERE id = ANY(%(accepted)s) AND {NO_LEADER.sql}
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application that waits for somebody, and until when."""

    row: dict
    turn: Turn
    due_by: date | None


def waiting(applications: QuerySet, sort: str) -> list[Waiting]:
    """Return what waits for somebody, in order, in two queries."""
    rows = list(applications.waiting().order_by("submitted_at", "pk").values(*COLUMNS))
    flags = _flags(rows)
    found = [_waiting(row, flags[row["pk"]]) for row in rows]
    if sort == "due":
        found.sort(key=lambda each: each.due_by or date.max)
    elif sort == "school":
        found.sort(key=lambda each: each.row["school__establishment__name"].casefold())
    return found


def _flags(rows: list[dict]) -> dict[int, dict[str, date | None]]:
    """Return, by application, the flags that it has and the date of each."""
    ids = [row["pk"] for row in rows]
    accepted = [row["pk"] for row in rows if row["status"] == Status.ACCEPTED]
    flags: dict[int, dict[str, date | None]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(FLAGS, {"ids": ids, "accepted": accepted})
        for pk, name, on in cursor.fetchall():
            flags[pk][name] = on
    return flags


def _waiting(row: dict, flags: dict[str, date | None]) -> Waiting:
    row["head_confirmed"] = EndorsementStatus.CONFIRMED in flags
    row["head_refused"] = EndorsementStatus.REFUSED in flags
    row["head_by"] = flags.get(EndorsementStatus.ASKED)
    row["question_by"], row["has_question"] = flags.get("question"), "question" in flags
    row["has_override"] = "override" in flags
    row["both_named"], row["no_leader"] = "named" in flags, "no_leader" in flags
    turn = turn_of(row)
    return Waiting(row, turn, row[turn.by] if turn.by else None)


class Rows:
    """What waits and then what is done, sliced by a paginator: what is done is read for one page only.

    `done` is None where nothing that is done is shown.
    """

    def __init__(self, waiting: list[Waiting], done: QuerySet | None, sort: str):
        self.waiting, self.done, self.sort = waiting, done, sort
        self.done_count = done.count() if done is not None else 0

    def __len__(self):
        return len(self.waiting) + self.done_count

    def __getitem__(self, part: slice) -> list[dict]:
        first = max(part.start - len(self.waiting), 0)
        last = min(part.stop - len(self.waiting), self.done_count)
        here = [each.row | {"turn": each.turn, "due_by": each.due_by} for each in self.waiting[part]]
        return here + (self._ended(first, last) if last > first else [])

    def _ended(self, first: int, last: int) -> list[dict]:
        rows = self.done.order_by(*IN_SQL.get(self.sort, ["-submitted_at", "-pk"])).values(*COLUMNS)[first:last]
        return [row | {"turn": turn_of(row), "due_by": None} for row in rows]
