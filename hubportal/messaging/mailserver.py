"""How the mail server is: while it is down everybody waits together, and one worker at a time looks whether it is back.

All times here are the database's, so a worker with a wrong clock neither hurries nor holds up the others.
"""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from .models import MailServer

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
PROBE_TAKES = timedelta(minutes=3)
"""After this the worker that looks is thought dead, and the next one may look."""


def pause_after(failures: int) -> timedelta:
    """Return how long to leave the server alone after so many failures on end: 10 s, doubling up to 5 minutes."""
    return min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)


def ask_leave() -> int | None:
    """Return the failures known of if this worker may talk to the server now, else None.

    While the server is well everybody may. After a pause exactly one worker may: the guarded UPDATE picks it.
    """
    server = MailServer.objects.filter(failures__gt=0).first()
    if server is None:
        return 0
    picked = MailServer.objects.filter(failures=server.failures, paused_until__lte=Now()).update(
        paused_until=Now() + PROBE_TAKES
    )
    return server.failures if picked else None


def went_down(known: int, problem: str) -> None:
    """Pause everybody. Of several workers that notice at once, the first one counts."""
    MailServer.objects.get_or_create(id=1)
    MailServer.objects.filter(failures=known).update(
        failures=F("failures") + 1, paused_until=Now() + pause_after(known + 1), last_error=problem[:500]
    )


def answered(known: int) -> None:
    """End the pause: the server has just given a clear answer."""
    MailServer.objects.filter(failures=known).exclude(failures=0).update(failures=0, paused_until=None, last_error="")


def trouble() -> MailServer | None:
    """Return the server while it does not answer, for staff to see."""
    return MailServer.objects.filter(failures__gt=0).first()
