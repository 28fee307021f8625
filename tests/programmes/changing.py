"""Places that have come as far as a test of their changes needs, by the real actions."""

from datetime import date

from applications.models import Application
from applications.place_changes import replace_advocates
from programmes.cohorts.states import PlaceStatus
from programmes.models import Advocate, Person, PersonEmail, Place
from tests.applications.stages import accepted
from tests.factories import AT, CohortFactory, PersonFactory, UserFactory

FROM = date(2026, 11, 3)
LEFT = date(2027, 1, 8)
NEXT = date(2027, 1, 11)
NEW = {"name": "Nadia Petrov", "email": "nadia@school.example", "role": "second"}
OTHER = {"name": "Ben Cole", "email": "ben@school.example", "role": "teacher"}


def confirmed_place(**fields) -> Place:
    """Return a confirmed place with its application, its grant and two Advocates of whom the first leads."""
    place = accepted(**fields).place
    assert place.status == PlaceStatus.CONFIRMED
    return place


def active(place: Place) -> Place:
    Place.objects.filter(pk=place.pk).update(status=PlaceStatus.ACTIVE)
    return as_it_is(place)


def as_it_is(place: Place) -> Place:
    return Place.objects.with_details().select_related("cohort", "rule_set").get(pk=place.pk)


def application_of(place: Place) -> Application:
    return Application.objects.get(place=place)


def advocates(place: Place) -> list[Advocate]:
    return list(place.advocates.select_related("person").order_by("pk"))


def replace(place, new=None, *, until_on=LEFT, from_on=NEXT, reason="Has left the school.", judged=False, by=None):
    first, _ = advocates(place)[:2]
    return replace_advocates(
        place, new or {first.pk: NEW}, until_on=until_on, from_on=from_on, reason=reason, judged=judged,
        by=by or UserFactory(), at=AT,
    )  # fmt: skip


def elsewhere(place, **values):
    """Return a cohort of the same project at another hub."""
    return CohortFactory(project=place.project, **values)


def person(name="Amina Okafor", *emails, **values) -> Person:
    made = PersonFactory(name=name, **values)
    PersonEmail.objects.bulk_create(PersonEmail(person=made, email=each) for each in emails)
    return made


def on_place(person, place, role="hod", **values) -> Advocate:
    values = {"from_on": FROM} | values
    return Advocate.objects.create(place=place, person=person, role=role, **values)
