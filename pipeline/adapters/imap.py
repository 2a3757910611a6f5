"""The mailbox the secretariat's mail arrives in, read over IMAP. Decides nothing. See: docs/analysis/imap.md."""

import imaplib
import logging
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self

import imapclient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from pipeline.core.model import RawMessage
from pipeline.errors import ConfigurationError, UnavailableError

log = logging.getLogger(__name__)

#: how many messages are asked for at once; small mails come at full speed from about 50 on
BATCH_COUNT = 200
#: bytes asked for at once; more only costs memory
BATCH_BYTES = 4_000_000
#: UIDs per SEARCH: imaplib refuses a response line over 1,000,000 bytes
SEARCH_WINDOW = 90_000
#: seconds until an IDLE is renewed. With the read time limit of 30 s a silently dead line is noticed within 90 s
IDLE_RENEWAL = 60.0

Tls = Literal["tls", "starttls", "none"]
Cursor = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """Where the mailbox is and how to get in."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    #: "starttls" never goes on in the clear when the server does not offer it
    tls: Tls = "tls"
    #: folder that recorded messages are moved to; None reads without changing anything
    move_to: str | None = None
    #: seconds to wait for the server's next word
    timeout: float = 30.0
    #: bytes; a longer message is told of, not fetched
    largest: int = 50_000_000
    #: seconds between looks where the server knows no IDLE
    poll_interval: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """A message that lies in the mailbox and was not read: a person must look there."""

    folder: str
    uid: int
    uid_validity: int
    #: bytes, as the server says
    size: int
    #: sentence for people
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages fetched at once, in order of UID."""

    messages: tuple[RawMessage, ...]
    unfetched: tuple[Unfetched, ...]
    #: (uid_validity, last UID asked for): store it in the transaction that stores the messages
    cursor: Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a mailbox holds at the first visit."""

    count: int
    #: bytes
    size: int
    #: receipt instants, UTC; None when it is empty
    oldest: datetime | None
    newest: datetime | None

    def describe(self) -> str:
        """A sentence for the person who connects it."""
        if self.oldest is None or self.newest is None:
            return "This mailbox is empty."
        return (
            f"This mailbox holds {self.count} old mails ({self.size / 1e6:.1f} MB), the oldest of {self.oldest:%d %B %Y}, "
            f"the newest of {self.newest:%d %B %Y}; none of them will be answered."
        )


def plan_batches(sizes: Sequence[tuple[int, int]], count: int, size: int) -> Iterator[tuple[int, ...]]:
    """UIDs in order, at most `count` and about `size` bytes at a time; what is larger comes alone."""
    batch: list[int] = []
    filled = 0
    for uid, length in sizes:
        if batch and (len(batch) == count or filled + length > size):
            yield tuple(batch)
            batch, filled = [], 0
        batch.append(uid)
        filled += length
    if batch:
        yield tuple(batch)


class ImapMailbox:
    """One connection to one folder. A context manager; every method raises UnavailableError once the line is dead."""

    def __init__(self, settings: MailboxSettings) -> None:
        """Keep the settings; nothing is sent before the context is entered."""
        self._settings = settings
        self._client: Any = None
        self._highest = 0
        self._uid_next = 0
        self._idle_works = True
        self._idle_proven = False
        #: of the folder, since it was opened
        self.uid_validity = 0

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # imapclient logs out, and closes the socket when that fails
        self._client.__exit__(kind, error, trace)

    @property
    def capabilities(self) -> tuple[str, ...]:
        """What the server says it can do, after login, sorted."""
        with _telling(self._settings):
            return tuple(sorted(word.decode("ascii", "replace") for word in self._client.capabilities()))

    def new_messages(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Batches of what lies above the cursor, oldest UID first; everything when UIDVALIDITY is another one.

        Nothing is marked as read. A message that disappeared meanwhile is skipped.

        Raises: UnavailableError.
        See: RFC 9051 2.3.1.1.
        """
        after = cursor[1] if cursor and cursor[0] == self.uid_validity else 0
        self._highest = after
        with _telling(self._settings):
            self._client.noop()
            uids = self._search_after(after)
        for start in range(0, len(uids), 1000):
            sizes = self._fetch_sizes(uids[start : start + 1000])
            for planned in plan_batches(sizes, BATCH_COUNT, BATCH_BYTES):
                yield self._fetch_batch(planned, dict(sizes))

    def survey(self) -> Survey:
        """What the folder holds, without reading any message. Raises: UnavailableError."""
        with _telling(self._settings):
            uids = self._search_after(0)
            seen: list[tuple[datetime, int]] = []
            for start in range(0, len(uids), 1000):
                found = self._client.fetch(uids[start : start + 1000], ["INTERNALDATE", "RFC822.SIZE"])
                seen += [(item[b"INTERNALDATE"], item[b"RFC822.SIZE"]) for item in found.values()]
        instants = [instant.astimezone(UTC) for instant, _ in seen]
        size = sum(length for _, length in seen)
        oldest, newest = min(instants, default=None), max(instants, default=None)
        return Survey(count=len(seen), size=size, oldest=oldest, newest=newest)

    def wait(self, seconds: float) -> bool:
        """True as soon as there may be something new, False after `seconds` without.

        Uses IDLE where it works, else looks every `poll_interval`.

        Raises: UnavailableError.
        See: RFC 2177.
        """
        end = time.monotonic() + seconds
        while True:
            with _telling(self._settings):
                if self._search_after(self._highest) or self._told_of_more():
                    return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            if self._pause(left):
                return True

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move messages to `folder`, which is made when it is missing. Call it after they are recorded.

        Raises: UnavailableError.
        See: RFC 6851.
        """
        if not uids:
            return
        with _telling(self._settings):
            if not self._client.folder_exists(folder):
                self._client.create_folder(folder)
            if self._client.has_capability("MOVE"):
                self._client.move(uids, folder)
                return
            self._client.copy(uids, folder)
            self._client.delete_messages(uids, silent=True)
            # A plain EXPUNGE would also remove what other people have marked as deleted.
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge(uids)

    # --- connecting ---------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        settings = self._settings
        with _telling(settings):
            context = None if settings.tls == "none" else ssl.create_default_context()
            self._client = imapclient.IMAPClient(
                settings.host, settings.port, ssl=settings.tls == "tls", ssl_context=context, timeout=settings.timeout
            )
            try:
                self._open_folder(context)
            except BaseException:
                self._client.shutdown()
                raise

    def _open_folder(self, context: ssl.SSLContext | None) -> None:
        settings = self._settings
        if settings.tls == "starttls":
            self._client.starttls(context)
        _keep_alive(self._client.socket())
        self._client.normalise_times = False
        _login(self._client, settings)
        selected = _select(self._client, settings)
        self._uid_next = int(selected.get(b"UIDNEXT", 0))
        self.uid_validity = int(selected.get(b"UIDVALIDITY", 0))
        self._told_of_more()

    # --- reading ------------------------------------------------------------------------------------------------

    def _search_after(self, uid: int) -> list[int]:
        """UIDs above `uid`, in order, also those that came since the folder was opened."""
        found: list[int] = []
        start = uid + 1
        while start + SEARCH_WINDOW < self._uid_next:
            found += self._client.search(["UID", f"{start}:{start + SEARCH_WINDOW - 1}"])
            start += SEARCH_WINDOW
        # "n:*" names the last message even when its UID is below n.
        found += [each for each in self._client.search(["UID", f"{start}:*"]) if each >= start]
        return sorted(found)

    def _told_of_more(self) -> bool:
        """Whether the server spoke of more messages beside the answer to another command."""
        _, data = self._client._imap.response("EXISTS")
        return data != [None]

    def _fetch_sizes(self, uids: Sequence[int]) -> list[tuple[int, int]]:
        with _telling(self._settings):
            found = self._client.fetch(uids, ["RFC822.SIZE"])
        return [(uid, found[uid].get(b"RFC822.SIZE", 0)) for uid in uids if uid in found]

    def _fetch_batch(self, uids: Sequence[int], sizes: dict[int, int]) -> Batch:
        wanted = [uid for uid in uids if sizes[uid] <= self._settings.largest]
        reason = f"larger than the limit of {self._settings.largest / 1e6:.0f} MB"
        left = [self._unfetched(uid, sizes[uid], reason) for uid in uids if uid not in wanted]
        try:
            messages = self._fetch(wanted)
        except IMAPClientError:
            messages, refused = self._fetch_singly(wanted, sizes)
            left += refused
        self._highest = max(self._highest, uids[-1])
        return Batch(messages=tuple(messages), unfetched=tuple(left), cursor=(self.uid_validity, uids[-1]))

    def _fetch(self, uids: Sequence[int]) -> list[RawMessage]:
        with _telling(self._settings, refusals=False):
            found = self._client.fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"]) if uids else {}
        return [self._raw_message(uid, found[uid]) for uid in uids if found.get(uid, {}).get(b"BODY[]") is not None]

    def _fetch_singly(self, uids: Sequence[int], sizes: dict[int, int]) -> tuple[list[RawMessage], list[Unfetched]]:
        """One by one after the server refused a batch, so that one bad message does not stop the others."""
        messages: list[RawMessage] = []
        refused: list[Unfetched] = []
        for uid in uids:
            try:
                messages += self._fetch([uid])
            except IMAPClientError as error:
                with _telling(self._settings):
                    self._client.noop()
                    there = self._client.search(["UID", str(uid)])
                refused += [self._unfetched(uid, sizes[uid], f"the server refuses it: {error}")] if there else []
        return messages, refused

    def _raw_message(self, uid: int, item: dict[bytes, Any]) -> RawMessage:
        return RawMessage(
            raw=item[b"BODY[]"],
            folder=self._settings.folder,
            uid=uid,
            uid_validity=self.uid_validity,
            internal_date=item[b"INTERNALDATE"].astimezone(UTC),
        )

    def _unfetched(self, uid: int, size: int, reason: str) -> Unfetched:
        return Unfetched(
            folder=self._settings.folder, uid=uid, uid_validity=self.uid_validity, size=size, reason=reason
        )

    # --- waiting ------------------------------------------------------------------------------------------------

    def _pause(self, seconds: float) -> bool:
        """Whether the server spoke of something new; returns early to have the line looked at."""
        with _telling(self._settings):
            idle = self._idle_works and self._client.has_capability("IDLE")
        if not idle:
            time.sleep(min(seconds, self._settings.poll_interval))
            return False
        try:
            with _telling(self._settings):
                return self._idle_once(min(seconds, IDLE_RENEWAL))
        except UnavailableError:
            if self._idle_proven:
                raise
        # Some servers offer IDLE and drop the line on it: look from time to time instead.
        log.warning("%s drops the connection on IDLE; looking every %g s", self._settings.host, self._settings.poll_interval)
        self._idle_works = False
        self._connect()
        return False

    def _idle_once(self, seconds: float) -> bool:
        self._client.idle()
        responses = list(self._client.idle_check(timeout=seconds))
        _, late = self._client.idle_done()
        self._idle_proven = True
        return any(_speaks_of_more(response) for response in [*responses, *late])


def _speaks_of_more(response: object) -> bool:
    return isinstance(response, tuple) and len(response) > 1 and response[1] in (b"EXISTS", b"RECENT")


def _keep_alive(line: socket.socket) -> None:
    """Small commands leave at once; the kernel notices a dead peer within a minute."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _login(client: Any, settings: MailboxSettings) -> None:
    try:
        if (settings.user + settings.password).isascii():
            client.login(settings.user, settings.password)
        else:
            client.plain_login(settings.user, settings.password)
    except LoginError as error:
        answer = str(error)
        # RFC 5530: these say nothing about the password; neither does a line that is cut.
        passing = any(code in answer for code in ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"))
        if passing or isinstance(error.__context__, IMAPClientAbortError):
            raise UnavailableError(f"{settings.host} cannot log anybody in now ({answer}); it is tried again.") from error
        raise ConfigurationError(
            f"{settings.host} refuses the user name or password of {settings.user} ({answer}). Correct them in the "
            "settings; where the provider asks for it, make an application password."
        ) from error


def _select(client: Any, settings: MailboxSettings) -> dict[bytes, Any]:
    try:
        selected: dict[bytes, Any] = client.select_folder(settings.folder, readonly=settings.move_to is None)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise ConfigurationError(
            f"{settings.host} does not open the folder {settings.folder!r} for {settings.user} ({error}). "
            "Correct the folder in the settings."
        ) from error
    return selected


@contextmanager
def _telling(settings: MailboxSettings, *, refusals: bool = True) -> Iterator[None]:
    """Turn what goes wrong on the line into a sentence; a refusal by the server passes when `refusals` is False."""
    place = f"{settings.host}:{settings.port}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise ConfigurationError(
            f"The certificate of {place} is not trusted: {error.verify_message}. Correct the host name in the settings, or "
            "add the authority that signed it to the system's trusted certificates."
        ) from error
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"{place} does not speak TLS as expected ({error.reason}). Set tls to 'starttls' for port 143, 'tls' for 993."
        ) from error
    except CapabilityError as error:
        raise ConfigurationError(
            f"{place} does not offer STARTTLS, and nothing is sent in the clear. Set tls to 'tls' with port 993."
        ) from error
    except socket.gaierror as error:
        raise UnavailableError(f"The name {settings.host} is not found. Check the IMAP host in the settings.") from error
    except ConnectionRefusedError as error:
        raise UnavailableError(
            f"Nothing answers at {place}. Check the IMAP host and port; if they are right, the server is down."
        ) from error
    except (imaplib.IMAP4.abort, OSError) as error:
        raise UnavailableError(f"The connection to {place} is lost ({error}); it is opened again later.") from error
    except IMAPClientError as error:
        if not refusals:
            raise
        raise UnavailableError(f"{place} refuses ({error}); it is tried again.") from error
