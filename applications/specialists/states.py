"""What can become of a teacher's application to the Specialist Programme, and what a hub can decide on it."""

from django.db import models


class SpecialistApplicationStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Sent"
    CHECKING = "checking", "Being checked"
    ELIGIBLE = "eligible", "Eligible"
    REFERRED = "referred", "A person will look at it"
    INELIGIBLE = "ineligible", "Not eligible as it stands"
    SHORTLISTED = "shortlisted", "Shortlisted"
    SELECTED = "selected", "Selected"
    RESERVE = "reserve", "On the reserve list"
    NOT_SELECTED = "not_selected", "Not selected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DUPLICATE = "duplicate", "Joined to an earlier application"


class Decision(models.TextChoices):
    """What the hub has decided, quietly until it is released. The values are the statuses that follow."""

    SELECTED = "selected", "Select"
    RESERVE = "reserve", "Reserve list"
    NOT_SELECTED = "not_selected", "Do not select"


S = SpecialistApplicationStatus
LEAVE = {S.WITHDRAWN, S.DUPLICATE}
CHECKED = {S.ELIGIBLE, S.REFERRED, S.INELIGIBLE}
MOVES = {
    S.DRAFT: {S.SUBMITTED} | LEAVE,
    S.SUBMITTED: {S.CHECKING} | LEAVE,
    S.CHECKING: CHECKED | LEAVE,
    S.ELIGIBLE: {S.SHORTLISTED, S.NOT_SELECTED, S.REFERRED, S.INELIGIBLE} | LEAVE,
    S.REFERRED: {S.ELIGIBLE, S.INELIGIBLE, S.NOT_SELECTED} | LEAVE,
    S.INELIGIBLE: {S.ELIGIBLE, S.REFERRED, S.NOT_SELECTED} | LEAVE,
    S.SHORTLISTED: {S.ELIGIBLE, S.SELECTED, S.RESERVE, S.NOT_SELECTED, S.WITHDRAWN},
    S.SELECTED: {S.WITHDRAWN},
    S.RESERVE: {S.SELECTED, S.NOT_SELECTED, S.WITHDRAWN},
    S.NOT_SELECTED: set(),
    S.WITHDRAWN: set(),
    S.DUPLICATE: set(),
}
LIVE = [
    S.SUBMITTED,
    S.CHECKING,
    S.ELIGIBLE,
    S.REFERRED,
    S.INELIGIBLE,
    S.SHORTLISTED,
    S.SELECTED,
    S.RESERVE,
]
"""Sent and not ended: a teacher has one of these a cohort. Indexes hold it."""
UNDECIDED = [S.SUBMITTED, S.CHECKING, S.ELIGIBLE, S.REFERRED, S.INELIGIBLE, S.SHORTLISTED]
"""What the hub still has to tell the teacher about."""
RELEASED = [S.SELECTED, S.RESERVE, S.NOT_SELECTED]
