"""The list, asking and taking up in bulk, one proposal's page, and the cohorts' year: by staff, in the client."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import reminders
from applications.models import Proposal
from hubportal.clock import LONDON
from hubportal.messaging.models import Message
from programmes.models import Place
from tests import factories

from .world import AT, DEV, SUS, World

LIST = "admin:applications_proposal_changelist"


@pytest.fixture
def staff(world, settings):
    settings.REQUIRE_MFA = False
    client = Client()
    client.force_login(world.lead)
    return client


def page_of(client, **query):
    return client.get(reverse(LIST), query | {"year": 2026})


def names(response):
    return [row["it"].school.name for row in response.context["rows"]]


def test_each_tab_shows_whose_move_it_is(world, staff):
    to_ask, asked, answered = world.place(), world.place(), world.place()
    world.ask(asked)
    world.answered(answered)
    put_off = world.place()
    factories.ProposalFactory(
        hub=world.hub, school=put_off.school, year=2025, status="put_off", ask_again_on=date(2199, 9, 1)
    )
    found = {tab: names(page_of(staff, tab=tab)) for tab in ("ask", "school", "hub", "later", "done")}
    assert found == {
        "ask": [to_ask.school.name],
        "school": [asked.school.name],
        "hub": [answered.school.name],
        "later": [put_off.school.name],
        "done": [],
    }


def test_the_list_is_narrowed_by_its_address(world, staff):
    near, far = world.place(), world.place(year=2024)
    assert names(page_of(staff, kind="lapsed")) == [far.school.name]
    assert names(page_of(staff, phase="sec-embedding")) == [near.school.name]
    assert names(page_of(staff, q=str(near.school.urn))) == [near.school.name]
    assert names(page_of(staff, q="nothing like it")) == []
    assert len(names(page_of(staff, kind="nonsense", year="x", tab="y"))) == 2


def test_the_list_asks_the_database_as_much_for_one_school_as_for_three(world, staff):
    def count():
        with CaptureQueriesContext(connection) as found:
            page_of(staff)
        return len(found)

    _one_of_each(world)
    count()  # the first page of a session writes to it
    first = count()
    for _ in range(2):
        _one_of_each(world)
    assert count() == first


def _one_of_each(world):
    world.place()
    world.place(year=2024)
    place = world.place()
    proposal = world.answered(place)
    Proposal.objects.filter(pk=proposal.pk).update(status="put_off", ask_again_on=date(2026, 1, 1))
    factories.ApplicationFactory(cohort=world.cohorts[DEV, 2025], school=place.school)


def test_a_missing_cohort_is_named_with_a_way_to_make_it(world, staff):
    world.place()
    world.cohorts[SUS, 2026].delete()
    page = page_of(staff)
    assert "The hub has no cohort of Sustaining 2026/27 yet." in page.content.decode()
    assert f"hub={world.hub.pk}" in page.context["missing"][0]["address"]
    assert not page.context["rows"][0]["can_ask"]


def test_many_are_previewed_asked_and_their_letters_held(world, staff):
    places = [world.place(), world.place(year=2024), world.place(named=False)]
    chosen = {"pk": [place.school_id for place in places]}
    shown = staff.post(reverse("admin:applications_proposal_preview") + "?year=2026", chosen)
    assert [bool(row["against"]) for row in shown.context["rows"]] == [False, False, True]
    assert [letter["name"] for letter in shown.context["letters"]] == ["What comes next", "Will you come back?"]
    assert "[a private link]" in shown.content.decode()
    assert not Proposal.objects.exists()

    made = reverse("admin:applications_proposal_make") + "?year=2026"
    wrong = staff.post(made, chosen | {"answer_by": "2020-01-01"})
    assert "has to lie ahead" in wrong.content.decode()
    assert not Proposal.objects.exists()

    answer_by = (timezone.localdate() + timedelta(days=28)).isoformat()
    done = staff.post(made, chosen | {"answer_by": answer_by})
    assert [row["worked"] for row in done.context["results"]] == [True, True, False]
    again = staff.post(made, chosen | {"answer_by": answer_by})
    assert [row["worked"] for row in again.context["results"]] == [False, False, False]
    assert (Proposal.objects.count(), Message.objects.filter(status="held").count()) == (2, 2)
    (batch,) = done.context["batches"]
    letters = staff.get(batch[1])
    assert letters.status_code == 200
    assert "Release and send" in letters.content.decode()


def test_all_that_fit_can_be_meant_at_once(world, staff):
    for _ in range(3):
        world.place()
    shown = staff.post(reverse("admin:applications_proposal_preview") + "?year=2026&tab=ask", {"whole": "1"})
    assert shown.context["able"] == 3


@pytest.mark.parametrize("page", ["preview", "make", "settle", "settle_preview"])
def test_nobody_is_meant_by_nothing_and_another_hubs_are_missing(world, staff, page):
    other = World()
    place = other.place()
    theirs = place.school_id if page in {"preview", "make"} else other.ask(place).pk
    address = reverse(f"admin:applications_proposal_{page}") + "?year=2026"
    assert staff.post(address, {"pk": [theirs]}).status_code == 404
    assert staff.post(address, {"pk": ["x"]}).status_code == 404
    assert staff.post(address, {}).status_code == 302
    assert staff.get(address).status_code == 405


def test_answers_are_tried_out_before_they_are_taken_up(world, staff):
    type(world.cohorts[SUS, 2026]).objects.filter(pk=world.cohorts[SUS, 2026].pk).update(capacity=1)
    proposals = [world.answered(), world.answered()]
    chosen = {"pk": [each.pk for each in proposals]}
    shown = staff.post(reverse("admin:applications_proposal_settle_preview"), chosen)
    assert [row["status"] for row in shown.context["rows"]] == ["Taken up", "Said yes, waits"]
    assert not Place.objects.filter(project__year=2026).exists()
    assert not Message.objects.filter(template="rollover_settled").exists()

    done = staff.post(reverse("admin:applications_proposal_settle"), chosen)
    assert [row["status"] for row in done.context["settled"]] == ["Taken up", "Said yes, waits"]
    assert Place.objects.filter(project__year=2026).count() == 2
    again = staff.post(reverse("admin:applications_proposal_settle"), chosen)
    assert again.context["settled"][0]["worked"] is False


def test_staff_write_down_an_answer_by_telephone_take_it_up_and_see_it(world, staff):
    proposal = world.ask(world.place())
    page = reverse("admin:applications_proposal_change", args=[proposal.pk])
    assert "Write down an answer by telephone" in staff.get(page).content.decode()
    do = reverse("admin:applications_proposal_do", args=[proposal.pk, "phone"])
    form = {f"phase_{each.pk}": "yes" for each in proposal.phases.all()} | {
        "team": "same", "answered_name": "Amina Okafor", "said_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    ahead = staff.post(do, form | {"said_on": "2199-01-01"})
    assert "This day lies ahead" in ahead.content.decode()
    assert staff.post(do, form).status_code == 302
    said = staff.get(page).content.decode()
    assert f"written down by {world.lead}" in said
    staff.post(reverse("admin:applications_proposal_do", args=[proposal.pk, "settle"]), {})
    assert "Nobody: this has ended" in staff.get(page).content.decode()
    assert Place.objects.filter(project__year=2026, status="confirmed").count() == 2
    refused = staff.post(reverse("admin:applications_proposal_do", args=[proposal.pk, "take-back"]), {"reason": "x"})
    assert refused.status_code == 302


def test_a_cohorts_year_is_begun_and_completed_with_a_preview(world, staff):
    places = [world.place(status="confirmed") for _ in range(2)]
    cohort = world.cohorts[DEV, 2025]
    assert list(page_of(staff).context["ends"]) == [cohort]

    def post(verb, **data):
        return staff.post(reverse("admin:applications_proposal_cohort", args=[cohort.pk, verb]), data)

    both, one = [place.pk for place in places], [places[0].pk]
    assert "Choose at least one" in post("begin", on="2025-09-20").content.decode()
    assert post("begin", pk=both, on="2025-09-20").status_code == 200
    assert not Place.objects.filter(status="active").exists()
    assert post("begin", pk=both, on="2025-09-20", sure="1").status_code == 302
    assert Place.objects.filter(status="active").count() == 2
    assert "before the year began" in post("complete", pk=one, on="2024-09-20").content.decode()
    post("complete", pk=one, on="2026-07-10", sure="1")
    assert "Say what was not completed" in post("complete-part", pk=both[1:], on="2026-07-10").content.decode()
    post("complete-part", pk=both[1:], on="2026-07-10", note="One day", sure="1")
    assert set(Place.objects.values_list("status", flat=True)) == {"completed", "part_completed"}
    assert post("begin", pk=[World().place(status="confirmed").pk], on="2025-09-20").status_code == 404


def test_today_counts_answers_and_schools_to_ask_again(world, staff):
    world.answered()
    factories.ProposalFactory(hub=world.hub, status="put_off", ask_again_on=date(2026, 1, 1))
    later = factories.ProposalFactory(hub=world.hub, status="put_off", ask_again_on=date(2026, 1, 1))
    factories.ProposalFactory(hub=world.hub, school=later.school, made_at=datetime(2027, 1, 1, tzinfo=LONDON))
    page = staff.get("/admin/").content.decode()
    assert "Answers to take up" in page
    assert page.count("Schools that said “ask us again”") == 1
    assert names(staff.get(reverse(LIST), {"again": "1", "year": 2026})) != []


def test_reminders_count_from_the_day_the_letter_went_out_and_stop_with_the_answer(world):
    held, sent, answered = world.ask(world.place()), world.ask(world.place()), world.answered()
    for proposal in (sent, answered):
        Message.objects.filter(to=proposal.contact_email).update(status="sent", sent_at=AT)
    Proposal.objects.update(answer_by=date(2026, 12, 1))
    on = [datetime(2026, 9, day, 10, tzinfo=LONDON) for day in (1, 7, 8, 9, 15, 22, 29)]
    assert [reminders.send_due(at=at) for at in on] == [0, 0, 1, 0, 1, 1, 0]
    assert set(Message.objects.filter(rule="next-year-not-answered").values_list("to", flat=True)) == {
        sent.contact_email
    }
    assert held.contact_email != sent.contact_email
    call_command("send_reminders", "--dry-run")
