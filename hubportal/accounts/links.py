"""Private links: made with a record, opened by whoever holds the address, worth nothing to a reader of the database.

The token is HMAC(secret key, link id). A message in the outbox holds only a mark where the address belongs; `fill()`
puts the address in while the message is being sent. Sign-in codes are kept the same way (`sealed.py`).
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse

from . import sealed
from .models import PrivateLink

MARK = re.compile(r"\[\[private link ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]\]")


def _token(link_id, key: str) -> str:
    digest = hmac.new(key.encode(), f"private-link:{link_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(purpose: str, subject: str, *, at: datetime, lives: timedelta) -> PrivateLink:
    """Return a new link to page `purpose` (a URL name that takes the token) about record `subject`."""
    link_id = uuid4()
    return PrivateLink.objects.create(
        id=link_id,
        purpose=purpose,
        subject=subject,
        token_hash=_hash(_token(link_id, settings.SECRET_KEY)),
        created_at=at,
        expires_at=at + lives,
    )


def mark(link: PrivateLink) -> str:
    """Return what stands in a message's kept text instead of the address."""
    return f"[[private link {link.pk}]]"


def find(token: str, purpose: str) -> PrivateLink | None:
    """Return the link of this token and purpose, expired and revoked ones included, or None."""
    return PrivateLink.objects.filter(token_hash=_hash(token), purpose=purpose).first()


def is_open(link: PrivateLink, at: datetime) -> bool:
    """Return whether the link still opens its page."""
    return link.revoked_at is None and at < link.expires_at


def revoke(subject: str, purpose: str, *, at: datetime) -> int:
    """Close every open link of this purpose to the record; return how many. Safe to call twice."""
    return PrivateLink.objects.live(at).filter(subject=subject, purpose=purpose).update(revoked_at=at)


def address(link: PrivateLink) -> str:
    """Return the whole secret address. Only delivery calls this; never store or log it.

    Keys retired to SECRET_KEY_FALLBACKS still open the links that were made with them.
    """
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        token = _token(link.pk, key)
        if hmac.compare_digest(_hash(token), link.token_hash):
            return settings.PORTAL_URL + reverse(link.purpose, args=[token])
    raise LookupError(f"No key makes the token of {link}.")


def fill(text: str) -> str:
    """Return `text` with every mark replaced by its secret address, and every sealed code opened.

    What only looks like a mark, because somebody typed it into a form, stays as it is.
    """
    by_id = {str(link.pk): link for link in PrivateLink.objects.filter(pk__in=_ids_in(text))}
    return sealed.fill(MARK.sub(lambda found: address(by_id[found[1]]) if found[1] in by_id else found[0], text))


def _ids_in(text: str) -> set[UUID]:
    return {UUID(found) for found in MARK.findall(text)}


def hide(text: str) -> str:
    """Return `text` as staff may read it: the mark becomes plain words."""
    return sealed.hide(MARK.sub("[a private link]", text))


def record(token: str, purpose: str, queryset, *, at: datetime):
    """Return the record of `queryset` that an open link of this purpose leads to, or None for any other token."""
    link = find(token, purpose)
    if link is None or not is_open(link, at):
        return None
    label, _, pk = link.subject.partition(":")
    return queryset.filter(pk=pk).first() if label == queryset.model._meta.label_lower else None
