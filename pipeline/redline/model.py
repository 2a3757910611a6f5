"""The nouns of the redline side. Offsets are code points of the text of a story of the base (D0), never of a version.

The text of a story: the text of its paragraphs, each closed by one "\\n" that stands for its paragraph mark; a tab is
"\\t", a line break is "\\v", every other inline object (picture, field, note reference) is one "\\ufffc"; a block-level
object that has stories of its own (a table) is one "\\ufffc" before the next paragraph. So inserting or deleting a
whole paragraph is a change whose `new` or `old` contains its "\\n". See: docs/analysis/redline.md.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """What a change does to the text."""

    INSERTION = "insertion"
    DELETION = "deletion"
    REPLACEMENT = "replacement"
    #: `old` at start..end goes to `target`
    MOVE = "move"
    #: leaves the text alone: a remark anchored at start..end
    COMMENT = "comment"
    #: leaves the text alone: other looks for start..end, said in `remark`; of a table at its first cell
    FORMATTING = "formatting"
    #: a table row goes: `story` is its first cell, start..end all of that cell's text
    ROW_DELETION = "row_deletion"
    #: a table row comes: before the row whose first cell is `story` where `start` is 0, else after it; `new` has its
    #: cells, a tab between them
    ROW_INSERTION = "row_insertion"
    #: a table comes before the paragraph at `start`; `new` has its rows, a form feed between them, as above
    TABLE_INSERTION = "table_insertion"


#: changes of tables, which no text says; everything else about words leaves them alone
TABLE_KINDS = frozenset({ChangeKind.ROW_DELETION, ChangeKind.ROW_INSERTION, ChangeKind.TABLE_INSERTION})


#: changes that leave the text alone
WORDLESS_KINDS = frozenset({ChangeKind.COMMENT, ChangeKind.FORMATTING})


class Origin(StrEnum):
    """How a change was found."""

    #: Word recorded it. See: ECMA-376-1 17.13.5
    TRACKED = "tracked"
    #: found by comparing with the base
    SILENT = "silent"
    #: asked for in the words of a mail
    TYPED = "typed"
    #: a row of a comment matrix
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a base text."""

    #: number as printed, without the dot: "4", "12.1"; "" for unnumbered ones
    number: str
    #: offsets in the story; text[end] is the paragraph mark
    start: int
    end: int
    #: style name: "Heading 1"; "" for the default
    style: str = ""
    #: whether a section of the document ends with it: how its pages look hangs on its mark
    ends_section: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One stream of text: the body, one cell, one note."""

    #: "body", "body/t0/r1/c2" (table, row, cell in order), "footnote/2", "header/1"
    name: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    #: of a foot- or endnote: the name of the story that refers to it and the offset of the reference; else None
    cited: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseText:
    """A document with every tracked change rejected: what coordinates refer to."""

    #: hex sha256 of the file
    sha256: str
    #: body first, then the others in document order
    stories: tuple[Story, ...]

    def get_story(self, name: str) -> Story:
        """The story of this name. Raises: KeyError."""
        for story in self.stories:
            if story.name == name:
                return story
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One edit or comment, in coordinates of the base."""

    kind: ChangeKind
    origin: Origin
    #: name of the story
    story: str
    #: offsets in the story's text; start == end for insertions
    start: int
    end: int
    #: the story's text at start..end
    old: str
    #: what stands there instead; "" for deletions, moves and comments
    new: str = ""
    #: for moves: the offset the text goes to; None otherwise
    target: int | None = None
    #: for comments the comment itself, for formatting what it does, else the reason given with the change
    remark: str = ""
    #: name the file gives as its author; "" when it gives none
    person: str = ""
    #: None when the file gives none
    date: datetime | None = None
    #: "ge", "te" or "ed" where the author says so, else ""
    type: str = ""
    #: for comments: position in `ChangeSet.changes` of the comment it replies to
    reply_to: int | None = None
    #: for comments: whether somebody closed it in Word
    resolved: bool = False
    #: XML of the inserted runs with what they need, for `grafts`, or of new looks, for `formats`; "" for neither
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """Everything one file proposes, in document order."""

    #: hex sha256 of the file it was read from
    source: str
    #: hex sha256 of the base its coordinates refer to
    base: str
    changes: tuple[Change, ...]
    #: share of the base's text found unchanged in the file's original view, 0-1; below 0.5 nothing is merged; in a base
    #: of a few lines the larger share of either text that is found in the other
    coverage: float
    #: what could not be read, in words
    warnings: tuple[str, ...] = ()
    #: the paragraphs of a freshly written text, of which nothing is merged
    fresh: tuple[str, ...] = ()


class Disposition(StrEnum):
    """What was decided about a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    #: accepted with other wording
    AMENDED = "amended"
    REJECTED = "rejected"
    NOTED = "noted"
    #: both wordings stay in the text in brackets
    BRACKETED = "bracketed"
    #: a newer version of the same agency took its place
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change and whose it is."""

    #: unique within a merge; stable between runs; sorts in the order of filing
    key: str
    #: short name of the agency: "UNICEF"
    owner: str
    change: Change
    disposition: Disposition = Disposition.OPEN
    #: own wording of the secretariat when AMENDED: replaces the text at start..end of the change
    amended: str = ""


class Relation(StrEnum):
    """How two proposals of different owners stand to each other."""

    #: the same change: one proposal with two supporters
    IDENTICAL = "identical"
    #: changed words overlap and the results differ
    CONFLICT = "conflict"
    #: the passages overlap, the changed words do not: may be combined
    NEAR = "near"
    #: one deletes or moves the paragraph the other edits
    DELETE_VS_EDIT = "delete_vs_edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A pair of proposals that a person has to see together."""

    first: str
    second: str
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A connected set of proposals of which not all can be taken as they are."""

    #: "C1", "C2" in document order
    name: str
    #: keys, in document order
    proposals: tuple[str, ...]
    #: one sentence for people
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """One change with everybody who proposes it."""

    change: Change
    #: keys of the proposals folded into it, first one first
    keys: tuple[str, ...]
    #: owners in the order of their proposals, each once
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """All proposals on one base, folded and held against each other; the text is not touched."""

    base: BaseText
    #: in document order
    folded: tuple[Folded, ...]
    related: tuple[Related, ...]
    conflicts: tuple[Conflict, ...]
