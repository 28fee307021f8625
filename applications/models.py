"""From interest to an offer: what a school sends, what is checked, who confirms and what is decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hubportal.accounts.models import Hub
from programmes.models import Cohort, Place, PostRole, Programme, Project, RuleSet, School

from .late.models import LateLink  # noqa: F401  Django looks here
from .querysets import ApplicationQuerySet, DocumentQuerySet, EndorsementQuerySet, InterestQuerySet
from .rollover.models import Proposal, ProposedPhase  # noqa: F401
from .specialists.models import HeadPart, Reading, SpecialistApplication, TeacherCheck  # noqa: F401  Django looks here
from .states import LIVE, EndorsementStatus, Status
from .words import Words, words_of


class Application(models.Model):
    """A school's expression of interest in a project, from the first answer to its end."""

    PERSONAL = {
        "contact_name", "contact_email", "contact_phone", "head_name", "head_email", "answers", "decision_reason",
        "leaving_note",
    }  # fmt: skip

    FORM_VERSION = 1

    class ContactRole(models.TextChoices):
        HEAD_OF_MATHS = "head_of_maths", "Head of mathematics"
        SLT = "slt", "Senior leader"
        HEADTEACHER = "headteacher", "Headteacher"
        TEACHER = "teacher", "Teacher of mathematics"
        BUSINESS_MANAGER = "business_manager", "School business manager or office"
        OTHER = "other", "Another role"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=8, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="applications")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    status = models.CharField(max_length=15, choices=Status.choices, default=Status.DRAFT, editable=False)

    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_role = models.CharField(max_length=20, choices=ContactRole.choices, blank=True)
    head_name = models.CharField(max_length=120, blank=True)
    head_email = models.EmailField(max_length=254, blank=True)
    answers = models.JSONField(default=dict, help_text="Department and history, by question.")
    form_version = models.PositiveSmallIntegerField(default=FORM_VERSION)
    commitments = models.JSONField(default=list, help_text="Each tick: code, wording as shown, when.")
    privacy_version = models.CharField(max_length=20, blank=True)

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decision_reason = models.TextField(blank=True)
    leaving_note = models.TextField(blank=True, help_text="Why the school withdrew or declined, in its own words.")
    place = models.OneToOneField(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="application", editable=False
    )
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    transferred_to = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="transferred_from", editable=False
    )
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="Who asked for a person to look at it; empty when the check did.",
    )

    check_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    check_until = models.DateTimeField(null=True, blank=True, editable=False, help_text="The worker's lease.")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        permissions = [("decide_application", "Can offer, decline and otherwise decide on applications")]
        indexes = [
            models.Index(fields=["hub", "status", "-submitted_at"], name="application_queue"),
            models.Index(fields=["created_at"], condition=Q(status__in=["submitted", "checking"]), name="to_check"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "project"], condition=Q(status__in=LIVE), name="one_live_application"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(school__isnull=False, cohort__isnull=False, hub__isnull=False, submitted_at__isnull=False),
                name="a_sent_application_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="decided_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=Q(joined_to=None) | Q(status="duplicate") & ~Q(joined_to=F("pk")),
                name="joined_means_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(transferred_to=None) | Q(status="transferred") & ~Q(transferred_to=F("pk")),
                name="moved_means_transferred",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def words(self) -> Words:
        """Return what this form and its people are called; fetch it with its programme (`with_details()`)."""
        return words_of(self.project.programme)


class Nominee(models.Model):
    """A teacher whom the school means to be a Mastery Advocate; blank while not yet known."""

    PERSONAL = {"name", "email"}

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="nominees")
    position = models.PositiveSmallIntegerField(help_text="1 or 2.")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=PostRole.choices)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="one_nominee_a_position"),
            models.UniqueConstraint("application", models.functions.Lower("email"), name="two_different_nominees"),
            models.CheckConstraint(condition=Q(position__in=[1, 2]), name="two_nominees"),
        ]

    def __str__(self):
        return self.name


class Document(models.Model):
    """A department's development plan as a file. Read `content` only to hand it out."""

    PERSONAL = {"name", "content"}
    LONGEST_NAME = 120

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="document")
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=100, help_text="The media type, as the content shows it.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.name


class Endorsement(models.Model):
    """The head's confirmation, or whoever can accept for the school. Opening the link never answers it."""

    PERSONAL = {"name", "email", "answered_name", "note"}

    class Capacity(models.TextChoices):
        HEAD = "head", "I am the headteacher"
        FOR_SCHOOL = "for_school", "I can accept for the school"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="endorsements")
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
    capacity = models.CharField(max_length=10, choices=Capacity.choices, blank=True)
    commitments = models.JSONField(default=list, help_text="The wording that was confirmed.")
    note = models.TextField(blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(status__in=["asked", "confirmed"]), name="one_head_is_asked"
            ),
            models.CheckConstraint(condition=Q(status__in=EndorsementStatus.values), name="endorsement_status_known"),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | (Q(answered_at__isnull=False) & ~Q(capacity="")),
                name="a_confirmation_says_who",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.application.reference}"


class EligibilityCheck(models.Model):
    """One formal check: rule set, facts as they were, findings, outcome. The database refuses to change it."""

    PERSONAL = {"facts"}

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", "Eligible"
        REFERRED = "referred", "A person must look"
        INELIGIBLE = "ineligible", "Not eligible"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    facts = models.JSONField()
    findings = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.application.reference}: {self.get_outcome_display()}"


class FindingOverride(models.Model):
    """A finding set aside: one person gives the reason, another agrees."""

    PERSONAL = {"fact", "reason"}

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="overrides")
    code = models.CharField(max_length=40)
    fact = models.TextField(blank=True, help_text="What it rested on: the override counts while that stays so.")
    text = models.TextField(help_text="The finding as it read.")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rejected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "code", "fact"], condition=Q(rejected_at=None), name="one_override_a_finding"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | (Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("by"))),
                name="a_second_person_agrees",
            ),
            models.CheckConstraint(
                condition=Q(rejected_by=None, rejected_at=None)
                | Q(rejected_by__isnull=False, rejected_at__isnull=False),
                name="rejected_override_has_somebody",
            ),
            models.CheckConstraint(condition=Q(agreed_at=None) | Q(rejected_at=None), name="agreed_or_rejected"),
        ]

    def __str__(self):
        return f"{self.application.reference}: {self.code}"


class InformationRequest(models.Model):
    """A question from the hub that the school answers by its private link."""

    PERSONAL = {"question", "answer"}

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="questions")
    question = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer_by = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(answered_at=None), name="one_open_question")
        ]

    def __str__(self):
        return f"{self.application.reference}: {self.question[:40]}"


class Interest(models.Model):
    """A school that wants to hear when applications open."""

    PERSONAL = {"name", "email"}

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="interests")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="interests")
    school_name = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    privacy_version = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_of = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                "hub",
                models.functions.Lower("email"),
                models.functions.Lower("school_name"),
                name="one_interest_a_school",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_of=None) | Q(told_at__isnull=False, told_of__isnull=False),
                name="told_of_what_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.school_name}, {self.programme}"
