"""Event: who moved what, when and why. The database refuses to change or delete one, and to empty the table."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from .querysets import EventQuerySet


class Event(models.Model):
    """One thing that happened to a record. `subject` is text, so that it outlives what it names."""

    PERSONAL = {"note"}

    subject = models.CharField(max_length=80)
    hub = models.ForeignKey("accounts.Hub", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40, help_text="status, note, or the verb of what was done.")
    old = models.CharField(max_length=40, blank=True)
    new = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.CharField(
        max_length=60, blank=True, help_text="Who, when it was nobody with an account: School, Headteacher, Portal."
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["subject", "at"], name="event_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False) | ~models.Q(actor=""), name="event_has_somebody"
            )
        ]

    def __str__(self):
        return f"{self.subject}: {self.kind} {self.new}".strip()

    @property
    def who(self) -> str:
        """Return who did it, in words."""
        return str(self.by) if self.by_id else self.actor

    @property
    def words(self) -> str:
        """Return what happened, in words: the status's own label, or the verb of what was done."""
        if self.kind == "status":
            return _label(self.subject, self.new)
        return self.kind.replace("_", " ").capitalize()


def _label(subject: str, status: str) -> str:
    """Return the label of a status of the kind of record that `subject` names."""
    try:
        field = apps.get_model(subject.partition(":")[0])._meta.get_field("status")
    except (LookupError, ValueError, FieldDoesNotExist):
        return status
    return str(dict(field.flatchoices).get(status, status))
