"""A specialist's years: selected, in year 1, on to year 2 and beyond, pausing, moving school, stepping down."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from hubportal.accounts.models import User
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, change_status, note_event
from hubportal.rules import Finding, Refused
from hubportal.templatetags.hub import short_day
from programmes.cohorts.actions import grant_amount
from programmes.cohorts.models import Cohort, RuleSet
from programmes.cohorts.place import Place
from programmes.cohorts.states import PLACE_MOVES, PlaceStatus
from programmes.funding.actions import freeze
from programmes.funding.leaving import leave
from programmes.people.models import Accreditation, Person
from programmes.schools.models import School

from .models import HomeSchool, ProgrammeDay, Specialist
from .states import IN_THE_PROGRAMME, SPECIALIST_MOVES, SpecialistStatus


def _refuse(code: str, text: str) -> None:
    raise Refused([Finding(code, text)])


@transaction.atomic
def begin(
    person: Person, school: School, cohort: Cohort, *, rule_set: RuleSet, origin: str, by: User, at: datetime
) -> Place:
    """Give a selected teacher a place with its grant and let year 1 begin. Call it with the cohort's row locked.

    Raises Refused when the hub's allocation is used up, or when the teacher is in the programme already.
    """
    if cohort.places.live().count() >= cohort.capacity:
        _refuse("full", f"Your allocation for this cohort is used up: {cohort.capacity}.")
    RuleSet.objects.filter(pk=rule_set.pk, used_at=None).update(used_at=at)
    today = london_date(at)
    try:
        with transaction.atomic():
            place = Place.objects.create(
                school=school, cohort=cohort, hub=cohort.hub, project=cohort.project, person=person, origin=origin,
                rule_set=rule_set, status=PlaceStatus.CONFIRMED, offered_by=by, offered_at=at, answer_by=today,
                accepted_at=at, confirmed_at=at,
            )  # fmt: skip
            specialist = Specialist.objects.create(
                person=person, hub=cohort.hub, project=cohort.project, place=place, started_on=today
            )
    except IntegrityError as problem:
        text = f"{person} is in the programme already, so they cannot start again."
        raise Refused([Finding("specialist_already", text)]) from problem
    HomeSchool.objects.create(specialist=specialist, school=school, from_on=today)
    if grant_amount(cohort, rule_set) is not None:
        freeze(place, at=at)
    note_event(place, "given to a teacher", by=by, at=at, note=origin)
    note_event(specialist, "selected", by=by, at=at, note=origin)
    return place


def _locked(specialist: Specialist) -> Specialist:
    Specialist.objects.select_for_update(no_key=True).values_list("pk").get(pk=specialist.pk)
    return Specialist.objects.with_details().get(pk=specialist.pk)


def _still_in(specialist: Specialist) -> Specialist:
    """Return the specialist, their row locked. Raises IllegalMove for one who has stepped down."""
    locked = _locked(specialist)
    if locked.status not in IN_THE_PROGRAMME:
        raise IllegalMove(f"{locked.person} has stepped down, so nothing more is recorded.")
    return locked


@transaction.atomic
def attend_launch(specialist: Specialist, *, on: date, with_whom: str, by: User, at: datetime) -> None:
    """Write down that the specialist was at the launch, and who came from the school's leadership."""
    locked = _still_in(specialist)
    if on > london_date(at):
        _refuse("launch_ahead", f"The launch of {short_day(on)} has not taken place yet.")
    if not with_whom.strip():
        _refuse("nobody_came", "Say who came from the school's leadership; write “nobody” if nobody did.")
    Specialist.objects.filter(pk=locked.pk).update(launch_on=on, launch_with=with_whom)
    _place_becomes(locked, PlaceStatus.ACTIVE, by=by, at=at)
    note_event(locked, "launch attended", by=by, at=at, note=short_day(on))


@transaction.atomic
def record_day(
    specialist: Specialist, *, on: date, kind: str, half_days: int, by: User, at: datetime, note: str = ""
) -> ProgrammeDay:
    """Record a day of the programme that was or, with a date ahead, is planned. Raises Refused for one day too many."""
    locked = _still_in(specialist)
    if on < locked.started_on:
        _refuse("before_start", f"{locked.person} started on {short_day(locked.started_on)}: this day is earlier.")
    had = sum(day.half_days for day in locked.days.filter(on=on).exclude(kind=kind))
    if locked.days.filter(on=on, kind=kind).exists():
        _refuse("day_there", f"{short_day(on)} is recorded already. Remove it first if it was something else.")
    if had + half_days > 2:
        _refuse("too_much", f"A day has two halves, and {short_day(on)} has {had} of them already.")
    made = ProgrammeDay.objects.create(
        specialist=locked, on=on, kind=kind, half_days=half_days, note=note, recorded_by=by, recorded_at=at
    )
    note_event(locked, "day recorded", by=by, at=at, note=_words(made))
    return made


def _words(day: ProgrammeDay) -> str:
    return f"{day.get_kind_display()}, {short_day(day.on)}, {'half a day' if day.half_days == 1 else 'a day'}"


@transaction.atomic
def remove_day(specialist: Specialist, day_pk: int, *, by: User, at: datetime) -> None:
    """Take a recorded day away again; a repeat changes nothing."""
    locked = _still_in(specialist)
    for day in locked.days.filter(pk=day_pk):
        note_event(locked, "day removed", by=by, at=at, note=_words(day))
        day.delete()


@transaction.atomic
def move_on(specialist: Specialist, status: SpecialistStatus, *, by: User, at: datetime, note: str = "") -> None:
    """Move a specialist to the next year, or between leading groups and their own department."""
    locked = _locked(specialist)
    if status in {SpecialistStatus.DEFERRED, SpecialistStatus.STEPPED_DOWN} or locked.status == "deferred":
        raise IllegalMove(f"{locked.person} is {locked.get_status_display().lower()}: this is no move of a year.")
    was = locked.status
    change_status(locked, status, moves=SPECIALIST_MOVES, by=by, at=at, note=note)
    if was == SpecialistStatus.YEAR_1:
        _place_becomes(locked, PlaceStatus.ACTIVE, by=by, at=at)
        _place_becomes(locked, PlaceStatus.COMPLETED, by=by, at=at)


def _place_becomes(specialist: Specialist, status: PlaceStatus, *, by: User | str, at: datetime) -> None:
    """Move the specialist's place on with them, where it can be; a place stands for the first year."""
    place = specialist.place
    if place and status in PLACE_MOVES[PlaceStatus(place.status)]:
        ended = {} if status == PlaceStatus.ACTIVE else {"ended_on": london_date(at)}
        change_status(place, status, moves=PLACE_MOVES, by=by, at=at, **ended)


@transaction.atomic
def defer(specialist: Specialist, *, back_on: date, reason: str, by: User, at: datetime) -> None:
    """Let a specialist pause until `back_on`; the year in which they stopped is kept."""
    if back_on <= london_date(at):
        _refuse("back_behind", "The date on which they come back must lie ahead.")
    locked = _locked(specialist)
    change_status(
        locked,
        SpecialistStatus.DEFERRED,
        moves=SPECIALIST_MOVES,
        by=by,
        at=at,
        note=_required(reason),
        deferred_from=locked.status,
        back_on=back_on,
    )


@transaction.atomic
def come_back(specialist: Specialist, *, by: User, at: datetime) -> None:
    """Let a specialist go on in the year in which they stopped."""
    locked = _locked(specialist)
    if locked.status != SpecialistStatus.DEFERRED:
        raise IllegalMove(f"{locked.person} is not pausing.")
    back_to = SpecialistStatus(locked.deferred_from or SpecialistStatus.YEAR_1)
    change_status(locked, back_to, moves=SPECIALIST_MOVES, by=by, at=at, deferred_from="", back_on=None)


def _required(reason: str) -> str:
    if not reason.strip():
        _refuse("no_reason", "Give the reason.")
    return reason


@transaction.atomic
def move_school(
    specialist: Specialist, school: School, *, on: date, department_stays: bool, by: User, at: datetime
) -> HomeSchool:
    """Let a specialist teach at another school from `on`; whether the old department stays in is written with it."""
    locked = _still_in(specialist)
    home = locked.homes.get(until_on=None)
    if home.school_id == school.pk:
        _refuse("same_school", f"{locked.person} teaches at {school} already.")
    if on <= home.from_on:
        _refuse("move_too_early", f"They came to {home.school} on {short_day(home.from_on)}: choose a later date.")
    if on > london_date(at):
        _refuse("move_ahead", "Record the move once it has happened: the date lies ahead.")
    HomeSchool.objects.filter(pk=home.pk).update(until_on=on, department_stays=department_stays)
    made = HomeSchool.objects.create(specialist=locked, school=school, from_on=on)
    stays = "stays" if department_stays else "does not stay"
    note = f"From {home.school} to {school}. The old school {stays} a specialist department."
    note_event(locked, "moved school", by=by, at=at, note=note)
    return made


@transaction.atomic
def step_down(specialist: Specialist, *, reason: str, by: User | str, at: datetime) -> None:
    """End a specialist's time in the programme, with the reason. In year 1 their place is free again for a reserve."""
    locked = _locked(specialist)
    before = locked.status
    change_status(
        locked, SpecialistStatus.STEPPED_DOWN, moves=SPECIALIST_MOVES, by=by, at=at, note=_required(reason),
        deferred_from="", back_on=None,
    )  # fmt: skip
    note_event(locked, "left in", by=by, at=at, note=SpecialistStatus(before).label)
    if locked.place and PlaceStatus.WITHDRAWN in PLACE_MOVES[PlaceStatus(locked.place.status)]:
        leave(locked.place, PlaceStatus.WITHDRAWN, by=by, at=at)


@transaction.atomic
def accredit(
    specialist: Specialist, *, kind: str, from_on: date, by: User, at: datetime, until_on: date | None = None,
    number: int | None = None, note: str = "",
) -> Accreditation:  # fmt: skip
    """Write down what a specialist was accredited as, such as NCETM PD Lead in year 2."""
    locked = _still_in(specialist)
    if kind == Accreditation.Kind.PD_LEAD and locked.status == SpecialistStatus.YEAR_1:
        _refuse("pd_lead_too_early", "The PD Lead programme belongs to year 2: move them on to it first.")
    if until_on and until_on < from_on:
        _refuse("ends_before", "It would end before it begins: check the two dates.")
    if from_on > london_date(at):
        _refuse("accredited_ahead", "Record it once they have it: the date lies ahead.")
    try:
        with transaction.atomic():
            made = Accreditation.objects.create(
                person=locked.person, kind=kind, from_on=from_on, until_on=until_on, number=number, note=note
            )
    except IntegrityError as problem:
        raise Refused([Finding("accredited_already", "This is recorded already, from that day on.")]) from problem
    note_event(locked, "accredited", by=by, at=at, note=f"{made.get_kind_display()}, from {short_day(from_on)}")
    return made
