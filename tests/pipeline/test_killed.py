"""Killed anywhere, the program goes on where it was: every message once, every mail at most once."""

import shutil
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipeline import clock
from pipeline.adapters import store
from pipeline.adapters.smtp import SmtpSettings
from pipeline.core.model import MailState
from pipeline.deliver import recover
from pipeline.redline.model import BaseText
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import NOW, answer, dump, edit, with_file
from tests.pipeline.mortal import Fate, MortalDatabase, MortalServer, run_mortal
from tests.pipeline.test_clock import Line
from tests.pipeline.test_poll import Mailbox, look

SETTINGS = SmtpSettings(host="smtp.wtg.example", envelope_from="drafts@wtg.example")


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
