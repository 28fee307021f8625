"""Making the demo, once, in one transaction: all of it is there or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from applications import decisions, reminders
from applications.models import Application, Interest
from applications.rules import RULES
from hubportal.accounts.models import Hub, User
from programmes.cohorts import catalogue
from programmes.models import Establishment

from . import estuary, local, outbox, people, register, staff, sustaining, three_rivers
from .changes import tell_changes
from .past import tell_past
from .paths import tell_paths
from .rollover import tell_rollover
from .rulesets import draft_rules
from .specialists import tell_specialists
from .story import Here, Story, World, tell

FIRST_DAY = 37  # working days ago; 60 days hold at least 38, Christmas included
REGISTER_CHANGED = 17  # working days ago: the day of the second register, 24 days or so
STORIES = {"estuary": estuary.stories, "three-rivers": three_rivers.stories}


class NotHere(Exception):
    """The demo cannot be made in this database; the sentence says why."""


def is_there() -> bool:
    return Hub.objects.filter(slug__in=staff.HUBS).count() == len(staff.HUBS)


def refuse_elsewhere(*, public: bool) -> None:
    """Raise NotHere beside real people, or where a known password would stand at a public address."""
    if settings.SECURE and not (public and settings.DEMO_PASSWORD):
        raise NotHere(
            f"{settings.PORTAL_URL} is a public address, and the demo's password is no secret: set DEMO_PASSWORD to "
            "one of your own and add --public if you mean it."
        )
    counts = {
        "people": User.objects.count(),
        "applications": Application.objects.count(),
        "hubs": Hub.objects.count(),
        "schools of the register": Establishment.objects.count(),
    }
    if found := [f"{count:,} {what}" for what, count in counts.items() if count]:
        raise NotHere(f"This database holds {', '.join(found)} that are not the demo's; the demo needs an empty one.")


@transaction.atomic
def seed(*, at: datetime, say: Callable[[str], None]) -> None:
    """Make the two hubs, their schools and a season of applications as of the moment `at`."""
    world = World(at)
    catalogue.load(known_rules=RULES, at=world.at(FIRST_DAY, "04:00"))
    say("Made-up register of schools ...")
    opened_on = world.today - timedelta(staff.OPENED_DAYS_AGO)
    register.load(at=world.at(FIRST_DAY, "04:00"), today=world.today, on=opened_on, as_it_was=True)
    say("Hubs and people ...")
    staff.make_staff(world)
    for slug in staff.HUBS:
        tell_past(staff.make_cohort(world, slug, past=True))
    say("A season of applications ...")
    hubs = [staff.make_cohort(world, slug) for slug in staff.HUBS]
    seasons = [story for here in hubs for story in STORIES[here.cohort.hub.slug](here)]
    seasons += [story for here in hubs for story in sustaining.stories(here)]
    tell([worker(world), new_register(world), *seasons])
    for here in hubs:
        _interests(here)
        tell_changes(here)
        tell_specialists(here)
    tell_paths(world)
    for here in hubs:
        tell_rollover(here)
    draft_rules(hubs[0])
    local.make(hubs[0])
    outbox.settle()
    register.forget_loading()


def worker(world: World) -> Story:
    """What runs by itself every morning."""
    for day in range(FIRST_DAY - 1, 0, -1):
        at = yield world.at(day, "08:30")
        decisions.lapse_due(at=at)
        reminders.send_due(at=at)


def new_register(world: World) -> Story:
    """Schools close, are renamed and begin: one of ours is followed to its successor, two wait for a decision."""
    at = yield world.at(REGISTER_CHANGED, "04:00")
    register.load(at=at, today=world.today, on=world.at(REGISTER_CHANGED, "04:00").date(), as_it_was=False)


def _interests(here: Here) -> None:
    """Three schools that want to hear when the next window opens."""
    areas = here.cohort.hub.areas.values("local_authority")
    unknown = Establishment.objects.filter(local_authority__in=areas, phase=4, status=1, school=None).order_by("-urn")
    for number, establishment in enumerate(unknown[:3]):
        who = people.of(establishment)[people.LEADS_MATHS]
        Interest.objects.create(
            programme=here.project.programme,
            hub=here.cohort.hub,
            school_name=establishment.name,
            name=who.name,
            email=who.email,
            privacy_version=here.cohort.hub.privacy_version,
            at=here.at(4 + 5 * number, "19:30"),
        )
