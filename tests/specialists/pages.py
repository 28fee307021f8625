"""Applications as far as the tests of the pages need them."""

from django.utils import timezone

from applications.specialists import checks
from applications.specialists.models import SpecialistApplication
from tests.specialists.factories import TeacherFactory


def eligible(cohort, **values):
    made = TeacherFactory(cohort=cohort, submitted_at=timezone.now(), **values)
    checks.check_due(at=timezone.now())
    return SpecialistApplication.objects.with_details().get(pk=made.pk)
