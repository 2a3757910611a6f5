"""Checked reading of what people write into TOML and YAML files: every complaint names the place and the remedy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One table of a file, with the place it stands at in words."""

    #: "messages.yaml, M12"
    place: str
    values: Mapping[str, object]

    def fail(self, key: str, remedy: str) -> UsageError:
        """The error to raise about `key`; `remedy` says what to write."""
        return UsageError(f"{self.place}: {key}: {remedy}")

    def allow(self, keys: Iterable[str]) -> None:
        """Nothing. Raises: UsageError when a key is none of `keys`: most often a slip of the pen."""
        known = sorted(keys)
        for key in self.values:
            if key not in known:
                raise self.fail(str(key), f"this key is not known here; write one of {', '.join(known)}")

    def get_text(self, key: str, default: str | None = None) -> str:
        """The string at `key`. Raises: UsageError when it is missing without `default`, or not a string."""
        value = self.values.get(key, default)
        if value is None:
            raise self.fail(key, f'is missing; write {key} = "..."')
        if not isinstance(value, str):
            raise self.fail(key, f"write text in quotes instead of {value!r}")
        return value

    def get_line(self, key: str, default: str | None = None) -> str:
        """The string at `key`, on one line. Raises: UsageError when it has a line break or is missing."""
        value = self.get_text(key, default)
        if not value.isprintable():
            raise self.fail(key, "write it on one line, without tabs and line breaks")
        return value

    def get_optional(self, key: str) -> str | None:
        """The string at `key`, None when missing or null. Raises: UsageError when it is anything else."""
        return None if self.values.get(key) is None else self.get_text(key)

    def get_choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """The string at `key`. Raises: UsageError when it is none of `choices`."""
        value, known = self.get_text(key, default), tuple(choices)
        if value not in known:
            raise self.fail(key, f"{value!r} is not known; write one of {', '.join(known)}")
        return value

    def get_flag(self, key: str, default: bool = False) -> bool:
        """The truth value at `key`. Raises: UsageError when it is anything else."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, f"write true or false instead of {value!r}")
        return value

    def get_number(self, key: str, default: int | None = None) -> int:
        """The whole number at `key`. Raises: UsageError when it is missing without `default`, or anything else."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.fail(key, "write a whole number such as 4")
        return value

    def get_texts(self, key: str) -> tuple[str, ...]:
        """The strings at `key`: a list, a single string, or nothing. Raises: UsageError for anything else."""
        value = self.values.get(key)
        if value is None or value == "":
            return ()
        items = value if isinstance(value, list | tuple) else [value]
        if not all(isinstance(item, str) for item in items):
            raise self.fail(key, "write text in quotes, or a list of such texts")
        return tuple(str(item) for item in items)

    def get_zone(self, key: str, default: str | None = None) -> str:
        """The IANA zone at `key`. Raises: UsageError when nobody knows it."""
        name = self.get_text(key, default)
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as err:
            raise self.fail(key, f"{name!r} is no time zone; write one such as Europe/Vienna") from err
        return name

    def get_instant(self, key: str) -> datetime:
        """The aware instant at `key`. Raises: UsageError when it is missing, senseless or without an offset."""
        moment = self._moment(key)
        if moment.tzinfo is None:
            raise self.fail(key, "add the offset from UTC, as in 2012-10-01T10:00:00+02:00")
        return moment

    def get_wall_time(self, key: str, zone: str) -> datetime:
        """The aware instant at `key`: on the wall clock of `zone` unless it has an offset. Raises: UsageError."""
        moment = self._moment(key)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))

    def get_days(self, key: str) -> tuple[date, ...]:
        """The days at `key`, in order. Raises: UsageError when one is not a day."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, 'write a list of days: ["2012-12-25"]')
        return tuple(self.parse_day(key, item) for item in value)

    def parse_day(self, key: str, value: object) -> date:
        """The day `value` names. Raises: UsageError, about `key`, when it is not a day."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as err:
            raise self.fail(key, f"{value!r} is not a day; write year-month-day, as in 2012-12-25") from err

    def get_entry(self, key: str) -> "Entry":
        """The table at `key`. Raises: UsageError when it is missing or no table."""
        value = self.values.get(key)
        if not isinstance(value, Mapping):
            raise self.fail(key, f"is missing; write a table of its own under {key}")
        return Entry(place=f"{self.place}, {key}", values=value)

    def get_entries(self, key: str, name: str) -> tuple["Entry", ...]:
        """The tables at `key`, each placed by its value at `name`; empty when missing. Raises: UsageError."""
        value = self.values.get(key)
        if value is None:
            return ()
        return make_entries(f"{self.place}, {key}", value, name)

    def _moment(self, key: str) -> datetime:
        """The instant at `key`, aware or not. Raises: UsageError when it is missing or senseless."""
        value = self.values.get(key)
        try:
            return value if isinstance(value, datetime) else datetime.fromisoformat(self.get_text(key))
        except ValueError as err:
            raise self.fail(key, f"{value!r} is no date and time; write 2012-10-31T18:00:00") from err


def make_entries(place: str, value: object, name: str) -> tuple[Entry, ...]:
    """The tables in the list `value`, each placed by its own value at `name`. Raises: UsageError when it is no list."""
    if not isinstance(value, list):
        raise UsageError(f"{place}: write a list, one entry for each, beginning with its {name}")
    entries = []
    for position, item in enumerate(value, start=1):
        if not isinstance(item, Mapping):
            raise UsageError(f"{place}, entry {position}: write keys with values, beginning with {name}")
        entries.append(Entry(place=f"{place}, {item.get(name) or f'entry {position}'}", values=item))
    return tuple(entries)
