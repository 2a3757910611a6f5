"""The clock: what is due leaves once; a server that is away keeps everything."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

import pytest

from pipeline import clock
from pipeline.adapters import store
from pipeline.adapters.smtp import SmtpSettings
from pipeline.clock import keep_time, tick
from pipeline.core.model import MailState, OutgoingMail
from pipeline.errors import StoreError, UnavailableError, UsageError
from tests.pipeline import office
from tests.pipeline.test_deliver import Outcome, Server

SETTINGS = SmtpSettings(host="smtp.gmg.example", envelope_from="gmg-drafts@gmg.example")


class Line:
    """Stands for the connection; what it is given goes to a server that remembers."""

    def __init__(self, server: Server, error: Exception | None = None) -> None:
        self.server, self.error, self.opened = server, error, 0

    def __call__(self, settings: SmtpSettings) -> Self:
        return self

    def __enter__(self) -> Self:
        self.opened += 1
        if self.error is not None:
            raise self.error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def send(self, mail: OutgoingMail) -> Outcome:
        """What became of the mail."""
        return self.server.send(mail)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the youth round; its calls wait in the outbox."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        yield opened


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """A server that is there."""
    connection = Line(Server())
    monkeypatch.setattr(clock, "SmtpSender", connection)
    return connection


def beat(database: store.Database, now: datetime) -> tuple[str, ...]:
    """One tick with a mailbox just read."""
    office.note_poll(database, now)
    return tick(database, SETTINGS, now, office.SECRET)


def test_a_tick_drains_the_outbox_once(database: store.Database, line: Line) -> None:
    assert len(beat(database, office.OPENED)) == len(line.server.accepted) > 0
    assert beat(database, office.OPENED) == ()
    assert line.opened == 1
    assert {sent.state for sent in office.list_mails(database)} == {MailState.SENT}


def test_reminders_are_queued_and_leave_in_the_same_tick_once(database: store.Database, line: Line) -> None:
    beat(database, office.OPENED)
    calls = len(line.server.accepted)
    words = beat(database, office.T7)
    assert [each.endswith("(reminder)") for each in words].count(False) == 1
    assert sum("gmg-chair@unodc.example" in each for each in words) == 1
    assert beat(database, office.T7) == ()
    assert len(line.server.accepted) == calls + len(words)


def test_a_server_that_is_away_keeps_everything_queued(database: store.Database, line: Line) -> None:
    line.error = UnavailableError("nobody listens")
    for hours in range(3):
        with pytest.raises(UnavailableError):
            beat(database, office.OPENED + hours * office.HOUR)
    waiting = office.list_mails(database)
    assert {sent.state for sent in waiting} == {MailState.QUEUED}
    line.error = None
    beat(database, office.OPENED + 4 * office.HOUR)
    assert [mail.key for mail in line.server.accepted] == [sent.mail.key for sent in waiting]


def test_nothing_is_opened_when_nothing_is_due(database: store.Database, line: Line) -> None:
    beat(database, office.OPENED)
    beat(database, office.OPENED + office.HOUR)
    assert line.opened == 1


class Beats(Event):
    """Stops after so many pauses, without any."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left, self.pauses = count, list[float | None]()

    def wait(self, timeout: float | None = None) -> bool:
        """Whether to stop."""
        self.pauses.append(timeout)
        self.left -= 1
        return self.left < 0


def test_a_mail_under_way_at_the_start_is_uncertain_and_is_not_sent(database: store.Database, line: Line) -> None:
    with database.begin() as db:
        store.outbox.claim(db, 1)
    keep_time(database, SETTINGS, lambda: office.OPENED, office.SECRET, Beats(2))
    (uncertain,) = (sent for sent in office.list_mails(database) if sent.state is not MailState.SENT)
    assert (uncertain.id, uncertain.state) == (1, MailState.UNCERTAIN)
    assert uncertain.mail.key not in {mail.key for mail in line.server.accepted}


@pytest.mark.parametrize("error", [UnavailableError("refused"), StoreError("The database is locked.")])
def test_the_clock_outlives_what_is_away_for_a_while(database: store.Database, line: Line, error: Exception) -> None:
    line.error = error
    beats = Beats(4)
    keep_time(database, SETTINGS, lambda: office.OPENED, office.SECRET, beats)
    assert beats.pauses == [0.0, 2.0, 4.0, 8.0, 16.0]
    assert {sent.state for sent in office.list_mails(database)} == {MailState.QUEUED}


@pytest.mark.parametrize("step", ["hand_over_when_due", "announce_objections", "remind", "tell_chair"])
def test_what_cannot_be_written_keeps_no_other_mail_from_leaving(
    database: store.Database, line: Line, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise UsageError("The template templates/mail/reminder/en/body.txt cannot be filled in: correct it.")

    monkeypatch.setattr(clock, step, fail)
    keep_time(database, SETTINGS, lambda: office.OPENED, office.SECRET, Beats(2))
    assert {sent.state for sent in office.list_mails(database)} == {MailState.SENT}
