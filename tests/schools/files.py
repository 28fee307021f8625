"""Small registers in the real format, made for a test."""

import csv

from bench.data import COLUMNS

USED = (
    "URN|LA (code)|LA (name)|EstablishmentNumber|EstablishmentName|TypeOfEstablishment (code)|"
    "TypeOfEstablishment (name)|EstablishmentTypeGroup (code)|EstablishmentTypeGroup (name)|"
    "EstablishmentStatus (code)|EstablishmentStatus (name)|OpenDate|CloseDate|PhaseOfEducation (code)|"
    "PhaseOfEducation (name)|StatutoryLowAge|StatutoryHighAge|ReligiousCharacter (name)|Street|Locality|Address3|"
    "Town|County (name)|Postcode|SchoolWebsite|DistrictAdministrative (name)|AdministrativeWard (name)|Easting|Northing"
)
COLUMNS_29 = USED.split("|")
COLUMNS_135 = COLUMNS
COLUMNS_139 = [
    *COLUMNS,
    "OfstedLastInsp",
    "OfstedSpecialMeasures (code)",
    "OfstedSpecialMeasures (name)",
    "OfstedRating (name)",
]
LINK_COLUMNS = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]


def row(urn, name=None, **cells):
    """Return an open community secondary; `cells` name columns by our words, see NAMES, or by the register's."""
    values = {
        "URN": urn,
        "LA (code)": "881",
        "LA (name)": "Essex",
        "EstablishmentName": name or f"School {urn}",
        "TypeOfEstablishment (code)": "1",
        "TypeOfEstablishment (name)": "Community school",
        "EstablishmentTypeGroup (code)": "4",
        "EstablishmentTypeGroup (name)": "Local authority maintained schools",
        "EstablishmentStatus (code)": "1",
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (code)": "4",
        "PhaseOfEducation (name)": "Secondary",
        "StatutoryLowAge": "11",
        "StatutoryHighAge": "16",
        "Town": "Colchester",
        "Postcode": "CO1 1AA",
    }
    return values | {NAMES.get(key, key): value for key, value in cells.items()}


NAMES = {
    "status": "EstablishmentStatus (code)",
    "opened": "OpenDate",
    "closed": "CloseDate",
    "type": "TypeOfEstablishment (code)",
    "type_name": "TypeOfEstablishment (name)",
    "phase": "PhaseOfEducation (code)",
    "town": "Town",
    "postcode": "Postcode",
    "pupils": "NumberOfPupils",
}


def rows(count, start=100_000):
    return [row(start + n) for n in range(count)]


def write(path, rows, *, columns=COLUMNS_29, encoding="cp1252", end="\r\n"):
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
    return path


def links(path, *rows):
    """Write a links file of (URN, LinkURN, LinkType) rows, as the register has it: “LinkURN is my LinkType”."""
    names = [
        dict(zip(LINK_COLUMNS, (urn, to, f"School {to}", kind, "01-09-2025"), strict=True)) for urn, to, kind in rows
    ]
    return write(path, names, columns=LINK_COLUMNS)
