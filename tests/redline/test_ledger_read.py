"""A ledger comes back as it was written, and nothing else passes for one."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.errors import PenholderError, UnreadableFileError, UsageError
from pipeline.redline.ledger import write_ledger
from pipeline.redline.ledger_read import read_ledger
from pipeline.redline.merge import merge
from pipeline.redline.read import read_text
from pipeline.redline.write import consolidate
from tests.make_docx import make_docx
from tests.redline.sample import find_change, make_base, make_change, propose, sample_proposals

BASE = make_base("Members often meet in Vienna.", "States protect all migrants.")
PROPOSALS = {
    "a": propose("a", "WHO", find_change(BASE, "often", "always")),
    "b": propose("b", "ILO", find_change(BASE, "often", "seldom")),
    "c": propose("c", "ILO", make_change(BASE, 8, 8, "very ", person="Ben")),
}


def _written():
    return write_ledger(merge(BASE, tuple(PROPOSALS.values())), PROPOSALS, {"a": "ab" * 32})


@pytest.mark.parametrize("draft", ["JST", "YTH", "HLD"])
def test_written_ledger_is_read_back_as_it_was(draft):
    base, proposals = sample_proposals(draft)
    by_key = {one.key: one for one in proposals}
    merged = merge(base, proposals)
    read = read_ledger(write_ledger(merged, by_key, dict.fromkeys(by_key, "ab" * 32)).encode())
    read.check_base(base)
    assert read.proposals == {key: by_key[key] for folded in merged.folded for key in folded.keys}
    assert read.sources == dict.fromkeys(read.proposals, "ab" * 32)
    assert merge(base, tuple(read.proposals.values())) == merged


def test_only_known_sources_are_told():
    assert read_ledger(_written().encode()).sources == {"a": "ab" * 32}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no ledger"),
        (b"\xff\xfe{", "no ledger"),
        (b"[]", "no ledger"),
        (b"[" * 200_000, "no ledger"),
        (b'{"format": "penholder-ledger-2"}', "no ledger"),
        (b'{"format": "penholder-ledger-1"}', "'changes' is missing"),
        (b'{"format": "penholder-ledger-1", "changes": []}', "'base' is missing"),
        (b'{"format": "penholder-ledger-1", "base": "x", "changes": [3]}', "Change 1"),
        (b"PK\x03\x04", "damaged"),
        (make_docx("text"), "carries no ledger"),
    ],
)
def test_what_is_no_ledger_is_explained(content, words):
    with pytest.raises(UnreadableFileError, match=words):
        read_ledger(content)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", None),
        ("id", "b"),
        ("agency", 3),
        ("kind", "magic"),
        ("origin", "rumour"),
        ("disposition", "forgotten"),
        ("start", "7"),
        ("start", -1),
        ("end", 9_999),
        ("old", "other words"),
        ("new", None),
        ("story", "body/t9/r0/c0"),
        ("date", "yesterday"),
        ("target", "there"),
    ],
)
def test_tampered_ledger_is_refused(name, value):
    ledger = json.loads(_written())
    ledger["changes"][0][name] = value
    with pytest.raises(PenholderError, match=r"ledger"):
        read_ledger(json.dumps(ledger).encode()).check_base(BASE)


def test_ledger_of_another_base_is_refused():
    with pytest.raises(UsageError, match="another file"):
        read_ledger(_written().encode()).check_base(make_base("Another text."))


def test_a_ledger_inside_a_file_keeps_the_objects_of_its_wordings():
    docx = make_docx("See the picture here.")
    base = read_text(docx)
    proposals = {"a": propose("a", "WHO", find_change(base, "picture", "\ufffc map"))}
    merged = merge(base, tuple(proposals.values()))
    written = consolidate(
        docx, merged, proposals, {"a": "ab" * 32}, secretariat="S", date=datetime(2012, 10, 1, tzinfo=UTC)
    )
    assert read_ledger(written.docx).proposals["a"].change.new == "\ufffc map"
