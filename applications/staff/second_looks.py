"""What waits for a second person: moves of places from other hubs, mistakes, two records of one person."""

from django.urls import reverse

from programmes.models import PersonJoin, PlaceRequest


def second_looks(user) -> list[tuple[str, str]]:
    """Return the address and the words of each kind of request that waits at the hubs of `user`."""
    kinds = [
        (PlaceRequest, "programmes.view_placerequest", "request", "about a place"),
        (PersonJoin, "programmes.view_personjoin", "request", "to join two records of a person"),
    ]
    found = []
    for model, permission, noun, about in kinds:
        number = model.objects.visible_to(user).waiting().count() if user.has_perm(permission) else 0
        if number:
            address = reverse(f"admin:programmes_{model._meta.model_name}_changelist")
            found.append((address, f"{number} {noun}{'' if number == 1 else 's'} {about}"))
    return found
