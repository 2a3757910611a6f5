"""HTML mail as plain text: paragraphs, lists, tables, link targets, quotations. See: docs/analysis/quoting.md."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

#: HTML beyond this many characters is not read
MAX_HTML = 2_000_000
#: deeper lists and quotations are drawn at this level
MAX_LEVELS = 8
#: stands where the client marked the beginning of quoted history
QUOTE_MARK = "\ue000"
#: stand before and after what the client marked as the sender's signature
SIGNATURE_MARK = "\ue001"
SIGNATURE_END = "\ue002"

_SILENT = {"script", "style", "head", "title", "template", "noscript", "object", "svg", "xml", "select", "textarea"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote", "dl", "hr"}
_BLOCKS = _PARAGRAPHS | {
    "div", "tr", "li", "dt", "dd", "section", "article", "header", "footer", "center", "address", "form", "body",
}  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f]+")
_INLINE_PICTURE = re.compile(r"""["']data:[^"'<>]*+""", re.I)
_OUTLOOK_RULE = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+#?\w+\s+1\.0pt", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>?")
_SILENT_EDGE = re.compile(r"<(/?)(?:script|style|title)\b[^<>]*>?", re.I)
_QUOTE_IDS = {"divrplyfwdmsg", "appendonsend", "stopspelling", "mail-editor-reference-message-container", "replysplit"}
# gmail_signature, moz-signature, ydp1a2b3csignature, ms-outlook-mobile-signature, messageSignatureSection
_SIGNATURE_NAME = re.compile(r"\S*signature(?:section|_block)?")
_QUOTE_CLASSES = {
    "gmail_quote", "yahoo_quoted", "moz-cite-prefix", "moz-forward-container", "zmail_extra", "outlookmessageheader",
    "ms-outlook-mobile-reference-message", "protonmail_quote", "tutanota_quote", "gmail_attr", "hmquote", "oriheader",
    "olk_src_body_section", "reply-intro", "isreplycontent", "zwchr", "messagereplysection", "__headers__",
    "__quoted_text__", "freshdesk_quote", "hs_reply", "front-blockquote", "quoted-content", "airmail_original",
}  # fmt: skip
# what a reader does not see: the preview text of a template
_HIDDEN = re.compile(r"(?:^|[;\s])display\s*:\s*none|mso-hide\s*:\s*all", re.I)


def html_to_text(html: str, *, mark_quotes: bool = False) -> str:
    """The text a reader sees; quoted blocks get "> ".

    With `mark_quotes`, QUOTE_MARK stands before history and SIGNATURE_MARK and SIGNATURE_END around a signature,
    each on its own line, where the client marked them.
    """
    return render_html(html, mark_quotes=mark_quotes)[0]


def render_html(html: str, *, mark_quotes: bool = False) -> tuple[str, str]:
    """The text of `html_to_text`, and what of the document is not in it, in words; "" when all of it is."""
    root, loss = _parse(html)
    return _Renderer(mark_quotes).render(root) if root is not None else "", loss


def parse_html(html: str) -> HtmlElement | None:
    """The element tree of a document of any quality; None when nothing is in it. Nothing is ever fetched."""
    return _parse(html)[0]


def _parse(html: str) -> tuple[HtmlElement | None, str]:
    """The tree, and what is lost of the document, in words.

    Deeper than the parser goes (about 2,000 levels) a document is read as lines without elements.
    """
    if len(html) > MAX_HTML:
        html = _INLINE_PICTURE.sub('"', html)
    loss = f"the HTML has more than {MAX_HTML:,} characters" if len(html) > MAX_HTML else ""
    html = html[:MAX_HTML].replace("\0", "")
    # with huge_tree libxml2 reads 2,048 levels in place of 255
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=True)
    try:
        root = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError:
        return None, loss
    # the parser stops there, and what follows would be lost
    deep = any("depth" in error.message for error in parser.error_log)
    return parse_html(_flatten(html)) if deep else root, loss


def _flatten(html: str) -> str:
    """The text of `html` with a line break for every tag."""
    first, *others = _SILENT_EDGE.split(html)
    return _TAG.sub(
        "<br>", first + "".join(text for slash, text in zip(others[::2], others[1::2], strict=True) if slash)
    )


def walk(root: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """("start", element), ("end", element) in document order without recursion; silent elements are left out."""
    skipping: HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipping is None and event == "start" and _is_silent(element):
            skipping = element
        if skipping is None:
            yield event, element
        elif event == "end" and element is skipping:
            skipping = None
            yield "silent", element


def _is_silent(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style)) and element.tag not in {"html", "body"}


def is_quote(element: HtmlElement) -> bool:
    """Whether a mail client marked this element as the beginning of quoted history."""
    if element.tag == "blockquote" and (element.get("type") or "").lower() == "cite":
        return True
    if (element.get("id") or "").lower().removeprefix("x_").split("-x")[0] in _QUOTE_IDS:
        return True
    if any(name in _QUOTE_CLASSES or name.endswith("yahoo_quoted") for name in _names(element)):
        return True
    return element.tag == "div" and bool(_OUTLOOK_RULE.search(element.get("style") or ""))


def is_signature(element: HtmlElement) -> bool:
    """Whether a mail client marked this element as the sender's signature."""
    return any(map(_SIGNATURE_NAME.fullmatch, _names(element)))


def _names(element: HtmlElement) -> list[str]:
    """The words by which clients mark an element, in lower case, without the prefix of Outlook on the web."""
    values = (element.get(attribute) for attribute in ("class", "id", "name", "data-marker"))
    return [word.removeprefix("x_") for value in values if value for word in value.lower().split()]


class _Renderer:
    """Collects lines while the tree is walked."""

    def __init__(self, mark_quotes: bool) -> None:
        self.mark_quotes = mark_quotes
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.pre = 0
        self.lists: list[int] = []

    def render(self, root: HtmlElement) -> str:
        for event, element in walk(root):
            if event == "start":
                self.start(element)
                self.add(element.text)
            else:
                if event == "end":
                    self.end(element)
                self.add(element.tail if element is not root else None)
        self.break_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self.pre:
            *whole, last = text.split("\n")
            for piece in whole:
                self.line.append(piece.rstrip("\r"))
                self.break_line(keep_blank=True)
            self.line.append(last)
        else:
            text = _SPACE.sub(" ", text)
            self.line.append(text.lstrip(" ") if not self.line or self.line[-1][-1:] in (" ", "\t", "") else text)

    def break_line(self, *, keep_blank: bool = False) -> None:
        line = "".join(self.line).rstrip(" \t")
        if line or keep_blank:
            self.lines.append(self.prefix() + line)
        self.line = []

    def end_cell(self, gap: str) -> None:
        if self.line:
            self.line[-1] = self.line[-1].rstrip(" ")
            self.line.append(gap)

    def prefix(self) -> str:
        return "> " * min(self.quotes, MAX_LEVELS)

    def blank(self) -> None:
        if self.lines and self.lines[-1] != self.prefix().rstrip():
            self.lines.append(self.prefix().rstrip())

    def start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.break_line()
        if tag in _PARAGRAPHS and not (tag in {"ul", "ol"} and self.lists):
            self.blank()
        if self.mark_quotes and is_quote(element):
            self.break_line()
            self.lines.append(self.prefix() + QUOTE_MARK)
        self.mark_signature(element, SIGNATURE_MARK)
        self.open(element, tag)

    def mark_signature(self, element: HtmlElement, mark: str) -> None:
        if self.mark_quotes and not self.quotes and is_signature(element):
            self.break_line()
            self.lines.append(mark)

    def open(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self.break_line(keep_blank=True)
        elif tag == "blockquote" and (is_quote(element) or (element.getparent() is not None and _in_quote(element))):
            self.quotes += 1
        elif tag == "pre":
            self.pre += 1
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self.line = ["  " * min(len(self.lists) - 1, MAX_LEVELS) + self.bullet()]
        elif tag in {"td", "th"}:
            self.end_cell("\t")

    def bullet(self) -> str:
        if not self.lists or self.lists[-1] < 0:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1]}. "

    def end(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "a":
            self.line.append(_link_target(element))
        if tag in _BLOCKS and not (tag in {"p", "div"} and _in_cell(element)):
            self.break_line()
        elif tag in _BLOCKS:
            self.end_cell(" ")
        self.close(element, tag)
        self.mark_signature(element, SIGNATURE_END)
        if tag in _PARAGRAPHS and not (tag in {"ul", "ol"} and self.lists) and not _in_cell(element):
            self.blank()

    def close(self, element: HtmlElement, tag: str) -> None:
        if tag == "blockquote" and self.quotes and (is_quote(element) or _in_quote(element)):
            self.quotes -= 1
        elif tag == "pre":
            self.pre -= 1
        elif tag in {"ul", "ol"}:
            self.lists.pop()


def _in_quote(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and (is_quote(parent) or (parent.tag == "blockquote" and is_quote(parent)))


def _in_cell(element: HtmlElement) -> bool:
    """A lone paragraph in a cell of a real table keeps the cells of its row on one line."""
    parent = element.getparent()
    if parent is None or parent.tag not in {"td", "th"} or len(parent) != 1:
        return False
    row = parent.getparent()
    return row is not None and len(row) > 1


def _link_target(element: HtmlElement) -> str:
    href = (element.get("href") or "").strip()
    shown = "".join(element.itertext()).strip()
    if not href.lower().startswith(("http://", "https://")) or href.rstrip("/") in shown or shown in href or not shown:
        return ""
    return f" <{href}>"
