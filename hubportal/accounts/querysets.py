"""Users, hubs, memberships and private links, and who sees them."""

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q


def theirs(user, field: str = "hub") -> Q:
    """Return the condition that the hub in `field` is one whose people and records `user` may see.

    The hubs stand in it by number: asking for them again in each list would cost a join that is known already.
    """
    if not user.is_active:
        return Q(pk__in=[])
    return Q() if user.sees_every_hub else Q(**{f"{field}__in": user.roles_by_hub})


class UserManager(BaseUserManager):
    """Users by e-mail address in any case."""

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, **fields)


class HubQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the hubs whose people and records `user` may see."""
        return self.filter(theirs(user, "pk"))


class HubMembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the memberships of the hubs that `user` may see."""
        return self.filter(theirs(user))

    def with_details(self):
        return self.select_related("user", "hub")


class PrivateLinkQuerySet(models.QuerySet):
    def live(self, at):
        return self.filter(revoked_at=None, expires_at__gt=at)
