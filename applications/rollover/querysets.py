"""Proposals, and who sees them."""

from django.db import models

from hubportal.accounts.querysets import theirs

from .states import LIVE_PROPOSAL, ProposalStatus


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(theirs(user))

    def live(self):
        return self.filter(status__in=LIVE_PROPOSAL)

    def for_the_hub(self):
        """Return what waits for the hub: answers to take up, and a yes for which there was no room."""
        return self.filter(status__in=[ProposalStatus.ANSWERED, ProposalStatus.WAITING])

    def to_ask_again(self, today):
        """Return the schools' newest words where they said “ask us again” for a day that has come."""
        newer = self.model.objects.filter(school=models.OuterRef("school"), made_at__gt=models.OuterRef("made_at"))
        found = self.filter(status=ProposalStatus.PUT_OFF, ask_again_on__lte=today)
        return found.filter(~models.Exists(newer))

    def with_details(self):
        return self.select_related("school__establishment", "hub", "made_by", "taken_by").prefetch_related(
            models.Prefetch("phases", self.model.phases.rel.related_model.objects.with_details())
        )

    def locked(self, pk: int):
        """Return one proposal with its row locked and its details as they are once the lock is held."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.with_details().get(pk=pk)


class ProposedPhaseQuerySet(models.QuerySet):
    def with_details(self):
        return self.select_related("cohort__hub", "cohort__project__programme", "follows", "place")
