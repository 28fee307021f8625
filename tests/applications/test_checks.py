"""The formal check: made by the worker, kept for good, and never in the way of anybody else's."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from applications import actions, checks, decisions
from applications.models import Application, EligibilityCheck
from applications.states import Status
from hubportal.messaging.models import Message
from programmes.models import EstablishmentLink, RuleSet
from tests.factories import (
    AT,
    ApplicationFactory,
    CohortFactory,
    EstablishmentFactory,
    PlaceFactory,
    ProjectFactory,
    RuleSetFactory,
    UserFactory,
)

from .stages import LATER, checked, fresh, kinds_of, mail, moves_of, offered, rename, templates

pytestmark = pytest.mark.django_db

PUPIL_REFERRAL = {"school__establishment__type_code": 14}
INDEPENDENT = {"school__establishment__type_code": 11}


def poison(**fields) -> Application:
    """Return an application whose facts cannot be loaded: a tick without its code."""
    return ApplicationFactory(commitments=[{"text": "No code."}], **fields)


def test_the_worker_checks_moves_and_tells_school_head_and_hub():
    application = checked()

    assert application.status == Status.ELIGIBLE
    assert moves_of(application) == [("submitted", "checking", "Portal"), ("checking", "eligible", "Portal")]
    assert mail() == [
        ("ask_head", application.head_email),
        ("checked", application.contact_email),
        ("hub_has_application", application.hub.contact_email),
    ]
    assert (application.check_until, application.check_attempts) == (None, 1)


def test_what_the_check_rested_on_is_kept_whole():
    application = checked(nominees=())

    made = application.checks.get()

    assert (made.outcome, made.rule_set.version, made.at) == ("eligible", 1, AT)
    assert made.facts["school"]["urn"] == application.school.urn
    assert made.facts["applied_on"] == "2026-11-03"
    assert made.facts["commitments_asked"] == {f"c{n}": f"Commitment {n}." for n in range(1, 7)}
    [finding] = made.findings
    assert (finding["code"], finding["effect"], finding["fact"], finding["source"], finding["as_of"]) == (
        "advocates_to_name",
        "warn",
        "0 of 2 Mastery Advocates named",
        "Your application",
        "2026-11-03",
    )


@pytest.mark.parametrize("change", ["outcome='eligible'", "facts='{}'", "findings='[]'", "at=now()"])
def test_the_database_refuses_to_change_or_delete_a_check(change):
    made = checked(**INDEPENDENT).checks.get()

    for attempt in [
        f"UPDATE applications_eligibilitycheck SET {change} WHERE id = {made.pk}",
        f"DELETE FROM applications_eligibilitycheck WHERE id = {made.pk}",
    ]:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)
    assert EligibilityCheck.objects.get().outcome == "ineligible"


def test_a_rule_set_that_was_used_cannot_be_edited_or_deleted():
    rule_set = RuleSetFactory(project=ProjectFactory())
    RuleSet.objects.filter(pk=rule_set.pk).update(offer_days=10)  # not used yet: it can
    assert checked().checks.get().rule_set == rule_set

    for change in (
        lambda rows: rows.update(grant_amount=1),
        lambda rows: rows.update(used_at=None),
        lambda r: r.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(RuleSet.objects.filter(pk=rule_set.pk))
    rule_set.refresh_from_db()
    assert (rule_set.used_at, rule_set.grant_amount, rule_set.offer_days) == (AT, 2000, 10)


def test_a_rule_set_that_no_check_used_can_be_deleted():
    RuleSetFactory(project=ProjectFactory()).delete()

    assert not RuleSet.objects.exists()


def test_the_rules_of_the_day_on_which_the_school_applied_hold_for_good():
    old = RuleSetFactory(project=ProjectFactory(), effective_from=date(2026, 2, 1))
    new = RuleSetFactory(project=ProjectFactory(), version=2, effective_from=date(2026, 11, 4))
    on_the_eve = ApplicationFactory(submitted_at=AT.replace(hour=23, minute=59))
    on_the_day = ApplicationFactory(cohort=on_the_eve.cohort, submitted_at=AT + timedelta(days=1))

    checks.check_due(at=AT + timedelta(days=5))

    assert on_the_eve.checks.get().rule_set == old
    assert on_the_day.checks.get().rule_set == new


def test_an_ineligible_school_is_told_why_and_its_head_is_not_written_to():
    application = checked(**INDEPENDENT)

    assert application.status == Status.INELIGIBLE
    assert templates() == ["checked", "hub_has_application"]
    text = Message.objects.get(template="checked").text
    assert "Not a state-funded secondary school." in text
    assert "We have asked" not in text


def test_a_referred_school_is_told_what_a_person_will_look_at():
    application = checked(**PUPIL_REFERRAL)

    assert application.status == Status.REFERRED
    assert templates() == ["ask_head", "checked", "hub_has_application"]
    assert "A person will look." in Message.objects.get(template="checked").text


def test_a_closed_school_is_told_of_its_successor():
    old = EstablishmentFactory(status=2, closed_on=date(2026, 8, 31))
    new = EstablishmentFactory(name="Harbour Academy")
    EstablishmentLink.objects.create(urn=old.urn, link_urn=new.urn, link_type="Successor")

    application = checked(school__establishment=old)

    assert application.status == Status.INELIGIBLE
    assert f"Harbour Academy (URN {new.urn}) took its place" in Message.objects.get(template="checked").text


def test_a_place_of_another_year_is_found_whatever_urn_the_school_had_then():
    application = ApplicationFactory()
    before = CohortFactory(hub=application.hub, project=ProjectFactory(year=2024))
    PlaceFactory(cohort=before, school=application.school, status="completed")
    PlaceFactory(cohort=before, status="completed")

    checks.check_due(at=AT)

    assert [row["code"] for row in application.checks.get().findings] == ["already_in"]
    assert application.checks.get().facts["taken_part"][0]["year_label"] == "2024/25"


def test_one_that_cannot_be_checked_does_not_stop_the_others_and_is_referred_at_the_third_attempt():
    bad = poison(cohort=CohortFactory())
    good = ApplicationFactory(cohort=bad.cohort)

    assert checks.check_due(at=AT) == 1
    assert (fresh(good).status, fresh(bad).status) == (Status.ELIGIBLE, Status.CHECKING)
    assert checks.check_due(at=AT + timedelta(minutes=1)) == 0  # its lease has not run out
    assert fresh(bad).check_attempts == 1
    for minutes in (3, 6, 9, 12):
        checks.check_due(at=AT + timedelta(minutes=minutes))

    bad = fresh(bad)
    assert (bad.status, bad.check_attempts) == (Status.REFERRED, 3)
    made = bad.checks.get()
    assert [(row["code"], row["fact"]) for row in made.findings] == [("check_failed", "3 attempts")]
    assert (made.outcome, made.facts) == ("referred", {})
    assert ("checked", bad.contact_email) in mail()
    assert ("hub_has_application", bad.hub.contact_email) in mail()


def test_one_without_any_rules_is_put_before_a_person_too():
    application = ApplicationFactory()
    application.project.rule_sets.all().delete()
    other = ApplicationFactory(cohort=CohortFactory(project__year=2025))

    for minutes in (0, 3, 6, 9):
        checks.check_due(at=AT + timedelta(minutes=minutes))

    assert fresh(application).status == Status.REFERRED
    assert fresh(other).status != Status.SUBMITTED


def test_a_check_that_died_with_its_worker_is_taken_up_when_the_lease_has_run_out():
    application = ApplicationFactory(status="checking", check_attempts=1, check_until=AT + timedelta(minutes=2))

    assert checks.check_due(at=AT + timedelta(minutes=1)) == 0
    assert checks.check_due(at=AT + timedelta(minutes=2)) == 0
    assert checks.check_due(at=AT + timedelta(minutes=2, seconds=1)) == 1
    assert (fresh(application).status, fresh(application).check_attempts) == (Status.ELIGIBLE, 2)


def test_one_that_kills_its_worker_every_time_is_not_tried_for_ever():
    application = ApplicationFactory(status="checking", check_attempts=3, check_until=AT - timedelta(minutes=1))

    assert checks.check_due(at=AT) == 0

    assert fresh(application).status == Status.REFERRED
    assert application.checks.get().findings[0]["code"] == "check_failed"


def test_a_school_that_withdraws_while_it_is_checked_stays_withdrawn():
    application = ApplicationFactory()
    claimed = checks._claim(application.pk, at=AT)
    actions.withdraw(application, by="School", at=AT)

    assert checks._try(claimed, at=AT) is False

    assert fresh(application).status == Status.WITHDRAWN
    assert not application.checks.exists()
    assert "checked" not in templates()


def test_what_a_school_corrects_after_the_worker_took_it_is_what_the_check_goes_by():
    application = ApplicationFactory(nominees=())
    claimed = checks._claim(application.pk, at=AT)
    actions.correct_contact(application, contact_name="New", contact_email="new@school.example", at=AT)
    actions.correct_head(application, name="New Head", email="new.head@school.example", at=AT)
    rename(application, "hod", "teacher")

    assert checks._try(claimed, at=AT) is True

    assert ("checked", "new@school.example") in mail()
    assert [to for template, to in mail() if template == "ask_head"] == ["new.head@school.example"]
    assert application.checks.get().facts["advocate_roles"] == ["hod", "teacher"]


def test_one_that_could_not_be_checked_is_referred_with_the_address_as_it_is_then():
    claimed = ApplicationFactory(status="checking", check_attempts=3)
    actions.correct_contact(claimed, contact_name="New", contact_email="new@school.example", at=AT)

    checks._refer_unchecked(claimed, at=AT)

    assert ("checked", "new@school.example") in mail()


def test_a_place_of_the_school_that_came_before_it_counts():
    application = ApplicationFactory()
    before = PlaceFactory(cohort=CohortFactory(project=ProjectFactory(year=2024)), status="completed")
    link(before.school, application.school)

    checks.check_due(at=AT)

    [finding] = application.checks.get().findings
    assert (finding["code"], finding["fact"]) == (
        "already_in", f"2024/25: completed, as {before.school.name} (URN {before.school.urn})",
    )  # fmt: skip


def test_the_second_application_of_a_school_under_two_urns_is_put_before_a_person():
    first = ApplicationFactory()
    second = ApplicationFactory(cohort=CohortFactory(project=first.project), submitted_at=AT + timedelta(minutes=5))
    link(first.school, second.school)

    checks.check_due(at=LATER)

    assert (fresh(first).status, fresh(second).status) == (Status.ELIGIBLE, Status.REFERRED)
    assert [row["code"] for row in second.checks.get().findings] == ["applied_as_another"]


def link(old, new):
    """Write the register's link as it sometimes is: at one of the two schools only."""
    EstablishmentLink.objects.create(urn=new.urn, link_urn=old.urn, link_type="Predecessor")


def test_a_second_run_of_the_worker_changes_nothing():
    application = checked()

    assert checks.check_due(at=LATER) == 0
    assert application.checks.count() == 1


def test_names_that_mend_an_ineligible_application_ask_the_head_then():
    application = checked(nominees=())
    rename(application, "teacher", "teacher")
    assert fresh(application).status == Status.INELIGIBLE

    rename(application, "hod", "teacher")

    assert fresh(application).status == Status.ELIGIBLE
    assert application.checks.count() == 3
    assert templates().count("ask_head") == 1


def test_names_mend_one_whose_head_was_never_asked():
    application = ApplicationFactory(nominees=())
    application.nominees.create(position=1, name="A", email="a@school.example", role="teacher")
    application.nominees.create(position=2, name="B", email="b@school.example", role="teacher")
    checks.check_due(at=AT)
    assert (fresh(application).status, templates()) == (Status.INELIGIBLE, ["checked", "hub_has_application"])

    rename(application, "second", "teacher")

    assert fresh(application).status == Status.ELIGIBLE
    assert application.endorsements.get().status == "asked"


@pytest.mark.parametrize("status", ["offered", "accepted"])
def test_a_new_check_reports_and_never_flips_an_offer(status):
    application = offered(nominees=(1,))
    if status == "accepted":
        actions.accept_offer(application, at=AT)
    establishment = application.school.establishment
    establishment.type_code = 11
    establishment.save()

    made = checks.recheck(application, by="Portal", at=LATER, note="The register changed.")

    assert made.outcome == "ineligible"
    assert fresh(application).status == status
    assert fresh(application).place.status == status


def test_a_new_check_leaves_the_waiting_list_alone_but_stands_in_the_way_of_an_offer():
    application = checked()
    decisions.waitlist(application, by=UserFactory(), at=AT)
    application.endorsements.update(status="confirmed", answered_at=AT, capacity="head")
    rename(application, "teacher", "teacher")

    assert fresh(application).status == Status.WAITLISTED
    assert [f.code for f in decisions.against_an_offer(fresh(application), at=LATER)] == ["no_leading_advocate"]


@pytest.mark.parametrize("status", ["submitted", "checking", "withdrawn", "lapsed", "not_offered"])
def test_what_has_not_been_checked_or_has_ended_is_not_checked_again(status):
    application = ApplicationFactory(status=status)

    assert checks.recheck(application, by="Portal", at=LATER, note="") is None
    assert not application.checks.exists()


def test_a_window_that_is_shut_later_does_not_shut_out_who_applied_in_time():
    application = checked()
    application.project.recruitment = "closed"
    application.project.save()

    checks.recheck(application, by="Portal", at=LATER, note="A year later.")

    assert application.checks.first().findings == []
    assert fresh(application).status == Status.ELIGIBLE


def test_a_preview_finds_what_the_check_will_find_and_writes_nothing():
    application = ApplicationFactory(status="draft", submitted_at=None, nominees=(), **PUPIL_REFERRAL)

    found = [finding.code for finding in checks.preview(application, at=AT)]

    assert found == ["school_type", "advocates_to_name"]
    assert not EligibilityCheck.objects.exists()
    assert application.project.rule_sets.get().used_at is None
    assert kinds_of(application) == []
