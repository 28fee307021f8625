"""Message: the outbox. One row a recipient, with the exact text, written with the decision that it tells of."""

from django.db import models
from django.db.models import Q

from .querysets import MessageQuerySet
from .states import Status


class Message(models.Model):
    """One e-mail to one address.

    `key` says what it is for and is never used twice. Private addresses stand in `text` as marks and are filled in
    while it is sent (`accounts.links`), so whoever reads the outbox cannot open them.
    """

    PERSONAL = {"to", "subject", "text", "result"}

    key = models.CharField(max_length=200, unique=True)
    hub = models.ForeignKey("accounts.Hub", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    template = models.CharField(max_length=60)
    reason = models.CharField("why", max_length=200)
    related = models.CharField(max_length=80, blank=True, help_text="The record it is about.")
    rule = models.CharField("reminder rule", max_length=40, blank=True)
    batch = models.CharField(max_length=80, blank=True, help_text="What it was queued with, to be looked at as one.")
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED, editable=False)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Not worth sending after this.")

    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)
    owner = models.CharField(max_length=60, blank=True, editable=False, help_text="The worker that has it in hand.")
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    result = models.CharField(max_length=500, blank=True, editable=False, help_text="What the mail server said.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("send_message", "Can release, drop and send messages again")]
        indexes = [
            models.Index(fields=["hub", "-created_at"], name="message_of_hub"),
            models.Index(fields=["related"], name="message_related"),
            models.Index(fields=["rule", "related"], condition=~Q(rule=""), name="message_of_rule"),
            models.Index(fields=["batch"], condition=Q(status="held") & ~Q(batch=""), name="message_of_batch"),
            models.Index(fields=["not_before", "created_at"], condition=Q(status="queued"), name="message_queued"),
            models.Index(
                fields=["lease_until"], condition=Q(status__in=["claimed", "sending"]), name="message_in_hand"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="message_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["claimed", "sending"]) | (~Q(owner="") & Q(lease_until__isnull=False)),
                name="message_in_hand_has_owner",
            ),
        ]

    def __str__(self):
        return self.subject


class MailServer(models.Model):
    """How the mail server has been: one row, so that all workers pause together while it is down."""

    PERSONAL = set()

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_mail_server")]

    def __str__(self):
        return "Mail server"
