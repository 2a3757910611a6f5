"""Commands about letters: receipts switched off and on, outcomes prepared and released, trials."""

import json
from hashlib import sha256

import pytest

from pipeline.adapters import store
from pipeline.core.model import MailState, Revision, SentMail
from tests.cli.shell import Shell


def open_store(shell: Shell) -> store.Database:
    """The configured database."""
    return store.open_database(f"sqlite:///{shell.folder / 'penholder.db'}")


@pytest.fixture
def revised(busy: Shell) -> Shell:
    """The small round with a second revision, the same words as the first."""
    database = open_store(busy)
    with database.begin() as db:
        content = store.drafts.get_revision(db, "WAT", "r0").docx
        digest = sha256(content).hexdigest()
        store.drafts.add_revision(db, Revision(draft="WAT", name="r1", sha256=digest, docx=content, circulated_at=None))
    database.dispose()
    return busy


def list_outcomes(shell: Shell) -> tuple[SentMail, ...]:
    """The outcome mails of the configured database."""
    database = open_store(shell)
    with database.read() as db:
        found = store.outbox.list_outgoing(db)
    database.dispose()
    return tuple(sent for sent in found if sent.mail.occasion == "outcome")


def test_receipts_are_switched_off_and_on(busy: Shell) -> None:
    assert busy.run("receipts", "list").out == ""
    assert busy.run("receipts", "off", "--draft", "WAT", "--dry-run").err.endswith("would be switched off.\n")
    assert json.loads(busy.run("receipts", "list", "--json").out) == []
    for _ in range(2):
        said = busy.run("receipts", "off", "--draft", "WAT", "--agency", "ILO")
    assert said.err == "Receipts on WAT to ILO stay as they are.\n"
    busy.run("receipts", "off", "--agency", "WHO")
    assert busy.run("receipts", "list").out.split("\n")[:2] == ["all drafts   WHO", "WAT          ILO"]
    assert json.loads(busy.run("receipts", "list", "--json").out)[0] == {"draft": None, "agency": "WHO"}
    assert busy.run("receipts", "on", "--agency", "WHO").err == "Receipts on all drafts to WHO are switched on.\n"
    assert busy.run("receipts", "off", "--agency", "NIX").code == 65


def test_outcomes_are_tried_prepared_and_released(revised: Shell) -> None:
    tried = revised.run("outcome", "WAT", "--dry-run", "--show")
    assert tried.out.startswith("ILO        water@ilo.example, water-alt@ilo.example\n")
    assert "Paragraph 6" in tried.out
    assert tried.err == "2 proposals on r0 are not decided yet.\n1 mails would be prepared.\n"
    assert list_outcomes(revised) == ()
    assert revised.run("outcome", "WAT").err.endswith("1 mails wait for --release.\n")
    for words, state in ((("--dry-run",), MailState.HELD), ((), MailState.QUEUED)):
        assert (
            revised.run("outcome", "WAT", "--release", *words).out
            == "ILO        water@ilo.example, water-alt@ilo.example\n"
        )
        assert [sent.state for sent in list_outcomes(revised)] == [state]
    assert "Not written again, because released or cancelled: ILO." in revised.run("outcome", "WAT").err
    assert revised.run("outcome", "WAT", "--release").code == 65


OPEN = ("round", "open", "WAT", "--revision", "r1", "--deadline", "2099-10-31T18:00")


@pytest.mark.parametrize("words", [OPEN, ("round", "circulate", "1", "r1")], ids=["open", "circulate"])
def test_one_mail_is_shown_as_it_is_received_and_sent_to_oneself(revised: Shell, words: tuple[str, ...]) -> None:
    shown = revised.run(*words, "--show", "ILO").out
    assert shown.startswith("To: water@ilo.example\nCc: water-alt@ilo.example\nSubject: ")
    assert "[WTG-WAT_r1_for-comment.docx, " in shown
    assert revised.run(*words, "--show", "NIX").code == 65
    assert "would go to me@here.example" in revised.run(*words, "--test-to", "me@here.example", "--dry-run").err
    told = revised.run(*words, "--show", "ILO", "--test-to", "me@here.example").err
    assert told == "The mail to ILO is in the outbox; the clock sends it to me@here.example, and to nobody else.\n"
    with (database := open_store(revised)).read() as db:
        (trial,) = [sent for sent in store.outbox.list_outgoing(db) if sent.mail.occasion == "trial"]
        assert (trial.mail.to, trial.mail.cc) == (("me@here.example",), ())
        assert [(round.id, round.current_revision) for round in store.rounds.list_rounds(db)] == [(1, "r0")]
    database.dispose()


def test_a_revision_is_circulated_in_its_round(revised: Shell) -> None:
    listed = revised.run("round", "circulate", "1", "r1", "--dry-run")
    assert listed.out.count("@") >= 3
    assert listed.err == "3 mails would leave.\n"
    assert revised.run("round", "circulate", "1", "r1").err == "3 mails are in the outbox; the clock sends them.\n"
    with (database := open_store(revised)).read() as db:
        assert store.rounds.get_round(db, 1).current_revision == "r1"
    database.dispose()
