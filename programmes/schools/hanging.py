"""What hangs on a school: found by the foreign keys that point at it, put in words by the layers that it belongs to.

Schools know nothing of applications and places. Every foreign key is moved when two schools are joined, whoever made
it; the layer above says what its records are called, who may see them and when two schools' cannot stand together.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import ForeignObjectRel, QuerySet

from hubportal.accounts.models import User
from hubportal.rules import Finding

from .models import School, SchoolChange


@dataclass(frozen=True)
class Line:
    """One record of a school that a reader may see."""

    address: str
    name: str
    text: str


@dataclass(frozen=True)
class Shown:
    """What a reader may see of one kind of record; of the rest only how many there are at other hubs."""

    label: str
    lines: list[Line] = field(default_factory=list)
    elsewhere: int = 0


def _nothing(*_) -> Iterable:
    return ()


@dataclass(frozen=True)
class Kind:
    """What is known of the records behind one foreign key to a school; `relation` is its model and field."""

    relation: str
    hubs: Callable[[School], Iterable[int]] = _nothing
    shown: Callable[[School, User], Iterable[Shown]] = _nothing
    in_the_way: Callable[[School, School], Iterable[Finding]] = _nothing
    make_room: Callable[[School, School], object] = _nothing


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    KINDS.update({kind.relation: kind for kind in kinds})


def foreign_keys() -> dict[str, ForeignObjectRel]:
    """Return every foreign key that points at a school, hidden ones too, by its model and field."""
    pointing = [
        each for each in School._meta.get_fields(include_hidden=True) if each.auto_created and not each.concrete
    ]
    return {f"{each.related_model._meta.label}.{each.field.name}": each for each in pointing if not each.many_to_many}


def records(relation: ForeignObjectRel, school: School) -> QuerySet:
    return relation.related_model._base_manager.filter(**{relation.field.name: school})


def counts(school: School) -> list[str]:
    """Return in words how many URNs, applications, places, ... hang on the school, those of every hub."""
    own = {School, SchoolChange}
    told = [each for each in foreign_keys().values() if each.related_model not in own]
    found = ((records(each, school).count(), each.related_model._meta) for each in told)
    return [f"{n} {meta.verbose_name if n == 1 else meta.verbose_name_plural}" for n, meta in found if n]


def hubs_of(school: School) -> set[int]:
    """Return the hubs that have to do with the school."""
    return {hub for kind in KINDS.values() for hub in kind.hubs(school)}


def shown(school: School, reader: User) -> list[Shown]:
    return [each for kind in KINDS.values() for each in kind.shown(school, reader)]


def in_the_way(school: School, into: School) -> Iterator[Finding]:
    """Yield what keeps the records of two schools from becoming one school's."""
    for kind in KINDS.values():
        yield from kind.in_the_way(school, into)


def move(school: School, into: School) -> None:
    """Let everything that points at `school` point at `into`."""
    for kind in KINDS.values():
        kind.make_room(school, into)
    for each in foreign_keys().values():
        records(each, school).update(**{each.field.name: into})


def may_decide(user: User, school: School) -> bool:
    """Return whether `user` may decide at a hub that has to do with the school; at any hub if none has."""
    if user.is_superuser:
        return user.is_active
    permission = "programmes.decide_schoolchange"
    hubs = hubs_of(school)
    return bool(user.hubs_where(permission) & hubs) if hubs else user.has_perm(permission)
