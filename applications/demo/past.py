"""What the hubs did before the portal: places of 2024/25, so that “has taken part” is true of some schools."""

from datetime import datetime

from hubportal.clock import LONDON, london_date
from hubportal.history.actions import change_status
from programmes.cohorts import actions as places
from programmes.cohorts.states import PLACE_MOVES, PlaceStatus
from programmes.funding import actions as funding
from programmes.models import Place
from programmes.schools.actions import register_school

from . import people
from .story import Here

ORIGIN = "The hub's records of 2024/25"
ENDED = {
    "estuary": [
        ("Colne Reach Academy", PlaceStatus.COMPLETED),
        ("Twin Creeks School", PlaceStatus.COMPLETED),
        ("Marshland School", PlaceStatus.PART_COMPLETED),
        ("Ongar Road High School", PlaceStatus.WITHDRAWN),
    ],
    "three-rivers": [
        ("Meanwood Valley School", PlaceStatus.COMPLETED),
        ("Bootham Ings High School", PlaceStatus.COMPLETED),
        ("Fulneck Heights School", PlaceStatus.WITHDRAWN),
    ],
}


def tell_past(here: Here) -> None:
    """Write the places of the hub's cohort of 2024/25, each from offer to end."""
    for name, end in ENDED[here.cohort.hub.slug]:
        _tell(here, name, end)


def _tell(here: Here, name: str, end: PlaceStatus) -> None:
    establishment = here.school(name)
    place = places.hold(
        here.cohort,
        register_school(establishment, at=_on(2024, 4, 22)),
        origin=ORIGIN,
        rule_set=here.project.rule_sets.earliest("version"),
        by=here.lead,
        at=_on(2024, 4, 22),
    )
    places.accept(place, by="School", at=_on(2024, 4, 29))
    funding.freeze(place, at=_on(2024, 4, 29))
    places.confirm(place, _named(place), by="School", at=_on(2024, 4, 29))
    change_status(place, PlaceStatus.ACTIVE, moves=PLACE_MOVES, by=here.administrator, at=_on(2024, 9, 26))
    if end == PlaceStatus.WITHDRAWN:
        note = "Both Advocates left at Christmas."
        places.end(place, end, by=here.administrator, at=_on(2025, 1, 14), note=note)
        return
    change_status(place, end, moves=PLACE_MOVES, by=here.lead, at=_on(2025, 7, 11))
    place.advocates.update(until_on=london_date(_on(2025, 8, 31)))


def _named(place: Place) -> list[dict]:
    staff = people.of(place.school.establishment)[people.COLLEAGUE : people.DEPUTY]
    return [
        {"name": person.name, "email": person.email, "role": role}
        for person, role in zip(staff, ("second", "teacher"), strict=True)
    ]


def _on(*day: int) -> datetime:
    return datetime(*day, 10, 0, tzinfo=LONDON)
