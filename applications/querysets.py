"""Applications, and who sees them."""

import re

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value

from hubportal.accounts.querysets import theirs

from .states import LIVE

SEPARATORS = re.compile(r"[\s-]+")
MOST_WORDS, URN_LENGTH = 8, 6


class ApplicationQuerySet(models.QuerySet):
    def sent(self):
        return self.filter(submitted_at__isnull=False)

    def live(self):
        return self.filter(status__in=LIVE)

    def visible_to(self, user):
        """Return what `user` may read: applications that were sent to a hub of theirs; drafts are the school's own."""
        return self.filter(theirs(user), submitted_at__isnull=False)

    def with_details(self):
        return self.select_related(
            "school__establishment__local_authority", "cohort", "hub", "project__programme", "place"
        )

    def locked(self, pk: int):
        """Return one application with its row locked and its details as they are once the lock is held.

        Two statements on purpose: rows joined to a locked one are as old as the statement, so after a wait for the
        lock an offered place would still be missing.
        """
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.with_details().get(pk=pk)

    def matching(self, words: str):
        """Return what staff mean by reference, school, URN or person. Old names and URNs of the school count too."""
        found = _reference(words) | _now_called(words) | Q(self._school_was(words)) | Q(self._nominees_called(words))
        for field in ("contact_name", "contact_email", "head_name", "head_email"):
            found |= Q(**{f"{field}__icontains": words})
        return self.filter(found)

    def _school_was(self, words: str) -> Exists:
        had = Q(name__icontains=words)
        if words.isascii() and words.isdecimal() and len(words) == URN_LENGTH:
            had |= Q(establishment=int(words))
        urns = self.model._meta.get_field("school").related_model._meta.get_field("urns").related_model.objects
        return Exists(urns.filter(had, school=OuterRef("school")))

    def _nominees_called(self, words: str) -> Exists:
        called = Q(name__icontains=words) | Q(email__icontains=words)
        nominees = self.model._meta.get_field("nominees").related_model.objects
        return Exists(nominees.filter(called, application=OuterRef("pk")))


def _reference(text: str) -> Q:
    code = SEPARATORS.sub("", text).upper()
    return Q(reference__in=[code, f"{code[:3]}-{code[3:]}"])


def _now_called(words: str) -> Q:
    """Match each word with any part of the school's name, town and postcode as the register's search writes them."""
    spoken = [word for word in words.split()[:MOST_WORDS] if any(map(str.isalnum, word))]
    plain = [Func(Value(word), function="plain_text", output_field=models.TextField()) for word in spoken]
    named = [Q(school__establishment__search__contains=word) for word in plain]
    return Q(*named) if named else Q(pk__in=[])


class DocumentQuerySet(models.QuerySet):
    def without_content(self):
        """Leave the file itself in the database: a page needs its name and size only."""
        return self.defer("content")


class EndorsementQuerySet(models.QuerySet):
    def current(self):
        return self.filter(status__in=["asked", "confirmed", "refused"])


class InterestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def with_details(self):
        return self.select_related("hub", "programme", "told_of__programme")
