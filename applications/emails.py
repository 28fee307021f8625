"""One function per e-mail: who gets it, its key, its words' context. Whether it is sent is decided by the actions."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue
from hubportal.messaging.states import IN_HAND, WAITING
from programmes.cohorts.actions import grant_amount

from .models import Application, EligibilityCheck, Endorsement, InformationRequest
from .proof import proof_in

MANAGE_LINK = "applications:manage"
CONTINUE_LINK = "applications:continue"
LINK_LIVES = timedelta(days=365)  # the academic year that the application is about
DRAFT_LIVES = timedelta(days=60)


def manage_link(application: Application, *, at: datetime) -> PrivateLink:
    """Return a new private link to the school's page of its application."""
    return links.make(MANAGE_LINK, subject_of(application), at=at, lives=LINK_LIVES)


def _short(address: str) -> str:
    """Return an address as a key holds it: a message is one a recipient, and an address can be longer than a key."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:12]


def _gone_out(template: str, application: Application) -> int:
    """Return how many of these were sent or stopped. As part of a key it queues no second while one still waits."""
    made = Message.objects.about(subject_of(application)).filter(template=template)
    return made.exclude(status__in=[*WAITING, *IN_HAND]).count()


def _to_school(name: str, application: Application, *, key: str, reason: str, at: datetime, **more) -> Message:
    """Queue an e-mail to the person who applied, with the private link to the application."""
    context = {
        "application": application,
        "school": application.school,
        "hub": application.hub,
        "link": links.mark(manage_link(application, at=at)),
    }
    return queue(
        name,
        to=application.contact_email,
        key=f"{key}:{_short(application.contact_email)}",
        reason=reason,
        context=context | more,
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def draft_saved(application: Application, email: str, *, at: datetime) -> Message:
    link = links.make(CONTINUE_LINK, subject_of(application), at=at, lives=DRAFT_LIVES)
    return queue(
        "draft_saved",
        to=email,
        key=f"draft-saved:{application.pk}:{link.pk}",
        reason="Asked to go on with the form later.",
        context={"application": application, "link": links.mark(link), "until": link.expires_at},
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def received(application: Application, *, at: datetime) -> Message:
    reason = f"Sent {application.words.a_form}."
    return _to_school("received", application, key=f"received:{application.pk}", reason=reason, at=at)


def contact_changed(application: Application, *, at: datetime) -> Message:
    key, reason = f"contact-changed:{application.pk}:{at.isoformat()}", "Became the contact of the application."
    return _to_school("contact_changed", application, key=key, reason=reason, at=at)


def contact_left(application: Application, *, name: str, to: str, at: datetime) -> Message:
    """Tell the address before that it is not written to any more. No link: it was closed with the change."""
    return queue(
        "contact_left",
        to=to,
        key=f"contact-left:{application.pk}:{at.isoformat()}",
        reason="Was the contact of the application until somebody changed it.",
        context={"name": name, "application": application, "school": application.school, "hub": application.hub},
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def new_link(application: Application, *, at: datetime) -> Message:
    number = _gone_out("new_link", application)
    key, reason = f"new-link:{application.pk}:{number}", "The hub sent the private link again."
    return _to_school("new_link", application, key=key, reason=reason, at=at)


def joined(application: Application, live: Application, *, at: datetime) -> Message:
    """Tell the second person of a school that a colleague was first.

    Only who sent both, by the address, gets the link: otherwise it is the colleague's application. It is filed under
    the hub to which this one was sent.
    """
    own = application.contact_email.lower() == live.contact_email.lower()
    return queue(
        "joined",
        to=application.contact_email,
        key=f"joined:{application.pk}",
        reason=f"Sent {application.words.a_form} for a school that had sent one.",
        context={
            "application": application,
            "live": live,
            "school": live.school,
            "hub": live.hub,
            "link": links.mark(manage_link(live, at=at)) if own else "",
        },
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def joined_by_hub(application: Application, live: Application, *, at: datetime) -> Message:
    """Tell who applied that the hub goes on with the school's other application. No link: it is another person's."""
    return queue(
        "joined_by_hub",
        to=application.contact_email,
        key=f"joined-by-hub:{application.pk}",
        reason="The hub joined the school's two applications.",
        context={"application": application, "live": live, "school": application.school, "hub": application.hub},
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def transferred(application: Application, old: Application, *, at: datetime) -> Message:
    """Tell the school where its application goes on; links to the old one have been closed."""
    key, reason = f"transferred:{application.pk}", "The hub moved the application to another hub or year."
    return _to_school("transferred", application, key=key, reason=reason, at=at, old=old)


def checked(application: Application, made: EligibilityCheck, *, at: datetime) -> Message:
    findings = made.findings
    return _to_school(
        "checked",
        application,
        key=f"checked:{made.pk}",
        reason="The eligibility check was made.",
        at=at,
        proof=proof_in(made),
        refused=[row for row in findings if row["effect"] == "refuse"],
        referred=[row for row in findings if row["effect"] == "refer"],
        warned=[row for row in findings if row["effect"] == "warn"],
    )


def _to_hub(name: str, application: Application, *, key: str, reason: str, at: datetime, **more) -> Message:
    """Queue an e-mail to the hub's contact, with the address of the application's page, which asks them to sign in."""
    page = reverse("admin:applications_application_change", args=[application.pk])
    context = {"application": application, "school": application.school, "url": settings.PORTAL_URL + page}
    return queue(
        name,
        to=application.cohort.contact_email or application.hub.contact_email,
        key=key,
        reason=f"The hub's contact: {reason}",
        context=context | more,
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def hub_has_application(application: Application, *, at: datetime) -> Message:
    key, reason = f"hub-has-application:{application.pk}", "an application has come in and has been checked."
    return _to_hub("hub_has_application", application, key=key, reason=reason, at=at)


def hub_is_told(application: Application, what: str, *, at: datetime) -> Message:
    """Tell the hub what the school or its head has just done; `what` is a sentence without names of people."""
    key, reason = f"hub-is-told:{application.pk}:{at.isoformat()}:{_short(what)}", what
    return _to_hub("hub_is_told", application, key=key, reason=reason, at=at, what=what)


def ask_head(asked: Endorsement, link: PrivateLink, *, at: datetime) -> Message:
    return _to_head("ask_head", asked, link, key=f"ask-head:{asked.pk}", at=at)


def ask_head_again(asked: Endorsement, link: PrivateLink, *, at: datetime) -> Message:
    """Send the same person the request once more, with a new link."""
    number = _gone_out("ask_head", asked.application)
    return _to_head("ask_head", asked, link, key=f"ask-head:{asked.pk}:{number}", at=at)


def remind_head(
    asked: Endorsement, link: PrivateLink, *, key: str, rule: str, at: datetime, expires_at: datetime
) -> Message:
    return _to_head("remind_head", asked, link, key=key, rule=rule, at=at, expires_at=expires_at)


def _to_head(name: str, asked: Endorsement, link: PrivateLink, *, key: str, at: datetime, **more) -> Message:
    application = asked.application
    context = {
        "asked": asked,
        "application": application,
        "school": application.school,
        "hub": application.hub,
        "link": links.mark(link),
    }
    return queue(
        name,
        to=asked.email,
        key=key,
        reason="Was named as the headteacher, who confirms for the school.",
        context=context,
        at=at,
        hub=application.hub,
        related=subject_of(application),
        **more,
    )


def head_answered(asked: Endorsement, *, at: datetime) -> Message:
    reason = "The head has answered."
    key = f"head-answered:{asked.pk}:{asked.status}"
    return _to_school("head_answered", asked.application, key=key, reason=reason, at=at, asked=asked)


def information_requested(request: InformationRequest, *, at: datetime) -> Message:
    key, reason = f"question:{request.pk}", "The hub has a question."
    return _to_school("information_requested", request.application, key=key, reason=reason, at=at, request=request)


def hub_has_answer(request: InformationRequest, *, at: datetime) -> Message:
    key, reason = f"answer:{request.pk}", "the school has answered a question."
    return _to_hub("hub_has_answer", request.application, key=key, reason=reason, at=at, request=request)


def place_offered(application: Application, *, at: datetime) -> Message:
    place = application.place
    grant = grant_amount(place.cohort, place.rule_set)
    key, reason = f"place-offered:{application.place_id}", "The hub has offered a place."
    return _to_school("place_offered", application, key=key, reason=reason, at=at, place=place, grant=grant)


def decided(application: Application, *, at: datetime) -> Message:
    """Tell the school of a decision that needs no answer: waiting list, not offered, withdrawn, offer ran out.

    A school can come to the waiting list twice: the time of the decision tells one from the other.
    """
    when = f":{application.decided_at.isoformat()}" if application.decided_at else ""
    key, reason = f"{application.status}:{application.pk}{when}", f"Decision: {application.get_status_display()}."
    return _to_school(f"decided_{application.status}", application, key=key, reason=reason, at=at)


def place_accepted(application: Application, *, at: datetime) -> Message:
    place = application.place
    latest = application.checks.first()
    return _to_school(
        "place_accepted",
        application,
        key=f"place-{place.status}:{place.pk}",
        reason=f"The school's place: {place.get_status_display()}.",
        at=at,
        place=place,
        grant=place.grant,
        missing=application.nominees.count() < 2,
        nobody_leads=latest is not None and any(row["code"] == "no_leading_advocate" for row in latest.findings),
    )


def remind_names(application: Application, *, key: str, rule: str, at: datetime, expires_at: datetime) -> Message:
    """Remind the contact that the place waits for names. The key ends with the ordinal, not with the address."""
    return queue(
        "remind_names",
        to=application.contact_email,
        key=key,
        reason="The place waits for both Mastery Advocates' names.",
        context={
            "application": application,
            "school": application.school,
            "hub": application.hub,
            "place": application.place,
            "link": links.mark(manage_link(application, at=at)),
        },
        at=at,
        hub=application.hub,
        related=subject_of(application),
        rule=rule,
        expires_at=expires_at,
    )
