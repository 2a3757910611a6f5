"""Changes asked for in the words of a mail. Quotations are set aside first: wording is never read as instruction."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.edit_forms import (
    DELETE,
    FORMS,
    NEXT_DELETED,
    ONE_OF_SEVERAL,
    PARAGRAPH,
    PARAGRAPH_AFTER,
    Form,
    tidy_number,
)
from pipeline.core.model import Reply, TypedEdit
from pipeline.core.quotations import PLACEHOLDER, SetAside, has_marks, set_aside
from pipeline.core.sieve import Sieve
from pipeline.core.wording import fold, join_wrapped_lines

_QUOTATION = re.compile(PLACEHOLDER)
#: every form and every remark needs a quotation, a verb of deleting or a paragraph; most lines of most mails have none
_ASKING = Sieve(_QUOTATION, DELETE, PARAGRAPH)
#: longest text searched, in characters
_LONGEST_TEXT = 200_000

#: instructions not to, and reports of what was done, are remarks
_NOT_ASKED = re.compile(
    r"(?:\b(?:not|never|n't|cannot|against|oppose[sd]?|object|instead\s+of|rather\s+than|why|was|were|been|had|has|ne\s+pas|no\s+se\s+debe)\b|(?<=\s)не(?=\s))"
    r"[^.;:!?\n]{0,40}$",
    re.IGNORECASE,
)
#: how far before an instruction a "not" is looked for, in characters
_GUARDED = 120
#: what stands between a paragraph at the head of a line and the remark on it
_SAYS = re.compile(r"\s*[:,-]\s*\w")
_SUGGESTS = re.compile(
    r"\b(?:should|could|would|must|needs?|suggest\w*|propos\w*|recommend\w*|prefer\w*|please|missing|unclear|consider|mention|clarif\w*|too|"
    r"delete|replace|add|insert|change|redundant|incorrect|wrong|inaccurate|repeat\w*|move|merge|split|devrait|faudrait|sugger\w*|"
    r"supprimer|remplacer|ajouter|deberia|sugier\w*|sugerimos|proponemos|conviene|suprimir|следует|предлага\w*|建议|应|ينبغي|نقترح)|\?",
    re.IGNORECASE,
)


def read_typed_edits(reply: Reply) -> tuple[TypedEdit, ...]:
    """The changes and remarks a mail asks for in words, in order; then those made inside the quoted text.

    A change without wording to find is a remark ("comment"). In "replace_sentence" `old` is the number of the sentence,
    -1 for the last; in "replace" and "delete" an empty `old` stands for the whole paragraph.
    """
    typed = [edit for edit in _read_text(reply.new_text[:_LONGEST_TEXT]) if edit is not None]
    quoted = [_read_quote_edit(old, new) for old, new in reply.quote_edits if old or new]
    return tuple(dict.fromkeys((*typed, *quoted)))


def _read_quote_edit(old: str, new: str) -> TypedEdit:
    if not old:
        return TypedEdit(paragraph="", old="", new="", operation="comment", remark=new)
    return TypedEdit(paragraph="", old=old, new=new, operation="replace" if new else "delete")


@dataclass(slots=True)
class _Place:
    """Which paragraph the text speaks of while it is read."""

    number: str = ""
    #: a remark not yet followed by a change of the same paragraph
    remark: TypedEdit | None = None
    #: the number is the first of several that are meant: "5 and 6"
    several: bool = False
    #: a change was read since the number was named
    used: bool = False


def _read_text(text: str) -> Iterator[TypedEdit | None]:
    if has_marks(text) or _ASKING.may_find(fold(text)):
        yield from _read_blocks(set_aside(join_wrapped_lines(text)))


def _read_blocks(aside: SetAside) -> Iterator[TypedEdit | None]:
    place = _Place()
    for block in re.split(r"\n\s*\n", aside.text):
        if place.used:
            yield place.remark
            place = _Place()
        for line in block.split("\n"):
            if _ASKING.may_find(fold(line)):
                yield from _read_line(line, aside, place)
    yield place.remark


def _read_line(line: str, aside: SetAside, place: _Place) -> Iterator[TypedEdit | None]:
    for sentence in _split(line):
        found = list(_find_edits(fold(sentence), aside, place))
        if found:
            yield from found
            continue
        yield from _read_remark(sentence, aside, place)


def _split(line: str) -> Iterator[str]:
    """Sentences of a line; the stop of "para. 7" ends none. Placeholders keep quoted stops out of sight."""
    yield from (part for part in re.split(r"(?<=[.!?;])\s+(?=[^\s\d(=>-])", line) if part.strip())


def _find_edits(text: str, aside: SetAside, place: _Place) -> Iterator[TypedEdit]:
    at = 0
    ahead: dict[int, re.Match[str] | None] = {}
    while found := _next_form(text, at, ahead):
        form, match = found
        edit = form.make(match, aside)
        _note_paragraph(text[at : match.start()], place)
        within = _note_paragraph(match.group(), place)
        at = match.end()
        number = edit.paragraph or within or _paragraph_after(text, at) or place.number
        place.used = True
        if _NOT_ASKED.search(text[max(0, match.start() - _GUARDED) : match.start()]):
            yield _make_remark(number, text, aside)
            continue
        place.remark = None
        remark = aside.restore(text) if place.several else ""
        yield TypedEdit(paragraph=number, old=edit.old, new=edit.new, operation=edit.operation, remark=remark)
        while edit.operation == "delete" and edit.old and (also := NEXT_DELETED.match(text, at)):
            at = also.end()
            yield TypedEdit(paragraph=number, old=aside.wordings[int(also["old"])], new="", operation="delete")


def _next_form(text: str, at: int, ahead: dict[int, re.Match[str] | None]) -> tuple[Form, re.Match[str]] | None:
    """The form that begins first at or after `at`; of several that begin there the earlier in the list.

    `ahead` keeps each form's next match between calls, so that a long text is searched once.
    """
    best: tuple[Form, re.Match[str]] | None = None
    for index, form in enumerate(FORMS):
        match = ahead.get(index)
        if index not in ahead or (match is not None and match.start() < at):
            match = ahead[index] = form.pattern.search(text, at)
        if match and (best is None or match.start() < best[1].start()):
            best = (form, match)
    return best


def _note_paragraph(part: str, place: _Place) -> str:
    """The last paragraph named in `part`, which becomes the place; "" when it names none."""
    named = list(PARAGRAPH.finditer(part))
    if not named:
        return ""
    number = tidy_number(next(filter(None, named[-1].groups())))
    if number != place.number:
        place.number, place.remark, place.used = number, None, False
    place.several = ONE_OF_SEVERAL.match(part, named[-1].end()) is not None
    return number


def _paragraph_after(text: str, at: int) -> str:
    """A paragraph named right after the change: 'replace "x" with "y" in para 4'."""
    found = PARAGRAPH_AFTER.match(text, at)
    return tidy_number(next(filter(None, found.groups()))) if found else ""


def _read_remark(sentence: str, aside: SetAside, place: _Place) -> Iterator[TypedEdit | None]:
    """A sentence without instruction: kept when it says something about a paragraph, or quotes wording."""
    folded = fold(sentence).lstrip(" -*\u2022")
    named = PARAGRAPH.search(folded)
    quotes = _QUOTATION.search(folded) is not None
    if named is None and not (quotes and place.number):
        return
    yield place.remark
    place.remark = None
    _note_paragraph(folded, place)
    says = named is not None and named.start() == 0 and _SAYS.match(folded, named.end()) is not None
    if not (quotes or says or _SUGGESTS.search(folded)):
        place.used = False
        return
    number = tidy_number(next(filter(None, named.groups()))) if named else place.number
    place.remark, place.used = _make_remark(number, sentence, aside), True


def _make_remark(number: str, sentence: str, aside: SetAside) -> TypedEdit:
    return TypedEdit(
        paragraph=number, old="", new="", operation="comment", remark=aside.restore(sentence).strip(" -*\u2022")
    )
