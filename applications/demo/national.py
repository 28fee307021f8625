"""The national demo: some thousands of applications, written in bulk but judged by the same rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction

from applications.facts import school_facts
from applications.models import Application, EligibilityCheck, Nominee
from applications.rules import Facts, chosen, outcome
from applications.states import Status
from hubportal.accounts.models import Hub
from hubportal.clock import london_date
from hubportal.rules import assess
from programmes.models import Cohort, Establishment, Project, RuleSet, School, SchoolUrn
from programmes.schools.reading import RegisterRefused

from . import bulk, chapters, earlier, nation, people, staff
from .seed import NotHere
from .story import Here, World

APPLYING = 3_000  # of four thousand schools
CAPACITY = 24
SECONDARY = 4  # the register's phase
WORTH = {  # what becomes of a hundred eligible applications
    Status.ELIGIBLE: 38,
    Status.OFFERED: 8,
    Status.ACCEPTED: 20,
    Status.WAITLISTED: 8,
    Status.NOT_OFFERED: 10,
    Status.WITHDRAWN: 8,
    Status.DECLINED: 5,
    Status.LAPSED: 3,
}


def is_there() -> bool:
    return Hub.objects.count() >= len(staff.HUBS) + len(nation.HUBS)


@transaction.atomic
def seed(*, at: datetime, say: Callable[[str], None]) -> None:
    """Add the rest of the country to the two hubs."""
    world, rows = World(at, Random(3)), bulk.Rows()
    say(f"{nation.SCHOOLS:,} more schools and {len(nation.HUBS)} more hubs ...")
    try:
        nation.load_register(at=at, today=world.today)
    except RegisterRefused as problem:
        raise NotHere(f"The made-up national register cannot be loaded here. {problem}") from problem
    runs = _runs(world, nation.make_hubs())
    say(f"{APPLYING:,} applications ...")
    schools = Establishment.objects.filter(urn__gte=nation.FIRST_URN).select_related("local_authority").order_by("urn")
    applying = world.random.sample([*schools], APPLYING)
    for establishment in applying:
        _apply(runs[establishment.local_authority_id], establishment, rows)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '2min'")
    rows.write()
    say("Earlier years ...")
    known = {establishment.urn for establishment in applying}
    earlier.tell(
        (runs[school.local_authority_id].here, school)
        for school in schools
        if school.urn not in known and school.phase == SECONDARY
    )
    with connection.cursor() as cursor:  # so that the first pages are planned by what is there now
        cursor.execute("ANALYZE")


@dataclass
class Run:
    """A hub's run of the project while the rows are made."""

    here: Here
    rule_set: RuleSet
    areas: tuple[str, ...]
    left: int = CAPACITY


def _runs(world: World, hubs: list[Hub]) -> dict[str, Run]:
    """Return the run of each local authority's hub."""
    project = Project.objects.filter(programme=staff.FAMILY).select_related("programme").latest("year")
    rule_set = project.rule_sets.earliest("effective_from")
    opens_on = world.today - timedelta(staff.OPENED_DAYS_AGO)
    closes_on = world.today + timedelta(staff.CLOSES_IN_DAYS)
    found = {}
    for hub in hubs:
        window = {"opens_on": opens_on, "closes_on": closes_on, "contact_email": hub.contact_email}
        cohort = Cohort.objects.create(hub=hub, project=project, capacity=CAPACITY, **window)
        administrator, lead = (member.user for member in hub.memberships.order_by("role").select_related("user"))
        areas = tuple(hub.areas.values_list("local_authority_id", flat=True))
        run = Run(Here(world, cohort, administrator, lead), rule_set, areas)
        found |= dict.fromkeys(areas, run)
    return found


def _apply(run: Run, establishment: Establishment, rows: bulk.Rows) -> None:
    here = run.here
    at = here.at(here.world.random.randrange(13, 37), here.world.school_hours())
    school = rows.add(School(establishment=establishment))
    on = establishment.opened_on or london_date(at)
    rows.add(SchoolUrn(school=school, establishment=establishment, name=establishment.name, from_on=on))
    application = rows.add(_form(run, school, at))
    checked = rows.add(_check(run, application, establishment, at))
    application.status = _what_became(run, checked.outcome)
    named = [Nominee(application=application, **row) for row in chapters.advocates(establishment, chapters.BOTH)]
    rows.add(*named)
    if checked.outcome != Status.INELIGIBLE:
        rows.add(bulk.head(here, application))
    bulk.decide(here, run.rule_set, application, named, rows)
    bulk.trail(application, checked, rows)


def _form(run: Run, school: School, at: datetime) -> Application:
    here, staff_room = run.here, people.of(school.establishment)
    return Application(
        uid=here.world.uid(),
        reference=here.world.reference(),
        project=here.project,
        cohort=here.cohort,
        hub=here.cohort.hub,
        school=school,
        contact_name=staff_room[people.LEADS_MATHS].name,
        contact_email=staff_room[people.LEADS_MATHS].email,
        contact_role="head_of_maths",
        head_name=staff_room[people.HEAD].name,
        head_email=staff_room[people.HEAD].email,
        answers=chapters.department(here, school.establishment) | {"advocates": 2},
        commitments=[row | {"at": at.isoformat()} for row in run.rule_set.commitments],
        privacy_version=here.cohort.hub.privacy_version,
        created_at=at - timedelta(minutes=25),
        submitted_at=at,
    )


def _check(run: Run, application: Application, establishment: Establishment, at: datetime) -> EligibilityCheck:
    """Judge by the pure rules, on facts that are put together without a query."""
    cohort, on = run.here.cohort, london_date(at)
    facts = Facts(
        today=on,
        applied_on=on,
        year=run.here.project.year,
        school=school_facts(establishment),
        hub_name=str(cohort.hub),
        hub_areas=run.areas,
        advocate_roles=chapters.BOTH,
        commitments_made=tuple(row["code"] for row in run.rule_set.commitments),
        commitments_asked={row["code"]: row["text"] for row in run.rule_set.commitments},
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        places_left=run.left,
    )
    findings = assess(facts, chosen(run.rule_set.rules, when="check"))
    return EligibilityCheck(
        application=application,
        rule_set=run.rule_set,
        at=at + timedelta(seconds=2),
        facts=facts.as_dict(),
        findings=[finding.as_dict() for finding in findings],
        outcome=outcome(findings),
    )


def _what_became(run: Run, result: str) -> Status:
    if result != Status.ELIGIBLE:
        return Status(result)
    status = run.here.world.random.choices([*WORTH], [*WORTH.values()])[0]
    if status in {Status.OFFERED, Status.ACCEPTED}:
        if not run.left:
            return Status.WAITLISTED
        run.left -= 1
    return status
