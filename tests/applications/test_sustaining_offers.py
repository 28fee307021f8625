"""Offers of a place in a focus: chosen by staff, counted under a lock, shown before many are made at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import actions, decisions, emails
from applications.models import Application, Document
from hubportal.accounts import links
from hubportal.accounts.roles import Role
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import EstablishmentLink, Place
from tests.applications.staff import act_page, person, queue_page, review_page
from tests.applications.stages import at_once, kinds
from tests.applications.sustaining import focus, signed_up, sustaining_cohort
from tests.factories import SchoolFactory, UserFactory

NOW = timezone.now


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.REQUIRE_MFA = False


@pytest.mark.django_db
def test_the_place_carries_the_focus_that_staff_chose(client):
    cohort = sustaining_cohort()
    application = signed_up(cohort, "ab")
    client.force_login(person(cohort.hub))
    page = client.get(act_page(application, "offer")).content.decode()
    assert "Mathematical thinking" in page and "Maths and science" not in page
    client.post(act_page(application, "offer"), {"focus": focus(cohort, "b").pk})
    application.refresh_from_db()
    assert application.place.focus.letter == "b"
    offer = Message.objects.get(template="place_offered").text
    assert "The focus of the group is: Multiplicative reasoning." in offer and "grant" not in offer
    actions.accept_offer(application, at=NOW())
    accepted = Message.objects.get(template="place_accepted").text
    assert "is confirmed" in accepted and "grant" not in accepted
    assert application.place.advocates.count() == 2


@pytest.mark.django_db
def test_a_focus_that_the_school_did_not_choose_is_refused():
    cohort = sustaining_cohort()
    application = signed_up(cohort, "a")
    with pytest.raises(Refused, match="did not choose"):
        decisions.offer(application, focus=focus(cohort, "c"), by=UserFactory(), at=NOW())
    assert not Place.objects.filter(project=cohort.project).exists()


@pytest.mark.django_db
def test_without_room_in_any_focus_there_is_no_offer_but_the_waiting_list():
    cohort = sustaining_cohort({"a": 1})
    first, second = signed_up(cohort, "a"), signed_up(cohort, "a")
    decisions.offer(first, by=UserFactory(), at=NOW())
    assert [each.code for each in decisions.against_an_offer(second, at=NOW())] == ["focus_full"]
    with pytest.raises(Refused):
        decisions.offer(second, by=UserFactory(), at=NOW())
    decisions.waitlist(second, by=UserFactory(), at=NOW())
    first.refresh_from_db()
    actions.decline_offer(first, at=NOW())  # the place in the focus comes free with the place
    decisions.offer(second, by=UserFactory(), at=NOW())


@pytest.mark.django_db
def test_the_next_choice_is_offered_where_the_first_is_full():
    cohort = sustaining_cohort({"a": 1})
    first, second = signed_up(cohort, "a"), signed_up(cohort, "ab")
    for application in (first, second):
        decisions.offer(application, by=UserFactory(), at=NOW())
    second.refresh_from_db()
    assert second.place.focus.letter == "b"


@pytest.mark.django_db(transaction=True)
def test_of_two_offers_at_once_one_gets_the_last_place_of_a_focus():
    cohort = sustaining_cohort({"a": 1})
    both, staff = [signed_up(cohort, "a") for _ in range(2)], UserFactory()
    results = at_once(*[lambda each=each: decisions.offer(each, by=staff, at=NOW()) for each in both])
    assert kinds(results) == {"NoneType": 1, "Refused": 1}
    assert Place.objects.live().filter(focus__letter="a").count() == 1


@pytest.mark.django_db
def test_many_offers_are_shown_with_their_foci_and_made_as_shown(client):
    cohort = sustaining_cohort({"a": 1, "b": 1})
    three = [signed_up(cohort, "ab") for _ in range(3)]
    client.force_login(person(cohort.hub))
    chosen = {"pk": [each.pk for each in three]}
    page = client.post(reverse("admin:applications_application_bulk", args=["offer"]), chosen).content.decode()
    assert page.count("Focus: Mathematical thinking") == 1 and page.count("Focus: Multiplicative reasoning") == 1
    assert "The places in its foci are taken by the rows above." in page
    run = {"pk": [three[0].pk, three[1].pk], f"focus-{three[0].pk}": focus(cohort, "a").pk}
    run[f"focus-{three[1].pk}"] = focus(cohort, "a").pk  # as an old page might say
    client.post(reverse("admin:applications_application_bulk_run", args=["offer"]), run)
    assert list(Place.objects.filter(project=cohort.project).values_list("focus__letter", flat=True)) == ["a"]


@pytest.mark.django_db
def test_staff_see_what_proves_the_route_and_what_was_said(client):
    cohort = sustaining_cohort()
    application = signed_up(cohort, "ba")
    client.force_login(person(cohort.hub))
    page = client.get(review_page(application)).content.decode()
    for shown in [
        "Proven from our records",
        "Development in 2025/26: completed",
        "1. Multiplicative reasoning",
        "Fractions in",
    ]:
        assert shown in page
    assert "Lead participants" in page and "£0" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "elsewhere", "status"),
    [
        (Role.ADMINISTRATOR, False, 200),
        (Role.LEAD, False, 200),
        (Role.FINANCE, False, 200),
        (Role.ADMINISTRATOR, True, 404),
        (Role.LEAD, True, 404),
    ],
)
def test_a_plan_is_handed_out_to_its_hub_only_and_never_shown(client, role, elsewhere, status):
    cohort = sustaining_cohort()
    application = signed_up(cohort)
    Document.objects.create(
        application=application, name='a"\r\nb.pdf', kind="application/pdf", size=4, content=b"%PDF", at=NOW()
    )
    client.force_login(person(sustaining_cohort().hub if elsewhere else cohort.hub, role))
    response = client.get(reverse("admin:applications_application_document", args=[application.pk]))
    assert response.status_code == status
    if status == 200:
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_the_file_is_never_read_for_a_page(client):
    cohort = sustaining_cohort()
    application = signed_up(cohort, said={"plan": "file"})
    Document.objects.create(
        application=application, name="p.pdf", kind="application/pdf", size=4, content=b"%PDF", at=NOW()
    )
    client.force_login(person(cohort.hub))
    with CaptureQueriesContext(connection) as asked:
        client.get(review_page(application))
    assert not any('"applications_document"."content"' in query["sql"] for query in asked)


@pytest.mark.django_db
def test_the_queue_asks_as_much_for_three_sign_ups_as_for_one(client):
    cohort = sustaining_cohort()
    client.force_login(person(cohort.hub))
    counts = []
    for number in (1, 2):
        for _ in range(number):
            signed_up(cohort, "ab")
        client.get(queue_page())
        with CaptureQueriesContext(connection) as asked:
            client.get(queue_page())
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_a_sign_up_under_the_old_urn_is_referred_beside_the_first():
    cohort = sustaining_cohort()
    first = signed_up(cohort, "a")
    successor = SchoolFactory()
    EstablishmentLink.objects.create(urn=first.school.urn, link_urn=successor.urn, link_type="Successor", link_name="x")
    second = signed_up(cohort, "a", school=successor)
    assert second.status == "referred"
    assert "applied_as_another" in [row["code"] for row in second.checks.first().findings]


@pytest.mark.django_db
def test_a_plan_goes_with_an_application_that_is_moved_to_another_hub():
    cohort, there = sustaining_cohort(), sustaining_cohort()
    application = signed_up(cohort, said={"plan": "file"})
    Document.objects.create(
        application=application, name="p.pdf", kind="application/pdf", size=4, content=b"%PDF", at=NOW()
    )
    moved = decisions.transfer(application, to=there, reason="Nearer.", by=UserFactory(), at=NOW())
    assert bytes(moved.document.content) == b"%PDF" and moved.answers["foci"] == ["a", "b"]


@pytest.mark.django_db
def test_words_for_two_people_fit_the_programme_everywhere_the_school_reads(client):
    cohort = sustaining_cohort()
    application = signed_up(cohort, nominees=())
    decisions.offer(application, by=UserFactory(), at=NOW())
    application.refresh_from_db()
    actions.accept_offer(application, at=NOW())
    assert "both lead participants" in Message.objects.get(template="place_accepted").text
    link = emails.manage_link(application, at=NOW())
    page = client.get("/" + links.address(link).partition("://")[2].partition("/")[2]).content.decode()
    assert "You: name both lead participants" in page and "Advocate" not in page
    assert Application.objects.get(pk=application.pk).place.status == "accepted"
