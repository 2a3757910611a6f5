"""Files broken on purpose: whatever is done to a Word file, it is read or refused with a sentence, never a crash.

Each case is one seed: a specimen of our own, one to three mutations of its XML or bytes. A seed that fails once stays
in the range for ever.
"""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from lxml import etree

from pipeline.errors import UnreadableFileError
from pipeline.redline.gather import gather
from pipeline.redline.merge import merge
from pipeline.redline.model import TABLE_KINDS, ChangeKind
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.write import consolidate
from tests.make_docx import NAMESPACES, W, make_docx, pack

BASE = [
    "Members often meet in Vienna to review the draft of the report.",
    "States protect all migrants, in particular children.",
    [["Agency", "Task"], ["WHO", "Health of migrants"], ["ILO", "Work and skills"]],
    "Data are limited and should be collected by all members.",
    "The last paragraph stays as it is.",
]
EDITED = [
    "Members {--often--}{++always++} meet in Vienna{++\nNew paragraph here.++} to review the draft of the report.",
    "{--States protect all migrants, in particular children.\n--}{>>Why?<<}",
    [["Agency", "Task"], ["WHO", "{--Health--}{++Rights++} of migrants"], ["ILO", "Work {==and==}{>>or?<<} skills"]],
    "{<<Data are limited <<}and should be collected by {^^Data are limited ^^}all members.",
    "The last {==paragraph==}{>>Which?<<} stays{>>Reply<<} as it is.",
]
FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a \\h</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:ins w:id="1" w:author="A"><w:r><w:t>4</w:t></w:r></w:ins>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:hyperlink r:id="rId9"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>'
    '<w:sdt><w:sdtContent><w:p><w:r><w:t>held </w:t></w:r><w:del w:id="2" w:author="B"><w:ins w:id="3" w:author="C">'
    "<w:r><w:delText>nested</w:delText></w:r></w:ins></w:del></w:p></w:sdtContent></w:sdt>"
    '<w:tbl><w:tr><w:trPr><w:ins w:id="4" w:author="D"/></w:trPr><w:tc><w:p><w:r><w:footnoteReference w:id="2"/></w:r>'
    "</w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:cellDel w:id='5' w:author='E'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"
)
NOTES = {
    "word/footnotes.xml": f'<w:footnotes {NAMESPACES}><w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
}
SPECIMENS = (
    make_docx(EDITED, replies={3: 2}),
    make_docx([one.replace("all", "some") if isinstance(one, str) else one for one in BASE]),
    pack(FIELD, NOTES),
)
BASE_DOCX = make_docx(BASE)
TEXT = read_text(BASE_DOCX)
NAMES = (
    "p",
    "r",
    "t",
    "ins",
    "del",
    "tbl",
    "tr",
    "tc",
    "moveFrom",
    "fldChar",
    "commentRangeStart",
    "pPr",
    "rPr",
    "sdt",
)

Members = dict[str, bytes]


def _members(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(members: Members, twice: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
        if twice:
            # zipfile warns of a second member with one name
            archive.filelist.append(archive.filelist[list(members).index(twice)])
    return target.getvalue()


# --- Mutations of the XML -------------------------------------------------------------------------------------------


def _elements(root: etree._Element) -> list[etree._Element]:
    return [one for one in root.iter("*") if one.getparent() is not None]


def _remove(rng: random.Random, root: etree._Element) -> None:
    one = rng.choice(_elements(root))
    one.getparent().remove(one)


def _double(rng: random.Random, root: etree._Element) -> None:
    one = rng.choice(_elements(root))
    one.addnext(deepcopy(one))


def _reorder(rng: random.Random, root: etree._Element) -> None:
    one = rng.choice([root, *_elements(root)])
    children = list(one)
    rng.shuffle(children)
    one[:] = children


def _transplant(rng: random.Random, root: etree._Element) -> None:
    one, other = rng.sample(_elements(root), 2)
    if other not in one.iter():
        other.append(one)


def _rename(rng: random.Random, root: etree._Element) -> None:
    rng.choice(_elements(root)).tag = f"{{{W}}}{rng.choice(NAMES)}"


def _unwrap(rng: random.Random, root: etree._Element) -> None:
    one = rng.choice(_elements(root))
    parent = one.getparent()
    at = parent.index(one)
    parent[at : at + 1] = list(one)


def _spoil(rng: random.Random, root: etree._Element) -> None:
    one = rng.choice([one for one in root.iter("*") if one.attrib] or [root])
    for name in one.attrib:
        one.set(name, rng.choice(["", "-1", "9" * 30, "\u0660", "NaN", "2012-13-45T99:99:99Z", "x" * 100_000]))


def _nest(rng: random.Random, root: etree._Element) -> None:
    one = rng.choice(_elements(root))
    for _ in range(rng.choice([3, 60, 120, 230, 300])):
        inner = etree.Element(one.tag)
        one.append(inner)
        one = inner


def _comment_out(rng: random.Random, root: etree._Element) -> None:
    rng.choice(_elements(root)).addprevious(rng.choice([etree.Comment("x"), etree.ProcessingInstruction("x", "y")]))


XML_MUTATIONS: tuple[Callable[[random.Random, etree._Element], None], ...] = (
    _remove,
    _double,
    _reorder,
    _transplant,
    _rename,
    _unwrap,
    _spoil,
    _nest,
    _comment_out,
)


def _mutate_xml(rng: random.Random, members: Members) -> bytes:
    changed = dict(members)
    name = rng.choice(["word/document.xml"] * 4 + list(members))
    root = etree.fromstring(members[name], etree.XMLParser(huge_tree=True))
    for _ in range(rng.randint(1, 3)):
        if len(_elements(root)) > 1:
            rng.choice(XML_MUTATIONS)(rng, root)
    changed[name] = etree.tostring(root)
    return _pack(changed)


# --- Mutations of the bytes -----------------------------------------------------------------------------------------


def _flip_part(rng: random.Random, members: Members) -> bytes:
    name = rng.choice(list(members))
    content = bytearray(members[name])
    for _ in range(rng.randint(1, 5)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return _pack({**members, name: bytes(content)})


def _flip_zip(rng: random.Random, members: Members) -> bytes:
    content = bytearray(_pack(members))
    for _ in range(rng.randint(1, 8)):
        # the directory at the end decides what is read: half of the flips go there
        low = rng.choice([0, max(0, len(content) - 500)])
        content[rng.randrange(low, len(content))] = rng.randrange(256)
    return bytes(content)


def _truncate(rng: random.Random, members: Members) -> bytes:
    content = _pack(members)
    return content[: rng.randrange(len(content))]


def _drop_member(rng: random.Random, members: Members) -> bytes:
    gone = rng.choice(list(members))
    return _pack({name: content for name, content in members.items() if name != gone})


def _double_member(rng: random.Random, members: Members) -> bytes:
    return _pack(members, twice=rng.choice(list(members)))


def _empty_member(rng: random.Random, members: Members) -> bytes:
    return _pack({**members, rng.choice(list(members)): rng.choice([b"", b"\x00" * 40, b"<a/>", b"\xff\xfe<", b"<!"])})


def _nest_deep(rng: random.Random, members: Members) -> bytes:
    tag, depth = rng.choice(["p", "tbl", "ins", "r"]), rng.choice([300, 3_000, 300_000])
    body = members["word/document.xml"].replace(b"<w:body>", b"<w:body>" + b"<w:%s>" % tag.encode() * depth)
    closed = body.replace(b"<w:sectPr/>", b"</w:%s>" % tag.encode() * depth + b"<w:sectPr/>")
    return _pack({**members, "word/document.xml": rng.choice([body, closed])})


def _lie_about_size(rng: random.Random, members: Members) -> bytes:
    content = bytearray(_pack(members))
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, at + rng.choice([16, 20, 24, 42]), rng.choice([0, 1, 0xFFFFFFFF, 1 << 30]))
    return bytes(content)


def _point_elsewhere(rng: random.Random, members: Members) -> bytes:
    name = rng.choice([one for one in members if one.endswith(".rels")])
    target = rng.choice(["../../../etc/passwd", "document.xml", "", "http://host.example/x", "/word/none.xml", "%00"])
    spoiled = members[name].replace(b'Target="', f'Target="{target}" Was="'.encode(), 1)
    return _pack({**members, name: spoiled})


MUTATIONS: tuple[Callable[[random.Random, Members], bytes], ...] = (
    *[_mutate_xml] * 8,
    _flip_part,
    _flip_zip,
    _truncate,
    _drop_member,
    _double_member,
    _empty_member,
    _nest_deep,
    _lie_about_size,
    _point_elsewhere,
)


def _break(seed: int) -> bytes:
    rng = random.Random(seed)
    return rng.choice(MUTATIONS)(rng, _members(rng.choice(SPECIMENS)))


# --- Laws -----------------------------------------------------------------------------------------------------------


def _check_changes(base, found):
    stories = {story.name: story.text for story in base.stories}
    assert found.base == base.sha256
    assert 0 <= found.coverage <= 1
    for one in found.changes:
        text = stories[one.story]
        assert 0 <= one.start <= one.end <= len(text)
        assert one.old == text[one.start : one.end]
        assert one.target is None or 0 <= one.target <= len(text)
        assert one.reply_to is None or found.changes[one.reply_to].kind is ChangeKind.COMMENT
        assert one.kind in TABLE_KINDS or one.kind is not ChangeKind.INSERTION or one.start == one.end


def _check_one(content: bytes) -> None:
    try:
        own = read_text(content)
        against_itself = read_changes(content, own)
        found = read_changes(content, TEXT)
    except UnreadableFileError:
        return
    _check_changes(own, against_itself)
    _check_changes(TEXT, found)
    gathered = gather([("WHO", found)])
    merged = merge(TEXT, tuple(gathered.proposals.values()))
    date = datetime(2012, 11, 13, tzinfo=UTC)
    written = consolidate(BASE_DOCX, merged, gathered.proposals, gathered.sources, secretariat="Secretariat", date=date)
    assert [story.text for story in read_text(written.docx).stories if story.name == "body"] == [
        TEXT.get_story("body").text
    ]


@pytest.mark.parametrize("block", range(12))
def test_a_broken_file_is_read_or_refused_with_a_sentence(block):
    for seed in range(block * 50, block * 50 + 50):
        try:
            _check_one(_break(seed))
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
