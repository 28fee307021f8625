"""The rows of the queue: what waits for somebody is worked out in memory, what is done is read page by page.

A hub has some dozens of applications that wait, so their turns are computed here (`turn_of`): as one SQL expression
they cost more time than the whole page. What is done grows from year to year and never leaves the database.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, DateField, QuerySet, TextField
from django.db.models.expressions import RawSQL

from applications.states import EndorsementStatus
from applications.turns import NO_LEADER, Turn, turn_of

SORTS = {"waiting": "Longest waiting", "due": "Due first", "school": "School"}
IN_SQL = {"school": ["school__establishment__name", "submitted_at", "pk"]}
COLUMNS = [
    "pk", "reference", "status", "submitted_at", "contact_name", "hub_id", "hub__name", "project__year",
    "project__programme__title", "school__establishment_id", "school__establishment__name",
    "school__establishment__town", "place__status", "place__answer_by",
]  # fmt: skip
# In SQL because Django takes longer to write these five than PostgreSQL to answer them.
FLAGS = {
    "heads": RawSQL(
        "SELECT string_agg(status || '=' || answer_by, ' ') FROM applications_endorsement"
        " WHERE application_id = applications_application.id",
        (),
        output_field=TextField(),
    ),
    "question_by": RawSQL(
        "SELECT answer_by FROM applications_informationrequest"
        " WHERE application_id = applications_application.id AND answered_at IS NULL",
        (),
        output_field=DateField(),
    ),
    "has_override": RawSQL(
        "EXISTS (SELECT FROM applications_findingoverride WHERE application_id = applications_application.id"
        " AND agreed_at IS NULL AND rejected_at IS NULL)",
        (),
        output_field=BooleanField(),
    ),
    "no_leader": NO_LEADER,
    "both_named": RawSQL(
        "(SELECT count(*) FROM applications_nominee WHERE application_id = applications_application.id) = 2",
        (),
        output_field=BooleanField(),
    ),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application that waits for somebody, and until when."""

    row: dict
    turn: Turn
    due_by: date | None


def waiting(applications: QuerySet, sort: str) -> list[Waiting]:
    """Return what waits for somebody, in order, in one query."""
    rows = applications.waiting().annotate(**FLAGS).order_by("submitted_at", "pk").values(*COLUMNS, *FLAGS)
    found = [_waiting(row) for row in rows]
    if sort == "due":
        found.sort(key=lambda each: each.due_by or date.max)
    elif sort == "school":
        found.sort(key=lambda each: each.row["school__establishment__name"].casefold())
    return found


def _waiting(row: dict) -> Waiting:
    heads = dict(head.split("=") for head in (row["heads"] or "").split())
    row["head_confirmed"] = EndorsementStatus.CONFIRMED in heads
    row["head_refused"] = EndorsementStatus.REFUSED in heads
    asked_by = heads.get(EndorsementStatus.ASKED)
    row["head_by"] = date.fromisoformat(asked_by) if asked_by else None
    row["has_question"] = row["question_by"] is not None
    turn = turn_of(row)
    return Waiting(row, turn, row[turn.by] if turn.by else None)


class Rows:
    """What waits and then what is done, sliced by a paginator: what is done is read for one page only."""

    def __init__(self, waiting: list[Waiting], done: QuerySet, done_count: int, sort: str):
        self.waiting, self.done_count = waiting, done_count
        self.done = done.order_by(*IN_SQL.get(sort, ["-submitted_at", "-pk"])).values(*COLUMNS)

    def __len__(self):
        return len(self.waiting) + self.done_count

    def __getitem__(self, part: slice) -> list[dict]:
        first = max(part.start - len(self.waiting), 0)
        last = min(part.stop - len(self.waiting), self.done_count)
        ended = self.done[first:last] if last > first else []
        here = [each.row | {"turn": each.turn, "due_by": each.due_by} for each in self.waiting[part]]
        return here + [row | {"turn": turn_of(row), "due_by": None} for row in ended]
