"""The register of schools as the DfE publishes it, and our schools, which outlive their URNs."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from .querysets import EstablishmentQuerySet, SchoolChangeQuerySet, SchoolQuerySet
from .states import ChangeKind, ChangeStatus, SearchRank


class LocalAuthority(models.Model):
    """A local authority by its DfE code: names vary in spelling, codes do not."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=80)

    PERSONAL = set()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "local authorities"

    def __str__(self):
        return self.name


class Trust(models.Model):
    """A multi-academy or single-academy trust by the register's code."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=200)

    PERSONAL = set()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Establishment(models.Model):
    """One row of the register (Get Information About Schools). Written by the import only, never deleted."""

    PERSONAL = set()

    class State(models.IntegerChoices):
        OPEN = 1, "Open"
        CLOSED = 2, "Closed"
        CLOSING = 3, "Open, but proposed to close"
        PROPOSED = 4, "Proposed to open"

    class Phase(models.IntegerChoices):
        NOT_APPLICABLE = 0, "Not applicable"
        NURSERY = 1, "Nursery"
        PRIMARY = 2, "Primary"
        MIDDLE_PRIMARY = 3, "Middle deemed primary"
        SECONDARY = 4, "Secondary"
        MIDDLE_SECONDARY = 5, "Middle deemed secondary"
        POST_16 = 6, "16 plus"
        ALL_THROUGH = 7, "All-through"

    urn = models.PositiveIntegerField("URN", primary_key=True)
    name = models.CharField(max_length=200)
    local_authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("establishment number", max_length=4, blank=True)
    type_code = models.PositiveSmallIntegerField()
    type_name = models.CharField("type", max_length=100)
    group_code = models.PositiveSmallIntegerField()
    group_name = models.CharField("group", max_length=100)
    status = models.PositiveSmallIntegerField(choices=State.choices)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    phase = models.PositiveSmallIntegerField(choices=Phase.choices)
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)
    further_education_type = models.CharField(max_length=100, blank=True)
    section_41 = models.BooleanField("approved under section 41", null=True)
    religious_character = models.CharField(max_length=60, blank=True)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pupils = models.PositiveIntegerField(null=True, blank=True)
    street = models.CharField(max_length=200, blank=True)
    locality = models.CharField(max_length=200, blank=True)
    address3 = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    website = models.CharField(max_length=300, blank=True)
    district = models.CharField(max_length=100, blank=True)
    easting = models.PositiveIntegerField(null=True, blank=True)
    northing = models.PositiveIntegerField(null=True, blank=True)
    seen_on = models.DateField(
        help_text="The register's date when this row was last written or, for a school of ours, found unchanged."
    )
    gone_on = models.DateField(
        null=True, blank=True, help_text="The date of the first register file that no longer had this row."
    )
    search = models.GeneratedField(
        expression=models.Func("name", "town", "postcode", function="school_search"),
        output_field=models.TextField(),
        db_persist=True,
    )
    search_rank = models.GeneratedField(
        expression=models.Func("status", "phase", function="school_rank"),
        output_field=models.PositiveSmallIntegerField(choices=SearchRank.choices),
        db_persist=True,
    )

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "urn"]
        indexes = [
            models.Index(
                fields=["search_rank", "search"],
                opclasses=["int2_ops", "text_pattern_ops"],
                include=["urn", "phase"],
                name="establishment_by_name",
            ),
            *(
                GinIndex(
                    fields=["search"],
                    opclasses=["gin_trgm_ops"],
                    condition=Q(search_rank=rank),
                    name=f"establishment_words_{rank}",
                )
                for rank in SearchRank.values
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.urn})"

    @property
    def address(self):
        """Return the lines of the address that the register has."""
        lines = [self.street, self.locality, self.address3, self.town, self.county, self.postcode]
        return [line for line in lines if line]

    def is_closed_on(self, today):
        """Return whether it has closed: the register says so, or the day has come that it was to close."""
        return self.status == self.State.CLOSED or bool(self.closed_on and self.closed_on <= today)

    def is_open_on(self, today):
        return self.status in {self.State.OPEN, self.State.CLOSING} and not self.is_closed_on(today)


class SearchWord(models.Model):
    """A word of the names and towns, kept by a trigger, so that the search can put a mistyped one right."""

    PERSONAL = set()

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        ordering = ["word"]
        indexes = [
            models.Index(fields=["word"], opclasses=["text_pattern_ops"], name="search_word_start"),
            models.Index(models.Func("word", 2, 3, function="substr"), name="search_word_inside"),
        ]

    def __str__(self):
        return self.word


class EstablishmentLink(models.Model):
    """What the register says of two establishments: `link_urn` is the successor, predecessor, ... of `urn`.

    URNs, not foreign keys: the links file names establishments that are in no file of ours.
    """

    PERSONAL = set()

    urn = models.PositiveIntegerField(db_index=True)
    link_urn = models.PositiveIntegerField(db_index=True)
    link_name = models.CharField(max_length=200, blank=True)
    link_type = models.CharField(max_length=80)
    established_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["urn", "link_urn", "link_type"], name="one_link_of_a_type")]

    def __str__(self):
        return f"{self.link_urn} is the {self.link_type} of {self.urn}"


class School(models.Model):
    """A school as we know it: it points at its current establishment and keeps its own history when the URN changes.

    One that turned out to be another of ours stays as a row that says into which it was joined, and holds nothing
    else: a trigger leads what is still written to it on to the kept school.
    """

    PERSONAL = set()

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="schools", related_query_name="school"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined", editable=False
    )

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["establishment__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment"], condition=Q(joined_into=None), name="one_school_an_establishment"
            ),
            models.CheckConstraint(condition=~Q(joined_into=F("pk")), name="joined_into_another"),
        ]

    def __str__(self):
        return self.establishment.name

    @property
    def name(self):
        return self.establishment.name

    @property
    def urn(self):
        return self.establishment_id


class SchoolUrn(models.Model):
    """A URN that a school has or had, with the name it then had."""

    PERSONAL = set()

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="urns")
    establishment = models.OneToOneField(Establishment, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["from_on"]
        verbose_name = "URN"
        constraints = [
            models.UniqueConstraint(fields=["school"], condition=Q(until_on=None), name="one_current_urn"),
        ]

    def __str__(self):
        return f"{self.establishment_id} {self.name}"


class RegisterImport(models.Model):
    """One load of the register: what file, what it changed, or why it was refused."""

    PERSONAL = {"message"}

    class Status(models.TextChoices):
        APPLIED = "applied", "Applied"
        UNCHANGED = "unchanged", "Nothing had changed"
        REFUSED = "refused", "Refused"

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    register_on = models.DateField(help_text="The date of the register in the file.")
    status = models.CharField(max_length=10, choices=Status.choices, editable=False)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    links = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return f"{self.file_name}, {self.at:%-d %B %Y}"


class SchoolChange(models.Model):
    """A change in the register to a school of ours that a person must decide on, with what it would mean."""

    PERSONAL = {"note"}

    Kind = ChangeKind
    Status = ChangeStatus

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="changes")
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    old = models.CharField(max_length=200, blank=True)
    new = models.CharField(max_length=200, blank=True)
    successors = models.ManyToManyField(Establishment, related_name="+", blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN, editable=False)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    objects = SchoolChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at"]
        permissions = [("decide_schoolchange", "Can decide what a change in the register means")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "establishment", "kind", "new"],
                condition=Q(status=ChangeStatus.OPEN),
                name="one_open_change",
            ),
            models.CheckConstraint(condition=Q(status__in=ChangeStatus.values), name="school_change_status_known"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at=None) | ~Q(status="open") & Q(decided_at__isnull=False),
                name="school_change_decided_once",
            ),
        ]

    def __str__(self):
        return f"{self.school}: {self.get_kind_display()}"
