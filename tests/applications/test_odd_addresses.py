"""Addresses that somebody typed: a URN that no school has, a year that is over."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import CohortFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    now = timezone.now().date()
    return CohortFactory(opens_on=now - timedelta(30), closes_on=now + timedelta(30))


@pytest.fixture
def draft(client, cohort):
    """A draft that this browser has begun."""
    url = reverse("applications:start", args=[cohort.project.programme.slug, cohort.project.year])
    uid = uuid4()
    client.post(url, {"uid": uid})
    return uid


@pytest.mark.parametrize("urn", [111111, 7, 99999999999999999999])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_urn_is_said_with_the_search_to_try_again(client, draft, urn, method):
    answer = getattr(client, method)(reverse("applications:confirm_school", args=[draft, urn]))
    text = answer.content.decode()
    assert answer.status_code == 404
    assert f"No open school has the URN {urn}." in text
    assert f'action="{reverse("applications:school", args=[draft])}" role="search"' in text
    assert "<title>Error: " in text


@pytest.mark.parametrize("urn", ["abc", "12345", "1234567", "12 456", "<b>", "²²²²²²"])
def test_what_is_no_urn_is_said_to_be_none(client, draft, urn):
    answer = client.get(reverse("applications:school", args=[draft]), {"urn": urn})
    assert answer.status_code == 200
    assert "A URN has six digits, like 123456." in answer.content.decode()
    assert "<b>" not in answer.content.decode()


@pytest.mark.parametrize("query", [{}, {"urn": ""}, {"q": "nowhere"}])
def test_the_search_says_nothing_of_urns_when_none_was_given(client, draft, query):
    text = client.get(reverse("applications:school", args=[draft]), query).content.decode()
    assert "A URN has six digits" not in text and "Error" not in text


def test_an_old_year_leads_to_the_open_one(client, cohort):
    programme = cohort.project.programme
    old = ProjectFactory(programme=programme, year=cohort.project.year - 2, recruitment="closed")
    url = reverse("applications:start", args=[programme.slug, old.year])

    text = client.get(url).content.decode()
    assert f'href="{reverse("programmes:page", args=[programme.slug])}?year={cohort.project.year}"' in text
    assert "Tell me when applications open" not in text

    cohort.closes_on = timezone.now().date() - timedelta(1)
    cohort.save()
    assert "Tell me when applications open" in client.get(url).content.decode()


@pytest.mark.parametrize("page", ["contact", "head", "advocates", "department", "commitments"])
def test_every_error_leads_to_a_place_on_its_page(client, draft, page):
    text = client.post(reverse(f"applications:{page}", args=[draft]), {}).content.decode()
    summary = text[text.index("govuk-error-summary__list") : text.index("<h1")]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets
    assert [target for target in targets if f'id="{target}"' not in text] == []
