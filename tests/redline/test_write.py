"""The consolidated file: laws over random redlines, and cases Word users meet; see docs/analysis/merge.md."""

import json
import re
from datetime import UTC, datetime

import ooxml_integrity
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.errors import UsageError
from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Origin
from pipeline.redline.ooxml import W14, W15, W
from pipeline.redline.opc import open_package, parse_xml
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.write import consolidate
from tests.make_docx import NAMESPACES, pack
from tests.redline.sample import build_docx, by_owner, find_change, make_change, propose, read_view

DATE = datetime(2012, 11, 13, 9, 0, tzinfo=UTC)
DOCX = build_docx(
    ["Members often meet in Vienna.", "States protect all migrants.", "Data are limited."], table=[["one", "two three"]]
)
BASE = read_text(DOCX)
TEXT = BASE.get_story("body").text


def _write(proposals, content=DOCX, base=BASE):
    by_key = {one.key: one for one in proposals}
    return consolidate(content, merge(base, proposals), by_key, {}, secretariat="GMG Secretariat", date=DATE).docx


def _proposals(*changes):
    return [propose(f"k{place}", owner, change) for place, (owner, change) in enumerate(changes)]


def _document(content, part="word/document.xml"):
    return parse_xml(open_package(content).parts[part])


def _expected(base, proposals, owner):
    """What the stories read with the changes of one owner carried out, from the last offset to the first."""
    texts = {story.name: story.text for story in base.stories}
    pieces = []
    for one in proposals:
        change = one.change
        if one.owner == owner and change.kind is not ChangeKind.COMMENT:
            moving = change.kind is ChangeKind.MOVE
            pieces.append((change.start, change.end, "" if moving else change.new, change.story))
            if moving:
                pieces.append((change.target, change.target, change.old, change.story))
    for start, end, new, story in sorted(pieces, reverse=True):
        texts[story] = texts[story][:start] + new + texts[story][end:]
    return texts


# --- Laws -----------------------------------------------------------------------------------------------------------

OWNERS = ("FAO", "ILO", "WHO")
WORDS = st.lists(
    st.sampled_from(("members", "often", "data", "all", "new", "text", "of", "in")), min_size=1, max_size=6
)
PARAGRAPHS = st.lists(WORDS.map(" ".join), min_size=1, max_size=4)


@st.composite
def _scripts(draw):
    """A base and, for each owner, changes that do not overlap one another."""
    content = build_docx(draw(PARAGRAPHS))
    base = read_text(content)
    text = base.get_story("body").text
    proposals = []
    for owner in OWNERS:
        cuts = sorted(draw(st.lists(st.integers(0, len(text) - 1), max_size=6, unique=True)))
        for number, (start, end) in enumerate(zip(cuts[::2], cuts[1::2], strict=False)):
            new = draw(st.sampled_from(["", "new", "more words ", "Line one.\nLine two.\n", "\nAfter"]))
            kept_end = end if draw(st.booleans()) else start
            if new or kept_end > start:
                origin = draw(st.sampled_from([Origin.TRACKED, Origin.TYPED]))
                change = make_change(base, start, kept_end, new, origin=origin)
                proposals.append(propose(f"{owner}-{number}", owner, change))
    return content, base, proposals


@settings(max_examples=60, deadline=None)
@given(_scripts())
def test_rejecting_everything_gives_the_base(script):
    content, base, proposals = script
    assert read_view(_write(proposals, content, base)) == {story.name: story.text for story in base.stories}


@settings(max_examples=60, deadline=None)
@given(_scripts(), st.sampled_from(OWNERS))
def test_accepting_one_owner_gives_the_base_with_its_changes(script, owner):
    content, base, proposals = script
    written = _write(proposals, content, base)
    assert read_view(written, by_owner(owner)) == _expected(base, proposals, owner)


@settings(max_examples=40, deadline=None)
@given(_scripts())
def test_every_proposal_is_in_the_file_and_every_mark_belongs_to_one(script):
    content, base, proposals = script
    by_key = {one.key: one for one in proposals}
    written = consolidate(content, merge(base, proposals), by_key, {}, secretariat="GMG", date=DATE)
    entries = json.loads(written.ledger)["changes"]
    assert sorted(entry["id"] for entry in entries) == sorted(by_key)
    listed = {number for entry in entries for number in entry["revision_ids"]}
    kinds = [W + name for name in ("ins", "del", "moveFrom", "moveTo")]
    marks = [int(mark.get(W + "id")) for mark in _document(written.docx).iter(*kinds)]
    assert set(marks) == listed
    assert marks == sorted(set(marks))
    silent = {one.key for one in proposals if one.change.old == one.change.new}
    assert {entry["id"] for entry in entries if not entry["revision_ids"]} <= silent


@settings(max_examples=20, deadline=None)
@given(_scripts(), st.randoms())
def test_order_of_arrival_and_repetition_change_no_byte(script, random):
    content, base, proposals = script
    shuffled = list(proposals)
    random.shuffle(shuffled)
    assert _write(shuffled, content, base) == _write(proposals, content, base)


@settings(max_examples=20, deadline=None)
@given(_scripts())
def test_no_revision_lies_in_another_of_its_kind(script):
    content, base, proposals = script
    root = _document(_write(proposals, content, base))
    assert root.xpath("//w:ins//w:ins | //w:del//w:del | //w:del//w:ins", namespaces={"w": W[1:-1]}) == []


def test_no_proposals_give_the_base_text():
    assert read_view(_write([]), lambda author: True) == read_view(DOCX)


# --- Authors ------------------------------------------------------------------------------------------------------


def _authors(content, tag="del"):
    return [mark.get(W + "author") for mark in _document(content).iter(W + tag)]


@pytest.mark.parametrize(
    ("owners", "author"),
    [
        (["UNICEF"], "UNICEF (J. Doe)"),
        (["UNICEF", "WHO"], "UNICEF; WHO"),
        (["FAO", "ILO", "IOM", "WHO"], "FAO; ILO; IOM +1"),
        (["FAO", "ILO", "IOM", "UNDP", "WHO"], "FAO; ILO; IOM +2"),
    ],
)
def test_author_names_the_owners(owners, author):
    change = find_change(BASE, "often ", person="J. Doe", date=DATE)
    written = _write([propose(f"k-{owner}", owner, change) for owner in owners])
    assert _authors(written) == [author]
    assert next(_document(written).iter(W + "del")).get(W + "date") == "2012-11-13T09:00:00Z"


def test_untracked_change_says_so():
    written = _write(_proposals(("WHO", find_change(BASE, "often ", origin=Origin.SILENT))))
    assert _authors(written) == ["WHO (untracked)"]


def test_overlapping_deletions_are_cut_and_name_everybody():
    written = _write(_proposals(("WHO", find_change(BASE, "often meet ")), ("ILO", find_change(BASE, "meet in "))))
    assert _authors(written) == ["WHO", "WHO; ILO", "ILO"]


def test_competing_wordings_stand_side_by_side_with_a_note_of_the_secretariat():
    written = _write(
        _proposals(("WHO", find_change(BASE, "often", "always")), ("ILO", find_change(BASE, "often", "seldom")))
    )
    assert _authors(written) == ["WHO; ILO"]
    assert _authors(written, "ins") == ["WHO", "ILO"]
    notes = list(_document(written, "word/comments.xml"))
    assert [note.get(W + "author") for note in notes] == ["GMG Secretariat"]
    words = "".join(notes[0].itertext())
    assert all(word in words for word in ("C1", "always", "seldom", "WHO", "ILO"))


# --- Paragraphs, moves, cells ---------------------------------------------------------------------------------------


def test_new_words_look_like_their_neighbours():
    docx_bytes = _bold_docx()
    base = read_text(docx_bytes)
    written = _write(_proposals(("WHO", find_change(base, "bold", "strong"))), docx_bytes, base)
    assert next(_document(written).iter(W + "ins")).find(f"{W}r/{W}rPr/{W}b") is not None


def _bold_docx():
    import io

    import docx

    document = docx.Document()
    paragraph = document.add_paragraph("plain ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run(" plain")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_uncontested_move_is_a_move():
    moved = find_change(BASE, "Data are limited.\n", kind=ChangeKind.MOVE, target=0)
    root = _document(_write(_proposals(("WHO", moved))))
    assert len(list(root.iter(W + "moveFrom"))) == 2
    starts = [*root.iter(W + "moveFromRangeStart"), *root.iter(W + "moveToRangeStart")]
    assert len({start.get(W + "name") for start in starts}) == 1
    ends = [*root.iter(W + "moveFromRangeEnd"), *root.iter(W + "moveToRangeEnd")]
    assert sorted(end.get(W + "id") for end in ends) == sorted(start.get(W + "id") for start in starts)


def test_contested_move_is_a_deletion_and_an_insertion():
    moved = find_change(BASE, "States protect all migrants.\n", kind=ChangeKind.MOVE, target=0)
    edited = find_change(BASE, "all", "young")
    proposals = _proposals(("WHO", moved), ("ILO", edited))
    written = _write(proposals)
    assert list(_document(written).iter(W + "moveFrom", W + "moveTo")) == []
    for owner in ("WHO", "ILO"):
        assert read_view(written, by_owner(owner)) == _expected(BASE, proposals, owner)


def test_cells_are_stories_like_any_other():
    proposals = _proposals(("WHO", find_cell("two", "four")), ("ILO", find_cell("three", "five")))
    written = _write(proposals)
    assert read_view(written, lambda author: True)["body/t0/r0/c1"] == "four five\n"
    assert read_view(written) == read_view(DOCX)


def find_cell(old, new):
    start = BASE.get_story("body/t0/r0/c1").text.index(old)
    return make_change(BASE, start, start + len(old), new, story="body/t0/r0/c1")


def test_new_paragraph_before_a_table_stands_before_it():
    table = TEXT.index("\ufffc")
    written = _write(_proposals(("WHO", make_change(BASE, table, table, "New.\n"))))
    assert read_view(written, by_owner("WHO"))["body"] == TEXT[:table] + "New.\n" + TEXT[table:]
    assert read_view(written)["body"] == TEXT


def test_removed_last_paragraph_takes_the_mark_before_it():
    docx_bytes = build_docx(["First.", "Last."])
    base = read_text(docx_bytes)
    written = _write(_proposals(("WHO", find_change(base, "Last.\n"))), docx_bytes, base)
    assert read_view(written, by_owner("WHO"))["body"] == "First.\n"
    assert read_view(written)["body"] == "First.\nLast.\n"


def test_untouched_paragraphs_keep_their_elements():
    written = _write(_proposals(("WHO", find_change(BASE, "often", "always"))))
    before, after = (list(_document(content).iter(W + "p"))[1:] for content in (DOCX, written))
    assert [etree.tostring(one, method="c14n") for one in before] == [
        etree.tostring(one, method="c14n") for one in after
    ]


# --- Comments -----------------------------------------------------------------------------------------------------


def _comment(old, remark, **fields):
    return find_change(BASE, old, kind=ChangeKind.COMMENT, remark=remark, person="J. Doe", date=DATE, **fields)


def test_comments_of_all_agencies_are_there_with_their_replies():
    written = _write(
        _proposals(
            ("WHO", _comment("often", "How often?")),
            ("WHO", _comment("often", "Weekly.", reply_to=0)),
            ("ILO", _comment("migrants", "All of them?")),
        )
    )
    comments = list(_document(written, "word/comments.xml"))
    assert [("".join(one.itertext()), one.get(W + "author")) for one in comments] == [
        ("How often?", "WHO (J. Doe)"),
        ("Weekly.", "WHO (J. Doe)"),
        ("All of them?", "ILO (J. Doe)"),
    ]
    paras = [one[-1].get(W14 + "paraId") for one in comments]
    threads = [one.get(W15 + "paraIdParent") for one in _document(written, "word/commentsExtended.xml")]
    assert threads == [None, paras[0], None]


def test_comment_covers_its_words():
    root = _document(_write(_proposals(("WHO", _comment("meet in", "Really?")), ("ILO", find_change(BASE, "often ")))))
    text = etree.tostring(root, encoding="unicode")
    between = re.search(r"commentRangeStart(.*)commentRangeEnd", text, re.DOTALL)
    assert re.findall(r"<w:t[^>]*>([^<]*)<", between[1]) == ["meet in"]


def test_remark_on_the_whole_draft_stands_at_its_start():
    whole = make_change(BASE, 0, 0, kind=ChangeKind.COMMENT, remark="Too long.")
    written = _write(_proposals(("WHO", whole)))
    assert next(_document(written).iter(W + "commentReference")) is not None
    assert read_view(written) == read_view(DOCX)


# --- The file -----------------------------------------------------------------------------------------------------


def test_file_is_sound(tmp_path):
    gap = TEXT.index("States")
    moved = find_change(BASE, "Data are limited.\n", kind=ChangeKind.MOVE, target=0)
    written = _write(
        _proposals(
            ("WHO", find_change(BASE, "often meet", "gather")),
            ("ILO", find_change(BASE, "meet in", "come to")),
            ("IOM", make_change(BASE, gap, gap, "New one.\nNew two.\n")),
            ("UNDP", moved),
            ("FAO", _comment("all", "Why?")),
            ("FAO", _comment("all", "Because.", reply_to=0)),
        )
    )
    path = tmp_path / "out.docx"
    path.write_bytes(written)
    assert [str(finding) for finding in ooxml_integrity.check(path)] == []


def test_tracking_is_on_and_the_ledger_is_inside():
    written = _write(_proposals(("WHO", find_change(BASE, "often", "always"))))
    package = open_package(written)
    assert b"trackRevisions" in package.parts["word/settings.xml"]
    items = [name for name in package.names if re.fullmatch(r"customXml/item\d+\.xml", name)]
    ledgers = [root.text for name in items if "ledger" in (root := parse_xml(package.parts[name])).tag]
    assert [entry["id"] for entry in json.loads(ledgers[0])["changes"]] == ["k0"]


def test_file_of_another_revision_is_refused():
    with pytest.raises(UsageError, match="differs"):
        _write([], build_docx(["Something else."]))


def test_tracked_changes_of_the_base_itself_are_rejected_first():
    tracked = _write(_proposals(("WHO", find_change(BASE, "often", "always"))))
    base = read_text(tracked)
    written = _write(_proposals(("ILO", find_change(base, "limited", "scarce"))), tracked, base)
    assert "always" not in read_view(written, lambda author: True)["body"]
    assert read_view(written) == read_view(DOCX)


def test_characters_word_cannot_hold_do_not_break_the_file():
    written = _write(_proposals(("WHO\x00", find_change(BASE, "often", "al\x0bwa\x01ys\ufffc"))))
    assert read_view(written, lambda author: True)["body"].startswith("Members al\vways meet")


# --- Notes --------------------------------------------------------------------------------------------------------


def _noted_docx():
    note = '<w:footnote w:id="7"><w:p><w:r><w:t>See the annex.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {NAMESPACES}>{note}</w:footnotes>"
    reference = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    body = f"<w:p><w:r><w:t>Members meet.</w:t></w:r>{reference}<w:r><w:t> Often.</w:t></w:r></w:p>"
    return pack(body, {"word/footnotes.xml": notes})


def test_conflict_in_a_note_is_remarked_at_its_reference():
    content = _noted_docx()
    base = read_text(content)
    start = base.get_story("footnote/1").text.index("annex")
    changes = [make_change(base, start, start + 5, new, story="footnote/1") for new in ("table", "list")]
    written = _write(_proposals(("WHO", changes[0]), ("ILO", changes[1])), content, base)
    notes, body = _document(written, "word/footnotes.xml"), _document(written)
    assert [mark.get(W + "author") for mark in notes.iter(W + "ins")] == ["WHO", "ILO"]
    assert list(notes.iter(W + "commentReference")) == []
    order = [element.tag for element in body.iter(W + "footnoteReference", W + "commentReference")]
    assert order == [W + "footnoteReference", W + "commentReference"]
    assert "Footnote 1: C1" in "".join(_document(written, "word/comments.xml").itertext())


def test_inserted_field_comes_over_as_what_it_shows():
    marks = "".join(f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>{rest}' for kind, rest in _FIELD)
    content = pack(f'<w:p><w:r><w:t>Today </w:t></w:r><w:ins w:id="1" w:author="A">{marks}</w:ins></w:p>')
    base = read_text(content)
    assert [change.new for change in read_changes(content, base).changes] == ["2 August"]


_FIELD = (
    ("begin", "<w:r><w:instrText> DATE </w:instrText></w:r>"),
    ("separate", "<w:r><w:t>2 August</w:t></w:r>"),
    ("end", ""),
)
