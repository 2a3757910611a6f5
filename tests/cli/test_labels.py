"""What is made from files alone says of which revision it is, as of when, and what the text has come to."""

import io
import json

import docx
import pytest

from pipeline.redline.opc import open_package
from pipeline.redline.stamp import find_stamp, stamp
from tests.cli.test_redline import BASE, ILO, WHO, run
from tests.make_docx import make_docx

DAY = "2 November 2012"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    base = stamp(make_docx(BASE), draft="GMG-7", revision="r1", note="")
    for name, content in (("base", base), ("plain", make_docx(BASE)), ("who", make_docx(WHO)), ("ilo", make_docx(ILO))):
        (tmp_path / f"{name}.docx").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def note_of(path):
    return open_package(path.read_bytes()).parts["docProps/custom.xml"].decode()


def header_of(path):
    return docx.Document(io.BytesIO(path.read_bytes())).sections[0].header.paragraphs[0].text


def merge(base, *more):
    files = ["-o", "out.docx", "--matrix", "matrix.docx", "--compilation", "all.docx", "--ledger", "ledger.json"]
    assert run("merge", base, "WHO=who.docx", "ILO=ilo.docx", *files, *more) == 0


@pytest.mark.parametrize(
    ("base", "more", "words"),
    [
        ("base.docx", [], f"GMG-7 r1 \u2013 {DAY} \u2013 not endorsed"),
        ("base.docx", ["--status", "endorsed on 9 November"], f"GMG-7 r1 \u2013 {DAY} \u2013 endorsed on 9 November"),
        ("plain.docx", [], f"{DAY} \u2013 not endorsed"),
    ],
    ids=["stamped", "endorsed", "without a stamp"],
)
def test_every_result_of_a_merge_says_what_it_is(folder, base, more, words):
    merge(base, *more)
    assert f"proposals on {words}" in note_of(folder / "out.docx")
    assert {header_of(folder / name) for name in ("matrix.docx", "all.docx")} == {words}


def test_merged_file_carries_the_mark_of_the_revision_it_was_made_on(folder):
    merge("base.docx")
    assert find_stamp((folder / "out.docx").read_bytes()) == ("GMG-7", "r1")
    merge("plain.docx")
    assert find_stamp((folder / "out.docx").read_bytes()) is None


def test_next_text_says_what_it_was_made_from_and_is_no_revision(folder):
    merge("base.docx")
    (folder / "d.json").write_text(json.dumps([]), encoding="utf-8")
    files = ["-o", "next.docx", "--tracked", "tracked.docx", "--report", "report.docx"]
    assert run("revise", "base.docx", "--ledger", "ledger.json", "--decisions", "d.json", *files) == 0
    words = f"GMG-7 r1 \u2013 {DAY} \u2013 not endorsed"
    for name in ("next.docx", "tracked.docx"):
        assert f"made from {words}" in note_of(folder / name)
        assert find_stamp((folder / name).read_bytes()) is None
    assert header_of(folder / "report.docx") == words
