"""The pages of a form as data: which a programme asks for, in what order, and when each is done."""

from collections.abc import Callable
from dataclasses import dataclass

from programmes.cohorts.models import Programme

from .models import Application


@dataclass(frozen=True)
class Page:
    """One page: its name in addresses, its title, the paragraph above the form, and whether a draft has it done."""

    name: str
    title: str
    done: Callable[[Application], object]
    intro: str = ""
    needs_foci: bool = False


def _page(name: str, title: str, done, intro: str = "", **more) -> Page:
    return Page(name, title, done, intro or f"applications/intro_{name}.html", **more)


def _answered(key: str) -> Callable[[Application], object]:
    return lambda application: key in application.answers


def _ranked(application: Application) -> bool:
    """A ranking is of what one hub runs: after a change of hub it is asked for again."""
    return application.cohort_id and application.answers.get("foci_at") == application.cohort_id


SCHOOL = _page("school", "Find your school", lambda each: each.school_id and each.cohort_id)
CONTACT = _page("contact", "About you", lambda each: each.contact_name and each.contact_email)
HEAD = _page("head", "Your headteacher", lambda each: each.head_name and each.head_email)
ADVOCATES = _page("advocates", "Your Mastery Advocates", _answered("advocates"))
TEACHERS = _page("advocates", "The teachers who take part", _answered("advocates"), "applications/intro_teachers.html")
DEPARTMENT = _page("department", "Your department", _answered("teachers"))
COMMITMENTS = _page("commitments", "What your school commits to", lambda each: each.commitments)
ROUTE = _page("route", "How your department comes to this", _answered("route"))
FOCI = _page("foci", "Which focus you would like", _ranked, needs_foci=True)
PARTICIPANTS = _page("advocates", "Who leads for your school", _answered("advocates"), "applications/intro_lead.html")
MEMBERS = _page("department", "Your department", _answered("teachers"), "applications/intro_members.html")
PLAN = _page("plan", "Your development plan", _answered("plan"))

INTEREST = (SCHOOL, CONTACT, HEAD, ADVOCATES, DEPARTMENT, COMMITMENTS)
LOCAL = tuple(TEACHERS if page is ADVOCATES else page for page in INTEREST)
SIGN_UP = (SCHOOL, ROUTE, CONTACT, HEAD, FOCI, PARTICIPANTS, MEMBERS, PLAN, COMMITMENTS)
ASKED = {Programme.Entry.APPLY: INTEREST, Programme.Entry.CONTINUE: SIGN_UP}


def pages_of(application: Application) -> list[Page]:
    """Return the pages that the application's programme asks for, in order."""
    programme = application.project.programme
    asked = ASKED.get(programme.entry, INTEREST)
    if asked is INTEREST and programme.hub_id:
        asked = LOCAL
    if not any(page.needs_foci for page in asked):
        return list(asked)
    has_foci = application.project.foci.exists()
    return [page for page in asked if has_foci or not page.needs_foci]


def missing(application: Application) -> list[str]:
    """Return the names of the pages that a draft still needs, in their order."""
    return [page.name for page in pages_of(application) if not page.done(application)]


def page_of(application: Application, name: str) -> Page | None:
    """Return the page of this name, or None where the programme does not ask for it."""
    return next((page for page in pages_of(application) if page.name == name), None)
