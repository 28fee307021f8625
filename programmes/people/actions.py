"""Keeping people: one person whatever their addresses, with posts from one date to another."""

from datetime import date

from django.db import IntegrityError, transaction

from programmes.schools.models import School

from .models import Person, PersonEmail, Post


@transaction.atomic
def person_at(school: School, *, name: str, email: str, role: str, on: date) -> Person:
    """Return the person of this address, made if new, with a post at `school`. Safe to call twice.

    A person who is known keeps the name that we have; who had another post here keeps it.
    """
    person = Person.objects.with_email(email).first() or _new_person(name, email)
    Post.objects.get_or_create(person=person, school=school, role=role, until_on=None, defaults={"from_on": on})
    return person


def _new_person(name: str, email: str) -> Person:
    try:
        with transaction.atomic():
            person = Person.objects.create(name=name)
            PersonEmail.objects.create(person=person, email=email.lower())
            return person
    except IntegrityError:  # somebody else has just made this person
        return Person.objects.with_email(email).get()
