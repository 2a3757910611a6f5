"""Recording: bytes first, durable and identical; the cursor moves with them; a repeat is a sighting and no more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any

import pytest

from pipeline import poll
from pipeline.adapters import store
from pipeline.adapters.imap import Batch, MailboxSettings, Survey, Unfetched
from pipeline.core.model import Place, RawMessage
from pipeline.errors import StoreError, UnavailableError
from pipeline.poll import keep_polling, poll_once
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import HOUR, NOW, OPENED, answer

SETTINGS = MailboxSettings(host="imap.wtg.example", port=993, user="drafts", password="x", tls="tls")
NOTHING = Survey(count=0, size=0, oldest=None, newest=None)


@dataclass(slots=True)
class Mailbox:
    """A folder that serves its messages in batches, like the real one."""

    mails: Sequence[bytes] = ()
    uid_validity: int = 7
    batch: int = 2
    at: datetime = OPENED + HOUR
    #: batches after which the line is lost; None never
    lost_after: int | None = None
    unfetched: Sequence[Unfetched] = ()
    moved: list[tuple[int, str]] = field(default_factory=list)
    surveys: int = 0

    def survey(self) -> Survey:
        """What lies there."""
        self.surveys += 1
        return NOTHING

    def new_messages(self, cursor: tuple[int, int] | None) -> Iterator[Batch]:
        """Batches above the cursor."""
        after = cursor[1] if cursor and cursor[0] == self.uid_validity else 0
        uids = range(after + 1, len(self.mails) + 1)
        for served, start in enumerate(range(0, len(uids), self.batch)):
            if served == self.lost_after:
                raise UnavailableError("The line is lost.")
            chosen = uids[start : start + self.batch]
            messages = tuple(self._show(uid) for uid in chosen)
            yield Batch(messages=messages, unfetched=tuple(self.unfetched), cursor=(self.uid_validity, chosen[-1]))

    def _show(self, uid: int) -> RawMessage:
        return small.raw(self.mails[uid - 1], uid=uid, at=self.at, uid_validity=self.uid_validity)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Remember what was moved."""
        self.moved += [(uid, folder) for uid in uids]


def look(desk: Desk, mailbox: Mailbox, settings: MailboxSettings = SETTINGS) -> poll.Poll:
    """One look into the mailbox."""
    return poll_once(desk, mailbox, settings, lambda: NOW)  # type: ignore[arg-type]


def three(desk: Desk) -> list[bytes]:
    """Two answers and a stranger."""
    stranger = answer(desk, sender="Somebody <x@elsewhere.example>", in_reply_to="", subject="wells", text="Hello")
    return [answer(desk), stranger, answer(desk, "WHO")]


def test_every_byte_is_kept_as_it_was_served(desk: Desk) -> None:
    mails = [*three(desk), b"\x00\xff\r\n\n\r no mail", b"From: a@b.example\n\nbare\nline ends"]
    found = look(desk, Mailbox(mails))
    assert found.new == len(mails)
    with desk.database.read() as db:
        assert [store.messages.get_raw(db, number) for number in range(1, len(mails) + 1)] == mails
        assert store.messages.get_cursor(db, "INBOX") == (7, len(mails))
        assert store.messages.list_unrecognised(db) == ()
    assert all(receipt.place is not Place.RECEIVED for receipt in found.receipts)


def test_the_second_look_reads_only_what_is_new(desk: Desk) -> None:
    mailbox = Mailbox(three(desk)[:2])
    look(desk, mailbox)
    assert look(desk, mailbox).new == 0
    mailbox.mails = three(desk)
    assert [receipt.agency for receipt in look(desk, mailbox).receipts] == ["WHO"]


def test_s40_a_new_uidvalidity_gives_sightings_and_nothing_else(desk: Desk) -> None:
    mails = three(desk)
    look(desk, Mailbox(mails))
    before = small.dump(desk)
    found = look(desk, Mailbox(mails, uid_validity=8))
    after = small.dump(desk)
    assert (found.new, found.receipts) == (0, ())
    assert len(after["sighting"]) == 2 * len(before["sighting"])
    same = before.keys() - {"sighting", "cursor"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert small.get_message(desk, 1).sightings == 2


def test_the_cursor_never_runs_ahead_of_the_bytes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(store.messages, "set_cursor", fail)
        with pytest.raises(StoreError):
            look(desk, Mailbox(three(desk)))
    with desk.database.read() as db:
        assert store.messages.get_cursor(db, "INBOX") is None
        assert sum(store.messages.count_messages(db).values()) == 0


def test_a_line_lost_between_two_batches_keeps_the_first(desk: Desk) -> None:
    mails = three(desk)
    with pytest.raises(UnavailableError):
        look(desk, Mailbox(mails, lost_after=1))
    with desk.database.read() as db:
        assert store.messages.get_cursor(db, "INBOX") == (7, 2)
    assert look(desk, Mailbox(mails)).new == 1


def test_what_was_recorded_and_not_recognised_is_taken_up_by_the_next_look(desk: Desk) -> None:
    with desk.database.begin() as db:
        store.messages.record(db, small.raw(answer(desk)), NOW)
    assert [receipt.place for receipt in look(desk, Mailbox()).receipts] == [Place.FILED]


def test_the_first_connection_is_told_and_remembered_once(tmp_path: Any) -> None:
    with small.open_desk(tmp_path, opened=None) as desk:
        mailbox = Mailbox(three(desk), at=OPENED - HOUR)
        assert look(desk, mailbox).first_words == NOTHING.describe()
        assert look(desk, mailbox).first_words == ""
        assert mailbox.surveys == 1
        assert small.list_mails(desk, "acknowledgement") == ()


def test_a_message_left_on_the_server_is_noted(desk: Desk) -> None:
    left = Unfetched(folder="INBOX", uid=9, uid_validity=7, size=10**9, reason="larger than the limit of 100 MB")
    look(desk, Mailbox(three(desk)[:1], unfetched=[left]))
    with desk.database.read() as db:
        (entry,) = store.audit.list_entries(db, subject="uid 9")
    assert "larger than the limit" in str(entry)


def test_the_mailbox_is_left_alone_unless_told(desk: Desk) -> None:
    mailbox = Mailbox(three(desk))
    look(desk, mailbox)
    assert mailbox.moved == []


def test_only_filed_mail_is_moved(desk: Desk) -> None:
    mailbox = Mailbox(three(desk))
    settings = MailboxSettings(host="h", port=1, user="u", password="p", tls="none", move_to="Filed")
    look(desk, mailbox, settings)
    assert mailbox.moved == [(1, "Filed"), (3, "Filed")]


@pytest.mark.parametrize("error", [UnavailableError("refused"), StoreError("The database is locked.")])
def test_the_poller_outlives_what_is_away_for_a_while(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    stop, pauses = Event(), []

    class Away:
        """A mailbox that cannot be reached."""

        def __init__(self, settings: MailboxSettings) -> None:
            raise error

    class Stop(Event):
        """Ends the third pause at once."""

        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout)
            if len(pauses) == 3:
                self.set()
            return self.is_set()

    stop = Stop()
    monkeypatch.setattr(poll, "ImapMailbox", Away)
    keep_polling(desk, SETTINGS, lambda: NOW, stop, 60)
    assert pauses == [1.0, 2.0, 4.0]
    with desk.database.read() as db:
        assert store.messages.last_poll(db) == (None, str(error))


def test_the_mailbox_counts_as_read_from_the_instant_the_look_began(desk: Desk) -> None:
    instants = iter(NOW + HOUR * step for step in range(100))
    poll_once(desk, Mailbox([answer(desk, "ILO")]), SETTINGS, lambda: next(instants))  # type: ignore[arg-type]
    with desk.database.read() as db:
        assert store.messages.last_poll(db) == (NOW, "")
