"""A school's place on a cohort, and who takes part for it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hubportal.accounts.models import Hub
from programmes.people.models import Person, PostRole
from programmes.schools.models import School

from .models import Cohort, Focus, Project, RuleSet
from .querysets import PlaceQuerySet
from .states import HOLDS_A_PLACE, PlaceStatus


class Place(models.Model):
    """A school's place on a cohort, from the offer on. Applications, groups, visits and money meet here.

    A place of the Specialist Programme belongs to a teacher as well: `person`.
    """

    PERSONAL = set()

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="places")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="places")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="places")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="places", editable=False
    )
    focus = models.ForeignKey(Focus, on_delete=models.PROTECT, null=True, blank=True, related_name="places")
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by", editable=False
    )
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
    ended_on = models.DateField(null=True, blank=True, editable=False)
    put_off_to = models.PositiveSmallIntegerField(
        "put off to the year", null=True, blank=True, editable=False, help_text="The year of its September."
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at"]
        permissions = [("decide_place", "Can replace Advocates and put off, move and end places")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "project"],
                condition=Q(status__in=HOLDS_A_PLACE, person=None),
                name="one_live_place",
            ),
            models.UniqueConstraint(
                fields=["person", "project"], condition=Q(status__in=HOLDS_A_PLACE), name="one_live_place_a_teacher"
            ),
            models.CheckConstraint(condition=Q(status__in=PlaceStatus.values), name="place_status_known"),
        ]

    def __str__(self):
        return f"{self.school}, {self.project}, {self.hub}"


class Advocate(models.Model):
    """A Mastery Advocate: a person on a place from one date to another."""

    PERSONAL = {"reason"}

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="advocates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="advocacies")
    role = models.CharField(max_length=20, choices=PostRole.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why they left it.")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering = ["from_on", "pk"]
        verbose_name = "Mastery Advocate"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "person"], condition=Q(until_on=None), name="an_advocate_once_a_place"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="an_advocate_ends_after"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.place}"
