"""What places and specialists say when a person is shown whole or joined with another record."""

from collections.abc import Iterator

from django.db.models import QuerySet

from hubportal.accounts.models import User
from hubportal.rules import Finding
from hubportal.templatetags.hub import short_day
from programmes.models import Advocate, Person, Place, Specialist
from programmes.people.hanging import Kind
from programmes.specialists.states import IN_THE_PROGRAMME

from .specialists.models import SpecialistApplication
from .specialists.states import LIVE


def _hubs_of_advocacies(person: Person) -> QuerySet:
    return Place.objects.filter(advocates__person=person).order_by().values_list("hub", flat=True).distinct()


def _advocacies(person: Person, reader: User) -> Iterator[str]:
    everybodys = Advocate.objects.filter(person=person)
    seen = everybodys.filter(place__in=Place.objects.visible_to(reader))
    lines = seen.select_related("place__school__establishment", "place__project__programme", "place__hub")
    for each in lines.order_by("from_on", "pk"):
        until = f" until {short_day(each.until_on)}" if each.until_on else ""
        yield (
            f"Mastery Advocate for {each.place.school}, {each.place.project}, {each.place.hub}, from "
            f"{short_day(each.from_on)}{until}"
        )
    if elsewhere := everybodys.exclude(pk__in=seen.values("pk")).count():
        yield f"Mastery Advocate at another hub: {elsewhere}"


def _both_on_one_place(person: Person, into: Person) -> Iterator[Finding]:
    theirs = Advocate.objects.filter(person=into, until_on=None)
    both = Place.objects.live().filter(advocates__person=person, advocates__until_on=None)
    for place in both.filter(pk__in=theirs.values("place")).with_details():
        text = (
            f"Both take part for {place.school} on {place.project} now. If they are one person, first replace one of "
            "the two there; if they truly both take part, they are two people."
        )
        yield Finding("both_on_one_place", text)


def _end_doubled_advocacies(person: Person, into: Person) -> None:
    """End a term on a place that has ended where the other record's stands open too: it was one term."""
    for each in Advocate.objects.filter(person=person, until_on=None).select_related("place"):
        if Advocate.objects.filter(person=into, until_on=None, place=each.place_id).exists():
            on = each.place.ended_on or each.from_on
            Advocate.objects.filter(pk=each.pk).update(until_on=max(each.from_on, on))


def _hubs_of_places(person: Person) -> QuerySet:
    return person.places.order_by().values_list("hub", flat=True).distinct()


def _two_live_places(person: Person, into: Person) -> Iterator[Finding]:
    theirs = into.places.live().values("project")
    for place in person.places.live().filter(project__in=theirs).with_details():
        yield Finding("two_places", f"Both have a place on {place.project}. First withdraw one of the two places.")


def _hubs_of_specialists(person: Person) -> QuerySet:
    return person.specialisms.order_by().values_list("hub", flat=True).distinct()


def _specialisms(person: Person, reader: User) -> Iterator[str]:
    everybodys = Specialist.objects.filter(person=person).select_related("project__programme", "hub")
    seen = everybodys if reader.sees_every_hub else everybodys.filter(hub__in=reader.roles_by_hub)
    for each in seen:
        yield f"Mastery Specialist, {each.project}, {each.hub}: {each.get_status_display().lower()}"
    if elsewhere := everybodys.count() - len(seen):
        yield f"Mastery Specialist at another hub: {elsewhere}"


def _both_specialists(person: Person, into: Person) -> Iterator[Finding]:
    if all(each.specialisms.filter(status__in=IN_THE_PROGRAMME).exists() for each in (person, into)):
        text = (
            "Both are Mastery Specialists in the programme now. If they are one person, let one of the two records "
            "step down first."
        )
        yield Finding("both_specialists", text)


def _hubs_of_applications(person: Person) -> QuerySet:
    return _sent(person).exclude(hub=None).order_by().values_list("hub", flat=True).distinct()


def _sent(person: Person) -> QuerySet:
    return SpecialistApplication.objects.filter(person=person, submitted_at__isnull=False)


def _two_live_applications(person: Person, into: Person) -> Iterator[Finding]:
    theirs = SpecialistApplication.objects.filter(person=into, status__in=LIVE).values("project")
    both = SpecialistApplication.objects.filter(person=person, status__in=LIVE, project__in=theirs)
    for each in both.select_related("project__programme"):
        text = f"Both have an application for {each.project} that goes on. First withdraw one of them."
        yield Finding("two_applications", text)


KINDS = (
    Kind(
        "applications.SpecialistApplication.person",
        hubs=_hubs_of_applications,
        in_the_way=_two_live_applications,
    ),
    Kind(
        "programmes.Advocate.person",
        hubs=_hubs_of_advocacies,
        shown=_advocacies,
        in_the_way=_both_on_one_place,
        make_room=_end_doubled_advocacies,
    ),
    Kind("programmes.Place.person", hubs=_hubs_of_places, in_the_way=_two_live_places),
    Kind(
        "programmes.Specialist.person",
        hubs=_hubs_of_specialists,
        shown=_specialisms,
        in_the_way=_both_specialists,
    ),
)
