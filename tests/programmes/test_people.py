"""Which people, and which of their posts, a hub's staff see."""

import pytest
from django.urls import reverse

from programmes.models import Advocate, Person, Post
from tests.factories import TODAY, CohortFactory, HubMembershipFactory, PersonFactory, PlaceFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client, settings):
    settings.REQUIRE_MFA = False
    membership = HubMembershipFactory()
    client.force_login(membership.user)
    return membership


def named(place, person=None):
    person = person or PersonFactory()
    Post.objects.get_or_create(person=person, school=place.school, role="hod", from_on=TODAY)
    Advocate.objects.create(place=place, person=person, role="hod", from_on=TODAY)
    return person


def test_a_colleague_at_a_school_of_ours_who_is_named_at_another_hub_stays_unseen(client, member):
    school = SchoolFactory()
    ours = named(PlaceFactory(school=school, cohort=CohortFactory(hub=member.hub)))
    theirs = named(PlaceFactory(school=school, cohort=CohortFactory(project__year=2027)))

    assert list(Person.objects.visible_to(member.user)) == [ours]
    assert client.get(reverse("admin:programmes_person_change", args=[theirs.pk])).status_code == 404


def test_a_person_of_two_hubs_shows_each_hub_the_posts_at_its_own_schools(client, member):
    here, there = PlaceFactory(cohort=CohortFactory(hub=member.hub)), PlaceFactory()
    person = named(there, named(here))

    page = client.get(reverse("admin:programmes_person_change", args=[person.pk])).text
    assert here.school.name in page
    assert there.school.name not in page
