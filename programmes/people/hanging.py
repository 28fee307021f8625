"""What hangs on a person: found by the foreign keys that point at it, put in words by the layers that it belongs to.

People know nothing of places and specialists. Every foreign key is moved when two records of one person are joined,
whoever made it; the layer above says which hubs it concerns, who may see it and when two cannot stand together.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import ForeignObjectRel, Q, QuerySet

from hubportal.accounts.models import User
from hubportal.rules import Finding

from .models import Person, PersonJoin, Post

PERMISSION = "programmes.decide_person"
NONE, ALL = Q(pk__in=[]), Q(pk__isnull=False)


def _nothing(*_) -> Iterable:
    return ()


def _none_stays(*_) -> Q:
    return NONE


@dataclass(frozen=True)
class Kind:
    """What is known of the records behind one foreign key to a person; `relation` is its model and field.

    `stays` says which of them keep pointing at the record that is no more, as history of it.
    """

    relation: str
    hubs: Callable[[Person], Iterable[int]] = _nothing
    shown: Callable[[Person, User], Iterable[str]] = _nothing
    in_the_way: Callable[[Person, Person], Iterable[Finding]] = _nothing
    make_room: Callable[[Person, Person], object] = _nothing
    stays: Callable[[Person, Person], Q] = _none_stays


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    KINDS.update({kind.relation: kind for kind in kinds})


def foreign_keys() -> dict[str, ForeignObjectRel]:
    """Return every foreign key that points at a person, hidden ones too, by its model and field."""
    pointing = [
        each for each in Person._meta.get_fields(include_hidden=True) if each.auto_created and not each.concrete
    ]
    return {f"{each.related_model._meta.label}.{each.field.name}": each for each in pointing if not each.many_to_many}


def records(relation: ForeignObjectRel, person: Person) -> QuerySet:
    return relation.related_model._base_manager.filter(**{relation.field.name: person})


def counts(person: Person) -> list[str]:
    """Return in words how many addresses, posts, places, ... hang on the person, those of every hub."""
    told = [each for each in foreign_keys().values() if each.related_model not in {Person, PersonJoin}]
    found = ((records(each, person).count(), each.related_model._meta) for each in told)
    return [f"{n} {meta.verbose_name if n == 1 else meta.verbose_name_plural}" for n, meta in found if n]


def hubs_of(person: Person) -> set[int]:
    """Return the hubs that have to do with the person."""
    return {hub for kind in KINDS.values() for hub in kind.hubs(person)}


def shown(person: Person, reader: User) -> list[str]:
    """Return in sentences what hangs on the person at the hubs of the reader."""
    return [each for kind in KINDS.values() for each in kind.shown(person, reader)]


def in_the_way(person: Person, into: Person) -> Iterator[Finding]:
    """Yield what keeps the records of two people from becoming one person's."""
    for kind in KINDS.values():
        yield from kind.in_the_way(person, into)


def move(person: Person, into: Person) -> None:
    """Let everything that points at `person` point at `into`, but for what stays as history of the former record."""
    for kind in KINDS.values():
        kind.make_room(person, into)
    for name, each in foreign_keys().items():
        stays = KINDS[name].stays(person, into) if name in KINDS else NONE
        records(each, person).exclude(stays).update(**{each.field.name: into})


def may_decide(user: User, person: Person) -> bool:
    """Return whether `user` may decide at a hub that has to do with the person."""
    if user.is_superuser:
        return user.is_active
    return bool(user.hubs_where(PERMISSION) & hubs_of(person))


def _names_it_has(person: Person, into: Person) -> Q:
    return Q(name__in=[into.name, *into.names.values_list("name", flat=True)])


def _accreditations_it_has(person: Person, into: Person) -> Q:
    same = NONE
    for each in into.accreditations.all():
        same |= Q(kind=each.kind, from_on=each.from_on)
    return same


def _end_doubled_posts(person: Person, into: Person) -> None:
    """End a current post that the other record has too; both stay as history."""
    for post in Post.objects.filter(person=person, until_on=None):
        other = Post.objects.filter(person=into, school=post.school_id, role=post.role, until_on=None).first()
        if other:
            Post.objects.filter(pk=post.pk).update(until_on=max(post.from_on, other.from_on))


register(
    Kind("programmes.PersonEmail.person"),
    Kind("programmes.PersonName.person", stays=_names_it_has),
    Kind("programmes.Post.person", make_room=_end_doubled_posts),
    Kind("programmes.Accreditation.person", stays=_accreditations_it_has),
    Kind("programmes.Person.merged_into"),
    # A request says who was meant, so it keeps pointing at both.
    Kind("programmes.PersonJoin.person", stays=lambda *_: ALL),
    Kind("programmes.PersonJoin.into", stays=lambda *_: ALL),
)
