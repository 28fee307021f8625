"""Rows of the national demo, made in memory and written in bulk."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from applications.models import Application, EligibilityCheck, Endorsement, Nominee
from applications.states import Status
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, subject_of
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from programmes.cohorts.states import PlaceStatus
from programmes.models import Advocate, Grant, Person, PersonEmail, Place, Post, RuleSet, School, SchoolUrn

from .story import Here

PLACE_OF = {
    Status.OFFERED: PlaceStatus.OFFERED,
    Status.ACCEPTED: PlaceStatus.CONFIRMED,
    Status.DECLINED: PlaceStatus.DECLINED,
    Status.LAPSED: PlaceStatus.LAPSED,
}
DECIDED = {*PLACE_OF, Status.WAITLISTED, Status.NOT_OFFERED}
AFTER_AN_OFFER = {Status.ACCEPTED: 2, Status.DECLINED: 3, Status.LAPSED: 10}  # days
OWN_TRAIL = {Status.WITHDRAWN: 7}
ORDER = [
    School,
    SchoolUrn,
    Place,
    Application,
    Nominee,
    EligibilityCheck,
    Endorsement,
    Grant,
    Person,
    PersonEmail,
    Post,
    Advocate,
]


@dataclass
class Rows:
    """Rows to be written, by model; and the trails, which name applications by keys that they do not have yet."""

    by_model: dict = field(default_factory=lambda: defaultdict(list))
    trails: list = field(default_factory=list)

    def add(self, *rows):
        """Keep the rows and return the first."""
        for row in rows:
            self.by_model[type(row)].append(row)
        return rows[0]

    def write(self) -> None:
        for model in ORDER:
            model.objects.bulk_create(self.by_model[model], batch_size=1_000)
        Event.objects.bulk_create(
            (event for application, checked in self.trails for event in _events(application, checked)), batch_size=2_000
        )
        Message.objects.bulk_create(
            (letter for application, checked in self.trails for letter in _letters(application, checked)),
            batch_size=2_000,
        )


def trail(application: Application, checked: EligibilityCheck, rows: Rows) -> None:
    rows.trails.append((application, checked))


def head(here: Here, application: Application) -> Endorsement:
    """Return the head's confirmation: given wherever the hub has decided, and by three in five of the others."""
    at = application.submitted_at
    answered = application.status in DECIDED or here.world.random.random() < 0.6
    said = {"answered_at": at + timedelta(days=2), "answered_name": application.head_name, "capacity": "head"}
    return Endorsement(
        application=application,
        hub=application.hub,
        name=application.head_name,
        email=application.head_email,
        status="confirmed" if answered else "asked",
        asked_at=at + timedelta(seconds=2),
        answer_by=london_date(at) + timedelta(14),
        **(said if answered else {}),
    )


def decide(here: Here, rule_set: RuleSet, application: Application, named: list[Nominee], rows: Rows) -> None:
    """Fill in who decided and why, and make the place that an offer holds."""
    if application.status not in DECIDED:
        return
    application.decided_by, application.decided_at = here.lead, application.submitted_at + timedelta(days=5)
    if application.status == Status.NOT_OFFERED:
        application.decision_reason = "The places go this year to schools that have not worked with a hub before."
    if application.status in PLACE_OF:
        application.place = rows.add(_place(here, rule_set, application))
    if application.status == Status.ACCEPTED:
        rows.add(_grant(application.place))
        for nominee in named:
            rows.add(*_advocate(application.place, nominee))


def _place(here: Here, rule_set: RuleSet, application: Application) -> Place:
    status, at = PLACE_OF[application.status], application.decided_at
    is_open = status == PlaceStatus.OFFERED
    taken_at = at + timedelta(days=2) if status == PlaceStatus.CONFIRMED else None
    return Place(
        school=application.school,
        cohort=application.cohort,
        hub=application.hub,
        project=application.project,
        origin=application.reference,
        rule_set=rule_set,
        status=status,
        offered_by=application.decided_by,
        offered_at=at,
        answer_by=here.world.today + timedelta(7) if is_open else london_date(at) + timedelta(9),
        accepted_at=taken_at,
        confirmed_at=taken_at,
    )


def _grant(place: Place) -> Grant:
    return Grant(
        place=place,
        hub=place.hub,
        amount=place.rule_set.grant_amount,
        rule_set=place.rule_set,
        rule_version=place.rule_set.version,
        source=place.rule_set.source,
        offered_by=place.offered_by,
        offered_at=place.offered_at,
        frozen_at=place.accepted_at,
    )


def _advocate(place: Place, nominee: Nominee) -> list:
    on = london_date(place.confirmed_at)
    person = Person(name=nominee.name)
    return [
        person,
        PersonEmail(person=person, email=nominee.email),
        Post(person=person, school=place.school, role=nominee.role, from_on=on),
        Advocate(place=place, person=person, role=nominee.role, from_on=on),
    ]


def _events(application: Application, checked: EligibilityCheck):
    """Yield the moves of an application as `change_status` would have written them."""
    sent, status = application.submitted_at, application.status
    steps = [
        (Status.SUBMITTED, "School", sent),
        (Status.CHECKING, PORTAL, checked.at),
        (checked.outcome, PORTAL, checked.at),
    ]
    if status in AFTER_AN_OFFER or status == Status.OFFERED:
        steps.append((Status.OFFERED, application.decided_by, application.decided_at))
    if days := AFTER_AN_OFFER.get(status) or OWN_TRAIL.get(status):
        since = application.decided_at or sent
        steps.append((status, PORTAL if status == Status.LAPSED else "School", since + timedelta(days=days)))
    elif status in {Status.WAITLISTED, Status.NOT_OFFERED}:
        steps.append((status, application.decided_by, application.decided_at))
    old = Status.DRAFT
    for new, by, at in steps:
        yield _event(application, old, new, by, at)
        old = new


def _event(application: Application, old: str, new: str, by, at: datetime) -> Event:
    who = {"actor": by} if isinstance(by, str) else {"by": by}
    return Event(subject=subject_of(application), hub=application.hub, kind="status", old=old, new=new, at=at, **who)


def _letters(application: Application, checked: EligibilityCheck):
    """Yield the two letters that every school gets, in short: the national demo has its size, not its words."""
    ref = application.reference
    letters = [
        ("received", "Sent an expression of interest.", f"We have your application: {ref}", application.submitted_at),
        ("checked", "The eligibility check was made.", f"Your application was checked: {ref}", checked.at),
    ]
    for template, reason, subject, at in letters:
        yield Message(
            key=f"{template}:{application.pk}:national-demo",
            hub=application.hub,
            template=template,
            reason=reason,
            related=subject_of(application),
            to=application.contact_email,
            subject=subject,
            text=f"{subject}\n\nThis letter belongs to the made-up national demo.\n",
            status="sent",
            attempts=1,
            created_at=at,
            sent_at=at + timedelta(seconds=3),
            result="250 2.0.0 Ok (demo)",
        )
