"""A hub with a year of Development behind it, and Embedding and Sustaining ahead."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from applications.rollover import actions, candidates
from hubportal.accounts.models import Hub
from programmes.models import Advocate, Cohort, Person, PersonEmail, Place
from tests import factories

AT = datetime(2026, 7, 20, 10, 0, tzinfo=UTC)
TODAY = date(2026, 7, 20)
ANSWER_BY = date(2026, 8, 17)
DEV, EMB, SUS = "sec-development", "sec-embedding", "sec-sustaining"
TITLES = {DEV: "Development", EMB: "Embedding", SUS: "Sustaining"}
ENDED = ["completed", "part_completed", "active"]
NEXT = {
    DEV: [
        {"family": EMB, "after": ["completed"], "years_later": 1, "with": SUS},
        {"family": SUS, "after": ENDED, "years_later": "ever"},
    ],
    EMB: [{"family": SUS, "after": ENDED, "years_later": "ever"}],
    SUS: [{"family": SUS, "after": ENDED, "years_later": "ever"}],
}
RULES = {
    DEV: [],
    EMB: [
        {"rule": "open_or_opening"},
        {"rule": "completed_before", "family": DEV, "years_ago": 1},
        {"rule": "joined_with", "family": SUS},
        {"rule": "commitments_made"},
    ],
    SUS: [
        {"rule": "took_part_or_specialist", "families": [DEV, EMB, SUS], "specialist_cohort_max": 9},
        {"rule": "plan_given"},
        {"rule": "window_open"},
    ],
}
GRANTS = {DEV: 2000, EMB: 1000, SUS: 0}


def project(family, year, title=""):
    programme = factories.ProgrammeFactory(
        family=family,
        slug=family,
        title=f"Secondary Teaching for Mastery: {title or TITLES[family]}",
        phase=list(TITLES).index(family) + 1 if family in TITLES else None,
    )
    found = factories.ProjectFactory(programme=programme, year=year, next_phases=NEXT.get(family, []))
    if not found.rule_sets.exists():
        factories.RuleSetFactory(
            project=found,
            rules=RULES.get(family, []),
            grant_amount=Decimal(GRANTS.get(family, 0)),
            effective_from=date(year, 2, 1),
            terms={"support_days": 3} if family == EMB else {},
        )
    return found


@dataclass
class World:
    """A hub and its cohorts; `capacity` of those ahead."""

    capacity: int = 8
    hub: Hub = field(default_factory=factories.HubFactory)
    cohorts: dict[tuple[str, int], Cohort] = field(default_factory=dict)

    def __post_init__(self):
        for family, year in [(DEV, 2024), (DEV, 2025), (SUS, 2025), (EMB, 2026), (SUS, 2026)]:
            self.cohort(family, year)
        self.lead = factories.HubMembershipFactory(hub=self.hub, role="lead").user

    def cohort(self, family, year):
        if (family, year) not in self.cohorts:
            made = factories.CohortFactory(hub=self.hub, project=project(family, year), capacity=self.capacity)
            self.cohorts[family, year] = made
        return self.cohorts[family, year]

    def place(self, family=DEV, year=2025, status="completed", *, school=None, named=True) -> Place:
        place = factories.PlaceFactory(
            cohort=self.cohort(family, year),
            school=school or factories.SchoolFactory(),
            status=status,
            ended_on=date(year + 1, 7, 10) if "complete" in status else None,
        )
        if named:
            for role in ("hod", "teacher"):
                person = factories.PersonFactory()
                PersonEmail.objects.create(person=person, email=f"advocate{person.pk}@school.example")
                Advocate.objects.create(
                    place=place, person=person, role=role, from_on=date(year, 9, 1), until_on=place.ended_on
                )
        return place

    def candidates(self, year=2026, **more):
        return candidates.candidates(candidates.read_year(year), {self.hub.pk}, **more)

    def candidate(self, school, year=2026):
        return next(each for each in self.candidates(year) if each.school.pk == school.pk)

    def ask(self, place, *, at=AT, answer_by=ANSWER_BY):
        candidate = self.candidate(place.school)
        to = candidates.contacts([candidate]).get(place.school_id)
        return actions.make(candidate, to, year=2026, answer_by=answer_by, by=self.lead, at=at)

    def answered(self, place=None, *, at=AT, by=actions.SCHOOL, team="same", **answers):
        """Return the proposal of a school that says yes to everything, or `emb` and `sus` as named."""
        proposal = self.ask(place or self.place())
        actions.answer(proposal, said(proposal, team=team, **answers), by=by, at=at)
        proposal.refresh_from_db()
        return proposal


def phase(proposal, family):
    return proposal.phases.with_details().get(cohort__project__programme=family)


def said(proposal, *, emb="yes", sus="yes", **more):
    wanted = {EMB: emb, SUS: sus}
    answers = {each.pk: wanted[each.project.programme_id] for each in proposal.phases.with_details()}
    return actions.Said(answers, name="Amina Okafor", **({"team": "same"} | more))


def people(place):
    return set(Person.objects.filter(advocacies__place=place))
