"""Mastery Specialists: teachers of a national cohort, where they teach, and the days of their programme."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hubportal.accounts.models import Hub
from programmes.cohorts.models import Project
from programmes.cohorts.place import Place
from programmes.people.models import Person
from programmes.schools.models import School

from .querysets import SpecialistQuerySet
from .states import IN_THE_PROGRAMME, SpecialistStatus


class Specialist(models.Model):
    """A teacher who was selected for a cohort of the Specialist Programme, from year 1 on."""

    PERSONAL = {"note"}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="specialisms")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="specialists")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="specialists", help_text="The cohort.")
    place = models.OneToOneField(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="specialist", editable=False
    )
    status = models.CharField(
        max_length=12, choices=SpecialistStatus.choices, default=SpecialistStatus.YEAR_1, editable=False
    )
    started_on = models.DateField()
    launch_on = models.DateField("launch attended on", null=True, blank=True)
    launch_with = models.CharField("who came from the school", max_length=120, blank=True)
    deferred_from = models.CharField(max_length=12, choices=SpecialistStatus.choices, blank=True, editable=False)
    back_on = models.DateField("expected back on", null=True, blank=True)
    note = models.TextField(blank=True)

    objects = SpecialistQuerySet.as_manager()

    class Meta:
        ordering = ["project", "person"]
        permissions = [("keep_specialist", "Can record a specialist's days and move them through the years")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=SpecialistStatus.values), name="specialist_status_known"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(status__in=IN_THE_PROGRAMME), name="a_specialist_once"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.project}"


class HomeSchool(models.Model):
    """The school where a specialist teaches, from one date to another."""

    PERSONAL = set()

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="homes")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="specialists_at")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    department_stays = models.BooleanField(
        null=True, blank=True, help_text="After a move: does the school stay a specialist department? Empty: not said."
    )

    class Meta:
        ordering = ["specialist", "-from_on"]
        constraints = [
            models.UniqueConstraint(fields=["specialist"], condition=Q(until_on=None), name="one_home_at_a_time"),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="home_ends_after"),
        ]

    def __str__(self):
        return f"{self.specialist}: {self.school}"


class ProgrammeDay(models.Model):
    """A day, or half of one, that a specialist has spent or will spend on the programme."""

    PERSONAL = {"note"}

    class Kind(models.TextChoices):
        CENTRAL = "central", "Central event"
        SCHOOL = "school", "In their own school"
        HUB = "hub", "With the hub"

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    half_days = models.PositiveSmallIntegerField(default=2)
    note = models.CharField(max_length=200, blank=True, help_text="What it was. Name no pupil.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["specialist", "on"]
        constraints = [
            models.UniqueConstraint(fields=["specialist", "on", "kind"], name="one_programme_day"),
            models.CheckConstraint(condition=Q(half_days__in=[1, 2]), name="a_day_has_two_halves"),
        ]

    def __str__(self):
        return f"{self.specialist}, {self.on}"
