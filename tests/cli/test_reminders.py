"""Reminders from the command line: what will leave, when a round reminds, what waits for a release."""

import json
from datetime import datetime

import pytest

from pipeline.adapters import store
from pipeline.core.model import MailState, Occasion, RoundEnd
from pipeline.remind import remind, set_ladder
from tests.cli.shell import Shell
from tests.cli.test_commands import dump, open_store
from tests.demo import tiny
from tests.pipeline import desk as small


@pytest.fixture
def asking(busy: Shell) -> Shell:
    """The small round asks first, and a reminder to WHO waits."""
    database = open_store(busy)
    set_ladder(database, 1, "T-7", ask_first=True, by="officer", now=small.NOW)
    morning = datetime.fromisoformat("2012-10-24T09:30+02:00")
    with database.begin() as db:
        store.messages.note_poll(db, morning)
    assert len(remind(database, morning, small.SECRET)) == 1
    database.dispose()
    return busy


def list_states(shell: Shell) -> list[MailState]:
    """The states of the reminders."""
    database = open_store(shell)
    with database.read() as db:
        found = [sent.state for sent in store.outbox.list_outgoing(db, occasion=Occasion.REMINDER)]
    database.dispose()
    return found


def open_far_round(shell: Shell) -> None:
    """A round on the small draft with a deadline far ahead."""
    database = open_store(shell)
    with database.begin() as db:
        store.rounds.close_round(db, 1, small.NOW, RoundEnd.CLOSED)
    database.dispose()
    assert shell.run("round", "open", "WAT", "--deadline", "2099-10-28T18:00").code == 0


def test_a_round_is_rehearsed_with_each_mail_on_its_recipients_clock(busy: Shell) -> None:
    open_far_round(busy)
    lines = busy.run("round", "rehearse", "2").out.splitlines()
    (step,) = (line for line in lines if "T-7" in line and "WHO" in line)
    assert step.startswith("Wed 21 Oct 2099 09:00")
    assert step.endswith("leaves")
    assert any("T-7" in line and "skipped: leads this draft" in line for line in lines)
    found = json.loads(busy.run("round", "rehearse", "2", "--json").out)
    assert len(found) == len(lines)
    assert {each["occasion"] for each in found} >= {"call_for_inputs", "reminder"}
    assert busy.run("round", "rehearse", "9").code == 65


def test_the_plan_is_the_reminders_of_the_rehearsal(busy: Shell) -> None:
    open_far_round(busy)
    plan = json.loads(busy.run("remind", "plan", "--json").out)
    rehearsed = json.loads(busy.run("round", "rehearse", "2", "--json").out)
    assert plan == [each for each in rehearsed if each["occasion"] == "reminder"]


def test_a_ladder_is_shown_and_changed(busy: Shell) -> None:
    assert busy.run("remind", "ladder", "1").out == "T-7 T-2 T+1\n"
    before = dump(busy)
    assert busy.run("remind", "ladder", "1", "--steps", "T-9", "--ask-first", "--dry-run").out == (
        "T-9, each after a release\n"
    )
    assert dump(busy) == before
    busy.run("remind", "ladder", "1", "--steps", "T+2 T-9", "--ask-first")
    assert busy.run("remind", "ladder", "1").out == "T-9 T+2, each after a release\n"
    busy.run("remind", "ladder", "1", "--send")
    assert busy.run("remind", "ladder", "1").out == "T-9 T+2\n"
    assert busy.run("remind", "ladder", "1", "--steps", "").out == "no reminders\n"
    assert busy.run("remind", "ladder", "1", "--steps", "T-4 T-3 T-2 T-1").code == 65


@pytest.mark.parametrize(("words", "state"), [((), MailState.QUEUED), (("--skip",), MailState.CANCELLED)])
def test_held_reminders_are_released_or_skipped(asking: Shell, words: tuple[str, ...], state: MailState) -> None:
    assert asking.run("remind", "release", "1", "ILO", *words).err.startswith("0 reminders")
    before = dump(asking)
    assert "would be" in asking.run("remind", "release", "1", "--dry-run", *words).err
    assert dump(asking) == before
    assert list_states(asking) == [MailState.HELD]
    said = asking.run("remind", "release", "1", "WHO", *words)
    assert said.out.startswith("WHO")
    assert list_states(asking) == [state]


def test_the_digest_is_printed_and_switched(busy: Shell) -> None:
    assert busy.run("digest").code == 65
    listed = 'focal_point = "water@unicef.example"'
    roster = tiny.ROSTER.replace(listed, f'{listed}\nchair_secretariat = "chair@wtg.example"')
    (busy.folder / "roster.toml").write_text(roster, encoding="utf-8")
    assert busy.run("roster", "import", "roster.toml").code == 0
    said = busy.run("digest")
    assert said.out.startswith("To: chair@wtg.example\nSubject: WTG on ")
    assert "WTG-WAT r0" in said.out
    assert json.loads(busy.run("digest", "--json").out)["occasion"] == "digest"
    for word, on in (("--off", False), ("--on", True)):
        busy.run("digest", word, "--dry-run")
        assert is_on(busy) is not on
        assert busy.run("digest", word).code == 0
        assert is_on(busy) is on


def is_on(shell: Shell) -> bool:
    """Whether the digest is sent."""
    database = open_store(shell)
    with database.read() as db:
        found = store.switches.is_on(db, "digest")
    database.dispose()
    return found
