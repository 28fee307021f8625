"""Changes of life in a browser: an Advocate replaced, a place put off and moved, two records of one person joined."""

import pytest
from django.urls import reverse
from django.utils import timezone

from hubportal.accounts.roles import Role
from programmes.funding.actions import freeze
from programmes.models import Advocate, Person, PersonEmail, Place, PlaceRequest, Post
from tests.applications.staff import person
from tests.factories import ApplicationFactory, CohortFactory, HubFactory, PersonFactory, PlaceFactory, UserFactory

from .people import cookies_of, press, school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, True), (320, False)]


@pytest.fixture
def hub(settings):
    settings.REQUIRE_MFA = True
    return HubFactory(name="Estuary Maths Hub")


@pytest.fixture
def place(hub):
    """A confirmed place with its grant, its application and two Advocates."""
    cohort = CohortFactory(hub=hub)
    now = timezone.now()
    place = PlaceFactory(
        cohort=cohort, school=school("Thameside Academy"), status="confirmed", accepted_at=now, confirmed_at=now
    )
    freeze(place, at=now)
    ApplicationFactory(cohort=cohort, school=place.school, place=place, status="accepted")
    for name, role in (("Amina Okafor", "hod"), ("Ben Cole", "teacher")):
        named(name, place, role)
    return place


def named(name, place, role="hod"):
    """Return a person who takes part for the place from September on."""
    found = PersonFactory(name=name)
    PersonEmail.objects.create(person=found, email=f"{name.lower().replace(' ', '.')}{found.pk}@thameside.example")
    Post.objects.create(person=found, school=place.school, role=role, from_on="2026-09-01")
    Advocate.objects.create(place=place, person=found, role=role, from_on="2026-09-01")
    return found


def place_page(place):
    return reverse("admin:programmes_place_change", args=[place.pk])


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_an_advocate_is_replaced_with_the_money_in_view(looker, hub, place, width, js):
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))

    staff.goto(place_page(place))
    looker.look(staff, "changes-place")
    press(staff, "Replace a Mastery Advocate")
    staff.get_by_text("nothing more is paid").wait_for()
    looker.look(staff, "changes-replace")
    press(staff, "Replace a Mastery Advocate")
    staff.get_by_role("heading", name="There is a problem").wait_for()
    looker.look(staff, "changes-replace-wrong")
    staff.get_by_label("Amina Okafor, head of department").check()
    staff.get_by_role("group", name="Who follows Amina Okafor?").get_by_label("Full name").fill("Nadia Petrov")
    staff.get_by_role("group", name="Who follows Amina Okafor?").get_by_label("Work e-mail").fill("n.petrov@x.example")
    staff.get_by_role("group", name="Who follows Amina Okafor?").get_by_label("Role").select_option("second")
    staff.get_by_label("Why do they leave?").fill("Has moved to another school.")
    press(staff, "Replace a Mastery Advocate")
    staff.get_by_text("The new Advocate is named").wait_for()
    looker.look(staff, "changes-replaced")
    assert place.advocates.filter(until_on=None).count() == 2


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_a_place_is_put_off(looker, hub, place, width, js):
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))

    staff.goto(place_page(place))
    press(staff, "Put off to a later year")
    staff.get_by_text("A new grant comes with the new place").wait_for()
    looker.look(staff, "changes-defer")
    staff.get_by_label("2027/28").check()
    staff.get_by_label("Reason").fill("The department has three vacancies.")
    press(staff, "Put off to a later year")
    staff.get_by_text("The place is put off").wait_for()
    looker.look(staff, "changes-deferred")
    press(staff, "Take up the place that was put off")
    staff.get_by_text("no cohort of this programme for a later year").wait_for()
    looker.look(staff, "changes-take-up-nowhere")
    assert Place.objects.get().put_off_to == 2027


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_another_hub_takes_a_place_from_its_page_called_today(looker, hub, place, width, js):
    to = CohortFactory(project=place.project, hub=HubFactory(name="Three Rivers Maths Hub"))
    sender = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))
    receiver = looker.window(width=width, js=js, cookies=cookies_of(person(to.hub, Role.LEAD)))

    sender.goto(place_page(place))
    press(sender, "Move to another hub or project")
    looker.look(sender, "changes-move")
    sender.get_by_label("Three Rivers Maths Hub").check()
    sender.get_by_label("Reason").fill("The school has moved into their area.")
    press(sender, "Move to another hub or project")
    sender.get_by_text("Waits for an answer").wait_for()
    looker.look(sender, "changes-move-asked")

    receiver.goto(reverse("admin:index"))
    looker.look(receiver, "changes-today")
    press(receiver, "1 request about a place")
    looker.look(receiver, "changes-requests")
    receiver.goto(reverse("admin:programmes_placerequest_change", args=[PlaceRequest.objects.get().pk]))
    looker.look(receiver, "changes-request")
    press(receiver, "Take the place")
    receiver.get_by_text("It is done").wait_for()
    looker.look(receiver, "changes-request-done")
    assert Place.objects.get(hub=to.hub).status == "confirmed"


@pytest.mark.parametrize(("width", "js"), WINDOWS)
def test_two_records_of_one_person_are_found_and_joined(looker, hub, place, width, js):
    earlier = PlaceFactory(
        cohort=CohortFactory(hub=hub, project__year=2024), school=place.school, status="completed",
        offered_by=UserFactory(),
    )  # fmt: skip
    former = named("A. Okafor", earlier, "second")
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(hub)))
    second = looker.window(width=width, js=js, cookies=cookies_of(person(hub, Role.LEAD)))

    staff.goto(reverse("admin:programmes_person_changelist"))
    looker.look(staff, "changes-people")
    press(staff, "People who may be one")
    looker.look(staff, "changes-duplicates")
    press(staff, "Look at both")
    looker.look(staff, "changes-both")
    press(staff, "Keep the other record instead")
    staff.get_by_label("Why they are one person").fill("The head says so.")
    press(staff, "Ask a second person to agree")
    staff.get_by_text("A second person of your hub can agree now").wait_for()
    looker.look(staff, "changes-person")
    for name, title in (("name", "Name of"), ("address", "Another address of"), ("find", "The same person as")):
        staff.goto(reverse(f"admin:programmes_person_{name}", args=[former.pk]))
        staff.get_by_role("heading", name=title).wait_for()
        looker.look(staff, f"changes-person-{name}")

    second.goto(reverse("admin:programmes_personjoin_changelist"))
    looker.look(second, "changes-joins")
    press(second, "Amina Okafor")
    looker.look(second, "changes-join-asked")
    press(second, "Agree: join the two records")
    second.get_by_text("The two records are one now").wait_for()
    looker.look(second, "changes-joined")
    assert Person.objects.kept().filter(name__contains="Okafor").count() == 1
