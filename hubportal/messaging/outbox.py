"""Putting mail in the outbox. A worker sends it after commit; see `delivery.py`."""

from datetime import datetime

from django.template import Context
from django.template.loader import get_template

from .models import Message
from .states import Status
from .wakeup import poke

DELIVER = "hubportal.messaging.tasks.deliver_due"


def queue(
    template: str,
    *,
    to: str,
    key: str,
    reason: str,
    context: dict,
    at: datetime,
    hub=None,
    related: str = "",
    rule: str = "",
    held: bool = False,
    batch: str = "",
    expires_at: datetime | None = None,
) -> Message:
    """Put one e-mail in the outbox and return it. The same `key` is never queued twice.

    `reason` is a sentence for staff: why this person gets it. `held` waits for a person to release it. `batch` names
    mail to many, which is always held: staff see everybody who gets it on one page, and release or drop all of it.
    """
    held = held or bool(batch)
    message, new = Message.objects.get_or_create(
        key=key,
        defaults={
            "hub": hub,
            "template": template,
            "reason": reason,
            "related": related,
            "rule": rule,
            "batch": batch,
            "to": to,
            "status": Status.HELD if held else Status.QUEUED,
            "created_at": at,
            "expires_at": expires_at,
            **_written(template, context),
        },
    )
    if new and not held:
        poke(DELIVER)
    return message


def _written(template: str, context: dict) -> dict:
    subject = " ".join(_plain(f"emails/{template}.subject.txt", context).split())
    return {"subject": subject[:200], "text": _plain(f"emails/{template}.txt", context)}


def _plain(template_name: str, context: dict) -> str:
    """Return the template as plain text: O'Brien stays O'Brien."""
    return get_template(template_name).template.render(Context(context, autoescape=False))
