"""The demo's register: made-up schools in the format of the real one (cp1252, CRLF, its column names)."""

import csv
import tempfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from programmes.models import RegisterImport
from programmes.schools.register import import_register

FOLDER = Path(__file__).parent


def words(text: str, between: str | None = None) -> list[str]:
    """Return the pieces of a text that is broken into lines for whoever reads it here."""
    return [piece.strip() for piece in text.split(between) if piece.strip()]


COLUMNS = words(
    """
    URN|LA (code)|LA (name)|EstablishmentNumber|EstablishmentName|TypeOfEstablishment (code)|
    TypeOfEstablishment (name)|EstablishmentTypeGroup (code)|EstablishmentTypeGroup (name)|
    EstablishmentStatus (code)|EstablishmentStatus (name)|OpenDate|CloseDate|PhaseOfEducation (code)|
    PhaseOfEducation (name)|StatutoryLowAge|StatutoryHighAge|ReligiousCharacter (name)|Street|Locality|Address3|
    Town|County (name)|Postcode|SchoolWebsite|DistrictAdministrative (name)|AdministrativeWard (name)|Easting|
    Northing|Trusts (code)|Trusts (name)|NumberOfPupils|FurtherEducationType (name)|Section41Approved (name)
    """,
    "|",
)
MAINTAINED, COLLEGES = ("4", "Local authority maintained schools"), ("1", "Colleges")
SPECIAL, INDEPENDENT = ("5", "Special schools"), ("3", "Independent schools")
ACADEMIES, FREE = ("10", "Academies"), ("11", "Free Schools")
TYPES = {
    "1": ("Community school", MAINTAINED),
    "2": ("Voluntary aided school", MAINTAINED),
    "3": ("Voluntary controlled school", MAINTAINED),
    "5": ("Foundation school", MAINTAINED),
    "7": ("Community special school", SPECIAL),
    "10": ("Other independent special school", INDEPENDENT),
    "11": ("Other independent school", INDEPENDENT),
    "12": ("Foundation special school", SPECIAL),
    "14": ("Pupil referral unit", MAINTAINED),
    "18": ("Further education", COLLEGES),
    "28": ("Academy sponsor led", ACADEMIES),
    "34": ("Academy converter", ACADEMIES),
    "35": ("Free schools", FREE),
    "36": ("Free schools special", FREE),
    "40": ("University technical college", FREE),
    "41": ("Studio schools", FREE),
    "42": ("Academy alternative provision converter", ACADEMIES),
    "44": ("Academy special converter", ACADEMIES),
    "45": ("Academy 16-19 converter", ACADEMIES),
}
STATES = {"1": "Open", "2": "Closed", "3": "Open, but proposed to close", "4": "Proposed to open"}
PHASES = {
    "0": "Not applicable",
    "2": "Primary",
    "3": "Middle deemed primary",
    "4": "Secondary",
    "5": "Middle deemed secondary",
    "6": "16 plus",
    "7": "All-through",
}
# “LinkURN is my LinkType”. Three and no more: so few may vanish when the real register is loaded over the demo.
LINKS = [
    ("990024", "990025", "Marshland School", "Successor"),
    ("990026", "990027", "North Creek Academy", "Successor - Split School"),
    ("990026", "990028", "South Creek Academy", "Successor - Split School"),
]
STREETS = words(
    """
    School Lane|Mill Road|Church Street|The Avenue|Queen's Drive|Station Road|Park Lane|Priory Walk
    """,
    "|",
)
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # of the second half of a postcode


def load(*, at: datetime, today: date, on: date, as_it_was: bool) -> None:
    """Import the demo's register of day `on`, through the same door as the real one.

    `as_it_was` leaves out what has changed since: schools that have closed, been renamed or opened. Closing and
    opening days are told from `today`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, links_path = Path(folder) / "made_up_register.csv", Path(folder) / "made_up_links.csv"
        write(path, rows(today=today, as_it_was=as_it_was))
        _write_links(links_path, on)
        import_register(path, links_path=None if as_it_was else links_path, register_on=on, at=at)


def forget_loading() -> None:
    """Drop the records of these loads: a real register, which may be older than they, must not be refused for them."""
    RegisterImport.objects.filter(file_name__startswith="made_up_").delete()


def read(name: str) -> list[dict]:
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(*, today: date, as_it_was: bool) -> list[dict]:
    towns = {town["town"]: town for town in read("towns.csv")}
    schools = read("schools.csv")
    if as_it_was:
        schools = [_before(school) for school in schools if school["before"] != "absent"]
    return [row(school, towns[school["town"]], today=today) for school in schools]


def _before(school: dict) -> dict:
    if school["before"] == "open":
        return school | {"status": "1", "closed": ""}
    return school | {"name": school["before"] or school["name"]}


def row(school: dict, town: dict, *, today: date) -> dict:
    """Return a school as a row of the register. What the table leaves open follows from its URN."""
    random = Random(int(school["urn"]))
    type_name, (group, group_name) = TYPES[school["type"]]
    return {
        "URN": school["urn"],
        "EstablishmentNumber": str(4000 + int(school["urn"]) % 1000),
        "EstablishmentName": school["name"],
        "TypeOfEstablishment (code)": school["type"],
        "TypeOfEstablishment (name)": type_name,
        "EstablishmentTypeGroup (code)": group,
        "EstablishmentTypeGroup (name)": group_name,
        "EstablishmentStatus (code)": school["status"],
        "EstablishmentStatus (name)": STATES[school["status"]],
        "OpenDate": _day(school["opened"], today),
        "CloseDate": _day(school["closed"], today),
        "PhaseOfEducation (code)": school["phase"],
        "PhaseOfEducation (name)": PHASES[school["phase"]],
        "StatutoryLowAge": school["low"],
        "StatutoryHighAge": school["high"],
        "ReligiousCharacter (name)": school["religion"] or "Does not apply",
        "SchoolWebsite": f"www.{domain(school['name'], school['town'])}",
        "Trusts (code)": str(9000 + len(school["trust"])) if school["trust"] else "",
        "Trusts (name)": school["trust"],
        "NumberOfPupils": str(random.randrange(60, 140) if school["phase"] in "02" else random.randrange(420, 1680)),
        "FurtherEducationType (name)": "Sixth form college (general)" if school["type"] == "18" else "Not applicable",
        "Section41Approved (name)": "Approved" if school["type"] == "10" else "Not applicable",
        **_address(town, random),
    }


def _address(town: dict, random: Random) -> dict:
    inward = f"{random.randrange(1, 10)}{random.choice(LETTERS)}{random.choice(LETTERS)}"
    return {
        "LA (code)": town["la"],
        "LA (name)": town["la_name"],
        "Street": f"{random.randrange(1, 120)} {random.choice(STREETS)}",
        "Town": town["town"],
        "County (name)": town["county"],
        "Postcode": f"{town['area']} {inward}",
        "DistrictAdministrative (name)": town["district"],
        "Easting": str(int(town["easting"]) + random.randrange(-2500, 2500)),
        "Northing": str(int(town["northing"]) + random.randrange(-2500, 2500)),
    }


def domain(name: str, town: str) -> str:
    """Return the made-up internet name of a school; .example belongs to nobody."""
    kept = "".join(letter for letter in f"{name} {town}".lower() if letter in "abcdefghijklmnopqrstuvwxyz0123456789 ")
    return f"{'-'.join(kept.split())[:48].strip('-')}.example"


def _day(text: str, today: date) -> str:
    """Return the register's date of an ISO date, or of days from today such as +280."""
    if not text:
        return ""
    on = today + timedelta(int(text)) if text[0] in "+-" else date.fromisoformat(text)
    return f"{on:%d-%m-%Y}"


def write(path: Path, lines: Iterable[dict]) -> None:
    with open(path, "w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(lines)


def _write_links(path: Path, on: date) -> None:
    with open(path, "w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"])
        writer.writerows([*link, f"{on:%d-%m-%Y}"] for link in LINKS)
