"""What a person may do: Django's permission questions, answered from roles at hubs."""

from allauth.account.auth_backends import AuthenticationBackend

from .models import Hub
from .roles import NATIONAL, permissions_of


class RoleBackend(AuthenticationBackend):
    """Sign-in by e-mail address and password (allauth), and permissions by role.

    Without a record the question is “anywhere?”; with one that belongs to a hub it is “at that hub?”. Which rows a
    person sees is another question: `visible_to(user)`.
    """

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.is_active and perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj, app_label):
        return user_obj.is_active and any(
            perm.partition(".")[0] == app_label for perm in self.get_all_permissions(user_obj)
        )

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous:
            return frozenset()
        national = NATIONAL if user_obj.is_national else frozenset()
        return national | permissions_of(_roles(user_obj, obj))

    def get_user_permissions(self, user_obj, obj=None):
        return frozenset()

    def get_group_permissions(self, user_obj, obj=None):
        return frozenset()


def _roles(user, obj) -> frozenset[str]:
    """Return the roles that count for `obj`: those at its hub, or all of them when it belongs to no hub."""
    if isinstance(obj, Hub):
        return user.roles_by_hub.get(obj.pk, frozenset())
    if hasattr(obj, "hub_id") and not (obj.hub_id is None and getattr(obj, "WITHOUT_HUB_EVERYBODYS", False)):
        return user.roles_by_hub.get(obj.hub_id, frozenset())
    return frozenset().union(*user.roles_by_hub.values())
