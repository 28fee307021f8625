"""Reading facts back that were kept with a check: the way back from `Facts.as_dict`, also from older forms of it."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class NotKept(ValueError):
    """The kept facts lack something that every judgement needs, or hold something that cannot be read."""


def read(kind: type[T], kept: dict) -> T:
    """Return the facts of this kind that `kept` says.

    What older facts lack gets its default, and what newer ones add is left out. Raises NotKept.
    """
    try:
        return _reader(kind)(kept)
    except NotKept:
        raise
    except (AttributeError, TypeError, ValueError, KeyError) as problem:
        raise NotKept(f"{kind.__name__}: {problem}") from problem


@cache
def _reader(kind: type[T]) -> Callable[[dict], T]:
    """Return the reader of a dataclass: worked out once, because thousands of facts are read in one go."""
    hints = get_type_hints(kind)
    steps = [(each.name, _decoder(hints[each.name])) for each in fields(kind)]
    needed = [each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING]

    def read_one(kept: dict) -> T:
        for name in needed:
            if name not in kept:
                raise NotKept(f"{kind.__name__}: no “{name}” was kept.")
        return kind(**{name: decode(kept[name]) if decode else kept[name] for name, decode in steps if name in kept})

    return read_one


def _decoder(hint: Any) -> Callable | None:
    """Return what makes a value of this type from plain JSON; None where JSON has it already."""
    if is_dataclass(hint):
        return _reader(hint)
    if hint is date:
        return date.fromisoformat
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _tuple(_decoder(inner[0]))
    if origin in (Union, UnionType):
        found = next((decode for each in inner if (decode := _decoder(each))), None)
        return found and (lambda value: None if value is None else found(value))
    return None


def _tuple(decode: Callable | None) -> Callable[[list], tuple]:
    return (lambda values: tuple(decode(each) for each in values)) if decode else tuple
