"""The records behind the day's work, in plain words: what stands below it on the Today page, and for whom."""

GROUPS = {
    "Schools and people": {
        "programmes.School": "Schools",
        "programmes.Place": "Places",
        "programmes.PlaceRequest": "Requests about places",
        "programmes.Cohort": "Cohorts: places, dates and late links",
        "programmes.Person": "People at schools",
        "programmes.PersonJoin": "Requests to join two records of a person",
        "applications.Proposal": "Next year: who goes on",
        "applications.Interest": "Schools that want to hear when applications open",
    },
    "Mastery Specialists": {
        "applications.SpecialistApplication": "Teachers' applications",
        "programmes.Specialist": "Specialists and their years",
    },
    "The register of schools": {
        "programmes.Establishment": "Look up a school in the register",
        "programmes.SchoolChange": "Changes to our schools",
        "programmes.RegisterImport": "Files that were read in",
    },
    "The hub and its programmes": {
        "programmes.RuleSet": "Rules for who can take part",
        "programmes.Programme": "Programmes, and those of your own hub",
        "programmes.Project": "Programmes by year",
        "accounts.Hub": "Hubs and the areas they serve",
        "accounts.HubMembership": "Who works for the hub",
        "accounts.User": "Accounts",
    },
}
"""Every kind of record that the admin has beside applications and messages, which the menu leads to."""

SET_UP = {
    "programmes.RegisterImport",
    "accounts.Hub",
    "accounts.HubMembership",
    "programmes.Project",
}
"""What only those see here who change it or read across hubs: day to day nobody needs it."""


def records(app_list: list[dict], *, everything: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the groups with the words and address of each kind of record in Django's list for the person."""
    kinds = {f"{app['app_label']}.{kind['object_name']}": kind for app in app_list for kind in app["models"]}
    shown = {name: kind for name, kind in kinds.items() if everything or name not in SET_UP or _changes(kind)}
    groups = [
        (title, [(words, shown[name]["admin_url"]) for name, words in names.items() if name in shown])
        for title, names in GROUPS.items()
    ]
    return [(title, links) for title, links in groups if links]


def _changes(kind: dict) -> bool:
    return kind["perms"]["add"] or kind["perms"]["change"]
