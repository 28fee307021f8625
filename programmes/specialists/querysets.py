"""Mastery Specialists, and who sees them."""

from django.db import models

from hubportal.accounts.querysets import theirs

from .states import IN_THE_PROGRAMME


class SpecialistQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def in_the_programme(self):
        return self.filter(status__in=IN_THE_PROGRAMME)

    def with_details(self):
        return self.select_related("person", "hub", "project__programme")
