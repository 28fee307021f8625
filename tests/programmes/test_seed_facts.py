"""What the five pages that the catalogue rests on say is on the portal's pages, in our words, year by year."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.rules import RULES
from programmes.cohorts import catalogue
from programmes.cohorts.windows import window_of_project
from programmes.models import Programme, Project

pytestmark = pytest.mark.django_db

DEVELOPMENT = [
    "NCP24-12",
    "Applications for 2024/25 are closed.",
    "Pairs of teachers from two schools or more form a Work Group",
    "Mastery Advocates",
    "Secondary Mastery Specialist",
    "Key Stage 3 first and is meant to reach Key Stage 4",
    "where four or more Advocates study",
    "watching the Specialist teach in their own school",
    "planning lessons, sequences or whole units together",
    "the Specialist watching one of your lessons",
    "lead professional development for the department",
    "support individual teachers",
    "schemes of work",
    "at least four separate half-day meetings",
    "about four to six days between the two of them",
    "tasks that they plan and agree with the Specialist",
    "senior leaders will fully support the head of department",
    "made anonymous before they are used",
    "continue in the following years with a Sustaining Work Group",
    "three days of Embedding support",
    "Any state-funded secondary school",
    "the head of department, the second in department, the Key Stage 3 lead",
    "There is no fee",
    "grant of £2,000",
    "Tell me when applications open",
]
SUSTAINING = [
    "NCP24-14",
    "even if it has taken a break",
    "cohorts 1 to 7",
    "Two people lead for the school",
    "The whole department is the member",
    "colleagues may join single sessions",
    "one focus for the year",
    "Developing mathematical thinking",
    "Developing fluency with multiplicative reasoning in Key Stage 3 New for 2024/25",
    "about two thirds of GCSE Maths",
    "across maths and science",
    "A focus of your own in teaching for mastery",
    "deeply, securely and as one connected subject",
    "in every classroom of the department",
    "coherent curriculum",
    "development plan",
    "free to your school",
]
EMBEDDING_AND_SUSTAINING = [
    "Mastery Embedding and Sustaining",
    "in a Development Work Group or have been in one",
    "schools of the Mastery Specialist Programme",
    "its own action plan",
    "meet regularly through the year",
    "plan a topic together",
    "do some maths together",
    "show one another their department's plan",
    "manipulatives and representations",
    "visit a primary school",
    "visit another department of the group",
    "how to lead and manage teaching for mastery",
    "curriculum coherent and connected",
    "lasting professional knowledge in a department",
    "free to every state-funded secondary school in England",
    "coronavirus",
    "live meetings online",
    "dates were still to be settled",
    "Dates of the meetings: to be set by the hub",
]
COHORT_9 = [
    "cohort 9",
    "65% of secondary schools have worked with the teaching for mastery programmes by 2025",
    "Three years, at least",
    "online and face to face",
    "in your own classroom",
    "you take it to your department",
    "PD Lead Programme",
    "you lead a Work Group of teachers from other schools",
    "qualified teacher status in a state-funded secondary school who have taught for two years or more",
    "a number of places in the cohort that has been agreed with it",
    "The headteacher comes to a part of the launch in the autumn term",
    "15 days: 5 days, or as much, at central events, and 10 in your school and your hub",
    "make lessons and materials with others of your cohort",
    "visit primary and secondary classrooms",
    "Secondary Assistant Maths Hub Lead",
    "come to other events of the hub",
]
HUB_2019 = [
    "2019/20 is fully recruited",
    "studies side by side what teaching for mastery is",
    "plans lessons together",
    "in the room or on video",
    "makes materials for its curriculum",
    "curriculum plans and policies",
    "two years of support",
]
COHORT_4 = [
    "up to four secondary specialists",
    "three residentials of 24 hours each",
    "researches and develops it in their own classroom",
    "practice, policies and systems",
    "teacher research groups",
]


@pytest.fixture
def loaded():
    catalogue.load(known_rules=RULES, at=timezone.now())


def words_of(client, family, year):
    """Return the text of a programme's page in a year as one line."""
    slug = Programme.objects.get(family=family).slug
    page = client.get(reverse("programmes:page", args=[slug]) + f"?year={year}")
    assert page.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.mark.parametrize(
    ("family", "year", "facts"),
    [
        ("sec-development", 2024, DEVELOPMENT),
        ("sec-sustaining", 2024, SUSTAINING),
        ("sec-sustaining", 2020, EMBEDDING_AND_SUSTAINING),
        ("sec-specialist", 2024, COHORT_9),
        ("sec-development", 2019, HUB_2019),
        ("sec-specialist", 2019, COHORT_4),
        ("sec-embedding", 2024, ["NCP24-13", "for three days", "£1,000", "ask your hub"]),
        ("sec-specialist", 2025, ["4 April 2025", "no longer required", "three half-days", "£200 for each"]),
        ("sec-specialist", 2020, ["£350 for a day with other schools", "£200 for a day within the hub", "£2,000"]),
        ("sec-specialist", 2021, ["No page of this cohort was found", "No source was found"]),
    ],
)
def test_each_fact_of_a_source_stands_on_the_page_of_its_year(client, loaded, family, year, facts):
    shown = words_of(client, family, year)
    assert [fact for fact in facts if fact not in shown] == []


def test_what_comes_next_is_said_with_links(client, loaded):
    shown = words_of(client, "sec-sustaining", 2024)
    assert "in any later year, also after a break" in shown
    assert "from year 3 on" in words_of(client, "sec-specialist", 2024)


def test_fully_recruited_and_opens_at_the_end_of_march_are_states_of_their_day(loaded):
    on = date(2020, 3, 1)
    full, later = Project.objects.filter(programme="sec-development", year__in=[2019, 2020]).order_by("year")
    assert (window_of_project(full, today=on).code, window_of_project(later, today=on).code) == ("recruited", "about")
    assert window_of_project(later, today=on).text == "Applications open at the end of March."
    assert window_of_project(later, today=date(2021, 9, 1)).code == "closed"  # the year is over


def test_every_page_says_where_its_facts_are_from_and_how_sure_that_is(client, loaded):
    for project in Project.objects.select_related("programme"):
        shown = words_of(client, project.programme_id, project.year)
        assert f"Where this comes from: {project.source}" in shown
        assert project.get_confidence_display() in shown


def test_the_list_draws_the_journey_in_its_order(client, loaded):
    page = client.get(reverse("programmes:list")).text
    order = ["A school's journey", "Development</a>", "Embedding</a>", "Sustaining</a>", "For single teachers"]
    found = [html.unescape(page).index(words) for words in order]
    assert found == sorted(found)
