"""Random rounds for hypothesis: a base, and what each agency returns of it, tracked or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import strategies as st

from pipeline.redline.gather import Gathered, gather
from pipeline.redline.merge import merge
from pipeline.redline.model import BaseText, Merge
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.write import Consolidated, consolidate
from tests.make_docx import make_docx
from tests.markup import after

OWNERS = ("FAO", "ILO", "WHO")
DATE = datetime(2012, 11, 13, tzinfo=UTC)
WORDS = ("members", "often", "meet", "data", "migrants", "caf\u00e9", "2012,", "rights", "(b)", "of")
NEW = ("", "new ", "more words ", "Line one.\nLine two.\n", "\nAfter ")
REMARKS = ("", "", "", "{>>Why?<<}", "{====}{>>Says who?<<}")

Blocks = list[str | list[list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A base and the versions that came back, by owner."""

    docx: bytes = field(repr=False)
    versions: Mapping[str, bytes] = field(repr=False)
    #: what each version says in CriticMarkup, for people
    marked: Mapping[str, Blocks]
    #: owners whose version carries no mark
    untracked: frozenset[str] = frozenset()

    @property
    def base(self) -> BaseText:
        """The text of the base."""
        return read_text(self.docx)


@st.composite
def rounds(draw: st.DrawFn, *, silent: bool = False) -> Round:
    """A round of up to three agencies; with `silent` some versions come without marks."""
    line = st.lists(st.sampled_from(WORDS), min_size=2, max_size=7).map(" ".join)
    lines = draw(st.lists(line, min_size=2, max_size=5))
    cells = draw(st.lists(st.lists(line, min_size=2, max_size=2), min_size=0, max_size=2))
    untracked = draw(st.frozensets(st.sampled_from(OWNERS))) if silent else frozenset()
    versions, said = {}, {}
    for owner in OWNERS:
        marked = [_edit(draw, "\n".join(lines)), *[[_edit(draw, cell, inside=True) for cell in row] for row in cells]]
        shown = [_plain(one) if owner in untracked else one for one in marked]
        said[owner] = _as_blocks(shown)
        versions[owner] = make_docx(said[owner], author=f"Person of {owner}", date=DATE)
    return Round(
        docx=make_docx(_as_blocks(["\n".join(lines), *cells])), versions=versions, marked=said, untracked=untracked
    )


def _as_blocks(parts: Sequence[str | list[str]]) -> Blocks:
    text, *rows = parts
    blocks: Blocks = [str(text)]
    table = [list(row) for row in rows]
    return [*blocks, table, "The end of it."] if table else [*blocks, "The end of it."]


def _edit(draw: st.DrawFn, text: str, *, inside: bool = False) -> str:
    """The text with up to three edits in CriticMarkup that do not overlap."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    parts, at = [], 0
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        new = draw(st.sampled_from(NEW[:3] if inside else NEW))
        old = text[start:end] if draw(st.booleans()) else ""
        kept = text[start + len(old) : end]
        remark = "" if inside else draw(st.sampled_from(REMARKS))
        if "{==" in remark and "\n" not in kept and kept:
            kept, remark = f"{{=={kept}==}}", "{>>Says who?<<}"
        parts.append(text[at:start] + _mark(old, new) + kept + remark.replace("{====}", ""))
        at = end
    return "".join(parts) + text[at:]


def _mark(old: str, new: str) -> str:
    return (f"{{--{old}--}}" if old else "") + (f"{{++{new}++}}" if new else "")


def _plain(part: str | list[str]) -> str | list[str]:
    return after(part) if isinstance(part, str) else [after(cell) for cell in part]


def merge_round(one: Round, owners: Sequence[str] = OWNERS) -> tuple[Gathered, Merge]:
    """The proposals of these owners, held together."""
    base = one.base
    found = gather((owner, read_changes(one.versions[owner], base)) for owner in owners)
    return found, merge(base, list(found.proposals.values()))


def write_round(one: Round, owners: Sequence[str] = OWNERS) -> Consolidated:
    """The consolidated draft of these owners."""
    found, merged = merge_round(one, owners)
    return consolidate(one.docx, merged, found.proposals, found.sources, secretariat="GMG", date=DATE)
