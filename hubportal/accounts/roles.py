"""What each role may do: one table.

A permission is Django's, `app.verb_model`; the verbs beyond Django's four are declared on the models. Which rows a
person sees is another question, answered by `visible_to(user)` on each queryset.
"""

from django.db import models


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Hub administrator"
    LEAD = "lead", "Hub lead"
    FINANCE = "finance", "Finance officer"


READ = frozenset(
    {
        "accounts.view_hub",
        "accounts.view_hubmembership",
        "applications.view_application",
        "applications.view_eligibilitycheck",
        "applications.view_interest",
        "applications.view_specialistapplication",
        "applications.view_proposal",
        "messaging.view_message",
        "programmes.view_cohort",
        "programmes.view_establishment",
        "programmes.view_person",
        "programmes.view_personjoin",
        "programmes.view_place",
        "programmes.view_placerequest",
        "programmes.view_programme",
        "programmes.view_project",
        "programmes.view_registerimport",
        "programmes.view_ruleset",
        "programmes.view_school",
        "programmes.view_schoolchange",
        "programmes.view_specialist",
    }
)

PERMISSIONS = {
    # Runs the hub's cohorts from day to day: checks, asks, offers, sends. Approves nothing that needs a higher rank.
    Role.ADMINISTRATOR: READ
    | {
        "applications.decide_application",
        "applications.decide_specialistapplication",
        "messaging.send_message",
        "programmes.add_programme",
        "programmes.change_cohort",
        "programmes.change_programme",
        "programmes.decide_person",
        "programmes.decide_place",
        "programmes.decide_schoolchange",
        "programmes.keep_specialist",
        "programmes.draft_ruleset",
    },
    # Answers for the hub: everything the administrator does, and the memberships.
    Role.LEAD: READ
    | {
        "applications.decide_application",
        "applications.decide_specialistapplication",
        "messaging.send_message",
        "programmes.add_cohort",
        "programmes.add_programme",
        "programmes.change_cohort",
        "programmes.change_programme",
        "programmes.decide_person",
        "programmes.decide_place",
        "programmes.decide_schoolchange",
        "programmes.keep_specialist",
        "programmes.draft_ruleset",
        "programmes.publish_programme",
        "programmes.publish_ruleset",
        "accounts.change_hub",
        "accounts.add_hubmembership",
        "accounts.delete_hubmembership",
    },
    # Reads what money rests on; decides about nobody.
    Role.FINANCE: READ,
}

# Reads across all hubs; changes nothing.
NATIONAL = READ


def permissions_of(roles) -> frozenset[str]:
    """Return every permission that any of `roles` gives."""
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles))
