"""Loading what the rules need to know: the only place where rules' facts meet the tables."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from hubportal.clock import london_date, year_label
from programmes.cohorts.foci import rooms
from programmes.models import Establishment, EstablishmentLink, Place, RuleSet, School, SchoolUrn, Specialist
from programmes.schools.links import LEADS_BACK, LEADS_ON

from .late.links import in_words, let_through
from .models import Application
from .rules import Facts, Participation, SchoolFacts


def rule_set_of(application: Application, *, at: datetime) -> RuleSet:
    """Return the rules in force on the day of the application, or today while it is a draft."""
    found = application.project.rule_sets.in_force(london_date(application.submitted_at or at))
    if found is None:
        raise LookupError(f"{application.project} has no rules.")
    return found


def facts_about(application: Application, *, at: datetime, rule_set: RuleSet) -> Facts:
    """Return the facts of an application that has a school and a cohort, as they are now."""
    cohort = application.cohort
    current = application.endorsements.current().last()
    nominees = application.nominees.all()
    linked = same_school(application.school)
    return Facts(
        today=london_date(at),
        applied_on=london_date(application.submitted_at or at),
        year=application.project.year,
        school=school_facts(application.school.establishment),
        hub_name=str(application.hub),
        hub_areas=tuple(area.local_authority_id for area in application.hub.areas.all()),
        advocate_roles=tuple(each.role for each in nominees),
        advocate_titles=tuple(each.get_role_display() for each in nominees),
        commitments_made=tuple(tick["code"] for tick in application.commitments),
        commitments_asked={row["code"]: row["text"] for row in rule_set.commitments},
        taken_part=_taken_part(application, linked),
        applied_as=_applied_as(application, linked),
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        recruiting=takes_applications(application) or application.submitted_at is not None,
        late_allowed=_late_allowed(application, today=london_date(at)),
        moved_here=Application.objects.filter(transferred_to=application.pk).exists(),
        head=current.status if current else "",
        places_left=cohort.capacity - cohort.places.live().count(),
        **_of_a_sign_up(application, linked, {row["rule"] for row in rule_set.rules}),
    )


def _late_allowed(application: Application, *, today: date) -> str:
    """Return who let the application through after closing; "" for one that came in time and asks for no link."""
    cohort, on = application.cohort, london_date(application.submitted_at) if application.submitted_at else today
    dated = cohort.opens_on and cohort.closes_on
    if dated and cohort.opens_on <= on <= cohort.closes_on and takes_applications(application):
        return ""
    return in_words(let_through(application, today=today))


def takes_applications(application: Application) -> bool:
    """Return whether the project and the hub's run of it still take schools; dates are another question."""
    return application.project.is_recruiting and not application.cohort.is_full


def _of_a_sign_up(application: Application, schools: QuerySet, asked: set[str]) -> dict:
    """Return what the rules that are `asked` need to know of a department that goes on; no query for any other."""
    said = application.answers
    found = {"plan": said.get("plan", "")} if "plan_given" in asked else {}
    if "foci_ranked" in asked:
        run = rooms(application.cohort)
        found["foci_ranked"] = tuple(said.get("foci", ()))
        found["foci_run"] = {room.focus.letter: room.focus.title for room in run}
        found["foci_full"] = tuple(room.focus.letter for room in run if room.is_full)
    if "took_part_or_specialist" in asked:
        found |= {name: said.get(name) for name in ("route_year", "route_cohort")} | {"route": said.get("route", "")}
        found["specialist_cohorts"] = _specialist_cohorts(schools)
    return found


def _specialist_cohorts(schools: QuerySet) -> tuple[int, ...]:
    """Return the national cohorts of the Mastery Specialists whose department the school's is, the first one first."""
    stays = Q(homes__until_on=None) | Q(homes__department_stays=True)
    here = Specialist.objects.filter(stays, homes__school__in=schools)
    numbers = here.exclude(project__cohort_number=None).values_list("project__cohort_number", flat=True)
    return tuple(sorted(set(numbers)))


def school_facts(establishment: Establishment) -> SchoolFacts:
    """Return the register's facts of one establishment, its open successor named if it has closed."""
    return SchoolFacts(
        urn=establishment.urn,
        name=establishment.name,
        type_code=establishment.type_code,
        type_name=establishment.type_name,
        status=establishment.status,
        phase=establishment.phase,
        phase_name=establishment.get_phase_display(),
        low_age=establishment.low_age,
        high_age=establishment.high_age,
        opened_on=establishment.opened_on,
        closed_on=establishment.closed_on,
        section_41=establishment.section_41,
        local_authority=establishment.local_authority_id,
        local_authority_name=establishment.local_authority.name,
        seen_on=establishment.seen_on,
        successor=_successor(establishment) if establishment.closed_on or establishment.status == 2 else "",
    )


def _successor(establishment: Establishment) -> str:
    links = EstablishmentLink.objects.filter(urn=establishment.urn, link_type__startswith="Successor")
    found = Establishment.objects.filter(urn__in=links.values("link_urn"), status__in=[1, 3])
    return " or ".join(f"{school.name} (URN {school.urn})" for school in found[:3])


def same_school(school: School) -> QuerySet:
    """Return the primary keys of the school and of those of ours that the register has as its predecessor or successor.

    The register has some links in one direction only, so both are read.
    """
    ours = school.urns.order_by().values("establishment")
    links = EstablishmentLink.objects.filter(LEADS_ON | LEADS_BACK)
    schools = SchoolUrn.objects.order_by().values("school")
    itself = School.objects.filter(pk=school.pk).order_by().values("pk")
    return itself.union(  # an OR would make the database read every school, and every row that hangs on one
        schools.filter(establishment__in=links.filter(urn__in=ours).values("link_urn")),
        schools.filter(establishment__in=links.filter(link_urn__in=ours).values("urn")),
    )


def _taken_part(application: Application, schools: QuerySet) -> tuple[Participation, ...]:
    """Return every place of the school, under any URN, but this application's own."""
    places = Place.objects.filter(school__in=schools).exclude(pk=application.place_id)
    return tuple(
        Participation(
            place.project.programme_id,
            year_label(place.project.year),
            place.status,
            "" if place.school_id == application.school_id else _named(place.school),
        )
        for place in places.select_related("project", "school__establishment")
    )


def _applied_as(application: Application, schools: QuerySet) -> tuple[str, ...]:
    """Return the linked schools whose application for this project goes on and was sent before this one."""
    others = Application.objects.live().filter(project=application.project_id, school__in=schools)
    if application.submitted_at:
        others = others.filter(submitted_at__lt=application.submitted_at)
    found = others.exclude(school=application.school_id).select_related("school__establishment")
    return tuple(_named(other.school) for other in found.order_by("submitted_at"))


def _named(school: School) -> str:
    return f"{school.name} (URN {school.urn})"
