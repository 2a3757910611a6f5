"""Old and new wording set against each other: "Old: ..." over "New: ...", and tables typed with bars or tabs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.edit_places import PARAGRAPH, tidy_number
from pipeline.core.quotations import SetAside
from pipeline.core.wording import fold, fold_evenly

_KIND = (
    r"(?:\s+(?:text|wording|version|language|formulation|sentence|texte|libelle|redaccion|redaction|texto|текст|案文))?"
)
_OLD = (
    r"(?:old|current(?:ly)?|existing|original|as\s+is|was|now\s+reads|reads|ancien(?:ne)?|actuel(?:le)?|texte\s+actuel|ancien\s+texte|version\s+actuelle"
    r"|texto\s+(?:actual|original)|actual|dice|donde\s+dice|se\s+lee|было|текущий\s+текст|действующий\s+текст|старый\s+текст|النص\s+الحالي|النص\s+الاصلي|原文|现有案文|现文)"
)
_NEW = (
    r"(?:new|proposed(?:\s+(?:new|change|amendment))?|suggested(?:\s+change)?|revised|amended|should\s+read|to\s+read|proposal|suggestion|change\s+to|replace\s+(?:with|by)"
    r"|nouveau|nouvelle|propose|nouveau\s+texte|texte\s+propose|proposition|lire|texto\s+(?:propuesto|nuevo)|nuevo(?:\s+texto)?|propuesta|debe\s+decir"
    r"|стало|предлагаемый\s+текст|новый\s+текст|предложение|النص\s+المقترح|النص\s+الجديد|المقترح|建议案文|建议改为|改为|新文|建议)"
)
_BULLET = r"^\s*(?:[-*\u2022>]\s*|\(?[a-z\d]{1,2}[.)]\s*)?(?:\*\*)?"
#: a label of old or new wording at the head of a line
LABEL = re.compile(
    rf"{_BULLET}(?:(?P<old>{fold(_OLD)})|(?P<new>{fold(_NEW)})){_KIND}(?:\*\*)?\s*:(?:\*\*)?\s*", re.IGNORECASE
)
_IN_LINE = re.compile(
    rf"(?:^|[\s:,-])(?:{fold(_OLD)}){_KIND}\s*:\s*(?P<was>\S.*?)\s*[;/|,]*\s+(?:{fold(_NEW)}){_KIND}\s*:\s*(?P<now>\S.*)$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"^\W*(?:delete(?:d)?|none|nothing|n/?a|supprimer|suprimir|исключить|删除|حذف)?\W*$", re.IGNORECASE
)
_NUMBER_HEADING = re.compile(
    r"^(?:para\w*|par\.?|parr\w*|no\.?|nr\.?|#|\u00a7|\u00b6|item|пункт|п\.?|段落?|الفقرة)\W*(?:no\.?|number)?$",
    re.IGNORECASE,
)
_REMARK_HEADING = re.compile(
    r"comment|rationale|reason|remark|justif|explan|observ|motif|raison|razon|обосн|замеч|理由|意见", re.IGNORECASE
)
_OLD_HEADING = re.compile(rf"^(?:{fold(_OLD)}){_KIND}$", re.IGNORECASE)
_NEW_HEADING = re.compile(rf"^(?:{fold(_NEW)}){_KIND}$", re.IGNORECASE)
_RULE = re.compile(r"^[\s|:+=-]+$")
_BARE_NUMBER = re.compile(r"^\s*(?:para\w*\.?|par\.?|\u00a7)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*\.?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One old wording and what it becomes."""

    #: "" when the pair names none
    paragraph: str
    old: str
    #: "" for a deletion
    new: str
    remark: str = ""


def find_pair(lines: Sequence[str], at: int, aside: SetAside) -> tuple[Pair, int] | None:
    """The pair that begins in line `at`, and the line behind it; None when none begins there."""
    if ":" not in lines[at] and "\uff1a" not in lines[at]:
        return None
    plain = fold_evenly(lines[at])
    if found := _IN_LINE.search(plain):
        was, now = (aside.unquote(lines[at][slice(*found.span(name))]) for name in ("was", "now"))
        named = PARAGRAPH.search(plain, 0, found.start("was"))
        return _make_pair(_number(named), was, now), at + 1
    old = _read_label(lines, at, "old", aside)
    if old is None:
        return None
    behind = _skip_blank(lines, old[1])
    new = _read_label(lines, behind, "new", aside) if behind < len(lines) else None
    if new is None:
        return None
    named = _find_reference(lines, new[1])
    return _make_pair(_number(named), old[0], new[0]), new[1] + (1 if named else 0)


def _make_pair(paragraph: str, old: str, new: str) -> Pair:
    return Pair(paragraph=paragraph, old=old, new="" if _NOTHING.match(new) else new)


def _number(named: re.Match[str] | None) -> str:
    return tidy_number(next(filter(None, named.groups()))) if named else ""


def _read_label(lines: Sequence[str], at: int, side: str, aside: SetAside) -> tuple[str, int] | None:
    """The wording behind a label, on its line or on the next one, and the line behind it."""
    label = LABEL.match(fold_evenly(lines[at]))
    if label is None or not label[side]:
        return None
    words = lines[at][label.end() :].strip()
    if words or at + 1 >= len(lines):
        return (aside.unquote(words), at + 1) if words else None
    following = _skip_blank(lines, at + 1)
    if following >= len(lines) or LABEL.match(fold_evenly(lines[following])):
        return None
    return aside.unquote(lines[following].strip()), following + 1


def _skip_blank(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _find_reference(lines: Sequence[str], at: int) -> re.Match[str] | None:
    """A paragraph named alone on the next line: "(par. 7)"."""
    if at >= len(lines):
        return None
    folded = fold(lines[at]).strip()
    named = PARAGRAPH.search(folded)
    return named if named and not re.sub(r"[\W_]", "", folded.replace(named[0], "")) else None


# --- Tables -------------------------------------------------------------------------------------------------------


def find_table(lines: Sequence[str], at: int, aside: SetAside) -> tuple[tuple[Pair, ...], int] | None:
    """The rows of a table that begins in line `at` with its headings, and the line behind it; None when none does."""
    if not has_cells(lines[at]):
        return None
    headings = _cells(lines[at])
    roles = [_find_role(fold(cell).strip()) for cell in headings]
    if "new" not in roles or not {"old", "number"} & set(roles):
        return None
    end = at + 1
    while (
        end < len(lines) and (_RULE.match(lines[end]) or len(_cells(lines[end])) == len(roles)) and lines[end].strip()
    ):
        end += 1
    rows = [dict(zip(roles, _cells(line), strict=True)) for line in lines[at + 1 : end] if not _RULE.match(line)]
    return tuple(_read_row(row, aside) for row in rows), end


def has_cells(text: str) -> bool:
    """Whether `text` may hold a row of a table."""
    return text.count("|") >= 2 or text.count("\t") >= 2


def _cells(line: str) -> list[str]:
    bare = line.strip()
    if bare.count("|") >= 2:
        return [cell.strip() for cell in bare.strip("|").split("|")]
    return [cell.strip() for cell in bare.split("\t")] if bare.count("\t") >= 2 else []


def _find_role(heading: str) -> str:
    roles = (("number", _NUMBER_HEADING), ("old", _OLD_HEADING), ("new", _NEW_HEADING), ("remark", _REMARK_HEADING))
    return next((role for role, pattern in roles if pattern.search(heading)), heading)


def _read_row(row: dict[str, str], aside: SetAside) -> Pair:
    named = row.get("number", "")
    bare = _BARE_NUMBER.match(fold(named))
    cells = {role: aside.unquote(row.get(role, "")) for role in ("old", "new", "remark")}
    made = _make_pair(tidy_number(bare[1]) if bare else "", cells["old"], cells["new"])
    spare = "" if bare else named
    return Pair(
        paragraph=made.paragraph, old=made.old, new=made.new, remark=": ".join(filter(None, (spare, cells["remark"])))
    )
