"""One function per e-mail about a teacher's application: who gets it, its key, its words' context."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink, User
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue

from .facts import days_asked, rule_set_of
from .models import HeadPart, SpecialistApplication, TeacherCheck

MANAGE_LINK = "specialists:manage"
CONTINUE_LINK = "specialists:continue"
LINK_LIVES = timedelta(days=365)
DRAFT_LIVES = timedelta(days=60)


def manage_link(application: SpecialistApplication, *, at: datetime) -> PrivateLink:
    """Return a new private link to the teacher's page of their application."""
    return links.make(MANAGE_LINK, subject_of(application), at=at, lives=LINK_LIVES)


def _short(text: str) -> str:
    return hashlib.sha256(text.lower().encode()).hexdigest()[:12]


def _context(application: SpecialistApplication, **more) -> dict:
    return {"application": application, "school": application.school, "hub": application.hub} | more


def _to_teacher(name: str, application: SpecialistApplication, *, key: str, reason: str, at: datetime, **more):
    """Queue an e-mail to the teacher, with the private link to the application."""
    link = links.mark(manage_link(application, at=at))
    return _queue(name, application, application.email, key, reason, at, link=link, **more)


def _queue(template, application, to: str, key: str, reason: str, at: datetime, **more) -> Message:
    return queue(
        f"specialist_{template}",
        to=to,
        key=f"specialist-{key}",
        reason=reason,
        context=_context(application, **more),
        at=at,
        hub=application.hub,
        related=subject_of(application),
    )


def draft_saved(application: SpecialistApplication, email: str, *, at: datetime) -> Message:
    link = links.make(CONTINUE_LINK, subject_of(application), at=at, lives=DRAFT_LIVES)
    reason = "Asked to go on with the form later."
    more = {"link": links.mark(link), "until": link.expires_at}
    return _queue("draft_saved", application, email, f"draft-saved:{link.pk}", reason, at, **more)


def received(application: SpecialistApplication, *, at: datetime) -> Message:
    reason = "Applied to the Specialist Programme."
    return _to_teacher("received", application, key=f"received:{application.pk}", reason=reason, at=at)


def joined(application: SpecialistApplication, live: SpecialistApplication, *, at: datetime) -> None:
    """Tell a teacher that they had applied, with the link to that application, at the address that it gives.

    Another address, which the second form gave, is told so without the link: it may not be the same person's.
    """
    key, reason = f"joined:{application.pk}", "Applied a second time to the same cohort."
    _to_teacher("joined", live, key=key, reason=reason, at=at, second=application)
    if application.email.lower() != live.email.lower():
        _queue("joined_elsewhere", application, application.email, f"{key}:elsewhere", reason, at)


def checked(application: SpecialistApplication, made: TeacherCheck, *, at: datetime) -> Message:
    by_effect = {effect: [row for row in made.findings if row["effect"] == effect] for effect in _EFFECTS}
    more = {name: by_effect[effect] for effect, name in _EFFECTS.items()}
    reason = "The eligibility check was made."
    return _to_teacher("checked", application, key=f"checked:{made.pk}", reason=reason, at=at, **more)


_EFFECTS = {"refuse": "refused", "refer": "referred", "warn": "warned"}


def contact_changed(application: SpecialistApplication, *, at: datetime) -> Message:
    key, reason = f"contact-changed:{application.pk}:{at.isoformat()}", "Gave this address as theirs."
    return _to_teacher("contact_changed", application, key=key, reason=reason, at=at)


def contact_left(application: SpecialistApplication, *, name: str, to: str, at: datetime) -> Message:
    """Tell the address before that it is not written to any more. No link: it was closed with the change."""
    key, reason = f"contact-left:{application.pk}:{at.isoformat()}", "Was the address until somebody changed it."
    return _queue("contact_left", application, to, key, reason, at, name=name)


def new_link(application: SpecialistApplication, *, at: datetime) -> Message:
    key, reason = f"new-link:{application.pk}:{at.isoformat()}", "The hub sent the private link again."
    return _to_teacher("new_link", application, key=key, reason=reason, at=at)


def withdrawn(application: SpecialistApplication, *, at: datetime) -> Message:
    reason = "The application was withdrawn."
    return _to_teacher("withdrawn", application, key=f"withdrawn:{application.pk}", reason=reason, at=at)


def ask_head(asked: HeadPart, link: PrivateLink, *, at: datetime) -> Message:
    days = days_asked(rule_set_of(asked.application, at=at))
    reason = "Was named as the head, who answers for the school."
    more = {"asked": asked, "link": links.mark(link), "days": days}
    return _queue("ask_head", asked.application, asked.email, f"ask-head:{asked.pk}:{link.pk}", reason, at, **more)


def head_answered(asked: HeadPart, *, at: datetime) -> Message:
    key, reason = f"head-answered:{asked.pk}:{asked.status}", "The head has answered."
    return _to_teacher("head_answered", asked.application, key=key, reason=reason, at=at, asked=asked)


def _to_hub(name: str, application: SpecialistApplication, *, to: str, key: str, reason: str, at: datetime, **more):
    page = reverse("admin:applications_specialistapplication_change", args=[application.pk])
    return _queue(name, application, to, key, reason, at, url=settings.PORTAL_URL + page, **more)


def _hub_contact(application: SpecialistApplication) -> str:
    return application.cohort.contact_email or application.hub.contact_email


def hub_has_application(application: SpecialistApplication, *, at: datetime) -> Message:
    key = f"hub-has:{application.pk}"
    reason = "The hub's contact: a teacher has applied and has been checked."
    return _to_hub("hub_has", application, to=_hub_contact(application), key=key, reason=reason, at=at)


def hub_is_told(application: SpecialistApplication, what: str, *, at: datetime) -> Message:
    """Tell the hub what the teacher or the head has just done; `what` is a sentence without names of people."""
    key, reason = f"hub-told:{application.pk}:{at.isoformat()}:{_short(what)}", f"The hub's contact: {what}"
    return _to_hub("hub_told", application, to=_hub_contact(application), key=key, reason=reason, at=at, what=what)


def reader_is_asked(application: SpecialistApplication, reader: User, *, at: datetime) -> Message:
    key, reason = f"reader:{application.pk}:{reader.pk}:{at.isoformat()}", "Was asked to read the application."
    return _to_hub("reader", application, to=reader.email, key=key, reason=reason, at=at, reader=reader)


def result_letter(application: SpecialistApplication, link: str = "[the teacher's private link]") -> tuple[str, str]:
    """Return subject and text of the letter that goes with the decision, as `result` sends it."""
    context = Context(_context(application, link=link, days=_days(application)), autoescape=False)
    name = f"emails/specialist_{application.decision}"
    subject, text = (get_template(f"{name}{end}").template.render(context) for end in (".subject.txt", ".txt"))
    return " ".join(subject.split()), text


def _days(application: SpecialistApplication) -> int | None:
    return days_asked(rule_set_of(application, at=application.submitted_at))


def result(application: SpecialistApplication, *, at: datetime) -> Message:
    """Tell the teacher what the hub has decided, once it is released."""
    key, reason = f"{application.decision}:{application.pk}", "The hub has released its decisions."
    return _to_teacher(application.decision, application, key=key, reason=reason, at=at, days=_days(application))
