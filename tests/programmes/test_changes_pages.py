"""The pages of changes: the consequence stands on them before anything is confirmed; refusals stand at the field."""

import pytest
from django.urls import reverse

from applications import place_changes
from hubportal.accounts.roles import Role
from programmes.models import Person, PersonJoin, Place, PlaceRequest, Post
from programmes.people import joining
from tests.factories import AT, HubFactory, HubMembershipFactory, PlaceFactory

from .changing import advocates, as_it_is, confirmed_place, elsewhere, on_place, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return confirmed_place()


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_MFA = False

    def sign_in(hub, role=Role.ADMINISTRATOR):
        user = HubMembershipFactory(role=role, hub=hub).user
        client.force_login(user)
        return client, user

    return sign_in


MOVE_COSTS = 17


def act_page(place, verb):
    return reverse("admin:programmes_place_do", args=[place.pk, verb])


def place_page(place):
    return reverse("admin:programmes_place_change", args=[place.pk])


def request_page(asked):
    return reverse("admin:programmes_placerequest_change", args=[asked.pk])


def replacement(place, **values):
    first, _ = advocates(place)
    return {
        "leave": [first.pk], f"name_{first.pk}": "Nadia Petrov", f"email_{first.pk}": "nadia@school.example",
        f"role_{first.pk}": "second", "until_on": "2027-01-08", "from_on": "2027-01-11", "reason": "Has left.",
    } | values  # fmt: skip


def test_the_page_of_a_place_leads_to_what_can_be_done_and_no_further(staff, place):
    client, _ = staff(place.hub)
    page = client.get(place_page(place)).text
    assert all(words in page for words in ("Replace a Mastery Advocate", "Put off to a later year", "Withdraw the"))

    place_changes.withdraw(place, reason="x", by=HubMembershipFactory().user, at=AT)
    page = client.get(place_page(place)).text
    assert "Entered by mistake" in page
    assert "Put off to a later year" not in page
    assert "£2,000, not payable" in page


def test_finance_reads_and_is_offered_nothing(staff, place):
    client, _ = staff(place.hub, Role.FINANCE)

    assert "What can be done" not in client.get(place_page(place)).text


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("replace", "The grant stays £2,000; nothing more is paid."),
        ("defer", "nothing is paid on it"),
        ("withdraw", "The place is free for another school"),
        ("move", "A grant of its own, by the rules there".lower()),
        ("void", "This hangs on it: "),
    ],
)
def test_the_money_is_said_before_anything_is_confirmed(staff, place, verb, words):
    client, _ = staff(place.hub)

    page = client.get(act_page(place, verb)).text

    assert words in page
    assert as_it_is(place).status == "confirmed"


def test_an_advocate_is_replaced_by_the_form(staff, place):
    client, _ = staff(place.hub)

    page = client.post(act_page(place, "replace"), replacement(place), follow=True).text

    assert "The new Advocate is named" in page
    assert "Follows Teacher" in page
    assert [each.person.name for each in advocates(place) if not each.until_on][-1] == "Nadia Petrov"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "Give the reason."),
        ({"until_on": "2026-01-01"}, "cannot be before that"),
        ({"from_on": "2028-01-01"}, "ends on 31 August 2027"),
        ({"leave": []}, "Choose who leaves."),
        ({"until_on": "soon"}, "Enter a date"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(staff, place, change, words):
    client, _ = staff(place.hub)

    page = client.post(act_page(place, "replace"), replacement(place, **change)).text

    assert words in page
    assert "There is a problem" in page
    assert place.advocates.count() == 2


def test_the_address_of_a_colleague_is_refused_at_the_address(staff, place):
    client, _ = staff(place.hub)
    first, second = advocates(place)
    data = replacement(place, **{f"email_{first.pk}": second.person.emails.get().email})

    response = client.post(act_page(place, "replace"), data)

    assert list(response.context["form"].errors) == [f"email_{first.pk}"]


def test_somebody_who_leaves_without_a_follower_is_asked_for_one(staff, place):
    client, _ = staff(place.hub)
    first, _ = advocates(place)

    response = client.post(act_page(place, "replace"), replacement(place, **{f"name_{first.pk}": ""}))

    assert response.context["form"].errors == {f"name_{first.pk}": ["Enter the name."]}


@pytest.mark.parametrize(
    ("verb", "data", "status"),
    [
        ("defer", {"to_year": 2027, "reason": "A new head."}, "deferred"),
        ("withdraw", {"reason": "Told by telephone."}, "withdrawn"),
        ("void", {"reason": "Another school was meant."}, "confirmed"),  # money hangs on it: a second person is asked
    ],
)
def test_each_act_is_done_once_however_often_it_is_sent(staff, place, verb, data, status):
    client, _ = staff(place.hub)

    for _ in range(2):
        assert client.post(act_page(place, verb), data).status_code == 302

    assert as_it_is(place).status == status


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_a_move_costs_the_same_for_one_hub_and_for_three(
    staff, place, number, django_assert_max_num_queries
):
    for _ in range(number):
        elsewhere(place)
    client, _ = staff(place.hub)

    with django_assert_max_num_queries(MOVE_COSTS):
        assert client.get(act_page(place, "move")).status_code == 200


def test_an_unknown_act_is_not_found(staff, place):
    client, _ = staff(place.hub)

    assert client.get(act_page(place, "nonsense")).status_code == 404


def test_another_hub_sees_the_request_and_not_the_place_and_takes_it(staff, place):
    sender, _ = staff(place.hub)
    to = elsewhere(place)
    page = sender.get(act_page(place, "move")).text
    assert "8 places left; grant there: £2,000" in page
    sender.post(act_page(place, "move"), {"to": to.pk, "reason": "Their area."})
    asked = PlaceRequest.objects.get()
    assert "Waits for an answer" in sender.get(place_page(place)).text
    assert sender.get(request_page(asked)).status_code == 404

    receiver, _ = staff(to.hub)
    assert receiver.get(place_page(place)).status_code == 404
    assert "1 request" in receiver.get(reverse("admin:index")).text
    page = receiver.get(request_page(asked)).text
    assert "Their area." in page
    assert "£2,000" in page
    receiver.post(reverse("admin:programmes_placerequest_answer", args=[asked.pk, "agree"]))

    new = Place.objects.get(follows=place)
    assert "Follows" in receiver.get(place_page(new)).text
    assert place_page(place) not in receiver.get(place_page(new)).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_requests_costs_the_same_for_one_and_for_three(staff, place, number, django_assert_max_num_queries):
    client, user = staff(place.hub)
    for _ in range(number):
        PlaceRequest.objects.create(
            place=PlaceFactory(cohort=place.cohort), kind="void", hub=place.hub, reason="x", by=user, at=AT
        )
    client.get(reverse("admin:programmes_placerequest_changelist"))

    with django_assert_max_num_queries(10):
        page = client.get(reverse("admin:programmes_placerequest_changelist"))

    assert page.text.count("Waits for an answer") == number


def pair(place):
    one, other = person("A. Okafor", "a@old.example"), person("Amina Okafor", "amina@new.example")
    earlier = PlaceFactory(cohort=place.cohort, school=place.school, status="withdrawn")
    on_place(one, earlier)
    on_place(other, earlier, "teacher", until_on=AT.date())
    for each in (one, other):
        Post.objects.create(person=each, school=place.school, role="hod", from_on=AT.date())
    return one, other


def test_duplicates_are_found_asked_about_and_joined_by_a_second_person(staff, place):
    one, other = pair(place)
    client, _ = staff(place.hub)
    page = client.get(reverse("admin:programmes_person_duplicates")).text
    assert "Names alike, same school" in page

    join_page = reverse("admin:programmes_person_join", args=[one.pk, other.pk])
    page = client.get(join_page).text
    assert all(words in page for words in ("a@old.example", "amina@new.example", "nothing is paid"))
    assert "Say how you know" in client.post(join_page, {"verb": "ask", "reason": ""}).text
    client.post(join_page, {"verb": "ask", "reason": "The head says so."})
    asked = PersonJoin.objects.get()
    answer = reverse("admin:programmes_personjoin_answer", args=[asked.pk, "agree"])
    client.post(answer)
    assert Person.objects.get(pk=one.pk).merged_into is None

    second, _ = staff(place.hub)
    assert "The head says so." in second.get(reverse("admin:programmes_personjoin_change", args=[asked.pk])).text
    second.post(answer)

    former = second.get(reverse("admin:programmes_person_change", args=[one.pk]))
    assert former.status_code == 302
    kept = second.get(former.url).text
    assert all(words in kept for words in ("A. Okafor", "a@old.example", "was joined into this one"))


def test_another_hubs_person_is_not_found_on_any_of_the_pages(staff, place):
    one, other = pair(place)
    client, _ = staff(HubFactory(), Role.LEAD)

    for name, args in [("name", [one.pk]), ("address", [one.pk]), ("find", [one.pk]), ("join", [one.pk, other.pk])]:
        assert client.get(reverse(f"admin:programmes_person_{name}", args=args)).status_code == 404


def test_a_specialist_is_found_by_the_hub_to_which_their_place_moved(staff, place):
    teacher = person("Farah Iqbal", "farah@school.example")
    PlaceFactory(cohort=elsewhere(place), person=teacher)

    assert Person.objects.visible_to(staff(Place.objects.get(person=teacher).hub)[1]).get() == teacher
    assert not Person.objects.visible_to(staff(HubFactory())[1]).exists()


def test_the_other_record_is_searched_for_among_those_of_the_hub(staff, place):
    one, _ = pair(place)
    person("Amina Okafor-Elsewhere", "elsewhere@x.example")
    client, _ = staff(place.hub)

    page = client.get(reverse("admin:programmes_person_find", args=[one.pk], query={"q": "okafor"})).text

    assert "amina@new.example" in page
    assert "elsewhere@x.example" not in page


def test_a_name_and_addresses_are_put_right_by_the_forms(staff, place):
    one, _ = pair(place)
    client, _ = staff(place.hub)

    client.post(reverse("admin:programmes_person_name", args=[one.pk]), {"name": "Amina Bello", "trn": ""})
    wrong = client.post(reverse("admin:programmes_person_name", args=[one.pk]), {"name": "Amina Bello", "trn": "12"})
    client.post(reverse("admin:programmes_person_address", args=[one.pk]), {"email": "bello@new.example"})
    taken = client.post(reverse("admin:programmes_person_address", args=[one.pk]), {"email": "amina@new.example"})
    old = one.emails.get(email="a@old.example").pk
    client.post(reverse("admin:programmes_person_remove", args=[one.pk, old]))

    assert "seven digits" in wrong.text
    assert "belongs to another person" in taken.text
    assert Person.objects.get(pk=one.pk).name == "Amina Bello"
    assert list(one.emails.values_list("email", flat=True)) == ["bello@new.example"]
    assert "A. Okafor" in client.get(reverse("admin:programmes_person_change", args=[one.pk])).text


def test_a_request_to_join_waits_on_the_page_called_today(staff, place):
    one, other = pair(place)
    _, asker = staff(place.hub)
    joining.ask(one, other, reason="x", by=asker, at=AT)
    client, _ = staff(place.hub)

    assert "two records of a person" in client.get(reverse("admin:index")).text
