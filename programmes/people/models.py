"""People who work at schools. A person is not an e-mail address, and has posts from one date to another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from hubportal.accounts.models import Hub
from programmes.schools.models import School

from .querysets import PersonJoinQuerySet, PersonQuerySet


class PostRole(models.TextChoices):
    """A person's part in a maths department, as the expression of interest asks for it (seed 0 and hub forms)."""

    HEAD_OF_DEPARTMENT = "hod", "Head of department"
    SECOND = "second", "Second in department"
    KS3_LEAD = "ks3_lead", "Key Stage 3 lead"
    KS45_LEAD = "ks45_lead", "Key Stage 4 or 5 lead"
    LEAD_PRACTITIONER = "lead_practitioner", "Lead practitioner"
    TEACHER = "teacher", "Teacher of mathematics"
    SLT = "slt", "Senior leader"
    OTHER = "other", "Another role"


class Person(models.Model):
    PERSONAL = {"name", "trn"}

    name = models.CharField(max_length=120)
    trn = models.CharField("teacher reference number", max_length=7, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        permissions = [("decide_person", "Can correct names and addresses and join two records of one person")]
        constraints = [models.UniqueConstraint(fields=["trn"], condition=~Q(trn=""), name="one_person_per_trn")]

    def __str__(self):
        return self.name


class PersonEmail(models.Model):
    """An address of a person, present or past. An address names one person at most."""

    PERSONAL = {"email"}

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="emails")
    email = models.EmailField(max_length=254)

    class Meta:
        ordering = ["pk"]
        verbose_name = "e-mail address"
        verbose_name_plural = "e-mail addresses"
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self):
        return self.email


class PersonName(models.Model):
    """A name that a person had before, or has at another school."""

    PERSONAL = {"name"}

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "former name"
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_former_name")]

    def __str__(self):
        return self.name


class Accreditation(models.Model):
    """What a person is accredited as, from one date to another, such as NCETM PD Lead."""

    PERSONAL = {"note"}

    class Kind(models.TextChoices):
        SPECIALIST = "specialist", "Mastery Specialist"
        PD_LEAD = "pd_lead", "NCETM PD Lead"
        SCHOOL_DEVELOPMENT_LEAD = "sdl", "School Development Lead"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accreditations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("national cohort", null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="When it has to be renewed, or ended.")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-from_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "from_on"], name="one_accreditation_a_day"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")), name="accreditation_ends_after"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.person}"


class Post(models.Model):
    """A person's role at a school, from one date to another."""

    PERSONAL = set()

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=PostRole.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")), name="post_ends_after"
            ),
            models.UniqueConstraint(
                fields=["person", "school", "role"], condition=Q(until_on=None), name="one_current_post_of_a_role"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()}"


class PersonJoin(models.Model):
    """One person's request to join two records of one person: it counts when a second person agrees.

    One that is rejected stays, and says that they are two people.
    """

    PERSONAL = {"reason"}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joins", verbose_name="who is joined")
    into = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joins_here", verbose_name="who is kept")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+", help_text="Whose staff answer.")
    reason = models.CharField(max_length=500)
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

    objects = PersonJoinQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "request to join two people"
        verbose_name_plural = "requests to join two people"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(agreed_at=None, rejected_at=None), name="one_open_join_a_person"
            ),
            models.CheckConstraint(condition=~Q(person=F("into")), name="a_join_is_of_two"),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | Q(agreed_at__isnull=False, rejected_at=None) & ~Q(agreed_by=F("by")),
                name="a_second_person_joins",
            ),
            models.CheckConstraint(
                condition=Q(rejected_by=None, rejected_at=None)
                | Q(rejected_by__isnull=False, rejected_at__isnull=False),
                name="rejected_join_has_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.person} and {self.into}"
