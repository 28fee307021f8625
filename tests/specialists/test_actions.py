"""A teacher sends, is checked, is joined to what they sent before, corrects and withdraws; the head answers."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from applications.specialists import actions, checks, heads
from applications.specialists.models import SpecialistApplication, TeacherCheck
from hubportal.accounts import links
from hubportal.history.actions import IllegalMove
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import PersonEmail
from tests.factories import AT, PersonFactory
from tests.specialists.factories import (
    DraftTeacherFactory,
    HeadPartFactory,
    SpecialistFactory,
    TeacherFactory,
    cohort_of,
    supported,
)

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def fresh(application):
    return SpecialistApplication.objects.with_details().get(pk=application.pk)


def checked(**values):
    made = TeacherFactory(**values)
    checks.check_due(at=AT)
    return fresh(made)


def mail(template):
    return list(Message.objects.filter(template=f"specialist_{template}").order_by("pk"))


def test_a_form_is_sent_once_and_answered_by_its_private_link():
    draft = DraftTeacherFactory()

    first, second = (actions.submit(draft, at=AT) for _ in range(2))

    assert (first.status, second.status) == ("submitted", "submitted")
    assert [each.to for each in mail("received")] == [draft.email]


def test_a_page_that_is_missing_is_named_and_nothing_is_sent():
    draft = DraftTeacherFactory(qts=None)

    with pytest.raises(Refused, match="experience"):
        actions.submit(draft, at=AT)

    assert fresh(draft).status == "draft"


def test_nobody_applies_after_the_window_has_closed():
    draft = DraftTeacherFactory()

    with pytest.raises(Refused, match="closed on"):
        actions.submit(draft, at=AT + timedelta(days=365))


@pytest.mark.parametrize("same", ["email", "trn", "person"])
def test_a_teacher_who_applied_at_another_hub_is_joined_to_that_and_sent_its_link_again(same):
    live = TeacherFactory(trn="1234567", email="amina@school.example")
    values = {"email": {"email": "AMINA@school.example"}, "trn": {"trn": "1234567"}, "person": {}}[same]
    if same == "person":
        person = PersonFactory()
        for address in (live.email, "other@school.example"):
            PersonEmail.objects.create(person=person, email=address)
        SpecialistApplication.objects.filter(pk=live.pk).update(person=person)
        values = {"email": "other@school.example"}
    second = DraftTeacherFactory(cohort=cohort_of(), **values)

    sent = actions.submit(second, at=AT)

    assert sent.hub != live.hub
    assert (sent.status, sent.joined_to) == ("duplicate", live)
    (joined,) = mail("joined")
    assert joined.to == live.email and "[[private link" in joined.text
    elsewhere = mail("joined_elsewhere")
    assert [each.to for each in elsewhere] == ([] if same == "email" else [second.email])
    assert all("private link " not in each.text.replace("the private link", "") for each in elsewhere)


def test_a_teacher_whose_application_ended_can_apply_again():
    TeacherFactory(status="withdrawn", email="amina@school.example")

    sent = actions.submit(DraftTeacherFactory(email="amina@school.example"), at=AT)

    assert sent.status == "submitted"


def test_the_check_keeps_its_facts_and_tells_teacher_head_and_hub():
    application = checked()

    made = application.checks.get()
    assert (application.status, made.outcome, made.facts["years_teaching"]) == ("eligible", "eligible", 10)
    assert made.rule_set.used_at == AT
    assert [each.template for each in Message.objects.order_by("pk")] == [
        "specialist_ask_head", "specialist_checked", "specialist_hub_has",
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        TeacherCheck.objects.update(outcome="referred")


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"qts": False, "qts_on": None}, "ineligible", "no_qts"),
        ({"years_teaching": 1}, "ineligible", "too_few_years"),
        ({"is_head": True}, "referred", "head_is_applicant"),
        ({"head_email": "amina@school.example", "email": "Amina@school.example"}, "referred", "head_is_applicant"),
        ({"name": "Jo Reid"}, "referred", "head_is_applicant"),
    ],
)
def test_what_the_check_finds_decides_where_it_goes(values, status, code):
    application = checked(**values)

    assert application.status == status
    assert [row["code"] for row in application.checks.get().findings] == [code]


def test_a_specialist_is_told_in_the_e_mail_and_not_while_they_fill_the_form_in():
    specialist = SpecialistFactory()
    PersonEmail.objects.create(person=specialist.person, email="amina@school.example")
    draft = DraftTeacherFactory(email="amina@school.example")

    assert checks.preview(draft, at=AT) == []
    actions.submit(draft, at=AT)
    checks.check_due(at=AT)

    assert fresh(draft).status == "ineligible"
    assert "You are in the programme already" in mail("checked")[0].text


def test_a_second_worker_finds_nothing_left_to_check():
    TeacherFactory()

    assert [checks.check_due(at=AT), checks.check_due(at=AT)] == [1, 0]


def test_a_check_that_fails_three_times_waits_for_a_person():
    application = TeacherFactory()
    application.project.rule_sets.update(rules=[{"rule": "no_such_rule"}])

    for n in range(3):
        checks.check_due(at=AT + timedelta(minutes=5 * n))

    assert fresh(application).status == "referred"
    assert [each.code for each in checks.to_look_at(application)] == ["check_failed"]


def test_the_head_answers_once_and_what_was_agreed_is_kept_word_for_word():
    application = checked()
    asked = application.head_parts.get()
    said = {
        "name": "Jo Reid", "capacity": "head", "launch": "senior_leader", "launch_name": "Sam Lee",
        "ticked": ["release", "department"], "statement": "She is ready.", "at": LATER,
    }  # fmt: skip

    for _ in range(2):
        heads.support(asked, **said)

    asked.refresh_from_db()
    assert (asked.status, asked.release_days, asked.launch_name) == ("confirmed", 15, "Sam Lee")
    assert [tick["code"] for tick in asked.commitments] == ["release", "department"]
    assert checks.against_selection(application, at=LATER) == []
    assert len(mail("head_answered")) == 1
    with pytest.raises(IllegalMove):
        heads.refuse(asked, name="Jo Reid", note="", at=LATER)


def test_a_head_who_said_no_can_still_say_yes():
    application = checked()
    asked = application.head_parts.get()
    heads.refuse(asked, name="Jo Reid", note="No cover.", at=LATER)
    assert [each.code for each in checks.against_selection(application, at=LATER)] == ["head_refused"]

    heads.support(asked, name="Jo Reid", capacity="head", launch="self", launch_name="", ticked=["release"],
                  statement="Yes.", at=LATER)  # fmt: skip

    assert [each.code for each in checks.against_selection(application, at=LATER)] == ["commitment_department"]


def test_a_head_who_is_the_applicant_has_to_pass_it_on_and_a_person_looks():
    application = checked()
    asked = application.head_parts.get()

    made = heads.pass_on(asked, name="Pat Chair", email="chair@school.example", is_head=True, at=LATER)

    application = fresh(application)
    assert (application.status, made.email) == ("referred", "chair@school.example")
    assert [each.code for each in checks.to_look_at(application)] == ["head_is_applicant"]


def test_nobody_answers_for_the_school_at_the_applicants_own_address():
    asked = HeadPartFactory(application=checked(), email="x@school.example", status="replaced")
    own = HeadPartFactory(application=TeacherFactory(email="me@school.example"), email="ME@school.example")

    with pytest.raises(Refused, match="Somebody else"):
        heads.support(own, name="x", capacity="head", launch="self", launch_name="", ticked=[], statement="", at=LATER)
    with pytest.raises(Refused, match="own address"):
        heads.ask_again(asked.application, name="x", email=asked.application.email, by="Teacher", at=LATER)


def test_a_new_address_closes_the_old_links_and_one_that_is_taken_is_refused():
    application = checked()
    old = links.make("specialists:manage", f"applications.specialistapplication:{application.pk}", at=AT,
                     lives=timedelta(days=9))  # fmt: skip
    taken = TeacherFactory(cohort=application.cohort)

    with pytest.raises(Refused, match="another application"):
        actions.correct_contact(application, name="Amina", email=taken.email, at=LATER)
    actions.correct_contact(application, name="Amina", email="new@school.example", at=LATER)

    old.refresh_from_db()
    assert old.revoked_at == LATER
    told = Message.objects.filter(template__contains="contact").order_by("pk")
    assert list(told.values_list("template", "to")) == [
        ("specialist_contact_left", application.email), ("specialist_contact_changed", "new@school.example"),
    ]  # fmt: skip


def test_the_address_that_was_asked_as_the_head_cannot_become_the_teachers():
    application = checked()
    head = application.head_parts.get()

    with pytest.raises(Refused, match="asked this address to answer for the school"):
        actions.correct_contact(application, name="Amina", email=head.email.upper(), at=LATER)

    assert fresh(application).email == application.email
    assert not mail("contact_left") and not mail("contact_changed")


def test_no_letter_says_that_the_private_page_changes_more_than_it_does():
    application = checked()
    actions.submit(DraftTeacherFactory(), at=AT)
    actions.send_link(application, by="Hub", at=LATER)
    actions.withdraw(application, at=LATER)

    letters = [each.text for name in ("received", "checked", "new_link", "withdrawn") for each in mail(name)]
    assert len(letters) == 4
    assert not any("lets you change it" in text for text in letters)
    assert "lets you correct" not in letters[-1]


def test_withdrawing_twice_tells_the_hub_once():
    application = checked()
    supported_by_nobody = application.head_parts.get()

    for _ in range(2):
        actions.withdraw(application, note="A new baby.", at=LATER)

    assert (fresh(application).status, fresh(application).leaving_note) == ("withdrawn", "A new baby.")
    assert len(mail("withdrawn")) == len(mail("hub_told")) == 1
    with pytest.raises(IllegalMove, match="ended"):
        heads.refuse(supported_by_nobody, name="x", note="", at=LATER)


def test_supported_is_what_selection_waits_for():
    application = checked()
    application.head_parts.all().delete()

    assert [each.code for each in checks.against_selection(application, at=LATER)] == ["head_not_confirmed"]
    supported(application)
    assert checks.against_selection(application, at=LATER) == []
