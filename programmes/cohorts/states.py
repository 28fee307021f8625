"""What can become of a school's place on a cohort, and of a set of rules."""

from django.db import models


class PlaceStatus(models.TextChoices):
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted, Advocates to be named"
    CONFIRMED = "confirmed", "Confirmed"
    ACTIVE = "active", "Taking part"
    COMPLETED = "completed", "Completed"
    PART_COMPLETED = "part_completed", "Completed in part"
    DECLINED = "declined", "Declined by the school"
    LAPSED = "lapsed", "Offer ran out"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DEFERRED = "deferred", "Put off to a later year"
    TRANSFERRED = "transferred", "Moved to another hub or project"
    VOID = "void", "Entered by mistake"


S = PlaceStatus
LEAVES = {S.WITHDRAWN, S.DEFERRED, S.TRANSFERRED, S.VOID}
PLACE_MOVES = {
    S.OFFERED: {S.ACCEPTED, S.DECLINED, S.LAPSED, S.WITHDRAWN, S.VOID},
    S.ACCEPTED: {S.CONFIRMED} | LEAVES,
    S.CONFIRMED: {S.ACTIVE} | LEAVES,
    S.ACTIVE: {S.COMPLETED, S.PART_COMPLETED} | LEAVES,
    S.COMPLETED: {S.VOID},
    S.PART_COMPLETED: {S.VOID},
    S.DECLINED: set(),
    S.LAPSED: set(),
    S.WITHDRAWN: {S.VOID},
    S.DEFERRED: {S.VOID},
    S.TRANSFERRED: {S.VOID},
    S.VOID: set(),
}
HOLDS_A_PLACE = [S.OFFERED, S.ACCEPTED, S.CONFIRMED, S.ACTIVE, S.COMPLETED, S.PART_COMPLETED]
"""Statuses that count against the cohort's capacity, and of which a school has one a project."""
TOOK_PART = [S.ACTIVE, S.COMPLETED, S.PART_COMPLETED]
"""Statuses after which a school counts as having been in a programme."""


class RuleSetStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed by one, waits for a second person"
    PUBLISHED = "published", "Published"
    DROPPED = "dropped", "Dropped"


R = RuleSetStatus
RULE_SET_MOVES = {
    R.DRAFT: {R.SIGNED, R.DROPPED},
    R.SIGNED: {R.DRAFT, R.PUBLISHED, R.DROPPED},
    R.PUBLISHED: set(),
    R.DROPPED: set(),
}
