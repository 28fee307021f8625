"""What can become of a school's place on a cohort."""

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


S = PlaceStatus
PLACE_MOVES = {
    S.OFFERED: {S.ACCEPTED, S.DECLINED, S.LAPSED, S.WITHDRAWN},
    S.ACCEPTED: {S.CONFIRMED, S.WITHDRAWN},
    S.CONFIRMED: {S.ACTIVE, S.WITHDRAWN},
    S.ACTIVE: {S.COMPLETED, S.PART_COMPLETED, S.WITHDRAWN},
    S.COMPLETED: set(),
    S.PART_COMPLETED: set(),
    S.DECLINED: set(),
    S.LAPSED: set(),
    S.WITHDRAWN: set(),
}
HOLDS_A_PLACE = [S.OFFERED, S.ACCEPTED, S.CONFIRMED, S.ACTIVE, S.COMPLETED, S.PART_COMPLETED]
"""Statuses that count against the cohort's capacity, and of which a school has one a project."""
