"""An Advocate who is replaced: from-to dates and the reason are kept, and no second grant is ever paid for it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from hubportal.accounts.models import User
from hubportal.clock import london_date, year_label
from hubportal.history.actions import IllegalMove, note_event
from hubportal.rules import Finding, Refused
from programmes.people.actions import person_at
from programmes.people.models import Person

from .models import RuleSet
from .place import Advocate, Place
from .states import PlaceStatus

HAS_ADVOCATES = {PlaceStatus.CONFIRMED, PlaceStatus.ACTIVE}
LEADS, TO_JUDGE, NOBODY = "leads", "to judge", "nobody"


@transaction.atomic
def replace_advocates(
    place: Place,
    new: dict[int, dict],
    *,
    until_on: date,
    from_on: date,
    reason: str,
    by: User,
    at: datetime,
    judged: bool = False,
) -> list[Advocate]:
    """End each Advocate whose id is in `new` and let the person named there follow: name, email and role of each.

    `judged` says that a person finds a role similar enough to leading where the rules leave that open. Safe to call
    twice. Raises Refused, with a code that ends in the id of the Advocate where it is about one of them, or
    IllegalMove when a colleague was first; then nothing is saved.
    """
    place = Place.objects.select_for_update(of=("self",), no_key=True).with_details().get(pk=place.pk)
    leaving = list(place.advocates.filter(pk__in=new).select_related("person").order_by("pk"))
    if leaving and all(_done_before(each, new[each.pk]) for each in leaving):
        return [each.replaced_by for each in leaving]
    _require_possible(place, leaving, new)
    _require_dates(place, leaving, until_on=until_on, from_on=from_on, reason=reason, today=london_date(at))
    people = [_person(place, each, new[each.pk], on=from_on) for each in leaving]
    _require_others(place, leaving, people, from_on=from_on)
    _require_leader(place, leaving, new, judged=judged, from_on=from_on)
    followers = []
    for each, person in zip(leaving, people, strict=True):
        Advocate.objects.filter(pk=each.pk).update(until_on=until_on, reason=reason)
        role = new[each.pk]["role"]
        followers.append(Advocate.objects.create(place=place, person=person, role=role, from_on=from_on, replaces=each))
    _note(place, followers, until_on=until_on, judged=judged, by=by, at=at)
    return followers


def current(place: Place, *, on: date):
    """Return the Advocates who take part for the place on a day, or will."""
    stays = Q(until_on=None) | Q(until_on__gte=on)
    return place.advocates.filter(stays).select_related("person").order_by("from_on", "pk")


def replaceable(place: Place):
    """Return the Advocates who have no end yet."""
    return place.advocates.filter(until_on=None).select_related("person").order_by("from_on", "pk")


def who_leads(roles: list[str], rule_set: RuleSet) -> str:
    """Return LEADS, TO_JUDGE or NOBODY: what the rules of the place say of its Advocates' roles together."""
    rule = next((row for row in rule_set.rules if row["rule"] == "advocates"), None)
    if rule is None or any(role in rule["leading"] for role in roles):
        return LEADS
    return TO_JUDGE if any(role in rule["similar"] for role in roles) else NOBODY


def last_day(place: Place) -> date:
    """Return the end of the place's academic year."""
    return date(place.project.year + 1, 8, 31)


def _done_before(advocate: Advocate, new: dict) -> bool:
    follower = Advocate.objects.filter(replaces=advocate).first()
    return follower is not None and follower.person.emails.filter(email__iexact=new["email"]).exists()


def _require_possible(place: Place, leaving: list[Advocate], new: dict) -> None:
    if place.status not in HAS_ADVOCATES:
        raise IllegalMove(f"The place is “{place.get_status_display()}”: nobody can be replaced on it.")
    if not new:
        raise Refused([Finding("nobody_chosen", "Choose who leaves.")])
    if len(leaving) < len(new) or any(each.until_on for each in leaving):
        raise IllegalMove("Somebody else has just replaced an Advocate of this place. Look who takes part now.")


def _require_dates(place, leaving, *, until_on, from_on, reason, today) -> None:
    end = max(last_day(place), today)
    found = []
    if not reason.strip():
        found.append(Finding("no_reason", "Give the reason."))
    for each in leaving:
        if until_on < each.from_on:
            text = f"{each.person} began on {_day(each.from_on)}: the last day cannot be before that."
            found.append(Finding("ends_before", text))
    if from_on < until_on:
        found.append(Finding("begins_before", "The first day cannot be before the last day of who leaves."))
    label = year_label(place.project.year)
    late = f"The place is for {label}, which ends on {_day(last_day(place))}: give a day up to then."
    found += [Finding(code, late) for code, on in (("ends_late", until_on), ("begins_late", from_on)) if on > end]
    if found:
        raise Refused(found)


def _person(place: Place, advocate: Advocate, new: dict, *, on: date) -> Person:
    try:
        return person_at(place.school, name=new["name"], email=new["email"], role=new["role"], on=on)
    except Refused as refused:
        raise Refused([Finding(f"{each.code}:{advocate.pk}", each.text) for each in refused.findings]) from refused


def _require_others(place: Place, leaving: list[Advocate], people: list[Person], *, from_on: date) -> None:
    """Refuse a follower who is the one who leaves, who takes part for the place already, or who is named twice."""
    there = {each.person_id for each in place.advocates.filter(until_on=None)}
    for each, person in zip(leaving, people, strict=True):
        if person.pk == each.person_id:
            text = f"This is the address of {person}, who leaves. Give the new Advocate's own address."
        elif person.pk in there:
            text = f"{person} takes part for this place already. Name somebody else."
        else:
            continue
        raise Refused([Finding(f"on_place:{each.pk}", text)])
    if len({person.pk for person in people}) < len(people):
        text = f"Both addresses belong to {people[0]} in our records: name two people."
        raise Refused([Finding(f"one_person:{leaving[-1].pk}", text)])


def _require_leader(place: Place, leaving: list[Advocate], new: dict, *, judged: bool, from_on: date) -> None:
    stay = current(place, on=from_on).filter(until_on=None).exclude(pk__in=[each.pk for each in leaving])
    roles = [*stay.values_list("role", flat=True), *(new[each.pk]["role"] for each in leaving)]
    standing = who_leads(roles, place.rule_set)
    if standing == TO_JUDGE and not judged:
        text = (
            "Neither Advocate would be head of department, second in department or Key Stage 3 lead. Tick that you "
            "judge one of the roles to be similar, or name somebody who leads."
        )
        raise Refused([Finding("judge", text)])
    if standing == NOBODY:
        text = "Neither Advocate would lead in the department: name somebody who does."
        raise Refused([Finding(f"no_leading_advocate:{leaving[-1].pk}", text)])


def _note(place: Place, followers: list[Advocate], *, until_on: date, judged: bool, by: User, at: datetime) -> None:
    """Write the event, without names and without the reason: an event stays for good."""
    roles = ", ".join(each.get_role_display().lower() for each in followers)
    said = f"New from {_day(followers[0].from_on)}: {roles}. Last day before: {_day(until_on)}. No second grant."
    if judged:
        said += " A role was judged to be similar."
    note_event(place, "advocate replaced", by=by, at=at, note=said)


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
