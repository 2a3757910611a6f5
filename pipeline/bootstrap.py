"""The only place that wires: settings in, an office with its desk, mailbox and sender out."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.adapters import store
from pipeline.adapters.imap import MailboxSettings
from pipeline.adapters.sandbox import Sandbox
from pipeline.adapters.smtp import SmtpSettings
from pipeline.config import Settings
from pipeline.core.rules import load_rules
from pipeline.errors import ConfigurationError
from pipeline.understand import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Everything a command or the admin works with."""

    settings: Settings
    database: store.Database
    desk: Desk
    #: the present instant, aware; simulated in the demonstration
    clock: Callable[[], datetime]


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


@contextmanager
def open_office(settings: Settings, clock: Callable[[], datetime] = now, *, workers: int = 1) -> Iterator[Office]:
    """The office as configured, with so many child processes; they and its connections are closed at the end.

    Raises: ConfigurationError, StoreError.
    """
    rules = load_rules(settings.rules)
    database = store.open_database(settings.store_url)
    try:
        with Sandbox(workers=workers, preload=("pipeline.reading",)) as sandbox:
            desk = Desk(
                database=database,
                reader=sandbox,
                rules=rules,
                authserv_id=settings.authserv_id,
                secret=settings.secret,
            )
            yield Office(settings=settings, database=database, desk=desk, clock=clock)
    finally:
        database.dispose()


def mailbox_settings(settings: Settings) -> MailboxSettings:
    """Where the drafts mailbox is. Raises: ConfigurationError when none is configured."""
    if settings.mailbox is None:
        raise ConfigurationError("No mailbox is configured: set [mailbox] host in the configuration file.")
    server = settings.mailbox
    return MailboxSettings(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        tls=server.tls,
        folder=settings.folder,
        move_to=settings.move_to or None,
    )


def sender_settings(settings: Settings) -> SmtpSettings:
    """The way out for mail. Raises: ConfigurationError when none is configured."""
    if settings.smtp is None:
        raise ConfigurationError("No way to send mail is configured: set [smtp] host in the configuration file.")
    server = settings.smtp
    return SmtpSettings(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        tls=server.tls,
        envelope_from=settings.envelope_from,
    )


def new_secret() -> str:
    """A fresh random key, 256 bits as hex."""
    return secrets.token_hex(32)
