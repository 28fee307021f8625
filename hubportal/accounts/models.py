"""Who may use the portal (User), for which hub (Hub, HubMembership), and links that need no account (PrivateLink).

RateCount and CacheEntry are what limits are counted in; see `hubportal/ratelimit.py`.
"""

import uuid
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .querysets import HubMembershipQuerySet, HubQuerySet, PrivateLinkQuerySet, UserManager
from .roles import Role, permissions_of


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, named by an e-mail address whose case does not matter.

    What a person may do comes from roles at hubs (`roles.py`) and nowhere else, so Django's groups and single
    permissions are left out.
    """

    PERSONAL = {"email", "name", "password"}

    groups = None
    user_permissions = None

    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField("active", default=True, help_text="Untick instead of deleting: history stays.")
    is_national = models.BooleanField("national team", default=False, help_text="Reads every hub's records.")
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="user_email_any_case",
                violation_error_message="This address has an account.",
            ),
            # Kept in lower case, which is how allauth looks addresses up, so that unique means in any case.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]

    @cached_property
    def roles_by_hub(self) -> dict[int, frozenset[str]]:
        """The roles at each hub, read once for this instance, which is once a request for the signed-in user."""
        found: dict[int, set[str]] = {}
        for hub_id, role in self.memberships.order_by().values_list("hub_id", "role"):
            found.setdefault(hub_id, set()).add(role)
        return {hub_id: frozenset(roles) for hub_id, roles in found.items()}

    @property
    def sees_every_hub(self) -> bool:
        return self.is_superuser or self.is_national

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens: superuser, national team, or any role at any hub."""
        return self.sees_every_hub or bool(self.roles_by_hub)

    def hubs_where(self, permission: str) -> set[int]:
        """Return the ids of the hubs where a role of this person gives `permission`."""
        return {hub_id for hub_id, roles in self.roles_by_hub.items() if permission in permissions_of(roles)}


class Hub(models.Model):
    """A Maths Hub: whose people share records. What it offers and where is in `programmes.cohorts`.

    It lives here, below everything, because memberships, messages and events belong to a hub.
    """

    PERSONAL = set()

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    contact_email = models.EmailField(max_length=254)
    contact_phone = models.CharField(max_length=30, blank=True)
    controller = models.CharField(
        "data controller", max_length=200, help_text="As the hub's privacy notice says; notices differ between hubs."
    )
    privacy_version = models.CharField("privacy notice version", max_length=20)
    privacy_text = models.TextField("privacy notice", blank=True)

    objects = HubQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class HubMembership(models.Model):
    """A person's role at a hub."""

    PERSONAL = set()

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    objects = HubMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["hub", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "hub", "role"], name="one_membership_per_role"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}, {self.hub}"


class PrivateLink(models.Model):
    """A secret address sent by e-mail, for one purpose on one record.

    Only the SHA-256 of its token is stored. The token is derived from the secret key and `id` when the message is
    sent (see `links.py`), so neither the database nor the outbox can be used to open it.
    """

    PERSONAL = set()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=60, help_text="The name of the page that it opens.")
    subject = models.CharField(max_length=80, help_text="The record that it opens, such as applications.application:7.")
    token_hash = models.CharField(max_length=64, unique=True, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PrivateLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "purpose"], name="private_link_subject")]
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="link_lives")]

    def __str__(self):
        return f"{self.purpose} for {self.subject}"


class RateCount(models.Model):
    """How often something happened in a window of time. `key` is a keyed hash, so no address is kept."""

    PERSONAL = set()

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.count} until {self.ends_at}"


class CacheEntry(models.Model):
    """The table of Django's database cache, made by a migration so that no command has to be remembered."""

    PERSONAL = set()

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.cache_key
