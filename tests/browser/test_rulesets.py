"""Rules in a browser: read, changed in a draft with mistakes, tried on past applications, signed by two people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hubportal.accounts.roles import Role
from programmes.models import RuleSet
from tests.applications.staff import eligible, open_cohort, person

from .people import cookies_of, press, school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "js"), [(1280, True), (320, False)])
def test_rules_are_changed_in_a_draft_tried_and_published_by_two_people(looker, settings, width, js):
    settings.REQUIRE_MFA = True
    cohort = open_cohort(hub__name="Estuary Maths Hub")
    eligible(cohort, school=school("Colne Bank Pupil Unit", type_code=14))
    eligible(cohort, school=school("Blackwater Academy", type_code=34))
    staff = looker.window(width=width, js=js, cookies=cookies_of(person(cohort.hub, Role.LEAD)))

    draft_with_mistakes(looker, staff)
    try_and_sign(looker, staff)
    second = looker.window(width=width, js=js, cookies=cookies_of(person(cohort.hub, Role.LEAD)))
    second.goto(staff.url)
    press(second, "Look and publish")
    looker.look(second, "ruleset-publish")
    press(second, "Sign and publish")
    second.get_by_text("The rules are published.").wait_for()
    looker.look(second, "ruleset-published")
    assert RuleSet.objects.get(version=2).status == "published"


def draft_with_mistakes(looker, staff):
    staff.goto("/admin/programmes/ruleset/")
    looker.look(staff, "rulesets")
    press(staff, "Secondary Teaching for Mastery: Development")
    looker.look(staff, "ruleset")
    press(staff, "Change in a draft")
    looker.look(staff, "ruleset-draft")
    staff.get_by_label("Grant to each school").fill("-5")
    staff.get_by_label("In force from").fill("2026-02-01")
    staff.get_by_label("Number of Mastery Advocates").fill("many")
    row = staff.get_by_text("Row 2. Pupil referral unit")
    row.click()
    staff.locator("#id_r0_t1_result").select_option("ineligible")
    staff.locator("#id_r0_t1_why").fill("")
    press(staff, "Save the draft")
    staff.get_by_text("There is a problem").wait_for()
    looker.look(staff, "ruleset-draft-errors")


def try_and_sign(looker, staff):
    staff.get_by_label("Grant to each school").fill("1500")
    staff.get_by_label("In force from").fill(in_a_week())
    staff.get_by_label("Number of Mastery Advocates").fill("2")
    staff.locator("#id_r0_t1_why").fill("Pupil referral units have a programme of their own.")
    press(staff, "Save the draft")
    staff.get_by_text("The draft is saved.").wait_for()
    looker.look(staff, "ruleset-drafted")
    press(staff, "Who would be decided differently?")
    staff.get_by_text("1 of 2 applications would be decided differently").wait_for()
    looker.look(staff, "ruleset-replay")
    staff.go_back()
    press(staff, "Look and sign")
    looker.look(staff, "ruleset-sign")
    press(staff, "Sign")
    staff.get_by_text("The figures are signed.").wait_for()
    looker.look(staff, "ruleset-signed")


def in_a_week() -> str:
    return (timezone.now() + timedelta(days=7)).date().isoformat()
