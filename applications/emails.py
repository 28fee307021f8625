"""One function per e-mail: who gets it, its key, its words' context. Whether it is sent is decided by the actions."""

import hashlib
from datetime import datetime, timedelta

from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue

from .models import Application, EligibilityCheck, Endorsement, InformationRequest

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
    reason = "Sent an expression of interest."
    return _to_school("received", application, key=f"received:{application.pk}", reason=reason, at=at)


def contact_changed(application: Application, *, at: datetime) -> Message:
    key, reason = f"contact-changed:{application.pk}:{at:%Y%m%d%H%M%S}", "Became the contact of the application."
    return _to_school("contact_changed", application, key=key, reason=reason, at=at)


def new_link(application: Application, *, at: datetime) -> Message:
    key, reason = f"new-link:{application.pk}:{at:%Y%m%d%H%M}", "The hub sent the private link again."
    return _to_school("new_link", application, key=key, reason=reason, at=at)


def joined(application: Application, live: Application, *, at: datetime) -> Message:
    """Tell the second person of a school that a colleague was first. No link: it is the colleague's application."""
    return queue(
        "joined",
        to=application.contact_email,
        key=f"joined:{application.pk}",
        reason="Sent an expression of interest for a school that had sent one.",
        context={"application": application, "live": live, "school": live.school, "hub": live.hub},
        at=at,
        hub=live.hub,
        related=subject_of(live),
    )


def checked(application: Application, made: EligibilityCheck, *, at: datetime) -> Message:
    findings = made.findings
    return _to_school(
        "checked",
        application,
        key=f"checked:{made.pk}",
        reason="The eligibility check was made.",
        at=at,
        refused=[row for row in findings if row["effect"] == "refuse"],
        referred=[row for row in findings if row["effect"] == "refer"],
        warned=[row for row in findings if row["effect"] == "warn"],
    )


def hub_has_application(application: Application, *, at: datetime) -> Message:
    return queue(
        "hub_has_application",
        to=application.cohort.contact_email or application.hub.contact_email,
        key=f"hub-has-application:{application.pk}",
        reason="The hub's contact: an application has come in and has been checked.",
        context={"application": application, "school": application.school, "hub": application.hub},
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def ask_head(asked: Endorsement, link: PrivateLink, *, at: datetime) -> Message:
    return _to_head("ask_head", asked, link, key=f"ask-head:{asked.pk}", at=at)


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
    application = request.application
    return queue(
        "hub_has_answer",
        to=application.cohort.contact_email or application.hub.contact_email,
        key=f"answer:{request.pk}",
        reason="The hub's contact: the school has answered a question.",
        context={"application": application, "school": application.school, "request": request},
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def place_offered(application: Application, *, at: datetime) -> Message:
    key, reason = f"place-offered:{application.place_id}", "The hub has offered a place."
    return _to_school("place_offered", application, key=key, reason=reason, at=at, place=application.place)


def decided(application: Application, *, at: datetime) -> Message:
    """Tell the school of a decision that needs no answer: waiting list, not offered, withdrawn, offer ran out."""
    key, reason = f"{application.status}:{application.pk}", f"Decision: {application.get_status_display()}."
    return _to_school(f"decided_{application.status}", application, key=key, reason=reason, at=at)


def place_accepted(application: Application, *, at: datetime) -> Message:
    place = application.place
    key, reason = f"place-{place.status}:{place.pk}", f"The school's place: {place.get_status_display()}."
    return _to_school("place_accepted", application, key=key, reason=reason, at=at, place=place, grant=place.grant)


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
