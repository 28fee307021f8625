"""Projects, cohorts and places, and who sees them."""

from django.db import models
from django.db.models import Count, Q

from hubportal.accounts.querysets import theirs

from .states import HOLDS_A_PLACE, PlaceStatus


class ProjectQuerySet(models.QuerySet):
    def with_details(self):
        return self.select_related("programme")


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def with_details(self):
        return self.select_related("hub", "project__programme")

    def with_places_taken(self):
        return self.annotate(taken=Count("places", filter=Q(places__status__in=HOLDS_A_PLACE)))

    def with_fill(self):
        """Annotate `taken`, the places that schools have accepted, and `offered`, those not answered yet."""
        accepted = [status for status in HOLDS_A_PLACE if status != PlaceStatus.OFFERED]
        return self.annotate(
            taken=Count("places", filter=Q(places__status__in=accepted)),
            offered=Count("places", filter=Q(places__status=PlaceStatus.OFFERED)),
        )


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def live(self):
        return self.filter(status__in=HOLDS_A_PLACE)

    def with_details(self):
        return self.select_related("school__establishment", "project__programme", "hub", "offered_by")
