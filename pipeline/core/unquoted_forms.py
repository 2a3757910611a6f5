"""Instructions without quotation marks: "Para 5: change migrant workers to migrants".

They are guesses: each one holds only where its old words stand exactly once in the paragraph it names, and anything in
the sentence that may mean something else makes it a remark.
"""

import re
from dataclasses import dataclass

from pipeline.core.edit_forms import put_beside
from pipeline.core.wording import fold, fold_evenly

_WORDS = r"[^\s:;]+(?:\s[^\s:;]+){0,7}?"
_FIRST = r"(?:please\s+|kindly\s+|merci\s+de\s+|favor\s+de\s+|просьба\s+|请)?"
_THE_WORDS = (
    r"(?:(?:the|le|la|les|el|los|las)\s+)?(?:words?|phrase|term|expression|mots?|termes?|palabras?|terminos?|expresion"
    r"|слов[оа]|выражение|كلمة|عبارة)\s+"
)
_REPLACE = r"(?:replace|change|amend|correct|substitute|remplacer|reemplazar|sustituir|cambiar|заменить|استبدال)"
_TO = r"(?:with|by|to|into|par|por|a|на|ب)"
_DELETE = r"(?:delete|remove|strike|omit|drop|take\s+out|supprimer|suprimir|eliminar|исключить|удалить|حذف)"
_INSERT = r"(?:insert|add|include|inserer|ajouter|anadir|agregar|insertar|добавить|включить)"
_INSTEAD = r"(?:instead\s+of|in\s+place\s+of|au\s+lieu\s+de|en\s+lugar\s+de|en\s+vez\s+de|вместо)"
_SIDE = r"(?P<side>after|before|apres|avant|despues\s+de|antes\s+de|после|перед)"
_END = r"\s*[.!]*\s*$"
_ARROW = r"\s*(?:=+>|-+>|[\u2192\u21d2\u27a1\u2794]|>>)\s*"
_FORMS = tuple(
    re.compile(fold(pattern), re.IGNORECASE)
    for pattern in (
        rf"^{_FIRST}{_REPLACE}\s+(?:{_THE_WORDS})?(?P<old>{_WORDS})\s+{_TO}\s+(?:{_THE_WORDS})?(?P<new>{_WORDS}){_END}",
        rf"^{_FIRST}{_DELETE}\s+(?:{_THE_WORDS})?(?P<old>{_WORDS}){_END}",
        rf"^{_FIRST}{_INSERT}\s+(?:{_THE_WORDS})?(?P<add>{_WORDS})\s+{_SIDE}\s+(?:{_THE_WORDS})?(?P<old>{_WORDS}){_END}",
        rf"^(?:{_FIRST}(?:use|say|write|put)\s+)?(?P<new>{_WORDS})\s+{_INSTEAD}\s+(?P<old>{_WORDS}){_END}",
        rf"^(?P<old>{_WORDS}){_ARROW}(?P<new>{_WORDS}){_END}",
        rf"^for\s+(?P<old>{_WORDS})\s+read\s+(?P<new>{_WORDS}){_END}",
        rf"^(?P<old>{_WORDS})\s+should\s+(?:read|become)\s+(?P<new>{_WORDS}){_END}",
        r"^(?:将|把)(?P<old>[^,:;]{1,20})(?:改为|改成|替换为)(?P<new>[^,:;]{1,20})[。.]?$",
    )
)
#: words that make a literal reading unsafe: reasons, references, and a second instruction
_UNSAFE = re.compile(
    fold(
        r"\b(?:because|since|as\s+(?:agreed|discussed|suggested|proposed|appropriate|in|per|it|this)|in\s+line\s+with|to\s+reflect|for\s+consistency"
        r"|which|that\s+is|see|everything|reference|references|mention|mentions|sentences?|paragraphs?|paras?|lines?|section|bullets?|footnotes?"
        r"|titles?|headings?|something|more|ones?|newer|recent|updated?|better|appropriate|stronger|weaker|shorter|softer|similar|another|language|wording"
        r"|formulation|figures|statistics|it|them|this|these|those|explanation|definition|paragraph|data|examples?|references?|reference\s+to|repetition|duplication|above|below|following"
        r"|first|second|third|last|part|text|car|porque|afin|phrases?|deuxieme|premiere|derniere|oracion|parrafo|абзац|предложение|пункт)\b"
        r"|[()\[\]?]"
    ),
    re.IGNORECASE,
)
_CONNECTOR = re.compile(rf"(?<!\S){_TO}(?!\S)", re.IGNORECASE)
#: "second line", "3rd sentence": it narrows the place, the only occurrence in the paragraph is what counts
_LINE = re.compile(
    r"^(?:\(?(?:in\s+)?(?:the\s+)?(?:first|second|third|fourth|fifth|last|\d+(?:st|nd|rd|th|e|a|o)?)\s+(?:lines?|sentence|ligne|phrase|linea|oracion)|lines?\s*\d+)(?:\)\s*[:,-]*|\s*[:,-]+)\s*",
    re.IGNORECASE,
)
#: in "x instead of y" without a verb both sides are this short, in words
_FEW = 4


@dataclass(frozen=True, slots=True)
class Guess:
    """A change as it was probably meant."""

    old: str
    #: "" for a deletion
    new: str


def guess_change(clause: str) -> Guess | None:
    """What a clause without quotations asks to change; None when it can be read in two ways, or asks nothing.

    `clause` is what follows the naming of the paragraph.
    """
    whole = " ".join(clause.split())
    line = _LINE.match(fold_evenly(whole))
    kept = whole[line.end() :] if line else whole
    plain = fold_evenly(kept)
    for form in _FORMS:
        if found := form.match(plain):
            return None if _is_unsafe(form, found) else _make_guess(found, kept)
    return None


def _is_unsafe(form: re.Pattern[str], found: re.Match[str]) -> bool:
    words = [part for name, part in found.groupdict().items() if name != "side"]
    if any(
        _UNSAFE.search(part) or re.search(r",\s", part.rstrip(","))
        for part in words
        if part != found.groupdict().get("add")
    ):
        return True
    if form is _FORMS[0]:
        return len(_CONNECTOR.findall(found[0])) > 1
    lengths = [len(part.split()) for part in words]
    return form is _FORMS[3] and (max(lengths) > _FEW or max(lengths) - min(lengths) > 1)


def _make_guess(found: re.Match[str], kept: str) -> Guess:
    groups = {name: kept[slice(*found.span(name))].strip(" ,.") for name in found.groupdict()}
    if "add" in groups:
        before = groups["side"].lower().split()[0] in ("before", "avant", "antes", "перед")
        words = kept[slice(*found.span("add"))].strip()
        if words.startswith(","):
            return Guess(groups["old"], f"{groups['old']}{words}")
        return Guess(groups["old"], put_beside(groups["old"], words, before=before))
    return Guess(groups["old"], groups.get("new", ""))
