"""What a hub may say of its run of a project, and what is refused at the field before anything is saved."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.rules import RULES
from hubportal.clock import london_date
from programmes.cohorts import catalogue
from programmes.cohorts.rules import LABELS, Dates, window
from programmes.models import FocusRoom, Place, Project
from tests.applications.staff import person
from tests.factories import CohortFactory, HubFactory, PlaceFactory

pytestmark = pytest.mark.django_db

TODAY = london_date(timezone.now())


@pytest.fixture
def hub(client, settings):
    settings.REQUIRE_MFA = False
    catalogue.load(known_rules=RULES, at=timezone.now())
    hub = HubFactory(name="Estuary Maths Hub")
    client.force_login(person(hub))
    return hub


def run(hub, family="sec-development", year=2026, **values):
    dates = {"opens_on": None, "closes_on": None}
    return CohortFactory(hub=hub, project=Project.objects.get(programme=family, year=year), **(dates | values))


def page_of(cohort):
    return reverse("admin:programmes_cohort_change", args=[cohort.pk])


def save(client, cohort, **changes):
    values = {"capacity": 8, "opens_on": "", "closes_on": "", "contact_name": "", "contact_email": ""}
    return client.post(page_of(cohort), values | changes)


def rooms(*rows):
    """Return the inline's part of the form: focus and capacity of each row."""
    data = {"focus_rooms-TOTAL_FORMS": len(rows), "focus_rooms-INITIAL_FORMS": 0}
    for n, (focus, capacity) in enumerate(rows):
        data |= {f"focus_rooms-{n}-focus": focus.pk, f"focus_rooms-{n}-capacity": capacity}
    return data


def test_the_page_lists_what_is_to_be_set_and_takes_it(client, hub):
    cohort = run(hub)
    page = client.get(page_of(cohort)).text
    assert "Project code: <strong>not set yet</strong>" in page

    save(client, cohort, code="NCP26-12", opens_about="the end of March 2027")
    cohort.refresh_from_db()
    assert (cohort.code, cohort.opens_about) == ("NCP26-12", "the end of March 2027")
    shown = client.get(reverse("programmes:page", args=[cohort.project.programme.slug]) + "?year=2026").text
    assert "Project code: NCP26-12" in shown and "Applications open at the end of March 2027." in shown


def test_what_nobody_has_set_is_said_on_the_public_page(client, hub):
    cohort = run(hub, "sec-specialist")
    shown = client.get(reverse("programmes:page", args=[cohort.project.programme.slug]) + "?year=2026").text
    assert "Date of the launch in the autumn term: to be set by the hub" in shown


def test_a_line_of_ones_own_is_kept_and_written_down(client, hub):
    cohort = run(hub, "sec-specialist")
    save(client, cohort, capacity=2, detail_launch="2 October 2026", detail_central_days="")
    cohort.refresh_from_db()
    assert cohort.details["launch"] == "2 October 2026"
    shown = client.get(reverse("programmes:page", args=[cohort.project.programme.slug]) + "?year=2026").text
    assert "Date of the launch in the autumn term: 2 October 2026" in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"opens_on": "2027-03-01", "closes_on": "2027-02-01"}, "The last day cannot come before the first."),
        ({"opens_on": "2027-03-01"}, "Give the first and the last day, or neither."),
        ({"closes_on": "2027-03-01"}, "Give the first and the last day, or neither."),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_at_its_field(client, hub, changes, sentence):
    cohort = run(hub)
    assert sentence in save(client, cohort, **changes).text
    cohort.refresh_from_db()
    assert cohort.opens_on is None


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "overlaps"),
    [
        ("2027-01-29", "2027-02-10", True),
        ("2026-08-01", "2026-09-01", True),
        ("2026-10-01", "2026-10-02", True),
        ("2026-08-01", "2027-05-01", True),
        ("2027-01-30", "2027-02-10", False),
        ("2026-08-01", "2026-08-31", False),
    ],
)
def test_two_years_of_a_programme_never_take_applications_at_once_at_one_hub(
    client, hub, opens_on, closes_on, overlaps
):
    run(hub, year=2026, opens_on=date(2026, 9, 1), closes_on=date(2027, 1, 29))
    before = run(hub, year=2025)
    page = save(client, before, opens_on=opens_on, closes_on=closes_on)
    before.refresh_from_db()
    assert ("so that no school applies for the wrong one" in page.text) is overlaps
    assert (before.opens_on is None) is overlaps


def test_another_hub_or_programme_may_open_on_the_same_days(client, hub):
    window_ = {"opens_on": date(2026, 9, 1), "closes_on": date(2027, 1, 29)}
    run(HubFactory(), **window_)
    run(hub, "sec-embedding", **window_)
    assert save(client, run(hub), opens_on="2026-09-01", closes_on="2027-01-29").status_code == 302


def test_dates_wait_for_what_no_source_says_and_nobody_can_apply_without(client, hub):
    cohort = run(hub, "sec-specialist", capacity=0)
    dates = {"opens_on": "2027-01-04", "closes_on": "2027-03-01"}
    assert "Set this before you give dates: How many teachers" in save(client, cohort, capacity=0, **dates).text
    assert save(client, cohort, capacity=2, **dates).status_code == 302


def test_dates_wait_for_the_foci_where_no_source_names_them(client, hub):
    cohort = run(hub, "sec-sustaining")
    focus, other = cohort.project.foci.all()[:2]
    dates = {"opens_on": "2027-01-04", "closes_on": "2027-03-01"}
    assert "Say which foci your hub runs" in save(client, cohort, **dates, **rooms()).text

    assert save(client, cohort, **dates, **rooms((focus, 6), (other, 0))).status_code == 302
    cohort.refresh_from_db()
    assert cohort.opens_on and FocusRoom.objects.filter(cohort=cohort).count() == 2


def test_a_focus_that_is_full_or_not_run_is_said_on_the_public_page(client, hub):
    cohort = run(hub, "sec-sustaining")
    full, not_run, free = cohort.project.foci.all()[:3]
    for focus, capacity in ((full, 1), (not_run, 0), (free, 1)):
        FocusRoom.objects.create(cohort=cohort, focus=focus, capacity=capacity)
    PlaceFactory(cohort=cohort, focus=full, status="confirmed")
    PlaceFactory(cohort=cohort, focus=free, status="withdrawn")
    elsewhere = CohortFactory(project=cohort.project, hub=HubFactory(name="Other Hub"))
    PlaceFactory(cohort=elsewhere, focus=free, status="confirmed")

    shown = client.get(reverse("programmes:page", args=[cohort.project.programme.slug]) + "?year=2026").text
    assert shown.count("Estuary Maths Hub: full.") == 1
    assert shown.count("Estuary Maths Hub does not run this focus.") == 1


def test_a_room_is_never_smaller_than_what_is_taken(client, hub):
    cohort = run(hub, "sec-sustaining")
    focus = cohort.project.foci.first()
    PlaceFactory(cohort=cohort, focus=focus, status="confirmed")
    assert "1 places of this focus are taken" in save(client, cohort, **rooms((focus, 0))).text
    assert not FocusRoom.objects.exists()


def test_a_hub_sets_a_grant_only_where_the_project_leaves_it(client, hub):
    assert 'name="grant_amount"' not in client.get(page_of(run(hub))).text
    cohort = run(hub, "sec-sustaining")
    save(client, cohort, grant_amount="250", code="", **rooms())
    cohort.refresh_from_db()
    assert cohort.grant_amount == Decimal(250)


def test_the_grant_of_an_offer_stays_until_the_school_has_answered(client, hub):
    cohort = run(hub, "sec-sustaining", grant_amount=Decimal(250))
    place = PlaceFactory(cohort=cohort, status="offered")

    page = save(client, cohort, grant_amount="100", code="", **rooms())
    assert "Change it when all are answered" in page.text
    Place.objects.filter(pk=place.pk).update(status="accepted")

    assert save(client, cohort, grant_amount="100", code="", **rooms()).status_code == 302


WINDOWS = {
    "later": ({"opens_on": TODAY + timedelta(3), "closes_on": TODAY + timedelta(9)}, "Tell me when applications open"),
    "about": ({"opens_about": "the end of March 2027"}, "Tell me when applications open"),
    "open": ({"opens_on": TODAY, "closes_on": TODAY + timedelta(9)}, "Express interest"),
    "today": ({"opens_on": TODAY, "closes_on": TODAY}, "Express interest"),
    "full": ({"opens_on": TODAY, "closes_on": TODAY + timedelta(9), "capacity": 0}, "Express interest"),
    "recruited": ({"is_full": True}, "Tell me when applications open"),
    "closed": ({"opens_on": TODAY - timedelta(9), "closes_on": TODAY - timedelta(1)}, "Tell me when applications open"),
    "unknown": ({}, "Ask Estuary Maths Hub"),
}


@pytest.mark.parametrize("state", WINDOWS)
def test_each_state_of_a_window_is_said_with_the_one_thing_that_one_can_do(client, hub, state):
    values, to_do = WINDOWS[state]
    cohort = run(hub, **values)
    shown = client.get(reverse("programmes:page", args=[cohort.project.programme.slug]) + "?year=2026").text
    assert LABELS[state][0] in shown and to_do in shown
    assert ("Express interest for" in shown) is (to_do == "Express interest")


def test_every_state_has_its_words():
    cases = [{}, {"opens_about": "Easter"}, {"closed": True}, {"recruited": True}]
    days = {"opens_on": TODAY, "closes_on": TODAY, "places_left": 1}
    cases += [days, days | {"places_left": 0}, days | {"closes_on": TODAY + timedelta(1)}]
    cases += [days | {"opens_on": TODAY + timedelta(1), "closes_on": TODAY + timedelta(1)}]
    found = [window(Dates(**case), today=TODAY) for case in cases]
    assert {each.code for each in found} == set(LABELS)
    assert {each.to_do for each in found} == {"apply", "interest", "ask"}
