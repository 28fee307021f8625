"""The pages: a teacher's form, their private page, the head's link, the hub's list, panel and release."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.specialists import decisions, emails, heads
from applications.specialists.models import CRITERIA, SpecialistApplication
from hubportal.accounts import links
from hubportal.messaging.models import Message
from tests.factories import EstablishmentFactory, HubMembershipFactory
from tests.specialists.pages import eligible

pytestmark = pytest.mark.django_db
TOMORROW = "%d/%m/%Y"


def start(client):
    page = reverse("specialists:start", args=["secondary-mastery-specialist", 2026])
    response = client.post(page)
    assert response.status_code == 302
    return SpecialistApplication.objects.latest("pk")


def at(draft, page, *more):
    return reverse(f"specialists:{page}", args=[draft.uid, *more])


ABOUT = {"name": "Amina Okafor", "email": "amina@school.example", "role": "teacher", "key_stages": ["ks3"], "trn": ""}
EXPERIENCE = {"qts": "yes", "qts_on": "1/9/2015", "years_teaching": "8", "is_ect": "no"}
STATEMENTS = {"own_practice": "Mine.", "leading": "Led.", "department": "Ours.", "other_schools": "Gladly."}
HEAD = {"head_name": "Jo Reid", "head_email": "head@school.example"}


def fill_in(client, cohort):
    draft, school = start(client), EstablishmentFactory()
    client.post(at(draft, "confirm_school", school.urn), {"cohort": cohort.pk})
    for page, data in [("about", ABOUT), ("experience", EXPERIENCE), ("statements", STATEMENTS), ("dates", {}),
                       ("head_page", HEAD)]:  # fmt: skip
        assert client.post(at(draft, page), data).status_code == 302, page
    return draft


def test_a_teacher_goes_from_the_start_to_a_reference(client, cohort):
    draft = fill_in(client, cohort)

    check = client.get(at(draft, "check"))
    assert b"Every rule is met" in check.content and b"to be set" in check.content
    response = client.post(at(draft, "check"), follow=True)

    draft.refresh_from_db()
    assert draft.reference in response.content.decode() and draft.status == "submitted"
    assert client.get(at(draft, "about")).status_code == 302


def test_a_qts_date_in_the_future_is_refused_at_the_field(client, cohort):
    draft = start(client)
    ahead = (timezone.now() + timedelta(days=2)).strftime(TOMORROW)

    response = client.post(at(draft, "experience"), EXPERIENCE | {"qts_on": ahead})

    assert response.context["form"].errors == {
        "qts_on": ["This date lies ahead. Enter the date on which your QTS was awarded."]
    }
    draft.refresh_from_db()
    assert draft.qts is None


@pytest.mark.parametrize("said", ["September 2018", "Sep 2018", "9/2018"])
def test_a_month_is_enough_for_qts(client, cohort, said):
    draft = start(client)

    client.post(at(draft, "experience"), EXPERIENCE | {"qts_on": said})

    draft.refresh_from_db()
    assert (draft.qts_on.year, draft.qts_on.month) == (2018, 9)


def test_one_who_is_not_eligible_is_not_told_that_the_hub_is_choosing(client, cohort):
    application = eligible(cohort, qts=False, qts_on=None)

    html = client.get(manage(application)).content.decode()

    assert application.status == "ineligible"
    assert "The hub is looking at what the check found" in html and "The hub is choosing" not in html


@pytest.mark.parametrize(
    ("page", "data", "field"),
    [
        ("experience", {"qts_on": ""}, "qts_on"),
        ("experience", {"qts_on": "soon"}, "qts_on"),
        ("experience", {"years_teaching": "99"}, "years_teaching"),
        ("about", {"trn": "12345"}, "trn"),
        ("about", {"trn": "\uff11" * 7}, "trn"),
        ("about", {"email": "x"}, "email"),
        ("about", {"key_stages": ["ks9"]}, "key_stages"),
    ],
)
def test_each_error_stands_at_its_field_and_nothing_is_kept(client, cohort, page, data, field):
    draft = start(client)
    whole = {"experience": EXPERIENCE, "about": ABOUT}[page]

    response = client.post(at(draft, page), whole | data)

    assert list(response.context["form"].errors) == [field]
    assert not SpecialistApplication.objects.exclude(name="").exists()


def test_one_without_qts_is_not_asked_for_its_date(client, cohort):
    draft = start(client)

    response = client.post(at(draft, "experience"), EXPERIENCE | {"qts": "no", "qts_on": "nonsense"})

    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.qts, draft.qts_on) == (False, None)


def test_ones_own_address_cannot_be_the_heads(client, cohort):
    draft = fill_in(client, cohort)

    response = client.post(at(draft, "head_page"), HEAD | {"head_email": "AMINA@school.example", "is_head": "on"})

    assert "cannot answer for the school yourself" in str(response.context["form"].errors["head_email"])


def test_working_with_other_schools_is_asked_for_only_where_the_rules_say_so(client, cohort):
    draft = start(client)
    without = STATEMENTS | {"other_schools": ""}
    assert client.post(at(draft, "statements"), without).status_code == 200

    cohort.project.rule_sets.update(terms={"other_schools_required": False})

    assert client.post(at(draft, "statements"), without).status_code == 302


def test_named_central_days_can_be_ticked_and_are_kept(client, cohort):
    days = [{"on": "2027-01-12", "title": "Day 1"}, {"on": "2027-03-09", "title": "Day 2"}]
    cohort.project.rule_sets.update(terms={"central_days": days})
    draft = start(client)

    assert b"Tuesday 12 January 2027: Day 1" in client.get(at(draft, "dates")).content
    client.post(at(draft, "dates"), {"can_come": ["2027-03-09"], "words": "Never on Fridays."})

    draft.refresh_from_db()
    assert draft.answers["dates"] == {"can_come": ["2027-03-09"], "words": "Never on Fridays."}


def test_a_form_opens_only_in_its_own_browser_or_by_the_link_and_a_get_hands_nothing_over(
    client, cohort, django_client
):
    draft = fill_in(client, cohort)
    client.post(at(draft, "save"), {"email": "home@mail.example"})
    link = re.search(r"https?://\S+", links.fill(Message.objects.get().text))[0].split("8000")[-1]
    link = "/" + link.split("/", 3)[3] if link.startswith("http") else link

    assert django_client.get(at(draft, "about")).status_code == 404
    assert django_client.get(link).status_code == 200
    assert django_client.get(at(draft, "about")).status_code == 404
    django_client.post(link + "now/")
    assert django_client.get(at(draft, "about")).status_code == 200


@pytest.fixture
def django_client():
    from django.test import Client

    return Client()


def test_the_receipt_reads_the_same_for_a_teacher_who_had_applied(client, cohort):
    first = fill_in(client, cohort)
    one = client.post(at(first, "check"), follow=True).content.decode()
    second = fill_in(client, cohort)
    two = client.post(at(second, "check"), follow=True).content.decode()
    first.refresh_from_db()
    second.refresh_from_db()

    assert second.status == "duplicate"
    strip = re.compile(r'nonce="[^"]*"|csrf\w+" value="\w+"')
    assert strip.sub("", one.replace(first.reference, "")) == strip.sub("", two.replace(second.reference, ""))


def manage(application, page="manage"):
    token = links.address(emails.manage_link(application, at=timezone.now())).rstrip("/").rpartition("/")[2]
    return reverse(f"specialists:{page}", args=[token])


def heads_page(asked, page="head"):
    token = links.address(heads.link_for(asked, at=timezone.now())).rstrip("/").rpartition("/")[2]
    return reverse(f"specialists:{page}", args=[token])


def test_the_teachers_page_reads_the_same_before_and_after_a_quiet_decision(client, cohort):
    lead = HubMembershipFactory(hub=cohort.hub, role="lead").user
    application = eligible(cohort)
    asked = application.head_parts.get()
    heads.support(asked, name="Jo", capacity="head", launch="self", launch_name="", statement="Yes",
                  ticked=["release", "department"], at=timezone.now())  # fmt: skip
    page = manage(application)
    before = client.get(page).content

    readers = [HubMembershipFactory(hub=cohort.hub).user for _ in range(2)]
    decisions.shortlist(application, readers, by=lead, at=timezone.now())
    for reader in readers:
        decisions.score(application, by=reader, at=timezone.now(), **dict.fromkeys(CRITERIA, 5))
    decisions.decide(application, "selected", reason="The best of all.", by=lead, at=timezone.now())

    assert client.get(page).content == before


def test_opening_the_heads_link_answers_nothing_and_the_applicant_is_sent_to_pass_it_on(client, cohort):
    asked = eligible(cohort).head_parts.get()
    page = heads_page(asked)
    for _ in range(3):
        assert client.get(page).status_code == 200
    asked.refresh_from_db()
    assert asked.status == "asked"

    data = {"capacity": "applicant", "name": "x", "ticked": ["release", "department"], "launch": "self",
            "statement": "x", "declaration": "on"}  # fmt: skip
    response = client.post(page, data)
    assert "cannot answer for the school yourself" in str(response.context["form"].errors["capacity"])
    response = client.post(page, data | {"capacity": "head", "ticked": ["release"], "launch": "senior_leader"})
    assert set(response.context["form"].errors) == {"ticked", "launch_name"}
    client.post(page, data | {"capacity": "head"})

    asked.refresh_from_db()
    assert (asked.status, asked.release_days) == ("confirmed", 15)
    assert client.get(heads_page(asked, "head_refuses")).status_code == 302


def test_a_head_passes_it_on_or_says_no(client, cohort):
    asked = eligible(cohort).head_parts.get()

    client.post(
        heads_page(asked, "head_passes_on"), {"name": "Pat Chair", "email": "c@school.example", "is_head": "on"}
    )
    new = asked.application.head_parts.current().last()
    client.post(heads_page(new, "head_refuses"), {"name": "Pat Chair", "note": "No."})

    application = SpecialistApplication.objects.get()
    assert (application.status, application.is_head) == ("referred", True)
    assert [each.status for each in application.head_parts.all()] == ["passed_on", "refused"]


def test_a_teacher_corrects_the_address_and_withdraws_by_the_private_link(client, cohort):
    application = eligible(cohort)
    taken = eligible(cohort)

    response = client.post(manage(application, "contact"), {"name": "A", "email": taken.email})
    assert "another application" in str(response.context["form"].errors["email"])
    client.post(manage(application, "contact"), {"name": "A", "email": "new@school.example"})
    application.refresh_from_db()
    client.post(manage(application, "withdraw"), {"note": "Sorry."})

    application.refresh_from_db()
    assert (application.email, application.status) == ("new@school.example", "withdrawn")
