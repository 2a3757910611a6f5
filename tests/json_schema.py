"""As much of JSON Schema as the schemas of the documentation use."""

from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def find_breaches(value: Any, schema: dict[str, Any], path: str = "$") -> Iterator[str]:
    """What of a value does not fit a schema, each with its path."""
    kinds = schema.get("type", [])
    allowed = [kinds] if isinstance(kinds, str) else kinds
    if allowed and not any(_is(value, name) for name in allowed):
        yield f"{path}: {value!r} is no {' or '.join(allowed)}"
        return
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{path}: {value!r} is not allowed"
    if isinstance(value, dict):
        yield from _breaches_of_object(value, schema, path)
    for place, item in enumerate(value if isinstance(value, list) else ()):
        yield from find_breaches(item, schema.get("items", {}), f"{path}[{place}]")


def _breaches_of_object(value: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{path}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    if schema.get("additionalProperties", True) is False:
        yield from (f"{path}: {name} is unknown" for name in value if name not in known)
    for name, item in value.items():
        yield from find_breaches(item, known.get(name, {}), f"{path}.{name}")


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and not (name == "integer" and isinstance(value, bool))
