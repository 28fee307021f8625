"""The queue: whose move, narrowed by the address, found by any name, at the same cost for one row and fifty."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.models import Application, InformationRequest
from hubportal.accounts.roles import Role
from programmes.models import SchoolUrn
from tests.applications.staff import eligible, open_cohort, person, queue_page
from tests.factories import (
    ApplicationFactory,
    DraftFactory,
    EstablishmentFactory,
    HubFactory,
    HubMembershipFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def references(response):
    return {
        application.reference for application in Application.objects.all() if application.reference in response.text
    }


def test_applications_are_grouped_by_whose_move_it_is(client, administrator, staff_cohort):
    ours = eligible(staff_cohort)
    heads = eligible(staff_cohort, confirmed=False)
    portals = ApplicationFactory(cohort=staff_cohort)
    done = ApplicationFactory(cohort=staff_cohort, status="not_offered")

    shown = {
        move: references(client.get(queue_page(move=move))) for move in ("hub", "head", "portal", "nobody", "school")
    }

    assert shown == {
        "hub": {ours.reference},
        "head": {heads.reference},
        "portal": {portals.reference},
        "nobody": {done.reference},
        "school": set(),
    }
    assert references(client.get(queue_page())) == {ours.reference}


def test_the_tabs_count_under_the_other_filters(client, administrator, staff_cohort):
    eligible(staff_cohort, contact_name="Zadie Quux")
    eligible(staff_cohort)

    page = client.get(queue_page(move="hub", q="Quux"))

    assert '?move=hub&amp;q=Quux" aria-current="page">Hub <span class="tabs__count">1</span>' in page.text
    assert '?move=all&amp;q=Quux">All</a>' in page.text


def test_filters_stay_in_the_address_and_go_by_their_chip(client, administrator, staff_cohort):
    eligible(staff_cohort)
    project = staff_cohort.project

    page = client.get(queue_page(move="hub", project=project.pk, status="eligible", sort="school"))

    assert f'<option value="{project.pk}" selected>' in page.text
    assert '<option value="eligible" selected>' in page.text
    assert '<option value="school" selected>' in page.text
    assert f'href="?move=hub&amp;project={project.pk}&amp;sort=school"' in page.text


def test_what_makes_no_sense_in_the_address_is_left_out(client, administrator, staff_cohort):
    ours = eligible(staff_cohort)
    address = {
        "move": "moon",
        "project": "x",
        "hub": "999999",
        "status": "lost",
        "overdue": "maybe",
        "sort": "'",
        "page": "z",
    }

    page = client.get(queue_page(**address))

    assert (page.status_code, references(page)) == (200, {ours.reference})


@pytest.fixture
def known(staff_cohort):
    establishment = EstablishmentFactory(urn=123456, name="St Botolph's Academy", town="Colchester")
    school = SchoolFactory(establishment=establishment)
    SchoolUrn.objects.create(
        school=school, establishment=EstablishmentFactory(urn=111222, name="Old Heath School"), name="Old Heath School",
        from_on=date(2010, 9, 1), until_on=date(2020, 8, 31),
    )  # fmt: skip
    return eligible(
        staff_cohort, school=school, reference="K7M-4RTX", contact_name="Siân O'Connor",
        contact_email="sian@botolph.example", head_name="Ravi Iyer", head_email="office@botolph.example",
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    ["K7M-4RTX", "k7m4rtx", " k7m 4rtx ", "st botolph", "Saint Botolphs", "academy colchester", "123456", "111222",
     "old heath", "o'connor", "SIAN@BOTOLPH.EXAMPLE", "ravi", "office@", "Teacher", "%"],
)  # fmt: skip
def test_an_application_is_found_by(client, administrator, staff_cohort, known, words):
    other = eligible(staff_cohort, reference="ZZZ-ZZZZ", nominees=[])

    found = references(client.get(queue_page(q=words)))

    assert found == (set() if words == "%" else {known.reference})
    assert other.reference not in found


def test_a_search_looks_at_every_move(client, administrator, staff_cohort):
    done = ApplicationFactory(cohort=staff_cohort, status="withdrawn")
    assert references(client.get(queue_page(q=done.reference))) == {done.reference}


def test_overdue_is_what_was_due_before_today(client, administrator, staff_cohort):
    late, in_time = eligible(staff_cohort), eligible(staff_cohort)
    today = timezone.now().date()
    for application, days in ((late, -1), (in_time, 0)):
        InformationRequest.objects.create(
            application=application, question="Why?", asked_by=administrator, asked_at=timezone.now(),
            answer_by=today + timedelta(days),
        )  # fmt: skip

    page = client.get(queue_page(move="school", overdue="1"))

    assert references(page) == {late.reference}
    assert 'class="overdue"' in page.text


@pytest.mark.parametrize("sort", ["waiting", "due", "school"])
def test_the_order_is_as_chosen(client, administrator, staff_cohort, sort):
    now = timezone.now()
    for name, days in (("Zeal", 3), ("Acorn", 1), ("Mill", 2)):
        application = eligible(staff_cohort, school=SchoolFactory(establishment=EstablishmentFactory(name=name)))
        Application.objects.filter(pk=application.pk).update(submitted_at=now - timedelta(days))

    text = client.get(queue_page(sort=sort)).text

    names = sorted(["Zeal", "Acorn", "Mill"], key=text.index)
    assert names == (["Acorn", "Mill", "Zeal"] if sort == "school" else ["Zeal", "Mill", "Acorn"])


def test_another_hubs_applications_and_drafts_are_not_there(client, administrator, staff_cohort):
    DraftFactory(cohort=staff_cohort)
    withdrawn_draft = DraftFactory(cohort=staff_cohort, status="withdrawn")
    eligible(open_cohort())

    page = client.get(queue_page(move="all"))

    assert references(page) == set()
    assert withdrawn_draft.school.name not in page.text


def test_somebody_of_two_hubs_can_choose_one(client, administrator, staff_cohort):
    assert 'name="hub"' not in client.get(queue_page()).text
    second = open_cohort()
    HubMembershipFactory(user=administrator, hub=second.hub)
    here, there = eligible(staff_cohort), eligible(second)

    assert references(client.get(queue_page())) == {here.reference, there.reference}
    assert references(client.get(queue_page(hub=second.hub_id))) == {there.reference}


def test_finance_reads_but_chooses_nothing_and_strangers_see_no_queue(client, staff_cohort):
    ours = eligible(staff_cohort)
    client.force_login(person(staff_cohort.hub, Role.FINANCE))
    page = client.get(queue_page())
    assert (references(page), 'type="checkbox"' in page.text) == ({ours.reference}, False)

    client.force_login(UserFactory())
    assert client.get(queue_page(), follow=True).status_code == 403


def test_the_national_team_reads_every_hub(client, staff_cohort):
    here, there = eligible(staff_cohort), eligible(open_cohort(hub=HubFactory()))
    client.force_login(UserFactory(is_national=True))

    page = client.get(queue_page())

    assert references(page) == {here.reference, there.reference}
    assert 'type="checkbox"' not in page.text


def test_fifty_a_page_and_the_next_page_keeps_the_filters(client, administrator, staff_cohort):
    ApplicationFactory.create_batch(51, cohort=staff_cohort, nominees=[])

    page = client.get(queue_page(move="portal", status="submitted"))

    assert page.text.count('scope="row"') == 50
    assert "?move=portal&amp;status=submitted&amp;page=2" in page.text
    assert client.get(queue_page(move="portal", page=2)).text.count('scope="row"') == 1


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_queue_costs_the_same_for_one_three_and_fifty(client, administrator, staff_cohort):
    counts = []
    for more in (1, 2, 47):
        ApplicationFactory.create_batch(more, cohort=staff_cohort, nominees=[])
        counts.append(queries_of(client, queue_page(move="portal")))
    assert len(set(counts)) == 1
    assert counts[0] <= 6


def test_what_schools_typed_is_shown_as_text(client, administrator, staff_cohort):
    eligible(staff_cohort, contact_name="<script>alert(1)</script>")
    page = client.get(queue_page(q="<script>"))
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;") >= 2
