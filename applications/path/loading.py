"""Reading a journey from the tables: the same number of queries for one year and for ten."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Prefetch, QuerySet

from applications.models import Application
from hubportal.clock import london_date
from programmes.cohorts.states import PlaceStatus
from programmes.models import Advocate, HomeSchool, Person, Place, School, Specialist
from programmes.specialists.states import IN_THE_PROGRAMME, SpecialistStatus

from .catalogue import OTHERS, SPECIALISTS, lane, short
from .facts import Been, History, Span, Stop
from .table import ELSEWHERE

URNS, POSTS, ACCREDITATIONS = "URN", "Posts", "Accredited"
BEFORE_ALL = date(1900, 1, 1)


@dataclass(frozen=True)
class Sight:
    """What the reader may see in full; all else of the same school is another hub's: a year and a programme."""

    places: QuerySet
    specialists: QuerySet

    @classmethod
    def of(cls, user) -> "Sight":
        return cls(Place.objects.visible_to(user), Specialist.objects.visible_to(user))

    @classmethod
    def whole(cls) -> "Sight":
        """Return the school's own sight of itself."""
        return cls(Place.objects.all(), Specialist.objects.all())


def places_of(school: School) -> list[Place]:
    """Return the school's places but those entered by mistake; a teacher's are the Specialist Programme's."""
    advocates = Prefetch("advocates", Advocate.objects.select_related("person"))
    found = school.places.filter(person=None).exclude(status=PlaceStatus.VOID)
    details = found.select_related("project__programme", "hub", "focus", "grant").prefetch_related(advocates)
    return list(details.order_by("project__year", "project__programme__phase", "offered_at"))


def stops_of(places: Iterable[Place], sight: Sight, *, url=lambda place: "") -> list[Stop]:
    """Return a stop for each place; another hub's says only that it was."""
    places = list(places)
    seen = set(sight.places.filter(pk__in=[place.pk for place in places]).values_list("pk", flat=True))
    return [_stop(place, url(place)) if place.pk in seen else elsewhere(place) for place in places]


def elsewhere(place: Place) -> Stop:
    programme = place.project.programme
    return Stop(programme.family, lane(programme), short(place.project.title_of_year), place.project.year, known=False)


def _stop(place: Place, url: str) -> Stop:
    programme, project = place.project.programme, place.project
    grant = getattr(place, "grant", None)
    return Stop(
        family=programme.family,
        lane=lane(programme),
        title=short(project.title_of_year) + (f" ({project.code})" if project.code else ""),
        year=project.year,
        status=place.status,
        label=place.get_status_display(),
        hub=place.hub.name,
        with_whom=tuple(_advocate(each) for each in place.advocates.all()),
        focus=place.focus.title if place.focus else "",
        amount=grant.amount if grant else None,
        ended_on=place.ended_on,
        from_on=london_date(place.offered_at),
        url=url,
    )


def _advocate(each: Advocate) -> str:
    until = f", until {each.until_on.day} {each.until_on:%B %Y}" if each.until_on and each.reason else ""
    return f"{each.person.name}, {each.get_role_display().lower()}{until}"


def homes_of(school: School) -> list[HomeSchool]:
    homes = HomeSchool.objects.filter(school=school).order_by("from_on")
    return list(homes.select_related("specialist__person", "specialist__project", "specialist__hub"))


def specialists_at(homes: Iterable[HomeSchool], sight: Sight) -> list[Span]:
    """Return a span for each Mastery Specialist who teaches or taught at the school."""
    homes = list(homes)
    keys = [home.specialist_id for home in homes]
    seen = set(sight.specialists.filter(pk__in=keys).values_list("pk", flat=True))
    return [_at_home(home, home.specialist_id in seen) for home in homes]


def _at_home(home: HomeSchool, known: bool) -> Span:
    specialist = home.specialist
    number = specialist.project.cohort_number
    if known:
        label, text = f"Cohort {number}: {specialist.person}", f"{specialist.get_status_display()}. {specialist.hub}"
        long = f"Mastery Specialist of cohort {number}, {specialist.person}"
    else:
        label, text, long = f"Cohort {number}, other hub", ELSEWHERE, f"Mastery Specialist of cohort {number}"
    return Span(SPECIALISTS, label, home.from_on, home.until_on, text, "specialist", long)


def urns_of(school: School) -> list[Span]:
    """Return the school's URNs; the first is drawn from the beginning, since its day only says when we met it."""
    urns = [
        Span(URNS, str(each.establishment_id), each.from_on, each.until_on, each.name, "urn")
        for each in school.urns.all()
    ]
    return [replace(span, from_on=BEFORE_ALL) if number == 0 else span for number, span in enumerate(urns)]


def history_of(places: Iterable[Place], homes: Iterable[HomeSchool], applications: QuerySet) -> History:
    """Return what the rules need of the years before: every hub's, since a school has one history."""
    cohorts = {
        home.specialist.project.cohort_number
        for home in homes
        if home.until_on is None and home.specialist.status in IN_THE_PROGRAMME
    }
    applied = applications.live().values_list("project__programme_id", "project__year")
    return History(
        been=tuple(Been(place.project.programme_id, place.project.year, place.status) for place in places),
        cohorts=tuple(sorted(cohorts - {None})),
        applied=frozenset(applied),
    )


def applications_of(school: School) -> QuerySet:
    return Application.objects.filter(school=school)


def lanes_with(phases: Iterable[str], stops: Iterable[Stop], spans: Iterable[Span]) -> list[str]:
    """Return the lanes from the top: every phase, and those of the rest that have something in them."""
    used = [stop.lane for stop in stops] + [span.lane for span in spans]
    rest = [SPECIALISTS, OTHERS, *dict.fromkeys(span.lane for span in spans)]
    named = [*phases, *(each for each in dict.fromkeys(rest) if each in used)]
    return list(dict.fromkeys(named))


def advocacies_of(person: Person) -> list[Advocate]:
    """Return the person's years as Mastery Advocate, places entered by mistake left out."""
    found = person.advocacies.exclude(place__status=PlaceStatus.VOID).order_by("place__project__year", "from_on")
    details = [
        "place__project__programme",
        "place__school__establishment",
        "place__hub",
        "place__focus",
        "place__grant",
    ]
    return list(found.select_related(*details))


def years_as_advocate(advocacies: Iterable[Advocate], sight: Sight, *, url=lambda place: "") -> list[Stop]:
    """Return a stop for each year as Advocate, with the school in the place of the people."""
    advocacies = list(advocacies)
    keys = [each.place_id for each in advocacies]
    seen = set(sight.places.filter(pk__in=keys).values_list("pk", flat=True))
    return [_as_advocate(each, url) if each.place_id in seen else elsewhere(each.place) for each in advocacies]


def _as_advocate(each: Advocate, url) -> Stop:
    place = each.place
    programme = place.project.programme
    return Stop(
        family=programme.family,
        lane=lane(programme),
        title=f"Mastery Advocate, {short(place.project.title_of_year)}",
        year=place.project.year,
        status=place.status,
        label=place.get_status_display(),
        hub=place.hub.name,
        with_whom=(place.school.name, each.get_role_display()),
        focus=place.focus.title if place.focus else "",
        from_on=each.from_on,
        until_on=each.until_on,
        note=f"Left it on {_day(each.until_on)}: {each.reason}" if each.until_on and each.reason else "",
        url=url(place),
    )


def _day(on) -> str:
    return f"{on.day} {on:%B %Y}"


def spans_of(person: Person, sight: Sight) -> list[Span]:
    """Return the person's years as specialist, the posts that the reader may see, and what they are accredited as."""
    theirs = person.specialisms.select_related("project", "hub").prefetch_related("homes__school__establishment")
    seen = set(sight.specialists.filter(person=person).values_list("pk", flat=True))
    spans = [_specialism(each, each.pk in seen) for each in theirs]
    spans += [
        Span(POSTS, f"{post.get_role_display()}, {post.school}", post.from_on, post.until_on, "Post", "post")
        for post in person.shown_posts
    ]
    return spans + [_accreditation(each) for each in person.accreditations.all()]


def _specialism(each: Specialist, known: bool) -> Span:
    label = f"Mastery Specialist, cohort {each.project.cohort_number}"
    began = max(each.started_on, date(each.project.year, 9, 1))  # selected in spring, begun in September
    if not known:
        return Span(SPECIALISTS, label, began, None, ELSEWHERE, "specialist")
    homes = "; ".join(home.school.name for home in each.homes.all())
    until = max((home.until_on for home in each.homes.all() if home.until_on), default=None)
    left = until if each.status == SpecialistStatus.STEPPED_DOWN else None
    text = f"{each.get_status_display()}. {each.hub}. {homes}".rstrip(". ")
    return Span(SPECIALISTS, label, began, left, text, "specialist")


def _accreditation(each) -> Span:
    number = f", cohort {each.number}" if each.number else ""
    text = "Accreditation" + (f". {each.note}" if each.note else "")
    return Span(
        ACCREDITATIONS, f"{each.get_kind_display()}{number}", each.from_on, each.until_on, text, "accreditation"
    )
