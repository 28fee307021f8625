from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value

from . import search
from .states import ChangeStatus

CLOSED = 2  # the register's status


class EstablishmentQuerySet(models.QuerySet):
    def search(self, q, limit=10):
        """Return at most `limit` schools that a person may mean by `q`, the likeliest first; none for no words.

        Name, town, postcode and URN, whole or begun, with typing errors. Closed schools come last.
        """
        urns = search.find_urns(q, limit, using=self.db)
        order = Value(urns, output_field=ArrayField(models.IntegerField()))
        place = Func(order, "urn", function="array_position", output_field=models.IntegerField())
        return self.filter(urn__in=urns).order_by(place) if urns else self.none()


class SchoolQuerySet(models.QuerySet):
    def with_details(self):
        return self.select_related("establishment__local_authority", "establishment__trust")

    def kept(self):
        """Leave out the schools that were joined into another."""
        return self.filter(joined_into=None)

    def with_urn(self, urn):
        """Return the school that has this URN or had it once; of joined schools the kept one."""
        return self.kept().filter(Q(establishment_id=urn) | Q(urns__establishment_id=urn)).distinct()

    def closed_by(self, today: date):
        """Return the schools whose establishment has closed, or was to close by `today`."""
        return self.kept().filter(Q(establishment__status=CLOSED) | Q(establishment__closed_on__lte=today))


class SchoolChangeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(status=ChangeStatus.OPEN)

    def decided(self):
        return self.exclude(status=ChangeStatus.OPEN)

    def with_details(self):
        facts = self.select_related("school__establishment", "establishment", "decided_by")
        return facts.prefetch_related("successors")
