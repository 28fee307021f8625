"""Messages, and who sees them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hubportal.accounts.querysets import theirs

from .states import IN_HAND, WAITING, Status


class MessageQuerySet(models.QuerySet):
    def about(self, subject: str):
        return self.filter(related=subject)

    def visible_to(self, user):
        return self.filter(theirs(user))

    def batches_held(self) -> dict[str, int]:
        """Return the batches that wait for a person, with how many messages of each do."""
        held = self.filter(status=Status.HELD).exclude(batch="")
        return dict(held.order_by("batch").values_list("batch").annotate(models.Count("pk")))

    def due(self, at):
        """Return what may be sent at `at`."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=at), status=Status.QUEUED).in_turn()

    def in_turn(self):
        """Order by whose turn it is: what runs out first, such as a sign-in code, and then the oldest."""
        return self.order_by(F("expires_at").asc(nulls_last=True), "created_at", "pk")

    def out_of_date(self, at):
        return self.filter(status__in=WAITING, expires_at__lte=at)

    def abandoned(self):
        """Return what a worker had in hand when it died: its lease has run out by the database's clock."""
        return self.filter(status__in=IN_HAND, lease_until__lte=Now())
