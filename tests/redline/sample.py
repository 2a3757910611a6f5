"""The sample round as bases and proposals, and small bases written as paragraphs."""

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import yaml

from pipeline.redline.model import BaseText, Change, ChangeKind, Disposition, Origin, Paragraph, Proposal, Story
from pipeline.redline.opc import open_package
from pipeline.redline.story import read_document

GMG = Path(__file__).parents[2] / "pipeline" / "demo" / "gmg"


def load(name: str) -> Any:
    return yaml.safe_load((GMG / name).read_text(encoding="utf-8"))


def make_base(*paragraphs: str, numbers: tuple[str, ...] = (), styles: tuple[str, ...] = ()) -> BaseText:
    """A base with one body story of these paragraphs."""
    found, start = [], 0
    for place, text in enumerate(paragraphs):
        number = numbers[place] if numbers else ""
        style = styles[place] if styles else ""
        found.append(Paragraph(number=number, start=start, end=start + len(text), style=style))
        start += len(text) + 1
    text = "".join(f"{paragraph}\n" for paragraph in paragraphs)
    story = Story(name="body", text=text, paragraphs=tuple(found))
    return BaseText(sha256=hashlib.sha256(text.encode()).hexdigest(), stories=(story,))


def read_draft(name: str) -> list[tuple[str, str, str]]:
    """(number, text, style) of every paragraph of drafts/NAME.md."""
    found = []
    for line in (GMG / "drafts" / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"(#+) (.*)", line):
            found.append(("", heading[2], f"Heading {len(heading[1])}"))
        elif numbered := re.match(r"(\d+)\. (.*)", line):
            found.append((numbered[1], numbered[2], ""))
    return found


def draft_base(name: str) -> BaseText:
    numbers, texts, styles = zip(*read_draft(name), strict=True)
    return make_base(*texts, numbers=numbers, styles=styles)


def _body(base: BaseText) -> Story:
    return base.get_story("body")


def numbered(base: BaseText, number: int) -> Paragraph:
    return next(one for one in _body(base).paragraphs if one.number == str(number))


def sample_change(base: BaseText, edit: dict[str, Any]) -> Change:
    """A row of edits.yaml as a change of `base`."""
    text = _body(base).text
    if edit["para"] == 0:
        return make_change(base, 0, 0, kind=ChangeKind.COMMENT, remark=edit["text"])
    paragraph = numbered(base, edit["para"])
    start, end = paragraph.start, paragraph.end
    if edit["op"] in ("replace", "delete", "comment"):
        start = text.index(edit["old"], start, end)
        end = start + len(edit["old"])
    if edit["op"] == "comment":
        return make_change(base, start, end, kind=ChangeKind.COMMENT, remark=edit["text"])
    if edit["op"] == "move_para":
        target = numbered(base, edit["after"]).end + 1
        return make_change(base, start, end + 1, kind=ChangeKind.MOVE, target=target)
    if edit["op"] == "delete_para":
        return make_change(base, start, end + 1)
    if edit["op"] == "new_para_after":
        return make_change(base, end + 1, end + 1, edit["new"] + "\n")
    return make_change(base, start, end, edit["new"])


def make_change(base: BaseText, start: int, end: int, new: str = "", *, story: str = "body", **fields: Any) -> Change:
    """A change whose kind follows from its offsets and text unless given."""
    old = base.get_story(story).text[start:end]
    kind = ChangeKind.INSERTION if start == end else ChangeKind.REPLACEMENT if new else ChangeKind.DELETION
    fields = {"kind": kind, "origin": Origin.TYPED} | fields
    return Change(story=story, start=start, end=end, old=old, new=new, **fields)


def find_change(base: BaseText, old: str, new: str = "", **fields: Any) -> Change:
    """The change of the only place where `old` stands into `new`."""
    start = _body(base).text.index(old)
    return make_change(base, start, start + len(old), new, **fields)


def propose(key: str, owner: str, change: Change, **fields: Any) -> Proposal:
    return Proposal(key=key, owner=owner, change=change, **fields)


def sample_proposals(draft: str, revision: str = "r0", *, leads: bool = False) -> tuple[BaseText, list[Proposal]]:
    """The base and all proposals on it, in the order of edits.yaml; superseded ones marked."""
    base = draft_base(f"{draft}_{revision}")
    superseded = load("expected_conflicts.yaml")["superseded"]
    proposals = []
    for edit in load("edits.yaml"):
        if (edit["draft"], edit["base"]) != (draft, revision) or ("-LEAD-" in edit["id"] and not leads):
            continue
        disposition = Disposition.SUPERSEDED if edit["id"] in superseded else Disposition.OPEN
        change = sample_change(base, edit)
        proposals.append(propose(edit["id"], edit["agency"], change, disposition=disposition))
    return base, proposals


# --- Files --------------------------------------------------------------------------------------------------------


def build_docx(paragraphs: Sequence[str], styles: Sequence[str] = (), *, table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word file with these paragraphs, and a table behind them with a last paragraph after it."""
    document = docx.Document()
    for place, text in enumerate(paragraphs):
        document.add_paragraph(text, style=(styles[place] if styles else "") or None)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, texts in enumerate(table):
            for column, text in enumerate(texts):
                grid.cell(row, column).text = text
        document.add_paragraph("End.")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def draft_docx(name: str) -> bytes:
    """drafts/NAME.md as a Word file; the numbers are left to Word."""
    _, texts, styles = zip(*read_draft(name), strict=True)
    return build_docx(texts, styles)


def read_view(content: bytes, accept: Callable[[str], bool] = lambda author: False) -> dict[str, str]:
    """The text of every story when the changes of accepted authors are accepted and all others rejected."""
    views = {}
    for stream in read_document(open_package(content)).streams:
        kept = []
        for piece in stream.pieces:
            inserted, deleted = (one is not None and accept(one.author) for one in (piece.inserted, piece.deleted))
            if (piece.inserted is None or inserted) and not deleted:
                kept.append(piece.text)
        views[stream.name] = "".join(kept)
    return views


def by_owner(owner: str) -> Callable[[str], bool]:
    """Whether an author string names this owner, alone or among others."""
    return lambda author: any(name == owner or name.startswith(f"{owner} (") for name in author.split("; "))
