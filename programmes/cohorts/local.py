"""A hub's own programme: made by its staff as unpublished, published by a lead who did not sign its rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify

from hubportal.accounts.models import Hub, User
from hubportal.history.actions import note_event
from hubportal.rules import Finding, Refused

from . import rulesets
from .models import Cohort, Programme, Project, RuleSet
from .rulesets import Hand
from .states import RuleSetStatus

SLUG_LENGTH = 80


@dataclass(frozen=True)
class Plan:
    """Everything that a hub says of its own programme. `sections` are those of the public page."""

    title: str
    summary: str
    year: int
    sections: list[dict]
    rules: list[dict]
    commitments: list[dict]
    grant_amount: Decimal = Decimal(0)
    offer_days: int = 14
    capacity: int = 0
    opens_on: date | None = None
    closes_on: date | None = None
    contact_name: str = ""
    contact_email: str = ""


def slug_of(hub: Hub, title: str) -> str:
    """Return the address of a hub's programme, so that two hubs may use one title."""
    return f"{hub.slug}-{slugify(title)}"[:SLUG_LENGTH].strip("-")


def family_of(hub: Hub) -> str:
    """Return a family for the hub's next programme; it never changes, as a title may."""
    return f"local-{hub.pk}-{Programme.objects.filter(hub=hub).count() + 1}"


@transaction.atomic
def make(hub: Hub, plan: Plan, *, family: str, hand: Hand) -> Programme:
    """Make the programme with its one year, unpublished. Raises Refused when the hub has one of that title."""
    Hub.objects.select_for_update().get(pk=hub.pk)  # one family a programme, and one title
    if Programme.objects.filter(slug=slug_of(hub, plan.title)).exists():
        raise Refused([Finding("title", "Your hub has a programme of this title already.")])
    programme = Programme.objects.create(
        family=family, slug=slug_of(hub, plan.title), title=plan.title, summary=plan.summary, hub=hub
    )
    project = Project.objects.create(
        programme=programme, year=plan.year, recruitment=Project.Recruitment.HUBS, page=_page(plan.sections),
        source=f"{hub.name}, for its own schools", confidence=Project.Confidence.STATED,
    )  # fmt: skip
    Cohort.objects.create(hub=hub, project=project, **_run(plan))
    _keep_rules(project, plan, hand=hand)
    note_event(programme, "made", by=hand.by, at=hand.at)
    return programme


@transaction.atomic
def change(programme: Programme, plan: Plan, *, hand: Hand) -> None:
    """Change it. Once it is published only its words change here: places, dates and rules have pages of their own."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    project = project_of(programme)
    Programme.objects.filter(pk=programme.pk).update(title=plan.title, summary=plan.summary)
    Project.objects.filter(pk=project.pk).update(page=_page(plan.sections))
    if project.published_at is None:
        Project.objects.filter(pk=project.pk).update(year=plan.year)
        project.cohorts.filter(hub=programme.hub).update(**_run(plan))
        project.refresh_from_db()
        _keep_rules(project, plan, hand=hand)
    note_event(programme, "changed", by=hand.by, at=hand.at)


def project_of(programme: Programme) -> Project:
    """Return the newest year of a hub's programme."""
    return programme.projects.select_related("programme").order_by("-year").first()


def _run(plan: Plan) -> dict:
    names = ("capacity", "opens_on", "closes_on", "contact_name", "contact_email")
    return {name: getattr(plan, name) for name in names}


def _page(sections: list[dict]) -> list[dict]:
    """Return the sections with the commitments after the first one, as the form asks them."""
    return [*sections[:1], {"heading": "What is expected of your school", "shows": "commitments"}, *sections[1:]]


def sections_of(project: Project) -> list[dict]:
    """Return the sections that people have written."""
    return [section for section in project.page if "shows" not in section]


def _keep_rules(project: Project, plan: Plan, *, hand: Hand) -> None:
    """Keep the rules as a draft, signed by whoever wrote them last if nothing is wrong with them."""
    values = {"rules": plan.rules, "commitments": plan.commitments, "grant_amount": plan.grant_amount,
              "offer_days": plan.offer_days, "effective_from": _first_day(plan, hand)}  # fmt: skip
    rule_set = project.rule_sets.first()
    if rule_set is None:
        rule_set = RuleSet.objects.create(
            project=project, version=1, source=project.source, confidence=project.confidence, **values
        )
    elif any(getattr(rule_set, name) != value for name, value in values.items()):
        if rule_set.status == RuleSetStatus.SIGNED:
            rulesets.withdraw_signature(rule_set, by=hand.by, at=hand.at)
        RuleSet.objects.filter(pk=rule_set.pk).update(**values)
    rule_set = RuleSet.objects.select_related("project__programme").get(pk=rule_set.pk)
    if rule_set.status == RuleSetStatus.DRAFT and not rulesets.against(rule_set, known=hand.known, today=hand.today):
        rulesets.sign(rule_set, seen=rulesets.figures(rule_set), hand=hand)


def _first_day(plan: Plan, hand: Hand) -> date:
    return min(plan.opens_on or hand.today, hand.today)


def blocks(programme: Programme, *, known: Mapping[str, Callable], today: date) -> list[Finding]:
    """Return everything that must be done before the programme can be published."""
    project = project_of(programme)
    cohort, rule_set = project.cohorts.filter(hub=programme.hub).first(), project.rule_sets.first()
    found = []
    if not sections_of(project):
        found.append(Finding("sections", "Write at least one section of its page."))
    if not rule_set.commitments:
        found.append(Finding("commitments", "Say what a school commits to: at least one line."))
    if cohort.capacity < 1:
        found.append(Finding("capacity", "Say how many schools can take part."))
    if not (cohort.opens_on and cohort.closes_on):
        found.append(Finding("opens_on", "Give the first and the last day on which schools can apply."))
    elif cohort.closes_on < today:
        found.append(Finding("closes_on", "The last day for applications lies in the past."))
    if not any(row["rule"] == "window_open" for row in rule_set.rules):
        found.append(Finding("rules", "Choose the rule that applications come while they are open."))
    return [*found, *rulesets.against(rule_set, known=known, today=today)]


@transaction.atomic
def publish(programme: Programme, *, hand: Hand) -> None:
    """Show it to everybody, as the second person of its rules. A repeat changes nothing. Raises Refused."""
    project = Project.objects.select_for_update().select_related("programme").get(pk=project_of(programme).pk)
    if project.published_at:
        return
    if found := blocks(programme, known=hand.known, today=hand.today):
        raise Refused(found)
    rule_set = project.rule_sets.select_related("project__programme").first()
    rulesets.publish(rule_set, seen=rulesets.figures(rule_set), hand=hand)
    Project.objects.filter(pk=project.pk).update(published_at=hand.at)
    note_event(programme, "published", by=hand.by, at=hand.at)


def may_publish(programme: Programme, user: User) -> str:
    """Return why this person does not publish it, or "": a lead does who did not sign the rules."""
    if not user.has_perm("programmes.publish_programme", programme):
        return "A hub lead publishes it."
    if project_of(programme).rule_sets.first().signed_by_id == user.pk:
        return "You have signed its rules by saving them last. Another hub lead publishes it."
    return ""
