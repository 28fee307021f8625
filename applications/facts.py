"""Loading what the rules need to know: the only place where rules' facts meet the tables."""

from datetime import datetime

from hubportal.clock import london_date, year_label
from programmes.models import Establishment, EstablishmentLink, Place, RuleSet

from .models import Application
from .rules import Facts, Participation, SchoolFacts


def rule_set_of(application: Application, *, at: datetime) -> RuleSet:
    """Return the rules in force on the day of the application, or today while it is a draft."""
    on = london_date(application.submitted_at or at)
    rule_sets = application.project.rule_sets.order_by("-effective_from")
    found = rule_sets.filter(effective_from__lte=on).first() or rule_sets.last()
    if found is None:
        raise LookupError(f"{application.project} has no rules.")
    return found


def facts_about(application: Application, *, at: datetime, rule_set: RuleSet) -> Facts:
    """Return the facts of an application that has a school and a cohort, as they are now."""
    cohort = application.cohort
    current = application.endorsements.current().last()
    return Facts(
        today=london_date(at),
        applied_on=london_date(application.submitted_at or at),
        year=application.project.year,
        school=school_facts(application.school.establishment),
        hub_name=str(application.hub),
        hub_areas=tuple(application.hub.areas.values_list("local_authority_id", flat=True)),
        advocate_roles=tuple(application.nominees.values_list("role", flat=True)),
        commitments_made=tuple(tick["code"] for tick in application.commitments),
        commitments_asked={row["code"]: row["text"] for row in rule_set.commitments},
        taken_part=_taken_part(application),
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        recruiting=application.project.is_recruiting or application.submitted_at is not None,
        head=current.status if current else "",
        places_left=cohort.capacity - cohort.places.live().count(),
    )


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


def _taken_part(application: Application) -> tuple[Participation, ...]:
    """Return every place of the school but this application's own; a School keeps its places when its URN changes."""
    places = Place.objects.filter(school=application.school).exclude(pk=application.place_id)
    rows = places.values_list("project__programme_id", "project__year", "status")
    return tuple(Participation(family, year_label(year), status) for family, year, status in rows)
