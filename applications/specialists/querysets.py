"""Teachers' applications, and who sees what of them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from hubportal.accounts.querysets import theirs

from .states import LIVE, UNDECIDED, Decision, SpecialistApplicationStatus


class SpecialistApplicationQuerySet(models.QuerySet):
    def live(self):
        return self.filter(status__in=LIVE)

    def undecided(self):
        """Return what was sent and has no result yet, whatever has been decided quietly."""
        return self.filter(status__in=UNDECIDED)

    def quietly_selected(self):
        """Return whom the hub means to select and has not told yet."""
        return self.undecided().filter(decision=Decision.SELECTED)

    def visible_to(self, user):
        """Return what `user` may read: what was sent to a hub of theirs; drafts are the teacher's own."""
        return self.filter(theirs(user), submitted_at__isnull=False)

    def with_details(self):
        return self.select_related(
            "school__establishment__local_authority", "cohort__hub", "hub", "project__programme", "place", "person"
        )

    def locked(self, pk: int):
        """Return one application with its row locked and its details as they are once the lock is held."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.with_details().get(pk=pk)

    def of_the_same_teacher(self, application):
        """Return the live applications to the same cohort of whoever has this address, this TRN or this record."""
        same = Q(email__iexact=application.email)
        if application.trn:
            same |= Q(trn=application.trn)
        if application.person_id:
            same |= Q(person=application.person_id)
        return self.live().filter(same, project=application.project_id).exclude(pk=application.pk)

    def matching(self, words: str):
        """Return what staff mean by reference, teacher, school or URN."""
        code = words.replace(" ", "").upper()
        found = Q(reference__in=[code, f"{code[:3]}-{code[3:]}"]) | Q(school__establishment__name__icontains=words)
        for field in ("name", "former_names", "email", "head_name"):
            found |= Q(**{f"{field}__icontains": words})
        if words.isascii() and words.isdecimal() and len(words) == 6:
            found |= Q(school__urns__establishment=int(words))
        return self.filter(pk__in=self.model.objects.filter(found).values("pk"))

    def started(self):
        return self.exclude(status=SpecialistApplicationStatus.DRAFT)


class HeadPartQuerySet(models.QuerySet):
    def current(self):
        return self.filter(status__in=["asked", "confirmed", "refused"])


class ReadingQuerySet(models.QuerySet):
    def scored(self):
        return self.filter(scored_at__isnull=False)

    def open_to(self, user):
        """Return the readings whose scores `user` may see: their own, and both once nobody's is missing.

        This holds for everybody, superusers too: a reader who has seen the other's scores is no second reader.
        """
        missing = self.model.objects.filter(application=OuterRef("application"), scored_at=None)
        one, two = (Exists(self.model.objects.filter(application=OuterRef("application"), position=n)) for n in (1, 2))
        return self.filter(Q(reader=user) | (Q(one) & Q(two) & ~Exists(missing)))
