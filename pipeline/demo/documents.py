"""Word files of the sample round: the base as a lead writes it, replies as agencies return them, comment tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from xml.sax.saxutils import quoteattr

from pipeline.demo.packages import pack_ole
from pipeline.demo.scenario import ScenarioEdit
from pipeline.demo.texts import WORDED, Block, BlockKind, Span, find_block, find_offset, find_spans, find_target
from pipeline.demo.wordml import (
    MACRO_TYPE,
    Origin,
    Part,
    build_package,
    hex_id,
    paragraph,
    run,
    save_id,
    xml_part,
)
from pipeline.errors import UsageError

_STYLES = {BlockKind.TITLE: "Title", BlockKind.HEADING: "Heading1", BlockKind.NUMBERED: "ListNumber"}
_COLUMNS = (("Agency", 1100), ("Para", 700), ("Type", 700), ("Comment", 3000), ("Proposed change", 3572))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoredEdit:
    """An edit with the name and the date Word gives it."""

    edit: ScenarioEdit
    author: str
    #: aware
    date: datetime


def build_base_docx(blocks: Sequence[Block], origin: Origin) -> bytes:
    """The Word file of a draft, with headings and automatic numbers and nothing tracked."""
    rsid = save_id(origin.title, origin.saved)
    return build_package("".join(_plain(block, rsid) for block in blocks), origin, rsids=(rsid,))


def build_macro_docx(blocks: Sequence[Block], origin: Origin) -> bytes:
    """A .docm whose macro project is an empty shell: nothing in it can run."""
    project = Part(
        kind="vbaProject", name="vbaProject.bin", content=pack_ole([("PROJECT", b'ID="{0}"\r\nName="Empty"\r\n')])
    )
    return build_package(
        "".join(_plain(block, save_id("docm")) for block in blocks), origin, (project,), False, MACRO_TYPE
    )


def build_matrix_docx(rows: Sequence[tuple[str, ...]], origin: Origin) -> bytes:
    """A comment table: one row for each proposal or remark. See: `pipeline.demo.matrix.matrix_rows`."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for _, width in _COLUMNS)
    edge = ' w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"/>'
    edges = "".join(f"<w:{side}{edge}" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    properties = f'<w:tblPr><w:tblW w:w="9072" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
    head = _row(tuple(name for name, _ in _COLUMNS), "<w:b/>")
    lines = "".join(_row(cells, "") for cells in rows)
    table = f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{head}{lines}</w:tbl>"
    return build_package(paragraph("Title", run(origin.title)) + table + paragraph("", ""), origin)


def _row(cells: tuple[str, ...], properties: str) -> str:
    """One row of the comment table."""
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        + paragraph("", run(text, properties=properties) if text else "")
        + "</w:tc>"
        for text, (_, width) in zip(cells, _COLUMNS, strict=True)
    )
    return f"<w:tr>{written}</w:tr>"


def _plain(block: Block, rsid: str) -> str:
    """A block as it stands."""
    identity = hex_id("paragraph", block.kind.value, block.number, block.text)
    return paragraph(_STYLES.get(block.kind, ""), run(block.text), block.number > 0, "", identity, rsid)


# --- Tracked changes --------------------------------------------------------------------------------------------


def build_reply_docx(blocks: Sequence[Block], changes: Sequence[AuthoredEdit], origin: Origin) -> bytes:
    """The draft with `changes` tracked and comments at their places, as Word records them.

    Raises: UsageError when a change does not fit, or two of them touch the same words.
    See: ECMA-376-1 17.13.4 and 17.13.5; docs/analysis/sample-round.md
    """
    base_save = save_id(origin.title)
    tracked = _Tracked(tuple(blocks), changes, base_save)
    body = "".join(tracked.write_block(position) for position in range(len(blocks)))
    rsids = tuple(dict.fromkeys([base_save, *(save_id(change.author, change.date) for change in changes)]))
    return build_package(body, origin, tracked.comment_parts(), True, rsids=rsids)


class _Tracked:
    """The writing of one reply: what belongs to which block, and the numbers given so far."""

    def __init__(self, blocks: tuple[Block, ...], changes: Sequence[AuthoredEdit], rsid: str) -> None:
        """Sort `changes` by the block they are about. Raises: UsageError when one has no block."""
        self.blocks = blocks
        self.rsid = rsid
        self.ids = count(1)
        self.remarks = [change for change in changes if change.edit.op == "comment"]
        self.at: dict[int, list[AuthoredEdit]] = {}
        self.arriving: dict[int, list[AuthoredEdit]] = {}
        for change in changes:
            self.at.setdefault(find_block(blocks, change.edit), []).append(change)
            if change.edit.op == "move_para":
                self.arriving.setdefault(find_target(blocks, change.edit), []).append(change)

    def stamp(self, change: AuthoredEdit) -> str:
        """The attributes every tracked element has; Word writes local time and calls it Z."""
        moment = change.date.strftime("%Y-%m-%dT%H:%M:00Z")
        return f'w:id="{next(self.ids)}" w:author={quoteattr(change.author)} w:date="{moment}"'

    def write_block(self, position: int) -> str:
        """The block and whatever is put behind it."""
        block, here = self.blocks[position], self.at.get(position, [])
        whole = [change for change in here if change.edit.op in ("delete_para", "move_para")]
        if whole and len([change for change in here if change.edit.op in WORDED]) + len(whole) > 1:
            raise UsageError(f"edits.yaml: {whole[0].edit.id}: another edit in the same file changes this paragraph")
        if whole:
            written = self._taken_away(block, whole[0])
        else:
            written = self._paragraph(block, self._worded(block, here), "", self.rsid)
        added = (change for change in here if change.edit.op == "new_para_after")
        behind = [self._added(change) for change in added]
        return "".join([written, *behind, *(self._arrived(change) for change in self.arriving.get(position, []))])

    def _paragraph(self, block: Block, runs: str, mark: str, rsid: str, salt: str = "") -> str:
        """A block with other runs in it."""
        identity = hex_id("paragraph", block.kind.value, block.number, block.text, salt)
        return paragraph(_STYLES.get(block.kind, ""), runs, block.number > 0, mark, identity, rsid)

    def _worded(self, block: Block, here: Iterable[AuthoredEdit]) -> str:
        """The runs of a block with its changed words and comment anchors."""
        changes = {change.edit.id: change for change in here}
        spans = find_spans(block, (change.edit for change in changes.values() if change.edit.op in WORDED))
        remarks = [(self._anchor(block, one.edit), one) for one in changes.values() if one.edit.op == "comment"]
        cuts = {0, len(block.text), *(offset for (start, end), _ in remarks for offset in (start, end))}
        cuts |= {offset for span in spans for offset in (span.start, span.end)}
        if spans or remarks:
            # Word starts a new run wherever the text was touched before: not every border is a change.
            cuts |= {block.text.find(". ") + 2} - {1}
        ordered = sorted(cuts)
        pieces = []
        for start, end in zip(ordered, [*ordered[1:], len(block.text)], strict=True):
            pieces.append(self._points(start, remarks, spans, changes))
            pieces.append(self._segment(block.text, start, end, spans, changes))
        return "".join(pieces)

    def _anchor(self, block: Block, edit: ScenarioEdit) -> tuple[int, int]:
        """Start and end of the words a comment is about; the whole block when it names none."""
        if not edit.old:
            return 0, len(block.text)
        start = find_offset(block, edit)
        return start, start + len(edit.old)

    def _points(
        self,
        at: int,
        remarks: list[tuple[tuple[int, int], AuthoredEdit]],
        spans: tuple[Span, ...],
        changes: dict[str, AuthoredEdit],
    ) -> str:
        """What stands between two characters: ends and starts of comments, pure insertions."""
        pieces = []
        for (_, end), remark in remarks:
            if end == at:
                number = self.remarks.index(remark)
                mark = f'<w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="{number}"/>'
                pieces.append(f'<w:commentRangeEnd w:id="{number}"/><w:r>{mark}</w:r>')
        for span in spans:
            if span.start == at and not span.removed:
                pieces.append(self._inserted(span.added, changes[span.edit.id]))
        for (start, _), remark in remarks:
            if start == at:
                pieces.append(f'<w:commentRangeStart w:id="{self.remarks.index(remark)}"/>')
        return "".join(pieces)

    def _segment(
        self, text: str, start: int, end: int, spans: tuple[Span, ...], changes: dict[str, AuthoredEdit]
    ) -> str:
        """The characters start..end, which lie inside one change or outside all of them."""
        if start == end:
            return ""
        for span in spans:
            if span.start <= start < span.end:
                change = changes[span.edit.id]
                removed = self._deleted(text[start:end], change)
                return removed + (self._inserted(span.added, change) if end == span.end and span.added else "")
        return run(text[start:end])

    def _inserted(self, text: str, change: AuthoredEdit) -> str:
        """A tracked insertion. See: ECMA-376-1 17.13.5.18."""
        rsid = f' w:rsidR="{save_id(change.author, change.date)}"'
        return f"<w:ins {self.stamp(change)}>{run(text, attributes=rsid)}</w:ins>"

    def _deleted(self, text: str, change: AuthoredEdit) -> str:
        """A tracked deletion. See: ECMA-376-1 17.13.5.14."""
        rsid = f' w:rsidDel="{save_id(change.author, change.date)}"'
        return f"<w:del {self.stamp(change)}>{run(text, 'delText', attributes=rsid)}</w:del>"

    def _taken_away(self, block: Block, change: AuthoredEdit) -> str:
        """A paragraph that is deleted or moved from here, its mark included. See: ECMA-376-1 17.13.5.15, 21-23."""
        if change.edit.op == "delete_para":
            runs = self._deleted(block.text, change)
            return self._paragraph(block, runs, f"<w:del {self.stamp(change)}/>", self.rsid)
        runs = f"<w:moveFrom {self.stamp(change)}>{run(block.text)}</w:moveFrom>"
        return self._moved("moveFrom", block, runs, change)

    def _arrived(self, change: AuthoredEdit) -> str:
        """A paragraph that is moved to here. See: ECMA-376-1 17.13.5.25-28."""
        block = self.blocks[find_block(self.blocks, change.edit)]
        runs = f"<w:moveTo {self.stamp(change)}>{run(block.text)}</w:moveTo>"
        return self._moved("moveTo", block, runs, change)

    def _moved(self, side: str, block: Block, runs: str, change: AuthoredEdit) -> str:
        """One side of a move between its range markers, which share a name."""
        name = f"move{int(hex_id(change.edit.id), 16) % 10**9}"
        opening = self.stamp(change)
        number = opening.partition(" ")[0]
        start = f'<w:{side}RangeStart {opening} w:name="{name}"/>'
        mark = f"<w:{side} {self.stamp(change)}/>"
        written = self._paragraph(block, start + runs, mark, save_id(change.author, change.date), side)
        return f"{written}<w:{side}RangeEnd {number}/>"

    def _added(self, change: AuthoredEdit) -> str:
        """A new paragraph with an inserted mark. See: ECMA-376-1 17.13.5.20."""
        block = Block(kind=BlockKind.NUMBERED, text=change.edit.new, number=1)
        runs, mark = self._inserted(block.text, change), f"<w:ins {self.stamp(change)}/>"
        return self._paragraph(replace(block), runs, mark, save_id(change.author, change.date), change.edit.id)

    def comment_parts(self) -> tuple[Part, ...]:
        """The comments and their threads, nothing without comments. See: ECMA-376-1 17.13.4; MS-DOCX 2.5.4."""
        if not self.remarks:
            return ()
        comments = "".join(_comment(number, remark) for number, remark in enumerate(self.remarks))
        threads = "".join(
            f'<w15:commentEx w15:paraId="{hex_id("comment", remark.edit.id)}" w15:done="0"/>' for remark in self.remarks
        )
        return (
            xml_part("comments", "comments", comments),
            xml_part("commentsExtended", "w15:commentsEx", threads),
        )


def _comment(number: int, remark: AuthoredEdit) -> str:
    """One comment. See: ECMA-376-1 17.13.4.2."""
    initials = "".join(word[0] for word in remark.author.split())[:4] or "A"
    moment = remark.date.strftime("%Y-%m-%dT%H:%M:00Z")
    who = f"w:author={quoteattr(remark.author)} w:initials={quoteattr(initials)}"
    reference = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>'
    text = paragraph("CommentText", reference + run(remark.edit.text), identity=hex_id("comment", remark.edit.id))
    return f'<w:comment w:id="{number}" w:date="{moment}" {who}>{text}</w:comment>'
