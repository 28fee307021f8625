"""What one person asks for about a place and another has to agree to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hubportal.accounts.models import Hub

from .models import Cohort
from .place import Place
from .querysets import PlaceRequestQuerySet


class PlaceRequest(models.Model):
    """A move that the receiving hub answers, or an entry by mistake that a second person of the hub has to see."""

    PERSONAL = {"reason"}

    class Kind(models.TextChoices):
        MOVE = "move", "Move to another hub"
        VOID = "void", "Entered by mistake"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    to = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+", help_text="Whose staff answer.")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty with a day: the school, or the portal, ended the place.",
    )
    rejected_at = models.DateTimeField(null=True, blank=True)

    objects = PlaceRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "request about a place"
        verbose_name_plural = "requests about places"
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(agreed_at=None, rejected_at=None), name="one_open_request_a_place"
            ),
            models.CheckConstraint(
                condition=Q(kind="move", to__isnull=False) | Q(kind="void", to=None), name="a_move_leads_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False, rejected_at=None),
                name="agreed_request_has_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(kind="void") | Q(agreed_by=None) | ~Q(agreed_by=F("by")), name="a_second_person_voids"
            ),
            models.CheckConstraint(
                condition=Q(rejected_by=None) | Q(rejected_at__isnull=False), name="rejected_request_has_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.place}"
