"""The grant of a place: frozen when the school accepts."""

from datetime import datetime

from programmes.cohorts.actions import grant_amount
from programmes.cohorts.place import Place

from .models import Grant


def freeze(place: Place, *, at: datetime) -> Grant:
    """Write the grant of an accepted place as the rules that it was offered under say; never computed again."""
    rule_set = place.rule_set
    return Grant.objects.create(
        place=place,
        hub=place.hub,
        amount=grant_amount(place.cohort, rule_set),
        rule_set=rule_set,
        rule_version=rule_set.version,
        source=rule_set.source,
        offered_by=place.offered_by,
        offered_at=place.offered_at,
        frozen_at=at,
    )
