"""The hub's pages: the list, one application, reading, the panel, the release, and a specialist's years."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.specialists import decisions
from applications.specialists.models import CRITERIA
from applications.specialists.staff.acts import ACTS
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from programmes.models import ProgrammeDay, Specialist
from tests.factories import HubMembershipFactory, SchoolFactory, UserFactory
from tests.specialists.factories import SpecialistFactory, shortlisted
from tests.specialists.pages import eligible

pytestmark = pytest.mark.django_db
LIST = "admin:applications_specialistapplication_changelist"


@pytest.mark.parametrize("page", [LIST, "panel", "admin:programmes_specialist_changelist"])
def test_a_list_costs_the_same_for_one_row_and_three(staff, cohort, page):
    def one():
        application = shortlisted(cohort)
        specialist = SpecialistFactory(hub=cohort.hub, project=cohort.project)
        ProgrammeDay.objects.create(
            specialist=specialist, on=timezone.now().date(), kind="hub", recorded_by=UserFactory(),
            recorded_at=timezone.now(),
        )  # fmt: skip
        return application

    def queries():
        url = reverse("admin:applications_specialistapplication_panel", args=[cohort.pk]) if page == "panel" else None
        staff.get(url or reverse(page))
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(url or reverse(page)).status_code == 200
        return len(caught)

    one()
    first = queries()
    one(), one()
    assert queries() == first


def test_filters_stand_in_the_address_and_show_whose_move_it_is(staff, cohort):
    eligible(cohort, name="Needs A Shortlist")
    shortlisted(cohort, scores=None, name="Needs A Reader")

    assert b"Needs A Reader" not in staff.get(reverse(LIST) + "?move=hub").content
    readers = staff.get(reverse(LIST) + "?move=readers&status=shortlisted").content
    assert b"Needs A Reader" in readers and b"Needs A Shortlist" not in readers
    assert b"Nothing fits" in staff.get(reverse(LIST) + "?q=nobody").content
    assert staff.get(reverse(LIST) + "?status=no&cohort=99999999999&move=x").status_code == 200


def test_scores_show_on_no_page_before_both_are_in_not_to_a_superuser_either(client, cohort):
    application = shortlisted(cohort, scores=None)
    reader = application.readings.first().reader
    decisions.score(application, by=reader, at=timezone.now(), notes="MARKED-NOTE", **dict.fromkeys(CRITERIA, 4))
    other = application.readings.last().reader
    pages = [
        reverse("admin:applications_specialistapplication_change", args=[application.pk]),
        reverse("admin:applications_specialistapplication_panel", args=[cohort.pk]),
    ]
    for user in (UserFactory(is_superuser=True), other):
        client.force_login(user)
        for page in pages:
            content = client.get(page).content
            assert b"MARKED-NOTE" not in content and b"of 20" not in content
    client.force_login(reader)
    assert b"MARKED-NOTE" in client.get(pages[0]).content
    assert (
        client.get(reverse("admin:applications_specialistapplication_read", args=[application.pk])).status_code == 200
    )


def test_two_readers_are_chosen_on_the_shortlists_page(staff, cohort):
    application = eligible(cohort)
    one, two = (HubMembershipFactory(hub=cohort.hub).user for _ in range(2))
    page = reverse("admin:applications_specialistapplication_do", args=[application.pk, "shortlist"])

    assert "second" in staff.post(page, {"first": one.pk, "second": one.pk}).context["form"].errors
    response = staff.post(page, {"first": one.pk, "second": two.pk}, follow=True)

    assert b"Both readers have been asked" in response.content


def test_a_reader_scores_on_their_own_page(client, cohort):
    application = shortlisted(cohort, scores=None)
    reader = application.readings.first().reader
    client.force_login(reader)
    page = reverse("admin:applications_specialistapplication_read", args=[application.pk])

    assert set(client.post(page, {"practice": "6"}).context["form"].errors) == set(CRITERIA)
    client.post(page, dict.fromkeys(CRITERIA, "5") | {"notes": "Strong."})

    assert application.readings.get(reader=reader).total == 20


def test_the_letters_are_shown_before_they_are_released_and_a_stale_page_releases_nothing(staff, cohort):
    application = shortlisted(cohort, name="Zoë O'Neill")
    page = reverse("admin:applications_specialistapplication_release", args=[cohort.pk])
    act = reverse("admin:applications_specialistapplication_do", args=[application.pk, "reserve"])
    assert b"Nothing to release" in staff.get(page).content
    staff.post(act, {"reason": "You were <b>close</b>."})

    shown = staff.get(page)
    assert "Hello Zoë O&#x27;Neill" in shown.content.decode() and b"&lt;b&gt;close" in shown.content
    staff.post(page, {"seen": "0" * 64})
    assert not Message.objects.exists()
    response = staff.post(page, {"seen": shown.context["seen"]}, follow=True)

    assert b"Released: 1 teacher told." in response.content
    assert "[a private link]" not in Message.objects.get().text


def test_the_copy_is_a_download_and_leaves_an_event(staff, cohort):
    shortlisted(cohort)

    response = staff.post(reverse("admin:applications_specialistapplication_copy", args=[cohort.pk]))

    assert response["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in response["Content-Disposition"]
    assert Event.objects.filter(kind="copied for NCETM").count() == 1


def test_every_act_shows_its_page_and_a_refusal_is_said(staff, cohort):
    made = {
        "eligible": eligible(cohort),
        "shortlisted": shortlisted(cohort),
        "unread": shortlisted(cohort, scores=None),
    }
    shown = set()
    for verb in ACTS:
        for application in made.values():
            page = reverse("admin:applications_specialistapplication_do", args=[application.pk, verb])
            if staff.get(page).status_code == 200:
                shown.add(verb)
    assert shown == set(ACTS) - {"undecide", "looked", "take-up", "let-go"}
    assert (
        staff.get(reverse("admin:applications_specialistapplication_do", args=[made["unread"].pk, "x"])).status_code
        == 404
    )


def test_staff_keep_a_specialists_years_on_their_pages(staff, cohort):
    specialist = SpecialistFactory(hub=cohort.hub, project=cohort.project)
    new = SchoolFactory()

    def do(verb, **data):
        return staff.post(reverse("admin:programmes_specialist_do", args=[specialist.pk, verb]), data, follow=True)

    assert b"The day is recorded" in do("day", on="1/10/2026", kind="central", half_days="2").content
    assert b"recorded already" in do("day", on="1/10/2026", kind="central", half_days="2").content
    assert b"no school with this URN" in do("school", urn="1", on="1/10/2026", department_stays="yes").content
    assert b"The move is recorded" in do("school", urn=new.urn, on="1/10/2026", department_stays="yes").content
    assert b"They are in year 2" in do("year-2").content
    assert b"is not possible now" in do("year-2").content
    assert b"recorded" in do("accredit", kind="pd_lead", from_on="1/10/2026").content
    assert b"They have stepped down" in do("step-down", reason="New post.").content
    page = staff.get(reverse("admin:programmes_specialist_change", args=[specialist.pk])).content
    assert b"stays a specialist department" in page and b"NCETM PD Lead" in page
    assert Specialist.objects.get().status == "stepped_down"
