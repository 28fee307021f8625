"""Secrets at rest: encrypted under the secret key, so that neither the database nor the outbox gives them away.

A sign-in code stands in the kept text of its message as a sealed mark, which only delivery opens (`links.fill`).
Keys retired to SECRET_KEY_FALLBACKS still open what they closed.
"""

import base64
import hashlib
import re

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = re.compile(r"\[\[sealed ([A-Za-z0-9_=-]+)\]\]")


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(f"sealed:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def close(secret: str) -> str:
    """Return `secret` encrypted, as plain letters."""
    return _box().encrypt(secret.encode()).decode()


def reveal(closed: str) -> str:
    """Return the secret again. Raises cryptography.fernet.InvalidToken when no key fits."""
    return _box().decrypt(closed.encode()).decode()


def mark(secret: str) -> str:
    """Return what stands for the secret in a text that is kept."""
    return f"[[sealed {close(secret)}]]"


def fill(text: str) -> str:
    """Return `text` with every sealed mark opened. Only delivery calls this; never store or log it.

    What only looks like a mark, because somebody typed it into a form, stays as it is.
    """
    return MARK.sub(_opened, text)


def _opened(found: re.Match) -> str:
    try:
        return reveal(found[1])
    except InvalidToken:
        return found[0]


def hide(text: str) -> str:
    """Return `text` as staff may read it."""
    return MARK.sub("[a secret code]", text)
