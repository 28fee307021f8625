"""What applications, places and people say when a school is shown whole or joined into another."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from hubportal.accounts.models import User
from hubportal.rules import Finding
from hubportal.templatetags.hub import pounds, short_day
from programmes.models import Advocate, Person, Place, Post, School
from programmes.schools.hanging import Kind, Line, Shown

from .models import Application
from .rollover.hanging import PROPOSALS
from .specialists.hanging import TEACHERS
from .states import Status


def _sent(school: School) -> QuerySet:
    return Application.objects.sent().exclude(status=Status.DRAFT).filter(school=school)


def _hubs_of_applications(school: School) -> QuerySet:
    return _sent(school).order_by().values_list("hub", flat=True).distinct()


def _applications(school: School, reader: User) -> Iterator[Shown]:
    everybodys = _sent(school)
    lines = [
        Line(
            reverse("admin:applications_application_change", args=[each.pk]),
            each.reference,
            f"{each.project}, {each.hub}, {short_day(each.submitted_at)}: {each.get_status_display().lower()}",
        )
        for each in everybodys.visible_to(reader).with_details()
    ]
    yield Shown("Applications", lines, everybodys.count() - len(lines))


def _hubs_of_places(school: School) -> QuerySet:
    return Place.objects.filter(school=school).order_by().values_list("hub", flat=True).distinct()


def _places(school: School, reader: User) -> Iterator[Shown]:
    everybodys = Place.objects.filter(school=school)
    seen = list(everybodys.visible_to(reader).with_details().select_related("grant"))
    lines = [
        Line(reverse("admin:programmes_place_change", args=[each.pk]), str(each.project), _place(each)) for each in seen
    ]
    yield Shown("Places and grants", lines, everybodys.count() - len(lines))
    yield _people(school, seen)


def _place(place: Place) -> str:
    grant = getattr(place, "grant", None)
    money = f"grant {pounds(grant.amount)}" if grant else "no grant yet"
    return f"{place.hub}: {place.get_status_display().lower()}, {money}"


def _people(school: School, places: list[Place]) -> Shown:
    """Return the Advocates of these places; of the other places of the school only how many people they name."""
    named = Advocate.objects.filter(place__school=school)
    seen = named.filter(place__in=places).select_related("person").order_by("from_on", "pk")
    lines = {
        each.person_id: Line(
            reverse("admin:programmes_person_change", args=[each.person_id]), each.person.name, _advocate(each)
        )
        for each in seen
    }
    others = Person.objects.filter(Exists(named.filter(person=OuterRef("pk")))).exclude(pk__in=lines)
    return Shown("People", list(lines.values()), others.count())


def _advocate(advocate: Advocate) -> str:
    until = f" until {short_day(advocate.until_on)}" if advocate.until_on else ""
    return f"{advocate.get_role_display()} from {short_day(advocate.from_on)}{until}"


def _two_live_applications(school: School, into: School) -> Iterator[Finding]:
    theirs = Application.objects.live().filter(school=into, project=OuterRef("project"))
    for each in Application.objects.live().filter(Exists(theirs), school=school).with_details():
        text = (
            f"Both schools have an application for {each.project} that goes on. First join the two applications into "
            "one, or withdraw one of them."
        )
        yield Finding("two_live_applications", text)


def _two_live_places(school: School, into: School) -> Iterator[Finding]:
    theirs = Place.objects.live().filter(school=into, project=OuterRef("project"))
    for each in Place.objects.live().filter(Exists(theirs), school=school).with_details():
        text = (
            f"Both schools have a place on {each.project}. First withdraw one place. If both have truly taken part, "
            "they were two schools: keep them as they are."
        )
        yield Finding("two_live_places", text)


def _end_doubled_posts(school: School, into: School) -> None:
    """End a current post that the person has at the other school in the same role too; both stay as history."""
    for post in Post.objects.filter(school=school, until_on=None):
        other = Post.objects.filter(school=into, person=post.person_id, role=post.role, until_on=None).first()
        if other:
            Post.objects.filter(pk=post.pk).update(until_on=max(post.from_on, other.from_on))


KINDS = (
    Kind(
        "applications.Application.school",
        hubs=_hubs_of_applications,
        shown=_applications,
        in_the_way=_two_live_applications,
    ),
    Kind("programmes.Place.school", hubs=_hubs_of_places, shown=_places, in_the_way=_two_live_places),
    Kind("programmes.Post.school", make_room=_end_doubled_posts),
    PROPOSALS,
    TEACHERS,
)
