"""Changes of life in the demo: an Advocate replaced, a school that put its place off, a teacher with two records."""

from datetime import datetime

from applications import place_changes
from hubportal.clock import LONDON, london_date
from programmes.cohorts import actions as places
from programmes.cohorts.states import PlaceStatus
from programmes.funding import actions as funding
from programmes.funding import leaving
from programmes.models import Cohort, Establishment, Place
from programmes.people import joining
from programmes.schools.actions import register_school

from . import people
from .past import ORIGIN
from .story import Here

PUT_OFF_TO = 2026


def tell_changes(here: Here) -> None:
    """Tell the three changes of a hub, after its season."""
    replaced_by_a_newcomer(here)
    put_off(here)


def replaced_by_a_newcomer(here: Here) -> None:
    """A teacher who took part in 2024/25 has moved school, and follows an Advocate there under a new address."""
    at = here.at(3, "10:40")
    place = Place.objects.filter(cohort=here.cohort, status=PlaceStatus.CONFIRMED).earliest("confirmed_at", "pk")
    past = Place.objects.filter(hub=here.cohort.hub, origin=ORIGIN, status=PlaceStatus.COMPLETED).earliest("pk")
    former = past.advocates.select_related("person").earliest("pk").person
    leaves = place.advocates.select_related("person").latest("pk")
    email = former.emails.get().email.partition("@")[0] + "@" + leaves.person.emails.get().email.partition("@")[2]
    (new,) = place_changes.replace_advocates(
        place,
        {leaves.pk: {"name": former.name, "email": email, "role": "second"}},
        until_on=london_date(at),
        from_on=london_date(at),
        reason="Has gone on parental leave.",
        judged=False,
        by=here.administrator,
        at=at,
    )
    reason = "Told by telephone: the same person, with a new address since the change of school."
    joining.ask(former, new.person, reason=reason, by=here.administrator, at=here.at(2, "09:10"))


def put_off(here: Here) -> None:
    """A school that had its place in 2024/25 put it off by two years: it can be taken up now."""
    cohort = Cohort.objects.get(hub=here.cohort.hub, project__programme=here.project.programme, project__year=2024)
    areas = here.cohort.hub.areas.values("local_authority")
    unknown = Establishment.objects.filter(local_authority__in=areas, phase=4, status=1, school=None).earliest("urn")
    school = register_school(unknown, at=_on(4, 22))
    rule_set = cohort.project.rule_sets.earliest("version")
    place = places.hold(cohort, school, origin=ORIGIN, rule_set=rule_set, by=here.lead, at=_on(4, 22))
    places.accept(place, by="School", at=_on(4, 30))
    funding.freeze(place, at=_on(4, 30))
    staff = people.of(unknown)[people.COLLEAGUE : people.DEPUTY]
    named = [
        {"name": each.name, "email": each.email, "role": role}
        for each, role in zip(staff, ("second", "teacher"), strict=True)
    ]
    places.confirm(place, named, by="School", at=_on(4, 30))
    reason = "Three of the five maths teachers have left; the head asks for two years."
    leaving.defer(place, to_year=PUT_OFF_TO, reason=reason, by=here.lead, at=_on(7, 2))


def _on(month: int, day: int) -> datetime:
    return datetime(2024, month, day, 10, 0, tzinfo=LONDON)
