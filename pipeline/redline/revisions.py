"""Who inserted, deleted or moved something. See: ECMA-376-1 17.13.5."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from pipeline.redline.ooxml import DELETING, INSERTING, MOVING, W

Element = etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Who inserted or deleted a piece."""

    #: the element that says so: w:ins, w:del, w:moveFrom, w:moveTo, w:cellIns, w:cellDel
    element: Element
    #: "" when the file names nobody
    author: str
    #: None when the file gives none
    date: datetime | None
    #: one end of a move
    move: bool


def make_revision(element: Element) -> Revision:
    """The revision that an element states."""
    return Revision(
        element=element,
        author=(element.get(W + "author") or "").strip(),
        date=parse_date(element.get(W + "date")),
        move=element.tag in MOVING,
    )


def parse_date(text: str | None) -> datetime | None:
    """The instant of a w:date; Word writes local times as if they were UTC, so it is only as good as that."""
    try:
        date = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """The revisions that enclose an element."""

    inserted: Revision | None = None
    deleted: Revision | None = None

    def plus(self, element: Element) -> "Under":
        if element.tag in INSERTING:
            return Under(inserted=make_revision(element), deleted=self.deleted)
        return Under(inserted=self.inserted, deleted=make_revision(element))

    def marked(self, properties: Element | None) -> "Under":
        """With the revisions that properties of a mark or row state."""
        under = self
        for child in () if properties is None else properties:
            if child.tag in INSERTING or child.tag in DELETING:
                under = under.plus(child)
        return under
