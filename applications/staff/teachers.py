"""What waits for the hub among teachers' applications to the Specialist Programme: counted for the Today page."""

from collections import Counter

from applications.models import SpecialistApplication
from applications.specialists.models import Reading
from applications.specialists.states import UNDECIDED
from applications.specialists.states import SpecialistApplicationStatus as Status
from applications.specialists.turns import BY_CODE, with_turn


def teachers_today(user) -> dict:
    """Return how many wait for the hub, by what it has to do, and how many this person has to read and score."""
    if not user.has_perm("applications.view_specialistapplication"):
        return {}
    seen = SpecialistApplication.objects.visible_to(user)
    waiting = with_turn(seen.filter(status__in=[*UNDECIDED, Status.RESERVE])).order_by()
    moves = Counter(
        BY_CODE[code].words for code in waiting.values_list("turn", flat=True) if BY_CODE[code].who == "hub"
    )
    return {
        "count": moves.total(),
        "moves": [(words.removeprefix("Hub: "), number) for words, number in moves.most_common()],
        "to_read": _to_read(seen, user),
    }


def _to_read(seen, user) -> list[SpecialistApplication]:
    """Return the applications whose scores this person has still to give."""
    own = Reading.objects.filter(reader=user, scored_at=None).values("application")
    return list(
        seen.filter(status=Status.SHORTLISTED, pk__in=own).select_related("school__establishment").order_by("name")
    )
