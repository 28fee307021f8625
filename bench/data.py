"""A made-up register in the real extract's format: 52,000 rows, 135 columns, cp1252, CRLF, four spellings of blank.

The same call gives the same bytes on every machine. No school in it exists.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random


def _words(text: str) -> dict[str, list[str]]:
    """Return the lists of a file of [name] headings, words between bars."""
    sections = (section.partition("]") for section in text.split("[")[1:])
    return {name: [word.strip() for word in " ".join(words.split()).split("|")] for name, _, words in sections}


COLUMNS = (Path(__file__).with_name("columns.txt")).read_text().split("\n")[:-1]
ROWS = 52_000
OPEN, SECONDARY, OPEN_SECONDARY = 27_000, 8_300, 4_350

WORDS = _words(Path(__file__).with_name("words.txt").read_text("utf-8"))
TYPES = {  # code: (name, group code, group name)
    "1": ("Community school", "4", "Local authority maintained schools"),
    "2": ("Voluntary aided school", "4", "Local authority maintained schools"),
    "3": ("Voluntary controlled school", "4", "Local authority maintained schools"),
    "5": ("Foundation school", "4", "Local authority maintained schools"),
    "28": ("Academy sponsor led", "10", "Academies"),
    "34": ("Academy converter", "10", "Academies"),
    "35": ("Free schools", "11", "Free Schools"),
    "11": ("Other independent school", "3", "Independent schools"),
    "7": ("Community special school", "5", "Special schools"),
}
STATES = {"1": "Open", "2": "Closed", "3": "Open, but proposed to close", "4": "Proposed to open"}
BLANKS = ("", "Not applicable", "Does not apply", "None")


def rows(count: int = ROWS, *, seed: int = 2026) -> Iterator[dict[str, str]]:
    """Yield `count` rows by column name; of 52,000, some 27,000 are open and 4,350 open secondaries."""
    random = Random(seed)
    places = [first + last for first, last in product(WORDS["beginnings"], WORDS["endings"])]
    random.shuffle(places)
    towns = places[:1_400]
    fixed = {name: random.choice(WORDS["fillers"] + list(BLANKS) + [""] * 40) for name in COLUMNS}
    for n in range(count):
        yield fixed | _row(n, random, places, towns, share=n * ROWS // count)


def _row(n, random, places, towns, *, share):
    # Which kind of row this is goes by its place in a shuffled cycle, so that any count has the same mixture.
    turn = share * 7_919 % ROWS
    is_open, is_secondary = turn < OPEN, turn % OPEN < OPEN_SECONDARY if turn < OPEN else turn % 6 == 0
    status = random.choices("13", (99, 1))[0] if is_open else random.choices("24", (98, 2))[0]
    kind = random.choice(["1", "2", "3", "5", "28", "34", "34", "35"]) if is_secondary else random.choice(list(TYPES))
    authority = 800 + random.randrange(152)
    phase, low, high = ("4", "11", random.choice(("16", "18"))) if is_secondary else ("2", "4", "11")
    if kind == "7":
        phase, low, high = "0", "3", "19"
    type_name, group, group_name = TYPES[kind]
    town = random.choice(towns)
    return {
        "URN": str(100_000 + n * 3 % 800_000 + n % 3),
        "LA (code)": str(authority),
        "LA (name)": f"{places[authority]}shire",
        "EstablishmentNumber": str(1_000 + n % 9_000),
        "EstablishmentName": _name(random, places, is_secondary),
        "TypeOfEstablishment (code)": kind,
        "TypeOfEstablishment (name)": type_name,
        "EstablishmentTypeGroup (code)": group,
        "EstablishmentTypeGroup (name)": group_name,
        "EstablishmentStatus (code)": status,
        "EstablishmentStatus (name)": STATES[status],
        "OpenDate": _day(random, 1950, 2015) if random.random() < 0.6 else "",
        "CloseDate": _day(random, 2016, 2024) if status == "2" else "",
        "PhaseOfEducation (code)": phase,
        "PhaseOfEducation (name)": {"4": "Secondary", "2": "Primary", "0": "Not applicable"}[phase],
        "StatutoryLowAge": low,
        "StatutoryHighAge": high,
        "ReligiousCharacter (name)": random.choice((*BLANKS, "Church of England", "Roman Catholic")),
        "NumberOfPupils": str(random.randrange(80, 1_900)) if is_open else "",
        **_trust(random, group),
        "FurtherEducationType (name)": "Not applicable",
        "Section41Approved (name)": "Not applicable",
        **_address(random, town, places),
    }


def _name(random, places, is_secondary):
    pattern = random.choice(WORDS["secondary_names"] if is_secondary else WORDS["primary_names"])
    place, place2 = random.sample(places, 2)
    saint, other = random.sample(WORDS["saints"], 2)
    return pattern.format(place=place, place2=place2, saint=saint, other=other, person=random.choice(WORDS["people"]))


def _trust(random, group):
    number = random.randrange(1_500)
    if group not in {"10", "11"}:
        return {"Trusts (code)": "", "Trusts (name)": "", "UKPRN": ""}
    return {
        "Trusts (code)": str(2_000 + number),
        "Trusts (name)": f"{WORDS['beginnings'][number % len(WORDS['beginnings'])]} Learning Trust {number}",
        "UKPRN": str(10_000_000 + number),
    }


def _address(random, town, places):
    area = random.choice(WORDS["areas"])
    inward = f"{random.randrange(1, 10)}{''.join(random.sample('ABDEFGHJLNPQRSTUWXYZ', 2))}"
    return {
        "Street": f"{random.randrange(1, 90)} {random.choice(WORDS['streets'])}",
        "Locality": random.choice(places) if random.random() < 0.5 else "",
        "Address3": "",
        "Town": town,
        "County (name)": random.choice(BLANKS),
        "Postcode": f"{area}{random.randrange(1, 30)} {inward}",
        "SchoolWebsite": f"http://www.{town.lower()}-{random.randrange(10_000)}.example.sch.uk/",
        "DistrictAdministrative (name)": town,
        "Easting": str(random.randrange(90_000, 650_000)),
        "Northing": str(random.randrange(10_000, 650_000)),
    }


def _day(random, first, last):
    return (date(first, 9, 1) + timedelta(random.randrange((last - first) * 365))).strftime("%d-%m-%Y")


def renamed(rows: Iterable[dict], *, every: int) -> Iterator[dict]:
    """Yield the rows, each `every`-th with another head count and street, as a day's changes are."""
    for n, row in enumerate(rows):
        yield row | {"NumberOfPupils": "1234", "Street": "1 New Road"} if n % every == 0 else row


def write(path: Path, rows: Iterable[dict], *, columns=COLUMNS, encoding="cp1252") -> Path:
    """Write the rows as the register is published: every cell quoted, CRLF."""
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
