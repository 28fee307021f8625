"""Loading what the rules need to know of a teacher: the only place where these facts meet the tables."""

from datetime import datetime

from applications.facts import school_facts
from applications.rules import SpecialistPast, TeacherFacts
from hubportal.clock import london_date
from programmes.models import Person, RuleSet, Specialist
from programmes.people.actions import same_name
from programmes.specialists.rules import release_days

from .models import HeadPart, SpecialistApplication


def rule_set_of(application: SpecialistApplication, *, at: datetime) -> RuleSet:
    """Return the rules in force on the day of the application, or today while it is a draft."""
    found = application.project.rule_sets.in_force(london_date(application.submitted_at or at))
    if found is None:
        raise LookupError(f"{application.project} has no rules.")
    return found


def days_asked(rule_set: RuleSet) -> int | None:
    """Return the days of release in year 1 that the school is asked for; None where nothing says how many."""
    asked = (row.get("days") for row in rule_set.rules if row["rule"] == "head_supports")
    return next(asked, None) or release_days(rule_set.terms)


def known_person(email: str, trn: str) -> Person | None:
    """Return whom an address or a TRN belongs to in our records, a merged record followed to the one that stands."""
    found = Person.objects.with_email(email).first() if email else None
    if found is None and trn:
        found = Person.objects.filter(trn=trn).first()
    while found and found.merged_into_id:
        found = found.merged_into
    return found


def teacher_facts(application: SpecialistApplication, *, at: datetime, rule_set: RuleSet) -> TeacherFacts:
    """Return the facts of an application that has a school and a cohort, as they are now."""
    cohort, head = application.cohort, application.head_parts.current().last()
    return TeacherFacts(
        today=london_date(at),
        applied_on=london_date(application.submitted_at or at),
        year=application.project.year,
        school=school_facts(application.school.establishment),
        hub_name=str(application.hub),
        hub_areas=tuple(area.local_authority_id for area in application.hub.areas.all()),
        commitments_asked={row["code"]: row["text"] for row in rule_set.commitments},
        commitments_made=tuple(tick["code"] for tick in head.commitments) if head else (),
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        recruiting=application.project.is_recruiting or application.submitted_at is not None,
        places_left=cohort.capacity - cohort.places.live().count(),
        qts=application.qts,
        qts_on=application.qts_on,
        years_teaching=application.years_teaching,
        is_ect=application.is_ect,
        specialist_before=_specialist_before(application),
        head=head.status if head else "",
        head_is_applicant=_head_is_applicant(application, head),
        head_days=head.release_days if head else None,
        head_launch=head.launch if head else "",
    )


def _specialist_before(application: SpecialistApplication) -> tuple[SpecialistPast, ...]:
    person = known_person(application.email, application.trn)
    own = Specialist.objects.filter(person=person) if person else Specialist.objects.none()
    own = own.exclude(place=application.place_id) if application.place_id else own
    here = Specialist.objects.filter(homes__school=application.school_id, homes__until_on=None)
    namesakes = [
        each
        for each in here.exclude(person=person).in_the_programme().with_details()
        if same_name(each.person.name, application.name)
    ]
    return tuple(_past(each) for each in own.with_details()) + tuple(_past(each, by_name=True) for each in namesakes)


def _past(specialist: Specialist, *, by_name: bool = False) -> SpecialistPast:
    project = specialist.project
    cohort = f"cohort {project.cohort_number}, {project.year_label}" if project.cohort_number else str(project)
    return SpecialistPast(cohort, specialist.status, specialist.get_status_display(), by_name)


def _head_is_applicant(application: SpecialistApplication, head: HeadPart | None) -> str:
    """Return in words why the head seems to be the applicant, or nothing."""
    if application.is_head:
        return "Says that they are the headteacher"
    name, email = (head.name, head.email) if head else (application.head_name, application.head_email)
    if email and email.lower() == application.email.lower():
        return "The head's address is the applicant's"
    if name and same_name(name, application.name):
        return "The head has the applicant's name"
    return ""
