"""The grant that a place carries: frozen when the school accepts, never computed again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from programmes.cohorts.models import RuleSet
from programmes.cohorts.place import Place
from programmes.cohorts.states import PlaceStatus


class Grant(models.Model):
    """What a school will receive for its place, as the rules in force said. The database refuses to change it."""

    PERSONAL = set()

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="grant")
    hub = models.ForeignKey("accounts.Hub", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField("amount, pounds", max_digits=8, decimal_places=2)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    rule_version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["-frozen_at"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="grant_not_negative")]

    def __str__(self):
        return f"£{self.amount:,.0f} for {self.place}"


class GrantEnd(models.Model):
    """Why nothing is paid on a grant: the place that it came with has ended. The grant itself stays as it was frozen.

    The database refuses to change or delete it.
    """

    PERSONAL = set()

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="end")
    hub = models.ForeignKey("accounts.Hub", on_delete=models.PROTECT, related_name="+")
    because = models.CharField("because the place is", max_length=15, choices=PlaceStatus.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the school did it itself, or the portal.",
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(because__in=["withdrawn", "deferred", "transferred", "void"]), name="a_grant_ends_for_cause"
            )
        ]

    def __str__(self):
        return f"Not payable: {self.grant}"
