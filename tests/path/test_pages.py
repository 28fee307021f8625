"""The pages of journeys: what each reader sees, and what nobody else's page gives away."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import emails
from applications.path.forms import by_your_answer
from hubportal.accounts import links
from hubportal.accounts.roles import Role
from hubportal.clock import year_label
from hubportal.rules import Finding
from programmes.models import Establishment, Person
from tests import factories
from tests.path import worlds
from tests.path.worlds import DEV, EMB, NOW, SUS, everything, long_path, place, specialist

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return factories.HubFactory(name="Estuary Maths Hub")


@pytest.fixture
def staff(hub, settings):
    settings.REQUIRE_MFA = False
    client = Client()
    client.force_login(factories.HubMembershipFactory(hub=hub, role=Role.ADMINISTRATOR).user)
    return client


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(f"path:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def link_of(application) -> str:
    return links.address(emails.manage_link(application, at=timezone.now())).rstrip("/").rpartition("/")[2]


# A school's page for staff


def test_staff_see_every_year_the_people_the_money_the_break_and_the_new_urn(staff, hub):
    everything()
    school = long_path(hub)

    html = page(staff, "staff_school", school.pk)

    people, money = ["Ama Mensah, head of department", f"Cohort {NOW - 2017}: Idris Kaplan"], ["£2,000", "£1,000"]
    for said in [*people, *money, "Embedding", f"{year_label(NOW - 6)} to {year_label(NOW - 4)}"]:
        assert said in html
    assert f"New URN {school.urn}, Twin Creeks Academy" in html
    assert f"Since 20 March {NOW - 6}" in html
    assert f"The school began in {year_label(NOW - 9)} and has been in a programme for 7 years, with one break." in html
    assert "It fits" in html


def test_another_hubs_year_is_named_and_nothing_more(staff, hub):
    everything()
    other = factories.HubFactory(name="Three Rivers Maths Hub")
    school = long_path(hub, other)
    specialist(school, other, NOW - 4, "Mei Sato")

    html = page(staff, "staff_school", school.pk)

    assert "At another hub" in html
    for hidden in ["Three Rivers", "Owen Gill", "Mei Sato"]:
        assert hidden not in html
    assert f"Cohort {NOW - 2019}, other hub" in html


def test_the_national_team_sees_both_hubs(settings, hub):
    settings.REQUIRE_MFA = False
    everything()
    school = long_path(hub, factories.HubFactory(name="Three Rivers Maths Hub"))
    client = Client()
    client.force_login(factories.UserFactory(is_national=True))

    html = page(client, "staff_school", school.pk)

    assert "Owen Gill" in html
    assert "At another hub" not in html


def test_what_was_entered_by_mistake_is_on_no_journey(staff, hub):
    everything()
    school = long_path(hub)
    place(school, hub, DEV, NOW - 10, "void", people=["Nobody Atall"])

    assert "Nobody Atall" not in page(staff, "staff_school", school.pk)


def test_a_school_joined_into_another_leads_there(staff, hub):
    kept, gone = factories.SchoolFactory(), factories.SchoolFactory()
    gone.joined_into = kept
    gone.save()

    response = staff.get(reverse("path:staff_school", args=[gone.pk]))

    assert response.url == reverse("path:staff_school", args=[kept.pk])


def test_a_school_without_a_year_says_so(staff):
    everything()

    html = page(staff, "staff_school", factories.SchoolFactory().pk)

    assert "has not been in a programme yet" in html
    assert "Year by year" not in html.replace("New URN", "")


def queries(client, django_assert_max_num_queries, url) -> int:
    with django_assert_max_num_queries(60) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_one_year_and_ten_cost_the_same_queries(staff, hub, django_assert_max_num_queries):
    everything()
    other = factories.HubFactory()
    short, long = factories.SchoolFactory(), long_path(hub, other)
    place(short, hub, DEV, NOW - 1, "completed", people=["A B"], amount=2000)
    specialist(short, hub, NOW - 3, "C D")
    urls = [reverse("path:staff_school", args=[school.pk]) for school in (short, long)]
    staff.get(urls[0])

    counts = [queries(staff, django_assert_max_num_queries, url) for url in urls]

    assert counts[0] == counts[1]


# A teacher's page


def test_a_teachers_page_has_their_schools_posts_and_years_as_specialist(staff, hub):
    everything()
    long_path(hub)
    person = Person.objects.get(name="Kasia Nowak")
    specialist(factories.SchoolFactory(), hub, NOW - 1, "Kasia Nowak", status="year_2")
    person.accreditations.create(kind="pd_lead", from_on=date(NOW, 7, 1))

    html = page(staff, "staff_person", person.pk)

    for said in [
        "Mastery Advocate, Sustaining",
        "Twin Creeks",
        f"Mastery Specialist, cohort {NOW - 2016}",
        "NCETM PD Lead",
    ]:
        assert said in html


def test_a_teachers_year_at_another_hub_is_named_and_nothing_more(staff, hub):
    other = factories.HubFactory(name="Three Rivers Maths Hub")
    school = long_path(hub, name="Here School")
    far = factories.SchoolFactory(establishment__name="Far School")
    place(far, other, DEV, NOW - 5, "completed", people=["Ama Mensah"])

    html = page(staff, "staff_person", Person.objects.get(name="Ama Mensah").pk)

    assert "At another hub" in html
    assert "Far School" not in html
    assert "Three Rivers" not in html
    assert school.name in html


def test_a_teacher_of_another_hub_is_not_found(staff, hub):
    long_path(factories.HubFactory(), name="Far School")
    person = Person.objects.get(name="Ama Mensah")

    assert staff.get(reverse("path:staff_person", args=[person.pk])).status_code == 404


# By private link


def test_by_its_link_a_school_with_a_place_sees_its_years_and_what_comes_next(client, hub):
    everything()
    school = long_path(hub)
    worlds.cohort(hub, SUS, NOW)
    application = factories.ApplicationFactory(cohort=worlds.cohort(hub, DEV, NOW), school=school)
    worlds.known_contact(application)

    html = page(client, "journey", link_of(application))

    assert "Ama Mensah" in html
    assert "Open to you" in html
    assert "What you can do next: Sustaining" in html


def test_a_stranger_who_applies_in_a_schools_name_sees_nothing_of_its_past(client, hub):
    everything()
    school = long_path(hub)
    application = factories.ApplicationFactory(cohort=worlds.cohort(hub, DEV, NOW), school=school)

    for name in ("journey", "journey_picture"):
        html = page(client, name, link_of(application))
        for hidden in ["Ama Mensah", year_label(NOW - 9), "£2,000", "Idris Kaplan", "Completed"]:
            assert hidden not in html


def test_a_sign_up_that_says_when_it_did_development_is_not_sent_back_to_the_beginning(client, hub):
    everything()
    worlds.cohort(hub, DEV, NOW)
    said = {"route": "development", "route_year": NOW - 2}
    application = factories.ApplicationFactory(cohort=worlds.cohort(hub, SUS, NOW), answers=said)

    html = page(client, "journey", link_of(application))

    assert f"Your department completed it in {year_label(NOW - 2)}" in html and "As you say" in html
    assert "What you can do next: Development" not in html


def test_a_dead_link_opens_no_journey(client):
    for name in ("journey", "journey_picture"):
        assert client.get(reverse(f"path:{name}", args=["x" * 43])).status_code == 410


# For anybody


def test_anybody_sees_how_a_journey_goes(client):
    everything()

    html = page(client, "start")

    assert "How a journey goes" in html
    assert f"Possible in {year_label(NOW + 1)}: Sustaining." in html


def test_the_public_page_knows_nothing_of_a_schools_past(client, hub):
    everything()
    school = long_path(hub)
    twin = factories.SchoolFactory(establishment__name="Never There School")
    Establishment.objects.filter(pk=twin.urn).update(name=school.name, type_code=34, type_name="Academy converter")

    pages = [page(client, "start", urn=urn).replace(str(urn), "URN") for urn in (school.urn, twin.urn)]

    assert pages[0] == pages[1]


def test_a_school_that_was_in_development_is_told_of_sustaining(client, hub):
    everything()
    urn = factories.EstablishmentFactory().urn

    html = page(client, "start", urn=urn, been="completed", year=NOW - 1)

    assert f"Your department completed Development in {year_label(NOW - 1)}, the year before." in html
    assert "Your hub offers it" in html


def test_the_windows_of_the_schools_usual_hub_are_said(client, hub, monkeypatch):
    everything()
    cohort = worlds.cohort(hub, DEV, NOW)
    cohort.opens_on, cohort.closes_on = date(2020, 9, 1), date(2100, 1, 29)
    cohort.save()

    html = page(client, "start", urn=factories.EstablishmentFactory().urn)

    assert "Estuary Maths Hub: Applications are open until" in html
    assert reverse("applications:start", args=["sec-development-page", NOW]) in html


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"urn": "999999"}, "The register has no school with URN 999999."),
        ({"urn": "12"}, "A URN has six digits"),
        ({"urn": "१२३४५६"}, "A URN has six digits"),
        ({"q": "999999"}, "The register has no school with URN 999999."),
        ({"q": "no such school"}, "No school found"),
        ({"been": "completed", "kind": "secondary"}, "Choose the school year in which it was."),
        ({"been": "completed", "kind": "secondary", "year": "1800"}, "year"),
        ({"been": "perhaps", "kind": "secondary"}, "been"),
        ({"kind": "castle", "been": "no"}, "kind"),
        ({"kind": "independent", "been": "no"}, "Not a state-funded secondary school."),
        ({"kind": "primary", "been": "no"}, "Not a state-funded secondary school."),
        ({"kind": "ap", "been": "no"}, "A person will look."),
        ({"kind": "secondary", "been": "no"}, "Begin with Development."),
    ],
)
def test_every_answer_gets_a_sentence(client, asked, said):
    everything()

    assert said in page(client, "start", **asked)


def test_what_a_visitor_answered_is_not_put_down_to_the_register():
    found = [Finding("phase", "It is for secondary schools, and the register says that this school is not one.")]

    assert by_your_answer(found)[0].text == "It is for secondary schools, and by your answer your school is not one."


def test_a_closed_school_is_told_so(client):
    everything()
    closed = factories.EstablishmentFactory(status=2, closed_on=date(2025, 8, 31))

    html = page(client, "start", urn=closed.urn)

    assert "The register says that this school closed on 31 August 2025." in html
    assert "Open to you" not in html


def test_the_start_page_is_limited_for_each_address(client, monkeypatch):
    everything()
    answers = [client.get(reverse("path:start")).status_code for _ in range(301)]

    assert answers[-2:] == [200, 429]


def test_the_picture_alone_keeps_the_answers(client):
    everything()
    query = {"kind": "secondary", "been": "completed", "year": NOW - 2}

    html = page(client, "start_picture", **query)

    assert "Development" in html
    assert f"{reverse('path:start')}?kind=secondary" in html


def test_no_page_asks_more_of_a_school_with_a_long_past(client, hub, django_assert_max_num_queries):
    everything()
    short, urls = factories.SchoolFactory(), []
    place(short, hub, EMB, NOW - 1, "completed", people=["A B"], amount=5)
    specialist(short, hub, NOW - 3, "C D")
    for school in (short, long_path(hub)):
        application = factories.ApplicationFactory(cohort=worlds.cohort(hub, DEV, NOW), school=school)
        worlds.known_contact(application)
        urls.append(reverse("path:journey", args=[link_of(application)]))
    client.get(urls[0])

    counts = [queries(client, django_assert_max_num_queries, url) for url in urls]

    assert counts[0] == counts[1]
