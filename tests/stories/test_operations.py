"""Stories of whoever keeps the machine running, told on the sample round. See: docs/stories.md."""

from datetime import timedelta
from pathlib import Path

import pytest

import admin
from admin.auth import hash_password
from pipeline.adapters import store
from pipeline.receive import recognise_all
from pipeline.remind import remind
from tests.admin.browser import Browser
from tests.admin.desk import PASSWORD
from tests.cli.conftest import busy, shell
from tests.cli.shell import Shell
from tests.cli.test_commands import dump
from tests.dump import dump_all
from tests.pipeline import office
from tests.stories.stage import Stage

__all__ = ["busy", "shell"]


def test_s41_no_reminder_leaves_while_the_mailbox_was_not_read(tmp_path: Path) -> None:
    with office.open_office(tmp_path) as database:
        office.open_round(database)
        office.note_poll(database, office.OPENED)
        with database.begin() as db:
            store.messages.note_poll(db, office.T7, error="the mailbox refused the password")
        assert remind(database, office.T7 + timedelta(minutes=1), office.SECRET) == ()
        with database.read() as db:
            assert store.messages.last_poll(db) == (office.OPENED, "the mailbox refused the password")
        office.note_poll(database, office.T7 + timedelta(minutes=2))
        assert remind(database, office.T7 + timedelta(minutes=3), office.SECRET)


def test_s43_a_password_in_a_mail_is_in_no_list(stage: Stage) -> None:
    made = stage.message("M28").recognition
    assert made is not None
    secret = next(word.strip(".,;") for word in made.new_text.split() if any(sign.isdigit() for sign in word))
    with stage.database.begin() as db:
        store.users.add_user(db, "chair", hash_password(PASSWORD), "officer")
    browser = Browser(admin.create_app(stage.office).test_client())
    browser.sign_in("chair")
    assert "credential_in_body" in stage.flags("M28")
    for page in ("/", "/inbox", "/inbox?place=all", "/drafts", "/handover", "/outgoing"):
        assert secret not in browser.get(page).text
    assert secret in browser.get(f"/messages/{stage.numbers['M28']}").text


@pytest.mark.parametrize("words", [("clock", "--dry-run"), ("remind", "plan"), ("status",)], ids=" ".join)
def test_s44_a_dry_run_tells_what_would_leave_and_nothing_does(busy: Shell, words: tuple[str, ...]) -> None:
    before = dump(busy)
    said = busy.run(*words)
    assert said.code == 0
    assert said.out
    assert dump(busy) == before


def test_s39_the_round_ends_the_same_however_often_it_is_taken_up_again(stage: Stage) -> None:
    with stage.database.read() as db:
        before = dump_all(db)
    recognise_all(stage.desk, stage.office.clock() + timedelta(days=1))
    with stage.database.read() as db:
        assert dump_all(db) == before
