"""The mailbox the secretariat's mail arrives in, read over IMAP. Decides nothing. See: docs/analysis/imap.md."""

import logging
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import imapclient
from imapclient.exceptions import IMAPClientError

from pipeline.adapters.imap.connect import MailboxSettings, keep_alive, log_in, select_folder, telling
from pipeline.adapters.imap.records import Batch, Cursor, Survey, Unfetched, plan_batches
from pipeline.core.model import RawMessage
from pipeline.errors import UnavailableError

log = logging.getLogger(__name__)

#: how many messages are asked for at once; small mails come at full speed from about 50 on
BATCH_COUNT = 200
#: bytes asked for at once; more only costs memory
BATCH_BYTES = 4_000_000
#: UIDs per SEARCH: imaplib refuses a response line over 1,000,000 bytes
SEARCH_WINDOW = 90_000
#: seconds until an IDLE is renewed. With the read time limit of 30 s a silently dead line is noticed within 90 s
IDLE_RENEWAL = 60.0


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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # imapclient logs out, and closes the socket when that fails
        self._client.__exit__(kind, error, trace)

    @property
    def capabilities(self) -> tuple[str, ...]:
        """What the server says it can do, after login, sorted."""
        with telling(self._settings):
            return tuple(sorted(word.decode("ascii", "replace") for word in self._client.capabilities()))

    def new_messages(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Batches of what lies above the cursor, oldest UID first; everything when UIDVALIDITY is another one.

        Nothing is marked as read. A message that disappeared meanwhile is skipped.

        Raises: UnavailableError.
        See: RFC 9051 2.3.1.1.
        """
        after = cursor[1] if cursor and cursor[0] == self.uid_validity else 0
        self._highest = after
        with telling(self._settings):
            self._client.noop()
            self._told_of_more()
            uids = self._search_after(after)
        for start in range(0, len(uids), 1000):
            sizes = self._fetch_sizes(uids[start : start + 1000])
            for planned in plan_batches(sizes, BATCH_COUNT, BATCH_BYTES):
                yield self._fetch_batch(planned, dict(sizes))

    def survey(self) -> Survey:
        """What the folder holds, without reading any message. Raises: UnavailableError."""
        with telling(self._settings):
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
            with telling(self._settings):
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
        with telling(self._settings):
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
        with telling(settings):
            context = None if settings.tls == "none" else ssl.create_default_context()
            self._client = imapclient.IMAPClient(
                settings.host, settings.port, ssl=settings.tls == "tls", ssl_context=context, timeout=settings.timeout
            )
            try:
                self._open_folder(context)
            except BaseException:
                self._hang_up()
                raise

    def _hang_up(self) -> None:
        # A failed handshake leaves no socket to shut down.
        with suppress(OSError):
            self._client.shutdown()

    def _open_folder(self, context: ssl.SSLContext | None) -> None:
        settings = self._settings
        if settings.tls == "starttls":
            self._client.starttls(context)
        keep_alive(self._client.socket())
        self._client.normalise_times = False
        log_in(self._client, settings)
        selected = select_folder(self._client, settings)
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
        _, told = self._client._imap.response("EXISTS")
        return bool(told != [None])

    def _fetch_sizes(self, uids: Sequence[int]) -> list[tuple[int, int]]:
        with telling(self._settings):
            found = self._client.fetch(uids, ["RFC822.SIZE"])
        return [(uid, found[uid].get(b"RFC822.SIZE", 0)) for uid in uids if uid in found]

    def _fetch_batch(self, uids: Sequence[int], sizes: dict[int, int]) -> Batch:
        reasons = {
            uid: f"larger than the limit of {self._settings.largest / 1e6:.0f} MB"
            for uid in uids
            if sizes[uid] > self._settings.largest
        }
        messages = self._fetch_willing([uid for uid in uids if uid not in reasons], reasons)
        served = {message.uid for message in messages}
        left = self._find_remaining([uid for uid in uids if uid not in served])
        self._highest = max(self._highest, uids[-1])
        return Batch(
            messages=tuple(messages),
            unfetched=tuple(
                Unfetched(
                    folder=self._settings.folder,
                    uid=uid,
                    uid_validity=self.uid_validity,
                    size=sizes[uid],
                    reason=reasons.get(uid, "the server lists it and sends nothing for it"),
                )
                for uid in left
            ),
            cursor=(self.uid_validity, uids[-1]),
        )

    def _fetch_willing(self, uids: Sequence[int], reasons: dict[int, str]) -> list[RawMessage]:
        """All at once; one by one after a refusal, so that one bad message does not stop the others."""
        try:
            return self._fetch(uids)
        except IMAPClientError:
            messages: list[RawMessage] = []
            for uid in uids:
                try:
                    messages += self._fetch([uid])
                except IMAPClientError as error:
                    reasons[uid] = f"the server refuses it: {error}"
            return messages

    def _fetch(self, uids: Sequence[int]) -> list[RawMessage]:
        with telling(self._settings, refusals=False):
            found = self._client.fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"]) if uids else {}
        wanted = (b"BODY[]", b"INTERNALDATE")
        return [
            self._raw_message(uid, found[uid])
            for uid in uids
            if uid in found and all(found[uid].get(key) is not None for key in wanted)
        ]

    def _find_remaining(self, uids: Sequence[int]) -> list[int]:
        """Those that still lie there: the others were removed by somebody meanwhile."""
        if not uids:
            return []
        with telling(self._settings):
            self._client.noop()
            return sorted(self._client.search(["UID", ",".join(map(str, uids))]))

    def _raw_message(self, uid: int, item: dict[bytes, Any]) -> RawMessage:
        return RawMessage(
            raw=item[b"BODY[]"],
            folder=self._settings.folder,
            uid=uid,
            uid_validity=self.uid_validity,
            internal_date=item[b"INTERNALDATE"].astimezone(UTC),
        )

    # --- waiting ------------------------------------------------------------------------------------------------

    def _pause(self, seconds: float) -> bool:
        """Whether the server spoke of something new; returns early to have the line looked at."""
        with telling(self._settings):
            idle = self._idle_works and self._client.has_capability("IDLE")
        if not idle:
            time.sleep(min(seconds, self._settings.poll_interval))
            return False
        try:
            with telling(self._settings):
                return self._idle_once(min(seconds, IDLE_RENEWAL))
        except UnavailableError:
            if self._idle_proven:
                raise
        # Some servers offer IDLE and drop the line on it: look from time to time instead.
        log.warning(
            "%s drops the connection on IDLE; looking every %g s", self._settings.host, self._settings.poll_interval
        )
        self._idle_works = False
        self._hang_up()
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
