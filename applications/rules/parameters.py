"""The rules of `RULES` as people read and change them: a sentence for each, and a schema of its parameters.

A new rule gets a row in SCHEMAS. Without one it still shows, by its label and its parameters' names.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ROLES = {
    "hod": "head of department",
    "second": "second in department",
    "ks3_lead": "Key Stage 3 lead",
    "ks45_lead": "Key Stage 4 or 5 lead",
    "lead_practitioner": "lead practitioner",
    "teacher": "teacher of mathematics",
    "slt": "senior leader",
    "other": "another role",
}
PHASES = {
    0: "no phase", 1: "nursery", 2: "primary", 3: "middle (as primary)", 4: "secondary",
    5: "middle (as secondary)", 6: "16 plus", 7: "all-through",
}  # fmt: skip
TYPES = {
    1: "community school", 2: "voluntary aided school", 3: "voluntary controlled school", 5: "foundation school",
    6: "city technology college", 7: "community special school", 8: "non-maintained special school",
    10: "other independent special school", 11: "other independent school", 12: "foundation special school",
    14: "pupil referral unit", 15: "local authority nursery school", 18: "further education", 24: "secure unit",
    25: "offshore school", 26: "service children's education", 27: "miscellaneous", 28: "sponsored academy",
    29: "higher education", 30: "Welsh establishment", 31: "sixth form centre", 32: "special post-16 institution",
    33: "sponsored special academy", 34: "academy converter", 35: "free school", 36: "special free school",
    37: "British school overseas", 38: "alternative provision free school", 39: "16 to 19 free school",
    40: "university technical college", 41: "studio school", 42: "alternative provision academy converter",
    43: "sponsored alternative provision academy", 44: "special academy converter", 45: "16 to 19 academy converter",
    46: "sponsored 16 to 19 academy", 47: "children's centre", 48: "children's centre linked site",
    49: "online provider", 56: "institution funded by another department", 57: "secure 16 to 19 academy",
}  # fmt: skip
"""The register's codes (DOMAIN: GIAS types of establishment), in words."""
RESULTS = {"eligible": "Can take part", "refer": "A person looks at it", "ineligible": "Cannot take part"}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a rule. Kinds: number, yes_no, roles, family, families, table, text."""

    name: str
    kind: str
    label: str
    required: bool = True
    least: int = 0
    most: int = 100
    help: str = ""


@dataclass(frozen=True)
class Schema:
    """What a rule says in words, given its row, and its parameters. `about` school, or the teacher who applies."""

    sentence: Callable[[dict], str]
    parameters: tuple[Parameter, ...] = ()
    about: str = "school"


def listed(words: list[str], last: str = "or") -> str:
    """Return “a, b or c”."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def programme(family: str) -> str:
    """Return “Development” for “sec-development”."""
    return family.removeprefix("sec-").replace("-", " ").capitalize()


def _roles(codes: list[str]) -> str:
    return listed([ROLES.get(code, code) for code in codes])


def _advocates(row: dict) -> str:
    nearest = f"; if the nearest is {_roles(row['similar'])}, a person looks at it" if row["similar"] else ""
    return (
        f"The school names {row['count']} Mastery Advocates, at once or later. At least one is "
        f"{_roles(row['leading'])}{nearest}."
    )


def _qualified(row: dict) -> str:
    asked = ["has qualified teacher status (QTS)"] if row.get("qts", True) else []
    if row.get("min_years") is not None:
        asked.append(f"has taught for at least {row['min_years']} years")
    if row.get("not_ect"):
        asked.append("is not an early career teacher")
    return f"The teacher {listed(asked, 'and')}." if asked else "Any teacher can apply."


def _supports(row: dict) -> str:
    launch = ", a senior leader comes to the launch" if row.get("launch", True) else ""
    return f"The head supports {row['days']} days of release in year 1{launch} and the department works on it."


def _earlier(row: dict) -> str:
    families = listed([programme(each) for each in row["families"]])
    return (
        f"The school took part in {families} in an earlier year, or its department has a Mastery Specialist of cohorts "
        f"1 to {row['specialist_cohort_max']}. What our records do not prove, a person looks at."
    )


def _completed(row: dict) -> str:
    years = row["years_ago"]
    before = "in the year before" if years == 1 else f"{years} years before"
    return f"The school completed {programme(row['family'])} {before}."


def says(sentence: str) -> Callable[[dict], str]:
    """Return what gives a sentence with the row's own values in it."""
    return lambda row: sentence.format_map(row)


FAMILY = Parameter("family", "family", "Programme")
SCHEMAS = {
    "state_funded_secondary": Schema(
        says("The school is a state-funded secondary school. The first row of the table that fits the school decides:"),
        (Parameter("table", "table", "Table of school types"),),
    ),
    "key_stage_3": Schema(
        says("A school whose youngest pupils are older than {above_low_age} is told that the work starts with Key "
             "Stage 3."),
        (Parameter("above_low_age", "number", "Youngest pupils' age up to which nothing is said", most=19),),
    ),
    "open_or_opening": Schema(says("The school is open, or opens before the year begins.")),
    "advocates": Schema(
        _advocates,
        (
            Parameter("count", "number", "Number of Mastery Advocates", least=1, most=10),
            Parameter("leading", "roles", "Roles of which at least one is needed"),
            Parameter("similar", "roles", "Similar roles, at which a person looks", required=False),
        ),
    ),
    "commitments_made": Schema(says("The school makes every commitment below.")),
    "not_already_in": Schema(
        lambda row: f"The school is not in {programme(row['family'])} already and has not completed it. One that left "
        "half-way is looked at by a person.",
        (FAMILY,),
    ),
    "within_hub_area": Schema(says("A school outside the hub's usual area is told so; it can apply all the same.")),
    "window_open": Schema(says("The form was sent while applications were open.")),
    "head_confirmed": Schema(says("The headteacher, or somebody who can accept for the school, has confirmed.")),
    "took_part_or_specialist": Schema(
        _earlier,
        (
            Parameter("families", "families", "Programmes of earlier years that count"),
            Parameter("specialist_cohort_max", "number", "Newest cohort of specialists that counts", least=1),
        ),
    ),
    "completed_before": Schema(
        _completed, (FAMILY, Parameter("years_ago", "number", "How many years before", least=1, most=20))
    ),
    "joined_with": Schema(
        lambda row: f"The school has a place in {programme(row['family'])} in the same year.", (FAMILY,)
    ),
    "foci_ranked": Schema(says("The school puts the foci that the hub runs in its order.")),
    "lead_participants": Schema(
        says("{count} people lead for the school; their names may come later. Colleagues can join single sessions."),
        (Parameter("count", "number", "Number of lead participants", least=1, most=10),),
    ),
    "plan_given": Schema(says("The department gives its development plan, or says that it is to come.")),
    "teacher_qualified": Schema(
        _qualified,
        (
            Parameter("qts", "yes_no", "Asks for qualified teacher status (QTS)", required=False),
            Parameter("min_years", "number", "Years of teaching, at least (empty: not asked)", required=False, most=40),
            Parameter("not_ect", "yes_no", "Bars early career teachers", required=False),
        ),
        "teacher",
    ),
    "not_a_specialist_already": Schema(says("The teacher is not a Mastery Specialist already."), about="teacher"),
    "teacher_not_head": Schema(says("Somebody else than the teacher answers for the school."), about="teacher"),
    "head_supports": Schema(
        _supports,
        (
            Parameter("days", "number", "Days of release in year 1", least=1),
            Parameter("launch", "yes_no", "Asks who comes to the launch from the school's leadership", required=False),
        ),
        "teacher",
    ),
}  # fmt: skip


def schema_of(name: str, rule: Callable | None = None) -> Schema:
    """Return the schema of a rule; for one without a row in SCHEMAS, what its signature gives."""
    if name in SCHEMAS:
        return SCHEMAS[name]
    words = name.replace("_", " ").capitalize()
    return Schema(lambda row: _plainly(words, row), tuple(_guessed(rule)) if rule else ())


def in_words(row: dict, rule: Callable | None = None) -> str:
    """Return a row of a rule set as a sentence, also one that lacks a parameter or names no rule that there is."""
    name = str(row.get("rule", ""))
    try:
        return schema_of(name, rule).sentence(row)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError):
        return _plainly(name.replace("_", " ").capitalize() or "A rule without a name", row)


def _plainly(words: str, row: dict) -> str:
    given = [f"{name.replace('_', ' ')} {value}" for name, value in row.items() if name not in {"rule", "when"}]
    return f"{words}{': ' if given else ''}{'; '.join(given)}."


KINDS = {int: "number", bool: "yes_no", str: "text"}


def _guessed(rule: Callable) -> Iterator[Parameter]:
    for each in list(inspect.signature(rule).parameters.values())[1:]:
        needed = each.default is inspect.Parameter.empty
        kind = KINDS.get(each.annotation, "text")
        yield Parameter(each.name, kind, each.name.replace("_", " ").capitalize(), required=needed)


def table_row(row: dict) -> str:
    """Return whom a row of the table of school types is about, in words."""
    parts = [", ".join(TYPES.get(code, f"type {code}") for code in row["types"])] if row.get("types") else []
    if row.get("phases"):
        parts.append("phase: " + ", ".join(PHASES.get(code, str(code)) for code in row["phases"]))
    if "above_age" in row:
        parts.append(f"with pupils older than {row['above_age']}")
    if "section_41" in row:
        parts.append("approved under section 41" if row["section_41"] else "not approved under section 41")
    words = "; ".join(parts) or "any other school"
    return words[0].upper() + words[1:]
