"""What staff can do with a place: one table of buttons, each with the consequence that is shown before confirming."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from applications import place_changes
from hubportal.clock import year_label
from hubportal.templatetags.hub import pounds, short_day
from programmes.cohorts.changes import HAS_ADVOCATES
from programmes.cohorts.states import PLACE_MOVES, PlaceStatus
from programmes.funding import leaving
from programmes.models import Grant, Place, PlaceRequest

from . import place_forms as forms


@dataclass(frozen=True)
class PlaceAct:
    """A button: its words, when it makes sense, what it means in sentences, what is filled in, and the action.

    `do` returns what to say when it is done.
    """

    label: str
    form: type[forms.PlaceForm]
    possible: Callable[[Place], bool]
    means: Callable[[Place], list[str]]
    do: Callable


def _can_become(status: PlaceStatus) -> Callable[[Place], bool]:
    return lambda place: status in PLACE_MOVES[PlaceStatus(place.status)]


def money(place: Place) -> str:
    """Return in one sentence what has come of the place's grant so far."""
    grant = Grant.objects.filter(place=place).select_related("end").first()
    if grant is None:
        return "No grant has been fixed for this place."
    fixed = f"The grant of {pounds(grant.amount)} was fixed on {short_day(grant.frozen_at)}."
    return f"{fixed} Nothing is paid on it: the place has ended." if hasattr(grant, "end") else fixed


def _nothing_is_paid(place: Place) -> str:
    return f"{money(place)} It stays as a record, but nothing is paid on it."


def _told(place: Place) -> str:
    application = place_changes.application_of(place)
    if application is None:
        return "No application led to this place, so we have no contact: nobody is written to. Tell the school."
    return f"{application.contact_name} ({application.contact_email}) is told by e-mail."


def _replace_means(place: Place) -> list[str]:
    grant = Grant.objects.filter(place=place).first()
    stays = f"The grant stays {pounds(grant.amount)}; nothing more is paid." if grant else "No grant changes."
    return [
        stays,
        "Who leaves stays in the records with both dates and your reason.",
        "At least one Advocate leads in the department, or has a role that you judge to be similar.",
        _told(place),
    ]


def _defer_means(place: Place) -> list[str]:
    return [
        _nothing_is_paid(place),
        "A new grant comes with the new place, by the rules of that year.",
        "The place in this cohort is free for another school. The Advocates are named anew.",
        _told(place),
    ]


def _withdraw_means(place: Place) -> list[str]:
    return [_nothing_is_paid(place), "The place is free for another school. Its application ends.", _told(place)]


def _move_means(place: Place) -> list[str]:
    return [
        _nothing_is_paid(place),
        "The new place brings a grant of its own, by the rules there. The list says how much.",
        "The Advocates go with it. Another hub is asked first, and nothing changes until its staff agree.",
        _told(place),
    ]


def _take_up_means(place: Place) -> list[str]:
    year = year_label(place.put_off_to) if place.put_off_to else "a later year"
    return [
        f"The school put its place off to {year}. It gets a new place, which counts in that cohort.",
        f"{money(place)} A new grant is fixed by the rules of the new year; the list says how much.",
        "Both Advocates are named anew.",
        _told(place),
    ]


def _void_means(place: Place) -> list[str]:
    hangs = ", ".join(leaving.hangs_on(place)) or "nothing"
    second = [f"{_second(place)}"] if leaving.needs_second(place) else []
    return [
        f"This hangs on it: {hangs}. All of it is kept.",
        _nothing_is_paid(place),
        "The school no longer counts as having taken part through this place, which can close later phases to it.",
        *second,
    ]


def _second(place: Place) -> str:
    return "The place was completed and has a grant, so a second person of your hub has to agree."


def _replace(place, form, **who):
    data = form.cleaned_data
    dates = {name: data[name] for name in ("until_on", "from_on", "reason", "judged")}
    place_changes.replace_advocates(place, form.new(), **dates, **who)
    return "The new Advocate is named. The grant stays as it was."


def _defer(place, form, **who):
    place_changes.defer(place, **form.cleaned_data, **who)
    return "The place is put off."


def _withdraw(place, form, **who):
    place_changes.withdraw(place, **form.cleaned_data, **who)
    return "The place is withdrawn."


def _move(place, form, **who):
    made = place_changes.move(place, **form.cleaned_data, **who)
    asked = isinstance(made, PlaceRequest)
    return f"{made.hub} is asked to take the place." if asked else f"The school has its place on {made.project} now."


def _take_up(place, form, **who):
    new = place_changes.take_up(place, **form.cleaned_data, **who)
    return f"The school has its place on {new.project} now."


def _void(place, form, **who):
    made = place_changes.void(place, **form.cleaned_data, **who)
    asked = isinstance(made, PlaceRequest)
    return "A second person of your hub can agree now." if asked else "The place counts as entered by mistake."


ACTS = {
    "replace": PlaceAct(
        "Replace a Mastery Advocate",
        forms.ReplaceForm,
        lambda place: place.status in HAS_ADVOCATES,
        _replace_means,
        _replace,
    ),
    "defer": PlaceAct(
        "Put off to a later year", forms.DeferForm, _can_become(PlaceStatus.DEFERRED), _defer_means, _defer
    ),
    "move": PlaceAct(
        "Move to another hub or project",
        forms.MoveForm,
        lambda place: place.status in leaving.CAN_MOVE,
        _move_means,
        _move,
    ),
    "take-up": PlaceAct(
        "Take up the place that was put off",
        forms.TakeUpForm,
        lambda place: place.status == PlaceStatus.DEFERRED and not place.followed_by.exists(),
        _take_up_means,
        _take_up,
    ),
    "withdraw": PlaceAct(
        "Withdraw the place", forms.ReasonForm, _can_become(PlaceStatus.WITHDRAWN), _withdraw_means, _withdraw
    ),
    "void": PlaceAct("Entered by mistake", forms.ReasonForm, _can_become(PlaceStatus.VOID), _void_means, _void),
}


def possible(place: Place) -> list[tuple[str, PlaceAct]]:
    return [(verb, act) for verb, act in ACTS.items() if act.possible(place)]


def do(verb: str, place: Place, form, *, by, at: datetime) -> str:
    """Do it and return what to say of it. Raises Refused or IllegalMove; then nothing is saved."""
    return ACTS[verb].do(place, form, by=by, at=at)
