"""What a school does: starts, answers, sends, names its Advocates, accepts, declines, withdraws."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from hubportal.accounts import links
from hubportal.accounts.models import Hub, User
from hubportal.clock import london_date
from hubportal.history.actions import PORTAL, IllegalMove, change_status, note_event, subject_of
from hubportal.messaging.actions import drop_queued_reminders
from hubportal.messaging.wakeup import poke
from hubportal.rules import Effect, Finding, Refused
from programmes.cohorts import actions as places
from programmes.cohorts.states import PlaceStatus
from programmes.funding import actions as funding
from programmes.funding import leaving
from programmes.models import Cohort, Establishment, Programme, Project
from programmes.schools.actions import register_school

from . import checks, closed, emails, endorsements, foci, pages, reminder_rules
from .facts import takes_applications
from .late.links import in_words, let_through
from .models import Application, InformationRequest, Interest, Nominee
from .rules import Facts, window_open
from .states import MOVES, Status

SCHOOL = "School"
SPEAKABLE = "23456789CDFGHJKLMNPQRTVWX"  # no vowels, nothing that looks or sounds like a digit


def new_reference() -> str:
    """Return a reference such as “K7M-4RTX”: 25^7, six thousand million, spoken in two breaths."""
    letters = "".join(secrets.choice(SPEAKABLE) for _ in range(7))
    return f"{letters[:3]}-{letters[3:]}"


def start(project: Project, uid: UUID, *, at: datetime) -> Application:
    """Return the draft of this form. The same `uid` starts one draft, however often it is sent."""
    try:
        with transaction.atomic():
            defaults = {"project": project, "reference": new_reference(), "created_at": at}
            return Application.objects.get_or_create(uid=uid, defaults=defaults)[0]
    except IntegrityError:  # the one chance in thousands of millions: a reference that exists
        return Application.objects.create(uid=uid, project=project, reference=new_reference(), created_at=at)


def answer(application: Application, **values) -> None:
    """Keep answers of a draft. Raises IllegalMove once it has been sent, from another tab for example."""
    kept = Application.objects.filter(pk=application.pk, status=Status.DRAFT).update(**values)
    if not kept:
        raise IllegalMove("This form has been sent already, so its answers can no longer be changed here.")
    for name, value in values.items():
        setattr(application, name, value)


@transaction.atomic
def choose_school(application: Application, establishment: Establishment, cohort: Cohort, *, at: datetime) -> None:
    """Keep which school applies, and to which hub. An old URN of a school of ours leads to that school."""
    school = register_school(establishment, at=at)
    answer(application, school=school, cohort=cohort, hub=cohort.hub, privacy_version=cohort.hub.privacy_version)


@transaction.atomic
def answer_advocates(application: Application, people: list[dict]) -> None:
    """Keep the Advocates of a draft: `people` has position, name, email and role of each one that is known."""
    answer(application, answers=application.answers | {"advocates": len(people)})
    _keep_nominees(application, people)


def _keep_nominees(application: Application, people: list[dict]) -> None:
    application.nominees.all().delete()
    Nominee.objects.bulk_create(Nominee(application=application, **person) for person in people)


def what_is_missing(application: Application) -> list[str]:
    """Return the names of the pages that a draft still needs, in their order."""
    return pages.missing(application)


@transaction.atomic
def submit(application: Application, *, at: datetime) -> Application:
    """Send the application once, however often it is asked for, and return it as it then is.

    When the school has sent one for this project already, this one is joined to it. Raises Refused when the window has
    closed or a page is missing; the draft then stays as it was.
    """
    locked = Application.objects.locked(application.pk)
    if locked.status != Status.DRAFT:
        return locked
    _require_whole(locked, at=at)
    try:
        with transaction.atomic():
            change_status(locked, Status.SUBMITTED, moves=MOVES, by=SCHOOL, at=at, submitted_at=at)
    except IntegrityError as problem:
        if constraint_of(problem) != "one_live_application":
            raise
        locked.refresh_from_db()
        live = Application.objects.live().filter(school=locked.school_id, project=locked.project_id).first()
        return _join(locked, live, at=at) if live else submit(locked, at=at)
    links.revoke(subject_of(locked), emails.CONTINUE_LINK, at=at)
    emails.received(locked, at=at)
    poke("applications.tasks.check_due")
    return locked


def constraint_of(problem: IntegrityError) -> str:
    """Return the name of the constraint that refused a row, or "" when the database does not say."""
    return getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None) or ""


def _require_whole(application: Application, *, at: datetime) -> None:
    if missing := what_is_missing(application):
        raise Refused([Finding(f"missing_{name}", f"Please complete the page “{name}”.") for name in missing])
    cohort, today = application.cohort, london_date(at)
    facts = Facts(
        today=today,
        applied_on=today,
        year=application.project.year,
        school=None,
        hub_name=str(application.hub),
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        recruiting=takes_applications(application),
        late_allowed=in_words(let_through(application, today=today, lock=True)),
    )
    against = [each for each in window_open(facts) if each.effect == Effect.REFUSE]
    if findings := [*against, *foci.against_sending(application)]:
        raise Refused(findings)


def _join(application: Application, live: Application, *, at: datetime) -> Application:
    change_status(
        application,
        Status.DUPLICATE,
        moves=MOVES,
        by=SCHOOL,
        at=at,
        submitted_at=at,
        joined_to=live,
        note=f"The school had sent {live.reference}.",
    )
    note_event(live, "second application", by=SCHOOL, at=at, note=f"{application.reference} was joined to this one.")
    emails.joined(application, live, at=at)
    return application


@transaction.atomic
def name_advocates(application: Application, people: list[dict], *, at: datetime, by: User | str = SCHOOL) -> None:
    """Name or change the Advocates after sending. Confirms an accepted place when both are named and one leads."""
    locked = Application.objects.locked(application.pk)
    _require_open(closed.names(locked))
    _keep_nominees(locked, people)
    note_event(locked, "advocates named", by=by, at=at, note=f"{len(people)} of 2")
    if len(people) == 2:
        drop_queued_reminders(subject_of(locked), [reminder_rules.NOT_NAMED])
    made = checks.recheck(locked, by=by, at=at, note="The Advocates were named.")
    if locked.place and locked.place.status == PlaceStatus.ACCEPTED and made is not None:
        confirm_if_named(locked, by=by, at=at)


def advocates_stand(application: Application) -> bool:
    """Return whether both Advocates are named and the newest check, made of them, has nothing against their roles."""
    latest = application.checks.first()
    codes = {row["code"] for row in latest.findings} if latest else {"check_failed"}
    if application.nominees.count() < 2 or "check_failed" in codes:
        return False
    return not (codes - checks.overridden_codes(application)) & {"no_leading_advocate", "advocate_role_similar"}


def confirm_if_named(application: Application, *, by, at: datetime) -> bool:
    """Confirm the place of an accepted application whose two Advocates are named; otherwise leave it waiting."""
    if not advocates_stand(application):
        return False
    named = list(application.nominees.values("name", "email", "role"))
    try:
        places.confirm(application.place, named, by=by, at=at)
    except Refused as refused:  # one person twice, or somebody else's address: for the hub to sort out
        facts = " ".join(finding.fact for finding in refused.findings)  # without names: an event stays for good
        note_event(application, "place not confirmed", by=PORTAL, at=at, note=facts)
        return False
    emails.place_accepted(application, at=at)
    return True


@transaction.atomic
def correct_contact(application: Application, *, at: datetime, by: User | str = SCHOOL, **values) -> None:
    """Correct who is written to. A new address gets the private link; the old one is told, and its links are closed."""
    locked = Application.objects.locked(application.pk)
    _require_open(closed.contact(locked))
    old_name, old_email = locked.contact_name, locked.contact_email
    moved = values["contact_email"].lower() != old_email.lower()
    Application.objects.filter(pk=locked.pk).update(**values)
    note_event(locked, "contact corrected", by=by, at=at)
    if moved:
        locked.refresh_from_db()
        links.revoke(subject_of(locked), emails.MANAGE_LINK, at=at)
        emails.contact_left(locked, name=old_name, to=old_email, at=at)
        emails.contact_changed(locked, at=at)


@transaction.atomic
def send_link(application: Application, *, by: User, at: datetime) -> None:
    """Send the contact a new private link; earlier ones keep working, for they went to the same person."""
    note_event(application, "private link sent", by=by, at=at)
    emails.new_link(application, at=at)


@transaction.atomic
def correct_head(application: Application, *, name: str, email: str, at: datetime, by: User | str = SCHOOL) -> str:
    """Correct who is asked to confirm, ask there, and return in words what came of it.

    A head who has confirmed is not asked again. The same person is sent a new link when staff ask for it; a school
    that sends the same page twice asks nobody twice.
    """
    locked = Application.objects.locked(application.pk)
    _require_open(closed.head(locked))
    asked = locked.endorsements.filter(status="asked").first()
    if asked and (asked.name, asked.email.lower()) == (name, email.lower()):
        if by == SCHOOL:
            return f"We have asked {name} already, at this address. The link that we sent still works."
        note_event(locked, "head sent a new link", by=by, at=at)
        endorsements.send_again(asked, at=at)
        return f"{name} gets the request again, with a new link."
    Application.objects.filter(pk=locked.pk).update(head_name=name, head_email=email)
    note_event(locked, "head corrected", by=by, at=at)
    if not locked.endorsements.exists():
        return f"The details are saved. {name} is asked once the check lets the application go on."
    endorsements.ask_again(locked, name=name, email=email, by=by, at=at)
    return f"We have asked {name} to confirm."


def _require_open(why_not: str) -> None:
    if why_not:
        raise IllegalMove(why_not)


@transaction.atomic
def answer_question(request: InformationRequest, answer: str, *, at: datetime) -> None:
    """Answer the hub's question once; a repeat of the form changes nothing."""
    kept = InformationRequest.objects.filter(pk=request.pk, answered_at=None).update(answer=answer, answered_at=at)
    if kept:
        request.refresh_from_db()
        note_event(request.application, "question answered", by=SCHOOL, at=at, note=f"Question {request.pk}")
        emails.hub_has_answer(request, at=at)


def register_interest(
    programme: Programme, *, hub: Hub, school_name: str, name: str, email: str, at: datetime
) -> Interest:
    """Keep who wants to hear when applications open. The same address for the same school is kept once.

    Who was told of one year and asks again is told of the next.
    """
    interest, new = Interest.objects.get_or_create(
        programme=programme,
        hub=hub,
        email=email.lower(),
        school_name__iexact=school_name,
        defaults={"school_name": school_name, "name": name, "privacy_version": hub.privacy_version, "at": at},
    )
    if not new:
        Interest.objects.filter(pk=interest.pk).exclude(told_at=None).update(told_at=None, told_of=None, at=at)
    return interest


@transaction.atomic
def accept_offer(application: Application, *, at: datetime) -> None:
    """Take the offered place and freeze its grant. A repeat changes nothing. Raises IllegalMove when it has run out."""
    locked = Application.objects.locked(application.pk)
    if locked.status == Status.ACCEPTED:
        return
    if locked.status == Status.OFFERED and locked.place.answer_by < london_date(at):
        raise IllegalMove("The offer has run out. Please talk to your hub soon: your school can apply again.")
    change_status(locked, Status.ACCEPTED, moves=MOVES, by=SCHOOL, at=at)
    places.accept(locked.place, by=SCHOOL, at=at)
    funding.freeze(locked.place, at=at)
    emails.hub_is_told(locked, "The school has accepted its place.", at=at)
    if not confirm_if_named(locked, by=SCHOOL, at=at):
        emails.place_accepted(locked, at=at)


@transaction.atomic
def decline_offer(application: Application, *, at: datetime, note: str = "") -> None:
    """Give the offered place back; `note` is the school's own reason, kept with it. A repeat changes nothing."""
    locked = Application.objects.locked(application.pk)
    if locked.status == Status.DECLINED:
        return
    if locked.status == Status.ACCEPTED:
        raise IllegalMove("The place has been accepted already. To give it back, withdraw the application below.")
    change_status(locked, Status.DECLINED, moves=MOVES, by=SCHOOL, at=at, leaving_note=note)
    places.end(locked.place, PlaceStatus.DECLINED, by=SCHOOL, at=at)
    drop_queued_reminders(subject_of(locked), reminder_rules.ALL)
    emails.hub_is_told(locked, "The school has declined its place.", at=at)
    emails.decided(locked, at=at)


@transaction.atomic
def withdraw(application: Application, *, by, at: datetime, note: str = "") -> None:
    """End the application, and its place if it has one. A repeat changes nothing.

    The school's own words are kept with the application, where they can be deleted; a colleague's reason in the event.
    """
    locked = Application.objects.locked(application.pk)
    if locked.status == Status.WITHDRAWN:
        return
    from_school = by == SCHOOL
    kept = {"leaving_note": note} if from_school else {"note": note}
    change_status(locked, Status.WITHDRAWN, moves=MOVES, by=by, at=at, **kept)
    if locked.place:
        leaving.leave(locked.place, PlaceStatus.WITHDRAWN, by=by, at=at)
    drop_queued_reminders(subject_of(locked), reminder_rules.ALL)
    links.revoke(subject_of(locked), emails.CONTINUE_LINK, at=at)
    if locked.submitted_at and from_school:
        emails.hub_is_told(locked, "The school has withdrawn its application.", at=at)
    if locked.submitted_at:
        emails.decided(locked, at=at)
