"""Changes asked for in the words of a mail. Quotations are set aside first: wording is never read as instruction.

See: docs/analysis/typed-edits.md
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.edit_forms import FORMS, NEEDS_NO_QUOTATION, NEXT_DELETED, PARAGRAPH_AFTER, Form, Instruction
from pipeline.core.edit_guards import is_asked, is_negated, may_mean_a_part
from pipeline.core.edit_places import PARAGRAPH, find_numbers, is_elsewhere, is_everywhere, leave_described
from pipeline.core.model import Reply, TypedEdit
from pipeline.core.quotations import PLACEHOLDER, SetAside, has_marks, set_aside
from pipeline.core.sieve import Sieve
from pipeline.core.typed_pairs import LABEL, Pair, find_pair, find_table, has_cells
from pipeline.core.typed_reader import Reader, last_named, make_remark
from pipeline.core.unquoted_forms import guess_change
from pipeline.core.wording import fold, fold_evenly, join_wrapped_lines
from pipeline.core.written_marks import OPENING, read_marks

_QUOTATION = re.compile(PLACEHOLDER)
#: every form and every remark needs one of these; most lines of most mails have none
_ASKING = Sieve(_QUOTATION, NEEDS_NO_QUOTATION, PARAGRAPH, OPENING)
_ASKING_OR_LABELLED = Sieve(*_ASKING.patterns, LABEL)
#: longest text searched, in characters
_LONGEST_TEXT = 200_000

#: how far before an instruction a "not" is looked for, in characters
_GUARDED = 120
#: longer sentences without quotation marks ask for nothing that could be found, in characters
_LONGEST_GUESSED = 300
_BULLET = re.compile(r"^\s*(?:[-*\u2022\u00b7\u2013>]+\s*|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)+", re.IGNORECASE)
_LEAD = r"(?:in|at|under|on|dans|au|a|en|el|в|في)\s+(?:the\s+|le\s+|el\s+)?"
_HEAD = re.compile(rf"^(?:{_LEAD})?(?:{PARAGRAPH.pattern})", re.IGNORECASE)
_BETWEEN = re.compile(r"^(?:\s*(?:,|and|&|et|y|и|و|-|to)\s*\d{1,3}\b)*\s*\)?[\s:,.\u2013-]*")
_FOOT = re.compile(
    rf"\s*,?\s*\(?(?:in|of|at|dans|au|en\s+el|del|в|في)?\s*(?:{PARAGRAPH.pattern})\)?[\s.]*$", re.IGNORECASE
)
#: what stands between a paragraph at the head of a line and the remark on it
_SAYS = re.compile(r"\s*(?:\([^)]*\)\s*)?[:,-]?\s*\w")
_ARTICLE = re.compile(r"(?:the|le|la|el)?\s*", re.IGNORECASE)
_SUGGESTS = re.compile(
    fold(
        r"\b(?:should|could|would|must|needs?|suggest\w*|propos\w*|recommend\w*|prefer\w*|please|missing|unclear|consider|mention|clarif\w*|too"
        r"|delete|replace|add|insert|change|redundant|incorrect|wrong|inaccurate|repeat\w*|move|merge|split|reinstate|restore|swap|shorten"
        r"|overstates?|understates?|ignores?|lacks?|contradicts?|duplicates?|repetiti\w*|outdated|concern\w*|cannot|support\w*|agree\w*|oppos\w*|object\w*"
        r"|devrait|faudrait|sugger\w*|trop|parait|semble|manque|appuy\w*|soutien\w*|supprim\w*|remplac\w*|ajout\w*|deplac\w*"
        r"|deberia|sugier\w*|sugerimos|proponemos|conviene|suprimir|demasiado|apoya\w*|falta|eliminar|cambiar|trasladar|dividir"
        r"|следует|предлага\w*|слишком|поддержива\w*|исключить|заменить|добавить)\b|(?:建议|应|过长|支持|删除|修改|ينبغي|نقترح|نؤيد|تؤيد|طويلة|حذف|نقل)|\?"
    ),
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(
    r"\b(?:regards|thanks?|merci|gracias|cordial\w*|saludos|best|sincerely)\b|спасибо|شكرا|谢谢", re.IGNORECASE
)
#: a line that was ended on purpose introduces no quotation on the line below
_ENDED = re.compile(r"[.!?;,\ue001\u3002]\s*$")
#: a paragraph written anew without quotation marks; what follows up to a blank line is its text
_REWRITTEN = re.compile(
    rf"(?:{PARAGRAPH.pattern})\s*(?:(?:should|shall|must|to|would|could|now)\s+)*(?:reads?|be\s+(?:reworded|redrafted|rephrased|replaced)(?:\s+(?:with|by))?)"
    r"(?:\s+as)?(?:\s+follows?)?\s*:",
    re.IGNORECASE,
)
_CONNECTS = re.compile(
    r"^\s*(?:with|by|to\s+read|should\s+read|par|por|на|→|-+>|=+>|改为)\s*(?:the\s+following\s*)?:?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was read in the words of a mail."""

    #: in order; those made inside the quoted text last
    edits: tuple[TypedEdit, ...]
    #: the sentences in which nothing was read, one a line
    rest: str


def read_typed(reply: Reply) -> Typed:
    """The changes and remarks a mail asks for in words, and the words that ask for nothing.

    A change without wording to find is a remark ("comment"). In "replace_sentence" `old` is the number of the sentence,
    -1 for the last; in "replace" and "delete" an empty `old` stands for the whole paragraph.
    """
    reader = _read_text(reply.new_text[:_LONGEST_TEXT])
    quoted = [_read_quote_edit(old, new) for old, new in reply.quote_edits if old or new]
    return Typed(edits=tuple(dict.fromkeys((*reader.found, *quoted))), rest="\n".join(reader.rest))


def _read_text(text: str) -> Reader:
    folded = fold(text)
    if not (has_marks(text) or has_cells(text) or _ASKING_OR_LABELLED.may_find(folded)):
        return Reader(aside=SetAside(text=text, wordings=()), rest=[text])
    reader = Reader(aside=set_aside(join_wrapped_lines(text)))
    _read_lines(_join_quotations(reader.aside.text.split("\n")), reader)
    return reader


def _read_quote_edit(old: str, new: str) -> TypedEdit:
    if not old:
        return TypedEdit(paragraph="", old="", new="", operation="comment", remark=new)
    return TypedEdit(paragraph="", old=old, new=new, operation="replace" if new else "delete")


def _join_quotations(lines: list[str]) -> list[str]:
    """Lines with the quotation on the line below that they introduce: "replace", a quotation, "with", a quotation."""
    joined: list[str] = []
    for line in lines:
        before = next((index for index in range(len(joined) - 1, -1, -1) if joined[index].strip()), None)
        if before is not None and _belongs_to(line, joined[before], apart=before < len(joined) - 1):
            joined[before] = f"{joined[before]} {line.strip()}"
            del joined[before + 1 :]
        else:
            joined.append(line)
    return joined


def _belongs_to(line: str, before: str, *, apart: bool) -> bool:
    if _QUOTATION.match(line.strip()):
        return before.rstrip()[-1:] in ":\uff1a" if apart else _ENDED.search(before) is None
    return not apart and _CONNECTS.match(line) is not None and _QUOTATION.search(before) is not None


def _read_lines(lines: list[str], reader: Reader) -> None:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            reader.leave()
        elif table := find_table(lines, at, reader.aside):
            at = table[1] - 1
            for row in table[0]:
                _keep_pair(row, reader)
        elif pair := find_pair(lines, at, reader.aside):
            at = pair[1] - 1
            _keep_pair(pair[0], reader)
        elif _REWRITTEN.search(lines[at]) and not _QUOTATION.search(lines[at]):
            at = _read_rewritten(lines, at, reader) - 1
        elif reader.heading or _ASKING.may_find(fold(lines[at])):
            _read_line(lines[at], reader)
        else:
            reader.rest.append(reader.aside.restore(lines[at]))
        at += 1
    reader.keep_remark()


def _read_rewritten(lines: list[str], at: int, reader: Reader) -> int:
    """Keep a paragraph written anew as a remark; the line behind its text comes back."""
    end = at + 1
    while end < len(lines) and lines[end].strip():
        end += 1
    reader.note(fold(lines[at]))
    reader.comment(reader.numbers[0], "\n".join(lines[at:end]))
    return end


def _keep_pair(pair: Pair, reader: Reader) -> None:
    numbers = (pair.paragraph,) if pair.paragraph else reader.numbers
    if pair.old:
        asked = Instruction(operation="replace" if pair.new else "delete", old=pair.old, new=pair.new)
        reader.change(asked, numbers, remark=pair.remark)
    elif words := ": ".join(filter(None, (pair.remark, pair.new))):
        reader.comment(numbers[0], words)


def _read_line(line: str, reader: Reader) -> None:
    for sentence in _split(line):
        folded = leave_described(fold(sentence))
        if is_elsewhere(folded) and not PARAGRAPH.search(folded):
            reader.forget()
        if not any(read(sentence, folded, reader) for read in _READINGS):
            reader.rest.append(reader.aside.restore(sentence))


def _split(line: str) -> Iterator[str]:
    """Sentences of a line; the stop of "para. 7" ends none. Placeholders keep quoted stops out of sight."""
    parts = re.split(r"(?<=[.!?;])\s+(?=[^\s\d(=>-])|(?<=[\u3002\uff01\uff1f\uff1b])", line)
    yield from (part for part in parts if part.strip())


def _read_marked(sentence: str, folded: str, reader: Reader) -> bool:
    if OPENING.search(sentence) is None:
        return False
    named = reader.note(folded) or reader.numbers
    changes = read_marks(_strip_head(reader.aside.restore(sentence)))
    for old, new in changes:
        asked = Instruction(operation="replace" if new else "delete", old=old, new=new)
        reader.change(asked, named, remark=reader.aside.restore(sentence).strip(), guess=True)
    return bool(changes)


def _strip_head(sentence: str) -> str:
    """A sentence without its bullet and the paragraph it begins with."""
    bare = sentence[found.end() :] if (found := _BULLET.match(sentence)) else sentence
    head = _HEAD.match(fold_evenly(bare))
    return bare[head.end() + _BETWEEN.match(bare[head.end() :]).end() :] if head else bare  # type: ignore[union-attr]


def _read_forms(sentence: str, text: str, reader: Reader) -> bool:
    """Whether `text`, the folded sentence, holds an instruction; what it asks for is kept.

    A quotation that no instruction takes makes the sentence a remark besides.
    """
    at = 0
    spare = ""
    ahead: dict[int, re.Match[str] | None] = {}
    while found := _next_form(text, at, ahead):
        spare += text[at : found[1].start()]
        at = _read_form(*found, sentence, text, at, reader)
    if at and _QUOTATION.search(spare + text[at:]):
        reader.comment(reader.numbers[0], sentence)
    return at > 0


def _read_form(form: Form, match: re.Match[str], sentence: str, text: str, at: int, reader: Reader) -> int:
    """Where the instruction that `match` found ends; what lies between `at` and it names the place."""
    asked = form.make(match, reader.aside)
    before = text[max(0, match.start() - _GUARDED) : match.start()]
    reader.note(text[at : match.start()])
    numbers = _find_place(text, match, asked, reader)
    if not is_asked(before, text[match.end() :]) or (form.whole and _is_doubtful(text, before, asked, numbers)):
        reader.comment(numbers[0], sentence)
        return match.end()
    if asked.operation in ("replace", "delete") and asked.old and is_everywhere(text):
        asked = Instruction(operation=f"{asked.operation}_all", old=asked.old, new=asked.new)
    reader.change(asked, numbers, remark=reader.aside.restore(sentence).strip() if len(numbers) > 1 else "")
    return _read_further_deletions(text, match.end(), asked, numbers, reader)


def _read_further_deletions(text: str, at: int, asked: Instruction, numbers: tuple[str, ...], reader: Reader) -> int:
    while asked.operation == "delete" and asked.old and (also := NEXT_DELETED.match(text, at)):
        at = also.end()
        reader.change(Instruction(operation="delete", old=reader.aside.wordings[int(also["old"])]), numbers)
    return at


def _find_place(text: str, match: re.Match[str], asked: Instruction, reader: Reader) -> tuple[str, ...]:
    """The paragraphs an instruction is about: those it names, those named right behind it, those named before."""
    within = reader.note(match.group())
    if asked.paragraph and (asked.operation.startswith("move") or len(within) < 2):
        reader.numbers = (asked.paragraph,)
        return reader.numbers
    return within or _named_behind(text, match.end()) or reader.numbers


def _named_behind(text: str, at: int) -> tuple[str, ...]:
    """The paragraphs named right behind a change: 'replace "x" with "y" in paras 4 and 6'."""
    behind = PARAGRAPH_AFTER.match(text, at)
    named = PARAGRAPH.search(text, at) if behind else None
    return find_numbers(text, named) if named else ()


def _is_doubtful(text: str, before: str, asked: Instruction, numbers: tuple[str, ...]) -> bool:
    """Whether a paragraph as a whole is perhaps not what is meant."""
    return may_mean_a_part(text, before) or (len(numbers) > 1 and asked.operation != "delete")


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


def _read_guess(sentence: str, plain: str, reader: Reader) -> bool:
    """Whether a sentence without quotations probably asks for a change; it names a paragraph or stands below one."""
    if len(sentence) > _LONGEST_GUESSED or _QUOTATION.search(sentence):
        return False
    named = last_named(plain)
    if not (named or reader.heading) or is_everywhere(plain):
        return False
    clause = _strip_head(sentence)
    foot = _FOOT.search(fold_evenly(clause))
    guess = guess_change(clause[: foot.start()] if foot else clause)
    if guess is None or is_negated(fold(clause)):
        return False
    reader.note(plain)
    asked = Instruction(operation="replace" if guess.new else "delete", old=guess.old, new=guess.new)
    reader.change(asked, reader.numbers, remark=sentence.strip(" -*\u2022"), guess=True)
    return True


def _read_remark(sentence: str, folded: str, reader: Reader) -> bool:
    """Whether a sentence without instruction says something about a paragraph, or quotes wording; then it is kept."""
    bare = _BULLET.sub("", folded)
    named = PARAGRAPH.search(bare)
    quotes = _QUOTATION.search(folded) is not None
    if named is None and not (quotes and reader.numbers != ("",)) and not _says_below(bare, reader):
        return False
    numbers = reader.numbers
    if named:
        numbers = find_numbers(bare, named)
        reader.keep_remark()
        reader.numbers, reader.used = numbers, False
        reader.heading = not re.search(r"\w", _strip_head(sentence))
    if not (quotes or _has_remark(bare, named) or (named is None and reader.heading)):
        return reader.heading
    reader.keep_remark()
    reader.drop_introduction()
    reader.remark, reader.used = make_remark(numbers[0], sentence, reader.aside), True
    return True


def _says_below(bare: str, reader: Reader) -> bool:
    """Whether a line below a paragraph that stands alone says something of it."""
    return reader.heading and len(bare.split()) > 1 and not _PLEASANTRY.search(bare)


def _has_remark(bare: str, named: re.Match[str] | None) -> bool:
    heads = named is not None and _ARTICLE.fullmatch(bare, 0, named.start()) is not None
    says = named is not None and heads and _SAYS.match(bare, named.end()) is not None
    return says or _SUGGESTS.search(bare) is not None


#: how a sentence is read: the first reading that finds something is the one
_READINGS = (_read_marked, _read_forms, _read_guess, _read_remark)
