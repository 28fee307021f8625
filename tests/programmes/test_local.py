"""A hub adds a programme of its own without a code and without a developer: two people, then everybody sees it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.rules import RULES
from hubportal.accounts.roles import Role
from hubportal.clock import london_date
from hubportal.history.models import Event
from programmes.cohorts import catalogue
from programmes.models import Programme, RuleSet
from tests.applications.staff import person
from tests.factories import HubFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = london_date(NOW)


@pytest.fixture
def hub(settings):
    settings.REQUIRE_MFA = False
    catalogue.load(known_rules=RULES, at=NOW)
    return HubFactory(name="Estuary Maths Hub", slug="estuary")


def form(**changes):
    values = {
        "title": "Maths and the sea",
        "summary": "A year of lessons with the harbour.",
        "year": TODAY.year if TODAY.month >= 9 else TODAY.year - 1,
        "heading_1": "What is involved",
        "text_1": "Three visits to the harbour.\r\n\r\nThen lessons at school.",
        "commitments": "The school releases one teacher.\n\n  It tells   the others.  ",
        "rules": ["state_funded_secondary", "not_already_in", "window_open"],
        "capacity": "6",
        "opens_on": (TODAY - timedelta(1)).isoformat(),
        "closes_on": (TODAY + timedelta(30)).isoformat(),
        "grant_amount": "150",
        "offer_days": "10",
    }
    return values | changes


def add(client, hub, **changes):
    return client.post(reverse("admin:programmes_programme_local_add", args=[hub.slug]), form(**changes))


def made():
    return Programme.objects.get(hub__isnull=False)


def at(name, programme):
    return reverse(f"admin:programmes_programme_local{name}", args=[programme.pk])


@pytest.fixture
def administrator(client, hub):
    user = person(hub)
    client.force_login(user)
    return user


def public(client, programme):
    return client.get(reverse("programmes:page", args=[programme.slug]))


def test_it_is_saved_unpublished_with_rules_of_the_national_ones_and_nobody_outside_sees_it(client, hub, administrator):
    assert add(client, hub).status_code == 302

    programme = made()
    project, rule_set = programme.projects.get(), RuleSet.objects.get(project__programme=programme)
    assert (programme.hub, project.code, project.published_at) == (hub, "", None)
    assert (rule_set.status, rule_set.signed_by, rule_set.grant_amount) == ("signed", administrator, 150)
    assert {"rule": "not_already_in", "family": programme.pk} in rule_set.rules
    assert [row["text"] for row in rule_set.commitments] == ["The school releases one teacher.", "It tells the others."]
    assert len(next(row for row in rule_set.rules if row["rule"] == "state_funded_secondary")["table"]) > 10
    assert public(client, programme).status_code == 404
    assert programme.title not in client.get(reverse("programmes:list")).text
    year = reverse("applications:start", args=[programme.slug, project.year])
    assert client.get(year).status_code == 404 and client.post(year).status_code == 404


def test_another_person_who_leads_the_hub_publishes_it_and_schools_find_it_under_the_hub(client, hub, administrator):
    add(client, hub)
    programme = made()
    assert "A hub lead publishes it." in client.get(at("", programme)).text
    lead = person(hub, Role.LEAD)
    client.force_login(lead)

    assert "Publish" in client.get(at("", programme)).text
    client.post(at("_publish", programme))
    client.post(at("_publish", programme))

    rule_set = RuleSet.objects.get(project__programme=programme)
    assert (rule_set.status, rule_set.signed_by, rule_set.published_by) == ("published", administrator, lead)
    assert Event.objects.filter(kind="published", subject__endswith=programme.pk).count() == 1
    client.get(at("", programme))  # which shows what was said of publishing
    listed = client.get(reverse("programmes:list")).text
    assert listed.index("Programmes of one hub") < listed.index("Estuary Maths Hub") < listed.index("Maths and the sea")
    page = public(client, programme).text
    assert all(words in page for words in ("Then lessons at school.", "It tells the others.", "Estuary Maths Hub"))
    assert "Express interest" in page
    year = programme.projects.get().year
    assert client.get(reverse("applications:start", args=[programme.slug, year])).status_code == 200


def test_a_lead_does_not_publish_what_they_have_signed(client, hub):
    client.force_login(person(hub, Role.LEAD))
    add(client, hub)
    assert "Another hub lead publishes it" in client.get(at("", made())).text
    client.post(at("_publish", made()))
    assert made().projects.get().published_at is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"heading_1": "", "text_1": ""}, "at least one section of its page"),
        ({"commitments": ""}, "what a school commits to"),
        ({"capacity": ""}, "how many schools"),
        ({"opens_on": "", "closes_on": ""}, "the first and the last day"),
        ({"rules": ["commitments_made"]}, "while they are open"),
        ({"rules": []}, "keep one at least"),
    ],
)
def test_half_of_it_is_kept_and_what_blocks_publishing_is_listed(client, hub, changes, sentence):
    client.force_login(person(hub))
    assert add(client, hub, **changes).status_code == 302
    client.force_login(person(hub, Role.LEAD))

    page = client.get(at("", made())).text
    assert "What blocks publishing" in page and sentence in page
    client.post(at("_publish", made()))
    assert made().projects.get().published_at is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Enter the title."),
        ({"closes_on": "2020-01-01"}, "The last day cannot come before the first."),
        ({"closes_on": ""}, "Give the first and the last day, or neither."),
        ({"heading_1": ""}, "Give this section a heading."),
        ({"rules": ["wears_a_hat"]}, "Choose from these rules only."),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"year": "1999"}, "Choose one of these years."),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(client, hub, administrator, changes, sentence):
    page = add(client, hub, **changes)
    assert page.status_code == 200 and sentence in page.text
    assert not Programme.objects.exclude(hub=None).exists()


def test_a_hub_has_one_programme_of_a_title_and_another_hub_may_use_it_too(client, hub, administrator):
    add(client, hub)
    assert "programme of this title already" in add(client, hub).text
    other = HubFactory(slug="elsewhere")
    client.force_login(person(other))
    assert add(client, other).status_code == 302
    assert Programme.objects.exclude(hub=None).count() == 2


def test_changed_rules_are_signed_anew_and_changed_words_are_not(client, hub, administrator):
    add(client, hub)
    second = person(hub)
    client.force_login(second)
    client.post(at("_change", made()), form(summary="Other words."))
    assert RuleSet.objects.get(project__programme__hub=hub).signed_by == administrator
    client.post(at("_change", made()), form(grant_amount="200"))
    rule_set = RuleSet.objects.get(project__programme__hub=hub)
    assert (rule_set.signed_by, rule_set.grant_amount) == (second, 200)


def test_once_published_only_its_words_change_here(client, hub, administrator):
    add(client, hub)
    client.force_login(person(hub, Role.LEAD))
    client.post(at("_publish", made()))

    page = client.get(at("_change", made())).text
    assert "Section 1 of its page" in page and "capacity" not in page and "Which rules decide" not in page
    client.post(at("_change", made()), form(summary="Other words.", grant_amount="9999", capacity="1"))
    cohort = made().projects.get().cohorts.get()
    assert (made().summary, cohort.capacity) == ("Other words.", 6)
    assert RuleSet.objects.get(project__programme__hub=hub).grant_amount == 150


def test_another_hubs_people_neither_see_nor_change_it(client, hub, administrator):
    add(client, hub)
    client.force_login(person(HubFactory(), Role.LEAD))
    for name in ("", "_change"):
        assert client.get(at(name, made())).status_code == 404
    assert client.post(at("_publish", made())).status_code == 404
    assert client.get(reverse("admin:programmes_programme_local_add", args=[hub.slug])).status_code == 404
    assert "Maths and the sea" not in client.get(reverse("admin:programmes_programme_changelist")).text
    assert "Maths and the sea" not in client.get(reverse("admin:programmes_project_changelist")).text


def test_the_national_programmes_are_nobodys_to_change_here(client, hub, administrator):
    national = Programme.objects.get(pk="sec-development")
    assert client.get(at("_change", national)).status_code == 404


def test_the_page_costs_the_same_with_one_rule_and_with_three(client, hub, administrator):
    add(client, hub, rules=["window_open"])
    client.get(at("", made()))
    counts = []
    for rules in (["window_open"], ["window_open", "open_or_opening", "commitments_made"]):
        client.post(at("_change", made()), form(rules=rules))
        with CaptureQueriesContext(connection) as queries:
            client.get(at("", made()))
        counts.append(len(queries))
    assert counts[0] == counts[1]
