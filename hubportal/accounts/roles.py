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
        "messaging.view_message",
        "programmes.view_cohort",
        "programmes.view_establishment",
        "programmes.view_person",
        "programmes.view_place",
        "programmes.view_programme",
        "programmes.view_project",
        "programmes.view_registerimport",
        "programmes.view_ruleset",
        "programmes.view_school",
        "programmes.view_schoolchange",
    }
)

PERMISSIONS = {
    # Runs the hub's cohorts from day to day: checks, asks, offers, sends. Approves nothing that needs a higher rank.
    Role.ADMINISTRATOR: READ
    | {
        "applications.decide_application",
        "messaging.send_message",
        "programmes.change_cohort",
        "programmes.decide_schoolchange",
    },
    # Answers for the hub: everything the administrator does, and the memberships.
    Role.LEAD: READ
    | {
        "applications.decide_application",
        "messaging.send_message",
        "programmes.add_cohort",
        "programmes.change_cohort",
        "programmes.decide_schoolchange",
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
