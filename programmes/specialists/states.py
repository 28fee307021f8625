"""What can become of a Mastery Specialist, year by year."""

from django.db import models


class SpecialistStatus(models.TextChoices):
    YEAR_1 = "year_1", "Year 1: own classroom"
    YEAR_2 = "year_2", "Year 2: own department"
    ACTIVE = "active", "Year 3 and on: leads Work Groups"
    DEPARTMENT = "department", "Works in their own department"
    DEFERRED = "deferred", "Pausing"
    STEPPED_DOWN = "stepped_down", "Stepped down"


S = SpecialistStatus
SPECIALIST_MOVES = {
    S.YEAR_1: {S.YEAR_2, S.DEFERRED, S.STEPPED_DOWN},
    S.YEAR_2: {S.ACTIVE, S.DEPARTMENT, S.DEFERRED, S.STEPPED_DOWN},
    S.ACTIVE: {S.DEPARTMENT, S.DEFERRED, S.STEPPED_DOWN},
    S.DEPARTMENT: {S.ACTIVE, S.DEFERRED, S.STEPPED_DOWN},
    S.DEFERRED: {S.YEAR_1, S.YEAR_2, S.ACTIVE, S.DEPARTMENT, S.STEPPED_DOWN},
    S.STEPPED_DOWN: set(),
}
IN_THE_PROGRAMME = [S.YEAR_1, S.YEAR_2, S.ACTIVE, S.DEPARTMENT, S.DEFERRED]
