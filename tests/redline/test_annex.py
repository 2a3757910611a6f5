"""A freshly written text stands behind the draft under the name of its agency; nothing of it is merged."""

import json
from datetime import UTC, datetime

from pipeline.redline.gather import gather
from pipeline.redline.merge import merge
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.write import consolidate
from tests.json_schema import find_breaches
from tests.make_docx import make_docx
from tests.redline.sample import by_owner, read_view
from tests.redline.test_ledger_path import SCHEMA

BASE = make_docx(["Members often meet in Vienna to review the draft.", "States protect all migrants."])
EDITED = make_docx(
    ["Members {--often--}{++always++} meet in Vienna to review the draft.", "States protect all migrants."]
)
FRESH = make_docx(["Fish swim in {--cold --}water.", "", [["Fish", "Colour"], ["Pike", "green"]], "Nobody knows why."])
TEXT = read_text(BASE)


def write(*versions):
    found = gather((owner, read_changes(content, TEXT)) for owner, content in versions)
    merged = merge(TEXT, list(found.proposals.values()))
    return consolidate(
        BASE,
        merged,
        found.proposals,
        found.sources,
        secretariat="GMG",
        date=datetime(2012, 11, 13, tzinfo=UTC),
        annexes=found.annexes,
    )


def test_fresh_text_is_read_as_paragraphs_and_rows_without_changes() -> None:
    found = read_changes(FRESH, TEXT)
    assert found.changes == ()
    assert found.fresh == ("Fish swim in water.", "Fish | Colour", "Pike | green", "Nobody knows why.")


def test_annex_names_its_agency_and_goes_when_rejected() -> None:
    written = write(("ILO", EDITED), ("WHO", FRESH))
    assert read_view(written.docx) == read_view(BASE)
    lines = read_view(written.docx, by_owner("WHO"))["body"].splitlines()
    assert lines[:2] == [one.replace("always", "often") for one in TEXT.get_story("body").text.splitlines()]
    assert lines[2].startswith("Annex 1: text of WHO, not merged")
    assert lines[3:] == ["Fish swim in water.", "Fish | Colour", "Pike | green", "Nobody knows why."]


def test_ledger_lists_the_annex_and_its_marks() -> None:
    written = write(("ILO", EDITED), ("WHO", FRESH))
    ledger = json.loads(written.ledger)
    assert list(find_breaches(ledger, SCHEMA)) == []
    (annex,) = ledger["annexes"]
    assert (annex["agency"], len(annex["revision_ids"])) == ("WHO", 10)
    taken = {number for change in ledger["changes"] for number in change["revision_ids"]}
    assert taken.isdisjoint(annex["revision_ids"])


def test_version_that_comes_after_a_fresh_text_takes_its_place() -> None:
    found = gather([("WHO", read_changes(FRESH, TEXT)), ("WHO", read_changes(EDITED, TEXT))])
    assert (found.annexes, len(found.proposals)) == ((), 1)


def test_fresh_text_does_not_replace_an_earlier_version() -> None:
    found = gather([("WHO", read_changes(EDITED, TEXT)), ("WHO", read_changes(FRESH, TEXT))])
    assert ([one.owner for one in found.annexes], len(found.proposals)) == (["WHO"], 1)
