"""Killed anywhere, the program goes on where it was: every message once, every mail at most once."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipeline import clock
from pipeline.adapters import store
from pipeline.adapters.smtp import SmtpSettings
from pipeline.core.model import MailState, OutgoingMail
from pipeline.deliver import recover
from pipeline.redline.model import BaseText
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import NOW, answer, dump, edit, with_file
from tests.pipeline.test_clock import Line
from tests.pipeline.test_deliver import Outcome, Server
from tests.pipeline.test_poll import Mailbox, look

SETTINGS = SmtpSettings(host="smtp.wtg.example", envelope_from="drafts@wtg.example")


@dataclass(slots=True)
class Fate:
    """Kills this process at the n-th point; 0 lets it live."""

    at: int
    passed: int = 0

    def pass_point(self) -> None:
        """One point further."""
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase(store.Database):
    """Each write transaction may be the last: when it has begun, before it is committed, and right after."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self.fate = fate

    @contextmanager
    def begin(self) -> Iterator[store.Db]:
        """One write transaction with three points to die at."""
        with super().begin() as db:
            self.fate.pass_point()
            yield db
            self.fate.pass_point()
        self.fate.pass_point()


@dataclass(slots=True)
class MortalServer(Server):
    """Keeps what it accepted in a file; the program may die on either side of that."""

    file: Path = Path()
    fate: Fate = field(default_factory=lambda: Fate(at=0))

    def send(self, mail: OutgoingMail) -> Outcome:
        """What became of the mail."""
        self.fate.pass_point()
        with self.file.open("a", encoding="utf-8") as accepted:
            accepted.write(f"{mail.key} {mail.to[0]}\n")
        self.fate.pass_point()
        return Outcome()


def run_mortal(act: Callable[[], None]) -> bool:
    """Whether a child that does this lived to its end."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return not os.WIFSIGNALED(status)


@dataclass(slots=True, kw_only=True)
class Stage:
    """A folder with a database as it is before the program starts, and what it then does."""

    folder: Path
    texts: dict[str, BaseText] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)

    def open(self, number: int, fate: Fate) -> Desk:
        """A desk on the n-th copy of the database."""
        copy = self.folder / f"{number}.db"
        if not copy.exists():
            shutil.copy(self.folder / "penholder.db", copy)
        desk = small.make_desk(MortalDatabase(f"sqlite:///{copy}", fate))
        desk.texts.update(self.texts)
        return desk

    def poll(self, number: int, fate: Fate) -> dict[str, list[dict[str, Any]]]:
        """The database after one look into the mailbox."""
        desk = self.open(number, fate)
        look(desk, Mailbox(self.mails))
        found = dump(desk)
        desk.database.dispose()
        return found

    def send(self, number: int, fate: Fate, monkeypatch: pytest.MonkeyPatch) -> dict[str, MailState]:
        """The states of the mails after a start of the clock and one tick."""
        desk = self.open(number, fate)
        server = MortalServer(file=self.folder / f"{number}.sent", fate=fate)
        monkeypatch.setattr(clock, "SmtpSender", Line(server))
        recover(desk.database, NOW)
        clock.tick(desk.database, SETTINGS, NOW, small.SECRET)
        states = {f"{each.mail.key} {each.mail.to[0]}": each.state for each in small.list_mails(desk)}
        desk.database.dispose()
        return states


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An open round, its mailbox with four messages nobody has read."""
    with small.open_desk(tmp_path) as desk:
        first = with_file(desk, "ILO", edit("shared with herds", "shared with working animals", 2))
        stranger = answer(desk, sender="Somebody <x@elsewhere.example>", in_reply_to="", subject="wells", text="Hello")
        mails = [first, stranger, b"Received: again\r\n" + first, answer(desk, "WHO")]
        small.take(desk, b"")
        with desk.database.begin() as db:
            store.messages.note_poll(db, NOW)
    return Stage(folder=tmp_path, texts=desk.texts, mails=mails)


def test_s39_a_poller_killed_at_any_point_ends_with_the_same_database(stage: Stage) -> None:
    undisturbed = stage.poll(0, Fate(at=0))
    assert len(undisturbed["message"]) == 5
    for number in count(1):
        lived = run_mortal(lambda number=number: stage.poll(number, Fate(at=number)))  # type: ignore[misc]
        assert stage.poll(number, Fate(at=0)) == undisturbed, f"killed at point {number}"
        if lived:
            break
    assert number > 20


def test_a_clock_killed_at_any_point_sends_nothing_twice(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = stage.send(0, Fate(at=0), monkeypatch)
    assert set(everything.values()) == {MailState.SENT}
    for number in count(1):
        lived = run_mortal(lambda number=number: stage.send(number, Fate(at=number), monkeypatch))  # type: ignore[misc]
        states = stage.send(number, Fate(at=0), monkeypatch)
        sent = (stage.folder / f"{number}.sent").read_text(encoding="utf-8").splitlines()
        assert states.keys() == everything.keys()
        assert len(sent) == len(set(sent)), f"killed at point {number}"
        assert {key for key, state in states.items() if state is MailState.SENT} <= set(sent)
        assert {state for key, state in states.items() if key not in sent} <= {MailState.UNCERTAIN}
        assert sum(state is MailState.UNCERTAIN for state in states.values()) <= 1
        if lived:
            break
    assert number > 15
