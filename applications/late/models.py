"""A private link by which staff let one school apply after the window has closed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from hubportal.accounts.models import Hub
from hubportal.accounts.querysets import theirs
from programmes.models import Cohort


class LateLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def with_details(self):
        return self.select_related("cohort__project__programme", "hub", "made_by", "revoked_by", "application")


class LateLink(models.Model):
    """One school may apply late: who, why, until when, and who allowed it. It lets one application through."""

    PERSONAL = {"contact_name", "contact_email", "reason"}

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="late_links")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    school_name = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField(max_length=254)
    reason = models.CharField(max_length=300)
    until_on = models.DateField("works until")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    application = models.OneToOneField(
        "applications.Application",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="late_link",
        editable=False,
    )
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LateLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None) | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="revoked_by_and_at_together",
            ),
        ]

    def __str__(self):
        return f"{self.school_name}, {self.cohort}"
