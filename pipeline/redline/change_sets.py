"""What a file proposes, as text to be kept: read once, it need not be read again on the same base."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from pipeline.redline.model import Change, ChangeKind, ChangeSet, Origin

#: hex sha256 of the base and of the file
Key = tuple[str, str]


class KnownChanges(Protocol):
    """What files are known to propose; a dict will do."""

    def get(self, key: Key, /) -> ChangeSet | None:
        """What the file proposes on the base; None when it was not read yet."""

    def __setitem__(self, key: Key, found: ChangeSet, /) -> None:
        """Keep what the file proposes."""


def write_change_set(found: ChangeSet) -> str:
    """The JSON text that `read_change_set` reads back."""
    return json.dumps(asdict(found), ensure_ascii=False, default=datetime.isoformat)


def read_change_set(text: str) -> ChangeSet:
    """What a file proposes, from the text of `write_change_set`. Raises: ValueError for any other text."""
    try:
        values = json.loads(text)
        changes = tuple(_read_change(one) for one in values.pop("changes"))
        warnings, fresh = tuple(values.pop("warnings")), tuple(values.pop("fresh"))
        return ChangeSet(changes=changes, warnings=warnings, fresh=fresh, **values)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("This text is no list of changes.") from error


def _read_change(values: dict[str, Any]) -> Change:
    date = values.pop("date")
    return Change(
        kind=ChangeKind(values.pop("kind")),
        origin=Origin(values.pop("origin")),
        date=None if date is None else datetime.fromisoformat(date),
        **values,
    )
