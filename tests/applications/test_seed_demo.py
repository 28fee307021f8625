"""The demo: made once, whole, of made-up people only, and true to the rules of the portal."""

import io
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import models, transaction

from applications.demo import national, seed, staff
from applications.models import Application, Proposal
from applications.states import Status
from applications.turns import TURNS, with_turn
from hubportal.history.actions import subject_of
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from programmes.models import Cohort, Place, Project, School, SchoolChange, Specialist
from tests.factories import AT

pytestmark = pytest.mark.django_db
OURS = ["accounts", "history", "messaging", "programmes", "applications"]


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Seed once for all tests of this file, and leave nothing behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed.seed(at=AT, say=lambda line: None)
        yield
        transaction.set_rollback(True)


def models_of_ours():
    return [model for label in OURS for model in apps.get_app_config(label).get_models() if model._meta.managed]


def run(**options) -> str:
    said = io.StringIO()
    call_command("seed_demo", stdout=said, stderr=io.StringIO(), **options)
    return said.getvalue()


def test_the_first_hub_has_an_application_in_every_status():
    assert set(Application.objects.filter(hub__slug="estuary").values_list("status", flat=True)) == set(Status.values)


def test_the_first_hub_shows_every_turn_that_somebody_can_have():
    applications = Application.objects.filter(hub__slug="estuary")

    assert set(with_turn(applications).values_list("turn", flat=True)) == {turn.code for turn in TURNS}


def test_a_second_run_changes_nothing_and_says_again_who_can_sign_in():
    before = {model: model.objects.count() for model in models_of_ours()}

    said = run()

    assert {model: model.objects.count() for model in models_of_ours()} == before
    assert len(said.splitlines()) == len(staff.emails()) == 7
    assert all(f"{email} " in said for email in staff.emails())
    assert said.count(staff.PASSWORD) == 7


def test_who_is_said_to_sign_in_can_sign_in():
    assert all(authenticate(email=email, password=staff.PASSWORD) for email in staff.emails())


def test_a_changed_password_is_not_said_to_hold(django_user_model):
    user = django_user_model.objects.get(email=staff.NATIONAL[1])
    user.set_password("another password of her own")
    user.save()

    assert run().count(staff.PASSWORD) == 6


def test_every_address_in_the_demo_belongs_to_nobody():
    kept = {
        address
        for model in models_of_ours()
        for field in model._meta.fields
        if isinstance(field, models.EmailField)
        for address in model.objects.values_list(field.name, flat=True)
        if address
    }

    assert len(kept) > 100
    assert [address for address in kept if not address.endswith(".example")] == []


def test_nothing_lies_in_the_future_and_every_status_is_that_of_its_last_event():
    assert not Event.objects.filter(at__gt=AT).exists()
    assert not Message.objects.filter(created_at__gt=AT).exists()
    for application in Application.objects.exclude(submitted_at=None):
        moves = list(Event.objects.filter(subject=subject_of(application), kind="status").order_by("pk"))
        assert moves[-1].new == application.status
        assert [move.at for move in moves] == sorted(move.at for move in moves)


def test_no_cohort_has_more_schools_than_places_and_the_second_hub_is_full():
    left = {cohort: cohort.capacity - cohort.taken for cohort in Cohort.objects.with_places_taken()}

    assert min(left.values()) == 0
    full = [cohort.hub.slug for cohort, places in left.items() if places == 0 and cohort.project == _newest()]
    assert full == ["three-rivers"]


def _newest():
    return Project.objects.get(programme="sec-development", year=2026)


def test_a_school_that_took_part_kept_its_place_under_its_new_urn():
    school = School.objects.get(establishment=990025)

    assert [(row.establishment_id, row.until_on is None) for row in school.urns.all()] == [
        (990024, False),
        (990025, True),
    ]
    assert school.places.get().status == "part_completed"


def test_two_changes_in_the_register_wait_for_staff():
    waiting = SchoolChange.objects.waiting()

    assert {change.kind: change.successors.count() for change in waiting} == {"closed": 2, "renamed": 0}


def test_old_mail_is_not_sent_again_but_for_five_letters_with_private_links():
    queued = Message.objects.due(AT).filter(created_at__lt=AT - timedelta(days=1))

    assert sorted(queued.values_list("template", flat=True)) == [
        "ask_head",
        "draft_saved",
        "information_requested",
        "place_accepted",
        "place_offered",
    ]
    assert all("[[private link " in message.text for message in queued)
    assert set(Message.objects.values_list("status", flat=True)) == {
        "bounced",
        "dropped",
        "failed",
        "held",
        "queued",
        "sent",
        "unknown",
    }


def test_the_same_day_gives_the_same_references():
    made = Application.objects.filter(school__establishment__name="Three Peaks School")

    assert made.get().reference == "VT5-NMNW"


@pytest.mark.slow
def test_the_national_demo_keeps_the_rules_too():
    national.seed(at=AT, say=lambda line: None)

    assert Application.objects.count() > national.APPLYING
    assert all(cohort.taken <= cohort.capacity for cohort in Cohort.objects.with_places_taken())
    assert set(Application.objects.filter(status="accepted").values_list("place__status", flat=True)) == {
        "accepted",
        "confirmed",
    }
    assert not Message.objects.exclude(to__endswith=".example").exists()
    assert set(Specialist.objects.values_list("project__cohort_number", flat=True)) >= {5, 6, 7, 8, 9, 10}
    families = {"sec-development", "sec-embedding", "sec-sustaining"}
    completed = Place.objects.filter(status="completed", hub__slug="vale")
    assert set(completed.values_list("project__programme", flat=True)) == families
    assert set(Proposal.objects.values_list("status", flat=True)) >= {"asked", "answered", "put_off"}
    assert national.is_there()
