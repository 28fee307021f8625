"""What the tests of the staff pages share: people with roles, applications as far as they have come."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from applications import checks
from applications.models import Application
from hubportal.accounts.roles import Role
from tests.factories import ApplicationFactory, CohortFactory, EndorsementFactory, HubMembershipFactory


def person(hub, role=Role.ADMINISTRATOR):
    return HubMembershipFactory(hub=hub, role=role).user


def open_cohort(**values):
    today = timezone.now().date()
    return CohortFactory(opens_on=today - timedelta(60), closes_on=today + timedelta(60), **values)


def eligible(cohort, *, confirmed=True, **values):
    """Return an application that the worker has found eligible, its head's confirmation given or still awaited."""
    now = timezone.now()
    application = ApplicationFactory(cohort=cohort, status="eligible", submitted_at=now, created_at=now, **values)
    Application.objects.filter(pk=application.pk).update(status="checking")
    application.refresh_from_db()
    checks.check(application, at=now)
    if confirmed:
        application.endorsements.update(status="confirmed", answered_at=now, answered_name="Jo Reid", capacity="head")
        if not application.endorsements.exists():
            EndorsementFactory(application=application, status="confirmed", answered_at=now, capacity="head")
    application.refresh_from_db()
    return application


def queue_page(**query):
    return reverse("admin:applications_application_changelist", query=query)


def review_page(application):
    return reverse("admin:applications_application_change", args=[application.pk])


def act_page(application, verb):
    return reverse("admin:applications_application_do", args=[application.pk, verb])
