"""What a teacher does: starts, answers, sends, corrects who is written to, withdraws."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from applications.actions import constraint_of, new_reference
from applications.rules import window_open
from hubportal.accounts import links
from hubportal.history.actions import IllegalMove, change_status, note_event, subject_of
from hubportal.messaging.wakeup import poke
from hubportal.rules import Finding, Refused
from programmes.cohorts.states import PlaceStatus
from programmes.models import Cohort, Establishment, Project, Specialist
from programmes.schools.actions import register_school
from programmes.specialists import actions as specialists
from programmes.specialists.states import IN_THE_PROGRAMME

from . import checks, emails
from .facts import known_person, rule_set_of, teacher_facts
from .models import SpecialistApplication
from .states import LIVE, MOVES, RELEASED
from .states import SpecialistApplicationStatus as Status

TEACHER = "Teacher"
ONE_A_COHORT = {"one_live_teacher_by_address", "one_live_teacher_by_trn", "one_live_teacher_by_person"}


def start(project: Project, uid: UUID, *, at: datetime) -> SpecialistApplication:
    """Return the draft of this form. The same `uid` starts one draft, however often it is sent."""
    try:
        with transaction.atomic():
            defaults = {"project": project, "reference": new_reference(), "created_at": at}
            return SpecialistApplication.objects.get_or_create(uid=uid, defaults=defaults)[0]
    except IntegrityError:  # a reference that exists: one chance in thousands of millions
        return SpecialistApplication.objects.create(uid=uid, project=project, reference=new_reference(), created_at=at)


def answer(application: SpecialistApplication, **values) -> None:
    """Keep answers of a draft. Raises IllegalMove once it has been sent, from another tab for example."""
    kept = SpecialistApplication.objects.filter(pk=application.pk, status=Status.DRAFT).update(**values)
    if not kept:
        raise IllegalMove("This form has been sent already, so its answers can no longer be changed here.")
    for name, value in values.items():
        setattr(application, name, value)


@transaction.atomic
def choose_school(
    application: SpecialistApplication, establishment: Establishment, cohort: Cohort, *, at: datetime
) -> None:
    """Keep where the teacher works and to which hub they apply. An old URN of a school of ours leads to that school."""
    school = register_school(establishment, at=at)
    answer(application, school=school, cohort=cohort, hub=cohort.hub, privacy_version=cohort.hub.privacy_version)


def what_is_missing(application: SpecialistApplication) -> list[str]:
    """Return the names of the pages that a draft still needs, in their order."""
    done = {
        "school": application.school_id and application.cohort_id,
        "about": application.name and application.email,
        "experience": application.qts is not None and application.years_teaching is not None,
        "statements": application.answers.get("own_practice"),
        "dates": "dates" in application.answers,
        "head_page": application.head_name and application.head_email,
    }
    return [name for name, value in done.items() if not value]


@transaction.atomic
def submit(application: SpecialistApplication, *, at: datetime) -> SpecialistApplication:
    """Send the application once, however often it is asked for, and return it as it then is.

    When the same teacher (address, TRN or record) has sent one to this cohort, at whichever hub, this one is joined to
    it. Raises Refused when the window has closed or a page is missing; the draft then stays as it was.
    """
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status != Status.DRAFT:
        return locked
    _require_whole(locked, at=at)
    person = known_person(locked.email, locked.trn)
    try:
        with transaction.atomic():
            change_status(locked, Status.SUBMITTED, moves=MOVES, by=TEACHER, at=at, submitted_at=at, person=person)
    except IntegrityError as problem:
        if constraint_of(problem) not in ONE_A_COHORT:
            raise
        locked.refresh_from_db()
        locked.person = person
        live = SpecialistApplication.objects.of_the_same_teacher(locked).with_details().first()
        return _join(locked, live, at=at) if live else submit(locked, at=at)
    links.revoke(subject_of(locked), emails.CONTINUE_LINK, at=at)
    emails.received(locked, at=at)
    poke("applications.tasks.check_due")
    return locked


def _require_whole(application: SpecialistApplication, *, at: datetime) -> None:
    if missing := what_is_missing(application):
        raise Refused([Finding(f"missing_{name}", f"Please complete the page “{name}”.") for name in missing])
    facts = teacher_facts(application, at=at, rule_set=rule_set_of(application, at=at))
    if found := list(window_open(facts)):
        raise Refused(found)


def _join(application: SpecialistApplication, live: SpecialistApplication, *, at: datetime) -> SpecialistApplication:
    change_status(
        application,
        Status.DUPLICATE,
        moves=MOVES,
        by=TEACHER,
        at=at,
        submitted_at=at,
        joined_to=live,
        note=f"The same teacher had sent {live.reference}.",
    )
    note = f"{application.reference} was joined to this one."
    note_event(live, "second application", by=TEACHER, at=at, note=note)
    links.revoke(subject_of(application), emails.CONTINUE_LINK, at=at)
    emails.joined(application, live, at=at)
    return application


@transaction.atomic
def correct_contact(application: SpecialistApplication, *, name: str, email: str, by=TEACHER, at: datetime) -> None:
    """Correct who is written to. A new address gets the private link; the old one is told, and its links are closed.

    Raises Refused when the address has another application to the cohort, or is the one that was asked as the head.
    """
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status not in LIVE:
        raise IllegalMove("This application has ended, so the details can no longer be changed.")
    old_name, old_email = locked.name, locked.email
    moved = email.lower() != old_email.lower()
    if moved:
        _require_not_the_heads(locked, email)
    try:
        with transaction.atomic():
            SpecialistApplication.objects.filter(pk=locked.pk).update(name=name, email=email)
    except IntegrityError as problem:
        text = "This address belongs to another application to the same cohort. Please write to your hub."
        raise Refused([Finding("address_taken", text)]) from problem
    note_event(locked, "contact corrected", by=by, at=at)
    locked.refresh_from_db(fields=["name", "email"])
    if moved:
        links.revoke(subject_of(locked), emails.MANAGE_LINK, at=at)
        emails.contact_left(locked, name=old_name, to=old_email, at=at)
        emails.contact_changed(locked, at=at)
    checks.recheck(locked, by=by, at=at, note="The contact was corrected.")


def _require_not_the_heads(application: SpecialistApplication, email: str) -> None:
    if application.head_parts.current().filter(email__iexact=email).exists():
        text = "We have asked this address to answer for the school. Give your own, or write to your hub."
        raise Refused([Finding("heads_address", text)])


@transaction.atomic
def withdraw(application: SpecialistApplication, *, by=TEACHER, at: datetime, note: str = "") -> None:
    """End the application, and the place and the programme if they were given. A repeat changes nothing.

    The teacher's own words are kept with the application, where they can be deleted; a colleague's in the event.
    """
    Cohort.objects.select_for_update(no_key=True).filter(specialist_applications=application.pk).first()
    locked = SpecialistApplication.objects.locked(application.pk)
    if locked.status == Status.WITHDRAWN:
        return
    own = by == TEACHER
    kept = {"leaving_note": note} if own else {"note": note}
    released = locked.status in RELEASED
    change_status(locked, Status.WITHDRAWN, moves=MOVES, by=by, at=at, **kept)
    if locked.place and locked.place.status in {PlaceStatus.CONFIRMED, PlaceStatus.ACTIVE}:
        _leave(locked, by=by, at=at)
    links.revoke(subject_of(locked), emails.CONTINUE_LINK, at=at)
    if not locked.submitted_at:
        return
    if own:
        told = "The teacher has withdrawn. " + ("A reserve can be taken up." if released else "")
        emails.hub_is_told(locked, told.strip(), at=at)
    emails.withdrawn(locked, at=at)


def _leave(application: SpecialistApplication, *, by, at: datetime) -> None:
    specialist = Specialist.objects.filter(place=application.place_id).first()
    if specialist and specialist.status in IN_THE_PROGRAMME:
        specialists.step_down(specialist, reason="Withdrew the application.", by=by, at=at)


@transaction.atomic
def send_link(application: SpecialistApplication, *, by, at: datetime) -> None:
    """Send the teacher a new private link; earlier ones keep working, for they went to the same person."""
    note_event(application, "private link sent", by=by, at=at)
    emails.new_link(application, at=at)
