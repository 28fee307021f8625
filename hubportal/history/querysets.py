"""Events, and who sees them."""

from django.db import models

from hubportal.accounts.models import Hub


class EventQuerySet(models.QuerySet):
    def about(self, *subjects: str):
        return self.filter(subject__in=subjects).select_related("by")

    def visible_to(self, user):
        if user.is_active and (user.is_superuser or user.is_national):
            return self
        return self.filter(hub__in=Hub.objects.visible_to(user))
