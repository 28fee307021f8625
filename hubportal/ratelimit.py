"""Limits on how often an address may do something, counted in PostgreSQL.

Why here and not in Redis: the portal promises that a broker that is down only delays work. Counters in Redis would then
have to fail open (no limits) or closed (nobody signs in). In PostgreSQL they share the fate of the pages they guard.
Why not django-ratelimit 4.1: its count is `cache.add` and `cache.incr`, which Django's database cache does not do
atomically, and with Redis down it raises; it also sends no Retry-After. Here one statement counts and answers.

allauth's own limits on sign-in use Django's cache, which settings keep in an unlogged PostgreSQL table for the same
reason; so there is nothing to fail open.
"""

import hashlib
import hmac
import ipaddress
import math
import re
from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

COUNT = """
INSERT INTO accounts_ratecount AS kept (key, count, ends_at) VALUES (%(key)s, 1, %(ends_at)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.ends_at <= %(at)s THEN 1 ELSE kept.count + 1 END,
    ends_at = CASE WHEN kept.ends_at <= %(at)s THEN excluded.ends_at ELSE kept.ends_at END
RETURNING count, ends_at
"""
SWEEP = """
DELETE FROM accounts_ratecount WHERE key IN (
    SELECT key FROM accounts_ratecount WHERE ends_at <= %s LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


def limit(group: str, rate: str, *, methods: tuple[str, ...] = ("POST",)):
    """Let a client address through at most `rate` times (“60/h”; units s, m, h, d), else answer 429.

    Views with the same `group` share the count. Only `methods` are counted.
    """

    def decorate(view):
        @wraps(view)
        def limited(request, *args, **kwargs):
            if request.method not in methods:
                return view(request, *args, **kwargs)
            seconds = wait(group, client(request), rate, at=timezone.now())
            return too_many(request, seconds=seconds) if seconds else view(request, *args, **kwargs)

        return limited

    return decorate


def wait(group: str, who: str, rate: str, *, at: datetime) -> int:
    """Count one more for `who` and return the seconds to wait: 0 while within `rate`.

    `who` may be an address of the network or a person's e-mail; only a keyed hash of it is kept.
    """
    allowed, window = parse(rate)
    key = hmac.new(settings.SECRET_KEY.encode(), f"{group}|{rate}|{who}".encode(), hashlib.sha256).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "at": at, "ends_at": at + window})
        count, ends_at = cursor.fetchone()
        if count == 1:  # a window began: sweep a few that ended
            cursor.execute(SWEEP, [at])
    return 0 if count <= allowed else max(1, math.ceil((ends_at - at).total_seconds()))


def parse(rate: str) -> tuple[int, timedelta]:
    """Return how many and in how long: “60/h”, “5/10m”."""
    count, _, window = rate.partition("/")
    return int(count), timedelta(**{UNITS[window[-1]]: int(window[:-1] or 1)})


def client(request: HttpRequest) -> str:
    """Return whom a limit counts: the client's address, of IPv6 its /64 network."""
    seen = ipaddress.ip_address(address(request))
    return str(ipaddress.ip_network(f"{seen}/64", strict=False)) if seen.version == 6 else str(seen)


def address(request: HttpRequest) -> str:
    """Return the client's network address.

    Each proxy adds the address it saw to the right of X-Forwarded-For, so behind n trusted ones the nth from the right
    is the client's; whatever stands left of it the client may have made up.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.TRUSTED_PROXIES
    seen = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return _plain(seen) or _plain(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"


def _plain(text: str) -> str:
    """Return an address without port and brackets, or "" when it is none."""
    found = re.fullmatch(r"\s*(?:\[(?P<six>[^]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+|(?P<bare>\S+))\s*", text)
    try:
        return str(ipaddress.ip_address(found["six"] or found["four"] or found["bare"])) if found else ""
    except ValueError:
        return ""


def too_many(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """Answer 429 and say when to try again."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds)
    return response
