"""What a school has said on each page of its form, as rows for the pages that show it."""

from collections.abc import Iterator

from hubportal.clock import year_label

from .models import Application, Document
from .signup_forms import MembersForm, PlanForm, RouteForm

Row = dict[str, str]


def said_in(application: Application) -> list[Row]:
    """Return key, value, hint and page of what was said beyond school and people, in the order of the pages."""
    return [
        {"page": page, "key": key, "value": str(value), "hint": hint}
        for page, rows in ROWS.items()
        for key, value, hint in rows(application)
        if value not in (None, "")
    ]


def _route(application: Application) -> Iterator[tuple]:
    said = application.answers
    if "route" in said:
        year = f"In {year_label(said['route_year'])}, the last time" if said.get("route_year") else ""
        cohort = f"Of cohort {said['route_cohort']}" if said.get("route_cohort") else ""
        yield "How your department comes to this", dict(RouteForm.ROUTES)[said["route"]], year or cohort


def _foci(application: Application) -> Iterator[tuple]:
    titles = application.answers.get("foci_titles", [])
    if titles:
        lines = [f"{n}. {title}" for n, title in enumerate(titles, start=1)]
        yield ("Focus" if len(titles) == 1 else "Foci, in your order"), "\n".join(lines), ""


def _department(application: Application) -> Iterator[tuple]:
    said = application.answers
    yield "People who teach maths", said.get("teachers"), ""
    yield "Not maths specialists", said.get("non_specialists"), ""
    yield "Worked with a Maths Hub before", said.get("worked_before", "").capitalize(), said.get("which", "")
    yield "Mastery Specialist in the department", said.get("specialist", "").capitalize(), ""
    yield "Why take part", said.get("why"), ""
    about = f"About {said['colleagues_count']}" if said.get("colleagues_count") else ""
    yield "Colleagues join single sessions", _choice(MembersForm, "colleagues", said), about
    yield "Support in school, if entitled", _choice(MembersForm, "support", said), ""
    yield "The head of department agrees", _choice(MembersForm, "hod_agrees", said), ""


def _choice(form, name: str, said: dict) -> str:
    return dict(form.base_fields[name].choices).get(said.get(name), "")


def _plan(application: Application) -> Iterator[tuple]:
    said = application.answers
    if said.get("plan") == "typed":
        yield "The department will work on", said["plan_priorities"], ""
        yield "Known to have worked by", said["plan_measures"], ""
    elif said.get("plan") == "file":
        yield "Development plan", file_words(application), ""
    elif said.get("plan"):
        yield "Development plan", dict(PlanForm.GIVEN)[said["plan"]], ""


def file_of(application: Application) -> Document | None:
    """Return the plan's file without its content, or None; asked for only where a file was sent."""
    if application.answers.get("plan") != "file":
        return None
    return Document.objects.without_content().filter(application=application).first()


def file_words(application: Application) -> str:
    found = file_of(application)
    return f"{found.name}, {size_in_words(found.size)}" if found else "A file"


def size_in_words(size: int) -> str:
    """Return “340 KB” or “2.1 MB”."""
    return f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(round(size / 1024), 1)} KB"


ROWS = {"route": _route, "foci": _foci, "department": _department, "plan": _plan}
