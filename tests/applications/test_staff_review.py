"""The review page: everything a decision rests on, at a constant cost, and nothing of other hubs' people."""

import re
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import checks, rules
from applications.models import Application, FindingOverride, InformationRequest
from applications.staff.review import RULE_OF, safe_link
from applications.staff.waiting import waiting
from applications.states import Status
from applications.turns import with_turn
from hubportal.accounts.roles import Role
from hubportal.history.actions import note_event, subject_of
from hubportal.messaging.models import Message
from programmes.models import EstablishmentLink
from tests.applications.staff import eligible, open_cohort, person, queue_page, review_page
from tests.factories import (
    AT,
    ApplicationFactory,
    EndorsementFactory,
    EstablishmentFactory,
    PlaceFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_it_shows_what_the_decision_rests_on(client, administrator, staff_cohort):
    establishment = EstablishmentFactory(
        name="Mill House School", easting=600100, northing=225200, website="mill.example"
    )
    application = eligible(
        staff_cohort, school=SchoolFactory(establishment=establishment), answers={"teachers": 8, "why": "To grow."},
    )  # fmt: skip

    page = client.get(review_page(application)).text

    for words in [
        "Mill House School", application.reference, "Hub: decide", "Offer a place", "600100", "225200",
        "Community school", 'href="http://mill.example"', "To grow.", "Amina Okafor", "Jo Reid", "I am the headteacher",
        "Commitment 1.", "Met: A state-funded secondary school", "rules version 1", "0 of 8 places taken",
        "What has happened", "Messages about it",
    ]:  # fmt: skip
        assert words in page, words


def test_who_may_only_read_sees_no_button(client, staff_cohort):
    application = eligible(staff_cohort)
    for user in (person(staff_cohort.hub, Role.FINANCE), UserFactory(is_national=True)):
        client.force_login(user)
        page = client.get(review_page(application))
        assert (page.status_code, "/do/" in page.text) == (200, False)


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "x", "1/../2"])
def test_what_is_not_there_or_not_ones_own_is_404(client, administrator, pk):
    foreign = eligible(open_cohort())
    assert client.get(review_page(foreign)).status_code == 404
    assert client.get(f"/admin/applications/application/{pk}/change/").status_code == 404


def test_another_hubs_place_and_application_are_named_without_people_or_link(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    there = open_cohort()
    other = ApplicationFactory(
        cohort=there, school=application.school, status="withdrawn", contact_name="Hidden Person", reference="HID-DEN2"
    )
    PlaceFactory(cohort=there, school=application.school, status="withdrawn")

    page = client.get(review_page(application)).text

    assert page.count("another hub, withdrawn") == 2
    assert not any(word in page for word in ("Hidden Person", "HID-DEN2", review_page(other)))


def test_a_school_under_its_earlier_urn_is_the_same_school(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    old = SchoolFactory(establishment=EstablishmentFactory(name="Old Name School"))
    EstablishmentLink.objects.create(urn=application.school.urn, link_urn=old.urn, link_type="Predecessor")
    before = ApplicationFactory(cohort=staff_cohort, school=old, status="withdrawn")

    page = client.get(review_page(application)).text

    assert before.reference in page
    assert "as Old Name School" in page


@pytest.mark.parametrize(
    ("website", "link"),
    [
        ("http://a.example/x", "http://a.example/x"), ("https://a.example", "https://a.example"),
        ("www.a.example", "http://www.a.example"), ("javascript:alert(1)", ""), ("JavaScript://a.b/%0aalert(1)", ""),
        ("ftp://a.example", ""), ("data:text/html,x", ""), ("", ""), ("not a site", ""), ("http://", ""),
        ("http://[", ""), ('http://a.example/"onclick', ""),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(website, link):
    assert safe_link(website) == link


def test_every_finding_has_its_rule():
    texts = "".join(path.read_text() for path in Path(rules.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'[Ff]inding\(\s*"(\w+)"', texts))
    assert codes - {"full", "focus_full"} == set(RULE_OF)
    assert set(RULE_OF.values()) <= set(rules.LABELS)


def test_a_check_can_be_read_as_it_was_made(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    address = f"/admin/applications/application/{application.pk}/check/{application.checks.get().pk}/"
    assert "Type of school" in client.get(address).text
    other = eligible(staff_cohort)
    assert client.get(address.replace(f"/{application.pk}/", f"/{other.pk}/")).status_code == 404


def grow(application, number):
    """Add `number` of everything that the page lists."""
    for n in range(number):
        stamp = f"{application.pk}-{n}-{Message.objects.count()}"
        EndorsementFactory(application=application, status="replaced")
        FindingOverride.objects.create(
            application=application, code=stamp, text="x", reason="x", by=UserFactory(), at=AT,
            rejected_by=UserFactory(), rejected_at=AT,
        )  # fmt: skip
        InformationRequest.objects.create(
            application=application, question="Why?", asked_by=UserFactory(), asked_at=AT, answer_by=date(2026, 12, 1),
            answer="So.", answered_at=AT,
        )  # fmt: skip
        ApplicationFactory(
            cohort=application.cohort, school=application.school, status="duplicate", joined_to=application,
            answers={"why": "Because."},
        )  # fmt: skip
        PlaceFactory(cohort=open_cohort(), school=application.school, status="withdrawn")
        note_event(application, "noted", by=UserFactory(), at=AT)
        Message.objects.create(
            key=stamp, hub=application.hub, template="x", reason="x", related=subject_of(application),
            to="a@b.example", subject="x", text="x", created_at=AT,
        )  # fmt: skip


def test_the_page_costs_the_same_for_one_and_three_of_everything(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    counts = []
    for more in (1, 2):
        grow(application, more)
        client.get(review_page(application))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(review_page(application)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 32


def test_the_queue_and_the_review_page_agree_on_whose_move_it_is(staff_cohort):
    """`turn_of` in Python and `with_turn` in SQL, for every status with every combination of what counts."""
    user, today = UserFactory(), timezone.now().date()
    cases = product(Status, ("", "asked", "confirmed", "refused"), (False, True), (False, True), (0, 1, 2))
    for status, head, question, override, named in cases:
        if status == Status.DRAFT or (status not in {"eligible", "referred", "accepted"} and (head or named)):
            continue
        application = ApplicationFactory(cohort=staff_cohort, status=status, nominees=range(1, named + 1))
        if status in {"offered", "accepted"}:
            application.place = PlaceFactory(
                cohort=staff_cohort, school=application.school, status="confirmed" if question else status
            )
            application.save()
        if head:
            capacity = "head" if head == "confirmed" else ""
            EndorsementFactory(application=application, status=head, answered_at=AT, capacity=capacity)
        if question:
            InformationRequest.objects.create(
                application=application, question="?", asked_by=user, asked_at=AT, answer_by=today + timedelta(3)
            )
        if override:
            FindingOverride.objects.create(application=application, code="x", text="x", reason="x", by=user, at=AT)

    in_python = {row["pk"]: (row["turn"].code, row["due_by"]) for row in waiting(Application.objects.all(), "")}
    in_sql = {each.pk: (each.turn, each.due_by) for each in with_turn(Application.objects.all())}

    assert in_python == {pk: in_sql.pop(pk) for pk in in_python}
    assert len(in_python) > 80
    assert {turn for turn, _ in in_sql.values()} == {"begin", "joined", "ended"}


def test_the_rows_of_what_is_done_say_so(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    checks.recheck(application, by=administrator, at=timezone.now(), note="")
    Application.objects.filter(pk=application.pk).update(status="lapsed")
    assert "Ended" in client.get(queue_page(move="nobody")).text
