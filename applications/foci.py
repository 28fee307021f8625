"""The foci that a school has put in order, and which of them it can be offered."""

from hubportal.rules import Finding
from programmes.cohorts.foci import Room, rooms
from programmes.models import Focus

from .models import Application


def ranking(letters: list[str], run: list[Room], cohort_pk: int) -> dict:
    """Return a ranking as it is kept: of which hub's foci, with their titles, and what was full when it was made."""
    titles = {room.focus.letter: room.focus.title for room in run}
    full = [room.focus.letter for room in run if room.is_full]
    return {
        "foci": letters,
        "foci_at": cohort_pk,
        "foci_titles": [titles[letter] for letter in letters],
        "foci_seen_full": [letter for letter in letters if letter in full],
    }


def carried_over(answers: dict, *, same_project: bool) -> dict:
    """Return the answers as they go with an application that is moved: letters mean something else every year."""
    return answers if same_project else {key: value for key, value in answers.items() if not key.startswith("foci")}


def against_sending(application: Application) -> list[Finding]:
    """Return what has changed about the ranked foci since the school saw them: full meanwhile, or not run any more."""
    letters = application.answers.get("foci", [])
    if not letters:
        return []
    run = {room.focus.letter: room for room in rooms(application.cohort)}
    seen, titles = application.answers["foci_seen_full"], application.answers["foci_titles"]
    found = []
    for letter, title in zip(letters, titles, strict=True):
        if letter not in run:
            found.append(Finding("focus_not_run", f"{application.hub} does not run “{title}” any more."))
        elif run[letter].is_full and letter not in seen:
            text = f"“{title}” has filled up since you chose it. Look at your order: you can change it or keep it."
            found.append(Finding("focus_filled_up", text))
    return found


def offerable(application: Application) -> list[Focus]:
    """Return the foci that the school ranked, in its order, that the hub runs and that have room."""
    if "foci" not in application.answers:
        return []
    run = {room.focus.letter: room for room in rooms(application.cohort)}
    ranked = [run[letter] for letter in application.answers.get("foci", []) if letter in run]
    return [room.focus for room in ranked if not room.is_full]
