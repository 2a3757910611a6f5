"""`inspect` answers for every message, whatever lies there, and the same one by one as by the folder."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell
from tests.make_mail import make_mail, make_multipart, make_part
from tests.pipeline.desk import answer, open_desk_again

KEYS = {
    "file": str,
    "class": str,
    "from": dict,
    "subject": str,
    "message_id": str,
    "in_reply_to": str,
    "references": list,
    "text": str,
    "reply_text": str,
    "reply_text_with_signature": str,
    "failed_recipients": list,
    "attachments": list,
    "forwarded": dict,
    "auth": dict,
}
RICH = make_mail(
    sender="Ann Ode <ann@ilo.example>",
    subject="R\u00e9sum\u00e9",
    in_reply_to="<call@wtg.example>",
    headers={
        "References": "<first@wtg.example> <call@wtg.example>",
        "Authentication-Results": "mx.ilo.example; dmarc=pass; spf=pass; dkim=fail",
    },
    text="Please see para 4.\n-- \nAnn Ode\nILO\n\n-----Original Message-----\nFrom: Bo <bo@wtg.example>\n"
    "Sent: 1 October 2012\nTo: Ann Ode\nSubject: Call\n\nPlease comment.\n",
    attachments=[("\u6c34.docx", b"PK123", "application/zip")],
)


def read_lines(shell: Shell, folder: str = ".") -> dict[str, dict[str, Any]]:
    """What the folder mode says of each file."""
    said = shell.run("inspect", "--jsonl", folder)
    assert said.code == 0, said.err
    return {line["file"]: line for line in map(json.loads, said.out.splitlines())}


def test_every_key_of_the_contract_is_there_with_its_type(shell: Shell) -> None:
    (shell.folder / "rich.eml").write_bytes(RICH)
    (line,) = read_lines(shell).values()
    assert {key: type(line[key]) for key in KEYS} == KEYS
    assert (line["from"], line["subject"]) == ({"name": "Ann Ode", "address": "ann@ilo.example"}, "R\u00e9sum\u00e9")
    assert (line["message_id"], line["in_reply_to"]) == ("<m1@ilo.example>", "<call@wtg.example>")
    assert line["references"] == ["<first@wtg.example>", "<call@wtg.example>"]
    assert (line["reply_text"], "Please comment." in line["text"]) == ("Please see para 4.", True)
    assert line["reply_text_with_signature"].startswith("Please see para 4.\n-- \nAnn Ode")
    assert line["attachments"] == [{"filename": "\u6c34.docx", "content_type": "application/zip", "size": 5}]
    assert line["forwarded"]["subject"] == "Call"
    assert line["auth"] == {
        "dmarc": "pass",
        "spf": "pass",
        "dkim": "fail",
        "server": "mx.ilo.example",
        "trusted": False,
    }


def test_an_empty_message_has_every_key_too(shell: Shell) -> None:
    (shell.folder / "empty.eml").write_bytes(b"")
    (line,) = read_lines(shell).values()
    assert line.keys() >= KEYS.keys()
    assert (line["class"], line["from"], line["forwarded"], line["message_id"]) == ("human", None, None, None)


def test_a_bounce_names_whom_it_did_not_reach_and_whether_for_good(shell: Shell) -> None:
    fields = (
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; bo@who.example\nAction: failed\nStatus: 5.1.1\n"
    )
    (shell.folder / "bounce.eml").write_bytes(make_mail(text="Failed.", report=("delivery-status", fields)))
    (line,) = read_lines(shell).values()
    assert line["class"] == "bounce"
    assert line["failed_recipients"] == [{"address": "bo@who.example", "permanent": True, "status": "5.1.1"}]


def test_an_attached_message_counts_as_a_file(shell: Shell) -> None:
    inner = make_part("message/rfc822", make_mail(subject="inside"))
    body = b'Content-Type: multipart/mixed; boundary="d"\r\n\r\n' + make_multipart([inner], "d")
    (shell.folder / "digest.eml").write_bytes(body)
    (line,) = read_lines(shell).values()
    assert [one["content_type"] for one in line["attachments"]] == ["message/rfc822"]


def put_strange_files(folder: Path) -> dict[str, str]:
    """Things that end in .eml and are no plain messages; the class that is said of each."""
    (folder / "folder.eml").mkdir()
    os.mkfifo(folder / "pipe.eml")
    (folder / "nowhere.eml").symlink_to(folder / "missing")
    (folder / "binary.eml").write_bytes(bytes(range(256)) * 4)
    (folder / "empty.eml").write_bytes(b"")
    (folder / "letter.eml").write_bytes(make_mail())
    (folder / "link.eml").symlink_to(folder / "letter.eml")
    (folder / "letter.txt").write_bytes(make_mail())
    with open(folder / "huge.eml", "wb") as huge:
        huge.truncate(5_000_000_000)
    malformed = dict.fromkeys(("folder.eml", "pipe.eml", "nowhere.eml", "huge.eml"), "malformed")
    return malformed | dict.fromkeys(("binary.eml", "empty.eml", "letter.eml", "link.eml"), "human")


def test_whatever_lies_in_the_folder_gets_its_line(shell: Shell) -> None:
    strange = put_strange_files(shell.folder)
    lines = read_lines(shell)
    assert {name: line["class"] for name, line in lines.items()} == strange
    assert all(line["reason"] for line in lines.values() if line["class"] == "malformed")
    assert "5,000,000,000 bytes" in lines["huge.eml"]["reason"]


def test_a_file_name_that_is_no_text_can_still_be_printed(shell: Shell) -> None:
    (shell.folder / os.fsdecode(b"caf\xe9.eml")).write_bytes(make_mail())
    (name,) = read_lines(shell)
    assert os.fsencode(name) == b"caf\xe9.eml"


def test_an_empty_folder_says_nothing(shell: Shell) -> None:
    (shell.folder / "none").mkdir()
    assert read_lines(shell, "none") == {}


@pytest.mark.parametrize("configured", [True, False])
def test_one_by_one_says_the_same_as_by_the_folder(busy: Shell, configured: bool) -> None:
    if not configured:
        busy.config.unlink()
    (busy.folder / "rich.eml").write_bytes(RICH)
    (busy.folder / "bomb.eml").write_bytes(b"To: " + b"a@b.example," * 6_000 + b"\r\n\r\nx")
    lines = read_lines(busy) if configured else read_lines_without_configuration(busy)
    assert len(lines) == 3
    for name, line in lines.items():
        words = ("inspect", name, "--json")
        alone = busy.run(*words) if configured else busy.run_bare(*words)
        assert json.loads(alone.out) == line


def read_lines_without_configuration(shell: Shell) -> dict[str, dict[str, Any]]:
    """What the folder mode says of each file when nothing is configured."""
    said = shell.run_bare("inspect", "--jsonl", ".")
    return {line["file"]: line for line in map(json.loads, said.out.splitlines())}


def test_a_folder_is_held_against_the_rounds_where_there_is_a_roster(busy: Shell) -> None:
    with open_desk_again(busy.folder) as desk:
        for number in range(12):
            letter = answer(desk, "WHO", text=f"Note {number}. We have no comments.")
            (busy.folder / f"letter-{number:02}.eml").write_bytes(letter)
    lines = read_lines(busy)
    assert len(lines) == 13
    for line in lines.values():
        assert (line["kind"], line["agency"], line["draft"], line["place"]) == ("no_comment", "WHO", "WAT", "filed")
        assert line["certainty"].keys() == {"kind", "agency", "draft"}
        assert {clue["source"] for clue in line["clues"]} >= {"roster_address", "in_reply_to"}


def test_a_message_or_a_folder_is_named_never_both(busy: Shell) -> None:
    assert busy.run("inspect", "letter.eml", "--jsonl", ".").code == 65
