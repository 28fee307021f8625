"""The e-mails about next year: who gets them, their keys, their words' context."""

import hashlib
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.template import Context

from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from hubportal.clock import LONDON, london_date
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message
from hubportal.messaging.outbox import queue

from .models import Proposal
from .offer import Offer, offers

LINK = "applications:next_year"
LINK_LIVES = timedelta(days=365)
LETTERS = {
    Proposal.Kind.NEXT: "rollover_next",
    Proposal.Kind.LAPSED: "rollover_lapsed",
    Proposal.Kind.DEPARTMENT: "rollover_department",
}
BATCH_LENGTH = 80


def private_link(proposal: Proposal, *, at: datetime) -> PrivateLink:
    return links.make(LINK, subject_of(proposal), at=at, lives=LINK_LIVES)


def batch_of(proposal: Proposal) -> str:
    """Return the name under which staff see a hub's letters of a year as one."""
    return f"Rollover {proposal.year_label}, {proposal.hub.name}"[:BATCH_LENGTH]


def words(proposal: Proposal, offers: list[Offer], link: str, phases=()) -> dict:
    """Return what the letters say; `offers` are those of the proposal's phases, or of those that it would have."""
    return {
        "proposal": proposal,
        "school": proposal.school,
        "hub": proposal.hub,
        "offers": offers,
        "phases": phases,
        "link": link,
    }


def plain(words: dict) -> Context:
    """Return the words as a letter has them, in plain text: O'Brien stays O'Brien."""
    return Context(words, autoescape=False)


def _to_school(template: str, proposal: Proposal, *, key: str, reason: str, at: datetime, **more) -> Message:
    link = links.mark(private_link(proposal, at=at))
    phases = list(proposal.phases.with_details())
    return queue(
        template,
        to=proposal.contact_email,
        key=key,
        reason=reason,
        context=words(proposal, offers(phases, london_date(proposal.made_at)), link, phases),
        at=at,
        hub=proposal.hub,
        related=subject_of(proposal),
        **more,
    )


def _short(address: str) -> str:
    """Return an address as a key holds it: a message is one a recipient, and an address can be longer than a key."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:12]


def letters(proposal: Proposal) -> QuerySet:
    """Return the letters with the question itself, newest first."""
    return Message.objects.about(subject_of(proposal)).filter(template__in=LETTERS.values())


def has_gone_out(proposal: Proposal) -> bool:
    return letters(proposal).filter(sent_at__isnull=False).exists()


def end_of(day) -> datetime:
    """Return the moment at which a London day is over."""
    return datetime.combine(day + timedelta(days=1), time(0), LONDON)


def asked(proposal: Proposal, *, at: datetime) -> Message:
    """The letter itself, held with the others of its hub and year until staff have seen who gets them."""
    return _to_school(
        LETTERS[Proposal.Kind(proposal.kind)],
        proposal,
        key=f"rollover:{proposal.pk}:{_short(proposal.contact_email)}",
        reason="Can go on next year, and is asked whether it will.",
        at=at,
        batch=batch_of(proposal),
        expires_at=end_of(proposal.answer_by),
    )


def remind(proposal: Proposal, *, key: str, rule: str, at: datetime, expires_at: datetime) -> Message:
    reason = "Has not said yet whether it goes on next year."
    return _to_school("rollover_remind", proposal, key=key, reason=reason, at=at, rule=rule, expires_at=expires_at)


def settled(proposal: Proposal, *, at: datetime) -> Message:
    key, reason = f"rollover-settled:{proposal.pk}:{at.isoformat()}", "Said that it goes on, and has its places."
    return _to_school("rollover_settled", proposal, key=key, reason=reason, at=at)


def confirmed(proposal: Proposal, *, at: datetime) -> Message:
    key, reason = f"rollover-named:{proposal.pk}:{at.isoformat()}", "Has named who takes part next year."
    return _to_school("rollover_settled", proposal, key=key, reason=reason, at=at)


def new_link(proposal: Proposal, *, at: datetime) -> Message:
    key, reason = f"rollover-link:{proposal.pk}:{at.isoformat()}", "The hub sent the private link again."
    return _to_school("rollover_link", proposal, key=key, reason=reason, at=at)


def contact_changed(proposal: Proposal, *, at: datetime) -> Message:
    key, reason = f"rollover-contact:{proposal.pk}:{at.isoformat()}", "Became the contact for next year."
    return _to_school("rollover_link", proposal, key=key, reason=reason, at=at)


def contact_left(proposal: Proposal, *, name: str, to: str, at: datetime) -> Message:
    """Tell the address before that it is not written to any more. No link: it was closed with the change."""
    return queue(
        "rollover_left",
        to=to,
        key=f"rollover-left:{proposal.pk}:{at.isoformat()}",
        reason="Was the contact for next year until somebody changed it.",
        context={"name": name, "school": proposal.school, "hub": proposal.hub},
        at=at,
        hub=proposal.hub,
        related=subject_of(proposal),
    )


def hub_is_told(proposal: Proposal, phases, *, at: datetime) -> Message:
    """Tell the hub of a yes for which there is no place."""
    return queue(
        "rollover_hub",
        to=proposal.hub.contact_email,
        key=f"rollover-hub:{proposal.pk}:{at.isoformat()}",
        reason="A school said yes, and there is no place for it.",
        context=words(proposal, [], "", phases),
        at=at,
        hub=proposal.hub,
        related=subject_of(proposal),
    )
