"""Words for what the catalogue says in short: what comes next, and where a programme stands in a school's journey."""

from .models import Programme

ENDS = {
    "completed": "completed it",
    "part_completed": "completed it in part",
    "active": "taken part",
}
"""What a school has done, by the status of its place."""

JOURNEY, TEACHERS, LOCAL, MORE = "journey", "teachers", "local", "more"
HEADINGS = {
    JOURNEY: (1, "A school's journey", "One department, over the years: each step leads to the next."),
    TEACHERS: (2, "For single teachers", "A teacher applies, with the headteacher's support."),
    MORE: (3, "More programmes", ""),
    LOCAL: (4, "Programmes of one hub", "Made by a Maths Hub for the schools that it serves."),
}


def group_of(programme: Programme) -> tuple[int, str, str]:
    """Return where the list of programmes puts one: its order, heading and a sentence."""
    if programme.hub_id:
        return HEADINGS[LOCAL]
    if programme.entry == Programme.Entry.TEACHER:
        return HEADINGS[TEACHERS]
    return HEADINGS[MORE if programme.phase is None else JOURNEY]


def next_in_words(next_phases: list[dict]) -> list[dict]:
    """Return each step that may follow: the programme, the one that goes with it, and a sentence on when."""
    families = {name for row in next_phases for name in (row["family"], row.get("with")) if name}
    programmes = {each.family: each for each in Programme.objects.filter(family__in=families)}
    return [
        {"programme": programmes[row["family"]], "with": programmes.get(row.get("with")), "when": _when(row)}
        for row in next_phases
        if row["family"] in programmes
    ]


def _when(row: dict) -> str:
    years = row.get("years_later", 1)
    ends = row.get("after", [])
    after = ENDS["active"] if "active" in ends else " or ".join(ENDS[status] for status in ends if status in ENDS)
    if row.get("or_more"):
        how = "in any later year, also after a break" if years == 1 else f"from year {years + 1} on"
    else:
        how = "in the year just after" if years == 1 else f"{years} years later"
    return f"{how}, for schools that have {after}" if after else how
