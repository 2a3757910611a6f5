"""Commands of the record and of the year: what they print, what they change, what a dry run does not."""

import json
from pathlib import Path

import docx
import pytest

from pipeline.adapters import store
from tests.cli.shell import Shell
from tests.cli.test_commands import dump, list_files, open_store

YEAR = """
[[draft]]
code = "SEA"
title = "Rescue at sea"
circulate = 2013-02-01

[[decision]]
number = "1"
decided_on = 2012-11-14
by = "Principals"
owner = "working level"
due = 2013-03-31
text = "Report back."
"""


@pytest.fixture
def ready(busy: Shell) -> Shell:
    """The small round with an officer of each side and a year file beside it."""
    (busy.folder / "year.toml").write_text(YEAR, encoding="utf-8")
    assert busy.run("year", "import", "year.toml").err == "1 planned texts, 1 decisions.\n"
    for name, member in (("chair", "UNICEF"), ("next", "WHO")):
        assert busy.run("user", "add", name, "--member", member).code == 0
    return busy


def test_an_archive_fills_an_empty_database_and_no_mail_leaves(ready: Shell) -> None:
    status = ready.run("status", "--json").out
    assert "2 messages, 1 drafts, 1 rounds" in ready.run("export", "archive.zip").err
    (ready.folder / "penholder.db").rename(ready.folder / "old.db")
    assert "(nothing is kept)" in ready.run("import", "archive.zip", "--dry-run").err
    said = ready.run("import", "archive.zip")
    assert said.code == 0, said.err
    assert ready.run("status", "--json").out == status
    assert ready.run("sending").out.startswith("No mail leaves. This database was imported from an archive")
    assert ready.run("sending", "on", "--dry-run").out.startswith("No mail leaves.")
    assert ready.run("sending", "on").out == "Mail leaves.\n"
    assert json.loads(ready.run("sending", "--json").out) == {"on": True, "since": None, "why": ""}
    assert ready.run("import", "archive.zip").code == 65


def test_sending_is_stopped_by_hand_with_a_reason(ready: Shell) -> None:
    assert ready.run("sending", "off", "--reason", "We are moving.").out == "No mail leaves. We are moving.\n"
    assert json.loads(ready.run("sending", "--json").out)["on"] is False


def test_a_backup_is_a_database_that_sends_nothing(ready: Shell) -> None:
    assert ready.run("backup", "copy.db").code == 0
    assert ready.run("backup", "copy.db").code == 65
    ready.configure(store_url="sqlite:///copy.db")
    assert ready.run("sending").out == "No mail leaves. This database is a backup.\n"


def test_a_hand_over_prints_what_is_open_and_changes_the_chair(ready: Shell) -> None:
    said = ready.run("handover", "--to", "WHO", "--until", "2099-06-30")
    assert said.code == 0, said.err
    for line in ("open: WAT r0 until 2012-10-31 18:00; missing: WHO", "not decided: 2 proposals", "due 2013-03-31"):
        assert line in said.out
    assert "UNICEF handed over to WHO; signs in again: chair, next; closed: nobody." in said.err
    found = json.loads(ready.run("handover", "--to", "UNICEF", "--until", "2099-06-30", "--dry-run", "--json").out)
    assert (found["chair"], found["rounds"][0]["missing"], found["attention"]) == (["WHO"], ["WHO"], 1)
    assert found["decisions"][0]["due"] == "2013-03-31"


def test_a_hand_over_on_a_day_to_come_is_planned(ready: Shell) -> None:
    said = ready.run("handover", "--to", "WHO", "--on", "2099-01-01", "--until", "2099-06-30")
    assert "WHO takes over when 2099-01-01 begins." in said.err
    exported = ready.run("roster", "export").out
    assert 'chair = ["UNICEF"]' in exported
    assert 'incoming_term = { start = "2099-01-01", end = "2099-06-30" }' in exported
    assert "WHO takes over when 2099-01-01 begins" in ready.run("handover", "--dry-run").err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("handover", "--to", "WHO"), "--until"),
        (("handover", "--to", "ILO", "--until", "2099-06-30"), "penholder user add NAME"),
        (("handover", "--until", "2099-06-30"), "Nobody is named"),
        (("handover", "--to", "WHO", "--until", "June"), "'June' is not a day"),
        (("user", "add", "x", "--member", "OECD"), "OECD is no member"),
        (("user", "close", "x"), "no user x"),
        (("year", "import", "letter.eml"), "year file cannot be read as TOML"),
        (("year", "drop", "X"), "no X"),
        (("year", "done", "9", "x"), "no decision 9"),
        (("year", "plan", "X", "--title", "x", "--milestone", "soon launch"), "'soon' is not a day"),
        (("import", "letter.eml"), "There is something in this database"),
        (
            ("round", "open", "WAT", "--deadline", "2099-01-01T10:00", "--purpose", "silence", "--only", "OECD"),
            "OECD is not on the roster",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:2]),
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    ready: Shell, words: tuple[str, ...], told: str
) -> None:
    before = dump(ready)
    said = ready.run(*words)
    assert said.code == 65
    assert told in said.err
    assert dump(ready) == before


@pytest.mark.parametrize(
    "words",
    [
        ("export", "archive.zip", "--dry-run"),
        ("backup", "copy.db", "--dry-run"),
        ("sending", "off", "--dry-run"),
        ("handover", "--to", "WHO", "--until", "2099-06-30", "--dry-run"),
        ("handover", "--to", "WHO", "--on", "2099-01-01", "--until", "2099-06-30", "--dry-run"),
        ("user", "close", "chair", "--dry-run"),
        ("year", "import", "year.toml", "--dry-run"),
        ("year", "plan", "NEW", "--title", "New", "--dry-run"),
        ("year", "drop", "SEA", "--dry-run"),
        ("year", "decide", "2", "x", "--on", "2012-11-14", "--by", "x", "--owner", "x", "--dry-run"),
        ("year", "done", "1", "x", "--on", "2012-11-15", "--dry-run"),
        ("year", "calendar", "-o", "group.ics", "--dry-run"),
        ("report", "2012", "-o", "report.docx", "--dry-run"),
    ],
    ids=" ".join,
)
def test_a_dry_run_changes_nothing(ready: Shell, words: tuple[str, ...]) -> None:
    before, files = dump(ready), list_files(ready)
    said = ready.run(*words)
    assert said.code == 0, said.err
    assert said.out + said.err
    assert (dump(ready), list_files(ready)) == (before, files)


def test_the_year_is_entered_listed_and_closed(ready: Shell) -> None:
    planned = ("year", "plan", "AIR", "--title", "Air", "--lead", "ILO", "--milestone", "2014-01-02 launch")
    assert "AIR: on the work plan, 1 days." in ready.run(*planned).err
    decided = ("year", "decide", "2", "Meet.", "--on", "2014-01-01", "--by", "x", "--owner", "ILO")
    assert ready.run(*decided).code == 0
    assert ready.run("year", "done", "1", "Reported.", "--on", "2012-12-01").err == "Decision 1: done on 2012-12-01.\n"
    listed = ready.run("year", "list").out
    for told in ("SEA", "AIR", "2014-01-02  launch", "done 2012-12-01", "Meet."):
        assert told in listed
    found = json.loads(ready.run("year", "list", "2014", "--json").out)
    assert [each["code"] for each in found["planned"]] == ["AIR"]
    assert [each["number"] for each in found["decisions"]] == ["2"]
    assert ready.run("year", "drop", "AIR").code == 0
    assert "AIR" not in ready.run("year", "list").out


def test_the_calendar_goes_to_a_file_or_to_standard_output(ready: Shell) -> None:
    assert ready.run("year", "calendar", "-o", "group.ics").err == "3 entries.\n"
    written = (ready.folder / "group.ics").read_bytes()
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert ready.run("year", "calendar").out.count("BEGIN:VEVENT") == 3


def test_the_report_of_a_year_is_a_word_file_and_its_figures_are_json(ready: Shell) -> None:
    said = ready.run("report", "2012", "-o", "report.docx", "--json")
    assert (
        json.loads(said.out)["agencies"]["ILO"] | {"asked": 1, "answered": 1} == json.loads(said.out)["agencies"]["ILO"]
    )
    assert said.err == "report.docx: 1 texts, 1 of 2 answers, 2 proposals.\n"
    assert len(docx.Document(str(ready.folder / "report.docx")).tables) == 3


def test_accounts_are_listed_and_closed(ready: Shell) -> None:
    assert ready.run("user", "close", "next").err == "next is closed.\n"
    found = json.loads(ready.run("user", "list", "--json").out)
    assert found[1] == {"name": "next", "role": "officer", "member": "WHO", "disabled": True}
    assert [line.split() for line in ready.run("user", "list").out.splitlines()] == [
        ["chair", "officer", "UNICEF"],
        ["next", "officer", "WHO", "closed"],
    ]


def test_an_old_roster_file_is_refused_after_the_hand_over(ready: Shell) -> None:
    (ready.folder / "old.toml").write_text(ready.run("roster", "export").out, encoding="utf-8")
    ready.run("handover", "--to", "WHO", "--until", "2099-06-30")
    said = ready.run("roster", "import", "old.toml")
    assert said.code == 65
    assert "chaired by WHO" in said.err
    with (database := open_store(ready)).read() as db:
        assert store.rosters.get_roster(db).chair == ("WHO",)
    database.dispose()


def test_a_folder_takes_an_archive_too(ready: Shell, tmp_path: Path) -> None:
    assert ready.run("export", "archive").code == 0
    assert {path.name for path in (tmp_path / "archive").iterdir()} == {
        *("README.txt", "board.csv", "mail", "manifest.json", "sent", "tables", "texts"),
    }


def test_the_record_is_proved_and_a_forged_entry_is_found(ready: Shell) -> None:
    said = ready.run("audit", "verify")
    assert (said.code, len(said.out.strip())) == (0, 64)
    assert ready.run("audit", "verify", "--head", said.out.strip()).code == 0
    assert json.loads(ready.run("audit", "list", "--json").out)[0]["id"] > 1
    with open_store(ready).begin() as db:
        db.exec_driver_sql("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    assert ready.run("audit", "verify").code == 0
    assert ready.run("audit", "verify", "--head", said.out.strip()).code == 1
    with open_store(ready).begin() as db:
        db.exec_driver_sql("UPDATE audit SET who = 'nobody' WHERE id = 1")
    assert "entry 1 was changed" in ready.run("audit", "verify").err


def test_a_new_password_ends_what_the_old_one_opened(ready: Shell) -> None:
    def read() -> store.User:
        with open_store(ready).read() as db:
            found = store.users.get_user(db, "chair")
        assert found is not None
        return found

    before = read()
    assert ready.run("user", "password", "chair", "--dry-run").out == ""
    assert read() == before
    assert ready.run("user", "password", "chair").out.startswith("chair signs in with: ")
    assert read().password_hash != before.password_hash
    assert read().session == before.session + 1
