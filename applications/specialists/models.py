"""A teacher's application to the Specialist Programme: what they say, what the head says, what readers think of it."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from applications.states import EndorsementStatus
from hubportal.accounts.models import Hub
from programmes.models import Cohort, Person, Place, PostRole, Project, RuleSet, School

from .querysets import HeadPartQuerySet, ReadingQuerySet, SpecialistApplicationQuerySet
from .states import LIVE, RELEASED, Decision, SpecialistApplicationStatus


class SpecialistApplication(models.Model):
    """A teacher's application to a cohort of the Specialist Programme, from the first answer to its end.

    What the hub decides stands in `decision` and stays unseen until the whole cohort's decisions are released: only
    then does `status` follow.
    """

    PERSONAL = {
        "name", "former_names", "email", "trn", "answers", "head_name", "head_email", "decision_reason", "leaving_note",
    }  # fmt: skip

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=8, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="specialist_applications")
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="specialist_applications"
    )
    hub = models.ForeignKey(
        Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="specialist_applications"
    )
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="specialist_applications"
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="specialist_applications",
        editable=False,
        help_text="Whom the address or the TRN belongs to in our records, if anybody; made when one is selected.",
    )
    status = models.CharField(
        max_length=15,
        choices=SpecialistApplicationStatus.choices,
        default=SpecialistApplicationStatus.DRAFT,
        editable=False,
    )

    name = models.CharField(max_length=120, blank=True)
    former_names = models.CharField("previous names", max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    trn = models.CharField("teacher reference number", max_length=7, blank=True)
    role = models.CharField(max_length=20, choices=PostRole.choices, blank=True)
    key_stages = models.JSONField(default=list)
    qts = models.BooleanField("qualified teacher status", null=True, blank=True)
    qts_on = models.DateField("QTS awarded on", null=True, blank=True)
    years_teaching = models.PositiveSmallIntegerField("years of teaching", null=True, blank=True)
    is_ect = models.BooleanField("early career teacher", null=True, blank=True)
    answers = models.JSONField(default=dict, help_text="Earlier roles, statements and dates, by question.")
    head_name = models.CharField(max_length=120, blank=True)
    head_email = models.EmailField(max_length=254, blank=True)
    is_head = models.BooleanField("is the headteacher", default=False)
    privacy_version = models.CharField(max_length=20, blank=True)

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    looked_at = models.JSONField(default=list, editable=False, help_text="Code and fact of what a person has settled.")

    decision = models.CharField(max_length=15, choices=Decision.choices, blank=True, editable=False)
    decision_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    place = models.OneToOneField(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="specialist_application",
        editable=False,
    )
    leaving_note = models.TextField(blank=True, help_text="Why the teacher withdrew, in their own words.")

    check_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    check_until = models.DateTimeField(null=True, blank=True, editable=False, help_text="The worker's lease.")

    objects = SpecialistApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        permissions = [("decide_specialistapplication", "Can shortlist, decide and release specialist applications")]
        indexes = [
            models.Index(fields=["hub", "status", "-submitted_at"], name="specialist_queue"),
            models.Index(
                fields=["created_at"], condition=Q(status__in=["submitted", "checking"]), name="specialist_to_check"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "project", condition=Q(status__in=LIVE), name="one_live_teacher_by_address"
            ),
            models.UniqueConstraint(
                fields=["trn", "project"], condition=Q(status__in=LIVE) & ~Q(trn=""), name="one_live_teacher_by_trn"
            ),
            models.UniqueConstraint(
                fields=["person", "project"], condition=Q(status__in=LIVE), name="one_live_teacher_by_person"
            ),
            models.CheckConstraint(
                condition=Q(status__in=SpecialistApplicationStatus.values), name="specialist_application_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(school__isnull=False, cohort__isnull=False, hub__isnull=False, submitted_at__isnull=False),
                name="a_sent_teacher_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="a_quiet_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="released_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=RELEASED) | Q(released_at__isnull=False), name="a_result_was_released"
            ),
            models.CheckConstraint(
                condition=Q(joined_to=None) | Q(status="duplicate") & ~Q(joined_to=F("pk")),
                name="joined_teacher_is_duplicate",
            ),
        ]

    def __str__(self):
        return f"{self.reference}, {self.name}"


class HeadPart(models.Model):
    """What the headteacher says, or whoever answers for the school. Opening the link never answers it."""

    PERSONAL = {"name", "email", "answered_name", "launch_name", "statement", "note"}

    class Capacity(models.TextChoices):
        HEAD = "head", "I am the headteacher"
        SENIOR_LEADER = "senior_leader", "I am a senior leader who can answer for the school"
        GOVERNOR = "governor", "I am the chair of governors or a trustee"

    class Launch(models.TextChoices):
        SELF = "self", "I will come myself"
        SENIOR_LEADER = "senior_leader", "Another senior leader will come"

    application = models.ForeignKey(SpecialistApplication, on_delete=models.PROTECT, related_name="head_parts")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    status = models.CharField(
        max_length=10, choices=EndorsementStatus.choices, default=EndorsementStatus.ASKED, editable=False
    )
    asked_at = models.DateTimeField()
    answer_by = models.DateField(help_text="The date that the request names; stored, so it does not move.")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_name = models.CharField(max_length=120, blank=True)
    capacity = models.CharField(max_length=15, choices=Capacity.choices, blank=True)
    release_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Days of release, as supported.")
    launch = models.CharField(max_length=15, choices=Launch.choices, blank=True)
    launch_name = models.CharField(max_length=120, blank=True)
    commitments = models.JSONField(default=list, help_text="Each tick: code, wording as shown, when.")
    statement = models.TextField(blank=True)
    note = models.TextField(blank=True, help_text="Why not, in their own words.")

    objects = HeadPartQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status__in=["asked", "confirmed"]),
                name="one_head_of_a_teacher_is_asked",
            ),
            models.CheckConstraint(condition=Q(status__in=EndorsementStatus.values), name="head_part_status_known"),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | (Q(answered_at__isnull=False, release_days__isnull=False) & ~Q(capacity="") & ~Q(launch="")),
                name="a_head_who_supports_says_how",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.application.reference}"


class TeacherCheck(models.Model):
    """One formal check: rule set, facts as they were, findings, outcome. The database refuses to change it."""

    PERSONAL = {"facts"}

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", "Eligible"
        REFERRED = "referred", "A person must look"
        INELIGIBLE = "ineligible", "Not eligible"

    application = models.ForeignKey(SpecialistApplication, on_delete=models.PROTECT, related_name="checks")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    facts = models.JSONField()
    findings = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.application.reference}: {self.get_outcome_display()}"


CRITERIA = {
    "practice": "Own classroom practice",
    "leading": "Leading professional development",
    "department": "Readiness to lead change in the department",
    "support": "The school's support",
}
"""What readers score, 1 to 5 each."""
SHORT = {"practice": "Classroom", "leading": "Leading", "department": "Department", "support": "Support"}
"""The same where there is little room."""
LOWEST, HIGHEST, READERS = 1, 5, 2


def _score():
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )


class Reading(models.Model):
    """What one of two readers thinks of a shortlisted application; nobody else sees it until both have scored."""

    PERSONAL = {"notes"}

    application = models.ForeignKey(SpecialistApplication, on_delete=models.PROTECT, related_name="readings")
    position = models.PositiveSmallIntegerField(help_text="1 or 2.")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings")
    asked_at = models.DateTimeField()
    practice = _score()
    leading = _score()
    department = _score()
    support = _score()
    notes = models.TextField(blank=True)
    scored_at = models.DateTimeField(null=True, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["application", "position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="one_reading_a_position"),
            models.UniqueConstraint(fields=["application", "reader"], name="two_different_readers"),
            models.CheckConstraint(condition=Q(position__in=[1, 2]), name="two_readers"),
            models.CheckConstraint(
                condition=Q(scored_at=None, practice=None, leading=None, department=None, support=None, notes="")
                | Q(
                    scored_at__isnull=False,
                    practice__range=(LOWEST, HIGHEST),
                    leading__range=(LOWEST, HIGHEST),
                    department__range=(LOWEST, HIGHEST),
                    support__range=(LOWEST, HIGHEST),
                ),
                name="scores_are_whole",
            ),
        ]

    def __str__(self):
        return f"{self.application.reference}, reader {self.position}"

    @property
    def total(self):
        return sum(getattr(self, name) for name in CRITERIA)

    @property
    def named_scores(self):
        return [(label, getattr(self, name)) for name, label in CRITERIA.items()]
