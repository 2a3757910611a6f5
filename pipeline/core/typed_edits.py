"""Changes asked for in the words of a mail. Quotations are set aside first, so that wording is never read as instruction."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.core.model import Reply, TypedEdit
from pipeline.core.quotations import PLACEHOLDER, SetAside, set_aside
from pipeline.core.wording import fold, join_wrapped_lines

#: longest text searched, in characters
_LONGEST_TEXT = 200_000

Q = PLACEHOLDER
#: up to six words between a verb and its wording: "the words", "all references to"
_FILL = r"(?:[ :,]+(?!(?:with|by|par|por|to|after|before)\b)[\w'/-]+){0,6}?[ :,]+"
_NUMBER = r"((?:[PO]P\s?)?\d{1,3}(?:\.\d{1,3})*(?:\s?(?:bis|ter|quater)\b)?)"
_PARAGRAPH_WORD = r"(?:paragraphs?|paragraphes?|paras?|pars?|parrafos?|parr|pgs?|abs|item|clause|пункт\w*|п|абзац\w*|الفقرة|فقرة)\b\.?|\u00b6|\u00a7"
_PARAGRAPH = re.compile(
    rf"(?:(?<!\w)(?:{_PARAGRAPH_WORD})\s*(?:n[o\u00ba.]*\s*)?#?\s*{_NUMBER}|第\s*(\d{{1,3}})\s*[段条]|\b([PO]P\s?\d{{1,3}})\b)",
    re.IGNORECASE,
)
_PARAGRAPH_AFTER = re.compile(
    rf"\s*,?\s*(?:\(|(?:in|of|at|from|under|dans|au|en\s+el|del|в)\s+)(?:the\s+)?(?:{_PARAGRAPH.pattern})",
    re.IGNORECASE,
)
_ORDINALS = {
    "first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "fourth": "4", "4th": "4",
    "fifth": "5", "5th": "5", "sixth": "6", "seventh": "7", "last": "-1", "final": "-1", "premiere": "1",
    "deuxieme": "2", "troisieme": "3", "quatrieme": "4", "derniere": "-1", "primera": "1", "segunda": "2",
    "tercera": "3", "cuarta": "4", "ultima": "-1",
}  # fmt: skip
_ORDINAL = "(" + "|".join(_ORDINALS) + ")"
_SENTENCE = r"(?:sentence|phrase|oracion|frase)"
_REPLACE = r"(?:replac(?:e|ing)|substitut(?:e|ing)|chang(?:e|ing)|amend(?:ing)?|modify|modifying|reword(?:ing)?|revis(?:e|ing)|correct(?:ing)?|remplac(?:er|ez|ant)|modifi(?:er|ez)|reemplaz(?:ar|ando|ase|en)|sustitu(?:ir|yendo|yase|yan)|cambiar|modificar|заменить|заменив)"
_DELETE = r"(?:delet(?:e|ing)|remov(?:e|ing)|strik(?:e|ing)(?:\s+out)?|omit|drop|supprim(?:er|ez)|suprimir|eliminar|исключить|удалить|снять|حذف|删除|删去)"
_INSERT = r"(?:insert(?:ing)?|add(?:ing)?|ajout(?:er|ez)|inser(?:er|ez)|insertar|anadir|agregar|добавить|включить|إضافة|增加|加入)"
_WITH = r"[\s:,]*(?:with|by|to\s+read(?:\s+as(?:\s+follows)?)?|to|into|for|par|por|en|a|на|ب|بـ)\b[\s:,]*(?:the\s+(?:words?|phrase|following|wording)[\s:,]*)?"
_ARROW = r"\s*(?:=+>|-+>|\u2192|\u21d2|\u27a1|\u2794|>>)\s*"
#: instructions not to, and reports of what was done, are remarks
_NOT_ASKED = re.compile(
    r"(?:\b(?:not|never|n't|cannot|against|oppose[sd]?|object|instead\s+of|rather\s+than|why|was|were|been|had|has|ne\s+pas|no\s+se\s+debe)\b|(?<=\s)не(?=\s))"
    r"[^.;:!?\n]{0,40}$",
    re.IGNORECASE,
)
#: how far before an instruction a "not" is looked for, in characters
_GUARDED = 120
_SUGGESTS = re.compile(
    r"\b(?:should|could|would|must|needs?|suggest\w*|propos\w*|recommend\w*|prefer\w*|please|missing|unclear|consider|mention|clarif\w*|too|"
    r"delete|replace|add|insert|change|redundant|incorrect|wrong|inaccurate|repeat\w*|move|merge|split|devrait|faudrait|sugger\w*|"
    r"supprimer|remplacer|ajouter|deberia|sugier\w*|sugerimos|proponemos|conviene|suprimir|следует|предлага\w*|建议|应|ينبغي|نقترح)|\?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One way to write an instruction: a pattern over the text with placeholders, and what it means."""

    pattern: re.Pattern[str]
    make: Callable[[re.Match[str], SetAside], dict[str, str]]


def _form(pattern: str, make: Callable[[re.Match[str], SetAside], dict[str, str]]) -> _Form:
    return _Form(pattern=re.compile(pattern, re.IGNORECASE), make=make)


def _wording(found: re.Match[str], aside: SetAside, group: str) -> str:
    return aside.wordings[int(found[group])]


def _replaces(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    return {"operation": "replace", "old": _wording(found, aside, "old"), "new": _wording(found, aside, "new")}


def _deletes(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    return {"operation": "delete", "old": _wording(found, aside, "old")}


def _replaces_sentence(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    return {
        "operation": "replace_sentence",
        "old": _ORDINALS[found["ordinal"].lower()],
        "new": _wording(found, aside, "new"),
    }


def _deletes_sentence(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    return {"operation": "replace_sentence", "old": _ORDINALS[found["ordinal"].lower()]}


def _replaces_paragraph(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    return {"operation": "replace", "new": _wording(found, aside, "new"), "paragraph": _tidy(found["number"])}


def _deletes_paragraph(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    return {"operation": "delete", "paragraph": _tidy(found["number"])}


def _inserts_paragraph(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    return {"operation": "insert_after", "new": _wording(found, aside, "new"), "paragraph": _tidy(found["number"])}


def _inserts_words(found: re.Match[str], aside: SetAside) -> dict[str, str]:
    old, new = _wording(found, aside, "old"), _wording(found, aside, "new")
    before = found["side"].lower() in _BEFORE
    gap = "" if (old if before else new)[:1] in ",.;:)" else " "
    return {"operation": "replace", "old": old, "new": f"{new}{gap}{old}" if before else f"{old}{gap}{new}"}


_BEFORE = ("before", "avant", "antes de", "перед")
_SIDE = r"(?P<side>after|before|following|apres|avant|despues\s+de|antes\s+de|после|перед)"
_OLD, _NEW = Q.replace("(", "(?P<old>", 1), Q.replace("(", "(?P<new>", 1)
_THE_PARAGRAPH = rf"(?:{_PARAGRAPH_WORD})\s*{_NUMBER.replace('(', '(?P<number>', 1)}"

#: tried in this order at each place; the first that fits there wins
_FORMS = (
    _form(rf"{_OLD}{_ARROW}{_NEW}", _replaces),
    _form(rf"\bsubstitut(?:e|ing){_FILL}{_NEW}\s*(?:for|in\s+place\s+of){_FILL}{_OLD}", _replaces),
    _form(rf"{_REPLACE}(?:\s+from)?{_FILL}{_OLD}{_WITH}{_NEW}", _replaces),
    _form(rf"(?:将|把)\s*{_OLD}\s*(?:改为|替换为|改成|换成)\s*{_NEW}", _replaces),
    _form(rf"استبدال\s+(?:عبارة\s+|كلمة\s+)?{_OLD}\s*(?:ب|بـ|بعبارة|بكلمة)\s*{_NEW}", _replaces),
    _form(rf"{_OLD}[\s,]*(?:should|to|must|could|shall)?\s*(?:be\s+(?:replaced|changed|amended|substituted)\s*(?:with|by|to)|(?:be|read|becomes?)(?:\s+instead|\s+as)?)[\s:,]*{_NEW}", _replaces),
    _form(rf"\b(?:instead\s+of|in\s+place\s+of|rather\s+than|au\s+lieu\s+de|en\s+lugar\s+de|donde\s+dice|вместо){_FILL}{_OLD}[\s,:]*(?:(?:please\s+)?(?:use|say|write|read|put|insert|lire|mettre|debe\s+decir|poner|следует\s+читать|написать)[\s:,]*)?{_NEW}", _replaces),
    _form(rf"{_NEW}\s*(?:instead\s+of|in\s+place\s+of|rather\s+than|au\s+lieu\s+de|en\s+lugar\s+de){_FILL}{_OLD}", _replaces),
    _form(rf"{_ORDINAL.replace('(', '(?P<ordinal>', 1)}\s+{_SENTENCE}\b(?:\s+of\s+{_PARAGRAPH_WORD}\s*\d+)?[\s:,-]*(?:{_REPLACE}|should\s+read|to\s+read|to\s+be\s+replaced)?(?:{_WITH}|[\s:,]*){_NEW}", _replaces_sentence),
    _form(rf"{_REPLACE}\s+(?:the\s+|la\s+)?{_ORDINAL.replace('(', '(?P<ordinal>', 1)}\s+{_SENTENCE}\b[^.;\n\ue000]{{0,40}}?{_WITH}{_NEW}", _replaces_sentence),
    _form(rf"{_DELETE}\s+(?:the\s+|la\s+)?{_ORDINAL.replace('(', '(?P<ordinal>', 1)}\s+{_SENTENCE}\b", _deletes_sentence),
    _form(rf"{_INSERT}[^.;\n\ue000]{{0,40}}?(?:after|following|apres|despues\s+del?|после)\s+(?:the\s+|le\s+|el\s+)?(?:existing\s+|current\s+)?{_THE_PARAGRAPH}[^.;\n\ue000]{{0,40}}?[\s:,]+{_NEW}", _inserts_paragraph),
    _form(rf"(?:after|following|apres\s+le|despues\s+del)\s+{_THE_PARAGRAPH}[\s,:-]+(?:please\s+)?{_INSERT}[^.;\n\ue000]{{0,40}}?[\s:,]+{_NEW}", _inserts_paragraph),
    _form(rf"new\s+paragraph\s+after\s+(?:{_PARAGRAPH_WORD})?\s*{_NUMBER.replace('(', '(?P<number>', 1)}\s*[:,-]*\s*{_NEW}", _inserts_paragraph),
    _form(rf"{_INSERT}{_FILL}{_NEW}\s*,?\s*{_SIDE}{_FILL}{_OLD}", _inserts_words),
    _form(rf"{_SIDE}{_FILL}{_OLD}[\s,:]*(?:please\s+)?{_INSERT}{_FILL}{_NEW}", _inserts_words),
    _form(rf"{_REPLACE}\s+(?:the\s+)?(?:whole\s+|entire\s+|text\s+of\s+)*{_THE_PARAGRAPH}(?:\s+as\s+a\s+whole)?{_WITH}{_NEW}", _replaces_paragraph),
    _form(rf"{_DELETE}{_FILL}{_OLD}", _deletes),
    _form(rf"{_OLD}[\s:,-]*(?:(?:should|to|must|could|can)\s+be\s+)?(?:deleted|removed)\b", _deletes),
    _form(rf"{_DELETE}\s+(?:the\s+)?(?:whole\s+|entire\s+|all\s+of\s+)*(?:of\s+)?{_THE_PARAGRAPH}(?!\s*[\w\ue000])", _deletes_paragraph),
    _form(rf"{_THE_PARAGRAPH}\s*(?:[:,-]+\s*(?:please\s+)?{_DELETE}\s*(?=[.;!\n]|$)|(?:should|could|to)\s+be\s+(?:deleted|removed)\b)", _deletes_paragraph),
)  # fmt: skip


def read_typed_edits(reply: Reply) -> tuple[TypedEdit, ...]:
    """The changes and remarks a mail asks for in words, in order; then those made inside the quoted text.

    A change without wording to find is a remark ("comment"). In "replace_sentence" `old` is the number of the sentence, -1
    for the last; in "replace" and "delete" an empty `old` stands for the whole paragraph.
    """
    aside = set_aside(join_wrapped_lines(reply.new_text[:_LONGEST_TEXT]))
    typed = [edit for edit in _read_blocks(aside) if edit is not None]
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
    #: a change was read since the number was named
    used: bool = False


def _read_blocks(aside: SetAside) -> Iterator[TypedEdit | None]:
    place = _Place()
    for block in re.split(r"\n\s*\n", aside.text):
        if place.used:
            yield place.remark
            place = _Place()
        for line in block.split("\n"):
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
        number = edit.get("paragraph") or within or _paragraph_after(text, at) or place.number
        place.used = True
        if _NOT_ASKED.search(text[max(0, match.start() - _GUARDED) : match.start()]):
            yield _make_remark(number, text, aside)
            continue
        place.remark = None
        yield TypedEdit(paragraph=number, old=edit.get("old", ""), new=edit.get("new", ""), operation=edit["operation"])


def _next_form(text: str, at: int, ahead: dict[int, re.Match[str] | None]) -> tuple[_Form, re.Match[str]] | None:
    """The form that begins first at or after `at`; of several that begin there the earlier in the list.

    `ahead` keeps each form's next match between calls, so that a long text is searched once.
    """
    best: tuple[_Form, re.Match[str]] | None = None
    for index, form in enumerate(_FORMS):
        match = ahead.get(index)
        if index not in ahead or (match is not None and match.start() < at):
            match = ahead[index] = form.pattern.search(text, at)
        if match and (best is None or match.start() < best[1].start()):
            best = (form, match)
    return best


def _note_paragraph(part: str, place: _Place) -> str:
    """The last paragraph named in `part`, which becomes the place; "" when it names none."""
    named = _PARAGRAPH.findall(part)
    number = _tidy(next(filter(None, named[-1]))) if named else ""
    if number and number != place.number:
        place.number, place.remark, place.used = number, None, False
    return number


def _paragraph_after(text: str, at: int) -> str:
    """A paragraph named right after the change: 'replace "x" with "y" in para 4'."""
    found = _PARAGRAPH_AFTER.match(text, at)
    return _tidy(next(filter(None, found.groups()))) if found else ""


def _read_remark(sentence: str, aside: SetAside, place: _Place) -> Iterator[TypedEdit | None]:
    folded = fold(sentence)
    named = _PARAGRAPH.search(folded)
    if named is None:
        return
    pending = place.remark
    _note_paragraph(folded, place)
    yield pending
    lead = _PARAGRAPH.match(folded.lstrip(" -*\u2022"))
    says = folded.lstrip(" -*\u2022")[lead.end() :].strip(" :.,-") if lead else ""
    said_at_head = bool(lead and says and re.match(r"\s*[:\-,]", folded.lstrip(" -*\u2022")[lead.end() :]))
    place.remark = _make_remark(place.number, sentence, aside) if said_at_head or _SUGGESTS.search(folded) else None
    place.used = place.remark is not None


def _make_remark(number: str, sentence: str, aside: SetAside) -> TypedEdit:
    return TypedEdit(
        paragraph=number, old="", new="", operation="comment", remark=aside.restore(sentence).strip(" -*\u2022")
    )


def _tidy(number: str) -> str:
    return " ".join(number.upper().split()) if number[:1].isalpha() else " ".join(number.split())
