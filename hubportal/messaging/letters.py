"""From a row of the outbox to the e-mail that goes out. Private addresses are put in here and never stored."""

import hashlib
from email.errors import MessageError
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.urls import NoReverseMatch

from hubportal.accounts import links

from .models import Message

IMPOSSIBLE = (ValueError, LookupError, NoReverseMatch, MessageError, ValidationError)
"""What `compose` raises when no e-mail can be made of a message."""


def message_id(key: str) -> str:
    """Return the Message-ID of a key: the same at every try, so that the provider's log settles what was unclear."""
    digest = hashlib.sha256(f"message:{key}".encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.PORTAL_URL).hostname or 'localhost'}>"


def compose(message: Message) -> EmailMessage:
    """Return the e-mail of a message. Raises one of IMPOSSIBLE when none can be made of it."""
    validate_email(message.to)
    email = EmailMessage(
        subject=message.subject,
        body=links.fill(message.text),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        reply_to=[message.hub.contact_email] if message.hub else None,
        headers={"Message-ID": message_id(message.key), "Auto-Submitted": "auto-generated"},
    )
    email.message()  # a newline in a header shows now, before anybody is troubled with it
    return email
