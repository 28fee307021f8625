"""Projects, cohorts and places, and who sees them."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from hubportal.accounts.querysets import theirs

from .states import HOLDS_A_PLACE, TOOK_PART, PlaceStatus, RuleSetStatus


class ProgrammeQuerySet(models.QuerySet):
    def offered_by(self, hub):
        """Return the programmes that a hub can run: the national ones and its own."""
        return self.filter(Q(hub=None) | Q(hub=hub))

    def public(self):
        """Return the programmes that everybody may read: a hub's own once one of its years is published."""
        shown = Exists(
            self.model._meta.get_field("projects").related_model.objects.published().filter(programme=OuterRef("pk"))
        )
        return self.filter(Q(hub=None) | shown)

    def seen_by(self, user):
        """Return the programmes that staff may read: the national ones and those of their own hubs."""
        return self if user.sees_every_hub else self.filter(Q(hub=None) | theirs(user))


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

    def seen_by(self, user):
        """Return the projects that staff may read: the national ones and those of their own hubs."""
        own = theirs(user, "programme__hub")
        return self if user.sees_every_hub else self.filter(Q(programme__hub=None) | own)

    def with_details(self):
        return self.select_related("programme__hub")


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


class PlaceRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the requests that a hub of `user` answers. Whoever asked sees theirs on the page of the place."""
        return self.filter(theirs(user))

    def waiting(self):
        return self.filter(agreed_at=None, rejected_at=None)

    def of_a_known_place(self):
        """Join what the place's own page says of a request; planning the joins of `with_details` takes 20 ms."""
        return self.select_related("to__project__programme", "to__hub", "hub", "by")

    def with_details(self):
        return self.select_related(
            "place__school__establishment", "place__project__programme", "place__hub", "place__cohort__hub",
            "place__cohort__project__programme",
            "to__project__programme", "to__hub", "hub", "by", "agreed_by", "rejected_by",
        )  # fmt: skip
