"""People, and who sees them."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Prefetch, Q

from hubportal.accounts.querysets import theirs


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return who is or was named for a place at a hub that `user` may see, or is or was a specialist of it."""
        ways = ["advocacies__place__hub", "specialisms__hub", "places__hub"]
        found = [self.model.objects.filter(theirs(user, way)).values("pk") for way in ways]
        return self.filter(reduce(or_, (Q(pk__in=each) for each in found)))

    def with_posts_for(self, user):
        """Add `shown_posts`: their posts at schools for whose places they are named, at hubs that `user` may see."""
        posts = self.model._meta.get_field("posts").related_model.objects
        here = posts.filter(
            theirs(user, "person__advocacies__place__hub"), person__advocacies__place__school=F("school")
        )
        shown = posts.filter(pk__in=here.values("pk")).select_related("school__establishment")
        return self.prefetch_related(Prefetch("posts", shown, to_attr="shown_posts"))

    def kept(self):
        """Leave out the records that were joined into another."""
        return self.filter(merged_into=None)

    def with_email(self, email: str):
        return self.filter(emails__email__iexact=email)


class PersonJoinQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def waiting(self):
        return self.filter(agreed_at=None, rejected_at=None)

    def with_details(self):
        return self.select_related("person", "into", "hub", "by", "agreed_by", "rejected_by")
