"""Records that may be one person's: names that can be one person's, at one school or wholly alike."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db.models import QuerySet

from .actions import same_name, words_of
from .models import Person, PersonJoin, Post

MOST = 50  # pairs on one page


@dataclass(frozen=True)
class Pair:
    """Two people who may be one, and why: the older record first."""

    one: int
    other: int
    why: str


def pairs(people: QuerySet) -> list[Pair]:
    """Return the pairs among `people` that may be one person and about whom nobody has been asked, in three queries."""
    kept = people.kept().order_by("pk")
    names = {pk: (name, words_of(name)) for pk, name in kept.values_list("pk", "name")}
    schools = defaultdict(set)
    posts = Post.objects.filter(person__in=kept.order_by().values("pk")).order_by()
    for person, school in posts.values_list("person", "school").distinct():
        schools[person].add(school)
    asked = {frozenset(each) for each in PersonJoin.objects.values_list("person", "into")}
    found = {}
    for one, other in _alike(names):
        why = _why(names[one], names[other], together=bool(schools[one] & schools[other]))
        if why and frozenset([one, other]) not in asked:
            found[one, other] = Pair(one, other, why)
    return sorted(found.values(), key=lambda pair: (pair.why.endswith("another school"), pair.one))[:MOST]


def _alike(names: dict[int, tuple]) -> Iterator[tuple[int, int]]:
    """Yield every two people who share their surname and first letter, or all their words in any order."""
    groups = defaultdict(list)
    for pk, (_, words) in names.items():
        if words:
            groups[words[-1], words[0][0]].append(pk)
            groups[tuple(sorted(words)), ""].append(pk)
    for group in groups.values():
        yield from combinations(group, 2)


def _why(one: tuple, other: tuple, *, together: bool) -> str:
    """Return in words why two names may be one person's, or nothing."""
    alike = sorted(one[1]) == sorted(other[1])
    if together and same_name(one[0], other[0]):
        return "Same name, same school" if alike else "Names alike, same school"
    return "Same name, another school" if alike else ""


def with_details(pairs: list[Pair]) -> list[tuple[Pair, Person, Person]]:
    """Return each pair with its two people, their addresses read in one query more."""
    wanted = {pk for pair in pairs for pk in (pair.one, pair.other)}
    people = Person.objects.prefetch_related("emails").in_bulk(wanted)
    return [(pair, people[pair.one], people[pair.other]) for pair in pairs]
