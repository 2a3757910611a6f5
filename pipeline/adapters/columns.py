"""The kinds of columns the tables have: instants in UTC, words from hostile mail, members of an enumeration, JSON."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Text, TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. Raises: ValueError on one without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """`value` in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone: pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC; SQLite drops the zone on the way in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def make_storable(text: str) -> str:
    """`text` without what no database column takes: NUL becomes U+FFFD, a lone surrogate "?"."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Words(TypeDecorator[str]):
    """Text that may come from hostile mail. Raw bytes and encoded records keep what a column cannot."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """`value` made storable."""
        return None if value is None else make_storable(value)


class OneOf(TypeDecorator[StrEnum]):
    """A member of one enumeration, kept by its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        """Keep the enumeration the values belong to."""
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The value of the member. Raises: ValueError when it belongs to another enumeration."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The member of this value."""
        return None if value is None else self.kind(value)


def json_column(name: str) -> Column[Any]:
    """A column of JSON text, as `store.codec` writes it; an archive shows what is in it."""
    return Column(name, Text, nullable=False, info={"json": True})
