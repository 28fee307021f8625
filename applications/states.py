"""What can become of an application, and of the head's confirmation."""

from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Sent"
    CHECKING = "checking", "Being checked"
    ELIGIBLE = "eligible", "Eligible"
    REFERRED = "referred", "A person will look at it"
    INELIGIBLE = "ineligible", "Not eligible as it stands"
    WAITLISTED = "waitlisted", "On the waiting list"
    OFFERED = "offered", "Place offered"
    ACCEPTED = "accepted", "Place accepted"
    DECLINED = "declined", "Offer declined by the school"
    LAPSED = "lapsed", "Offer ran out"
    NOT_OFFERED = "not_offered", "Not offered a place"
    WITHDRAWN = "withdrawn", "Withdrawn"
    TRANSFERRED = "transferred", "Moved to another hub or year"
    DUPLICATE = "duplicate", "Joined to another application"


S = Status
LEAVE = {S.WITHDRAWN, S.DUPLICATE, S.TRANSFERRED}
CHECKED = {S.ELIGIBLE, S.REFERRED, S.INELIGIBLE}
MOVES = {
    S.DRAFT: {S.SUBMITTED, S.DUPLICATE, S.WITHDRAWN},
    S.SUBMITTED: {S.CHECKING} | LEAVE,
    S.CHECKING: CHECKED | LEAVE,
    S.ELIGIBLE: {S.OFFERED, S.WAITLISTED, S.NOT_OFFERED, S.REFERRED, S.INELIGIBLE} | LEAVE,
    S.REFERRED: {S.ELIGIBLE, S.INELIGIBLE, S.WAITLISTED, S.NOT_OFFERED} | LEAVE,
    S.INELIGIBLE: {S.ELIGIBLE, S.REFERRED, S.NOT_OFFERED} | LEAVE,
    S.WAITLISTED: {S.OFFERED, S.NOT_OFFERED, S.REFERRED, S.INELIGIBLE} | LEAVE,
    S.OFFERED: {S.ACCEPTED, S.DECLINED, S.LAPSED, S.WITHDRAWN},
    S.ACCEPTED: {S.WITHDRAWN},
    S.DECLINED: set(),
    S.LAPSED: set(),
    S.NOT_OFFERED: set(),
    S.WITHDRAWN: set(),
    S.TRANSFERRED: set(),
    S.DUPLICATE: set(),
}
LIVE = [
    S.SUBMITTED,
    S.CHECKING,
    S.ELIGIBLE,
    S.REFERRED,
    S.INELIGIBLE,
    S.WAITLISTED,
    S.OFFERED,
    S.ACCEPTED,
]
"""Sent and not ended: a school has one of these a project. An index holds it."""
UNDECIDED = [S.SUBMITTED, S.CHECKING, S.ELIGIBLE, S.REFERRED, S.INELIGIBLE, S.WAITLISTED]


class EndorsementStatus(models.TextChoices):
    ASKED = "asked", "Asked"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Said no"
    PASSED_ON = "passed_on", "Passed on to somebody else"
    REPLACED = "replaced", "Asked again at another address"


E = EndorsementStatus
ENDORSEMENT_MOVES = {
    E.ASKED: {E.CONFIRMED, E.REFUSED, E.PASSED_ON, E.REPLACED},
    E.CONFIRMED: set(),
    E.REFUSED: {E.CONFIRMED, E.PASSED_ON, E.REPLACED},
    E.PASSED_ON: set(),
    E.REPLACED: set(),
}
