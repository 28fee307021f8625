"""Departments that go on: sign-ups for Sustaining at both hubs, with history and without, foci with room and full."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from applications import actions, checks, continuing, decisions
from applications.facts import rule_set_of
from programmes.cohorts.foci import rooms
from programmes.models import Cohort, FocusRoom, Project

from . import people
from .chapters import BOTH, advocates, head_confirms, start
from .staff import CLOSES_IN_DAYS, OPENED_DAYS_AGO, THIS_YEAR
from .story import SEED, Here, Story, World

FAMILY = "sec-sustaining"
ROOMS = {"estuary": {"a": 4, "b": 1, "d": 0}, "three-rivers": {"a": 1, "b": 6}}
CAPACITY = 10
TYPED = {
    "plan": "typed",
    "plan_priorities": "Fractions and ratio in Years 7 and 8.\nOne scheme of work, planned together.",
    "plan_measures": "Every class has had the same sequence by Easter.\nPupils explain with a bar model.",
}
LATER = {"plan": "later", "plan_priorities": "", "plan_measures": ""}
DEVELOPMENT = {"route": "development", "route_year": 2024, "route_cohort": None}
SPECIALIST = {"route": "specialist", "route_year": None, "route_cohort": 6}
BREAK = {"route": "break", "route_year": 2018, "route_cohort": None}


def stories(development: Here) -> list[Story]:
    """Return the hub's sign-ups; none while the catalogue has no such project."""
    project = Project.objects.filter(programme=FAMILY, year=THIS_YEAR).select_related("programme").first()
    if project is None:
        return []
    slug = development.cohort.hub.slug
    chance = Random(f"{SEED} {slug}")  # its own, so that the other stories draw what they always drew
    here = replace(development, cohort=_cohort(development, project), world=World(development.world.now, chance))
    return STORIES[slug](here)


def _cohort(here: Here, project: Project) -> Cohort:
    hub, today = here.cohort.hub, here.world.today
    cohort = Cohort.objects.create(
        hub=hub,
        project=project,
        capacity=CAPACITY,
        opens_on=today - timedelta(OPENED_DAYS_AGO),
        closes_on=today + timedelta(CLOSES_IN_DAYS),
        contact_name=here.administrator.name,
        contact_email=hub.contact_email,
    )
    for focus in project.foci.filter(letter__in=ROOMS[hub.slug]):
        FocusRoom.objects.create(cohort=cohort, focus=focus, capacity=ROOMS[hub.slug][focus.letter])
    return cohort


def _estuary(here: Here) -> list[Story]:
    return [
        _offered(here, "Twin Creeks School", 26, "ba", accepts=True),
        _confirmed(here, "Colne Reach Academy", 12, "bac"),  # its first choice has filled up since
        _signed_up(here, "Marshland School", 8, "a", plan=LATER, roles=()),
        _signed_up(here, "Ridgeway Academy", 6, "ca", route=BREAK),
        _signed_up(here, "North Creek Academy", 5, "a", route=SPECIALIST),
    ]


def _three_rivers(here: Here) -> list[Story]:
    return [
        _offered(here, "Meanwood Valley School", 11, "ab", accepts=False),
        _confirmed(here, "Bootham Ings High School", 9, "bd"),
        _signed_up(here, "Fulneck Heights School", 7, "b"),
    ]


STORIES = {"estuary": _estuary, "three-rivers": _three_rivers}


def _signed_up(here: Here, name: str, day: int, letters: str, *, route=DEVELOPMENT, plan=TYPED, roles=BOTH):
    """Fill in the sign-up and send it; the worker checks it within seconds."""
    at = yield here.at(day, here.world.school_hours())
    establishment = here.school(name)
    application = start(here, establishment, at)
    who, head = people.of(establishment)[people.LEADS_MATHS], people.of(establishment)[people.HEAD]
    actions.answer(
        application,
        contact_name=who.name,
        contact_email=who.email,
        contact_role="head_of_maths",
        head_name=head.name,
        head_email=head.email,
        commitments=[row | {"at": at.isoformat()} for row in rule_set_of(application, at=at).commitments],
    )
    actions.answer_advocates(application, advocates(establishment, roles))
    actions.answer(application, answers=application.answers | route | plan | _members(establishment))
    continuing.answer_ranking(application, list(letters), rooms(application.cohort))
    at = yield at + timedelta(minutes=14)
    application = actions.submit(application, at=at)
    at = yield at + timedelta(seconds=2)
    checks.check_due(at=at)
    return application


def _members(establishment) -> dict:
    joins = establishment.urn % 2 == 0
    return {
        "teachers": 5 + establishment.urn % 9,
        "colleagues": "yes" if joins else "unsure",
        "colleagues_count": 3 if joins else None,
        "support": "no",
        "hod_agrees": "self",
    }


def _confirmed(here: Here, name: str, day: int, letters: str, **form):
    application = yield from _signed_up(here, name, day, letters, **form)
    yield from head_confirms(here, application, day - 2)
    return application


def _offered(here: Here, name: str, day: int, letters: str, *, accepts: bool):
    application = yield from _confirmed(here, name, day, letters)
    at = yield here.at(day - 5, "14:25")
    decisions.offer(application, by=here.lead, at=at)
    if accepts:
        at = yield here.at(day - 8, "12:05")
        actions.accept_offer(application, at=at)
