"""Compilation and disposition report: nothing is left out, nothing stands twice."""

import io

import docx
import pytest

from pipeline.redline.compilation import write_compilation
from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Disposition
from pipeline.redline.report import write_disposition_report
from tests.redline.sample import build_docx, find_change, make_base, make_change, propose, sample_proposals

BASE = make_base("A. Meetings", "Members meet in Vienna.", numbers=("", "1"), styles=("Heading 1", ""))


def _compile(*proposals, base=BASE):
    content = write_compilation(base, merge(BASE, proposals), {one.key: one for one in proposals})
    return docx.Document(io.BytesIO(content)).paragraphs


def test_paragraph_is_followed_by_its_proposals_with_their_sponsors():
    change = find_change(BASE, "Vienna", "Geneva")
    paragraphs = _compile(propose("k1", "WHO", change), propose("k2", "ILO", change))
    texts = [one.text for one in paragraphs]
    assert texts == ["A. Meetings", "1. Members meet in Vienna.", "[Members meet in ViennaGeneva.] [WHO; ILO]"]
    assert [run.text for run in paragraphs[2].runs if run.font.strike] == ["Vienna"]
    assert [run.text for run in paragraphs[2].runs if run.bold] == ["Geneva"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (find_change(BASE, "Vienna", kind=ChangeKind.COMMENT, remark="Why?"), '[On "Vienna": Why?] [WHO]'),
        (
            make_change(BASE, len("A. Meetings\nMembers meet in Vienna.\n"), 36, "New.\n"),
            "[New paragraph after paragraph 1: New.] [WHO]",
        ),
        (
            find_change(BASE, "Members meet in Vienna.\n", kind=ChangeKind.MOVE, target=0),
            "[Move to the beginning: Members meet in Vienna.] [WHO]",
        ),
        (find_change(BASE, "Vienna", "Geneva", remark="Nearer."), "[Members meet in ViennaGeneva.] [WHO] (Nearer.)"),
    ],
)
def test_every_kind_of_proposal_is_readable(change, words):
    assert _compile(propose("k", "WHO", change))[-1].text == words


def test_base_may_be_a_file():
    content = build_docx(["Members meet in Vienna."])
    from pipeline.redline.read import read_text

    base = read_text(content)
    proposal = propose("k", "WHO", find_change(base, "Vienna", "Geneva"))
    compiled = write_compilation(content, merge(base, [proposal]), {"k": proposal})
    assert docx.Document(io.BytesIO(compiled)).paragraphs[1].text.endswith("[WHO]")


@pytest.mark.parametrize("draft", ["YTH", "JST", "HLD"])
def test_report_has_every_proposal_exactly_once(draft):
    base, proposals = sample_proposals(draft)
    content = write_disposition_report(merge(base, proposals), {one.key: one for one in proposals}, {})
    document = docx.Document(io.BytesIO(content))
    agencies = [row.cells[0].text for table in document.tables for row in table.rows[1:]]
    assert sorted(agencies) == sorted(one.owner for one in proposals)


def test_report_gives_decision_and_reason():
    change = find_change(BASE, "Vienna", "Geneva")
    proposal = propose("k", "WHO", change, disposition=Disposition.REJECTED)
    content = write_disposition_report(merge(BASE, [proposal]), {"k": proposal}, {"k": "The seat is in Vienna."})
    table = docx.Document(io.BytesIO(content)).tables[0]
    cells = [cell.text for cell in table.rows[1].cells]
    assert cells == ["WHO", "Vienna", "Geneva", "Not accepted. The seat is in Vienna."]


def test_superseded_proposals_are_in_the_report():
    proposal = propose("k", "WHO", find_change(BASE, "Vienna", "Geneva"), disposition=Disposition.SUPERSEDED)
    content = write_disposition_report(merge(BASE, [proposal]), {"k": proposal}, {})
    assert "later version" in docx.Document(io.BytesIO(content)).tables[0].rows[1].cells[3].text


def test_same_input_gives_the_same_bytes():
    base, proposals = sample_proposals("HLD")
    by_key = {one.key: one for one in proposals}
    merged = merge(base, proposals)
    assert write_compilation(base, merged, by_key) == write_compilation(base, merged, by_key)
    assert write_disposition_report(merged, by_key, {}) == write_disposition_report(merged, by_key, {})
