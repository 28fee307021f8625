"""The facts of a formal check in plain words, in the order in which a person asks for them."""

from collections.abc import Iterator

from hubportal.templatetags.hub import iso_day

LABELS = {
    "applied_on": "Sent on",
    "today": "Checked on",
    "opens_on": "Applications open on",
    "closes_on": "Applications close on",
    "recruiting": "Applications are taken",
    "places_left": "Places left",
    "year": "Academic year that begins in",
    "hub_name": "Hub",
    "hub_areas": "Local authorities of the hub, by code",
    "moved_here": "Moved here from another hub or year",
    "late_allowed": "Let in late",
    "head": "Headteacher's answer",
    "advocate_titles": "Mastery Advocates named",
    "advocate_roles": "Their roles, by code",
    "taken_part": "Taken part before",
    "route": "The department says that it comes by",
    "route_year": "Took part last in the year that begins in",
    "route_cohort": "Its specialist's cohort, as it says",
    "specialist_cohorts": "Specialists at the school, by cohort",
    "foci_ranked": "Foci in its order, by letter",
    "foci_full": "Foci that are full, by letter",
    "plan": "Development plan",
    "before_sending": "Before it was sent",
    "applied_as": "Applied under another URN",
    "school: name": "School",
    "school: urn": "URN",
    "school: type_name": "Type of school",
    "school: type_code": "Type of school, by code",
    "school: phase_name": "Phase",
    "school: phase": "Phase, by code",
    "school: status": "Status in the register, by code",
    "school: low_age": "Lowest age",
    "school: high_age": "Highest age",
    "school: opened_on": "Opened on",
    "school: closed_on": "Closed on",
    "school: successor": "Successor",
    "school: section_41": "Approved under section 41",
    "school: local_authority_name": "Local authority",
    "school: local_authority": "Local authority, by code",
    "school: seen_on": "Register of",
    "commitments_made": "Commitments ticked, by name",
}
"""What each fact is called. One that is not here is shown last, under its own name."""


def in_words(facts: dict) -> list[tuple[str, str]]:
    """Return label and value of every fact that was kept."""
    kept = dict(_spelt_out(facts))
    order = [name for name in LABELS if name in kept] + [name for name in kept if name not in LABELS]
    return [(_label(name), kept[name]) for name in order]


def _spelt_out(facts: dict, under: str = "") -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if isinstance(value, dict) and value:
            yield from _spelt_out(value, f"{under}{name}: ")
        else:
            yield f"{under}{name}", _value(value)


def _value(value) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        rows = [", ".join(str(each) for each in row.values()) if isinstance(row, dict) else str(row) for row in value]
        return "; ".join(rows) or "None"
    return "Not known" if value in (None, "") else str(iso_day(value))


def _label(name: str) -> str:
    words = LABELS.get(name) or name.replace("commitments_asked: ", "Commitment asked for: ").replace(
        "foci_run: ", "Focus run, "
    ).replace("_", " ")
    return words[:1].upper() + words[1:]
