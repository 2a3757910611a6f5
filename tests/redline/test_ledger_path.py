"""The ledger alone makes the same revision as the proposals it was written from; its schema is what the page says."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.redline.gather import gather
from pipeline.redline.ledger_read import read_ledger
from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Disposition
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.revise import revise
from pipeline.redline.write import consolidate
from tests.json_schema import find_breaches
from tests.make_docx import make_docx, pack
from tests.redline.test_fidelity import BY, DRAWING, EQUATION, IMAGE, PNG, inserted, notes, refer, with_relationships

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "ledger.schema.json").read_text(encoding="utf-8"))
BASE = pack(inserted(""))


def new(content: str) -> str:
    return inserted(f"<w:ins {BY}>{content}</w:ins>")


BOLD = "<w:r><w:rPr><w:b/></w:rPr><w:t>bold </w:t></w:r>"
VERSIONS = {
    "looks": pack(new(BOLD)),
    "picture": with_relationships(new(f"<w:r>{DRAWING}</w:r>"), IMAGE, members={"word/media/logo.png": PNG}),
    "note": pack(new(refer(1)), {"word/footnotes.xml": notes("A new note.")}),
    "equation": pack(new(EQUATION)),
    "words": make_docx("Here {--ends--}{++stops++} it."),
    "comments": make_docx("Here {==ends==}{>>One?<<} it{>>Two?<<}{>>To two.<<}.", replies={2: 1}),
}


def consolidated(base: bytes, *versions: bytes):
    text = read_text(base)
    found = gather((f"A{n}", read_changes(version, text)) for n, version in enumerate(versions))
    merged = merge(text, list(found.proposals.values()))
    date = datetime(2012, 11, 13, tzinfo=UTC)
    return found, consolidate(base, merged, found.proposals, found.sources, secretariat="GMG", date=date)


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("disposition", [Disposition.OPEN, Disposition.ACCEPTED])
def test_revision_from_the_ledger_alone_has_the_same_bytes(name: str, disposition: Disposition) -> None:
    found, written = consolidated(BASE, VERSIONS[name], VERSIONS["words"])
    read = read_ledger(written.ledger.encode())
    assert read.proposals == found.proposals
    assert read_ledger(written.docx).proposals == found.proposals

    def decide(proposals):
        return [replace(one, disposition=disposition) if one.owner == "A0" else one for one in proposals.values()]

    assert revise(BASE, decide(read.proposals)) == revise(BASE, decide(found.proposals))


def test_a_reply_names_the_comment_it_answers_among_several_at_one_place() -> None:
    marked = make_docx(
        "Here {==ends==}{>>One?<<} it{>>Two?<<}{>>Three?<<}{>>To two.<<}{>>To three.<<}.", replies={3: 1, 4: 2}
    )
    _, written = consolidated(BASE, marked)
    entries = json.loads(written.ledger)["changes"]
    by_id = {entry["id"]: entry["remark"] for entry in entries}
    replies = {entry["remark"]: by_id[entry["reply_to"]] for entry in entries if entry["reply_to"]}
    assert replies == {"To two.": "Two?", "To three.": "Three?"}
    again = [one for one in read_changes(written.docx, read_text(written.docx)).changes if one.reply_to is not None]
    assert len(again) == 2


def test_a_reply_to_what_the_ledger_does_not_hold_is_refused() -> None:
    _, written = consolidated(BASE, VERSIONS["comments"])
    ledger = json.loads(written.ledger)
    ledger["changes"][-1]["reply_to"] = "999999"
    with pytest.raises(Exception, match="999999"):
        read_ledger(json.dumps(ledger).encode())


@pytest.mark.parametrize("name", VERSIONS)
def test_ledger_fits_its_schema(name: str) -> None:
    _, written = consolidated(BASE, VERSIONS[name], VERSIONS["words"], VERSIONS["comments"])
    assert list(find_breaches(json.loads(written.ledger), SCHEMA)) == []


@pytest.mark.parametrize(
    ("name", "value"), [("kind", "magic"), ("start", "7"), ("start", True), ("owners", None), ("unheard", 1)]
)
def test_schema_refuses_what_is_no_ledger(name: str, value: object) -> None:
    ledger = json.loads(consolidated(BASE, VERSIONS["words"])[1].ledger)
    ledger["changes"][0][name] = value
    assert list(find_breaches(ledger, SCHEMA))


def test_page_and_schema_name_the_same_keys_and_kinds() -> None:
    page = (DOCS / "ledger.md").read_text(encoding="utf-8").partition("## A change")[2].partition("## Decisions")[0]
    named = [
        name for cell in re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    ]
    entry = SCHEMA["properties"]["changes"]["items"]
    assert sorted(named) == sorted(entry["required"]) == sorted(entry["properties"])
    assert sorted(entry["properties"]["kind"]["enum"]) == sorted(ChangeKind)
