"""The ways people write an instruction in a mail, as patterns over folded text whose quotations are placeholders."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.core.edit_places import NUMBER, PARAGRAPH, PARAGRAPH_WORD, tidy_number
from pipeline.core.quotations import PLACEHOLDER, SetAside
from pipeline.core.wording import fold

_ORDINALS = {
    "first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "fourth": "4", "4th": "4",
    "fifth": "5", "5th": "5", "sixth": "6", "seventh": "7", "last": "-1", "final": "-1", "premiere": "1",
    "deuxieme": "2", "seconde": "2", "troisieme": "3", "quatrieme": "4", "derniere": "-1", "primera": "1",
    "segunda": "2", "tercera": "3", "cuarta": "4", "ultima": "-1",
}  # fmt: skip
_BEFORE = ("before", "avant", "antes de", "перед", "قبل", "前", "ahead of")
_CHINESE = re.compile("[\u4e00-\u9fff]")

#: what a name in angle brackets stands for in the forms below
_PARTS = {
    "old": PLACEHOLDER.replace("(", "(?P<old>", 1),
    "new": PLACEHOLDER.replace("(", "(?P<new>", 1),
    "paragraph": rf"{PARAGRAPH_WORD}\s*(?P<number>{NUMBER})",
    # one or several: "13 and 14", "3-5"
    "paragraphs": (
        r"<paragraph>(?:(?:\s*,\s*\d{1,3})*\s*,?\s*(?:and|&|et|y|и|و)\s*\d{1,3}\b|\s*(?:-|to)\s*\d{1,3}\b)?"
    ),
    "target": rf"(?:the\s+|le\s+|el\s+)?(?:{PARAGRAPH_WORD}\s*)?(?P<target>{NUMBER})(?![\w%])",
    "paragraph_word": PARAGRAPH_WORD,
    "number": rf"(?P<number>{NUMBER})",
    "ordinal": "(?P<ordinal>" + "|".join(_ORDINALS) + r")\s+(?:sentence|phrase|oracion|frase)\b",
    "side": (
        r"(?<!\w)(?P<side>immediately\s+after|right\s+after|after|before|ahead\s+of|following|behind|apres|avant"
        r"|despues\s+de|antes\s+de|после|перед|بعد|قبل)(?:l\b)?"
    ),
    "the": r"(?:(?:the|le|la|el|l')\s*)?",
    # up to six words between a verb and its wording: "the words", "all references to"
    "fill": (
        r"(?:[ :,]+(?!(?:with|by|par|por|to|after|before|from|between|everything|behind|brackets?|around)\b)"
        r"[\w'/-]+){0,6}?[ :,]+"
    ),
    # nothing follows that would make the quotation something else
    "end": r"(?=\s*(?:[.;,)]|$))",
    # nothing at all follows, or an adverb
    "wholly": r"(?:\s+(?:altogether|entirely|completely|as\s+a\s+whole|in\s+(?:its\s+entirety|full)|please|totalement"
    r"|por\s+completo|полностью))?(?=\s*(?:[.;!,)\u3002]|$))",
    "some": "[^.;\n\ue000]{0,40}?",
    "arrow": r"\s*(?:=+>|-+>|[\u2192\u21d2\u27a1\u2794]|>>)\s*",
    "with": (
        r"[\s:,]*(?:with|by|to\s+read(?:\s+as(?:\s+follows)?)?|to|into|for|par|por|en|a|на|ب|كلمة|بعبارة"
        r"|بكلمة)\b[\s:,]*"
        r"(?:(?:the|les?|las?|el|los|слова|словами?|كلمة|عبارة)\s+(?:(?:words?|phrase|term|expression|following"
        r"|wording|text|mots?|termes?|palabras?)"
        r"[\s:,]*)?)?"
    ),
    "replace": (
        r"(?<!\w)(?:replac(?:e|ing)|substitut(?:e|ing)|chang(?:e|ing)|amend(?:ing)?|modify|modifying"
        r"|reword(?:ing)?|swap"
        r"|revis(?:e|ing)|correct(?:ing)?|remplac(?:er|ez|ant|ons)|modifi(?:er|ez)|reempla(?:zar|zando|ce|cese"
        r"|cen|zase|zen)"
        r"|sustitu(?:ir|yendo|yase|yan|yese)|cambi(?:ar|e|en)|modificar|заменить|заменив|изменить"
        r"|استبدال|يستعاض\s+عن|الاستعاضة\s+عن|تستبدل|يستبدل)"
    ),
    "delete": (
        r"(?:(?<!\w)(?:delet(?:e|ing)|remov(?:e|ing)|strik(?:e|ing)(?:\s+out)?|omit|drop(?:ping)?|tak(?:e"
        r"|ing)\s+out|supprim(?:er|ez|ons|ant)"
        r"|suprim(?:ir|an?|iendo)|elimin(?:ar|en?|ando)|borrar|исключить|удалить|снять|вычеркнуть"
        r"|(?:نقترح\s+)?حذف|تحذف|يحذف)(?!\w)"
        r"|[删刪]除|[删刪]去|去掉)"
    ),
    "deleted": (
        r"(?:(?:(?:should|to|must|could|can|might|shall)\s+be\s+|is\s+to\s+be\s+)?(?:deleted|removed|omitted"
        r"|dropped|struck(?:\s+out)?|taken\s+out)\b"
        r"|a\s+supprimer\b|(?:doit|devrait|pourrait)\s+etre\s+supprimee?s?\b|(?:deberia|debe"
        r"|ha\s+de)\s+(?:suprimirse|eliminarse)|(?:следует\s+)?(?:исключить|удалить|снять)(?!\w)"
        r"|[应應]?(?:予以)?(?:[删刪]除|[删刪]去))"
    ),
    "insert": (
        r"(?:(?<!\w)(?:insert(?:ing)?|add(?:ing)?|includ(?:e|ing)|ajout(?:er|ez|ons)|inser(?:er|ez)|insert(?:ar"
        r"|en?)|anadir|anad(?:an|ase)|agreg(?:ar|uen?)"
        r"|добавить|включить|вставить|дополнить|اضافة|يضاف|تضاف|ادراج)|增加|加入|加上|添加|插入)"
    ),
    "instead": (
        r"(?<!\w)(?:instead\s+of|in\s+place\s+of|rather\s+than|au\s+lieu\s+de|a\s+la\s+place\s+de"
        r"|en\s+lugar\s+de|en\s+vez\s+de"
        r"|вместо|بدلا\s+من|عوضا\s+عن)"
    ),
    "read": (
        r"(?:use|say|write|read|put|insert|lire|mettre|ecrire|debe\s+decir|dice|digase|lease|poner"
        r"|(?:следует\s+)?читать|написать)"
    ),
    "becomes": (
        r"(?:(?:should|to|must|could|shall|would|better)?\s*(?:be\s+(?:replaced|changed|amended|substituted"
        r"|corrected)\s*(?:with|by|to|into)"
        r"|(?:be|read|becomes?|say)(?:\s+instead|\s+as)?)|deb(?:e|eria)\s+(?:leerse|decir|ser|sustituirse\s+por"
        r"|reemplazarse\s+por)"
        r"|(?:doit|devrait)\s+(?:se\s+lire|etre\s+remplacee?s?\s+par)|(?:est\s+)?a\s+remplacer\s+par|devient|se\s+lit"
        r"|(?:следует\s+)?(?:заменить\s+(?:на\s+)?(?:слов\w+\s*)?|читать(?:\s+как)?)|тогда\s+читать|يصبح"
        r"|[应應]?(?:改[为為爲]|改成|[为為]|替换为))"
    ),
    "at_end": (
        r"(?:at\s+(?:the\s+|its\s+)?(?:very\s+)?end|a\s+la\s+fin|al\s+final|в\s+конц[еу]|в\s+конец"
        r"|في\s+(?:نهاية|اخر))"
    ),
    "at_start": (
        r"(?:at\s+(?:the\s+|its\s+)?(?:very\s+)?(?:beginning|start)|au\s+debut|al\s+(?:principio|comienzo)"
        r"|в\s+начал[ео]|في\s+بداية)"
    ),
    # the end of the paragraph, not of a sentence or of the text
    "of_paragraph": (
        r"(?:\s*(?:of|du|del|de)?\s*(?:the\s+|this\s+|le\s+"
        r"|la\s+)?<paragraph_word>(?:\s*\d+(?:\.\d+)*)?)?(?!\s*(?:of|du|del|de\s+la|de)\b)"
    ),
    "move": (
        r"(?:(?<!\w)(?:mov(?:e|ing)|transfer|relocat(?:e|ing)|shift(?:ing)?|plac(?:e|ing)|put(?:ting)?"
        r"|deplac(?:er|ez|ons)|trasladar|mover|desplazar|colocar"
        r"|переместить|перенести|поместить|نقل)(?!\w)|将|將|把)"
    ),
    "moved": (
        r"(?:(?:should|could|must|might|would|to|needs?\s+to|better)\s+)*(?:(?:be\s+)?(?:better\s+)?(?:moved?"
        r"|placed|put|relocated|transferred|shifted)|come|go|appear"
        r"|(?:devrait|doit|pourrait)\s+(?:venir|figurer|etre\s+(?:place|deplace))|a\s+deplacer|deberia\s+(?:ir"
        r"|figurar|venir|trasladarse)|(?:следует\s+)?(?:переместить|перенести|поместить))"
    ),
}

#: the verbs of every form that needs no quotation
NEEDS_NO_QUOTATION = re.compile(f"{fold(_PARTS['delete'])}|{fold(_PARTS['deleted'])}", re.IGNORECASE)
#: what a deletion goes on with: 'delete "x", "y" and "z"'
NEXT_DELETED = re.compile(
    rf"\s*(?:,\s*and|,|and|et|y|и|و|和|、)\s*{_PARTS['old']}(?!{_PARTS['with']}{PLACEHOLDER})", re.IGNORECASE
)
#: a paragraph named right after a change: 'replace "x" with "y" in para 4'
PARAGRAPH_AFTER = re.compile(
    rf"\s*,?\s*(?:\(|(?:in|of|at|from|under|to|dans|au|du|en\s+el|del|в|في)\s+)(?:the\s+|la\s+"
    rf"|le\s+)?(?:{PARAGRAPH.pattern})",
    re.IGNORECASE,
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
    #: it changes a whole paragraph: "the last line of para 4 should be deleted" must not
    whole: bool = False


def _wording(found: re.Match[str], aside: SetAside, group: str) -> str:
    return aside.wordings[int(found[group])]


def _replace(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="replace", old=_wording(found, aside, "old"), new=_wording(found, aside, "new"))


def _replace_everywhere(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="replace_all", old=_wording(found, aside, "old"), new=_wording(found, aside, "new"))


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


def _is_before(found: re.Match[str]) -> bool:
    return " ".join(found["side"].lower().split()) in _BEFORE


def _insert_paragraph(found: re.Match[str], aside: SetAside) -> Instruction:
    before = "side" in found.groupdict() and _is_before(found)
    return Instruction(
        operation="insert_before" if before else "insert_after",
        new=_wording(found, aside, "new"),
        paragraph=tidy_number(found["number"]),
    )


def _insert_words(found: re.Match[str], aside: SetAside) -> Instruction:
    """Words beside an anchor are a replacement of the anchor by itself with them."""
    old, new = _wording(found, aside, "old"), _wording(found, aside, "new")
    return Instruction(operation="replace", old=old, new=put_beside(old, new, before=_is_before(found)))


def put_beside(anchor: str, words: str, *, before: bool) -> str:
    """`anchor` with `words` before or behind it, parted by a space where the script has any."""
    first, second = (words, anchor) if before else (anchor, words)
    joined = second[:1] in ",.;:)" or (_CHINESE.match(second) and _CHINESE.match(first[-1:]))
    return f"{first}{second}" if joined else f"{first} {second}"


def _append(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="append", new=_wording(found, aside, "new"))


def _prepend(found: re.Match[str], aside: SetAside) -> Instruction:
    return Instruction(operation="prepend", new=_wording(found, aside, "new"))


def _move(found: re.Match[str], _aside: SetAside) -> Instruction:
    """`old` is the number of the paragraph beside which it goes."""
    return Instruction(
        operation="move_before" if _is_before(found) else "move_after",
        old=tidy_number(found["target"]),
        paragraph=tidy_number(found["number"]),
    )


def _form(pattern: str, make: Callable[[re.Match[str], SetAside], Instruction], *, whole: bool = False) -> Form:
    named = pattern
    while (filled := re.sub(r"(?<!P)<([a-z_]+)>", lambda found: _PARTS[found[1]], named)) != named:
        named = filled
    return Form(pattern=re.compile(fold(named), re.IGNORECASE), make=make, whole=whole)


#: of two that begin at the same place the earlier one is meant
FORMS = (
    _form(r"<old><arrow><new>", _replace),
    _form(r"\bsubstitut(?:e|ing)<fill><new>\s*(?:for|in\s+place\s+of)<fill><old>", _replace),
    _form(
        r"<replace>(?:<fill>from)?<fill><old>(?:\s+(?:in|of|at|from)\s+(?:the\s+)?<paragraph_word>\s*\d+)?<with><new>",
        _replace,
    ),
    _form(r"<delete><fill><old>\s*,?\s*(?:and|et|y|и)\s+<replace><fill>?<with><new>", _replace),
    _form(
        r"<delete><fill><old>\s*[,;]?\s*(?:and|et|y|и)?\s*(?:(?:put|write|use|say)(?:t?ing)?|mett(?:re|ez)|ecri(?:re|vez)|pon(?:er|gan?)"
        r"|escrib(?:ir|an?)|написать|поставить)<fill><new>(?!\s*,?\s*<side>)",
        _replace,
    ),
    _form(
        r"<delete><fill><old>\s*[,;]?\s*(?:and|et|y|и)?\s*<insert><fill><new>\s*,?\s*(?:instead|in\s+its\s+(?:place|stead)"
        r"|a\s+(?:sa|la)\s+place|en\s+su\s+lugar|вместо)",
        _replace,
    ),
    _form(r"(?:,|;|\band|\bet|\by|\bи|و)\s*<old><with><new>", _replace),
    _form(
        r"(?:将|將|把)\s*<old>\s*(?:一词|一语)?\s*(?:改[为為爲]|替[换換][为為]|改成|[换換]成|修改[为為])\s*<new>",
        _replace,
    ),
    _form(r"用\s*<new>\s*(?:替换|代替|取代)\s*<old>", _replace),
    _form(
        r"\bwherever<fill><old>[\s,]*(?:appears?|occurs?|is\s+used|stands)?[\s,:]*(?:please\s+)?<read><fill><new>",
        _replace_everywhere,
    ),
    _form(
        r"<old>(?:\s+(?:in|of|at)\s+(?:the\s+)?<paragraph_word>\s*\d+)?[\s,:-]*<becomes>[\s:,]*<new>",
        _replace,
    ),
    _form(r"(?:<instead>|\bdonde\s+dice|\bfor)<fill><old>[\s,:]*(?:please\s+)?<read>[\s:,]*<new>", _replace),
    _form(r"(?:<instead>)<fill><old>[\s,:]*<new>", _replace),
    _form(r"<new>\s*,?\s*<instead><fill><old>", _replace),
    _form(r"\bprefer(?:red|able)?(?:\s+to\s+(?:use|see|have))?<fill><new>\s*(?:,\s*)?(?:to|over)<fill><old>", _replace),
    _form(r"<new>\s*,?\s*(?:and\s+|et\s+|y\s+)?(?:not|pas|no|а\s+не)\s+<old>", _replace),
    _form(r"<delete>\s+<the><ordinal>[\s:,(]*<old>", _delete),
    _form(
        r"<ordinal>(?:\s+(?:of|du|de"
        r"|del)\s+(?:the\s+)?<paragraph_word>\s*\d+)?[\s:,-]*(?:please\s+)?(?:<delete>\s*(?=[.;!\n]|$)|<deleted>)",
        _delete_sentence,
    ),
    _form(
        r"<ordinal>(?:\s+(?:of|du|de|del)\s+(?:the\s+)?<paragraph_word>\s*\d+)?[\s:,-]*(?:<replace>"
        r"|should\s+read|to\s+read|to\s+be\s+replaced)?"
        r"(?:<with>|[\s:,]*)<new><end>",
        _replace_sentence,
    ),
    _form(r"<replace>\s+<the><ordinal><some><with><new><end>", _replace_sentence),
    _form(r"<delete>\s+<the><ordinal>(?!\s*(?:and|to|from|until|starting))", _delete_sentence),
    _form(
        r"<insert><some><side>\s*<the>(?:existing\s+|current\s+)?<paragraph><some>[\s:,]+<new>",
        _insert_paragraph,
    ),
    _form(
        r"<side>\s*<the><paragraph>[\s,:-]+(?:please\s+)?<insert><some>[\s:,]+<new>",
        _insert_paragraph,
    ),
    _form(r"new\s+paragraph\s+<side>\s+<paragraph_word>?\s*<number>\s*[:,-]*\s*<new>", _insert_paragraph),
    _form(
        r"(?<!\w)(?:new|nouveau|nuevo|новый)\)?\s+<paragraph_word>\s*(?P<number>\d{1,3})\s?(?:bis|ter"
        r"|[a-d])\b\s*[:,-]*\s*<new>",
        _insert_paragraph,
    ),
    _form(
        r"<paragraph_word>\s*(?P<number>\d{1,3})\s?(?:bis|ter|[a-d])\s*\((?:new|nouveau|nuevo)\)\s*[:,-]*\s*<new>",
        _insert_paragraph,
    ),
    _form(r"<insert><fill><new>\s*,?\s*<side><fill><old>", _insert_words),
    _form(r"<side><fill><old>[\s,:]*(?:please\s+)?<insert><fill><new>", _insert_words),
    _form(r"(?:在\s*)?<old>\s*(?:一词)?之?(?P<side>[后後]|前)面?[,\s]*<insert>\s*:?\s*<new>", _insert_words),
    _form(r"<insert><some><at_end><of_paragraph><some>[\s:,]+<new><end>", _append),
    _form(r"<insert><fill><new>\s*,?\s*<at_end><of_paragraph>", _append),
    _form(r"<at_end><of_paragraph><some><insert><some>[\s:,]+<new><end>", _append),
    _form(r"<insert><some><at_start><of_paragraph><some>[\s:,]+<new><end>", _prepend),
    _form(r"<insert><fill><new>\s*,?\s*<at_start><of_paragraph>", _prepend),
    _form(r"<at_start><of_paragraph><some><insert><some>[\s:,]+<new><end>", _prepend),
    _form(
        r"<replace>\s+<the>(?:whole\s+|entire\s+|text\s+of\s+)*<paragraph>(?:\s+as\s+a\s+whole)?<with><new>",
        _replace_paragraph,
        whole=True,
    ),
    _form(
        r"<paragraph>[\s:,-]*(?:(?:should|shall|must|to|would)\s+(?:now\s+)?read(?:\s+as(?:\s+follows)?)?"
        r"|<replace>\s+with)"
        r"[\s:,]*<new><end>",
        _replace_paragraph,
        whole=True,
    ),
    _form(r"<delete><fill><old>(?!\s*(?:to|through|until|up\s+to|jusqu\S+|hasta|до)\s*\ue000)", _delete),
    _form(r"(?:[删刪]除|[删刪]去|去掉)\s*:?\s*<old>", _delete),
    _form(r"<old>[\s:,-]*(?:一词\s*)?<deleted>", _delete),
    _form(
        r"<delete>\s+<the>(?:whole\s+|entire\s+|all\s+of\s+)*(?:of\s+)?<paragraphs><wholly>",
        _delete_paragraph,
        whole=True,
    ),
    _form(r"<delete>\s*第\s*(?P<number>\d{1,3})\s*段<wholly>", _delete_paragraph, whole=True),
    _form(r"第\s*(?P<number>\d{1,3})\s*段\s*[:,]?\s*<deleted><wholly>", _delete_paragraph, whole=True),
    _form(
        r"<paragraphs>\s*[:,-]*\s*(?:please\s+)?(?:<delete>\s*(?=[.;!\n]|$)|<deleted><wholly>)",
        _delete_paragraph,
        whole=True,
    ),
    _form(
        r"<move>\s+<the>(?:whole\s+|entire\s+|current\s+)*<paragraph>\s+(?:up\s+|down\s+)?(?:to\s+(?:come\s+)?"
        r"|الى\s+ما\s+)?<side>\s*<target>",
        _move,
        whole=True,
    ),
    _form(r"<paragraph>[\s:,-]*<moved>\s+(?:up\s+|down\s+)?(?:to\s+)?<side>\s*<target>", _move, whole=True),
    _form(
        r"第\s*(?P<number>\d{1,3})\s*段\s*(?:应|可)?(?:移|挪|放|调整|移动)(?:至"
        r"|到)?\s*第\s*(?P<target>\d{1,3})\s*段之?(?P<side>[后後]|前)",
        _move,
        whole=True,
    ),
)
