"""Mastery Specialists, and who sees them."""

from django.db import models
from django.db.models import Prefetch, Q

from hubportal.accounts.querysets import theirs

from .states import IN_THE_PROGRAMME


class SpecialistQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def in_the_programme(self):
        return self.filter(status__in=IN_THE_PROGRAMME)

    def with_details(self):
        return self.select_related("person", "hub", "project__programme", "place__rule_set")

    def with_homes(self):
        """Add `home_list`: where each teaches and taught, the present school first."""
        homes = self.model._meta.get_field("homes").related_model.objects.select_related("school__establishment")
        return self.prefetch_related(Prefetch("homes", homes.order_by("-from_on", "-pk"), to_attr="home_list"))

    def matching(self, words: str):
        """Return who has this name or address, or teaches or taught at a school of this name."""
        found = Q(person__name__icontains=words) | Q(person__names__name__icontains=words)
        found |= Q(person__emails__email__icontains=words) | Q(homes__school__establishment__name__icontains=words)
        return self.filter(pk__in=self.model.objects.filter(found).values("pk"))
