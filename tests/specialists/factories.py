"""A cohort of the Specialist Programme and records of it with the fewest valid fields."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from applications.specialists.models import HeadPart, Reading, SpecialistApplication
from hubportal.accounts.models import Hub
from programmes.models import Cohort, HomeSchool, Programme, Specialist
from tests.factories import (
    AT,
    CohortFactory,
    HubFactory,
    HubMembershipFactory,
    PersonFactory,
    ProjectFactory,
    RuleSetFactory,
    SchoolFactory,
)

RULES = [
    {
        "rule": "state_funded_secondary",
        "table": [
            {"types": [1, 34], "phases": [4, 5, 7], "result": "eligible"},
            {"types": [14], "result": "refer", "why": "A person will look."},
            {"result": "ineligible", "why": "Not a state-funded secondary school."},
        ],
    },
    {"rule": "open_or_opening"},
    {"rule": "teacher_qualified", "qts": True, "min_years": 2},
    {"rule": "not_a_specialist_already"},
    {"rule": "teacher_not_head"},
    {"rule": "commitments_made"},
    {"rule": "window_open"},
    {"rule": "head_supports", "days": 15, "launch": True},
]
TERMS = {"years": 3, "year_1": {"days": 15, "central": 5, "local": 10}, "year_2": {"pd_lead": True}}
TWO_COMMITMENTS = [
    {"code": "release", "text": "The school will release the teacher for every day of the first year."},
    {"code": "department", "text": "The school will support change in the department."},
]


def programme() -> Programme:
    return Programme.objects.get_or_create(
        family="sec-specialist",
        defaults={
            "slug": "secondary-mastery-specialist",
            "title": "Secondary Mastery Specialist Programme",
            "summary": "A maths teacher becomes a Mastery Specialist over three years.",
            "entry": "teacher",
        },
    )[0]


def project_of(year: int = 2026):
    made = ProjectFactory(programme=programme(), year=year, cohort_number=year - 2015)
    RuleSetFactory(project=made, version=1, rules=RULES, terms=TERMS, commitments=TWO_COMMITMENTS, grant_amount=0)
    return made


def cohort_of(hub: Hub | None = None, **values) -> Cohort:
    """Return the hub's run of the programme in 2026/27, made if new."""
    hub = hub or HubFactory()
    found = Cohort.objects.filter(hub=hub, project__programme__family="sec-specialist").first()
    return found or CohortFactory(hub=hub, project=project_of(), **{"capacity": 2} | values)


class TeacherFactory(DjangoModelFactory):
    """An application that was sent by a qualified teacher of ten years."""

    class Meta:
        model = SpecialistApplication

    reference = factory.Sequence(lambda n: f"S{n:06d}")
    cohort = factory.LazyFunction(cohort_of)
    project = factory.SelfAttribute("cohort.project")
    hub = factory.SelfAttribute("cohort.hub")
    school = factory.SubFactory(SchoolFactory)
    status = "submitted"
    name = factory.Sequence(lambda n: f"Amina Okafor {n}")
    email = factory.Sequence(lambda n: f"amina{n}@school.example")
    role = "teacher"
    key_stages = factory.LazyFunction(lambda: ["ks3", "ks4"])
    qts = True
    qts_on = date(2015, 9, 1)
    years_teaching = 10
    is_ect = False
    answers = factory.LazyFunction(
        lambda: {"own_practice": "Mine.", "leading": "Led.", "department": "Ours.", "dates": {"words": ""}}
    )
    head_name = "Jo Reid"
    head_email = factory.Sequence(lambda n: f"head{n}@school.example")
    privacy_version = "2026-1"
    created_at = AT
    submitted_at = AT


class DraftTeacherFactory(TeacherFactory):
    status = "draft"
    submitted_at = None


class HeadPartFactory(DjangoModelFactory):
    class Meta:
        model = HeadPart

    application = factory.SubFactory(TeacherFactory)
    hub = factory.SelfAttribute("application.hub")
    name = "Jo Reid"
    email = factory.SelfAttribute("application.head_email")
    asked_at = AT
    answer_by = date(2026, 11, 17)


def supported(application) -> HeadPart:
    """Let the school support an application."""
    return HeadPartFactory(
        application=application, status="confirmed", answered_at=AT, answered_name="Jo Reid", capacity="head",
        release_days=15, launch="self", statement="Good.",
        commitments=[row | {"at": AT.isoformat()} for row in TWO_COMMITMENTS],
    )  # fmt: skip


def shortlisted(cohort: Cohort, scores=((4, 4), (3, 3)), **values) -> SpecialistApplication:
    """Return a supported, shortlisted application that both readers have scored; `scores` None: nobody has."""
    made = TeacherFactory(cohort=cohort, status="shortlisted", **values)
    supported(made)
    for n in (1, 2):
        reader = HubMembershipFactory(hub=cohort.hub).user
        given = {} if scores is None else {
            "practice": scores[n - 1][0], "leading": scores[n - 1][1], "department": 3, "support": 3, "scored_at": AT
        }  # fmt: skip
        Reading.objects.create(application=made, position=n, reader=reader, asked_at=AT, **given)
    return made


class SpecialistFactory(DjangoModelFactory):
    """A specialist in year 1, at a school."""

    class Meta:
        model = Specialist
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    hub = factory.SubFactory(HubFactory)
    project = factory.LazyFunction(project_of)
    started_on = date(2026, 9, 1)

    @factory.post_generation
    def home(specialist, create, extracted, **kwargs):
        HomeSchool.objects.create(
            specialist=specialist, school=extracted or SchoolFactory(), from_on=specialist.started_on
        )
