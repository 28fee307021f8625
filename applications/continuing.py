"""What a department that goes on says: its foci in order, its plan, and the two who lead, as last year perhaps."""

from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from hubportal.accounts.models import User
from hubportal.history.actions import IllegalMove, note_event
from programmes.cohorts.actions import team_of
from programmes.cohorts.foci import Room, rooms
from programmes.cohorts.states import TOOK_PART
from programmes.models import Person, Place

from . import checks, closed, documents, foci
from .actions import SCHOOL, answer
from .documents import Upload
from .facts import same_school
from .models import Application, Document

PLAN_TEXTS = ("plan_priorities", "plan_measures")


def answer_ranking(application: Application, letters: list[str], run: list[Room]) -> None:
    """Keep the ranking of a draft."""
    answer(application, answers=application.answers | foci.ranking(letters, run, application.cohort_id))


@transaction.atomic
def answer_plan(application: Application, said: dict, upload: Upload | None, *, at: datetime) -> None:
    """Keep the plan of a draft: typed, as a file, or to come."""
    answer(application, answers=application.answers | said)
    _keep_file(application, said, upload, at=at)


def _keep_file(application: Application, said: dict, upload: Upload | None, *, at: datetime) -> None:
    if upload is not None:
        documents.keep(application, upload, at=at)
    elif said["plan"] != "file":
        Document.objects.filter(application=application).delete()


@transaction.atomic
def change_ranking(application: Application, letters: list[str], *, at: datetime, by: User | str = SCHOOL) -> None:
    """Change the order after sending, until a place is offered. The check is made again."""
    locked = Application.objects.locked(application.pk)
    _require_open(closed.foci(locked))
    new = locked.answers | foci.ranking(letters, rooms(locked.cohort), locked.cohort_id)
    Application.objects.filter(pk=locked.pk).update(answers=new)
    note_event(locked, "foci changed", by=by, at=at, note=" then ".join(letters))
    checks.recheck(locked, by=by, at=at, note="The order of the foci was changed.")


@transaction.atomic
def change_plan(
    application: Application, said: dict, upload: Upload | None, *, at: datetime, by: User | str = SCHOOL
) -> None:
    """Send or change the plan after sending the form. The check is made again."""
    locked = Application.objects.locked(application.pk)
    _require_open(closed.plan(locked))
    Application.objects.filter(pk=locked.pk).update(answers=locked.answers | said)
    _keep_file(locked, said, upload, at=at)
    note_event(locked, "plan sent", by=by, at=at, note="As a file." if said["plan"] == "file" else "Typed.")
    checks.recheck(locked, by=by, at=at, note="The development plan was sent.")


def _require_open(why_not: str) -> None:
    if why_not:
        raise IllegalMove(why_not)


def last_years_people(application: Application) -> list[dict]:
    """Return who led for the school when it last took part, as nominees.

    Our records are shown to the school only: to a contact whom they name at the school, or once its head has
    confirmed. To anybody else who typed its name there is nobody.
    """
    if not _is_the_schools(application):
        return []
    places = Place.objects.filter(school__in=same_school(application.school), status__in=TOOK_PART, person=None)
    last = places.filter(project__year__lt=application.project.year).order_by("-project__year", "-pk").first()
    if last is None:
        return []
    team = team_of(last)[:2]
    prefetch_related_objects(team, "person__emails")
    known = [each for each in team if each.person.emails.all()]
    return [
        {"position": n, "name": each.person.name, "email": list(each.person.emails.all())[-1].email, "role": each.role}
        for n, each in enumerate(known, start=1)
    ]


def _is_the_schools(application: Application) -> bool:
    if application.endorsements.filter(status="confirmed").exists():
        return True
    schools = same_school(application.school)
    known = Person.objects.filter(emails__email__iexact=application.contact_email, posts__school__in=schools)
    return known.exists()
