"""What a mailbox gives: batches of messages, what it keeps to itself, what it holds at the first visit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.model import RawMessage

#: (uid_validity, UID). See: RFC 9051 2.3.1.1.
Cursor = tuple[int, int]


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
            f"This mailbox holds {self.count} old mails ({self.size / 1e6:.1f} MB), "
            f"the oldest of {self.oldest:%d %B %Y}, the newest of {self.newest:%d %B %Y}; "
            "none of them will be answered."
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
