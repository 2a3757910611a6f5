"""A draft and the versions that agencies return of it, made from a seed."""

import io
import random
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
from lxml import etree

from tests.make_docx import make_docx
from tests.markup import after

WORDS = (
    "migration", "youth", "policy", "rights", "remittances", "skills", "return", "protection", "member", "state",
    "coherence", "development", "children", "gender", "labour", "market", "education", "health", "access", "services",
    "of", "the", "and", "in", "for", "to", "with", "that", "should", "are",
)  # fmt: skip
PARAGRAPH = 80
EDITS = 40
COMMENTS = 10
#: share of the edits that everybody makes in the same few paragraphs
HOT = 0.25
#: every so many versions one comes without marks
SILENT_EVERY = 5

Blocks = list[str | list[list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Files of one seed, as they lie in a folder."""

    base: Path
    versions: tuple[Path, ...]
    #: edits and comments made, in all versions
    made: int


def make_workload(folder: Path, *, versions: int, words: int, seed: int) -> Workload:
    """A base of about so many words and so many versions of it, written into the folder."""
    rng = random.Random(seed)
    blocks = _make_base(rng, words)
    parts = {"word/styles.xml": _styles()}
    base = folder / "base.docx"
    base.write_bytes(_as_word_saves(make_docx(blocks, parts=parts)))
    made = 0
    paths = []
    for number in range(versions):
        marked, edits = _edit(rng, blocks)
        silent = number % SILENT_EVERY == SILENT_EVERY - 1
        made += edits if silent else edits + COMMENTS
        shown: Sequence[str | Sequence[Sequence[str]]] = [_plain(one) for one in marked] if silent else marked
        date = datetime(2012, 11, 1, tzinfo=UTC) + timedelta(hours=number)
        paths.append(folder / f"version_{number:03}.docx")
        content = make_docx(shown, author=f"Reviewer {number}", date=date, parts=parts)
        paths[-1].write_bytes(_as_word_saves(content))
    return Workload(base=base, versions=tuple(paths), made=made)


def _make_base(rng: random.Random, words: int) -> Blocks:
    blocks: Blocks = []
    for number in range(max(1, words // PARAGRAPH)):
        sentences = [" ".join(rng.choices(WORDS, k=PARAGRAPH // 4)) for _ in range(4)]
        blocks.append(". ".join([f"{number} {sentences[0]}", *sentences[1:]]) + ".")
        if number % 20 == 19:
            blocks.append([[" ".join(rng.choices(WORDS, k=3)) for _ in range(3)] for _ in range(4)])
    return blocks


def _edit(rng: random.Random, blocks: Blocks) -> tuple[Blocks, int]:
    """The blocks with edits in CriticMarkup, at most one a paragraph, and how many there are."""
    marked = list(blocks)
    prose = [place for place, block in enumerate(blocks) if isinstance(block, str)]
    hot = prose[: max(1, len(prose) // 20)]
    wanted = min(EDITS, len(prose) // 2)
    places = set(rng.sample(hot, min(len(hot), int(wanted * HOT))))
    places |= set(rng.sample(prose, wanted - len(places)))
    for place in places:
        marked[place] = _mark(rng, str(blocks[place]))
    free = [place for place in prose if place not in places]
    for place in rng.sample(free, min(COMMENTS, len(free))):
        text = str(blocks[place])
        marked[place] = f"{{=={text[: text.index(' ', 20)]}==}}{{>>Please check this.<<}}{text[text.index(' ', 20) :]}"
    return marked, len(places)


def _mark(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    at = rng.randrange(2, len(words) - 4)
    count = rng.randint(1, 3)
    old, new = " ".join(words[at : at + count]), " ".join(rng.choices(("novel", "other", "fresh", "further"), k=count))
    before, behind = " ".join(words[:at]), " ".join(words[at + count :])
    kind = rng.choices(("replace", "insert", "delete", "paragraph"), (5, 3, 2, 1))[0]
    if kind == "insert":
        return f"{before} {{++{new} ++}}{old} {behind}"
    if kind == "delete":
        return f"{before} {{--{old} --}}{behind}"
    if kind == "paragraph":
        return f"{text}{{++\n{new} paragraph number {rng.random()}.++}}"
    return f"{before} {{--{old}--}}{{++{new}++}} {behind}"


def _plain(block: str | list[list[str]]) -> str | list[list[str]]:
    """The block as it reads with every edit made and no comment."""
    return after(block) if isinstance(block, str) else block


def _styles() -> str:
    """The styles every file made with Word brings along."""
    return etree.tostring(docx.Document().styles.element, encoding="unicode")


_RUN = re.compile(rb'<w:r><w:(t|delText) xml:space="preserve">([^<]*)</w:\1></w:r>')
_STRETCH = re.compile(rb"(?:\S+\s*|\s+){1,8}")


def _as_word_saves(content: bytes) -> bytes:
    """The file with its text in short runs, each with properties and the mark of a session, as Word leaves it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/document.xml"] = _RUN.sub(_split, members["word/document.xml"])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in members.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _split(run: re.Match[bytes]) -> bytes:
    tag = run[1]
    properties = b'<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/><w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr>'
    return b"".join(
        b'<w:r w:rsidR="%08X">%s<w:%s xml:space="preserve">%s</w:%s></w:r>' % (len(part), properties, tag, part, tag)
        for part in _STRETCH.findall(run[2])
    )
