"""A hub that runs Sustaining, with foci and room in them, schools that took part before, and their sign-ups."""

from datetime import timedelta

from django.utils import timezone

from applications import checks
from applications.models import Application
from programmes.models import Cohort, Focus, FocusRoom, Place
from tests.factories import (
    ApplicationFactory,
    CohortFactory,
    PlaceFactory,
    ProgrammeFactory,
    ProjectFactory,
    RuleSetFactory,
)

FAMILIES = ["sec-development", "sec-embedding", "sec-sustaining"]
RULES = [
    {"rule": "open_or_opening"},
    {"rule": "took_part_or_specialist", "families": FAMILIES, "specialist_cohort_max": 9},
    {"rule": "foci_ranked"},
    {"rule": "lead_participants", "count": 2},
    {"rule": "plan_given"},
    {"rule": "commitments_made"},
    {"rule": "within_hub_area"},
    {"rule": "window_open"},
    {"rule": "head_confirmed", "when": "offer"},
]
FOCI = {
    "a": "Mathematical thinking",
    "b": "Multiplicative reasoning",
    "c": "Maths and science",
    "d": "Your own focus",
}
SAID = {
    "route": "development",
    "route_year": 2025,
    "route_cohort": None,
    "teachers": 8,
    "colleagues": "yes",
    "colleagues_count": 3,
    "support": "no",
    "hod_agrees": "self",
    "plan": "typed",
    "plan_priorities": "Fractions in Year 7.",
    "plan_measures": "Pupils explain them.",
    "advocates": 2,
}


def sustaining_cohort(rooms: dict[str, int] | None = None, **values) -> Cohort:
    """Return a hub's run of Sustaining 2026/27; `rooms` limits foci by letter, 0 for one that is not run."""
    programme = ProgrammeFactory(
        family="sec-sustaining", slug="sustaining", title="Secondary Teaching for Mastery: Sustaining", entry="continue"
    )
    project = ProjectFactory(programme=programme, year=2026)
    if not project.rule_sets.exists():
        RuleSetFactory(project=project, rules=RULES, grant_amount=0)
        for letter, title in FOCI.items():
            Focus.objects.create(project=project, letter=letter, title=title, text=f"About {letter}.", source="seed 1")
    today = timezone.now().date()
    window = {"opens_on": today - timedelta(60), "closes_on": today + timedelta(60)}
    cohort = CohortFactory(project=project, **window | values)
    for letter, capacity in (rooms or {}).items():
        FocusRoom.objects.create(cohort=cohort, focus=project.foci.get(letter=letter), capacity=capacity)
    return cohort


def focus(cohort: Cohort, letter: str) -> Focus:
    return cohort.project.foci.get(letter=letter)


def took_part(school, *, year=2025, status="completed", family="sec-development", hub=None) -> Place:
    project = ProjectFactory(programme=ProgrammeFactory(family=family), year=year)
    found = Cohort.objects.filter(project=project, hub=hub).first() if hub else None
    cohort = found or CohortFactory(project=project, **({"hub": hub} if hub else {}))
    return PlaceFactory(school=school, cohort=cohort, status=status)


def ranked(cohort: Cohort, letters: str) -> dict:
    return {
        "foci": list(letters),
        "foci_at": cohort.pk,
        "foci_titles": [FOCI[letter] for letter in letters],
        "foci_seen_full": [],
    }


def signed_up(cohort: Cohort, letters: str = "ab", *, history=True, confirmed=True, said=None, **values) -> Application:
    """Return a sign-up that has been checked; the school took part last year unless there is no `history`."""
    now = timezone.now()
    application = ApplicationFactory(
        cohort=cohort,
        status="checking",
        submitted_at=now,
        created_at=now,
        answers=SAID | ranked(cohort, letters) | (said or {}),
        **values,
    )
    if history:
        took_part(application.school, hub=cohort.hub)
    checks.check(application, at=now)
    if confirmed:
        application.endorsements.update(status="confirmed", answered_at=now, answered_name="Jo Reid", capacity="head")
    return Application.objects.with_details().get(pk=application.pk)
