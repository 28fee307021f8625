"""What happens to a place: held by an offer, accepted, confirmed by two names, ended."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import change_status, note_event
from hubportal.rules import Finding, Refused
from programmes.people.actions import person_at
from programmes.schools.models import School

from .models import Cohort, RuleSet
from .place import Advocate, Place
from .states import PLACE_MOVES, PlaceStatus


@transaction.atomic
def keep_cohort(cohort: Cohort, changed: list[str], *, by: User, at: datetime) -> None:
    """Save a new or changed cohort and write down which of its fields changed to what."""
    new = cohort.pk is None
    cohort.save()
    said = "; ".join(f"{Cohort._meta.get_field(name).verbose_name}: {getattr(cohort, name)}" for name in changed)
    note_event(cohort, "made" if new else "changed", by=by, at=at, note=said)


def grant_amount(cohort: Cohort, rule_set: RuleSet) -> Decimal | None:
    """Return the pounds that come with a place: what the rules say, or else the hub; None while nobody has said."""
    return cohort.grant_amount if rule_set.grant_amount is None else rule_set.grant_amount


def hold(cohort: Cohort, school: School, *, origin: str, rule_set: RuleSet, by: User, at: datetime) -> Place:
    """Hold a place for a school until it answers. Call it with the cohort's row locked: it counts.

    Raises Refused when the cohort is full or the school has a place on this project.
    """
    if cohort.places.live().count() >= cohort.capacity:
        raise Refused([Finding("full", "Every place on this cohort is taken.")])
    if grant_amount(cohort, rule_set) is None:
        text = "No source says how much the grant is. Set your hub's amount on the cohort before you offer a place."
        raise Refused([Finding("no_grant_amount", text)])
    RuleSet.objects.filter(pk=rule_set.pk, used_at=None).update(used_at=at)  # the grant that is offered stays
    try:
        with transaction.atomic():
            return Place.objects.create(
                school=school,
                cohort=cohort,
                hub=cohort.hub,
                project=cohort.project,
                origin=origin,
                rule_set=rule_set,
                offered_by=by,
                offered_at=at,
                answer_by=london_date(at) + timedelta(days=rule_set.offer_days),
            )
    except IntegrityError as problem:
        raise Refused([Finding("has_place", "The school already has a place on this project.")]) from problem


@transaction.atomic
def accept(place: Place, *, by: User | str, at: datetime) -> None:
    """Take the offered place for the school."""
    change_status(place, PlaceStatus.ACCEPTED, moves=PLACE_MOVES, by=by, at=at, accepted_at=at)


@transaction.atomic
def confirm(place: Place, named: list[dict], *, by: User | str, at: datetime) -> None:
    """Confirm the place with its Advocates: name, email and role of each.

    Raises Refused when they are one person, or when an address is somebody else's. A finding's `fact` names nobody.
    """
    people = [person_at(place.school, on=london_date(at), **row) for row in named]
    if len({person.pk for person in people}) < len(people):
        text = f"Both addresses belong to {people[0]} in our records: name two people."
        raise Refused([Finding("one_person", text, fact="Both addresses belong to one person.")])
    change_status(place, PlaceStatus.CONFIRMED, moves=PLACE_MOVES, by=by, at=at, confirmed_at=at)
    for person, row in zip(people, named, strict=True):
        Advocate.objects.create(place=place, person=person, role=row["role"], from_on=london_date(at))


def end(place: Place, status: PlaceStatus, *, by: User | str, at: datetime, note: str = "") -> None:
    """End the place as declined, lapsed, withdrawn and so on, so that another school can have it."""
    change_status(place, status, moves=PLACE_MOVES, by=by, at=at, note=note, ended_on=london_date(at))
