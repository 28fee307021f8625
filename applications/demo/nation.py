"""Thirty-eight more hubs and four thousand more schools, with generated names, to see pages at national size."""

import csv
import tempfile
from datetime import date, datetime
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from hubportal.accounts.models import Hub, HubMembership, User
from hubportal.accounts.roles import Role
from programmes.models import HubArea
from programmes.schools.register import import_register

from . import register, staff
from .register import words

SCHOOLS, FIRST_URN = 4_000, 991_001
HUBS = words(
    """
    Alder|Ashdown|Beacon|Birchwood|Bracken|Brightwater|Chalkland|Chiltern Edge|Coalport|Copperfield|Cornerstone|
    Crossways|Curlew|Downland|Eastfen|Fellside|Fosse|Greenway|Harbour|Hawthorn|Heathland|Highmoor|Kestrel|Keystone|
    Lanternside|Longshore|Marches|Meadowsweet|Moorgate|Northgate|Oakfield|Pennine Way|Quarry|Ridgeline|Saltern|
    Sandstone|Tidewater|Vale
    """,
    "|",
)
BEGINNINGS = words(
    """
    Alder Amber Ash Beck Birch Black Brad Bram Brook Carl Castle Chester Clay Cold Dun Elm Fair Farn Fern Fox Glen
    Gold Gran Had Hart Hazel Holl Horn King Lang Lin Mar Mid Mill North Oak Orch Raven Red Rother Rush Sand Shel
    Silver Stan Stock Thorn Timber Up Wal West Whit Wick Willow Wood Wren Yar
    """
)
ENDINGS = words(
    """
    bourne bridge brook bury by cliffe combe croft dale den field ford ham hurst leigh ley mead mere stead ton well
    """
)
SAINTS = words(
    """
    Aidan Alban Anne Bede Benedict Chad Clare Cuthbert David Edmund Francis Hilda James John Joseph Mary Paul
    """
)
PATTERNS = words(
    """
    {place} Academy|{place} High School|{place} School|{place} Community College|The {place} School|
    {place} Girls' School|{place} Grammar School|St {saint}'s Catholic High School|St. {saint}'s RC School|
    {place} and {other} School|Saint {saint}'s Church of England School|{place} College
    """,
    "|",
)
KINDS = {  # type, phase, low and high age: how many of a hundred
    ("34", "4", "11", "18"): 44,
    ("34", "4", "11", "16"): 20,
    ("28", "4", "11", "16"): 14,
    ("1", "4", "11", "16"): 10,
    ("2", "4", "11", "18"): 4,
    ("34", "7", "4", "18"): 3,
    ("34", "5", "9", "13"): 1,
    ("7", "0", "5", "19"): 1,
    ("14", "0", "11", "16"): 1,
    ("40", "4", "14", "19"): 1,
    ("11", "0", "4", "18"): 1,
}


def load_register(*, at: datetime, today: date) -> None:
    """Import the made-up schools of the whole country, those of the two hubs among them. Raises RegisterRefused."""
    rows = [*register.rows(today=today, as_it_was=False), *_rows(today)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made_up_national_register.csv"
        register.write(path, rows)
        import_register(path, register_on=today, at=at)
    register.forget_loading()


def _rows(today: date):
    random = Random(1)
    authorities = read_authorities()
    kinds = random.choices([*KINDS], [*KINDS.values()], k=SCHOOLS)
    for number, (kind, phase, low, high) in enumerate(kinds):
        place, other = (random.choice(BEGINNINGS) + random.choice(ENDINGS) for _ in range(2))
        name = random.choice(PATTERNS).format(place=place, other=other, saint=random.choice(SAINTS))
        authority = random.choice(authorities)
        town = authority | {"town": other, "county": "", "district": authority["la_name"]}
        town["area"] += str(random.randrange(1, 20))
        school = {"urn": str(FIRST_URN + number), "name": name, "town": other, "type": kind, "phase": phase}
        school |= {"low": low, "high": high, "religion": "", "trust": "", "status": "1", "opened": "2012-09-01"}
        yield register.row(school | {"closed": ""}, town, today=today)


def read_authorities() -> list[dict]:
    with open(register.FOLDER / "authorities.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_hubs() -> list[Hub]:
    """Make the hubs, each with its share of the authorities, an administrator and a lead. The register must be in."""
    hubs = Hub.objects.bulk_create(
        Hub(
            name=f"{name} Maths Hub",
            slug=slugify(name),
            contact_email=f"hello@{slugify(name)}-maths-hub.example",
            controller="Department for Education",
            privacy_version="2026-1",
            privacy_text=staff.NOTICE.format(
                hub=f"{name} Maths Hub", lead_school="a school", controller="The Department for Education"
            ),
        )
        for name in HUBS
    )
    codes = [authority["la"] for authority in read_authorities()]
    HubArea.objects.bulk_create(
        HubArea(hub=hubs[number % len(hubs)], local_authority_id=code) for number, code in enumerate(codes)
    )
    _make_people(hubs)
    return hubs


def _make_people(hubs: list[Hub]) -> None:
    secret = make_password(staff.password())
    roles = [(hub, role) for hub in hubs for role in (Role.ADMINISTRATOR, Role.LEAD)]
    users = User.objects.bulk_create(
        User(name=f"{hub.name}'s {role.value}", email=f"{role.value}@{hub.slug}-maths-hub.example", password=secret)
        for hub, role in roles
    )
    HubMembership.objects.bulk_create(
        HubMembership(user=user, hub=hub, role=role) for user, (hub, role) in zip(users, roles, strict=True)
    )
