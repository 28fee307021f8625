"""What stories are made of: each chapter does what one person does on one day, by the portal's own actions."""

from datetime import timedelta

from applications import actions, checks, decisions, endorsements
from applications.facts import rule_set_of
from applications.models import Application, Endorsement
from hubportal.clock import london_date
from hubportal.messaging.reminders import next_working_day
from programmes.models import Establishment

from . import people
from .story import Here

BOTH = ("hod", "teacher")
WHY = (
    "Our results at 16 have stood still for three years, and we think the cause lies in Years 7 to 9.",
    "A third of the department is new. We want one way of teaching fractions and ratio, not nine.",
    "We saw a lesson at a neighbouring school that took part. Every pupil was thinking. We want that.",
    "Seven feeder schools teach for mastery already, and our Year 7 does not build on it yet.",
    "Our non-specialists ask for help with planning, and we would rather grow it than buy it.",
)


def filled_in(here: Here, name: str, day: int, *, town="", roles=BOTH, by=people.LEADS_MATHS):
    """Fill in the whole form. `roles` are those of the Advocates whose names are known."""
    at = yield here.at(day, here.world.school_hours())
    establishment = here.school(name, town)
    application = start(here, establishment, at)
    who, head = people.of(establishment)[by], people.of(establishment)[people.HEAD]
    actions.answer(
        application,
        contact_name=who.name,
        contact_email=who.email,
        contact_role="head_of_maths" if by == people.LEADS_MATHS else "slt",
        head_name=head.name,
        head_email=head.email,
    )
    actions.answer_advocates(application, advocates(establishment, roles))
    actions.answer(application, answers=application.answers | department(here, establishment))
    asked = rule_set_of(application, at=at).commitments
    actions.answer(application, commitments=[row | {"at": at.isoformat()} for row in asked])
    return application, at + timedelta(minutes=11)


def start(here: Here, establishment: Establishment, at) -> Application:
    """Begin a form as `actions.start` does, with a reference that is the same on every run, and choose the school."""
    application = Application.objects.create(
        project=here.project, uid=here.world.uid(), reference=here.world.reference(), created_at=at
    )
    actions.choose_school(application, establishment, here.cohort, at=at)
    return application


def advocates(establishment: Establishment, roles) -> list[dict]:
    named = people.of(establishment)[people.LEADS_MATHS : people.COLLEAGUE]
    return [
        {"position": position, "name": person.name, "email": person.email, "role": role}
        for position, (person, role) in enumerate(zip(named, roles, strict=False), start=1)
    ]


def department(here: Here, establishment: Establishment) -> dict:
    teachers = 5 + establishment.urn % 9
    before = establishment.urn % 3 == 0
    return {
        "teachers": teachers,
        "non_specialists": establishment.urn % 4,
        "worked_before": "yes" if before else "no",
        "which": "Two of us went to the Years 5 to 8 Continuity group." if before else "",
        "specialist": "no",
        "why": WHY[establishment.urn % len(WHY)],
    }


def sent(here: Here, name: str, day: int, **form):
    """Send the form; the worker checks it within seconds."""
    application, at = yield from filled_in(here, name, day, **form)
    at = yield at
    application = actions.submit(application, at=at)
    at = yield at + timedelta(seconds=2)
    checks.check_due(at=at)
    return application


def head_confirms(here: Here, application: Application, day: int, *, capacity=Endorsement.Capacity.HEAD):
    at = yield here.at(day, "08:25")
    asked = application.endorsements.current().last()
    endorsements.confirm(asked, name=asked.name, capacity=capacity, at=at)


def confirmed_by_head(here: Here, name: str, day: int, *, after: int = 2, **form):
    """Send the form; the head confirms `after` working days later. The hub can decide."""
    application = yield from sent(here, name, day, **form)
    yield from head_confirms(here, application, day - after)
    return application


def offered(here: Here, name: str, day: int, *, after: int = 5, **form):
    application = yield from confirmed_by_head(here, name, day, **form)
    at = yield here.at(day - after, "14:10")
    decisions.offer(application, by=here.lead, at=at)
    return application


def accepted(here: Here, name: str, day: int, *, after: int = 8, **form):
    """Take the offer: the grant is frozen, and with both names the place is confirmed at once."""
    application = yield from offered(here, name, day, **form)
    at = yield here.at(day - after, "12:35")
    actions.accept_offer(application, at=at)
    return application


def question(here: Here, application: Application, day: int, text: str):
    at = yield here.at(day, "11:15")
    answer_by = next_working_day(london_date(at), 7)
    return decisions.request_information(application, question=text, answer_by=answer_by, by=here.administrator, at=at)
