"""One school is let in after the window has closed: by a link that staff send, once, until a day, and not for ever."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import actions, checks
from applications.late import actions as late
from applications.late.links import let_through, state_of
from applications.models import Application, LateLink
from hubportal.accounts import links
from hubportal.accounts.models import PrivateLink
from hubportal.accounts.roles import Role
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Project
from tests.applications.staff import person
from tests.factories import COMMITMENTS, CohortFactory, EstablishmentFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = london_date(NOW)
WHO = {
    "school_name": "Harwich School",
    "contact_name": "Zoë Ní Bhriain",
    "contact_email": "zoe@school.example",
    "reason": "Their head was ill in the week of the deadline.",
}
DEPARTMENT = {"advocates": 0, "teachers": 9, "non_specialists": 2, "worked_before": "no", "specialist": "no"}


@pytest.fixture
def cohort():
    """Return a cohort whose window closed yesterday."""
    return CohortFactory(opens_on=TODAY - timedelta(60), closes_on=TODAY - timedelta(1))


def allow(cohort, *, days=7, by=None):
    return late.allow(cohort, by=by or UserFactory(), at=NOW, until_on=TODAY + timedelta(days), **WHO)


def address_of(link):
    return links.address(PrivateLink.objects.get(purpose=late.LATE_LINK, subject=subject_of(link)))


def whole(application, cohort):
    """Fill in the draft as a school would."""
    values = {
        "school": SchoolFactory(), "cohort": cohort, "hub": cohort.hub, "contact_name": "Zoë", "head_name": "Jo",
        "contact_email": "zoe@school.example", "head_email": "jo@school.example", "answers": DEPARTMENT,
        "commitments": COMMITMENTS,
    }  # fmt: skip
    actions.answer(application, **values)
    application.refresh_from_db()
    return application


def test_a_late_link_goes_by_e_mail_and_stands_nowhere_else(cohort):
    link = allow(cohort)

    message = Message.objects.get(template="late_link")
    assert (message.to, message.hub) == ("zoe@school.example", cohort.hub)
    assert "Harwich School" in message.text and "[[private link" in message.text
    assert WHO["reason"] not in message.text
    assert Event.objects.get(kind="late link made").note.startswith(f"Late link {link.pk}")


def test_the_same_words_sent_twice_make_one_link_and_one_message(cohort):
    by = UserFactory()

    assert allow(cohort, by=by) == allow(cohort, by=by)

    assert (LateLink.objects.count(), Message.objects.filter(template="late_link").count()) == (1, 1)


def test_opening_the_link_changes_nothing_and_the_button_begins_one_form_however_often(client, cohort):
    link = allow(cohort)
    path = address_of(link)
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200 and "Harwich School" in page.text
    assert not Application.objects.exists()

    first, second = client.post(path), client.post(path)

    application = Application.objects.get()
    assert first.url == second.url == reverse("applications:tasks", args=[application.uid])
    link.refresh_from_db()
    assert link.application == application
    assert client.get(first.url).status_code == 200


def test_the_school_chooses_the_hub_that_let_it_in_and_no_other(client, cohort):
    other = CohortFactory(project=cohort.project, opens_on=TODAY - timedelta(60), closes_on=TODAY - timedelta(1))
    client.post(address_of(allow(cohort)))
    establishment, application = EstablishmentFactory(), Application.objects.get()
    path = reverse("applications:confirm_school", args=[application.uid, establishment.urn])

    page = client.get(path)
    assert "It lets your school apply late." in page.text and other.hub.name not in page.text
    assert client.post(path, {"cohort": other.pk}).status_code == 200  # not one of the choices
    client.post(path, {"cohort": cohort.pk})

    application.refresh_from_db()
    assert application.cohort == cohort


def test_one_application_is_let_through_and_its_check_says_who_allowed_it(cohort):
    by = UserFactory(name="Lee Amadi")
    link = allow(cohort, by=by)
    application = whole(late.begin(link, at=NOW), cohort)

    sent = actions.submit(application, at=NOW)
    checks.check_due(at=NOW)

    sent.refresh_from_db()
    check = sent.checks.get()
    assert "window_closed" not in [row["code"] for row in check.findings]
    assert str(cohort.hub) in check.facts["late_allowed"] and "Lee" not in check.facts["late_allowed"]
    assert sent.late_link.made_by == by
    with pytest.raises(IllegalMove, match="has been used"):
        late.begin(LateLink.objects.get(), at=NOW)


def test_the_used_link_says_so_and_begins_no_second(client, cohort):
    link = allow(cohort)
    path = address_of(link)
    actions.submit(whole(late.begin(link, at=NOW), cohort), at=NOW)

    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "which has been sent" in answer.text
    assert Application.objects.count() == 1


def test_without_a_link_the_same_form_is_refused(cohort):
    application = whole(late.begin(allow(cohort), at=NOW), cohort)
    LateLink.objects.all().delete()

    with pytest.raises(Refused, match="Applications closed on"):
        actions.submit(application, at=NOW)


def test_taken_back_the_link_is_dead_and_the_form_begun_by_it_cannot_be_sent(client, cohort):
    link = allow(cohort)
    path = address_of(link)
    application = whole(late.begin(link, at=NOW), cohort)

    late.take_back(link, by=UserFactory(), at=NOW)
    late.take_back(link, by=UserFactory(), at=NOW)  # the second of two people changes nothing

    assert client.get(path).status_code == 410
    with pytest.raises(Refused, match="Applications closed on"):
        actions.submit(application, at=NOW)
    assert Event.objects.filter(kind="late link taken back").count() == 1


def test_what_was_sent_in_time_stays_let_in_and_its_link_cannot_be_taken_back(cohort):
    link = allow(cohort)
    application = actions.submit(whole(late.begin(link, at=NOW), cohort), at=NOW)

    with pytest.raises(IllegalMove, match="has been used"):
        late.take_back(link, by=UserFactory(), at=NOW)
    assert let_through(application, today=TODAY + timedelta(30)) == link


def test_after_its_last_day_the_link_lets_nothing_through(cohort):
    link = allow(cohort, days=1)
    application = whole(late.begin(link, at=NOW), cohort)
    later = NOW + timedelta(2)

    assert state_of(LateLink.objects.with_details().get(), today=london_date(later)).label == "Run out"
    with pytest.raises(Refused):
        actions.submit(application, at=later)
    assert links.record(address_of(link).split("/")[-2], late.LATE_LINK, LateLink.objects, at=later) is None


def test_a_late_link_for_one_hub_does_not_open_another(cohort):
    other = CohortFactory(project=cohort.project, opens_on=TODAY - timedelta(60), closes_on=TODAY - timedelta(1))
    application = whole(late.begin(allow(cohort), at=NOW), other)

    with pytest.raises(Refused, match="Applications closed on"):
        actions.submit(application, at=NOW)


def test_nobody_needs_a_late_link_while_applications_are_open_or_the_day_is_past():
    with pytest.raises(Refused, match="Applications are open"):
        allow(CohortFactory(opens_on=TODAY, closes_on=TODAY))
    closed = CohortFactory(opens_on=TODAY - timedelta(9), closes_on=TODAY - timedelta(1))
    with pytest.raises(Refused, match="lies in the past"):
        allow(closed, days=-1)
    assert not LateLink.objects.exists() and not Message.objects.exists()


@pytest.mark.parametrize("how", ["full", "closed"])
def test_one_school_is_let_into_what_is_fully_recruited_or_closed_everywhere(cohort, how):
    if how == "full":
        type(cohort).objects.update(is_full=True)
    else:
        Project.objects.update(recruitment="closed")
    cohort = type(cohort).objects.get()
    sent = actions.submit(whole(late.begin(allow(cohort), at=NOW), cohort), at=NOW)
    assert sent.submitted_at == NOW


def test_a_draft_in_hand_is_not_taken_once_the_hub_is_fully_recruited():
    cohort = CohortFactory(opens_on=TODAY, closes_on=TODAY, is_full=True)
    application = whole(actions.start(cohort.project, "6f1f1ed0-3a26-4d2b-a53e-6f3a2f2c6a00", at=NOW), cohort)
    with pytest.raises(Refused, match="takes no applications for this year any more"):
        actions.submit(application, at=NOW)


def page_of(cohort):
    return reverse("admin:programmes_cohort_late", args=[cohort.pk])


def said(**changes):
    return {**WHO, "until_on": (TODAY + timedelta(7)).isoformat(), **changes}


def test_staff_make_a_link_and_see_it_on_the_cohorts_page(client, cohort):
    user = person(cohort.hub)
    client.force_login(user)
    client.post(page_of(cohort), said())

    page = client.get(page_of(cohort)).text
    assert all(words in page for words in ("Harwich School", "Their head was ill", str(user), "Not opened yet"))
    assert "1 made: see them" in client.get(reverse("admin:programmes_cohort_change", args=[cohort.pk])).text

    client.post(reverse("admin:programmes_cohort_late_take_back", args=[cohort.pk, LateLink.objects.get().pk]))
    assert "Taken back" in client.get(page_of(cohort)).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until_on": "2020-01-01"}, "The last day lies in the past."),
        ({"until_on": "2099-01-01"}, "60 days at the most"),
        ({"until_on": "soon"}, "Enter a day, like"),
        ({"contact_email": "nobody"}, "e-mail address"),
        ({"reason": ""}, "Say why."),
        ({"school_name": ""}, "Enter the name of the school."),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field_and_nothing_is_saved(client, cohort, changes, sentence):
    client.force_login(person(cohort.hub))
    assert sentence in client.post(page_of(cohort), said(**changes)).text
    assert not LateLink.objects.exists()


def test_a_link_of_another_cohort_is_missing(client, cohort):
    client.force_login(person(cohort.hub, Role.LEAD))
    there = allow(CohortFactory(opens_on=TODAY - timedelta(9), closes_on=TODAY - timedelta(1)))
    path = reverse("admin:programmes_cohort_late_take_back", args=[cohort.pk, there.pk])
    assert client.post(path).status_code == 404


def test_the_list_costs_the_same_for_one_link_and_three(client, cohort):
    client.force_login(person(cohort.hub))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            allow(cohort)
        client.get(page_of(cohort))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(cohort))
        counts.append(len(queries))
    assert counts[0] == counts[1]
