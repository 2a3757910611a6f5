"""Every command: what it prints, what it changes, what a dry run does not."""

import json
import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import docx
import pytest

from pipeline.adapters import store
from pipeline.cli import main
from pipeline.cli.closing import enter
from pipeline.core.model import MailState, Revision
from pipeline.enter import ENTERED
from tests.cli.shell import Shell
from tests.demo import tiny
from tests.dump import dump_all


def open_store(shell: Shell) -> store.Database:
    """The configured database."""
    return store.open_database(f"sqlite:///{shell.folder / 'penholder.db'}")


def dump(shell: Shell) -> dict[str, list[dict[str, Any]]]:
    """Everything in the configured database."""
    database = open_store(shell)
    with database.read() as db:
        found = dump_all(db)
    database.dispose()
    return found


def list_files(shell: Shell) -> dict[str, bytes]:
    """Every file but the database, which SQLite may touch without changing it."""
    paths = (path for path in shell.folder.rglob("*") if path.is_file() and ".db" not in path.name)
    return {str(path): path.read_bytes() for path in paths}


# --- Setting up -----------------------------------------------------------------------------------------------


def test_init_writes_a_configuration_and_a_secret_nobody_else_can_read(shell: Shell) -> None:
    shell.config.unlink()
    (shell.folder / "penholder.secret").unlink()
    assert shell.run("init").code == 0
    secret = shell.folder / "penholder.secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    kept = secret.read_text()
    assert shell.run("init").code == 78
    assert shell.run("init", "--force").code == 0
    assert secret.read_text() == kept
    assert shell.run("upgrade").code == 0


def test_a_new_user_gets_a_password_once(shell: Shell) -> None:
    said = shell.run("user", "add", "chair")
    assert re.fullmatch(r"chair signs in with: \S{16}\n", said.out)
    assert shell.run("user", "add", "chair").code == 65


def test_doctor_says_one_line_for_each_check(shell: Shell) -> None:
    said = shell.run("doctor")
    marks = [line.split()[0] for line in said.out.splitlines()]
    assert set(marks) <= {"ok", "warn"}
    assert said.code == 0
    findings = json.loads(shell.run("doctor", "--json").out)
    assert [finding["mark"] for finding in findings] == marks
    assert all(finding.keys() == {"mark", "subject", "words"} for finding in findings)


# --- The secretariat ------------------------------------------------------------------------------------------


def test_a_round_is_set_up_from_the_command_line(shell: Shell) -> None:
    (shell.folder / "roster.toml").write_text("\ufeff" + tiny.ROSTER, encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("1. A text about wells and pumps.")
    document.save(str(shell.folder / "text.docx"))
    assert "3 members" in shell.run("roster", "import", "roster.toml").err
    added = shell.run("draft", "add", "WAT", "text.docx", "--title", "Paper on Water", "--lead", "UNICEF")
    assert "WAT r0" in added.err
    opened = shell.run("round", "open", "WAT", "--deadline", "2099-10-31T18:00")
    assert len(opened.out.splitlines()) == 3
    assert "water-alt@ilo.example" in opened.out
    assert opened.err == "3 mails are in the outbox; the clock sends them.\n"
    assert "0 of 2 answered" in shell.run("status").out
    assert "ILO" in shell.run("remind", "plan").out
    assert shell.run("round", "extend", "1", "ILO", "--until", "2099-11-05T18:00").code == 0
    assert shell.run("round", "close", "1").code == 0
    assert shell.run("status").out == ""
    assert shell.run("roster", "export").out.startswith("[group]")
    with (database := open_store(shell)).read() as db:
        assert {sent.state for sent in store.outbox.list_outgoing(db)} == {MailState.QUEUED}
    database.dispose()


def test_silence_is_closed_from_the_command_line(busy: Shell) -> None:
    opened = busy.run("round", "open", "WAT", "--deadline", "2099-10-31T18:00", "--purpose", "silence")
    assert opened.code == busy.run("round", "close", "1").code == 0
    early = busy.run("round", "close", "2")
    assert (early.code, "has not passed" in early.err) == (65, True)
    entered = ("round", "enter", "2", "ILO", "objected", "--reason", "by telephone", "--paragraph", "3")
    assert busy.run(*entered, "--dry-run").err == "ILO would be entered as objected in round 2.\n"
    assert busy.run(*entered, "--level", "principal").err == "ILO is entered as objected in round 2.\n"
    assert "objected: ILO" in busy.run("status").out
    foreseen = busy.run("round", "close", "2", "--dry-run")
    assert "ILO: objected r0, principal level, paragraph 3 (command line: by telephone)" in foreseen.err
    assert "would be closed: silence broken" in foreseen.err
    assert busy.run("round", "announce", "2").code == 65
    closed = busy.run("round", "close", "2", "--reason", "A new text follows.")
    assert (closed.code, closed.out) == (0, foreseen.out)
    assert "silence broken" in busy.run("draft", "list").out


def test_the_answers_a_command_takes_are_those_that_can_be_entered() -> None:
    (answer,) = (each for each in enter.params if each.name == "answer")
    assert isinstance(answer.type, click.Choice)
    assert tuple(answer.type.choices) == ENTERED


def test_a_draft_is_published_withdrawn_and_reopened_from_the_command_line(busy: Shell) -> None:
    assert busy.run("draft", "publish", "WAT").code == 65
    assert busy.run("round", "close", "1").code == 0
    assert busy.run("draft", "publish", "WAT", "--link", "https://wtg.example/paper", "--dry-run").code == 0
    assert busy.run("draft", "publish", "WAT", "--link", "https://wtg.example/paper").err == "WAT r0 is published.\n"
    (listed,) = json.loads(busy.run("draft", "list", "--json").out)
    assert (listed["state"], listed["steps"][0]["link"]) == ("published", "https://wtg.example/paper")
    assert busy.run("draft", "withdraw", "WAT", "--reason", "a mistake").code == 65
    assert busy.run("draft", "reopen", "WAT", "--reason", "a mistake").code == 0
    assert busy.run("draft", "withdraw", "WAT", "--reason", "The meeting was put off.").code == 0
    assert "withdrawn" in busy.run("draft", "list").out


def test_what_is_exported_can_be_imported(busy: Shell) -> None:
    exported = busy.run("roster", "export").out
    (busy.folder / "again.toml").write_text(exported, encoding="utf-8")
    assert busy.run("roster", "import", "again.toml").code == 0
    assert busy.run("roster", "export").out == exported


def test_consolidate_writes_every_document(busy: Shell) -> None:
    said = busy.run("consolidate", "WAT", "--out", "out")
    assert said.code == 0
    assert said.err == "2 proposals, 0 conflicts.\n"
    names = {path.name for path in (busy.folder / "out").iterdir()}
    assert names == {
        "WAT_r0_consolidated.docx",
        "WAT_r0_compilation.docx",
        "WAT_r0_matrix.docx",
        "WAT_r0_matrix.xlsx",
        "WAT_r0_dispositions.docx",
        "WAT_r0_ledger.json",
        "WAT_r0_next-clean.docx",
        "WAT_r0_next-tracked.docx",
        "WAT_r0_text.docx",
    }


def test_merge_needs_no_configuration(busy: Shell) -> None:
    busy.config.unlink()
    said = busy.run("merge", "base.docx", "ILO=reply.docx", "-o", "merged.docx", "--ledger", "ledger.json")
    assert said.code == 0
    assert said.err.endswith("2 changes, 0 conflicts.\n")
    assert len(json.loads((busy.folder / "ledger.json").read_text())["changes"]) == 2


# --- Answers as JSON ------------------------------------------------------------------------------------------


def test_inspect_says_who_which_what_where_and_why(busy: Shell) -> None:
    words = busy.run("inspect", "letter.eml").out
    for told in ("WHO (sure)", "WAT (sure)", "no_comment", "filed", "because", "We have no comments"):
        assert told in words
    found = json.loads(busy.run("inspect", "letter.eml", "--json").out)
    assert (found["class"], found["kind"], found["agency"], found["draft"]) == ("human", "no_comment", "WHO", "WAT")
    assert found["certainty"] == {"kind": "sure", "agency": "sure", "draft": "sure"}
    assert (found["place"], found["clues"][0]["source"]) == ("filed", "roster_address")


def test_inspect_works_without_any_configuration(busy: Shell) -> None:
    busy.config.unlink()
    main(["inspect", str(busy.folder / "letter.eml"), "--json"])
    found = json.loads(busy.captured.readouterr().out)
    assert found["from"] == {"name": "WHO Water", "address": "water@who.example"}
    assert found.keys().isdisjoint({"kind", "agency", "draft", "certainty"})


def test_inspect_gives_a_line_for_every_message_of_a_folder(busy: Shell) -> None:
    (busy.folder / "broken.eml").write_bytes(b"\xff\x00 nothing")
    lines = [json.loads(line) for line in busy.run("inspect", "--jsonl", ".").out.splitlines()]
    assert [line["file"] for line in lines] == ["broken.eml", "letter.eml"]
    assert all("class" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("status", "--json"), {"round", "draft", "revision", "deadline", "answered", "missing", "responses"}),
        (("draft", "list", "--json"), {"code", "title", "leads", "rule", "revisions"}),
        (("remind", "plan", "--json"), {"round_id", "agency", "step", "at", "skipped"}),
    ],
)
def test_reading_commands_answer_in_json(busy: Shell, words: tuple[str, ...], keys: set[str]) -> None:
    rows = json.loads(busy.run(*words).out)
    assert rows
    assert all(keys <= row.keys() for row in rows)


def test_status_in_json_says_who_is_missing(busy: Shell) -> None:
    (found,) = json.loads(busy.run("status", "--json").out)
    assert (found["answered"], found["missing"]) == (["ILO"], ["WHO"])


# --- Dry runs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("init", "--dry-run"),
        ("upgrade", "--dry-run"),
        ("user", "add", "chair", "--dry-run"),
        ("roster", "import", "roster.toml", "--dry-run"),
        ("draft", "add", "WAT", "base.docx", "--revision", "r1", "--dry-run"),
        ("draft", "add", "SEA", "base.docx", "--title", "Paper on the Sea", "--dry-run"),
        ("round", "open", "WAT", "--revision", "r1", "--deadline", "2099-10-31T18:00", "--dry-run"),
        ("round", "extend", "1", "ILO", "--until", "2099-10-31T18:00", "--dry-run"),
        ("round", "extend", "1", "ILO", "--refuse", "--dry-run"),
        ("round", "close", "1", "--dry-run"),
        ("round", "enter", "1", "ILO", "no_comment", "--reason", "by telephone", "--dry-run"),
        ("draft", "withdraw", "WAT", "--reason", "put off", "--dry-run"),
        ("clock", "--dry-run"),
        ("consolidate", "WAT", "--out", "out", "--dry-run"),
        ("merge", "base.docx", "ILO=reply.docx", "-o", "merged.docx", "--ledger", "ledger.json", "--dry-run"),
    ],
)
def test_a_dry_run_changes_nothing(busy: Shell, words: tuple[str, ...]) -> None:
    (busy.folder / "roster.toml").write_text(tiny.ROSTER)
    with (database := open_store(busy)).begin() as db:
        text = store.drafts.get_revision(db, "WAT", "r0")
        if "r1" in words and words[0] == "round":
            store.drafts.add_revision(db, store_revision(text.docx))
    database.dispose()
    before, files = dump(busy), list_files(busy)
    said = busy.run(*words)
    assert said.code == 0, said.err
    assert said.out + said.err
    assert dump(busy) == before
    assert list_files(busy) == files


def store_revision(content: bytes) -> Any:
    """A second revision."""
    digest = sha256(content).hexdigest()
    return Revision(draft="WAT", name="r1", sha256=digest, docx=content, circulated_at=None)


def test_build_writes_the_messages_of_a_round(shell: Shell, tmp_path: Path) -> None:
    folder = tiny.write_scenario(tmp_path / "round")
    said = shell.run("demo", "build", str(tmp_path / "built"), "--scenario", str(folder))
    assert said.err == "3 messages in " + str(tmp_path / "built") + ".\n"
    assert len(list((tmp_path / "built").rglob("*.eml"))) == 3


def test_inspect_gives_a_line_for_mail_beyond_the_limits(busy: Shell) -> None:
    (busy.folder / "bomb.eml").write_bytes(b"To: " + b"a@b.example," * 6000 + b"\r\n\r\nx")
    lines = [json.loads(line) for line in busy.run("inspect", "--jsonl", ".").out.splitlines()]
    assert [(line["file"], line["class"]) for line in lines] == [("bomb.eml", "malformed"), ("letter.eml", "human")]
    alone = busy.run("inspect", "bomb.eml", "--json")
    assert (alone.code, json.loads(alone.out)["class"]) == (0, "malformed")
    assert busy.run("inspect", "bomb.eml").code == 65


def test_inspect_shows_an_embedded_message_and_who_vouches_for_the_sender(busy: Shell) -> None:
    block = "From: Ann <ann@who.example>\nSent: 1 October 2012\nSubject: wells\n\nDeeper wells."
    head = "From: a@b.example\nAuthentication-Results: mx.b.example; dmarc=pass; spf=fail\n\n"
    (busy.folder / "forward.eml").write_text(f"{head}See below.\n\n{block}\n")
    (line,) = [json.loads(one) for one in busy.run("inspect", "--jsonl", ".").out.splitlines() if "forward" in one[:30]]
    assert line["forwarded"]["raw_text"] == block
    assert (line["forwarded"]["type"], line["forwarded"]["text_top"]) == ("forward", "See below.")
    assert (line["auth"]["dmarc"], line["auth"]["spf"], line["auth"]["dkim"]) == ("pass", "fail", "none")
    assert (line["auth"]["server"], line["auth"]["trusted"]) == ("mx.b.example", False)


def test_bench_without_a_name_lists_the_benchmarks(shell: Shell) -> None:
    said = shell.run("bench").out
    assert [line.split()[0] for line in said.splitlines()] == [
        "hostile",
        "intake",
        "patterns",
        "recognition",
        "redline",
        "rounds",
    ]
