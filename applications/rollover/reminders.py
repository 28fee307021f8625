"""The one reminder of next year's question: counted from the day on which the letter went out, never before."""

from collections.abc import Iterator
from datetime import date

from hubportal.clock import london_date
from hubportal.history.actions import subject_of
from hubportal.messaging.models import Message

from . import emails
from .models import Proposal
from .states import ProposalStatus


def to_remind(today: date) -> Iterator[tuple[Proposal, str, date, str]]:
    """Yield each proposal that waits for the school: record, subject, since when, address."""
    asked = Proposal.objects.filter(status=ProposalStatus.ASKED, answer_by__gte=today).with_details()
    waiting = {subject_of(each): each for each in asked}
    gone_out = Message.objects.filter(related__in=waiting, template__in=emails.LETTERS.values(), sent_at__isnull=False)
    for subject, sent_at in gone_out.order_by("sent_at").values_list("related", "sent_at"):
        if proposal := waiting.pop(subject, None):
            yield proposal, subject, london_date(sent_at), proposal.contact_email


def remind(proposal: Proposal, **kept) -> bool:
    """Queue the reminder unless the school has answered since; call it in a transaction."""
    locked = Proposal.objects.locked(proposal.pk)
    if locked.status != ProposalStatus.ASKED:
        return False
    emails.remind(locked, **kept)
    return True
