"""Two schools of ours that are one: the old URN has closed, the new one has been taken in by itself."""

from datetime import date

from programmes.models import EstablishmentLink, SchoolChange
from programmes.schools.actions import register_school
from tests.factories import AT, EstablishmentFactory

CLOSED_ON, OPENED_ON = date(2026, 8, 31), date(2026, 9, 1)


def two_of_one(**values):
    """Return the school of the closed URN and that of its successor; `values` are other facts of the first."""
    closed = {"status": 2, "closed_on": CLOSED_ON}
    old = EstablishmentFactory(name="Oak School", opened_on=date(2020, 9, 1), **{**closed, **values})
    new = EstablishmentFactory(name="Oak Academy", opened_on=OPENED_ON)
    EstablishmentLink.objects.create(urn=old.pk, link_urn=new.pk, link_type="Successor")
    return register_school(old, at=AT), register_school(new, at=AT)


def closing(school, *successors):
    """Return the question what becomes of the school, whose successors the register names."""
    change = SchoolChange.objects.create(
        school=school, establishment=school.establishment, kind="closed", old="Open", new="Closed", found_at=AT
    )
    change.successors.set(successors)
    return change
