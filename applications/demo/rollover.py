"""Next year at both hubs: Development of last year has ended, and schools are asked, answer, wait and go on."""

from datetime import date, datetime, timedelta

from applications.rollover import actions, candidates, emails, rules, settling
from applications.rollover.models import Proposal
from hubportal.clock import LONDON, london_date
from hubportal.messaging.actions import release
from hubportal.messaging.reminders import next_working_day
from programmes.cohorts import actions as places
from programmes.models import Cohort, Establishment, Place, Project
from programmes.schools.actions import register_school

from . import people
from .staff import FAMILY, THIS_YEAR
from .story import Here

EMB, SUS = "sec-embedding", "sec-sustaining"
LAST_YEAR = THIS_YEAR - 1
CAPACITY = 14
ENDS = {
    "estuary": {
        "Ferry Lane School": "to ask",
        "Thorpe Marsh High School": "not completed",
        "Danbury Hill Academy": "held",
        "Wick Street School": "asked",
        "Mersea Strood Academy": "yes",
        "Oyster Creek School": "put off",
        "Rayne Road High School": "placed",
    },
    "three-rivers": {
        "Cloister Garth School": "to ask",
        "Aire Bridge Academy": "held",
        "Stray View High School": "asked",
        "Calder Weir Academy": "yes",
        "South Cliff School": "others",
        "Ings Lane Academy": "put off",
        "Craven Gate School": "placed",
    },
}
"""What becomes of each school."""


def tell_rollover(here: Here) -> None:
    """Write last year's Development at a hub and what its schools say about this year."""
    last = Project.objects.filter(programme=FAMILY, year=LAST_YEAR).first()
    if last is None or not _cohorts_ahead(here):
        return
    cohort = _cohort(here, last)
    for name, end in ENDS[here.cohort.hub.slug].items():
        place = _took_part(here, cohort, here.school(name), completed=end != "not completed")
        if end not in {"to ask", "not completed"}:
            _asked(here, place, end)


def _cohorts_ahead(here: Here) -> list[Cohort]:
    ahead = Project.objects.filter(programme__in=[EMB, SUS], year=THIS_YEAR)
    return [_cohort(here, project) for project in ahead]


def _cohort(here: Here, project: Project) -> Cohort:
    window = {"opens_on": date(project.year, 2, 1), "closes_on": date(project.year, 5, 29), "capacity": CAPACITY}
    return Cohort.objects.get_or_create(hub=here.cohort.hub, project=project, defaults=window)[0]


def _took_part(here: Here, cohort: Cohort, establishment: Establishment, *, completed: bool) -> Place:
    at = _on(LAST_YEAR, 4, 22)
    place = places.hold(
        cohort,
        register_school(establishment, at=at),
        origin=f"The hub's records of {cohort.project.year_label}",
        rule_set=cohort.project.rule_sets.earliest("version"),
        by=here.lead,
        at=at,
    )
    places.accept(place, by="School", at=at)
    staff = people.of(establishment)
    named = [(staff[people.LEADS_MATHS], "hod"), (staff[people.TEACHES_MATHS], "teacher")]
    places.confirm(
        place, [{"name": who.name, "email": who.email, "role": role} for who, role in named], by="School", at=at
    )
    mine = Place.objects.filter(pk=place.pk)
    places.begin(mine, on=date(LAST_YEAR, 9, 25), by=here.administrator, at=_on(LAST_YEAR, 9, 26))
    if completed:
        places.complete(mine, on=date(LAST_YEAR + 1, 7, 10), by=here.lead, at=_on(LAST_YEAR + 1, 7, 13))
    return mine.get()


def _asked(here: Here, place: Place, end: str) -> None:
    at = here.at(31 if end in {"put off", "placed"} else 6, "10:20")
    year = candidates.read_year(THIS_YEAR)
    (candidate,) = candidates.candidates(year, {here.cohort.hub_id}, schools=[place.school_id])
    contact = candidates.contacts([candidate])[place.school_id]
    answer_by = next_working_day(london_date(at), 28)
    proposal = actions.make(candidate, contact, year=THIS_YEAR, answer_by=answer_by, by=here.administrator, at=at)
    if end == "held":
        return
    release(emails.letters(proposal).get(), by=here.administrator, at=at + timedelta(hours=1))
    if end != "asked":
        _answered(here, proposal, end, at=at + timedelta(days=2))


def _answered(here: Here, proposal: Proposal, end: str, *, at: datetime) -> None:
    yes = end != "put off"
    again = None if yes else date.fromisoformat(rules.ask_again_choices(london_date(at))[0][0])
    said = actions.Said(
        {phase.pk: "yes" if yes else "no" for phase in proposal.phases.all()},
        name=proposal.contact_name,
        team={"yes": "same", "others": "later", "placed": "same"}.get(end, ""),
        reason="" if yes else "people",
        words="" if yes else "Two of us are new this term. Please ask when we have found our feet.",
        ask_again_on=again,
    )
    if end == "others":  # the school rang
        actions.answer(proposal, said, by=here.administrator, at=at, said_on=london_date(at))
    else:
        actions.answer(proposal, said, by=actions.SCHOOL, at=at)
    if end in {"put off", "placed"}:
        settling.settle(proposal, by=here.lead, at=at + timedelta(days=1))


def _on(*day: int) -> datetime:
    return datetime(*day, 10, 0, tzinfo=LONDON)
