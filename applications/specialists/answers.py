"""What a teacher said, as rows of a summary list: for their own check, for their page and for staff."""

from datetime import date

from hubportal.templatetags.hub import day, short_day

from .forms import EARLIER_ROLES, KEY_STAGES
from .models import SpecialistApplication

TO_BE_SET = "The dates are to be set"


def central_days(terms: dict) -> list[tuple[str, str]]:
    """Return each central day as (ISO date, words), from the rules' terms; empty while none is set."""
    rows = terms.get("central_days") or []
    rows = rows if isinstance(rows, list) else []
    return [(str(row["on"]), f"{day(_date(row['on']))}: {row['title']}") for row in rows]


def _date(on) -> date:
    return on if isinstance(on, date) else date.fromisoformat(on)


def answers_of(application: SpecialistApplication) -> list[dict]:
    """Return every answer with its page, in the order of the form."""
    a = application
    rows = [
        ("school", "School", f"{a.school.name}, URN {a.school.urn}" if a.school else ""),
        ("school", "Maths Hub", a.hub.name if a.hub else ""),
        ("about", "Your name", a.name),
        ("about", "Previous names", a.former_names),
        ("about", "E-mail address", a.email),
        ("about", "Teacher reference number", a.trn),
        ("about", "Role", a.get_role_display()),
        ("about", "Key stages", _chosen(KEY_STAGES, a.key_stages)),
        ("experience", "Qualified teacher status", _qts(a)),
        ("experience", "Full years of teaching", "" if a.years_teaching is None else str(a.years_teaching)),
        ("experience", "Early career teacher", _yes_no(a.is_ect)),
        ("experience", "Work with a Maths Hub before", _earlier(a.answers)),
        ("statements", "Your own classroom", a.answers.get("own_practice", "")),
        ("statements", "Leading others", a.answers.get("leading", "")),
        ("statements", "Your department", a.answers.get("department", "")),
        ("statements", "Other schools", a.answers.get("other_schools", "")),
        ("dates", "Days of the first year", _dates(a.answers.get("dates") or {})),
        ("head_page", "Who answers for the school", f"{a.head_name}, {a.head_email}" if a.head_name else ""),
        ("head_page", "You are the headteacher", "Yes" if a.is_head else "No"),
    ]
    return [{"page": f"specialists:{page}", "key": key, "value": value} for page, key, value in rows]


def _chosen(choices: list[tuple[str, str]], values: list[str]) -> str:
    return ", ".join(label for value, label in choices if value in values)


def _yes_no(value: bool | None) -> str:
    return {True: "Yes", False: "No"}.get(value, "")


def _qts(application: SpecialistApplication) -> str:
    awarded = f", awarded on {short_day(application.qts_on)}" if application.qts_on else ""
    return _yes_no(application.qts) + awarded


def _earlier(answers: dict) -> str:
    return "\n".join(
        filter(None, [_chosen(EARLIER_ROLES, answers.get("earlier_roles", [])), answers.get("earlier_words")])
    )


def _dates(dates: dict) -> str:
    if "can_come" in dates:
        days = ", ".join(short_day(date.fromisoformat(on)) for on in dates["can_come"]) or "None of them"
        said = f"Can come on: {days}"
    else:
        said = TO_BE_SET
    return "\n".join(filter(None, [said, dates.get("words", "")]))
