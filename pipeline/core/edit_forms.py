"""The ways people write an instruction in a mail, as patterns over folded text whose quotations are placeholders."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.core.quotations import PLACEHOLDER, SetAside

_ORDINALS = {
    "first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "fourth": "4", "4th": "4",
    "fifth": "5", "5th": "5", "sixth": "6", "seventh": "7", "last": "-1", "final": "-1", "premiere": "1",
    "deuxieme": "2", "troisieme": "3", "quatrieme": "4", "derniere": "-1", "primera": "1", "segunda": "2",
    "tercera": "3", "cuarta": "4", "ultima": "-1",
}  # fmt: skip
_BEFORE = ("before", "avant", "antes de", "перед")
_NUMBER = r"(?:[PO]P\s?)?\d{1,3}(?:\.\d{1,3})*(?:\s?(?:bis|ter|quater)\b)?"
_PARAGRAPH_WORD = (
    r"(?:(?<!\w)(?:paragraphs?|paragraphes?|paras?|pars?|parrafos?|parr|pgs?|abs|item|clause|пункт\w*|п|абзац\w*"
    r"|الفقرة|فقرة)\b\.?|[\u00b6\u00a7])"
)

#: what a name in angle brackets stands for in the forms below
_PARTS = {
    "old": PLACEHOLDER.replace("(", "(?P<old>", 1),
    "new": PLACEHOLDER.replace("(", "(?P<new>", 1),
    "paragraph": rf"{_PARAGRAPH_WORD}\s*(?P<number>{_NUMBER})",
    "paragraph_word": _PARAGRAPH_WORD,
    "number": rf"(?P<number>{_NUMBER})",
    "ordinal": "(?P<ordinal>" + "|".join(_ORDINALS) + r")\s+(?:sentence|phrase|oracion|frase)\b",
    "side": r"(?<!\w)(?P<side>after|before|following|apres|avant|despues\s+de|antes\s+de|после|перед)",
    # up to six words between a verb and its wording: "the words", "all references to"
    "fill": r"(?:[ :,]+(?!(?:with|by|par|por|to|after|before)\b)[\w'/-]+){0,6}?[ :,]+",
    # nothing follows that would make the quotation something else
    "end": r"(?=\s*(?:[.;,)]|$))",
    "some": "[^.;\n\ue000]{0,40}?",
    "arrow": r"\s*(?:=+>|-+>|[\u2192\u21d2\u27a1\u2794]|>>)\s*",
    "with": (
        r"[\s:,]*(?:with|by|to\s+read(?:\s+as(?:\s+follows)?)?|to|into|for|par|por|en|a|на|ب|بـ)\b[\s:,]*"
        r"(?:the\s+(?:words?|phrase|following|wording)[\s:,]*)?"
    ),
    "replace": (
        r"(?<!\w)(?:replac(?:e|ing)|substitut(?:e|ing)|chang(?:e|ing)|amend(?:ing)?|modify|modifying|reword(?:ing)?"
        r"|revis(?:e|ing)|correct(?:ing)?|remplac(?:er|ez|ant)|modifi(?:er|ez)|reemplaz(?:ar|ando|ase|en)"
        r"|sustitu(?:ir|yendo|yase|yan)|cambiar|modificar|заменить|заменив)"
    ),
    "delete": (
        r"(?:(?<!\w)(?:delet(?:e|ing)|remov(?:e|ing)|strik(?:e|ing)(?:\s+out)?|omit|drop|supprim(?:er|ez)|suprimir"
        r"|eliminar|исключить|удалить|снять|حذف)|删除|删去)"
    ),
    "insert": (
        r"(?:(?<!\w)(?:insert(?:ing)?|add(?:ing)?|ajout(?:er|ez)|inser(?:er|ez)|insertar|anadir|agregar|добавить"
        r"|включить|إضافة)|增加|加入)"
    ),
    "instead": r"(?<!\w)(?:instead\s+of|in\s+place\s+of|rather\s+than|au\s+lieu\s+de|en\s+lugar\s+de|вместо)",
    "read": r"(?:use|say|write|read|put|insert|lire|mettre|debe\s+decir|poner|следует\s+читать|написать)",
}

#: a paragraph named anywhere; one group holds its number
PARAGRAPH = re.compile(
    rf"{_PARAGRAPH_WORD}\s*(?:n[o\u00ba.]*\s*)?#?\s*({_NUMBER})|第\s*(\d{{1,3}})\s*[段条]|\b([PO]P\s?\d{{1,3}})\b",
    re.IGNORECASE,
)
#: the verbs of every form that needs no quotation
DELETE = re.compile(_PARTS["delete"], re.IGNORECASE)
#: what a deletion goes on with: 'delete "x", "y" and "z"'
NEXT_DELETED = re.compile(
    rf"\s*(?:,\s*and|,|and|et|y|и)\s*{_PARTS['old']}(?!{_PARTS['with']}{PLACEHOLDER})", re.IGNORECASE
)
#: a paragraph that is one of several: "5 and 6", "5-7"
ONE_OF_SEVERAL = re.compile(r"\s*(?:,|and|&|-|to|et|y|и|à)\s*\d", re.IGNORECASE)
#: a paragraph named right after a change: 'replace "x" with "y" in para 4'
PARAGRAPH_AFTER = re.compile(
    rf"\s*,?\s*(?:\(|(?:in|of|at|from|under|dans|au|en\s+el|del|в)\s+)(?:the\s+)?(?:{PARAGRAPH.pattern})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """What one instruction asks for; see `model.TypedEdit` for the words."""

    operation: str
    old: str = ""
    new: str = ""
    #: the number when it is part of the instruction, else ""
    paragraph: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write an instruction."""

    pattern: re.Pattern[str]
    #: what a match means, given the quotations of the text
    make: Callable[[re.Match[str], SetAside], Instruction]


def tidy_number(number: str) -> str:
    """A paragraph number as printed: "pp 3" as "PP 3"."""
    return " ".join(number.upper().split()) if number[:1].isalpha() else " ".join(number.split())


def _wording(found: re.Match[str], aside: SetAside, group: str) -> str:
    return aside.wordings[int(found[group])]


def _replace(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="replace", old=_wording(found, aside, "old"), new=_wording(found, aside, "new"))


def _delete(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="delete", old=_wording(found, aside, "old"))


def _replace_sentence(found: re.Match[str], aside: SetAside) -> Instruction:
    ordinal = _ORDINALS[found["ordinal"].lower()]
    return Instruction(operation="replace_sentence", old=ordinal, new=_wording(found, aside, "new"))


def _delete_sentence(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="replace_sentence", old=_ORDINALS[found["ordinal"].lower()])


def _replace_paragraph(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="replace", new=_wording(found, aside, "new"), paragraph=tidy_number(found["number"]))


def _delete_paragraph(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="delete", paragraph=tidy_number(found["number"]))


def _insert_paragraph(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(
        operation="insert_after", new=_wording(found, aside, "new"), paragraph=tidy_number(found["number"])
    )


def _insert_words(found: re.Match[str], aside: SetAside) -> Instruction:
    """Words beside an anchor are a replacement of the anchor by itself with them."""
    old, new = _wording(found, aside, "old"), _wording(found, aside, "new")
    first, second = (new, old) if " ".join(found["side"].lower().split()) in _BEFORE else (old, new)
    gap = "" if second[:1] in ",.;:)" else " "
    return Instruction(operation="replace", old=old, new=f"{first}{gap}{second}")


def _form(pattern: str, make: Callable[[re.Match[str], SetAside], Instruction]) -> Form:
    whole = re.sub(r"<([a-z_]+)>", lambda found: _PARTS[found[1]], pattern)
    return Form(pattern=re.compile(whole, re.IGNORECASE), make=make)


#: of two that begin at the same place the earlier one is meant
FORMS = (
    _form(r"<old><arrow><new>", _replace),
    _form(r"\bsubstitut(?:e|ing)<fill><new>\s*(?:for|in\s+place\s+of)<fill><old>", _replace),
    _form(r"<replace>(?:\s+from)?<fill><old><with><new>", _replace),
    _form(r"(?:,|;|\band|\bet|\by|\bи)\s*<old><with><new>", _replace),
    _form(r"(?:将|把)\s*<old>\s*(?:改为|替换为|改成|换成)\s*<new>", _replace),
    _form(r"استبدال\s+(?:عبارة\s+|كلمة\s+)?<old>\s*(?:ب|بـ|بعبارة|بكلمة)\s*<new>", _replace),
    _form(
        r"<old>(?:\s+(?:in|of|at)\s+(?:the\s+)?<paragraph_word>\s*\d+)?[\s,]*(?:should|to|must|could|shall)?\s*(?:be\s+(?:replaced|changed|amended|substituted)\s*(?:with|by|to)"
        r"|(?:be|read|becomes?)(?:\s+instead|\s+as)?)[\s:,]*<new>",
        _replace,
    ),
    _form(r"(?:<instead>|\bdonde\s+dice)<fill><old>[\s,:]*(?:(?:please\s+)?<read>[\s:,]*)?<new>", _replace),
    _form(r"<new>\s*<instead><fill><old>", _replace),
    _form(
        r"<ordinal>(?:\s+of\s+<paragraph_word>\s*\d+)?[\s:,-]*(?:<replace>|should\s+read|to\s+read|to\s+be\s+replaced)?"
        r"(?:<with>|[\s:,]*)<new><end>",
        _replace_sentence,
    ),
    _form(r"<replace>\s+(?:the\s+|la\s+)?<ordinal><some><with><new><end>", _replace_sentence),
    _form(r"<delete>\s+(?:the\s+|la\s+)?<ordinal>", _delete_sentence),
    _form(
        r"<insert><some>(?:after|following|apres|despues\s+del?|после)\s+(?:the\s+|le\s+|el\s+)?(?:existing\s+|current\s+)?"
        r"<paragraph><some>[\s:,]+<new>",
        _insert_paragraph,
    ),
    _form(
        r"(?:after|following|apres\s+le|despues\s+del)\s+<paragraph>[\s,:-]+(?:please\s+)?<insert><some>[\s:,]+<new>",
        _insert_paragraph,
    ),
    _form(r"new\s+paragraph\s+after\s+<paragraph_word>?\s*<number>\s*[:,-]*\s*<new>", _insert_paragraph),
    _form(r"<insert><fill><new>\s*,?\s*<side><fill><old>", _insert_words),
    _form(r"<side><fill><old>[\s,:]*(?:please\s+)?<insert><fill><new>", _insert_words),
    _form(
        r"<replace>\s+(?:the\s+)?(?:whole\s+|entire\s+|text\s+of\s+)*<paragraph>(?:\s+as\s+a\s+whole)?<with><new>",
        _replace_paragraph,
    ),
    _form(
        r"<paragraph>[\s:,-]*(?:(?:should|shall|must|to)\s+(?:now\s+)?read(?:\s+as(?:\s+follows)?)?|<replace>\s+with)"
        r"[\s:,]*<new><end>",
        _replace_paragraph,
    ),
    _form(r"<delete><fill><old>", _delete),
    _form(r"<old>[\s:,-]*(?:(?:should|to|must|could|can)\s+be\s+)?(?:deleted|removed)\b", _delete),
    _form(
        r"<delete>\s+(?:the\s+)?(?:whole\s+|entire\s+|all\s+of\s+)*(?:of\s+)?<paragraph>(?!\s*[\w\ue000])",
        _delete_paragraph,
    ),
    _form(
        r"<paragraph>\s*(?:[:,-]+\s*(?:please\s+)?<delete>\s*(?=[.;!\n]|$)"
        r"|(?:should|could|to)\s+be\s+(?:deleted|removed)\b)",
        _delete_paragraph,
    ),
)
