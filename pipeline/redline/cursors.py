"""Places among the elements of a paragraph, and paragraphs cut in two there."""

from copy import copy
from dataclasses import dataclass

from lxml import etree

from pipeline.redline.ooxml import DELETING, W
from pipeline.redline.spans import Span, copy_shell, find_nodes

Element = etree._Element

#: identities of a paragraph that a copy must not carry
_IDENTITIES = ("paraId", "textId")


@dataclass(slots=True)
class Cursor:
    """A place among the children of an element: right after one of them, or first of all."""

    parent: Element
    after: Element | None

    def put(self, element: Element) -> None:
        """Insert an element; the cursor is after it then."""
        at = 0 if self.after is None else self.parent.index(self.after) + 1
        self.parent.insert(at, element)
        self.after = element


def after_span(span: Span, following: Span | None) -> Cursor:
    """The cursor right after a span, outside every container that ends there."""
    node = find_nodes(span)[-1]
    return _climb(node, following)


def _climb(node: Element, beyond: Span | None) -> Cursor:
    """The cursor right after a node, outside every container that ends there."""
    parent = node.getparent()
    assert parent is not None
    if parent.tag == W + "p":
        return Cursor(parent, node)
    around = set() if beyond is None else set(beyond.element.iterancestors())
    while parent.tag != W + "p" and (parent.tag in DELETING or parent not in around):
        above = parent.getparent()
        if above is None:
            break
        node, parent = parent, above
    return Cursor(parent, node)


def before_span(span: Span, previous: Span | None) -> Cursor:
    """The cursor right before a span, outside every container that begins there."""
    cursor = _climb(find_nodes(span)[0], previous if previous is not None and previous.is_inline else None)
    assert cursor.after is not None
    return Cursor(cursor.parent, cursor.after.getprevious())


def skip_new(cursor: Cursor) -> None:
    """Go past the text that was just put in at the cursor."""
    following = cursor.parent[0] if cursor.after is None and len(cursor.parent) else None
    if cursor.after is not None:
        following = cursor.after.getnext()
    while following is not None and following.tag in (W + "ins", W + "moveTo"):
        cursor.after, following = following, following.getnext()


def take_left(cursor: Cursor, paragraph: Element) -> Element:
    """A copy of the paragraph with what stands before the cursor, which leaves the paragraph."""
    parent, at = cursor.parent, 0 if cursor.after is None else cursor.parent.index(cursor.after) + 1
    inner: Element | None = None
    while True:
        shell = copy_shell(parent)
        for child in list(parent)[:at]:
            own = str(child.tag).endswith("Pr")
            if not own or parent is not paragraph:
                shell.append(copy(child) if own else child)
        if inner is not None and len(inner):
            shell.append(inner)
        above = parent.getparent()
        if parent is paragraph or above is None:
            return shell
        inner, at, parent = shell, above.index(parent), above


def dress(paragraph: Element, properties: Element | None) -> None:
    """Give a new paragraph these properties without what belongs to their own paragraph alone."""
    for name in [name for name in paragraph.attrib if str(name).endswith(_IDENTITIES)]:
        del paragraph.attrib[name]
    if properties is None:
        return
    worn = copy(properties)
    for child in [*worn.findall(W + "sectPr"), *worn.findall(W + "pPrChange")]:
        worn.remove(child)
    run_properties = worn.find(W + "rPr")
    if run_properties is not None:
        for child in list(run_properties):
            if child.tag in DELETING or child.tag in (W + "ins", W + "moveTo", W + "rPrChange"):
                run_properties.remove(child)
    paragraph.insert(0, worn)
