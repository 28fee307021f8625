"""What can become of a change in the register to a school of ours, and in what order the search shows schools."""

from django.db import models


class ChangeKind(models.TextChoices):
    CLOSED = "closed", "Closed"
    RENAMED = "renamed", "New name"
    TYPE = "type", "New type"
    PHASE = "phase", "New phase"


class ChangeStatus(models.TextChoices):
    OPEN = "open", "Waiting for a decision"
    ACCEPTED = "accepted", "Accepted"
    FOLLOWED = "followed", "Moved to the successor"
    JOINED = "joined", "Joined into another school"
    IGNORED = "ignored", "Left as it was"


S = ChangeStatus
MOVES = {
    S.OPEN: {S.ACCEPTED, S.FOLLOWED, S.JOINED, S.IGNORED},
    S.ACCEPTED: set(),
    S.FOLLOWED: set(),
    S.JOINED: set(),
    S.IGNORED: set(),
}


class SearchRank(models.IntegerChoices):
    """Which schools a search shows first. The SQL function school_rank() computes it from status and phase."""

    OPEN_SECONDARY = 0, "Open, of a secondary phase"
    OPEN = 1, "Open, of another phase"
    PROPOSED = 2, "Proposed to open"
    CLOSED = 3, "Closed"
