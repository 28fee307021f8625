"""People, and who sees them."""

from django.db import models
from django.db.models import Q

from hubportal.accounts.models import Hub


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the people of schools that have a place at a hub that `user` may see, and those on such a place."""
        hubs = Hub.objects.visible_to(user)
        found = Q(posts__school__places__hub__in=hubs) | Q(advocacies__place__hub__in=hubs)
        return self.filter(pk__in=self.model.objects.filter(found).values("pk"))

    def with_email(self, email: str):
        return self.filter(emails__email__iexact=email)
