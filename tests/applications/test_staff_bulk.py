"""Several applications at once: chosen, looked at one by one, done one by one, told one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from hubportal.accounts.roles import Role
from hubportal.messaging.models import Message
from programmes.models import Cohort
from tests.applications.staff import eligible, open_cohort, person, queue_page
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def address(verb="offer", step="bulk"):
    return reverse(f"admin:applications_application_{step}", args=[verb])


def statuses():
    return list(Application.objects.order_by("pk").values_list("status", flat=True))


@pytest.mark.parametrize("verb", ["offer", "waitlist"])
def test_the_preview_says_what_would_happen_and_changes_nothing(client, administrator, staff_cohort, verb):
    able, unable = eligible(staff_cohort), eligible(staff_cohort)
    Application.objects.filter(pk=unable.pk).update(status="not_offered")
    before = Message.objects.count()

    page = client.post(address(verb), {"pk": [able.pk, unable.pk]})

    assert f'name="pk" value="{able.pk}"' in page.text
    assert f'name="pk" value="{unable.pk}"' not in page.text
    assert "Its status is “Not offered a place”." in page.text
    assert (statuses(), Message.objects.count()) == (["eligible", "not_offered"], before)


def test_the_preview_counts_the_places_down(client, administrator, staff_cohort):
    Cohort.objects.update(capacity=1)
    chosen = [eligible(staff_cohort).pk for _ in range(2)]

    page = client.post(address(), {"pk": chosen})

    assert "The places are taken by the rows above." in page.text
    assert "Offer a place: 1 school<" in page.text


def test_each_is_done_by_itself_and_has_its_result(client, administrator, staff_cohort):
    Cohort.objects.update(capacity=1)
    chosen = [eligible(staff_cohort).pk, eligible(staff_cohort).pk, eligible(staff_cohort, confirmed=False).pk]

    page = client.post(address(step="bulk_run"), {"pk": chosen})

    assert "Offer a place: done for 1 of 3" in page.text
    assert "Every place on this cohort is taken." in page.text
    assert "The headteacher has not confirmed yet." in page.text
    assert statuses() == ["offered", "eligible", "eligible"]


def test_a_repeat_offers_nothing_twice(client, administrator, staff_cohort):
    chosen = {"pk": [eligible(staff_cohort).pk]}
    client.post(address(step="bulk_run"), chosen)
    page = client.post(address(step="bulk_run"), chosen)
    assert "done for 0 of 1" in page.text
    assert Message.objects.filter(template="place_offered").count() == 1


def test_nothing_chosen_means_nobody(client, administrator, staff_cohort):
    eligible(staff_cohort)
    page = client.post(address(), {}, follow=True)
    assert "You chose no application, so nobody is meant" in page.text
    assert statuses() == ["eligible"]


def test_anothers_among_ours_and_nothing_is_done(client, administrator, staff_cohort):
    ours, foreign = eligible(staff_cohort), eligible(open_cohort())
    for other in (foreign.pk, 999_999_999, "x"):
        for step in ("bulk", "bulk_run"):
            assert client.post(address(step=step), {"pk": [ours.pk, other]}).status_code == 404
    assert statuses() == ["eligible", "eligible"]


def test_a_row_more_costs_few_queries(client, administrator, staff_cohort):
    chosen, counts = [eligible(staff_cohort).pk], []
    client.post(address(), {"pk": chosen})
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert client.post(address(), {"pk": chosen}).status_code == 200
        counts.append(len(queries))
        chosen.append(eligible(staff_cohort).pk)
    assert counts[2] - counts[1] == counts[1] - counts[0] <= 7


def test_readers_are_refused(client, administrator, staff_cohort):
    ours = eligible(staff_cohort)
    for user in (person(staff_cohort.hub, Role.FINANCE), UserFactory(is_national=True)):
        client.force_login(user)
        for step in ("bulk", "bulk_run"):
            assert client.post(address(step=step), {"pk": [ours.pk]}).status_code == 403
    assert statuses() == ["eligible"]


def test_only_post_is_answered(client, administrator):
    assert client.get(address()).status_code == 405
    assert client.get(address(step="bulk_run")).status_code == 405


def test_the_queue_has_the_form(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    page = client.get(queue_page()).text
    assert f'name="pk" value="{application.pk}"' in page
    assert f'action="{address()}"' in page
    assert f'formaction="{address("waitlist")}"' in page


def test_a_run_without_anybody_chosen_goes_back_to_the_queue_with_a_sentence(client, administrator, staff_cohort):
    page = client.post(address(step="bulk_run"), follow=True)

    assert page.redirect_chain == [(reverse("admin:applications_application_changelist"), 302)]
    assert "You chose no application" in page.text
