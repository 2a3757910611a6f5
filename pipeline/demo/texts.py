"""A draft as a sequence of blocks: read from Markdown, changed by edits. No file format in here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from pipeline.demo.scenario import ScenarioEdit
from pipeline.errors import UsageError

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NUMBERED = re.compile(r"(\d+)\.\s+(.*)", re.DOTALL)
#: operations that change words within a paragraph
WORDED = ("replace", "delete")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class BlockKind(StrEnum):
    """What a block is in the text."""

    TITLE = "title"
    HEADING = "heading"
    NUMBERED = "numbered"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph of a draft."""

    kind: BlockKind
    #: without number and markup
    text: str
    #: 1-based count of numbered paragraphs, 0 for the others
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The words one edit changes in its block."""

    #: offset in the text of the block
    start: int
    removed: str
    added: str
    edit: ScenarioEdit

    @property
    def end(self) -> int:
        """The offset behind the removed words."""
        return self.start + len(self.removed)


def parse_markdown(markdown: str, name: str = "draft") -> tuple[Block, ...]:
    """The blocks of a draft: "# " title, "## " headings, "4. " numbered paragraphs, blank lines between.

    Raises: UsageError when the numbers do not count from 1.
    """
    blocks: list[Block] = []
    for piece in re.split(r"\n\s*\n", _COMMENT.sub("", markdown).strip()):
        block = _read_block(" ".join(piece.split()))
        if block.number and block.number != 1 + max((one.number for one in blocks), default=0):
            raise UsageError(f"{name}: paragraph {block.number} is out of order: number the paragraphs from 1 on")
        blocks.append(block)
    if not any(block.number for block in blocks):
        raise UsageError(f"{name}: it has no numbered paragraph: begin paragraphs with 1. 2. 3.")
    return tuple(blocks)


def _read_block(line: str) -> Block:
    """One block from its Markdown on one line."""
    for mark, kind in (("# ", BlockKind.TITLE), ("## ", BlockKind.HEADING), ("### ", BlockKind.HEADING)):
        if line.startswith(mark):
            return Block(kind=kind, text=line.removeprefix(mark))
    if found := _NUMBERED.fullmatch(line):
        return Block(kind=BlockKind.NUMBERED, text=found[2], number=int(found[1]))
    return Block(kind=BlockKind.PLAIN, text=line)


def find_block(blocks: tuple[Block, ...], edit: ScenarioEdit) -> int:
    """The position of the block `edit` is about; the title for paragraph 0. Raises: UsageError."""
    for position, block in enumerate(blocks):
        if block.number == edit.para:
            return position
    raise UsageError(f"edits.yaml, {edit.id}: para: {edit.base} has no paragraph {edit.para}; write one that is there")


def find_offset(block: Block, edit: ScenarioEdit) -> int:
    """Where the old wording of `edit` begins in the block. Raises: UsageError when it does not occur just once."""
    if block.text.count(edit.old) != 1 and edit.old:
        count = block.text.count(edit.old)
        place = f"edits.yaml, {edit.id}: old"
        raise UsageError(f"{place}: occurs {count} times in paragraph {edit.para}; quote words that occur once")
    return block.text.index(edit.old)


def trim_edit(old: str, new: str) -> tuple[int, str, str]:
    """How many code points stay in front, what is deleted, what is inserted: whole words, as people type."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    prefix = _common(before, after)
    suffix = _common(before[prefix:][::-1], after[prefix:][::-1])
    removed, added = before[prefix : len(before) - suffix], after[prefix : len(after) - suffix]
    return len("".join(before[:prefix])), "".join(removed), "".join(added)


def _common(first: list[str], second: list[str]) -> int:
    """How many tokens both begin with."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def find_spans(block: Block, edits: Iterable[ScenarioEdit]) -> tuple[Span, ...]:
    """The changed words of one block, left to right. Raises: UsageError when one does not fit, or two overlap."""
    spans = []
    for edit in edits:
        kept, removed, added = trim_edit(edit.old, edit.new)
        spans.append(Span(start=find_offset(block, edit) + kept, removed=removed, added=added, edit=edit))
    spans.sort(key=lambda span: (span.start, span.end))
    for first, second in pairwise(spans):
        if second.start < first.end or second.start == first.start:
            names = f"{first.edit.id} and {second.edit.id}"
            raise UsageError(f"edits.yaml: {names} change the same words: put them into different files")
    return tuple(spans)


def apply_edits(blocks: tuple[Block, ...], edits: Iterable[ScenarioEdit]) -> tuple[Block, ...]:
    """The text with `edits` made and numbered anew; paragraph numbers of the edits refer to `blocks`.

    Raises: UsageError when one does not fit, or two overlap.
    """
    groups: list[list[Block]] = [[block] for block in blocks]
    behind: list[list[Block]] = [[] for _ in blocks]
    worded: dict[int, list[ScenarioEdit]] = {}
    # A paragraph that moves here goes behind those that are new here, as in the tracked file.
    for edit in sorted(edits, key=lambda edit: edit.op == "move_para"):
        at = find_block(blocks, edit)
        if edit.op in ("delete_para", "move_para"):
            groups[at] = []
        if edit.op == "move_para":
            behind[find_target(blocks, edit)].append(blocks[at])
        elif edit.op == "new_para_after":
            behind[at].append(Block(kind=BlockKind.NUMBERED, text=edit.new, number=1))
        elif edit.op in WORDED:
            worded.setdefault(at, []).append(edit)
    for at, changes in worded.items():
        groups[at] = [_reword(blocks[at], find_spans(blocks[at], changes))]
    return _number(block for position in range(len(blocks)) for block in [*groups[position], *behind[position]])


def _reword(block: Block, spans: tuple[Span, ...]) -> Block:
    """The block with its changed words in place."""
    text = block.text
    for span in reversed(spans):
        text = text[: span.start] + span.added + text[span.end :]
    return replace(block, text=text)


def find_target(blocks: tuple[Block, ...], edit: ScenarioEdit) -> int:
    """The position of the block a moved paragraph goes behind. Raises: UsageError."""
    for position, block in enumerate(blocks):
        if block.number == edit.after:
            return position
    raise UsageError(f"edits.yaml, {edit.id}: after: there is no paragraph {edit.after}; write one that is there")


def _number(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with their numbered paragraphs counted from 1."""
    numbered, count = [], 0
    for block in blocks:
        count += bool(block.number)
        numbered.append(replace(block, number=count if block.number else 0))
    return tuple(numbered)
