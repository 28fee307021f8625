"""Projects, cohorts and places, and who sees them."""

from django.db import models
from django.db.models import Count, Q

from hubportal.accounts.querysets import theirs

from .states import HOLDS_A_PLACE, TOOK_PART, PlaceStatus, RuleSetStatus


class ProgrammeQuerySet(models.QuerySet):
    def offered_by(self, hub):
        """Return the programmes that a hub can run: the national ones and its own."""
        return self.filter(Q(hub=None) | Q(hub=hub))


class RuleSetQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=RuleSetStatus.PUBLISHED)

    def in_force(self, on):
        """Return the published rules that hold on a London date, or the first ones where all begin later."""
        published = self.published().order_by("-effective_from")
        return published.filter(effective_from__lte=on).first() or published.last()


class ProjectQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(published_at=None)

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

    def took_part(self):
        return self.filter(status__in=TOOK_PART)

    def with_details(self):
        return self.select_related("school__establishment", "project__programme", "hub", "offered_by")
