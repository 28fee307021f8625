"""Who gets what from every address of the portal: one table, which `tests/security/test_access.py` walks.

A new address without a row here fails the tests. A row says the status for each kind of visitor, or one status for
all. Pages of a model in the admin need no row: what they answer follows from the roles, and `RECORDS` says how to make
the model's record at a hub.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from applications.models import Application, EligibilityCheck, FindingOverride, Interest
from hubportal.accounts.models import Hub, HubMembership, User
from hubportal.accounts.roles import Role
from hubportal.history.actions import subject_of
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from programmes.models import (
    Advocate,
    Cohort,
    Establishment,
    Person,
    Place,
    Programme,
    Project,
    RegisterImport,
    RuleSet,
    School,
    SchoolChange,
)
from tests import factories

ANONYMOUS, ADMINISTRATOR, LEAD, FINANCE = "anonymous", "administrator of A", "lead of A", "finance of A"
OTHER, NATIONAL = "lead of B", "national"
OF_A = (ADMINISTRATOR, LEAD, FINANCE)
STAFF = (*OF_A, OTHER, NATIONAL)
EVERYBODY = (ANONYMOUS, *STAFF)


NO_PASSWORD = "!"  # as an invited person has it


@dataclass
class World:
    """Two hubs, A and B, and one visitor of each kind."""

    a: Hub = field(default_factory=factories.HubFactory)
    b: Hub = field(default_factory=factories.HubFactory)
    people: dict[str, User | None] = field(default_factory=dict)

    def __post_init__(self):
        def member(hub, role):
            return factories.HubMembershipFactory(hub=hub, role=role, user__password=NO_PASSWORD).user

        self.people = {
            ANONYMOUS: None,
            ADMINISTRATOR: member(self.a, Role.ADMINISTRATOR),
            LEAD: member(self.a, Role.LEAD),
            FINANCE: member(self.a, Role.FINANCE),
            OTHER: member(self.b, Role.LEAD),
            NATIONAL: factories.UserFactory(is_national=True, password=NO_PASSWORD),
        }


@dataclass(frozen=True)
class Row:
    """What one address answers. `args` makes its arguments, from records of hub A where it shows any."""

    expected: dict[str, int]
    args: Callable[[World], dict] = lambda world: {}
    method: str = "get"


def row(status: int | None = None, args: dict | Callable[[World], dict] | None = None, method: str = "get", **groups):
    """Return a row: one `status` for everybody, then those of the groups named below."""
    members = {
        "anonymous": (ANONYMOUS,), "staff": STAFF, "of_a": OF_A, "deciders": (ADMINISTRATOR, LEAD),
        "finance": (FINANCE,), "other": (OTHER,), "national": (NATIONAL,),
    }  # fmt: skip
    expected = {} if status is None else dict.fromkeys(EVERYBODY, status)
    for group, answer in groups.items():
        expected |= dict.fromkeys(members[group], answer)
    return Row(expected, args if callable(args) else lambda world: args or {}, method)


def signed_in(args=None, staff=200, **more):
    """Anonymous visitors are sent to sign in."""
    return row(anonymous=302, staff=staff, args=args, **more)


def message_of_a(world):
    return RECORDS[Message](world.a)


DEAD, NOBODYS = {"token": "x" * 43}, {"uid": UUID(int=1)}

DRAFT_PAGES = ["tasks", "school", "contact", "head", "advocates", "department", "commitments", "check", "done", "save"]

ACCESS = {
    "home": row(200),
    "privacy": row(200),
    "accessibility": row(200),
    "cookies": row(200),
    "healthz": row(200),
    "readyz": row(200),
    "programmes:list": row(200),
    "programmes:page": row(404, {"slug": "no-such-programme"}),
    # A school has no account: its token or its own browser's draft opens these, and nobody's role does.
    **{f"applications:{name}": row(410, DEAD) for name in ("continue", "manage", "head_confirms")},
    "applications:continue_now": row(405, DEAD),
    **{
        f"applications:manage_{name}": row(410, DEAD)
        for name in ("advocates", "contact", "head", "answer", "offer", "withdraw")
    },
    **{
        f"applications:{name}": row(404, NOBODYS)
        for name in [
            "tasks",
            "school",
            "contact",
            "head",
            "advocates",
            "department",
            "commitments",
            "check",
            "done",
            "save",
        ]
    },
    "applications:confirm_school": row(404, NOBODYS | {"urn": 100_000}),
    "applications:start": row(404, {"slug": "no-such-programme", "year": 2026}),
    "applications:interest": row(404, {"slug": "no-such-programme"}),
    "schools:search": row(200),
    # Deciding on hub A's application.
    "admin:applications_application_do": row(
        args=lambda world: {"pk": _application(world.a, status="eligible").pk, "verb": "decline"},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_application_override": row(
        args=lambda world: _override(world.a),
        method="post",
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_application_check": row(
        args=lambda world: _check(world.a), anonymous=302, staff=200, other=404
    ),
    **{
        f"admin:applications_application_{name}": row(
            args={"verb": "offer"}, method="post", anonymous=302, staff=status, finance=403, national=403
        )
        for name, status in [("bulk", 302), ("bulk_run", 302)]
    },
    # Deciding what a change in the register means for a school that has applied to hub A.
    "admin:programmes_schoolchange_decide": row(
        args=lambda world: {"pk": _school_change(world.a).pk},
        method="post",
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
    ),
    # Saying that a school that has applied to hub A is the same as another.
    "admin:programmes_school_join": row(
        args=lambda world: {"pk": _application(world.a).school_id}, anonymous=302, staff=403, deciders=200
    ),
    # Signing in: staff who are signed in already are sent on.
    "account_login": row(anonymous=200, staff=302),
    "account_request_login_code": row(anonymous=200, staff=302),
    "account_confirm_login_code": row(302),
    "account_signup": row(anonymous=200, staff=302),
    "account_inactive": row(200),
    "account_logout": row(anonymous=302, staff=200),
    "account_reset_password": row(200),
    "account_confirm_password_reset_code": row(302),
    "account_complete_password_reset": row(302),
    "account_password_reset_completed": row(200),
    "mfa_authenticate": row(302),
    "mfa_login_webauthn": row(302),
    # One's own account. Without a password or factor there is nothing to confirm it with.
    "my": signed_in(),
    "account_reauthenticate": signed_in(staff=403),
    "account_change_password": signed_in(staff=302),
    "account_set_password": signed_in(),
    "mfa_index": signed_in(),
    "mfa_reauthenticate": signed_in(staff=403),
    "mfa_activate_totp": signed_in(),
    "mfa_deactivate_totp": signed_in(staff=404),
    "mfa_view_recovery_codes": signed_in(staff=404),
    "mfa_generate_recovery_codes": signed_in(),
    "mfa_download_recovery_codes": signed_in(staff=404),
    "mfa_list_webauthn": signed_in(),
    "mfa_add_webauthn": signed_in(),
    "mfa_reauthenticate_webauthn": signed_in(staff=403),
    "mfa_remove_webauthn": signed_in({"pk": 0}, staff=404),
    "mfa_edit_webauthn": signed_in({"pk": 0}, staff=404),
    "usersessions_list": signed_in(),
    # The admin's own pages.
    "admin:index": signed_in(),
    "admin:login": row(302),
    "admin:logout": signed_in(method="post", staff=302),
    "admin:password_change": signed_in(staff=302),
    "admin:password_change_done": signed_in(),
    "admin:autocomplete": signed_in(staff=403),
    "admin:jsi18n": signed_in(),
    "admin:view_on_site": signed_in({"content_type_id": "0", "object_id": "0"}, staff=404),
    "admin:app_list": signed_in({"app_label": "accounts"}),
    "admin:messaging_message_do": row(
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
        method="post",
        args=lambda world: {"pk": message_of_a(world).pk, "verb": "drop"},
    ),
    "admin:messaging_message_batch": signed_in(staff=302),
    "admin:messaging_message_do_all": signed_in({"verb": "release"}, method="post", staff=302),
}


def _application(hub, **values):
    return factories.ApplicationFactory(cohort=_cohort(hub), hub=hub, **values)


def _override(hub):
    application = RECORDS[Application](hub)
    override = FindingOverride.objects.create(
        application=application, code="x", text="x", reason="x", by=factories.UserFactory(), at=factories.AT
    )
    return {"pk": application.pk, "override": override.pk, "answer": "reject"}


def _check(hub):
    application = RECORDS[Application](hub)
    check = EligibilityCheck.objects.create(
        application=application, rule_set=application.project.rule_sets.first(), at=factories.AT, facts={}, findings=[],
        outcome="eligible",
    )  # fmt: skip
    return {"pk": application.pk, "check": check.pk}


def _message(hub):
    return Message.objects.create(
        key=f"access:{Message.objects.count()}", hub=hub, template="x", reason="x", to="a@hub.example", subject="x",
        text="x", created_at=factories.AT,
    )  # fmt: skip


def _cohort(hub):
    return hub.cohorts.first() or factories.CohortFactory(hub=hub)


def _school_change(hub):
    school = _application(hub).school
    return SchoolChange.objects.create(
        school=school, establishment=school.establishment, kind="closed", found_at=factories.AT
    )


def _advocate(hub):
    person = factories.PersonFactory()
    place = RECORDS[Place](hub)
    Advocate.objects.create(place=place, person=person, role="hod", from_on=factories.TODAY)
    return person


RECORDS = {
    Hub: lambda hub: hub,
    HubMembership: lambda hub: factories.HubMembershipFactory(hub=hub),
    User: lambda hub: factories.HubMembershipFactory(hub=hub).user,
    Message: _message,
    Event: lambda hub: Event.objects.create(
        subject=subject_of(hub), hub=hub, kind="note", actor="Portal", at=factories.AT
    ),
    Cohort: _cohort,
    Place: lambda hub: factories.PlaceFactory(cohort=_cohort(hub), hub=hub),
    Application: _application,
    School: lambda hub: factories.SchoolFactory(),
    Establishment: lambda hub: factories.EstablishmentFactory(),
    Programme: lambda hub: factories.ProgrammeFactory(),
    Project: lambda hub: _cohort(hub).project,
    RuleSet: lambda hub: _cohort(hub).project.rule_sets.first(),
    RegisterImport: lambda hub: RegisterImport.objects.create(
        file_name="x", sha256="x", register_on=factories.TODAY, status="applied", at=factories.AT
    ),
    SchoolChange: _school_change,
    Person: _advocate,
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
