"""Grants, and who sees them."""

from django.db import models

from hubportal.accounts.models import Hub


class GrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(hub__in=Hub.objects.visible_to(user))
