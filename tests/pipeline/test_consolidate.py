"""Every document opens, and names every proposal exactly once."""

import io
import json
import zipfile
from collections import Counter
from dataclasses import replace

import docx
import openpyxl
import pytest

from pipeline.adapters import store
from pipeline.consolidate import DOCUMENTS, Consolidation, name_document, read_consolidation
from pipeline.errors import UsageError
from pipeline.redline.model import Disposition
from pipeline.redline.opc import open_package
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.stamp import find_stamp
from pipeline.revise import dispose
from pipeline.understand import Desk
from tests.pipeline.desk import HOUR, NOW, OPENED, edit, take, with_file

#: (old wording, new wording, paragraph, agency): no new wording occurs in the text or in another one
EDITS = (
    ("shared with herds", "shared with camels", 2, "ILO"),
    ("clean water and soap", "clean water and towels", 5, "ILO"),
    ("once a year", "every quarter", 6, "WHO"),
    ("Local councils", "Elected mayors", 4, "WHO"),
)


@pytest.fixture
def answered(desk: Desk) -> Desk:
    """Two agencies have proposed two changes each; one of them was rejected, one accepted, one superseded."""
    for agency in ("ILO", "WHO"):
        own = [edit(old, new, para, f"{agency} Water") for old, new, para, whose in EDITS if whose == agency]
        take(desk, with_file(desk, agency, *own, name=f"WAT_{agency}.docx"))
    decide(desk, 1, Disposition.ACCEPTED)
    decide(desk, 2, Disposition.REJECTED, "no room for it")
    return desk


def decide(desk: Desk, number: int, disposition: Disposition, remark: str = "") -> None:
    """The chair decides."""
    dispose(desk.database, number, disposition, remark=remark, amended="", by="chair", now=NOW, version=0)


def consolidate(desk: Desk) -> Consolidation:
    """Everything on r0."""
    return read_consolidation(desk.database, "WAT", "r0", NOW)


def read_any(content: bytes, name: str) -> str:
    """Every word of a document, tables included."""
    if name.endswith(".json"):
        return content.decode()
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None)
    document = docx.Document(io.BytesIO(content))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in document.paragraphs), *(each.text for each in cells)])


def test_every_document_opens_and_is_named_after_its_draft(answered: Desk) -> None:
    consolidation = consolidate(answered)
    for document, write in DOCUMENTS.items():
        assert name_document(consolidation, document) == f"WAT_r0_{document}"
        content = write(consolidation)
        assert read_any(content, document)
        assert document.endswith(".json") or zipfile.ZipFile(io.BytesIO(content)).testzip() is None


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name.endswith(".docx")])
def test_every_word_file_says_which_revision_it_is_of_and_that_nobody_endorsed_it(
    answered: Desk, document: str
) -> None:
    package = open_package(DOCUMENTS[document](consolidate(answered)))
    parts = [content for name, content in package.parts.items() if "header" in name or name == "docProps/custom.xml"]
    told = b"".join(parts).decode()
    assert "not endorsed" in told
    assert f"{NOW.day} {NOW:%B %Y}" in told
    assert "r0" in told


def test_only_the_text_and_the_consolidated_draft_pass_for_the_revision(answered: Desk) -> None:
    stamps = {
        document: find_stamp(DOCUMENTS[document](consolidate(answered)))
        for document in ("text.docx", "consolidated.docx", "next-clean.docx", "next-tracked.docx")
    }
    ours = ("WAT", "r0")
    assert stamps == {"text.docx": ours, "consolidated.docx": ours, "next-clean.docx": None, "next-tracked.docx": None}


@pytest.mark.parametrize(
    ("document", "endorsed"),
    [("text.docx", True), ("compilation.docx", True), ("consolidated.docx", False), ("next-clean.docx", False)],
)
def test_what_all_endorsed_says_so_and_what_is_made_from_it_does_not(
    answered: Desk, document: str, endorsed: bool
) -> None:
    told = DOCUMENTS[document](replace(consolidate(answered), status="endorsed by all members on 1 May 2013"))
    parts = [part for name, part in open_package(told).parts.items() if "header" in name or name.endswith("custom.xml")]
    assert (b"endorsed by all members" in b"".join(parts)) is endorsed


def test_documents_are_the_same_however_often_they_are_written(answered: Desk) -> None:
    for document, write in DOCUMENTS.items():
        assert write(consolidate(answered)) == write(consolidate(answered)), document


def test_what_several_documents_need_is_made_once(answered: Desk) -> None:
    consolidation = consolidate(answered)
    assert consolidation.written is consolidation.written
    assert consolidation.revised is consolidation.revised


def test_the_ledger_names_every_proposal_once_with_its_source(answered: Desk) -> None:
    consolidation = consolidate(answered)
    ledger = json.loads(DOCUMENTS["ledger.json"](consolidation))
    text = json.dumps(ledger)
    for stored in consolidation.stored:
        assert text.count(f'"{stored.proposal.key}"') >= 1
    with answered.database.read() as db:
        digests = {store.messages.get_message(db, number).sha256 for number in (1, 2)}
    assert set(consolidation.sources.values()) == digests


@pytest.mark.parametrize("document", ["dispositions.docx", "matrix.docx", "matrix.xlsx", "compilation.docx"])
def test_every_new_wording_is_told_in_every_table(answered: Desk, document: str) -> None:
    text = read_any(DOCUMENTS[document](consolidate(answered)), document)
    told = Counter({new: text.count(new.split()[-1]) for _, new, _, _ in EDITS})
    assert min(told.values()) >= 1


def test_the_consolidated_draft_gives_back_every_live_proposal_of_every_agency_once(answered: Desk) -> None:
    consolidation = consolidate(answered)
    found = read_changes(DOCUMENTS["consolidated.docx"](consolidation), consolidation.merge.base)
    read = Counter((change.old, change.new) for change in found.changes if change.new or change.old)
    for stored in consolidation.stored:
        change = stored.proposal.change
        if stored.proposal.disposition is Disposition.OPEN:
            assert read[change.old, change.new] == 1


def test_only_accepted_wording_enters_the_next_text(answered: Desk) -> None:
    text = read_text(DOCUMENTS["next-clean.docx"](consolidate(answered))).get_story("body").text
    assert [new in text for _, new, _, _ in EDITS] == [True, False, False, False]
    assert [old in text for old, _, _, _ in EDITS] == [False, True, True, True]


def test_a_superseded_proposal_stays_in_the_report(answered: Desk) -> None:
    later = edit("once a year", "once a month", 6, "WHO Water")
    take(answered, with_file(answered, "WHO", later, name="WAT_WHO_v2.docx"), at=OPENED + 5 * HOUR)
    consolidation = consolidate(answered)
    superseded = [each for each in consolidation.stored if each.proposal.disposition is Disposition.SUPERSEDED]
    assert len(superseded) == 2
    report = read_any(DOCUMENTS["dispositions.docx"](consolidation), "dispositions.docx")
    assert "quarter" in report
    assert "month" in report


def test_a_revision_without_proposals_gives_every_document_too(desk: Desk) -> None:
    consolidation = consolidate(desk)
    assert consolidation.stored == ()
    for document, write in DOCUMENTS.items():
        assert write(consolidation), document


@pytest.mark.parametrize(("code", "revision"), [("SEA", "r0"), ("WAT", "r9")])
def test_what_is_not_there_is_said(desk: Desk, code: str, revision: str) -> None:
    with pytest.raises(UsageError):
        read_consolidation(desk.database, code, revision, NOW)
