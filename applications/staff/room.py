"""How many places are left while a list of offers is planned, row by row: nothing is counted twice."""

from applications.models import Application
from programmes.cohorts.foci import rooms
from programmes.models import Focus


class RoomLeft:
    """What is left of cohorts and foci after the rows above."""

    def __init__(self):
        self.places: dict[int, int] = {}
        self.foci: dict[int, dict[str, tuple[Focus, int | None]]] = {}

    def take(self, application: Application) -> tuple[str, Focus | None]:
        """Take a place, in the first ranked focus that has one; return why there is none, and the focus."""
        cohort = application.cohort
        if cohort.pk not in self.places:
            self.places[cohort.pk] = cohort.capacity - cohort.places.live().count()
        if self.places[cohort.pk] < 1:
            return "The places are taken by the rows above.", None
        ranked, focus = application.answers.get("foci", []), None
        if ranked:
            focus = self._take_focus(cohort, ranked)
            if focus is None:
                return "The places in its foci are taken by the rows above.", None
        self.places[cohort.pk] -= 1
        return "", focus

    def _take_focus(self, cohort, ranked: list[str]) -> Focus | None:
        if cohort.pk not in self.foci:
            self.foci[cohort.pk] = {room.focus.letter: (room.focus, room.left) for room in rooms(cohort)}
        run = self.foci[cohort.pk]
        for letter in ranked:
            focus, left = run.get(letter, (None, 0))
            if left is None or left > 0:
                run[letter] = (focus, left and left - 1)
                return focus
        return None
