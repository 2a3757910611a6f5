"""Laws of a folder that describes a training round, and of building it."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.demo.build import build_scenario
from pipeline.demo.scenario import load_scenario
from pipeline.errors import UsageError
from tests.demo.round import FOLDER, read_mail, sample

ROSTER = """
[group]
code = "ABC"
name = "A Group"
mailbox = "drafts@abc.example"
from_name = "Chair"
chair = "ONE"
chair_timezone = "Europe/Vienna"

[[member]]
code = "ONE"
name = "First"
timezone = "Europe/Vienna"
focal_point = "a@one.example"

[[draft]]
code = "TXT"
title = "A text"
circulated = "2012-10-01T10:00:00+02:00"
deadline = "2012-10-31T18:00:00"
"""
DRAFT = "# A text\n\n## Part\n\n1. The first words stand here.\n\n2. The second words stand there.\n"
OUTBOUND = """
- {ref: 'out:TXT:r0:ONE', message_id: <1@abc.example>, date: '2012-10-01T10:00:00+02:00', to: a@one.example,
   subject: '[ABC-TXT] A text: inputs by 31 October 2012'}
"""
MESSAGES = """
- id: M01
  date: '2012-10-02T10:00:00+02:00'
  from: {addr: a@one.example}
  to: [drafts@abc.example]
  subject: 'RE: [ABC-TXT] A text: inputs by 31 October 2012'
  client: Lotus Notes 8.5
  in_reply_to: out:TXT:r0:ONE
  body: {text: See attached., quoted: gmail_en}
  attachments:
  - {name: a.docx, kind: docx_tracked, draft: TXT, rev: r0, author: One, edits: [E1, E2]}
  expect: {draft: TXT, agency: ONE, kind: contribution, message_state: filed, response_state: contributed, late: false}
"""
EDITS = """
- {id: E1, agency: ONE, draft: TXT, base: r0, para: 1, op: replace, old: first words, new: former words, type: ed}
- {id: E2, agency: ONE, draft: TXT, base: r0, para: 2, op: delete, old: ' there', new: '', type: ed}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A training round of one message, without the files of expectations."""
    source = tmp_path / "round"
    (source / "drafts").mkdir(parents=True)
    parts = {"roster.toml": ROSTER, "outbound.yaml": OUTBOUND, "messages.yaml": MESSAGES, "edits.yaml": EDITS}
    for name, text in {**parts, "drafts/TXT_r0.md": DRAFT}.items():
        (source / name).write_text(text, encoding="utf-8")
    return source


def test_sample_round_is_whole() -> None:
    scenario = sample()
    assert (len(scenario.messages), len(scenario.edits), len(scenario.outbound)) == (77, 84, 80)
    assert [draft.revision for draft in scenario.drafts if draft.code == "JST"] == ["r0", "r1"]
    assert scenario.get_message("M45").received > scenario.get_message("M45").date
    assert [message.received for message in scenario.messages] == sorted(one.received for one in scenario.messages)
    assert scenario.get_edit("JST-TAD-1").after == 8


def test_expectations_are_read_as_values() -> None:
    expected = sample().expected
    assert len(expected.pairs) == 14
    assert dict(expected.superseded)["YTH-ESCWA-1"] == "M21"
    assert [(one.draft, one.revision) for one in expected.rounds] == [
        ("YTH", "r0"),
        ("JST", "r0"),
        ("JST", "r1"),
        ("HLD", "r0"),
    ]
    assert len(expected.moments) == 12
    assert [(draft, revision, len(edits)) for draft, revision, edits in expected.rebases] == [("HLD", "r1", 17)]
    assert expected.decisions[0].amendments[0][0] == 16
    assert sample().get_message("M41").expect.unwrapped == "https://worldbank.sharepoint.example/docs/JST_WB.docx"


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert build_scenario(FOLDER, tmp_path / name) == 77
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert first == second


def test_built_folder_is_in_order_of_receipt_with_an_index(tmp_path: Path) -> None:
    build_scenario(sample(), tmp_path)
    index = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in index] == sorted(path.name for path in tmp_path.glob("*.eml"))
    assert index[0] == {
        "id": "M01",
        "file": "001_M01.eml",
        "envelope": "youth-report@unicef.example",
        "received": "2012-09-28T11:20:00-04:00",
    }
    assert next(entry["envelope"] for entry in index if entry["id"] == "M02") == ""
    assert {path.name for path in tmp_path.glob("*.docx")} == {
        f"{one.code}_{one.revision}.docx" for one in sample().drafts
    }


def test_round_of_one_s_own_needs_no_expectations(folder: Path, tmp_path: Path) -> None:
    assert load_scenario(folder).expected.pairs == ()
    assert build_scenario(folder, tmp_path / "built") == 1
    made = read_mail((tmp_path / "built" / "001_M01.eml").read_bytes())
    assert made["In-Reply-To"] == "<1@abc.example>"


def test_messages_are_sorted_by_receipt(folder: Path) -> None:
    later = MESSAGES.replace("M01", "M02").replace("2012-10-02", "2012-10-01").replace("out:TXT:r0:ONE", "null")
    (folder / "messages.yaml").write_text(MESSAGES + later.replace("gmail_en", "none"), encoding="utf-8")
    assert [message.id for message in load_scenario(folder).messages] == ["M02", "M01"]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("messages.yaml", "subject: 'RE", "betreff: 'RE", ("messages.yaml", "M01", "betreff", "subject")),
        ("messages.yaml", "date: '2012-10-02T10:00:00+02:00'", "", ("messages.yaml", "M01", "date")),
        ("messages.yaml", "+02:00'", "'", ("messages.yaml", "M01", "date", "offset")),
        ("messages.yaml", "Lotus Notes 8.5", "Pine", ("messages.yaml", "M01", "'Pine'", "Thunderbird")),
        ("messages.yaml", "quoted: gmail_en", "quoted: pine", ("messages.yaml", "M01", "quoted", "'pine'", "notes_en")),
        ("messages.yaml", "out:TXT:r0:ONE", "out:TXT:r1:ONE", ("messages.yaml", "M01", "out:TXT:r1:ONE", "outbound")),
        ("messages.yaml", "in_reply_to: out:TXT:r0:ONE", "", ("messages.yaml", "M01", "nothing to quote", "none")),
        ("messages.yaml", "a@one.example", "a one", ("messages.yaml", "M01", "addr", "'a one'")),
        ("messages.yaml", "[E1, E2]", "[E1, E9]", ("messages.yaml", "M01", "a.docx", "'E9'", "edits.yaml")),
        (
            "messages.yaml",
            "kind: docx_tracked",
            "kind: docx",
            ("messages.yaml", "M01", "a.docx", "'docx'", "docx_clean"),
        ),
        ("messages.yaml", "draft: TXT, rev: r0, ", "", ("messages.yaml", "M01", "a.docx", "draft")),
        ("messages.yaml", "rev: r0", "rev: r7", ("messages.yaml", "M01", "E1", "r0")),
        ("messages.yaml", "text: See", "charset: klingon, text: See", ("messages.yaml", "M01", "'klingon'", "utf-8")),
        ("messages.yaml", "kind: contribution, ", "", ("messages.yaml", "M01", "expect", "kind")),
        ("messages.yaml", "late: false", "late: perhaps", ("messages.yaml", "M01", "late", "true or false")),
        ("messages.yaml", "client:", "headers: {X: 'a\u00e9'}\n  client:", ("messages.yaml", "M01", "ASCII")),
        ("outbound.yaml", "- {ref", "one: {ref", ("outbound.yaml", "list")),
        ("messages.yaml", "  date", " date", ("messages.yaml", "YAML")),
        ("edits.yaml", "para: 1", "para: one", ("edits.yaml", "E1", "para", "whole number")),
        ("edits.yaml", "para: 1", "para: 5", ("edits.yaml", "E1", "no paragraph 5")),
        ("edits.yaml", "old: first words, ", "", ("edits.yaml", "E1", "old", "is missing")),
        ("edits.yaml", "op: replace", "op: change", ("edits.yaml", "E1", "'change'", "replace, delete")),
        ("edits.yaml", "op: replace", "op: move_para", ("edits.yaml", "E1", "after")),
        ("edits.yaml", "old: first words", "old: fist words", ("edits.yaml", "E1", "0 times", "occur once")),
        ("edits.yaml", "E2", "E1", ("edits.yaml", "'E1'", "twice")),
        ("edits.yaml", "para: 2, op: delete, old: ' there'", "para: 1, op: delete, old: first", ("E1", "E2", "same")),
        ("outbound.yaml", "subject", "about", ("outbound.yaml", "out:TXT:r0:ONE", "about")),
        ("drafts/TXT_r0.md", "2. The", "3. The", ("drafts/TXT_r0.md", "paragraph 3", "from 1")),
        ("roster.toml", 'code = "TXT"', 'code = "OTHER"', ("drafts/TXT_r0.md", "'TXT'")),
    ],
)
def test_complaint_names_file_entry_and_remedy(
    folder: Path, tmp_path: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        build_scenario(folder, tmp_path / "built")
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("name", ["roster.toml", "messages.yaml", "edits.yaml", "outbound.yaml"])
def test_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(UsageError, match=f"{name} is missing"):
        load_scenario(folder)


def test_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing in nowhere"):
        load_scenario(tmp_path / "nowhere")


def test_sample_round_is_left_as_it_is(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(FOLDER, copy)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    build_scenario(copy, tmp_path / "built")
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before
