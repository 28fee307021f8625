"""How to make a record of each model at a hub, for the tests of access."""

from applications.models import Application, Document, EligibilityCheck, FindingOverride, Interest, LateLink, Proposal
from applications.specialists.models import Reading, SpecialistApplication, TeacherCheck
from hubportal.accounts.models import Hub, HubMembership, User
from hubportal.history.actions import subject_of
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from programmes.models import (
    Advocate,
    Cohort,
    Establishment,
    Person,
    PersonEmail,
    PersonJoin,
    Place,
    PlaceRequest,
    Programme,
    Project,
    RegisterImport,
    RuleSet,
    School,
    SchoolChange,
    Specialist,
)
from tests import factories
from tests.access_visitors import FINANCE
from tests.specialists import factories as specialists


def make_application(hub, **values):
    return factories.ApplicationFactory(cohort=make_cohort(hub), hub=hub, **values)


def make_teacher(hub, **values):
    return specialists.TeacherFactory(cohort=specialists.cohort_of(hub), **values)


def make_teacher_check(hub):
    application = make_teacher(hub)
    check = TeacherCheck.objects.create(
        application=application, rule_set=application.project.rule_sets.first(), at=factories.AT, facts={}, findings=[],
        outcome="eligible",
    )  # fmt: skip
    return {"pk": application.pk, "check": check.pk}


def make_reading(world):
    """Let hub A's finance officer be a reader: whoever has not been asked has no such page."""
    application = make_teacher(world.a, status="shortlisted")
    reader = world.people[FINANCE]
    Reading.objects.create(application=application, position=1, reader=reader, asked_at=factories.AT)
    return {"pk": application.pk}


def make_draft(hub, *, signed=False):
    signature = {
        "status": "signed", "signed_by": factories.UserFactory(), "signed_at": factories.AT, "signed_figures": "x",
    }  # fmt: skip
    project = make_cohort(hub).project
    values = signature if signed else {"status": "draft"}
    return {"pk": factories.RuleSetFactory(project=project, version=2, **values).pk}


def make_override(hub):
    application = RECORDS[Application](hub)
    override = FindingOverride.objects.create(
        application=application, code="x", text="x", reason="x", by=factories.UserFactory(), at=factories.AT
    )
    return {"pk": application.pk, "override": override.pk, "answer": "reject"}


def make_document(hub):
    application = RECORDS[Application](hub)
    Document.objects.create(
        application=application, name="x.pdf", kind="application/pdf", size=1, content=b"x", at=factories.AT
    )
    return {"pk": application.pk}


def make_check(hub):
    application = RECORDS[Application](hub)
    check = EligibilityCheck.objects.create(
        application=application, rule_set=application.project.rule_sets.first(), at=factories.AT, facts={}, findings=[],
        outcome="eligible",
    )  # fmt: skip
    return {"pk": application.pk, "check": check.pk}


def make_message(hub):
    return Message.objects.create(
        key=f"access:{Message.objects.count()}", hub=hub, template="x", reason="x", to="a@hub.example", subject="x",
        text="x", created_at=factories.AT,
    )  # fmt: skip


def make_cohort(hub):
    return hub.cohorts.first() or factories.CohortFactory(hub=hub)


def make_local(hub):
    name = f"own-{hub.pk}-{Programme.objects.count()}"
    made = Programme.objects.create(family=name, slug=name, title="x", summary="x", hub=hub)
    project = factories.ProjectFactory(programme=made, published_at=None)
    factories.RuleSetFactory(project=project, status="draft")
    factories.CohortFactory(project=project, hub=hub)
    return {"family": made.pk}


def make_late_link(hub):
    cohort = make_cohort(hub)
    link = LateLink.objects.create(
        cohort=cohort, hub=hub, school_name="x", contact_name="x", contact_email="x@x.example", reason="x",
        until_on=factories.TODAY, made_by=factories.UserFactory(), made_at=factories.AT,
    )  # fmt: skip
    return {"pk": cohort.pk, "link": link.pk}


def make_school_change(hub):
    school = make_application(hub).school
    return SchoolChange.objects.create(
        school=school, establishment=school.establishment, kind="closed", found_at=factories.AT
    )


def make_advocate(hub):
    person = factories.PersonFactory()
    place = RECORDS[Place](hub)
    Advocate.objects.create(place=place, person=person, role="hod", from_on=factories.TODAY)
    return person


def make_address(hub):
    person = make_advocate(hub)
    number = PersonEmail.objects.count()
    return {"pk": person.pk, "address": PersonEmail.objects.create(person=person, email=f"{number}@x.example").pk}


def make_place_request(hub):
    place = RECORDS[Place](hub)
    return PlaceRequest.objects.create(
        place=place, kind="void", hub=hub, reason="x", by=factories.UserFactory(), at=factories.AT
    )


def make_person_join(hub):
    return PersonJoin.objects.create(
        person=make_advocate(hub),
        into=make_advocate(hub),
        hub=hub,
        reason="x",
        by=factories.UserFactory(),
        at=factories.AT,
    )


RECORDS = {
    Hub: lambda hub: hub,
    HubMembership: lambda hub: factories.HubMembershipFactory(hub=hub),
    User: lambda hub: factories.HubMembershipFactory(hub=hub).user,
    Message: make_message,
    Event: lambda hub: Event.objects.create(
        subject=subject_of(hub), hub=hub, kind="note", actor="Portal", at=factories.AT
    ),
    SpecialistApplication: make_teacher,
    Specialist: lambda hub: specialists.SpecialistFactory(hub=hub),
    Cohort: make_cohort,
    Place: lambda hub: factories.PlaceFactory(cohort=make_cohort(hub), hub=hub),
    Application: make_application,
    Proposal: lambda hub: factories.ProposalFactory(hub=hub),
    School: lambda hub: factories.SchoolFactory(),
    Establishment: lambda hub: factories.EstablishmentFactory(),
    Programme: lambda hub: factories.ProgrammeFactory(),
    Project: lambda hub: make_cohort(hub).project,
    RuleSet: lambda hub: make_cohort(hub).project.rule_sets.first(),
    RegisterImport: lambda hub: RegisterImport.objects.create(
        file_name="x", sha256="x", register_on=factories.TODAY, status="applied", at=factories.AT
    ),
    SchoolChange: make_school_change,
    Person: make_advocate,
    PersonJoin: make_person_join,
    PlaceRequest: make_place_request,
    Interest: lambda hub: Interest.objects.create(
        programme=factories.ProgrammeFactory(),
        hub=hub,
        school_name="x",
        name="x",
        email=f"{hub.pk}@x.example",
        at=factories.AT,
    ),
}
"""How to make a record of each model that the admin shows, at a hub."""

SHARED = {School, Establishment, Programme, Project, RuleSet, RegisterImport}
"""Models whose records every hub sees."""

FIXED: dict[type, set[str]] = {
    Cohort: set(),
    Hub: set(),
    HubMembership: {"change"},
    User: set(),
}
"""What the admin refuses whatever a role gives, where that is not adding and changing at all."""
