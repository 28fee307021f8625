"""Records with the fewest valid fields."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from applications.models import Application, Endorsement, Nominee, Proposal
from hubportal.accounts.models import Hub, HubMembership, User
from hubportal.accounts.roles import Role
from programmes.models import (
    Cohort,
    Establishment,
    HubArea,
    LocalAuthority,
    Person,
    Place,
    Programme,
    Project,
    RuleSet,
    School,
    SchoolUrn,
)

AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 3)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@hub.example")
    name = factory.Sequence(lambda n: f"Person {n}")


class HubFactory(DjangoModelFactory):
    class Meta:
        model = Hub

    name = factory.Sequence(lambda n: f"Hub {n}")
    slug = factory.Sequence(lambda n: f"hub-{n}")
    contact_email = factory.Sequence(lambda n: f"hub{n}@hub.example")
    controller = "Department for Education"
    privacy_version = "2026-1"


class HubMembershipFactory(DjangoModelFactory):
    class Meta:
        model = HubMembership

    user = factory.SubFactory(UserFactory)
    hub = factory.SubFactory(HubFactory)
    role = Role.ADMINISTRATOR


class LocalAuthorityFactory(DjangoModelFactory):
    class Meta:
        model = LocalAuthority
        django_get_or_create = ("code",)

    code = "881"
    name = "Essex"


class EstablishmentFactory(DjangoModelFactory):
    """An open community secondary school."""

    class Meta:
        model = Establishment

    urn = factory.Sequence(lambda n: 900_000 + n)
    name = factory.Sequence(lambda n: f"School {n}")
    local_authority = factory.SubFactory(LocalAuthorityFactory)
    type_code = 1
    type_name = "Community school"
    group_code = 4
    group_name = "Local authority maintained schools"
    status = Establishment.State.OPEN
    phase = Establishment.Phase.SECONDARY
    low_age = 11
    high_age = 16
    town = "Colchester"
    postcode = "CO1 1AA"
    seen_on = date(2026, 9, 1)


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School
        skip_postgeneration_save = True

    establishment = factory.SubFactory(EstablishmentFactory)

    @factory.post_generation
    def urns(school, create, extracted, **kwargs):
        SchoolUrn.objects.create(
            school=school, establishment=school.establishment, name=school.name, from_on=date(2020, 9, 1)
        )


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ("family",)

    family = "sec-development"
    slug = "secondary-teaching-for-mastery-development"
    title = "Secondary Teaching for Mastery: Development"
    summary = "Two teachers, one specialist, a year of work on how maths is taught."


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project
        django_get_or_create = ("programme", "year")

    programme = factory.SubFactory(ProgrammeFactory)
    year = 2026
    recruitment = "hubs"
    published_at = AT
    source = "seed 0"
    confidence = "stated"


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
    {"rule": "advocates", "count": 2, "leading": ["hod", "second", "ks3_lead"], "similar": ["slt", "other"]},
    {"rule": "commitments_made"},
    {"rule": "not_already_in", "family": "sec-development"},
    {"rule": "within_hub_area"},
    {"rule": "window_open"},
    {"rule": "head_confirmed", "when": "offer"},
]
COMMITMENTS = [{"code": f"c{n}", "text": f"Commitment {n}."} for n in range(1, 7)]


class RuleSetFactory(DjangoModelFactory):
    class Meta:
        model = RuleSet
        django_get_or_create = ("project", "version")

    project = factory.SubFactory(ProjectFactory)
    version = 1
    status = "published"
    effective_from = date(2026, 2, 1)
    rules = RULES
    commitments = COMMITMENTS
    grant_amount = Decimal(2000)
    offer_days = 14
    source = "seed 0"
    confidence = "stated"


class CohortFactory(DjangoModelFactory):
    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    hub = factory.SubFactory(HubFactory)
    project = factory.SubFactory(ProjectFactory)
    capacity = 8
    opens_on = date(2026, 9, 1)
    closes_on = date(2027, 1, 29)

    @factory.post_generation
    def area(cohort, create, extracted, **kwargs):
        HubArea.objects.get_or_create(hub=cohort.hub, local_authority=LocalAuthorityFactory())
        if not cohort.project.rule_sets.exists():
            RuleSetFactory(project=cohort.project)


class ApplicationFactory(DjangoModelFactory):
    """An application that was sent, with two Advocates of whom the first leads."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    reference = factory.Sequence(lambda n: f"T{n:06d}")
    cohort = factory.SubFactory(CohortFactory)
    project = factory.SelfAttribute("cohort.project")
    hub = factory.SelfAttribute("cohort.hub")
    school = factory.SubFactory(SchoolFactory)
    status = "submitted"
    contact_name = "Amina Okafor"
    contact_email = factory.Sequence(lambda n: f"maths{n}@school.example")
    contact_role = "head_of_maths"
    head_name = "Jo Reid"
    head_email = factory.Sequence(lambda n: f"head{n}@school.example")
    commitments = factory.LazyFunction(lambda: [c | {"at": AT.isoformat()} for c in COMMITMENTS])
    privacy_version = "2026-1"
    created_at = AT
    submitted_at = AT

    @factory.post_generation
    def nominees(application, create, extracted, **kwargs):
        for position in extracted if extracted is not None else (1, 2):
            NomineeFactory(application=application, position=position, role="hod" if position == 1 else "teacher")


class DraftFactory(ApplicationFactory):
    status = "draft"
    submitted_at = None


class NomineeFactory(DjangoModelFactory):
    class Meta:
        model = Nominee

    application = factory.SubFactory(ApplicationFactory, nominees=())
    position = 1
    name = factory.Sequence(lambda n: f"Teacher {n}")
    email = factory.Sequence(lambda n: f"teacher{n}@school.example")
    role = "hod"


class EndorsementFactory(DjangoModelFactory):
    class Meta:
        model = Endorsement

    application = factory.SubFactory(ApplicationFactory)
    hub = factory.SelfAttribute("application.hub")
    name = "Jo Reid"
    email = factory.SelfAttribute("application.head_email")
    asked_at = AT
    answer_by = date(2026, 11, 17)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Teacher {n}")


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    school = factory.SubFactory(SchoolFactory)
    cohort = factory.SubFactory(CohortFactory)
    hub = factory.SelfAttribute("cohort.hub")
    project = factory.SelfAttribute("cohort.project")
    origin = "test"
    rule_set = factory.LazyAttribute(lambda place: place.cohort.project.rule_sets.first())
    status = "offered"
    offered_by = factory.SubFactory(UserFactory)
    offered_at = AT
    answer_by = date(2026, 11, 17)


class ProposalFactory(DjangoModelFactory):
    """A school that has been asked about 2026/27 and has not answered."""

    class Meta:
        model = Proposal

    hub = factory.SubFactory(HubFactory)
    school = factory.SubFactory(SchoolFactory)
    year = 2026
    kind = "next"
    contact_name = "Amina Okafor"
    contact_email = factory.Sequence(lambda n: f"next{n}@school.example")
    made_by = factory.SubFactory(UserFactory)
    made_at = AT
    answer_by = date(2026, 12, 1)
