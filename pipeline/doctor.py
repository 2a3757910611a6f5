"""Each setting checked by using it: every line says what was found and, where it is not well, what to do."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.adapters import pandoc, store
from pipeline.adapters.imap import ImapMailbox
from pipeline.adapters.sandbox import Sandbox
from pipeline.adapters.smtp import SmtpSender
from pipeline.bootstrap import mailbox_settings, sender_settings
from pipeline.config import Settings
from pipeline.core.rules import load_rules
from pipeline.errors import PenholderError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check."""

    #: "ok", "warn" or "fail"
    mark: str
    subject: str
    #: what was found and what to do
    words: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check in order; one that fails does not stop the next."""
    for subject, check in _CHECKS.items():
        try:
            mark, words = check(settings)
        except PenholderError as error:
            mark, words = "fail", str(error)
        yield Finding(mark=mark, subject=subject, words=words)


def _check_python(settings: Settings) -> tuple[str, str]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return "ok", f"Python {version}"


def _check_store(settings: Settings) -> tuple[str, str]:
    database = store.open_database(settings.store_url)
    try:
        with database.begin() as db:
            counts = store.messages.count_messages(db)
    finally:
        database.dispose()
    return "ok", f"can be read and written, {sum(counts.values())} messages"


def _check_roster(settings: Settings) -> tuple[str, str]:
    database = store.open_database(settings.store_url)
    try:
        with database.read() as db:
            roster = store.rosters.get_roster(db)
    except UsageError as error:
        return "warn", str(error)
    finally:
        database.dispose()
    return "ok", f"{roster.name}: {len(roster.members)} members, mailbox {roster.mailbox}"


def _check_mailbox(settings: Settings) -> tuple[str, str]:
    if settings.mailbox is None:
        return "warn", "not configured: set [mailbox] host, port, user and a password"
    with ImapMailbox(mailbox_settings(settings)) as mailbox:
        words = mailbox.survey().describe()
        idle = "IDLE" in mailbox.capabilities
    if settings.mailbox.tls == "none" and settings.mailbox.host not in ("127.0.0.1", "localhost", "::1"):
        return "warn", f"{words} The password travels in the clear: set tls."
    return "ok", words + ("" if idle else f" The server offers no IDLE; it is asked every {settings.poll_seconds} s.")


def _check_authentication(settings: Settings) -> tuple[str, str]:
    if settings.authserv_id:
        return "ok", f"results of {settings.authserv_id} count"
    return (
        "warn",
        "no authserv_id: forged senders cannot be told. Copy it from an Authentication-Results field of your server",
    )


def _check_smtp(settings: Settings) -> tuple[str, str]:
    if settings.smtp is None:
        return "warn", "not configured: set [smtp] host, port and envelope_from"
    if not settings.envelope_from:
        return "fail", "set [smtp] envelope_from to the drafts mailbox, so that failure reports come back"
    with SmtpSender(sender_settings(settings)):
        return "ok", f"{settings.smtp.host} takes mail from us"


def _check_rules(settings: Settings) -> tuple[str, str]:
    load_rules(settings.rules)
    return "ok", f"inbox rules in {settings.rules.name} can be read"


def _check_pandoc(settings: Settings) -> tuple[str, str]:
    return "ok", f"pandoc {pandoc.version()}"


def _check_sandbox(settings: Settings) -> tuple[str, str]:
    with Sandbox() as sandbox:
        answer = sandbox.call(_answer)
    return ("ok", "a child process reads hostile input") if answer == 42 else ("fail", "the child process is silent")


def _answer() -> int:
    return 42


def _check_disk(settings: Settings) -> tuple[str, str]:
    free = shutil.disk_usage(".").free
    if free < 1_000_000_000:
        return "warn", f"only {free / 1e6:.0f} MB free here: make room before the mailbox grows"
    return "ok", f"{free / 1e9:.0f} GB free here"


def _check_clock(settings: Settings) -> tuple[str, str]:
    now = datetime.now(UTC)
    if now.year < 2024:
        return "fail", f"this machine believes it is {now:%d %B %Y}: set its clock"
    return "ok", f"{now:%d %B %Y, %H:%M} UTC"


_CHECKS: dict[str, Callable[[Settings], tuple[str, str]]] = {
    "python": _check_python,
    "clock": _check_clock,
    "disk": _check_disk,
    "database": _check_store,
    "roster": _check_roster,
    "mailbox": _check_mailbox,
    "authentication": _check_authentication,
    "outgoing mail": _check_smtp,
    "inbox rules": _check_rules,
    "pandoc": _check_pandoc,
    "child process": _check_sandbox,
}
