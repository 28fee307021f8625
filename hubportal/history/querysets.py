"""Events of records. Whoever may see a record sees its events; there is no list of them all."""

from django.db import models


class EventQuerySet(models.QuerySet):
    def about(self, *subjects: str):
        return self.filter(subject__in=subjects).select_related("by")
