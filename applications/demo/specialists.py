"""Teachers who want to become specialists, in every state, and specialists of earlier cohorts in both hubs."""

from datetime import date, datetime, timedelta

from applications.specialists import actions, checks, decisions, heads, release
from applications.specialists.models import CRITERIA, SpecialistApplication
from hubportal.clock import LONDON, london_date
from programmes.models import Cohort, Establishment, Project, Specialist
from programmes.people.actions import person_at
from programmes.schools.actions import register_school
from programmes.specialists import actions as years
from programmes.specialists.states import SpecialistStatus as S

from . import people
from .story import Here

FAMILY = "sec-specialist"
ALLOCATION = 3
# How far each of the hub's applications has come. `eligible` waits for the head, `reading` for the second reader.
ESTUARY = [
    "submitted",
    "ineligible",
    "head_is_applicant",
    "eligible",
    "supported",
    "reading",
    "read",
    "read",
    "selected",
]
THREE_RIVERS = ["selected", "selected", "reserve", "not_selected", "withdrawn"]  # all released
SEASONS = {"estuary": ESTUARY, "three-rivers": THREE_RIVERS}
# Cohort's first year, what became of its specialist.
EARLIER = [(2022, S.ACTIVE), (2023, S.DEPARTMENT), (2024, S.YEAR_2), (2024, S.DEFERRED), (2025, S.YEAR_1)]
STATEMENTS = {
    "own_practice": "I plan in small steps, with the same pictures from Year 7 on. I want the class to talk more.",
    "leading": "I have led our joint planning for two years. Three colleagues now teach each other's lessons.",
    "department": "We would write the Key Stage 3 plans together, one topic at a time, and visit each other's lessons.",
    "other_schools": "Gladly, once our own department stands on its feet.",
    "dates": {"words": ""},
    "earlier_roles": ["participant"],
}
SCORES = [(5, 4, 4, 4), (4, 4, 5, 4), (3, 4, 3, 4), (3, 2, 4, 4)]


def tell_specialists(here: Here) -> None:
    """Write the hub's specialists of earlier years, then the applications of this one."""
    schools = iter(_schools(here))
    for (year, status), establishment in zip(EARLIER, schools, strict=False):
        _earlier(here, year, status, establishment)
    cohort = _cohort(here)
    stages = SEASONS[here.cohort.hub.slug]
    for stage, establishment in zip(stages, schools, strict=False):
        _apply(here, cohort, establishment, stage)
    if here.cohort.hub.slug == "three-rivers":
        _release(here, cohort)


def _schools(here: Here):
    """Return open secondary schools of the hub's area, the same on every run."""
    areas = here.cohort.hub.areas.values("local_authority")
    return Establishment.objects.filter(local_authority__in=areas, phase=4, status=1, type_code=34).order_by("-urn")[
        :40
    ]


def _cohort(here: Here, year: int = 2026) -> Cohort:
    project = Project.objects.get(programme=FAMILY, year=year)
    window = {"opens_on": date(year, 2, 2), "closes_on": date(year, 6, 12)}
    if year == 2026:
        window = {"opens_on": here.cohort.opens_on, "closes_on": here.cohort.closes_on}
    found = Cohort.objects.filter(hub=here.cohort.hub, project=project).first()
    return found or Cohort.objects.create(
        hub=here.cohort.hub,
        project=project,
        capacity=ALLOCATION,
        contact_email=here.cohort.contact_email,
        contact_name=here.cohort.contact_name,
        **window,
    )


def _on(*day: int) -> datetime:
    return datetime(*day, 10, 0, tzinfo=LONDON)


def _earlier(here: Here, year: int, status: S, establishment: Establishment) -> None:
    """Write one specialist of an earlier cohort: selected in July, in year 1 from September on."""
    cohort, at = _cohort(here, year), _on(year, 7, 1)
    teacher = people.of(establishment)[people.ANOTHER]
    school = register_school(establishment, at=at)
    person = person_at(school, name=teacher.name, email=teacher.email, role="second", on=london_date(at))
    rule_set = cohort.project.rule_sets.order_by("version").last()
    place = years.begin(person, school, cohort, rule_set=rule_set, origin="The hub's records", by=here.lead, at=at)
    specialist = Specialist.objects.get(place=place)
    who = {"by": here.administrator}
    launch = date(year, 10, 2)
    years.attend_launch(specialist, on=launch, with_whom="The headteacher", at=_on(year, 10, 2), **who)
    _days(specialist, year, who)
    if status == S.YEAR_1:
        return
    years.move_on(specialist, S.YEAR_2, at=_on(year + 1, 9, 3), **who)
    years.accredit(specialist, kind="pd_lead", from_on=date(year + 2, 1, 15), at=_on(year + 2, 1, 16), **who)
    if status in {S.ACTIVE, S.DEPARTMENT}:
        years.move_on(specialist, status, at=_on(year + 2, 9, 3), **who)
    if status == S.DEFERRED:
        back = here.world.today + timedelta(200)
        years.defer(specialist, back_on=back, reason="Parental leave.", at=here.at(20, "11:00"), **who)


def _days(specialist: Specialist, year: int, who: dict) -> None:
    kept = {"at": _on(year + 1, 6, 1)}
    for month, kind in [(10, "central"), (11, "school"), (11, "central"), (12, "hub")]:
        on = date(year, month, 9 if kind == "central" else 16)
        years.record_day(specialist, on=on, kind=kind, half_days=2, **who, **kept)
    years.record_day(specialist, on=date(year + 1, 6, 4), kind="central", half_days=1, **who, **kept)


def _apply(here: Here, cohort: Cohort, establishment: Establishment, stage: str) -> SpecialistApplication:
    """Let one teacher apply and go as far as `stage`."""
    applied, staff = here.at(12, "16:40"), people.of(establishment)
    head, teacher = staff[people.HEAD], staff[people.TEACHES_MATHS]
    application = actions.start(cohort.project, here.world.uid(), at=applied)
    SpecialistApplication.objects.filter(pk=application.pk).update(reference=here.world.reference())
    actions.choose_school(application, establishment, cohort, at=applied)
    actions.answer(
        application,
        name=teacher.name, email=teacher.email, role="ks3_lead", key_stages=["ks3", "ks4"], qts=True,
        qts_on=date(2016, 9, 1), years_teaching=1 if stage == "ineligible" else 9, is_ect=stage == "ineligible",
        answers=STATEMENTS, head_name=head.name, head_email=head.email, is_head=stage == "head_is_applicant",
    )  # fmt: skip
    application = actions.submit(application, at=applied)
    if stage != "submitted":
        checks.check_due(at=here.at(12, "16:41"))
        _go_on(here, application, stage)
    return application


def _go_on(here: Here, application: SpecialistApplication, stage: str) -> None:
    asked = application.head_parts.first()
    if asked is None or stage in {"head_is_applicant", "eligible"}:
        return
    codes = [row["code"] for row in application.project.rule_sets.order_by("version").last().commitments]
    heads.support(
        asked, name=asked.name, capacity="head", launch="self", launch_name="", ticked=codes,
        statement="We would be glad to see her do this, and the timetable allows it.", at=here.at(10, "09:10"),
    )  # fmt: skip
    if stage == "supported":
        return
    if stage == "withdrawn":
        actions.withdraw(application, at=here.at(8, "18:00"), note="I have a new post from January.")
        return
    _read(here, application, stage)


def _read(here: Here, application: SpecialistApplication, stage: str) -> None:
    application.refresh_from_db()
    readers = [here.administrator, here.lead]
    decisions.shortlist(application, readers, by=here.lead, at=here.at(7, "10:00"))
    scorers = readers[:1] if stage == "reading" else readers
    for n, reader in enumerate(scorers):
        marks = SCORES[(application.pk + n) % len(SCORES)]
        given = dict(zip(CRITERIA, marks, strict=True))
        notes = "Clear about what has to change, and has brought colleagues along."
        decisions.score(application, by=reader, at=here.at(6 - n, "15:00"), notes=notes, **given)
    if stage in {"selected", "reserve", "not_selected"}:
        reason = "We would like to see you lead a whole term's work first." if stage == "not_selected" else ""
        decisions.decide(application, stage, reason=reason, by=here.lead, at=here.at(4, "11:00"))


def _release(here: Here, cohort: Cohort) -> None:
    at = here.at(3, "14:00")
    release.release(cohort, release.fingerprint(release.letters(cohort)), by=here.lead, at=at)
