"""What happens to a place: held by an offer, accepted, confirmed by two names, ended."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import change_all, change_status, note_event
from hubportal.rules import Finding, Refused
from programmes.people.actions import person_at
from programmes.schools.models import School

from .foci import require_room
from .models import Cohort, Focus, RuleSet
from .place import Advocate, Place
from .states import PLACE_MOVES, PlaceStatus
from .toset import leaves


@transaction.atomic
def keep_cohort(cohort: Cohort, changed: list[str], *, by: User, at: datetime) -> None:
    """Save a new or changed cohort and write down which of its fields changed to what."""
    new = cohort.pk is None
    cohort.save()
    said = "; ".join(_said(cohort, name) for name in changed)
    note_event(cohort, "made" if new else "changed", by=by, at=at, note=said)


def _said(cohort: Cohort, name: str) -> str:
    """Return a changed field with its new value; one that the project leaves to hubs by the project's words."""
    labels = {f"detail_{row['field']}": row["label"] for row in cohort.project.to_set}
    if name in labels:
        return f"{labels[name]}: {cohort.details.get(name.removeprefix('detail_'), '')}"
    return f"{Cohort._meta.get_field(name).verbose_name}: {getattr(cohort, name)}"


def grant_amount(cohort: Cohort, rule_set: RuleSet) -> Decimal | None:
    """Return the pounds that come with a place: the rules' figure, or the hub's where the project leaves it to hubs.

    None while the rules name none and the hub has not either.
    """
    may_set = rule_set.grant_amount is None or leaves(cohort.project, "grant_amount")
    return cohort.grant_amount if may_set and cohort.grant_amount is not None else rule_set.grant_amount


def hold(
    cohort: Cohort,
    school: School,
    *,
    origin: str,
    rule_set: RuleSet,
    by: User,
    at: datetime,
    focus: Focus | None = None,
) -> Place:
    """Hold a place for a school until it answers. Call it with the cohort's row locked: it counts.

    Raises Refused when the cohort or the focus is full or the school has a place on this project.
    """
    if cohort.places.live().count() >= cohort.capacity:
        raise Refused([Finding("full", "Every place on this cohort is taken.")])
    if focus is not None:
        require_room(cohort, focus)
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
                focus=focus,
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


@transaction.atomic
def end(place: Place, status: PlaceStatus, *, by: User | str, at: datetime, note: str = "") -> None:
    """End the place as declined, lapsed, withdrawn and so on, and what is still asked about it."""
    change_status(place, status, moves=PLACE_MOVES, by=by, at=at, note=note, ended_on=london_date(at))
    place.requests.waiting().update(rejected_by=by if isinstance(by, User) else None, rejected_at=at)


@transaction.atomic
def begin(places: QuerySet, *, on: date, by: User, at: datetime) -> list[Place]:
    """Start every one of `places` that is confirmed as taking part since the day `on`; return them. Safe to repeat."""
    _require_in_year(places, on, at)
    return change_all(places, PlaceStatus.ACTIVE, moves=PLACE_MOVES, by=by, at=at, note=f"Since {_day(on)}.")


def complete(places: QuerySet, *, on: date, by: User, at: datetime) -> list[Place]:
    """End every one of `places` that is taking part as completed on the day `on`; return them. Safe to repeat."""
    return _finish(places, PlaceStatus.COMPLETED, on=on, by=by, at=at, note=f"On {_day(on)}.")


def complete_part(places: QuerySet, *, on: date, note: str, by: User, at: datetime) -> list[Place]:
    """End every one of `places` that is taking part as completed in part; `note` says what is missing."""
    if not note.strip():
        raise Refused([Finding("no_reason", "Say what was not completed.")])
    return _finish(places, PlaceStatus.PART_COMPLETED, on=on, by=by, at=at, note=f"On {_day(on)}. {note}")


@transaction.atomic
def _finish(places: QuerySet, status: PlaceStatus, *, on: date, by: User, at: datetime, note: str) -> list[Place]:
    _require_in_year(places, on, at)
    ended = change_all(places, status, moves=PLACE_MOVES, by=by, at=at, note=note, ended_on=on)
    Advocate.objects.filter(place__in=ended, until_on=None, from_on__lte=on).update(until_on=on)
    return ended


def _require_in_year(places: QuerySet, on: date, at: datetime) -> None:
    """Refuse a day that lies ahead, or before the August in which the places' academic year is got ready."""
    newest = places.order_by("-project__year").values_list("project__year", flat=True).first()
    if on > london_date(at):
        raise Refused([Finding("day_ahead", f"{_day(on)} lies ahead. Give the day on which it happened.")])
    if newest is not None and on < date(newest, 8, 1):
        raise Refused([Finding("day_too_early", f"{_day(on)} is before the year began. Check the date.")])


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def team_of(place: Place) -> list[Advocate]:
    """Return who took part for the school last: nobody who left the place while it went on."""
    there = place.advocates.filter(replaced_by=None).select_related("person").order_by("from_on", "pk")
    last = place.ended_on or date.max
    return [each for each in there if each.until_on is None or (each.until_on >= last and not each.reason)]


@transaction.atomic
def carry_over(place: Place, earlier: Place, *, on: date, by: User | str, at: datetime) -> bool:
    """Confirm an accepted place with the same Advocates as an earlier one, from the day `on`.

    Return False, and leave the place accepted, when fewer than two were there at the end.
    """
    team = team_of(earlier)
    if len({each.person_id for each in team}) < 2:
        return False
    note = f"The same Advocates as in {earlier.project.year_label}."
    change_status(place, PlaceStatus.CONFIRMED, moves=PLACE_MOVES, by=by, at=at, note=note, confirmed_at=at)
    Advocate.objects.bulk_create(Advocate(place=place, person=each.person, role=each.role, from_on=on) for each in team)
    return True
