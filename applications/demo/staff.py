"""The demo's hubs, and the people who sign in. Their password is no secret, so it never reaches a public address."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.text import slugify

from hubportal.accounts.models import Hub, HubMembership, User
from hubportal.accounts.roles import Role
from programmes.models import Cohort, HubArea, LocalAuthority, Project

from .story import Here, World

PASSWORD = "demo-password-2026"  # unless DEMO_PASSWORD is set
FAMILY = "sec-development"
NATIONAL = ("Harriet Oduya", "harriet.oduya@national.example")
OPENED_DAYS_AGO, CLOSES_IN_DAYS = 60, 90
PAST_YEAR, THIS_YEAR = 2024, 2026
PAST = {"opens_on": "2024-02-05", "closes_on": "2024-05-31"}
HUBS = {
    "estuary": {
        "name": "Estuary Maths Hub",
        "areas": ["881", "882", "883"],
        "capacity": 9,
        "phone": "01632 960114",  # numbers that Ofcom keeps for fiction
        "controller": "Department for Education",
        "lead_school": "Saltmarsh High School",
        "people": {
            Role.ADMINISTRATOR: "Ade Bamidele",
            Role.LEAD: "Frances Tilbury",
            Role.FINANCE: "Gwen Prosser",
        },
    },
    "three-rivers": {
        "name": "Three Rivers Maths Hub",
        "areas": ["815", "816", "383", "384"],
        "capacity": 6,
        "phone": "01632 960175",
        "controller": "Minster Fields School",
        "lead_school": "Minster Fields School",
        "people": {
            Role.ADMINISTRATOR: "Bilal Sharif",
            Role.LEAD: "Imogen Thwaite",
            Role.FINANCE: "Tomasz Wrona",
        },
    },
}
NOTICE = """We are {hub}, led by {lead_school}. {controller} is the data controller of what you tell us here.

We use the names, work addresses and roles of people in schools to run the programme that the school applied
for: to check that it can take part, to decide on places, to arrange meetings and visits, and to pay the
school its grant. The lawful basis is our public task (UK GDPR, article 6(1)(e)).

We share it with the Department for Education, the NCETM, other hubs' lead schools and the evaluators of the
programme, and with nobody else. We keep it as long as the rules on public money ask, and the details of
schools that were not offered a place for one year. This is a made-up notice of a made-up hub."""


def password() -> str:
    return settings.DEMO_PASSWORD or PASSWORD


def make_staff(world: World) -> None:
    """Make the hubs with their areas and people. The register must be in: areas are its local authorities."""
    secret = make_password(password())
    User.objects.create(name=NATIONAL[0], email=NATIONAL[1], is_national=True, password=secret)
    for slug, row in HUBS.items():
        hub = _make_hub(slug, row)
        for role, name in row["people"].items():
            user = User.objects.create(name=name, email=address(name, slug), password=secret)
            HubMembership.objects.create(user=user, hub=hub, role=role)


def _make_hub(slug: str, row: dict) -> Hub:
    hub = Hub.objects.create(
        name=row["name"],
        slug=slug,
        contact_email=f"hello@{slug}-maths-hub.example",
        contact_phone=row["phone"],
        controller=row["controller"],
        privacy_version="2026-1",
        privacy_text=_notice(row),
    )
    for code in row["areas"]:
        HubArea.objects.create(hub=hub, local_authority=LocalAuthority.objects.get(code=code))
    return hub


def _notice(row: dict) -> str:
    """Return the notice with one line a paragraph."""
    text = NOTICE.format(hub=row["name"], lead_school=row["lead_school"], controller=row["controller"])
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def address(name: str, slug: str) -> str:
    return f"{slugify(name).replace('-', '.')}@{slug}-maths-hub.example"


def make_cohort(world: World, slug: str, *, past: bool = False) -> Here:
    """Make the hub's run of Development: of 2024/25, which is over, or the newest, which takes applications."""
    hub, row = Hub.objects.get(slug=slug), HUBS[slug]
    projects = Project.objects.filter(programme=FAMILY, year__in=[PAST_YEAR, THIS_YEAR]).order_by("year")
    project = projects.select_related("programme").first() if past else projects.select_related("programme").last()
    opens_on, closes_on = world.today - timedelta(OPENED_DAYS_AGO), world.today + timedelta(CLOSES_IN_DAYS)
    window = PAST if past else {"opens_on": opens_on, "closes_on": closes_on}
    people = {member.role: member.user for member in hub.memberships.select_related("user")}
    administrator = people[Role.ADMINISTRATOR]
    cohort = Cohort.objects.create(
        hub=hub,
        project=project,
        capacity=row["capacity"],
        contact_name=administrator.name,
        contact_email=hub.contact_email,
        **window,
    )
    return Here(world, cohort, administrator, people[Role.LEAD])


def emails() -> set[str]:
    """Return the addresses of everybody in the demo who signs in."""
    return {NATIONAL[1]} | {address(name, slug) for slug, row in HUBS.items() for name in row["people"].values()}


def sign_ins() -> list[str]:
    """Return a line for each person: role, hub, address and password."""
    hashes = dict(User.objects.filter(email__in=emails()).values_list("email", "password"))
    # Not User.check_password: it may write a stronger hash, and this only says what holds.
    holds = {kept: check_password(password(), kept) for kept in set(hashes.values())}
    rows = [("National team", "all hubs", NATIONAL[1])]
    for slug, row in HUBS.items():
        rows += [(role.label, row["name"], address(name, slug)) for role, name in row["people"].items()]
    said = {True: password(), False: "(password has been changed)", None: "(no account any more)"}
    return [f"{role:<18} {hub:<23} {email:<48} {said[holds.get(hashes.get(email))]}" for role, hub, email in rows]
