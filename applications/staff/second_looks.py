"""What waits for a second person: moves of places, mistakes, two records of one person, rules that one has signed."""

from django.urls import reverse

from programmes.cohorts.states import RuleSetStatus
from programmes.models import PersonJoin, PlaceRequest, Project, RuleSet


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
            found.append((_list(model), f"{number} {noun}{'' if number == 1 else 's'} {about}"))
    return found + _rules(user)


def _rules(user) -> list[tuple[str, str]]:
    """Return the rules that wait for a second signature, for whoever may give it: never who gave the first."""
    if not user.has_perm("programmes.publish_ruleset"):
        return []
    theirs = Project.objects.seen_by(user).values("pk")
    number = RuleSet.objects.filter(status=RuleSetStatus.SIGNED, project__in=theirs).exclude(signed_by=user).count()
    return (
        [(_list(RuleSet), f"{number} set{'' if number == 1 else 's'} of rules to sign and publish")] if number else []
    )


def _list(model) -> str:
    return reverse(f"admin:programmes_{model._meta.model_name}_changelist")
