"""What a hub puts to a school for the next year, phase by phase, and what the school answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from hubportal.accounts.models import Hub
from hubportal.clock import year_label
from programmes.models import Cohort, Place, School

from .querysets import ProposalQuerySet, ProposedPhaseQuerySet
from .states import LIVE_PROPOSAL, Answer, ProposalStatus, Reason, Team


class Proposal(models.Model):
    """The question whether a school goes on next year, from the letter to the places."""

    PERSONAL = {"contact_name", "contact_email", "words", "answered_name"}

    class Kind(models.TextChoices):
        """Why the school is asked, and by which letter."""

        NEXT = "next", "Took part last year"
        LAPSED = "lapsed", "Took part before, and paused"
        DEPARTMENT = "department", "A Mastery Specialist's department"

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="proposals")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="proposals")
    year = models.PositiveSmallIntegerField("academic year", help_text="The year of its September.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(
        max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.ASKED, editable=False
    )
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField(max_length=254)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer_by = models.DateField(help_text="The last day on which the school can answer or change its answer.")

    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_name = models.CharField("who answered", max_length=120, blank=True)
    said_on = models.DateField(null=True, blank=True, help_text="When it was said on the telephone.")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Who wrote it down; empty when the school did.",
    )  # fmt: skip
    team = models.CharField("Advocates", max_length=5, choices=Team.choices, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    words = models.TextField("in their own words", blank=True)
    ask_again_on = models.DateField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "next year's proposal"
        indexes = [
            models.Index(fields=["hub", "year", "status"], name="proposal_list"),
            models.Index(fields=["answer_by"], condition=Q(status__in=["asked", "answered"]), name="proposal_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year"], condition=Q(status__in=LIVE_PROPOSAL), name="one_live_proposal"
            ),
            models.CheckConstraint(condition=Q(status__in=ProposalStatus.values), name="proposal_status_known"),
            models.CheckConstraint(
                condition=Q(taken_by=None, said_on=None) | Q(taken_by__isnull=False, said_on__isnull=False),
                name="said_on_the_telephone",
            ),
            models.CheckConstraint(
                condition=Q(status="put_off", ask_again_on__isnull=False) | ~Q(status="put_off"),
                name="put_off_until_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.school}, {self.year_label}"

    @property
    def year_label(self):
        return year_label(self.year)


class ProposedPhase(models.Model):
    """One phase of a proposal: why it is put to the school, what the school says, and the place that came of it."""

    PERSONAL = set()

    class Outcome(models.TextChoices):
        PLACED = "placed", "Has its place"
        FULL = "full", "Waits for room"
        REFERRED = "referred", "A person must look"
        REFUSED = "refused", "Not possible"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="phases")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=200)
    follows = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, editable=False)
    finding = models.TextField("why not", blank=True, editable=False)
    place = models.OneToOneField(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed", editable=False
    )

    objects = ProposedPhaseQuerySet.as_manager()

    class Meta:
        ordering = ["cohort__project__programme__phase", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "cohort"], name="a_phase_once"),
            models.CheckConstraint(
                condition=Q(place=None) | Q(outcome="placed", answer="yes"), name="a_place_after_a_yes"
            ),
        ]

    def __str__(self):
        return f"{self.cohort.project}: {self.get_answer_display() or 'no answer'}"

    @property
    def project(self):
        return self.cohort.project
