"""The commands that need no mailbox: what they print, what they write, how they end."""

import io
import json
import zipfile

import openpyxl
import pytest

from pipeline.cli import main
from pipeline.redline.ledger_read import read_ledger
from pipeline.redline.read import read_changes, read_text
from tests.make_docx import make_docx, pack
from tests.redline.sample import read_view

BASE = ["Members often meet in Vienna.", "States protect all migrants.", "Data are limited."]
WHO = ["Members {--often--}{++always++} meet in Vienna.", "States protect all {++young ++}migrants.", BASE[2]]
ILO = ["Members {--often--}{++seldom++} meet in Vienna.", BASE[1], "{==Data==}{>>Which data?<<} are limited."]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    files = {
        "base.docx": make_docx(BASE),
        "who.docx": make_docx(WHO, author="Ana Who"),
        "ilo.docx": make_docx(ILO, author="Ben Ilo"),
        "silent.docx": make_docx(["Members always meet in Vienna.", *BASE[1:]]),
        "fresh.docx": make_docx(["Something else entirely has been written here, by somebody, about fish."]),
        "bomb.docx": pack("", changes={"word/bomb.xml": b" " * 50_000_000}),
        "text.docx": b"no Word file at all",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    """The exit code of `penholder` with these arguments."""
    try:
        main(arguments)
    except SystemExit as leave:
        return leave.code or 0
    return 0


def merge_both(*more):
    return run("merge", "base.docx", "WHO=who.docx", "ILO=ilo.docx", *more)


def decide(folder, *decisions, name="decisions.json"):
    (folder / name).write_text(json.dumps(decisions), encoding="utf-8")
    return run("revise", "base.docx", "--ledger", "ledger.json", "--decisions", name, "-o", "next.docx")


@pytest.fixture
def ids(folder):
    """The ids of the ledger by their new words."""
    assert merge_both("-o", "out.docx", "--ledger", "ledger.json") == 0
    changes = json.loads((folder / "ledger.json").read_bytes())["changes"]
    return {one["new"] or one["remark"]: one["id"] for one in changes}


# --- merge ----------------------------------------------------------------------------------------------------------


def test_merge_writes_everything_asked_for(folder, capsys):
    assert (
        merge_both("-o", "out.docx", "--ledger", "l.json", "--matrix", "m.xlsx", "--compilation", "c.docx", "--json")
        == 0
    )
    printed = json.loads(capsys.readouterr().out)
    assert (printed["changes"], [one["owner"] for one in printed["versions"]]) == (4, ["WHO", "ILO"])
    assert printed["versions"][1]["changes"] == {"replacement": 1, "comment": 1}
    assert [one["name"] for one in printed["conflicts"]] == ["C1"]
    out = (folder / "out.docx").read_bytes()
    assert read_view(out) == read_view((folder / "base.docx").read_bytes())
    assert read_ledger(out) == read_ledger((folder / "l.json").read_bytes())
    assert openpyxl.load_workbook("m.xlsx").active.max_row == 5
    assert any(
        "[WHO]" in line for line in read_text((folder / "c.docx").read_bytes()).get_story("body").text.split("\n")
    )


def test_matrix_may_be_a_word_table(folder):
    assert merge_both("--matrix", "m.docx") == 0
    assert read_text((folder / "m.docx").read_bytes()).get_story("body/t0/r1/c0").text == "WHO\n"


def test_many_files_are_read_by_two_and_give_the_same_bytes_every_time(folder):
    versions = [f"AG{number}=who.docx" for number in range(7)]
    for name in ("one.docx", "two.docx"):
        assert run("merge", "base.docx", *versions, "-o", name) == 0
    assert (folder / "one.docx").read_bytes() == (folder / "two.docx").read_bytes()


def test_later_file_of_an_owner_replaces_the_earlier_one(folder, capsys):
    assert run("merge", "base.docx", "WHO=who.docx", "WHO=silent.docx", "--ledger", "l.json") == 0
    assert "WHO: an earlier file is replaced" in capsys.readouterr().err
    assert [one["new"] for one in json.loads((folder / "l.json").read_bytes())["changes"]] == ["always"]


def test_freshly_written_text_replaces_nothing_and_is_named(folder, capsys):
    assert run("merge", "base.docx", "WHO=who.docx", "WHO=fresh.docx", "--ledger", "l.json") == 0
    assert "fresh.docx: The file is a freshly written text" in capsys.readouterr().err
    assert len(json.loads((folder / "l.json").read_bytes())["changes"]) == 2


def test_merge_reads_only_what_its_cache_does_not_hold(folder, capsys):
    assert merge_both("--ledger", "first.json", "--cache", "kept") == 0
    kept = list((folder / "kept").iterdir())
    # the text of the base, what two files propose, how the draft was written
    assert len(kept) == 4
    for one in kept:
        one.write_text(one.read_text(encoding="utf-8").replace('"always"', '"never"'), encoding="utf-8")
    assert merge_both("UNICEF=silent.docx", "--ledger", "second.json", "--cache", "kept") == 0
    assert '"never"' in (folder / "second.json").read_text(encoding="utf-8")
    assert len(list((folder / "kept").iterdir())) == 5


def test_merge_with_a_cache_gives_the_same_bytes(folder):
    for name in ("one.docx", "two.docx"):
        assert merge_both("-o", name, "--cache", "kept") == 0
    assert merge_both("-o", "three.docx") == 0
    assert len({(folder / name).read_bytes() for name in ("one.docx", "two.docx", "three.docx")}) == 1


def test_dry_run_keeps_nothing_in_the_cache(folder):
    assert merge_both("--dry-run", "--cache", "kept") == 0
    assert not (folder / "kept").exists()


# --- compare and changes --------------------------------------------------------------------------------------------


def test_compare_lists_untracked_changes(folder, capsys):
    assert run("compare", "base.docx", "silent.docx", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    (change,) = printed["changes"]
    assert (change["kind"], change["origin"], change["old"], change["new"]) == (
        "replacement",
        "silent",
        "often",
        "always",
    )
    assert printed["coverage"] > 0.5
    assert printed["warnings"] == []


def test_compare_tracks_them_under_the_name_given(folder):
    assert run("compare", "base.docx", "silent.docx", "-o", "tracked.docx", "--author", "UNICEF") == 0
    tracked = (folder / "tracked.docx").read_bytes()
    found = read_changes(tracked, read_text((folder / "base.docx").read_bytes())).changes
    assert {(one.origin, one.person) for one in found} == {("tracked", "UNICEF")}
    assert read_view(tracked) == read_view((folder / "base.docx").read_bytes())


def test_compare_keeps_the_names_of_tracked_changes(folder):
    assert run("compare", "base.docx", "who.docx", "-o", "tracked.docx") == 0
    tracked = (folder / "tracked.docx").read_bytes()
    assert {one.person for one in read_changes(tracked, read_text(tracked)).changes} == {"Ana Who"}


def test_changes_of_a_file_alone_are_its_tracked_ones_and_comments(folder, capsys):
    assert run("changes", "ilo.docx", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["person"], one["place"]) for one in printed["changes"]] == [
        ("replacement", "Ben Ilo", "unnumbered paragraph 1"),
        ("comment", "Ben Ilo", "unnumbered paragraph 3"),
    ]


def test_changes_against_a_base_are_told_in_words(folder, capsys):
    assert run("changes", "silent.docx", "--base", "base.docx") == 0
    assert capsys.readouterr().out == "unnumbered paragraph 1: replacement by untracked: 'often' -> 'always'\n"


# --- revise ---------------------------------------------------------------------------------------------------------


def test_revise_takes_what_was_accepted_and_keeps_the_rest_tracked(folder, ids, capsys):
    decisions = [
        {"id": ids["always"], "disposition": "amended", "amended": "regularly", "remark": "Agreed."},
        {"id": ids["seldom"], "disposition": "rejected", "remark": "Not so."},
    ]
    (folder / "d.json").write_text(json.dumps(decisions), encoding="utf-8")
    arguments = ["--ledger", "ledger.json", "--decisions", "d.json", "--tracked", "t.docx", "--report", "r.docx"]
    capsys.readouterr()
    assert run("revise", "base.docx", *arguments, "-o", "next.docx", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["dispositions"] == {"amended": 1, "open": 2, "rejected": 1}
    assert printed["open"] == [ids["young "], ids["Which data?"]]
    body = read_view((folder / "next.docx").read_bytes())["body"].splitlines()
    assert body == ["Members regularly meet in Vienna.", *BASE[1:]]
    tracked = (folder / "t.docx").read_bytes()
    assert read_view(tracked)["body"].splitlines() == BASE
    assert {one.new for one in read_changes(tracked, read_text(tracked)).changes} >= {"young "}
    assert "Agreed." in "".join(story.text for story in read_text((folder / "r.docx").read_bytes()).stories)


def test_ledger_is_found_in_the_merged_file_too(folder, ids):
    decisions = [{"id": ids["always"], "disposition": "accepted"}]
    assert decide(folder, *decisions) == 0
    by_json = (folder / "next.docx").read_bytes()
    assert run("revise", "base.docx", "--ledger", "out.docx", "--decisions", "decisions.json", "-o", "other.docx") == 0
    assert (folder / "other.docx").read_bytes() == by_json


def test_word_file_without_a_ledger_is_explained(folder, capsys):
    (folder / "d.json").write_text("[]", encoding="utf-8")
    assert run("revise", "base.docx", "--ledger", "who.docx", "--decisions", "d.json", "-o", "n.docx") == 65
    assert "carries no ledger" in capsys.readouterr().err


def test_unknown_ids_and_clashing_decisions_are_explained(folder, ids, capsys):
    assert decide(folder, {"id": "000099", "disposition": "accepted"}) == 65
    assert "no change 000099" in capsys.readouterr().err
    both = [{"id": ids[new], "disposition": "accepted"} for new in ("always", "seldom")]
    assert decide(folder, *both) == 65
    assert "exclude each other" in capsys.readouterr().err
    assert not (folder / "next.docx").exists()


def test_ledger_of_another_base_is_refused(folder, ids, capsys):
    (folder / "d.json").write_text("[]", encoding="utf-8")
    assert run("revise", "silent.docx", "--ledger", "ledger.json", "--decisions", "d.json", "-o", "n.docx") == 65
    assert "another file" in capsys.readouterr().err


# --- All ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["merge", "base.docx", "WHO=who.docx", "-o", "x.docx", "--ledger", "x.json", "--matrix", "x.xlsx"],
        ["compare", "base.docx", "who.docx", "-o", "x.docx"],
        ["revise", "base.docx", "--ledger", "ledger.json", "--decisions", "d.json", "-o", "x.docx"],
    ],
)
def test_dry_run_writes_nothing(folder, ids, arguments):
    (folder / "d.json").write_text("[]", encoding="utf-8")
    before = sorted(path.name for path in folder.iterdir())
    assert run(*arguments, "--dry-run") == 0
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("bad", ["bomb.docx", "text.docx", "missing.docx"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["merge", "base.docx", "WHO=who.docx", "ILO={}", "-o", "x.docx"],
        ["merge", "{}", "WHO=who.docx", "-o", "x.docx"],
        ["compare", "base.docx", "{}"],
        ["changes", "{}"],
        ["changes", "who.docx", "--base", "{}"],
    ],
)
def test_file_that_cannot_be_read_ends_in_a_sentence_with_its_name(folder, capsys, arguments, bad):
    assert run(*(one.format(bad) for one in arguments)) == 65
    error = capsys.readouterr().err
    assert error.startswith(f"penholder: {bad}")
    assert "Traceback" not in error
    assert not (folder / "x.docx").exists()


@pytest.mark.parametrize(("content", "kind"), [(b"%PDF-1.7\n", "a PDF"), (b"{\\rtf1 x}", "a Rich Text file")])
def test_other_kinds_of_files_are_called_by_their_name(folder, capsys, content, kind):
    (folder / "other.docx").write_bytes(content)
    assert run("merge", "base.docx", "WHO=other.docx", "-o", "x.docx") == 65
    assert f"other.docx: This is {kind}, not a Word file" in capsys.readouterr().err


def test_every_file_that_cannot_be_read_is_named_at_once(folder, capsys):
    assert run("merge", "base.docx", "WHO=text.docx", "ILO=bomb.docx", "-o", "x.docx") == 65
    error = capsys.readouterr().err
    assert "text.docx: " in error
    assert "bomb.docx: " in error


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["merge", "base.docx", "who.docx", "-o", "x.docx"], 2),
        (["merge", "base.docx", "=who.docx", "-o", "x.docx"], 2),
        (["merge", "base.docx", "-o", "x.docx"], 2),
        (["merge", "base.docx", "WHO=who.docx"], 2),
        (["merge", "base.docx", "WHO=who.docx", "-o", "x.pdf"], 2),
        (["merge", "base.docx", "WHO=who.docx", "--matrix", "x.csv"], 2),
        (["merge", "base.docx", "WHO=who.docx", "-o", "base.docx"], 65),
        (["merge", "base.docx", "WHO=who.docx", "-o", "who.docx"], 65),
        (["merge", "base.docx", "WHO=who.docx", "-o", "x.docx", "--compilation", "x.docx"], 65),
        (["merge", "base.docx", "WHO=who.docx", "-o", "nowhere/x.docx"], 74),
        (["compare", "base.docx", "who.docx", "-o", "who.docx"], 65),
        (["revise", "base.docx", "--ledger", "l.json", "--decisions", "d.json"], 2),
    ],
)
def test_wrong_usage_ends_before_the_work(folder, arguments, code):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run(*arguments) == code
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_result_that_cannot_be_written_leaves_nothing_behind(folder):
    (folder / "taken.docx").mkdir()
    assert run("compare", "base.docx", "who.docx", "-o", "taken.docx") == 74
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_written_files_are_whole_archives(folder, ids):
    with zipfile.ZipFile(io.BytesIO((folder / "out.docx").read_bytes())) as archive:
        assert archive.testzip() is None
