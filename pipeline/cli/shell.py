"""What several commands share: opening the office, printing JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

import click

from pipeline.bootstrap import Office, open_office
from pipeline.config import Settings, read_settings


def settings_of(ctx: click.Context) -> Settings:
    """The settings the command line points to. Raises: ConfigurationError."""
    return read_settings(ctx.obj["config"])


@contextmanager
def office_of(ctx: click.Context) -> Iterator[Office]:
    """The office the command line points to. Raises: ConfigurationError, StoreError."""
    with open_office(settings_of(ctx)) as office:
        yield office


def print_json(value: object) -> None:
    """One JSON document on stdout; instants in ISO 8601, files left out."""
    click.echo(to_json(value, indent=2))


def to_json(value: object, *, indent: int | None = None) -> str:
    """JSON that any output can take: bytes of a file name that are no letters stay escaped."""
    written = json.dumps(value, default=_encode, ensure_ascii=False, indent=indent)
    return written.encode("utf-8", "backslashreplace").decode()


def _encode(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)
