"""What a teacher's application says when a school is shown whole or joined into another.

It is the teacher's, so nothing stands in the way: it is moved as it is.
"""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from hubportal.accounts.models import User
from hubportal.templatetags.hub import short_day
from programmes.models import School
from programmes.schools.hanging import Kind, Line, Shown

from .models import SpecialistApplication


def _sent(school: School) -> QuerySet:
    return SpecialistApplication.objects.started().filter(school=school, submitted_at__isnull=False)


def _hubs(school: School) -> QuerySet:
    return _sent(school).order_by().values_list("hub", flat=True).distinct()


def _shown(school: School, reader: User) -> Iterator[Shown]:
    everybodys = _sent(school)
    lines = [
        Line(
            reverse("admin:applications_specialistapplication_change", args=[each.pk]),
            each.reference,
            f"{each.name}, {each.project}, {short_day(each.submitted_at)}: {each.get_status_display().lower()}",
        )
        for each in everybodys.visible_to(reader).with_details()
    ]
    if lines or everybodys.exists():
        yield Shown("Specialist applications", lines, everybodys.count() - len(lines))


TEACHERS = Kind("applications.SpecialistApplication.school", hubs=_hubs, shown=_shown)
