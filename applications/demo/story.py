"""Telling many stories in the order of time.

A story is a generator: it yields the moment at which it goes on and is given it back, so that what happened first is
written first, whichever school it happened to.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from random import Random
from uuid import UUID

from applications.actions import SPEAKABLE
from hubportal.accounts.models import User
from hubportal.clock import LONDON, london_date
from hubportal.messaging.reminders import is_quiet
from programmes.models import Cohort, Establishment, Project

Story = Generator[datetime, datetime, None]
SEED = 2026


@dataclass
class World:
    """What the stories share: the day of seeding, and chance that is the same on every run."""

    now: datetime
    random: Random = field(default_factory=lambda: Random(SEED))

    @property
    def today(self) -> date:
        return london_date(self.now)

    def at(self, days_ago: int, clock: str) -> datetime:
        """Return a moment on the working day that lies `days_ago` (1 or more) working days before today."""
        on = self.today
        for _ in range(days_ago):
            on -= timedelta(1)
            while is_quiet(on):
                on -= timedelta(1)
        return datetime.combine(on, time.fromisoformat(clock), LONDON)

    def school_hours(self) -> str:
        return f"{self.random.randrange(9, 16):02d}:{self.random.randrange(60):02d}"

    def reference(self) -> str:
        letters = "".join(self.random.choices(SPEAKABLE, k=7))
        return f"{letters[:3]}-{letters[3:]}"

    def uid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)


@dataclass
class Here:
    """A hub's run of the project, with the people who decide."""

    world: World
    cohort: Cohort
    administrator: User
    lead: User

    @property
    def project(self) -> Project:
        return self.cohort.project

    def at(self, days_ago: int, clock: str) -> datetime:
        return self.world.at(days_ago, clock)

    def school(self, name: str, town: str = "") -> Establishment:
        """Return the newest open school of this name as the register has it by then, else the newest."""
        found = Establishment.objects.filter(name=name).order_by("status", "-urn")
        return (found.filter(town=town) if town else found)[0]


def tell(stories: Iterable[Story]) -> None:
    """Run every story to its end, each step at its moment, the earliest first."""
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        heappush(waiting, (next(story), number, story))
    while waiting:
        at, number, story = heappop(waiting)
        try:
            heappush(waiting, (story.send(at), number, story))
        except StopIteration:
            continue
