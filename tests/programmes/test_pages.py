"""The public pages of what is offered: the list of programmes, and a programme's page in each of its years."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hubportal.clock import london_date
from programmes.cohorts.windows import windows, windows_of
from tests.factories import TODAY, CohortFactory, HubFactory, ProgrammeFactory, ProjectFactory, RuleSetFactory

pytestmark = pytest.mark.django_db

SECTIONS = [
    {"heading": "What is involved", "paragraphs": ["Pairs of teachers."], "bullets": ["meetings"]},
    {"heading": "What is expected", "shows": "commitments"},
    {"heading": "What it costs", "paragraphs": ["There is no fee."]},
]


def open_cohort(project, **fields):
    """Return a cohort that takes applications on the day on which the test runs."""
    today = london_date(timezone.now())
    dates = {"opens_on": today - timedelta(days=1), "closes_on": today + timedelta(days=30)}
    return CohortFactory(project=project, **(dates | fields))


def another_programme(n):
    return ProgrammeFactory(family=f"family-{n}", slug=f"programme-{n}", title=f"Programme {n}")


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def years(programme):
    """Return a closed year and one that is open at one hub."""
    closed = ProjectFactory(programme=programme, year=2024, recruitment="closed", page=SECTIONS[:1], code="NCP24-12")
    current = ProjectFactory(programme=programme, year=2026, page=SECTIONS)
    open_cohort(current, hub=HubFactory(name="Three Rivers"))
    return closed, current


def page_of(client, programme, query=""):
    return client.get(reverse("programmes:page", args=[programme.slug]) + query)


def queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_number_of_queries_at_one_programme_and_at_three(client):
    path = reverse("programmes:list")
    open_cohort(ProjectFactory(programme=another_programme(1)))
    at_one = queries(client, path)
    for n in (2, 3):
        open_cohort(ProjectFactory(programme=another_programme(n)))

    assert queries(client, path) == at_one


def test_a_programme_costs_the_same_number_of_queries_at_one_hub_and_year_and_at_three(client, programme):
    path = reverse("programmes:page", args=[programme.slug])
    open_cohort(ProjectFactory(programme=programme, year=2026))
    at_one = queries(client, path)
    for year in (2024, 2025, 2026):
        open_cohort(ProjectFactory(programme=programme, year=year))

    assert queries(client, path) == at_one


def test_the_list_names_each_programme_once_with_the_year_that_is_open(client, years):
    ProjectFactory(programme=years[1].programme, year=2027)  # announced; no hub runs it yet
    ProjectFactory(programme=another_programme(1))

    html = client.get(reverse("programmes:list")).content.decode()

    assert html.count("Secondary Teaching for Mastery: Development</a>") == 1
    assert html.count("Open for 2026/27") == 1
    assert html.count("Not open now") == 1


def test_a_list_without_programmes_says_so(client):
    assert "No programmes yet" in client.get(reverse("programmes:list")).content.decode()


def test_a_programmes_page_says_what_it_is_who_takes_applications_and_where_it_is_from(client, programme, years):
    html = page_of(client, programme).content.decode()

    assert "<h1" in html and programme.title in html and programme.summary in html
    assert "Academic year 2026/27" in html
    assert "Three Rivers" in html and "Applications are open until" in html
    assert reverse("applications:start", args=[programme.slug, 2026]) in html
    assert "Tell me when applications open" not in html
    assert "Pairs of teachers." in html and "<li>meetings</li>" in html
    assert "Where this comes from: seed 0." in html


def test_the_commitments_of_the_rules_in_force_stand_where_the_page_says(client, programme, years):
    today = london_date(timezone.now())
    RuleSetFactory(
        project=years[1],
        version=2,
        effective_from=today + timedelta(days=1),
        commitments=[{"code": "later", "text": "Not yet in force."}],
    )

    html = page_of(client, programme).content.decode()

    assert html.index("What is expected") < html.index("Commitment 6.") < html.index("What it costs")
    assert "Not yet in force." not in html


def test_facts_that_no_source_states_ask_the_reader_to_check(client, programme):
    ProjectFactory(programme=programme, confidence="inferred")

    assert "Please check the details with your hub" in page_of(client, programme).content.decode()


def test_each_year_has_its_page_and_links_the_others(client, programme, years):
    newest = page_of(client, programme).content.decode()
    assert 'href="?year=2024">2024/25</a> (closed)' in newest

    older = page_of(client, programme, "?year=2024").content.decode()
    assert "Academic year 2024/25, NCP24-12" in older
    assert 'href="?year=2026">2026/27</a>' in older
    assert "What it costs" not in older


def test_a_closed_year_leads_to_the_year_that_is_open(client, programme, years):
    html = page_of(client, programme, "?year=2024").content.decode()

    assert "Applications for 2024/25 are closed." in html
    assert "Applications for 2026/27 are open." in html
    assert f'class="govuk-button" href="{reverse("programmes:page", args=[programme.slug])}?year=2026"' in html
    assert "Tell me when applications open" not in html
    assert reverse("applications:start", args=[programme.slug, 2024]) not in html


def test_when_no_year_is_open_one_can_ask_to_be_told(client, programme):
    ProjectFactory(programme=programme, year=2024, recruitment="closed")

    html = page_of(client, programme).content.decode()

    assert "Applications for 2024/25 are closed." in html
    assert reverse("applications:interest", args=[programme.slug]) in html


def test_without_a_year_the_open_one_is_shown_before_one_that_is_only_announced(client, programme, years):
    ProjectFactory(programme=programme, year=2027)

    assert "Academic year 2026/27" in page_of(client, programme).content.decode()
    assert (
        "No hub here runs this programme in 2027/28 yet." in page_of(client, programme, "?year=2027").content.decode()
    )


@pytest.mark.parametrize("query", ["?year=1999", "?year=x", "?year="])
def test_a_year_that_does_not_exist_shows_the_open_one(client, programme, years, query):
    answer = page_of(client, programme, query)

    assert answer.status_code == 200
    assert "Academic year 2026/27" in answer.content.decode()


def test_a_programme_without_any_year_has_a_page(client, programme):
    answer = page_of(client, programme)

    assert answer.status_code == 200
    assert "Can my school apply?" not in answer.content.decode()


def test_an_unknown_programme_is_not_found(client):
    assert client.get(reverse("programmes:page", args=["no-such-programme"])).status_code == 404


@pytest.mark.parametrize("name", ["list", "page"])
def test_the_pages_are_only_read(client, programme, name):
    path = reverse(f"programmes:{name}", args=[programme.slug] if name == "page" else [])

    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_hubs_that_take_applications_come_first(programme):
    project = ProjectFactory(programme=programme)
    late = CohortFactory(hub=HubFactory(name="A"), project=project, opens_on=TODAY + timedelta(days=1))
    unset = CohortFactory(hub=HubFactory(name="B"), project=project, opens_on=None, closes_on=None)
    full = CohortFactory(hub=HubFactory(name="C"), project=project, capacity=0)
    free = CohortFactory(hub=HubFactory(name="D"), project=project)

    found = [(cohort, state.code) for cohort, state in windows(project, today=TODAY)]

    assert found == [(full, "full"), (free, "open"), (late, "later"), (unset, "unknown")]


def test_a_closed_year_is_closed_at_every_hub_whatever_its_dates_say(years):
    closed, current = years
    CohortFactory(project=closed)

    found = windows_of(years, today=TODAY)

    assert [state.code for _, state in found[closed.pk]] == ["closed"]
    assert len(found[current.pk]) == 1
