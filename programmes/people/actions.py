"""Keeping people: one person whatever their addresses, with posts from one date to another."""

import unicodedata
from datetime import date

from django.db import IntegrityError, transaction

from hubportal.rules import Finding, Refused
from programmes.schools.models import School

from .models import Person, PersonEmail, Post


@transaction.atomic
def person_at(school: School, *, name: str, email: str, role: str, on: date) -> Person:
    """Return the person of this address, made if new, with a post at `school`. Safe to call twice.

    A person who is known keeps the name that we have; who had another post here keeps it. Raises Refused when the
    address belongs to somebody with clearly another name, as an address of a department does in time.
    """
    person = Person.objects.with_email(email).first() or _new_person(name, email)
    if not same_name(person.name, name):
        text = (
            f"In our records {email} belongs to {person.name}, not to {name}. If it is one person, give the name that "
            "we have; if not, give an address that is this person's own."
        )
        raise Refused([Finding("another_name", text, fact="An address belongs to somebody of another name.")])
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


def same_name(one: str, other: str) -> bool:
    """Return whether two names can be one person's: the same words, or one surname with the same first initial.

    Case, accents, apostrophes and hyphens do not count: “S. ONeill” is Siân O'Neill.
    """
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return one.split() == other.split()
    return sorted(first) == sorted(second) or (first[-1], first[0][0]) == (second[-1], second[0][0])


def words_of(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.replace("-", " ")).casefold()
    words = ("".join(c for c in word if c.isalnum()) for word in plain.split())
    return [word for word in words if word]
