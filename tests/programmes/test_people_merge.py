"""Two records of one person become one, with both histories; what cannot be joined is said in words."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hubportal.accounts.roles import Role
from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused
from programmes.models import Accreditation, Person, PersonEmail, PersonJoin, PersonName, Post, Specialist
from programmes.people import corrections, duplicates, hanging, joining
from programmes.people.actions import person_at
from tests.applications.stages import kinds_of, notes_of
from tests.factories import AT, TODAY, HubFactory, HubMembershipFactory, PlaceFactory, ProjectFactory, SchoolFactory

from .changing import on_place, person

pytestmark = pytest.mark.django_db

HANDLED = {
    "applications.SpecialistApplication.person",
    "programmes.Accreditation.person",
    "programmes.Advocate.person",
    "programmes.Person.merged_into",
    "programmes.PersonEmail.person",
    "programmes.PersonJoin.into",
    "programmes.PersonJoin.person",
    "programmes.PersonName.person",
    "programmes.Place.person",
    "programmes.Post.person",
    "programmes.Specialist.person",
}


@pytest.fixture
def place():
    return PlaceFactory(status="active")


@pytest.fixture
def staff(place):
    return [HubMembershipFactory(hub=place.hub, role=Role.LEAD).user for _ in range(2)]


@pytest.fixture
def two(place):
    """Two records of one person at one hub: the first is joined into the second."""
    earlier = PlaceFactory(cohort__hub=place.hub, cohort__project__year=2024, school=place.school, status="completed")
    one, other = person("A. Okafor", "a.okafor@old.example"), person("Amina Okafor", "amina@new.example")
    on_place(one, earlier, until_on=date(2026, 12, 1))
    on_place(other, place)
    return one, other


def as_it_is(each: Person) -> Person:
    return Person.objects.get(pk=each.pk)


def joined(one, other, staff):
    asked = joining.ask(one, other, reason="The head says so.", by=staff[0], at=AT)
    joining.agree(asked, by=staff[1], at=AT)


def test_every_foreign_key_to_a_person_is_thought_of():
    """A new one: say in `applications/people_hanging.py` or `people/hanging.py` what it means, and add it here."""
    assert set(hanging.foreign_keys()) == HANDLED
    assert set(hanging.KINDS) == HANDLED


def test_everything_is_moved_and_both_names_and_addresses_stay(two, staff):
    one, other = two
    person_at(SchoolFactory(), name="A. Okafor", email="a.okafor@old.example", role="hod", on=TODAY)
    Accreditation.objects.create(person=one, kind="pd_lead", from_on=TODAY)
    PersonName.objects.create(person=one, name="Amina Bello")

    joined(one, other, staff)

    assert as_it_is(one).merged_into == other
    assert sorted(other.emails.values_list("email", flat=True)) == ["a.okafor@old.example", "amina@new.example"]
    assert set(other.names.values_list("name", flat=True)) == {"Amina Bello", "A. Okafor"}
    assert (other.advocacies.count(), other.posts.count(), other.accreditations.count()) == (2, 1, 1)
    assert not one.advocacies.exists()
    assert kinds_of(one) == ["join asked for", "joined into"]
    assert kinds_of(other) == ["join asked for", "joined"]


def test_the_events_name_no_address(two, staff):
    joined(*two, staff)

    assert not any("@" in note or "Okafor" in note for each in two for note in notes_of(each))


def test_an_address_of_the_former_record_leads_to_the_kept_one(two, staff):
    one, other = two
    joined(one, other, staff)

    found = person_at(SchoolFactory(), name="Amina Okafor", email="a.okafor@old.example", role="hod", on=TODAY)

    assert found == other


def test_what_is_written_to_the_former_record_goes_to_the_kept_one(two, staff, place):
    one, other = two
    joined(one, other, staff)

    post = Post.objects.create(person=one, school=place.school, role="slt", from_on=TODAY)

    post.refresh_from_db()
    assert post.person == other


def test_a_record_that_others_were_joined_into_takes_them_with_it(two, staff, place):
    one, other = two
    third = person("Amina Okafor-Bello", "third@x.example")
    on_place(third, PlaceFactory(cohort=place.cohort))
    joined(one, other, staff)

    joined(other, third, staff)

    assert {as_it_is(each).merged_into for each in two} == {third}
    assert third.emails.count() == 3


def test_a_second_person_has_to_agree(two, staff):
    one, other = two
    asked = joining.ask(one, other, reason="The head says so.", by=staff[0], at=AT)

    with pytest.raises(Refused, match="second person"):
        joining.agree(asked, by=staff[0], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonJoin.objects.update(agreed_by=staff[0], agreed_at=AT)

    assert as_it_is(one).merged_into is None


def test_a_request_is_made_and_answered_once(two, staff):
    one, other = two
    asked, again = (joining.ask(one, other, reason="The head says so.", by=staff[0], at=AT) for _ in range(2))
    assert asked == again
    joining.agree(asked, by=staff[1], at=AT)

    for answer in (joining.agree, joining.reject):
        with pytest.raises(IllegalMove):
            answer(asked, by=staff[1], at=AT)
    with pytest.raises(Refused, match="joined into another record already"):
        joining.ask(one, other, reason="x", by=staff[1], at=AT)


def test_both_on_one_live_place_are_not_joined(place, staff):
    one, other = person("Amina Okafor"), person("A Okafor")
    on_place(one, place)
    on_place(other, place, "teacher")

    with pytest.raises(Refused, match="Both take part"):
        joining.ask(one, other, reason="x", by=staff[0], at=AT)


def test_both_open_on_a_place_that_has_ended_are_joined(staff, place):
    ended = PlaceFactory(cohort=place.cohort, status="withdrawn", ended_on=date(2026, 12, 1))
    one, other = person("Amina Okafor"), person("A Okafor")
    on_place(one, ended)
    on_place(other, ended, "teacher")

    joined(one, other, staff)

    assert other.advocacies.filter(until_on=None).count() == 1
    assert other.advocacies.count() == 2


def test_two_specialists_in_the_programme_are_not_joined(two, staff, place):
    for each, year in zip(two, (2024, 2025), strict=True):
        Specialist.objects.create(person=each, hub=place.hub, project=ProjectFactory(year=year), started_on=TODAY)

    with pytest.raises(Refused, match="step down"):
        joining.ask(*two, reason="x", by=staff[0], at=AT)


def test_two_reference_numbers_are_two_people(two, staff):
    for each, number in zip(two, ("1234567", "7654321"), strict=True):
        Person.objects.filter(pk=each.pk).update(trn=number)

    with pytest.raises(Refused, match="two teacher reference numbers"):
        joining.ask(*map(as_it_is, two), reason="x", by=staff[0], at=AT)


def test_the_number_of_the_former_record_goes_on(two, staff):
    one, other = two
    Person.objects.filter(pk=one.pk).update(trn="1234567")

    joined(one, other, staff)

    assert (as_it_is(one).trn, as_it_is(other).trn) == ("", "1234567")


def test_the_same_post_twice_ends_once_and_both_stay(two, staff, place):
    for each in two:
        Post.objects.create(person=each, school=place.school, role="hod", from_on=TODAY)

    joined(*two, staff)

    assert sorted(two[1].posts.values_list("until_on", flat=True), key=str) == [TODAY, None]


def test_whose_hub_has_nothing_to_do_with_them_joins_nobody(two):
    stranger = HubMembershipFactory(hub=HubFactory(), role=Role.LEAD).user

    with pytest.raises(Refused, match="nothing to do"):
        joining.ask(*two, reason="x", by=stranger, at=AT)


def test_pairs_are_found_by_name_and_school_and_not_again_once_said(two, staff, place):
    for each in two:
        Post.objects.create(person=each, school=place.school, role="hod", from_on=TODAY)
    somebody = person("Ben Cole")
    on_place(somebody, PlaceFactory(cohort=place.cohort))
    people = Person.objects.visible_to(staff[0])

    (pair,) = duplicates.pairs(people)
    assert (pair.one, pair.other, pair.why) == (two[0].pk, two[1].pk, "Names alike, same school")

    joining.are_two(*two, by=staff[0], at=AT)
    joining.are_two(*two, by=staff[0], at=AT)
    assert duplicates.pairs(people) == []
    assert PersonJoin.objects.count() == 1


def test_the_same_name_at_another_school_is_asked_about_and_a_like_one_is_not(staff, place):
    names = ("Amina Okafor", "amina okafor", "A Okafor", "Okafor Amina")
    for number, name in enumerate(names):
        on_place(person(name), PlaceFactory(cohort=place.cohort))
        assert number < 4

    found = duplicates.pairs(Person.objects.visible_to(staff[0]))

    assert [pair.why for pair in found] == ["Same name, another school"] * 3


@pytest.mark.parametrize("number", [1, 3])
def test_finding_pairs_costs_the_same_for_one_and_for_three(django_assert_num_queries, staff, place, number):
    for n in range(number):
        for name in (f"Amina Okafor{n}", f"A Okafor{n}"):
            made = person(name, f"{n}.{name[:2]}@x.example")
            on_place(made, PlaceFactory(cohort=place.cohort, school=place.school, status="withdrawn"))
            Post.objects.create(person=made, school=place.school, role="hod", from_on=TODAY)
    people = Person.objects.visible_to(staff[0])
    staff[0].roles_by_hub  # noqa: B018, read once for each person

    with django_assert_num_queries(5):
        found = duplicates.with_details(duplicates.pairs(people))

    assert len(found) == number


def test_a_new_name_keeps_the_former_one(staff):
    someone = person("Amina Bello")

    for _ in range(2):
        corrections.rename(someone, name="Amina Okafor", trn="1234567", by=staff[0], at=AT)

    assert as_it_is(someone).name == "Amina Okafor"
    assert list(someone.names.values_list("name", "until_on")) == [("Amina Bello", TODAY)]
    assert kinds_of(someone) == ["name changed", "teacher reference number changed"]
    assert not any("Bello" in note for note in notes_of(someone))


def test_a_number_names_one_person(staff):
    person("Ben Cole", trn="1234567")

    with pytest.raises(Refused, match="join the two records"):
        corrections.rename(person("B Cole"), name="B Cole", trn="1234567", by=staff[0], at=AT)


def test_addresses_come_and_go_and_the_events_name_none(staff):
    someone = person("Amina Okafor", "old@x.example")

    for _ in range(2):
        corrections.add_address(someone, "New@x.example", by=staff[0], at=AT)
    old = someone.emails.get(email="old@x.example").pk
    for _ in range(2):
        corrections.remove_address(someone, old, by=staff[0], at=AT)

    assert list(someone.emails.values_list("email", flat=True)) == ["new@x.example"]
    assert kinds_of(someone) == ["address added", "address removed"]
    assert not any("@" in note for note in notes_of(someone))


def test_the_last_address_stays_and_another_persons_is_refused(staff):
    someone = person("Amina Okafor", "one@x.example")
    person("Ben Cole", "ben@x.example")

    with pytest.raises(Refused, match="only address"):
        corrections.remove_address(someone, someone.emails.get().pk, by=staff[0], at=AT)
    with pytest.raises(Refused, match="another person"):
        corrections.add_address(someone, "ben@x.example", by=staff[0], at=AT)

    assert PersonEmail.objects.count() == 2
