"""What staff do with an application: each button as administrator, as somebody who may only read, from another hub."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import actions, decisions, endorsements
from applications.models import Application
from applications.staff.acts import ACTS
from hubportal.accounts.roles import Role
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from programmes.models import Cohort, EstablishmentLink, Grant
from tests.applications.staff import act_page, eligible, open_cohort, person, review_page
from tests.factories import ApplicationFactory, NomineeFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
REASON = {"reason": "We talked on the telephone."}


def referred(cohort):
    application = eligible(cohort)
    decisions.refer(application, reason="Look at the type.", by=UserFactory(), at=timezone.now())
    return application


def offered(cohort, **values):
    application = eligible(cohort, **values)
    decisions.offer(application, by=UserFactory(name="Offering Person"), at=timezone.now())
    application.refresh_from_db()
    return application


def accepted(cohort, **values):
    application = offered(cohort, **values)
    actions.accept_offer(application, at=timezone.now())
    application.refresh_from_db()
    return application


def accepted_with_similar_roles(cohort):
    application = accepted(cohort, nominees=[])
    for position in (1, 2):
        NomineeFactory(application=application, position=position, role="other")
    return application


def asked_head(cohort):
    return eligible(cohort, confirmed=False)


IN_WEEK = (timezone.now().date() + timedelta(7)).isoformat()
PEOPLE = {
    "name_1": "Ann Hill", "email_1": "ann@x.example", "role_1": "hod",
    "name_2": "Bo Lee", "email_2": "bo@x.example", "role_2": "teacher",
}  # fmt: skip
CONTACT = {"contact_name": "New Contact", "contact_role": "slt", "contact_email": "new@x.example", "contact_phone": ""}
# verb: how the application comes to be, what is sent, and what is then true.
DEEDS = {
    "offer": (eligible, {}, lambda a: a.status == "offered" and a.place.status == "offered"),
    "waitlist": (eligible, {"note": "Soon."}, lambda a: a.status == "waitlisted" and a.decision_reason == "Soon."),
    "decline": (
        eligible,
        {"usual": "full", "words": "Sorry."},
        lambda a: a.status == "not_offered" and a.decision_reason.endswith("long.\n\nSorry."),
    ),
    "set-aside": (asked_head, {"code": "head_not_confirmed", **REASON}, lambda a: a.overrides.get().agreed_at is None),
    "ask": (eligible, {"question": "Why?", "answer_by": IN_WEEK}, lambda a: a.questions.get().question == "Why?"),
    "refer": (eligible, REASON, lambda a: a.status == "referred"),
    "end-referral": (referred, {"note": "All well."}, lambda a: a.status == "eligible"),
    "confirm-place": (accepted_with_similar_roles, {}, lambda a: a.place.status == "confirmed"),
    "head": (
        asked_head,
        {"head_name": "Dr New", "head_email": "new.head@x.example"},
        lambda a: a.endorsements.get(status="asked").email == "new.head@x.example",
    ),
    "advocates": (eligible, PEOPLE, lambda a: {n.name for n in a.nominees.all()} == {"Ann Hill", "Bo Lee"}),
    "contact": (eligible, CONTACT, lambda a: a.contact_email == "new@x.example"),
    "send-link": (eligible, {}, lambda a: Message.objects.filter(template="new_link", to=a.contact_email).exists()),
    "withdraw": (offered, REASON, lambda a: a.status == "withdrawn" and a.place.status == "withdrawn"),
}


def test_every_button_is_tested():
    assert {*DEEDS, "merge", "transfer"} == set(ACTS)


@pytest.mark.parametrize("verb", DEEDS)
def test_the_administrator_does_it_and_history_says_so(client, administrator, staff_cohort, verb):
    begin, data, is_done = DEEDS[verb]
    application = begin(staff_cohort)

    form = client.get(act_page(application, verb))
    answer = client.post(act_page(application, verb), data)

    application = Application.objects.get(pk=application.pk)
    assert (form.status_code, answer.status_code, answer["Location"]) == (200, 302, review_page(application))
    assert is_done(application)
    assert Event.objects.filter(by=administrator).exists()


@pytest.mark.parametrize("verb", DEEDS)
def test_a_second_post_says_so_and_does_nothing_twice(client, administrator, staff_cohort, verb):
    begin, data, is_done = DEEDS[verb]
    application = begin(staff_cohort)

    client.post(act_page(application, verb), data)
    again = client.post(act_page(application, verb), data, follow=True)

    assert again.status_code == 200
    assert is_done(Application.objects.get(pk=application.pk))
    keys = list(Message.objects.values_list("template", "to"))
    assert len([key for key in keys if key[0] in {"place_offered", "information_requested"}]) <= 1


@pytest.mark.parametrize("verb", DEEDS)
def test_who_may_not_decide_gets_403_and_another_hub_404(client, staff_cohort, verb):
    begin, data, _ = DEEDS[verb]
    application = begin(staff_cohort)
    before = Event.objects.count()
    answers = {}
    for name, user in {
        "finance": person(staff_cohort.hub, Role.FINANCE),
        "national": UserFactory(is_national=True),
        "other hub": person(open_cohort().hub),
    }.items():
        client.force_login(user)
        answers[name] = {
            client.get(act_page(application, verb)).status_code,
            client.post(act_page(application, verb), data).status_code,
        }

    assert answers == {"finance": {403}, "national": {403}, "other hub": {404}}
    assert Event.objects.count() == before


def test_only_get_and_post_are_answered_and_unknown_verbs_are_missing(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    assert client.put(act_page(application, "offer")).status_code == 405
    assert client.delete(act_page(application, "offer")).status_code == 405
    assert client.post(act_page(application, "nonsense")).status_code == 404


def test_an_incomplete_form_comes_back_with_what_to_mend(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    for verb, data, said in [
        ("decline", {"usual": "own", "words": " "}, "Write the reason"),
        ("decline", {}, "Choose a reason"),
        ("ask", {"question": "", "answer_by": "2001-01-01"}, "The date must lie ahead"),
        ("refer", {"reason": "\u200b "}, "Say what a person should look at"),
        ("merge", {}, "Your hub has no other application of this school"),
        ("transfer", {}, "No other hub takes applications to this programme"),
    ]:
        page = client.post(act_page(application, verb), data)
        assert (page.status_code, said in page.text) == (200, True), verb
    application.refresh_from_db()
    assert application.status == "eligible"


def test_what_is_not_possible_is_said_and_not_done(client, administrator, staff_cohort):
    application = ApplicationFactory(cohort=staff_cohort, status="submitted")
    page = client.post(act_page(application, "offer"), follow=True)
    assert "is no longer possible" in page.text
    assert Application.objects.get(pk=application.pk).status == "submitted"


def test_a_full_cohort_offers_nothing_and_says_why(client, administrator, staff_cohort):
    Cohort.objects.update(capacity=1)
    offered(staff_cohort)
    application = eligible(staff_cohort)

    assert "Every place on this cohort is taken." in client.get(review_page(application)).text
    assert "Every place on this cohort is taken." in client.get(act_page(application, "offer")).text
    refused = client.post(act_page(application, "offer"), follow=True)

    assert "Every place on this cohort is taken." in refused.text
    assert Application.objects.get(pk=application.pk).status == "eligible"


def test_a_finding_is_set_aside_by_two_people_only(client, administrator, staff_cohort):
    application = asked_head(staff_cohort)
    client.post(act_page(application, "set-aside"), {"code": "head_not_confirmed", **REASON})
    asked = application.overrides.get()
    agree = f"/admin/applications/application/{application.pk}/override/{asked.pk}/agree/"

    assert "Agree</button>" not in client.get(review_page(application)).text
    alone = client.post(agree, follow=True)
    assert "A second person has to agree" in alone.text
    assert client.get(agree).status_code == 405

    for user, status in [
        (person(staff_cohort.hub, Role.FINANCE), 403),
        (person(open_cohort().hub), 404),
        (person(staff_cohort.hub, Role.LEAD), 302),
    ]:
        client.force_login(user)
        assert client.post(agree).status_code == status
    asked.refresh_from_db()
    assert asked.agreed_by == user
    assert client.post(act_page(application, "offer")).status_code == 302
    assert Application.objects.get(pk=application.pk).status == "offered"


def test_an_override_of_another_application_is_missing(client, administrator, staff_cohort):
    one, two = asked_head(staff_cohort), asked_head(staff_cohort)
    decisions.propose_override(one, code="head_not_confirmed", reason="x", by=UserFactory(), at=timezone.now())
    address = f"/admin/applications/application/{two.pk}/override/{one.overrides.get().pk}/agree/"
    assert client.post(address).status_code == 404


def test_a_finding_can_be_left_standing(client, administrator, staff_cohort):
    application = asked_head(staff_cohort)
    asked = decisions.propose_override(
        application, code="head_not_confirmed", reason="x", by=UserFactory(), at=timezone.now()
    )
    client.post(f"/admin/applications/application/{application.pk}/override/{asked.pk}/reject/")
    asked.refresh_from_db()
    assert asked.rejected_by == administrator


def under_two_urns(cohort, other_cohort):
    old, new = eligible(cohort), eligible(other_cohort, reference="K7M-4RTX")
    EstablishmentLink.objects.create(urn=old.school.urn, link_urn=new.school.urn, link_type="Successor")
    return old, new


def test_a_duplicate_is_joined_to_one_that_is_shown_with_its_school(client, administrator, staff_cohort):
    twin, live = under_two_urns(staff_cohort, staff_cohort)
    unlike = eligible(staff_cohort)

    page = client.get(act_page(twin, "merge")).text
    client.post(act_page(twin, "merge"), {"into": live.pk, "note": "Same school."})

    assert f"K7M-4RTX: {live.school.name} (URN {live.school.urn}), sent on" in page
    assert unlike.reference not in page
    twin.refresh_from_db()
    assert (twin.status, twin.joined_to) == ("duplicate", live)
    assert twin.reference in client.get(review_page(live)).text


def test_another_hubs_application_cannot_be_joined_to(client, administrator, staff_cohort):
    twin, foreign = under_two_urns(staff_cohort, open_cohort())
    page = client.post(act_page(twin, "merge"), {"into": foreign.pk})
    assert "Your hub has no other application of this school" in page.text
    twin.refresh_from_db()
    assert twin.status == "eligible"


def test_a_duplicate_that_was_sent_to_another_hub_is_counted_and_not_shown(client, administrator, staff_cohort):
    live = eligible(staff_cohort)
    theirs = eligible(open_cohort(), school=SchoolFactory(), contact_name="Their Contact")
    Application.objects.filter(pk=theirs.pk).update(status="duplicate", joined_to=live)

    page = client.get(review_page(live)).text
    assert "1 more, sent to another hub, was joined to this application." in page
    assert "Their Contact" not in page and theirs.contact_email not in page

    client.force_login(person(theirs.hub))
    page = client.get(review_page(theirs)).text
    assert f"joined to {live.reference} at another hub" in page
    assert review_page(live) not in page


def test_an_application_moves_to_another_hub(client, administrator, staff_cohort):
    application, there = eligible(staff_cohort), open_cohort()

    page = client.get(act_page(application, "transfer")).text
    client.post(act_page(application, "transfer"), {"to": there.pk, **REASON})

    assert f"{there.hub}, 2026/27" in page
    application.refresh_from_db()
    moved = Application.objects.get(cohort=there)
    assert (application.status, application.transferred_to, moved.status) == ("transferred", moved, "submitted")
    page = client.get(review_page(application)).text
    assert f"moved to {moved.reference} at another hub" in page
    assert review_page(moved) not in page


def test_the_grant_stays_as_it_was_frozen(client, administrator, staff_cohort):
    application = accepted(staff_cohort)
    rule_set = Grant.objects.get().rule_set
    type(rule_set).objects.create(
        project=rule_set.project, version=2, effective_from="2026-03-01", rules=rule_set.rules,
        commitments=rule_set.commitments, grant_amount=9999, offer_days=14, source="new", confidence="stated",
    )  # fmt: skip

    page = client.get(review_page(application)).text

    assert "£2,000" in page
    assert "£9,999" not in page
    assert "version 1 of the rules" in page
    assert "Offering Person" in page


def test_the_head_is_not_asked_again_after_confirming(client, administrator, staff_cohort):
    application = eligible(staff_cohort)
    assert "Ask the head again" not in client.get(review_page(application)).text
    asked = asked_head(staff_cohort)
    endorsements.refuse(asked.endorsements.get(), name="Jo", note="No time", at=timezone.now())
    assert "Ask the head again" in client.get(review_page(asked)).text
