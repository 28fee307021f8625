"""What can become of what a hub puts to a school for the next year, and what the school can answer."""

from django.db import models


class ProposalStatus(models.TextChoices):
    ASKED = "asked", "Asked"
    ANSWERED = "answered", "Answered"
    WAITING = "waiting", "Said yes, waits"
    SETTLED = "settled", "Taken up"
    PUT_OFF = "put_off", "Not now: ask again"
    STOPPED = "stopped", "Does not go on"
    LAPSED = "lapsed", "No answer in time"
    WITHDRAWN = "withdrawn", "Taken back by the hub"


S = ProposalStatus
PROPOSAL_MOVES = {
    S.ASKED: {S.ANSWERED, S.LAPSED, S.WITHDRAWN},
    S.ANSWERED: {S.SETTLED, S.WAITING, S.PUT_OFF, S.STOPPED, S.WITHDRAWN},
    S.WAITING: {S.SETTLED, S.WITHDRAWN},
    S.SETTLED: set(),
    S.PUT_OFF: set(),
    S.STOPPED: set(),
    S.LAPSED: {S.ANSWERED},  # by a colleague, for a school that rings late
    S.WITHDRAWN: set(),
}
LIVE_PROPOSAL = [S.ASKED, S.ANSWERED, S.WAITING, S.SETTLED]
"""Statuses of which a school has one a year: after the others it can be asked anew."""
OPEN_TO_ANSWER = [S.ASKED, S.ANSWERED]


class Answer(models.TextChoices):
    """What a school says to one phase."""

    YES = "yes", "Yes"
    MAYBE = "maybe", "Maybe: we cannot say yet"
    NO = "no", "Not now"


class Reason(models.TextChoices):
    """Why not now. No source lists these: the words are ours, and “other” has a line of its own."""

    PEOPLE = "people", "People are leaving, or are new"
    TIME = "time", "We cannot release teachers"
    PRIORITY = "priority", "The school has another priority"
    ALONE = "alone", "We go on by ourselves"
    NOT_HELPFUL = "not_helpful", "It did not help us enough"
    OTHER = "other", "Another reason"


class Team(models.TextChoices):
    """Who takes part for the school."""

    SAME = "same", "The same as now"
    LATER = "later", "We will tell you later"
