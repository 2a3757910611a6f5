"""The ten properties of a merge, each on random rounds. See: docs/analysis/merge.md, Properties."""

import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import ooxml_integrity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.errors import UnreadableFileError
from pipeline.redline.comments import read_comments
from pipeline.redline.formats import ORDER
from pipeline.redline.gather import gather
from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Disposition
from pipeline.redline.ooxml import W
from pipeline.redline.opc import open_package, parse_xml
from pipeline.redline.read import read_changes
from pipeline.redline.resolve import has_changes, reject_all
from pipeline.redline.revise import ConflictingDecisions, revise
from pipeline.redline.story import read_document
from pipeline.redline.write import consolidate
from tests.redline.rounds import DATE, OWNERS, Round, merge_round, rounds, write_round
from tests.redline.sample import by_owner, read_view
from tests.redline.test_fuzz import _break

SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_MARKS = tuple(W + name for name in ("ins", "del", "moveFrom", "moveTo", *(f"{kind}Change" for kind in ORDER)))


def accepted(content: bytes) -> dict[str, str]:
    return {stream.name: stream.accepted for stream in read_document(open_package(content)).streams}


def body(content: bytes) -> etree._Element:
    return parse_xml(open_package(content).parts["word/document.xml"])


def paragraphs(content: bytes) -> list[bytes]:
    return [etree.tostring(one, method="c14n", exclusive=True) for one in body(content).iter(W + "p")]


@SOME
@given(rounds(silent=True))
def test_p1_rejecting_everything_gives_the_base_untouched_paragraphs_to_the_byte(one: Round) -> None:
    written = write_round(one).docx
    assert read_view(written) == read_view(one.docx)
    found, _ = merge_round(one)
    touched = {
        (proposal.change.story, offset)
        for proposal in found.proposals.values()
        for offset in range(proposal.change.start, proposal.change.end + 1)
    }
    kept = Counter(paragraphs(written))
    story = one.base.get_story("body")
    marks = [piece.element for piece in read_document(open_package(one.docx)).streams[0].pieces if piece.text == "\n"]
    for paragraph, mark in zip(story.paragraphs, marks, strict=True):
        if not any(("body", offset) in touched for offset in range(paragraph.start, paragraph.end + 1)):
            assert kept[etree.tostring(mark, method="c14n", exclusive=True, with_tail=False)]


@SOME
@given(rounds(), st.sampled_from(OWNERS))
def test_p2_accepting_one_agency_alone_gives_its_version(one: Round, owner: str) -> None:
    assert read_view(write_round(one).docx, by_owner(owner)) == accepted(one.versions[owner])


@SOME
@given(rounds(silent=True))
def test_p3_every_change_is_listed_once_and_every_mark_belongs_to_one(one: Round) -> None:
    written = write_round(one)
    base = one.base
    sent = Counter(
        (owner, change.kind.value, change.story, change.start, change.old, change.new, change.person)
        for owner in OWNERS
        for change in read_changes(one.versions[owner], base).changes
    )
    entries = json.loads(written.ledger)["changes"]
    names = ("agency", "kind", "story", "start", "old", "new", "person")
    assert Counter(tuple(entry[name] for name in names) for entry in entries) == sent
    listed = {number for entry in entries for number in entry["revision_ids"]}
    marks = [int(mark.get(W + "id", "")) for mark in body(written.docx).iter(*_MARKS)]
    assert len(marks) == len(set(marks))
    assert set(marks) == listed


@SOME
@given(rounds())
def test_p4_comments_keep_their_words_author_and_place(one: Round) -> None:
    def told(content: bytes) -> Counter[tuple[str, str, str]]:
        document = read_document(open_package(content))
        found = [change for _, _, change in read_comments(document.package, document.streams)]
        return Counter((one.remark, one.person, one.old) for one in found)

    sent = sum((told(one.versions[owner]) for owner in OWNERS), Counter[tuple[str, str, str]]())
    merged = told(write_round(one).docx)
    by_agency = Counter(
        {(remark, f"{owner} (Person of {owner})", old): count
         for (remark, person, old), count in sent.items()
         for owner in OWNERS if person == f"Person of {owner}"}
    )  # fmt: skip
    assert by_agency - merged == Counter()
    assert all(person == "GMG" for _, person, _ in merged - by_agency)


@FEW
@given(rounds(), st.permutations(OWNERS))
def test_p5_order_of_arrival_changes_ties_only_and_a_file_sent_twice_nothing(one: Round, order: list[str]) -> None:
    text = {owner: read_view(write_round(one, order).docx, by_owner(owner)) for owner in OWNERS}
    assert text == {owner: read_view(write_round(one).docx, by_owner(owner)) for owner in OWNERS}
    base = one.base
    once = gather((owner, read_changes(one.versions[owner], base)) for owner in OWNERS)
    twice = gather((owner, read_changes(one.versions[owner], base)) for owner in (*OWNERS, *OWNERS))
    merged = [merge(base, list(found.proposals.values())) for found in (once, twice)]
    assert [one.change for one in merged[0].folded] == [one.change for one in merged[1].folded]


@FEW
@given(rounds(), st.sampled_from(OWNERS))
def test_p6_one_version_reads_as_it_is_and_none_leaves_every_part(one: Round, owner: str) -> None:
    alone = write_round(one, [owner]).docx
    assert accepted(alone) == accepted(one.versions[owner])
    assert read_view(alone) == read_view(one.versions[owner])
    before, after = open_package(one.docx), open_package(write_round(one, []).docx)
    assert paragraphs(one.docx) == paragraphs(after.to_bytes())
    kept = [name for name in before.names if not name.endswith(".rels") and name != "[Content_Types].xml"]
    assert all(before.part(name) == after.part(name) for name in kept if name != "word/document.xml")


@SOME
@given(rounds(), st.sampled_from(OWNERS), st.randoms())
def test_p7_decisions_are_closed(one: Round, owner: str, random) -> None:
    found, _ = merge_round(one)

    def decide(taken: Disposition, other: Disposition) -> list:
        proposals = list(found.proposals.values())
        random.shuffle(proposals)
        return [replace(each, disposition=taken if each.owner == owner else other) for each in proposals]

    rejected = revise(one.docx, decide(Disposition.REJECTED, Disposition.REJECTED))
    assert read_view(rejected.clean) == read_view(rejected.tracked) == read_view(one.docx)
    revised = revise(one.docx, decide(Disposition.ACCEPTED, Disposition.OPEN))
    assert read_view(revised.clean) == accepted(one.versions[owner])
    assert not has_changes(body(revised.clean))
    waiting = {key for key, proposal in found.proposals.items() if proposal.owner != owner}
    assert set(revised.open) == waiting
    assert revise(one.docx, decide(Disposition.ACCEPTED, Disposition.OPEN)) == revised


@FEW
@given(rounds())
def test_p7_decisions_that_exclude_each_other_are_refused_or_both_obeyed(one: Round) -> None:
    found, _ = merge_round(one)
    everything = [replace(each, disposition=Disposition.ACCEPTED) for each in found.proposals.values()]
    named = ["one"]
    try:
        assert not has_changes(body(revise(one.docx, everything).clean))
    except ConflictingDecisions as error:
        named = [owner for owner in OWNERS if owner in str(error)]
    assert named


@FEW
@given(rounds(silent=True))
def test_p8_the_same_files_give_the_same_bytes(one: Round) -> None:
    first, second = write_round(one), write_round(one)
    assert (first.docx, first.ledger) == (second.docx, second.ledger)


@FEW
@given(rounds(silent=True))
def test_p9_every_result_opens_and_is_sound(one: Round) -> None:
    found, _ = merge_round(one)
    revised = revise(one.docx, [replace(each, disposition=Disposition.OPEN) for each in found.proposals.values()])
    with TemporaryDirectory() as folder:
        findings = []
        for number, content in enumerate((one.docx, write_round(one).docx, revised.clean, revised.tracked)):
            path = Path(folder, f"{number}.docx")
            path.write_bytes(content)
            assert docx.Document(io.BytesIO(content)).paragraphs
            findings.append({finding.code for finding in ooxml_integrity.check(path)})
        # the smallest tables have no grid, which the base is told of already
        assert all(found <= findings[0] for found in findings)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=600, max_value=10**9), rounds())
def test_p10_a_broken_file_among_others_is_refused_by_name_or_merged(seed: int, one: Round) -> None:
    base = one.base
    found, refusal = None, ""
    try:
        found = read_changes(_break(seed), base)
    except UnreadableFileError as error:
        refusal = str(error)
    if found is None:
        assert refusal.endswith(".")
        return
    gathered = gather([("FAO", read_changes(one.versions["FAO"], base)), ("WHO", found)])
    merged = merge(base, list(gathered.proposals.values()))
    written = consolidate(
        one.docx,
        merged,
        gathered.proposals,
        gathered.sources,
        secretariat="GMG",
        date=DATE,
        annexes=gathered.annexes,
    )
    assert read_view(written.docx) == read_view(one.docx)


def test_rejecting_a_merged_file_in_place_is_the_base_again() -> None:
    """What programs do when a person rejects everything: element by element."""

    @FEW
    @given(rounds())
    def check(one: Round) -> None:
        root = body(write_round(one).docx)
        reject_all(root)
        assert ["".join(paragraph.itertext()) for paragraph in root.iter(W + "p")] == [
            "".join(paragraph.itertext()) for paragraph in body(one.docx).iter(W + "p")
        ]

    check()


def test_rounds_hold_every_kind_of_change_of_words() -> None:
    """A property is worth what its examples hold."""
    seen: set[ChangeKind] = set()

    @settings(max_examples=60, deadline=None)
    @given(rounds())
    def check(one: Round) -> None:
        seen.update(proposal.change.kind for proposal in merge_round(one)[0].proposals.values())

    check()
    assert {ChangeKind.INSERTION, ChangeKind.DELETION, ChangeKind.REPLACEMENT, ChangeKind.COMMENT} <= seen
