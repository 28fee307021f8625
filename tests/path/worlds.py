"""Schools with long journeys, for the tests of pages."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone

from applications.path.facts import academic_year
from hubportal.clock import london_date
from programmes.models import (
    Advocate,
    Establishment,
    Grant,
    HomeSchool,
    Person,
    PersonEmail,
    Place,
    Post,
    Programme,
    Project,
    School,
    SchoolUrn,
    Specialist,
)
from tests import factories

DEV, EMB, SUS, SPEC = "sec-development", "sec-embedding", "sec-sustaining", "sec-specialist"
NOW = academic_year(london_date(timezone.now()))
"""The academic year in which the tests run: pages read the clock."""
FAMILIES = {
    DEV: ("Secondary Teaching for Mastery: Development", "apply", 1),
    EMB: ("Secondary Teaching for Mastery: Embedding", "offered", 2),
    SUS: ("Secondary Teaching for Mastery: Sustaining", "continue", 3),
    SPEC: ("Secondary Mastery Specialist Programme", "teacher", None),
}
ANY = {"after": ["completed", "part_completed", "active"], "years_later": 1, "or_more": True}
NEXT = {
    DEV: [{"family": EMB, "after": ["completed"], "years_later": 1, "with": SUS}, {"family": SUS, **ANY}],
    EMB: [{"family": SUS, **ANY}],
    SUS: [{"family": SUS, **ANY}],
    SPEC: [],
}
TABLE = factories.RULES[0]


def programme(family: str) -> Programme:
    title, entry, phase = FAMILIES[family]
    made, _ = Programme.objects.get_or_create(
        family=family,
        defaults={"slug": f"{family}-page", "title": title, "summary": title, "entry": entry, "phase": phase},
    )
    return made


def project(family: str, year: int) -> Project:
    """Return the project of a family and year, with rules that hold."""
    found = Project.objects.filter(programme=family, year=year).first()
    if found:
        return found
    made = factories.ProjectFactory(
        programme=programme(family),
        year=year,
        recruitment="hubs" if year == NOW else "closed",
        next_phases=NEXT[family],
        cohort_number=year - 2015 if family == SPEC else None,
    )
    rules = [TABLE, {"rule": "open_or_opening"}]
    rules += [{"rule": "not_already_in", "family": DEV}] if family == DEV else []
    if family == SUS:
        rules.append({"rule": "took_part_or_specialist", "specialist_cohort_max": year - 2017, "families": [DEV]})
    factories.RuleSetFactory(project=made, rules=rules, effective_from=date(year, 2, 1))
    return made


def everything() -> None:
    """Make this year's project of every programme."""
    for family in FAMILIES:
        project(family, NOW)


def cohort(hub, family: str, year: int):
    made = project(family, year)
    window = {"opens_on": date(2020, 9, 1), "closes_on": date(2100, 1, 29), "capacity": 50}
    return hub.cohorts.filter(project=made).first() or factories.CohortFactory(hub=hub, project=made, **window)


def place(school: School, hub, family: str, year: int, status: str, *, people=(), amount=None, **values) -> Place:
    """Make a place of a year, its Advocates and its grant."""
    run = cohort(hub, family, year)
    at = datetime(year, 6, 1, 9, 0, tzinfo=UTC)
    rule_set = run.project.rule_sets.first()
    made = factories.PlaceFactory(
        school=school, cohort=run, status=status, offered_at=at, answer_by=at.date(), rule_set=rule_set, **values
    )
    for number, name in enumerate(people):
        person = Person.objects.filter(name=name).first() or factories.PersonFactory(name=name)
        Advocate.objects.create(
            place=made, person=person, role="hod" if number == 0 else "teacher", from_on=date(year, 9, 1)
        )
    if amount is not None:
        Grant.objects.create(
            place=made, hub=hub, amount=Decimal(amount), rule_set=rule_set, rule_version=1, source="x",
            offered_by=made.offered_by, offered_at=at, frozen_at=at,
        )  # fmt: skip
    return made


def specialist(school: School, hub, year: int, name: str, *, status="active", until=None) -> Specialist:
    person = Person.objects.filter(name=name).first() or factories.PersonFactory(name=name)
    made = Specialist.objects.create(
        person=person, hub=hub, project=project(SPEC, year), status=status, started_on=date(year, 9, 1)
    )
    HomeSchool.objects.create(specialist=made, school=school, from_on=date(year, 9, 1), until_on=until)
    return made


def long_path(hub, other=None, *, name="Twin Creeks School") -> School:
    """Return a school of ten years: Development, Embedding and Sustaining, a break, a new URN, another hub."""
    school = factories.SchoolFactory(establishment=factories.EstablishmentFactory(name=name))
    place(school, hub, DEV, NOW - 9, "completed", people=["Ama Mensah", "Ben Chaudhry"], amount=2000)
    place(school, hub, EMB, NOW - 8, "completed", people=["Ama Mensah", "Ben Chaudhry"], amount=1000)
    place(school, hub, SUS, NOW - 8, "completed", people=["Ama Mensah", "Ben Chaudhry"], amount=0)
    place(school, hub, SUS, NOW - 7, "withdrawn", ended_on=date(NOW - 6, 3, 20), people=["Ama Mensah"])
    place(school, other or hub, SUS, NOW - 3, "completed", people=["Kasia Nowak", "Owen Gill"])
    place(school, hub, SUS, NOW - 2, "part_completed", people=["Kasia Nowak", "Zoë Varga"], amount=0)
    place(school, hub, SUS, NOW - 1, "completed", people=["Kasia Nowak", "Zoë Varga"], amount=0)
    new_urn(school, name.replace("School", "Academy"), date(NOW - 4, 4, 1))
    specialist(school, hub, NOW - 2, "Idris Kaplan")
    return school


def new_urn(school: School, name: str, on: date) -> None:
    old = school.urns.get(until_on=None)
    old.until_on = on
    old.save()
    successor = factories.EstablishmentFactory(name=name, type_code=34, type_name="Academy converter")
    SchoolUrn.objects.create(school=school, establishment=successor, name=name, from_on=on)
    Establishment.objects.filter(pk=old.establishment_id).update(status=2, closed_on=on)
    School.objects.filter(pk=school.pk).update(establishment=successor)
    school.refresh_from_db()


def known_contact(application) -> None:
    """Give the contact of an application a post at its school."""
    person = factories.PersonFactory(name=application.contact_name)
    PersonEmail.objects.create(person=person, email=application.contact_email)
    Post.objects.create(person=person, school=application.school, role="hod", from_on=date(2020, 9, 1))
