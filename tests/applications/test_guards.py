"""What the database itself refuses, whatever code writes it: rows that contradict themselves, and seconds of one."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application, Endorsement, FindingOverride, Interest
from tests.factories import AT, UserFactory

from .stages import checked, fresh

pytestmark = pytest.mark.django_db


def write(application, **values):
    Application.objects.filter(pk=application.pk).update(**values)


def first_nominee(application, **values):
    application.nominees.filter(position=1).update(**values)


def second_override(application, *, fact="x"):
    for reason in ("first", "second"):
        FindingOverride.objects.create(
            application=application, code="phase", fact=fact, text="x", reason=reason, by=UserFactory(), at=AT
        )


def decided_override(application, **values):
    FindingOverride.objects.create(
        application=application, code="phase", text="x", reason="x", by=UserFactory(), at=AT, **values
    )


def second_head(application):
    asked = application.endorsements.get()
    asked.pk = None
    asked.save(force_insert=True)


def second_interest(application):
    for email, school in (("jo@school.example", "Oak School"), ("JO@school.example", "OAK SCHOOL")):
        Interest.objects.create(
            programme=application.project.programme,
            hub=application.hub,
            school_name=school,
            name="Jo",
            email=email,
            at=AT,
        )


def rule_set(application, **values):
    newest = application.project.rule_sets.last()
    newest.pk, newest.version, newest.effective_from = None, 99, date(2030, 1, 1)
    for name, value in values.items():
        setattr(newest, name, value)
    newest.save(force_insert=True)


REFUSED = [
    ("application_status_known", lambda a: write(a, status="nonsense")),
    ("a_sent_application_is_whole", lambda a: write(a, school=None)),
    ("a_sent_application_is_whole", lambda a: write(a, submitted_at=None)),
    ("decided_by_and_at_together", lambda a: write(a, decided_at=AT)),
    ("decided_by_and_at_together", lambda a: write(a, decided_by=UserFactory())),
    ("joined_means_duplicate", lambda a: write(a, joined_to=checked())),
    ("joined_means_duplicate", lambda a: write(a, joined_to=a, status="duplicate")),
    ("moved_means_transferred", lambda a: write(a, transferred_to=checked())),
    ("moved_means_transferred", lambda a: write(a, transferred_to=a, status="transferred")),
    ("one_nominee_a_position", lambda a: first_nominee(a, position=2)),
    ("two_different_nominees", lambda a: first_nominee(a, email=a.nominees.get(position=2).email.upper())),
    ("two_nominees", lambda a: first_nominee(a, position=3)),
    ("one_head_is_asked", second_head),
    ("endorsement_status_known", lambda a: a.endorsements.update(status="nonsense")),
    ("a_confirmation_says_who", lambda a: a.endorsements.update(status="confirmed", answered_at=AT)),
    ("a_confirmation_says_who", lambda a: a.endorsements.update(status="confirmed", capacity="head")),
    ("one_override_a_finding", second_override),
    ("a_second_person_agrees", lambda a: decided_override(a, agreed_by=UserFactory())),
    ("a_second_person_agrees", lambda a: decided_override(a, agreed_at=AT)),
    (
        "agreed_or_rejected",
        lambda a: decided_override(a, agreed_by=UserFactory(), agreed_at=AT, rejected_by=UserFactory(), rejected_at=AT),
    ),
    ("one_interest_a_school", second_interest),
    ("rule_set_grant_not_negative", lambda a: rule_set(a, grant_amount=-1)),
]


@pytest.mark.parametrize(("guard", "change"), REFUSED, ids=[f"{name}-{n}" for n, (name, _) in enumerate(REFUSED)])
def test_the_database_refuses_what_contradicts_itself(guard, change):
    application = checked()
    before = Application.objects.filter(pk=application.pk).values().get()
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        change(application)
    assert Application.objects.filter(pk=application.pk).values().get() == before
    assert fresh(application).nominees.count() == 2
    assert Endorsement.objects.filter(application=application).count() == 1


def test_an_override_of_other_facts_is_another():
    application = checked()
    for fact in ("Primary", "Secondary"):
        decided_override(application, fact=fact)
    assert application.overrides.count() == 2
