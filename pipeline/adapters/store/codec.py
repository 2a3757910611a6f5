"""Frozen dataclasses to JSON text and back, exactly. Built once for each type from its annotations."""

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pipeline.errors import StoreError

T = TypeVar("T")
_Step = Callable[[Any], Any]

_write = json.JSONEncoder(separators=(",", ":")).encode

#: what JSON keeps as it is
_PLAIN = (str, int, float, bool, NoneType)


def encode(value: object) -> str:
    """`value` as JSON text in ASCII, so that lone surrogates and NUL survive in any text column.

    Raises: TypeError for what is neither a dataclass nor a plain value; ValueError for a datetime without a zone.
    """
    return _write(_simplify(value))


def decode(kind: type[T], text: str) -> T:
    """The value that `encode` wrote. Fields added since then get their defaults.

    Raises: StoreError when the text does not hold a `kind`.
    """
    try:
        value: T = _get_reader(cast(Any, kind))(json.loads(text))
        return value
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        name = getattr(kind, "__name__", str(kind))
        raise StoreError(
            f"A stored {name} cannot be read ({error!r}): restore a backup, or have the mail recognised again."
        ) from error


def _simplify(value: object) -> object:
    """`value` in terms of lists, dicts and plain values; fields at their default are left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, tuple):
        return [_simplify(item) for item in value]
    if isinstance(value, date):
        return _simplify_date(value)
    if is_dataclass(value):
        return {
            field.name: _simplify(item)
            for field in fields(value)
            if (item := getattr(value, field.name)) is not None or field.default is not None
        }
    raise TypeError(f"cannot store a {type(value).__name__}")


def _simplify_date(value: date) -> str:
    """ISO text; of a datetime with its offset."""
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise ValueError("a stored instant needs a time zone: pass an aware datetime")
    return value.isoformat()


@cache
def _get_reader(kind: Any) -> _Step:
    """The function that turns parsed JSON into a `kind`."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _read_union(get_args(kind))
    if origin is tuple:
        return _read_tuple(get_args(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_dataclass(kind)
    if kind in (date, datetime):
        return kind.fromisoformat  # type: ignore[no-any-return]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind in _PLAIN:
        return _read_plain(kind)
    raise TypeError(f"cannot read a {kind}")


def _read_plain(kind: type) -> _Step:
    accepted = (int, float) if kind is float else kind

    def read(found: Any) -> Any:
        if not isinstance(found, accepted):
            raise TypeError(f"{found!r} is no {kind.__name__}")
        return found

    return read


def _read_union(kinds: tuple[Any, ...]) -> _Step:
    """Of the unions only "or None" is used by the nouns."""
    some = [kind for kind in kinds if kind is not NoneType]
    if len(some) != 1:
        raise TypeError(f"cannot tell apart {kinds}")
    inner = _get_reader(some[0])
    return lambda found: None if found is None else inner(found)


def _read_tuple(kinds: tuple[Any, ...]) -> _Step:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        inner = _get_reader(kinds[0])
        return lambda found: tuple([inner(item) for item in found])
    readers = [_get_reader(kind) for kind in kinds]
    return lambda found: tuple([read(item) for read, item in zip(readers, found, strict=True)])


def _read_dataclass(kind: Any) -> _Step:
    hints = get_type_hints(kind)
    readers = {field.name: (_get_reader(hints[field.name]), _has_default(field)) for field in fields(kind)}

    def read(found: Any) -> Any:
        known: dict[str, Any] = {}
        for name, (step, optional) in readers.items():
            if name in found:
                known[name] = step(found[name])
            elif not optional:
                known[name] = step(None)
        return kind(**known)

    return read


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING
