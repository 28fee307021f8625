"""People, and who sees them."""

from django.db import models
from django.db.models import F, Prefetch

from hubportal.accounts.querysets import theirs


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the people who are or were named for a place at a hub that `user` may see."""
        seen = self.model.objects.filter(theirs(user, "advocacies__place__hub"))
        return self.filter(pk__in=seen.values("pk"))

    def with_posts_for(self, user):
        """Add `shown_posts`: their posts at schools for whose places they are named, at hubs that `user` may see."""
        posts = self.model._meta.get_field("posts").related_model.objects
        here = posts.filter(
            theirs(user, "person__advocacies__place__hub"), person__advocacies__place__school=F("school")
        )
        shown = posts.filter(pk__in=here.values("pk")).select_related("school__establishment")
        return self.prefetch_related(Prefetch("posts", shown, to_attr="shown_posts"))

    def with_email(self, email: str):
        return self.filter(emails__email__iexact=email)
