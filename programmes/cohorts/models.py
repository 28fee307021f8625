"""What is offered: programmes, their projects of a year, the rules in force, and each hub's run of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hubportal.accounts.models import Hub
from hubportal.clock import year_label
from programmes.schools.models import LocalAuthority

from .querysets import CohortQuerySet, ProgrammeQuerySet, ProjectQuerySet, RuleSetQuerySet
from .states import RuleSetStatus


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
    WITHOUT_HUB_EVERYBODYS = True  # the national ones; see `accounts.backends`

    class Entry(models.TextChoices):
        """How one gets in."""

        APPLY = "apply", "Schools express interest"
        CONTINUE = "continue", "Schools that took part before sign up"
        OFFERED = "offered", "Offered by the hub, not applied for"
        TEACHER = "teacher", "Teachers apply, with their headteacher"

    family = models.SlugField(max_length=40, primary_key=True)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    entry = models.CharField("how one gets in", max_length=10, choices=Entry.choices, default=Entry.APPLY)
    phase = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Its place on the line of a school's journey: 1 comes first. Empty: none."
    )
    hub = models.ForeignKey(
        Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="programmes", help_text="Whose own it is."
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["phase", "title"]
        permissions = [("publish_programme", "Can publish a programme of their hub")]

    def __str__(self):
        return self.title


class Project(models.Model):
    """A programme in one academic year, with its code, its page and where each fact comes from."""

    PERSONAL = set()

    class Recruitment(models.TextChoices):
        HUBS = "hubs", "Each hub sets its dates"
        LATER = "later", "Opens later"
        FULL = "full", "Fully recruited"
        CLOSED = "closed", "Closed"

    class Confidence(models.TextChoices):
        STATED = "stated", "Stated by the source"
        SINGLE = "single-source", "Stated by one source only"
        INFERRED = "inferred", "Inferred"
        NOT_FOUND = "not-found", "No source was found"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="projects")
    year = models.PositiveSmallIntegerField("academic year", help_text="The year of its September.")
    code = models.CharField(max_length=12, blank=True, help_text="As NCETM writes it, such as NCP24-12. Never derived.")
    title = models.CharField(max_length=120, blank=True, help_text="Where that year's differs from the programme's.")
    cohort_number = models.PositiveSmallIntegerField(
        "national cohort", null=True, blank=True, help_text="Of Mastery Specialists: cohort 9 began in 2024."
    )
    recruitment = models.CharField(max_length=10, choices=Recruitment.choices)
    opens_about = models.CharField(max_length=60, blank=True, help_text="As the source has it: “the end of March”.")
    next_phases = models.JSONField(
        default=list, blank=True, help_text="What may follow: family, after which end of this one, with what."
    )
    to_set = models.JSONField(
        default=list, blank=True, help_text="What no source says: field, label, and whether a hub cannot open without."
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="Empty: nobody else sees it.")
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
        return f"{self.title_of_year} {self.year_label}"

    @property
    def title_of_year(self):
        return self.title or self.programme.title

    @property
    def is_recruiting(self):
        return self.recruitment in {self.Recruitment.HUBS, self.Recruitment.LATER}

    @property
    def year_label(self):
        return year_label(self.year)


class Focus(models.Model):
    """What a Work Group of a project works on for the year. Letters mean something else every year."""

    PERSONAL = set()

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="foci")
    letter = models.CharField(max_length=2, help_text="As in the code: “b” of NCP24-14b.")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    is_new = models.BooleanField("new this year", default=False)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["project", "letter"]
        verbose_name_plural = "foci"
        constraints = [models.UniqueConstraint(fields=["project", "letter"], name="one_focus_a_letter")]

    def __str__(self):
        return f"{self.letter}: {self.title}"


class RuleSet(models.Model):
    """The rules of a project from a date on. Once published it is never edited, only superseded."""

    PERSONAL = set()

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rule_sets")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=RuleSetStatus.choices, default=RuleSetStatus.DRAFT, editable=False)
    effective_from = models.DateField()
    rules = models.JSONField(help_text="Names of registered rules and their parameters, in order.")
    commitments = models.JSONField(help_text="What the school commits to: code and wording, in order.")
    terms = models.JSONField(default=dict, blank=True, help_text="Days, half-days, visits and rates, by name.")
    grant_amount = models.DecimalField(
        "grant, pounds", max_digits=8, decimal_places=2, null=True, blank=True, help_text="Empty: each hub sets it."
    )
    offer_days = models.PositiveSmallIntegerField(help_text="Days a school has to answer an offer.")
    source = models.CharField(max_length=200)
    confidence = models.CharField(max_length=15, choices=Project.Confidence.choices)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_figures = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of what was signed; the second signs the same."
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["project", "-version"]
        permissions = [
            ("draft_ruleset", "Can change rules in a draft and sign it"),
            ("publish_ruleset", "Can publish rules that somebody else has signed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="one_rule_set_version"),
            models.UniqueConstraint(
                fields=["project", "effective_from"],
                condition=Q(status=RuleSetStatus.PUBLISHED),
                name="one_rule_set_a_day",
            ),
            models.CheckConstraint(condition=Q(grant_amount__gte=0), name="rule_set_grant_not_negative"),
            models.CheckConstraint(condition=Q(status__in=RuleSetStatus.values), name="rule_set_status_known"),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None, signed_figures="")
                | (Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(signed_figures="")),
                name="a_signature_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | (Q(signed_by__isnull=False) & ~Q(published_by=F("signed_by"))),
                name="a_second_person_publishes",
            ),
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
    opens_about = models.CharField(
        "opens at about", max_length=60, blank=True, help_text="While there is no date: “the end of March 2027”."
    )
    is_full = models.BooleanField("fully recruited", default=False, help_text="Tick to take nobody more.")
    code = models.CharField(max_length=12, blank=True, help_text="The code that you were given, where we have none.")
    grant_amount = models.DecimalField(
        "grant, pounds", max_digits=8, decimal_places=2, null=True, blank=True, help_text="Where the rules leave it."
    )
    details = models.JSONField(default=dict, blank=True, help_text="What the project leaves to the hub, by field.")
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
            models.CheckConstraint(condition=Q(grant_amount__gte=0), name="cohort_grant_not_negative"),
        ]

    def __str__(self):
        return f"{self.project}, {self.hub}"


class FocusRoom(models.Model):
    """How many schools a hub takes for one focus. A focus without a row has no limit of its own."""

    PERSONAL = set()

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="focus_rooms")
    focus = models.ForeignKey(Focus, on_delete=models.PROTECT, related_name="+")
    capacity = models.PositiveSmallIntegerField("places", help_text="Schools. 0: your hub does not run this focus.")

    class Meta:
        ordering = ["cohort", "focus"]
        constraints = [models.UniqueConstraint(fields=["cohort", "focus"], name="one_room_a_focus")]

    def __str__(self):
        return f"{self.focus}: {self.capacity}"
