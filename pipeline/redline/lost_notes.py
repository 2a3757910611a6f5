"""Notes whose reference went with the words around it: nothing leads to them any more."""

from lxml import etree

from pipeline.redline.content import NOTE_REFERENCES
from pipeline.redline.ooxml import W
from pipeline.redline.story import Document

Element = etree._Element
Cited = frozenset[tuple[str, str]]


def find_cited(document: Document) -> Cited:
    """(kind, id) of every note that the text refers to."""
    references = (one for root in document.roots.values() for one in root.iter(*NOTE_REFERENCES))
    return frozenset((NOTE_REFERENCES[str(one.tag)], one.get(W + "id", "")) for one in references)


def drop_lost_notes(document: Document, before: Cited) -> None:
    """Take the notes away that the text referred to `before` and does not now. See: ECMA-376-1 17.11."""
    lost = before - find_cited(document)
    for root in document.roots.values() if lost else ():
        for kind in set(NOTE_REFERENCES.values()):
            for note in root.findall(W + kind):
                if (kind, note.get(W + "id", "")) in lost:
                    root.remove(note)
