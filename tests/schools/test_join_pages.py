"""Staff see two schools side by side, what joining them means, and join them; or read why they cannot."""

import pytest
from django.urls import reverse

from hubportal.accounts.roles import Role
from programmes.models import Advocate, School, SchoolChange
from programmes.schools.actions import register_school
from programmes.schools.joining import join
from tests.factories import (
    AT,
    TODAY,
    ApplicationFactory,
    CohortFactory,
    EstablishmentFactory,
    HubFactory,
    HubMembershipFactory,
    PersonFactory,
    PlaceFactory,
    UserFactory,
)

from .pairs import closing, two_of_one

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return HubFactory(name="Estuary Maths Hub")


@pytest.fixture
def pair(hub):
    """Two schools that are one; each has a place at the hub, in another year."""
    pair = two_of_one()
    for year, school in enumerate(pair, 2024):
        PlaceFactory(school=school, cohort=CohortFactory(hub=hub, project__year=year))
    return pair


@pytest.fixture
def staff(client, settings, hub):
    settings.REQUIRE_MFA = False

    def sign_in(role=Role.ADMINISTRATOR, at=hub):
        client.force_login(HubMembershipFactory(role=role, hub=at).user)
        return client

    return sign_in


def decide_page(change, **query):
    return reverse("admin:programmes_schoolchange_decide", args=[change.pk], query=query)


def join_page(school, **query):
    return reverse("admin:programmes_school_join", args=[school.pk], query=query)


def school_page(school):
    return reverse("admin:programmes_school_change", args=[school.pk])


def test_a_change_shows_the_schools_side_by_side_and_offers_the_join(staff, pair):
    old, new = pair
    change = closing(old, new.establishment)

    page = staff().get(reverse("admin:programmes_schoolchange_change", args=[change.pk])).text

    assert "Join it into Oak Academy" in page
    assert "Move it to Oak Academy" not in page
    assert all(str(each.urn) in page for each in pair)
    assert page.count("Estuary Maths Hub: ") == 2


def test_what_joining_means_is_shown_and_done_only_when_it_is_sent(staff, pair):
    old, new = pair
    change, client = closing(old, new.establishment), staff()
    choice = f"join-{new.urn}"

    shown = client.get(decide_page(change, choice=choice)).text
    assert "Everything of Oak School" in shown
    assert "1 place" in shown
    assert SchoolChange.objects.get().status == "open"

    silent = client.post(decide_page(change), {"choice": choice, "note": ""})
    assert "Say why" in silent.text
    assert School.objects.kept().count() == 2

    done = client.post(decide_page(change), {"choice": choice, "note": "Converted in September."}, follow=True)
    assert "Joined into another school." in done.text
    assert School.objects.kept().get() == new
    assert SchoolChange.objects.get().note == "Converted in September."


def test_keeping_a_school_as_it_is_needs_a_reason(staff, pair):
    change, client = closing(pair[0]), staff()
    assert "keeps its URN" in client.get(decide_page(change, choice="ignore")).text

    assert "Say why" in client.post(decide_page(change), {"choice": "ignore", "note": " "}).text
    assert SchoolChange.objects.get().status == "open"


def test_what_is_in_the_way_stands_on_the_preview_and_there_is_nothing_to_press(staff, hub, pair):
    old, new = pair
    cohort = CohortFactory(hub=hub)
    for school in pair:
        ApplicationFactory(school=school, cohort=cohort)
    change, client = closing(old, new.establishment), staff()
    choice = f"join-{new.urn}"

    page = client.get(decide_page(change, choice=choice)).text
    assert "First join the two applications into one" in page
    assert 'value="Join the two schools"' not in page

    sent = client.post(decide_page(change), {"choice": choice, "note": "All the same."})
    assert "First join the two applications into one" in sent.text
    assert School.objects.kept().count() == 2


def test_another_hubs_records_are_counted_and_not_shown(staff, pair):
    old, new = pair
    place = PlaceFactory(school=new, cohort=CohortFactory(hub=HubFactory(name="Secret Hub")))
    person = PersonFactory(name="Hidden Person")
    Advocate.objects.create(place=place, person=person, role="hod", from_on=TODAY)

    page = staff().get(reverse("admin:programmes_schoolchange_change", args=[closing(old, new.establishment).pk])).text

    assert page.count("Another hub: 1") == 2
    assert "Secret Hub" not in page
    assert "Hidden Person" not in page


@pytest.mark.parametrize("start", [0, 1])
def test_two_schools_are_joined_by_urn_the_closed_one_into_the_other(staff, pair, start):
    old, new = pair
    begun, other = pair[start], pair[1 - start]
    client = staff()

    assert "URN of the other school" in client.get(join_page(begun)).text
    preview = client.get(join_page(begun, urn=other.urn)).text
    assert f"Oak Academy (URN {new.urn}) is kept" in preview
    assert "Say why" in client.post(join_page(begun, urn=other.urn), {"note": ""}).text
    done = client.post(join_page(begun, urn=other.urn), {"note": "One school."}, follow=True)

    assert done.redirect_chain == [(school_page(new), 302)]
    assert "has been joined into this school" in done.text
    assert School.objects.get(pk=old.pk).joined_into == new


@pytest.mark.parametrize(
    ("urn", "said"),
    [
        ("", "Give the URN of the other school"),
        ("12", "six digits"),
        ("9999999999999999999999", "six digits"),
        ("oak", "six digits"),
        ("123456", "No school of ours"),
        ("own", "This is the very school"),
    ],
)
def test_a_urn_that_leads_nowhere_is_explained_at_the_field(staff, pair, urn, said):
    page = staff().get(join_page(pair[0], urn=pair[0].urn if urn == "own" else urn))

    assert (page.status_code, said in page.text) == (200, True)


def test_right_on_one_of_two_schools_is_not_enough(staff, pair):
    old, _ = pair
    theirs = register_school(EstablishmentFactory(), at=AT)
    PlaceFactory(school=theirs)
    client = staff()

    assert "Only another hub has to do with one" in client.get(join_page(old, urn=theirs.urn)).text
    assert client.post(join_page(old, urn=theirs.urn), {"note": "Mine."}).status_code == 403
    change = closing(old, theirs.establishment)
    choice = {"choice": f"join-{theirs.urn}", "note": "Mine."}
    assert client.post(decide_page(change), choice).status_code == 403
    assert School.objects.kept().count() == 3


def test_a_superuser_joins_schools_of_two_hubs(admin_client, settings, pair):
    settings.REQUIRE_MFA = False
    old, new = pair
    PlaceFactory(school=old)

    admin_client.post(join_page(old, urn=new.urn), {"note": "One school."})

    assert School.objects.kept().get() == new


@pytest.mark.parametrize("role", [Role.FINANCE, None])
def test_who_decides_nothing_joins_nothing(client, settings, hub, pair, role):
    settings.REQUIRE_MFA = False
    user = HubMembershipFactory(role=role, hub=hub).user if role else UserFactory(is_national=True)
    client.force_login(user)
    old, new = pair

    assert "This is the same school as another" not in client.get(school_page(old)).text
    assert client.get(join_page(old, urn=new.urn)).status_code == 403
    assert client.post(join_page(old, urn=new.urn), {"note": "x"}).status_code == 403


def test_the_address_of_a_joined_school_leads_to_the_kept_one(staff, pair):
    old, new = pair
    join(old, new, by="Portal", at=AT)
    client = staff()

    page = client.get(school_page(old), follow=True)

    assert page.redirect_chain == [(school_page(new), 302)]
    assert f"Oak School (URN {old.urn}) was joined into this school." in page.text
    assert client.get(join_page(old)).url == school_page(new)
    assert client.get(reverse("admin:programmes_school_history", args=[old.pk])).url == school_page(new)
    assert "Oak School</a>" not in client.get(reverse("admin:programmes_school_changelist")).text


def test_a_page_of_two_schools_asks_no_more_for_more_records(staff, hub, pair, django_assert_max_num_queries):
    old, new = pair
    client, address = staff(), join_page(old, urn=new.urn)
    client.get(address)
    counts = []
    for year in (2018, 2020, 2022):
        for more, school in enumerate(pair):
            place = PlaceFactory(school=school, cohort=CohortFactory(hub=hub, project__year=year + more))
            Advocate.objects.create(place=place, person=PersonFactory(), role="hod", from_on=TODAY)
        with django_assert_max_num_queries(60) as captured:
            client.get(address)
        counts.append(len(captured.captured_queries))

    assert counts[0] == counts[2]
