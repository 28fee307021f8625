"""What is offered: programmes, their projects of a year, the rules in force, and each hub's run of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hubportal.accounts.models import Hub
from hubportal.clock import year_label
from programmes.people.models import Person, PostRole
from programmes.schools.models import LocalAuthority, School

from .querysets import CohortQuerySet, PlaceQuerySet, ProjectQuerySet
from .states import HOLDS_A_PLACE, PlaceStatus


class HubArea(models.Model):
    """A local authority that a hub serves: the default for its schools and never a bar."""

    PERSONAL = set()

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="areas")
    local_authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="hub_areas")

    class Meta:
        ordering = ["hub", "local_authority"]
        constraints = [models.UniqueConstraint(fields=["hub", "local_authority"], name="one_area_row")]

    def __str__(self):
        return f"{self.hub}: {self.local_authority}"


class Programme(models.Model):
    """A family of projects that goes on over the years, such as Secondary Teaching for Mastery: Development."""

    PERSONAL = set()

    family = models.SlugField(max_length=40, primary_key=True)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title


class Project(models.Model):
    """A programme in one academic year, with its code, its page and where each fact comes from."""

    PERSONAL = set()

    class Recruitment(models.TextChoices):
        HUBS = "hubs", "Each hub sets its dates"
        CLOSED = "closed", "Closed"

    class Confidence(models.TextChoices):
        STATED = "stated", "Stated by the source"
        SINGLE = "single-source", "Stated by one source only"
        INFERRED = "inferred", "Inferred"
        NOT_FOUND = "not-found", "No source was found"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="projects")
    year = models.PositiveSmallIntegerField("academic year", help_text="The year of its September.")
    code = models.CharField(max_length=12, blank=True, help_text="As NCETM writes it, such as NCP24-12. Never derived.")
    recruitment = models.CharField(max_length=10, choices=Recruitment.choices)
    page = models.JSONField(default=dict, help_text="Sections of the public page: heading, paragraphs, bullets, shows.")
    source = models.CharField(max_length=200)
    confidence = models.CharField(max_length=15, choices=Confidence.choices)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "year", "code"], name="one_project_per_code"),
            models.CheckConstraint(condition=Q(year__gte=2014, year__lte=2100), name="project_year_plausible"),
        ]

    def __str__(self):
        return f"{self.programme.title} {self.year_label}"

    @property
    def is_recruiting(self):
        return self.recruitment == self.Recruitment.HUBS

    @property
    def year_label(self):
        return year_label(self.year)


class RuleSet(models.Model):
    """The rules of a project from a date on. Once it has been used it is never edited, only superseded."""

    PERSONAL = set()

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rule_sets")
    version = models.PositiveSmallIntegerField()
    effective_from = models.DateField()
    rules = models.JSONField(help_text="Names of registered rules and their parameters, in order.")
    commitments = models.JSONField(help_text="What the school commits to: code and wording, in order.")
    grant_amount = models.DecimalField("grant, pounds", max_digits=8, decimal_places=2)
    offer_days = models.PositiveSmallIntegerField(help_text="Days a school has to answer an offer.")
    source = models.CharField(max_length=200)
    confidence = models.CharField(max_length=15, choices=Project.Confidence.choices)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["project", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="one_rule_set_version"),
            models.UniqueConstraint(fields=["project", "effective_from"], name="one_rule_set_a_day"),
            models.CheckConstraint(condition=Q(grant_amount__gte=0), name="rule_set_grant_not_negative"),
        ]

    def __str__(self):
        return f"{self.project}, rules version {self.version}"


class Cohort(models.Model):
    """A hub's run of a project: how many schools, and from when to when they may apply."""

    PERSONAL = {"contact_name", "contact_email"}

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="cohorts")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="cohorts")
    capacity = models.PositiveSmallIntegerField("places", help_text="Schools, not teachers.")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True, help_text="The last day on which a school can apply.")
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["project", "hub"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "project"], name="one_cohort_per_hub_and_project"),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                name="cohort_closes_after_it_opens",
            ),
        ]

    def __str__(self):
        return f"{self.project}, {self.hub}"


class Place(models.Model):
    """A school's place on a cohort, from the offer on. Applications, groups, visits and money meet here."""

    PERSONAL = set()

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="places")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="places")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="places")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="places")
    origin = models.CharField(max_length=80, help_text="What led to it, such as an application's reference.")
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, related_name="+", help_text="In force for the offer."
    )
    status = models.CharField(max_length=15, choices=PlaceStatus.choices, default=PlaceStatus.OFFERED, editable=False)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answer_by = models.DateField(help_text="The last day on which the school can accept.")
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "project"], condition=Q(status__in=HOLDS_A_PLACE), name="one_live_place"
            ),
            models.CheckConstraint(condition=Q(status__in=PlaceStatus.values), name="place_status_known"),
        ]

    def __str__(self):
        return f"{self.school}, {self.cohort}"


class Advocate(models.Model):
    """A Mastery Advocate: a person on a place from one date to another."""

    PERSONAL = set()

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="advocates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="advocacies")
    role = models.CharField(max_length=20, choices=PostRole.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "person"], condition=Q(until_on=None), name="an_advocate_once_a_place"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.place}"
