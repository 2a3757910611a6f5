"""Where in a base an edit belongs that was asked for in words: "Para 4: replace X by Y"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.redline.fold import Folded, find_typed_number, fold_for_search
from pipeline.redline.model import BaseText, Change, ChangeKind, Origin, Paragraph, Story

_PLACE = tuple[Story, int, int]
_NAMED = tuple[Story, Paragraph]
#: shorter quotations are not looked for outside the paragraph they are said to stand in
LEAST_QUOTED = 8
_ELLIPSIS = re.compile(r"\s*(?:\[\s*\.\.\.\s*\]|\(\s*\.\.\.\s*\)|\.\.\.)\s*")
_SENTENCE_END = re.compile(
    r"[.!?\u2026\u3002][\"'\u201d\u2019\u00bb)\]]*(?=\s+[\"'\u201c\u2018\u00ab(\[]*[^\W_a-z]|\s*$)"
)
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|No|Nos|Mr|Mrs|Ms|Dr|St|Art|art|para|paras|p|pp|vol|ed|cf|vs|e\.g|i\.e|etc)\.$")
#: what stands in front of a number that is no paragraph's: pages, lines, notes, tables
_OTHER_UNIT = re.compile(
    r"^(?:pages?|pp?\b|pg|lines?|l\b|footnotes?|fn|endnotes?|notes?|tables?|figures?|fig|box(?:es)?|graphs?|charts?|maps?"
    r"|annex(?:es)?|appendi(?:x|ces)|chapters?|slides?|rows?|columns?|lignes?|notes?|tableaux?|encadres?|annexes?"
    r"|chapitres?|p[aá]ginas?|l[ií]neas?|notas?|cuadros?|recuadros?|gr[aá]ficos?|anexos?|cap[ií]tulos?"
    r"|стр\w*|сноск\w*|табли\w*|приложен\w*)(?![^\W\d_])"
)
_WORD_BEFORE_NUMBER = re.compile(r"^(?:[^\W\d_]{3,}\.?|\u00a7+|no\.?|n\u00b0|op)\s*(?=[\d(])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What goes with every change made here."""

    remark: str
    origin: Origin
    person: str
    date: datetime | None
    type: str

    def change(self, kind: ChangeKind, place: _PLACE, new: str = "") -> Change:
        story, start, end = place
        return Change(
            kind=kind,
            origin=self.origin,
            story=story.name,
            start=start,
            end=end,
            old=story.text[start:end],
            new=new,
            remark=self.remark,
            person=self.person,
            date=self.date,
            type=self.type,
        )


def find_paragraph(base: BaseText, number: str) -> tuple[Story, Paragraph] | None:
    """The paragraph with this printed number, None when there is none: "4", "para. 12.1", "4 (a)", "4(a)(ii)"."""
    wanted = _normal_number(number)
    if not wanted:
        return None
    for story in base.stories:
        for paragraph in story.paragraphs:
            if paragraph.number and _normal_number(paragraph.number) == wanted:
                return story, paragraph
    return _find_below(base, re.findall(r"[^\W_]+(?:\.\d+)*", wanted))


def _normal_number(number: str) -> str:
    told = number.strip().casefold()
    bare = told if _OTHER_UNIT.match(told) else _WORD_BEFORE_NUMBER.sub("", told)
    return re.sub(r"[\s)\]:]+", "", bare).replace("[", "(").strip("(.").replace("(", " ")


def _find_below(base: BaseText, steps: list[str]) -> tuple[Story, Paragraph] | None:
    """Follow "4", "a", "ii": each step is the next paragraph of this number behind the one before."""
    if len(steps) == 1 and (letter := re.fullmatch(r"(\d+(?:\.\d+)*)([a-z])", steps[0])):
        steps = [letter[1], letter[2]]
    if len(steps) < 2 or (first := find_paragraph(base, steps[0])) is None:
        return None
    story, paragraph = first
    for step in steps[1:]:
        below = [one for one in story.paragraphs if one.start > paragraph.end]
        match = next((one for one in below if _normal_number(one.number) == step), None)
        if match is None or any(one.number.isdigit() for one in below if one.start < match.start):
            return None
        paragraph = match
    return story, paragraph


def locate_edit(
    base: BaseText,
    *,
    paragraph: str,
    operation: str,
    old: str,
    new: str,
    remark: str,
    origin: Origin,
    person: str,
    date: datetime | None,
    type: str,
    only_there: bool = False,
) -> Change | None:
    """The edit as a change of the base; None when its place is not certain.

    `operation` is "replace", "delete", "insert_after", "insert_before", "append", "prepend", "move_after" or
    "move_before" (`old` is the number of the paragraph beside which it goes), "replace_sentence" (`old` is the
    ordinal) or "comment".
    With `only_there` the wording counts nowhere but in the named paragraph.
    """
    asked = _Asked(remark=remark, origin=origin, person=person, date=date, type=type)
    named = find_paragraph(base, paragraph) if paragraph.strip() else None
    if paragraph.strip() and named is None and (only_there or not old.strip()):
        return None
    if operation == "insert_after":
        return _insert_after(base, named, old, new, asked)
    if operation == "comment":
        return _comment(base, named, old, asked)
    if named is not None and operation in _ON_PARAGRAPH:
        return _ON_PARAGRAPH[operation](base, named, old, new, asked)
    if operation not in ("replace", "delete"):
        return None
    place = _find_wording(base, named, old, only_there=only_there) if old.strip() else _whole_text(named)
    if place is None:
        return None
    return _delete(place, asked) if operation == "delete" or not new.strip() else _replace(place, new, asked)


def locate_everywhere(
    base: BaseText, *, paragraph: str, old: str, new: str, remark: str, origin: Origin, date: datetime | None
) -> tuple[Change, ...]:
    """One change for each place where `old` stands, in the named paragraph or in the whole base; () when in none.

    A capital at the start of a place is kept.
    """
    asked = _Asked(remark=remark, origin=origin, person="", date=date, type="")
    named = find_paragraph(base, paragraph) if paragraph.strip() else None
    if paragraph.strip() and named is None:
        return ()
    places = (
        _find_in(*named, old) if named else [place for story in base.stories for place in _find_in(story, None, old)]
    )
    found = (
        _replace(place, _as_capital(place, old, new), asked) if new.strip() else _delete(place, asked)
        for place in places
    )
    return tuple(change for change in found if change is not None)


def _as_capital(place: _PLACE, old: str, new: str) -> str:
    story, start, _ = place
    raised = story.text[start].isupper() and old[:1].islower()
    return new[:1].upper() + new[1:] if raised else new


def comment_on(
    base: BaseText,
    paragraph: str,
    remark: str,
    *,
    origin: Origin,
    person: str = "",
    date: datetime | None = None,
    type: str = "",
) -> Change:
    """The remark as a comment on the paragraph, or on the whole draft (body, 0, 0) when there is no such paragraph."""
    asked = _Asked(remark=remark, origin=origin, person=person, date=date, type=type)
    named = find_paragraph(base, paragraph)
    place = (base.get_story("body"), 0, 0) if named is None else (named[0], named[1].start, named[1].end)
    return asked.change(ChangeKind.COMMENT, place)


def find_sentence(story: Story, paragraph: Paragraph, ordinal: str) -> _PLACE | None:
    """The sentence of a paragraph with this ordinal: "1", "2", "-1" or "last"; None when it has fewer."""
    sentences = list(_sentences(story, paragraph))
    wanted = {"last": "-1", "": "1"}.get(ordinal.strip().casefold(), ordinal.strip().rstrip("."))
    if not re.fullmatch(r"-?\d{1,3}", wanted) or int(wanted) == 0:
        return None
    index = int(wanted) - 1 if int(wanted) > 0 else len(sentences) + int(wanted)
    return (story, *sentences[index]) if 0 <= index < len(sentences) else None


def _sentences(story: Story, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    text = story.text[paragraph.start : paragraph.end]
    start = find_typed_number(text)[1]
    for match in _SENTENCE_END.finditer(text, start):
        if match.end() < len(text.rstrip()) and _ABBREVIATION.search(text[: match.end()]):
            continue
        yield paragraph.start + start, paragraph.start + match.end()
        start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    if text[start:].strip():
        yield paragraph.start + start, paragraph.start + len(text.rstrip())


def _insert_after(
    base: BaseText, named: tuple[Story, Paragraph] | None, old: str, new: str, asked: _Asked
) -> Change | None:
    if old.strip() and (place := _find_wording(base, named, old)):
        story, _, end = place
        words = new.strip() if story.text[end - 1 : end].isspace() else " " + new.strip()
        return asked.change(ChangeKind.INSERTION, (story, end, end), words)
    if named is None or old.strip() or not new.strip():
        return None
    story, paragraph = named
    return asked.change(ChangeKind.INSERTION, (story, paragraph.end + 1, paragraph.end + 1), new.strip() + "\n")


def _insert_before(_base: BaseText, named: _NAMED, _old: str, new: str, asked: _Asked) -> Change:
    story, paragraph = named
    return asked.change(ChangeKind.INSERTION, (story, paragraph.start, paragraph.start), new.strip() + "\n")


def _append(_base: BaseText, named: _NAMED, _old: str, new: str, asked: _Asked) -> Change:
    """At the end of the text; words that begin small go before the stop that ends it."""
    story, paragraph = named
    text = story.text[paragraph.start : paragraph.end].rstrip()
    goes_on = new.strip()[:1].islower() or new.strip()[:1] in ",;"
    end = paragraph.start + len(text.rstrip(".;") if goes_on else text)
    words = new.strip().rstrip("." if goes_on and text.endswith(".") else "")
    gap = "" if words[:1] in ",;." else " "
    return asked.change(ChangeKind.INSERTION, (story, end, end), gap + words)


def _prepend(_base: BaseText, named: _NAMED, _old: str, new: str, asked: _Asked) -> Change:
    start = _text_start(*named)
    return asked.change(ChangeKind.INSERTION, (named[0], start, start), new.strip() + " ")


def _change_sentence(_base: BaseText, named: _NAMED, old: str, new: str, asked: _Asked) -> Change | None:
    place = find_sentence(*named, old)
    return None if place is None else _replace(place, new, asked)


def _move_after(base: BaseText, named: _NAMED, old: str, _new: str, asked: _Asked) -> Change | None:
    beside = find_paragraph(base, old)
    return None if beside is None else _move(named, beside[0], beside[1].end + 1, asked)


def _move_before(base: BaseText, named: _NAMED, old: str, _new: str, asked: _Asked) -> Change | None:
    beside = find_paragraph(base, old)
    return None if beside is None else _move(named, beside[0], beside[1].start, asked)


def _move(named: _NAMED, there: Story, target: int, asked: _Asked) -> Change | None:
    """The paragraph with its mark to `target`; None where it stands already, or in another story."""
    story, paragraph = named
    if there is not story or paragraph.start <= target <= paragraph.end + 1:
        return None
    return replace(asked.change(ChangeKind.MOVE, (story, paragraph.start, paragraph.end + 1)), target=target)


#: what is done to a paragraph that was found by its number
_ON_PARAGRAPH = {
    "insert_before": _insert_before,
    "append": _append,
    "prepend": _prepend,
    "replace_sentence": _change_sentence,
    "move_after": _move_after,
    "move_before": _move_before,
}


def _comment(base: BaseText, named: tuple[Story, Paragraph] | None, old: str, asked: _Asked) -> Change | None:
    place = _find_wording(base, named, old) if old.strip() else None
    if place is None and named is not None:
        place = (named[0], named[1].start, named[1].end)
    return None if place is None else asked.change(ChangeKind.COMMENT, place)


def _replace(place: _PLACE, new: str, asked: _Asked) -> Change | None:
    story, start, end = place
    words = new.strip()
    typed = find_typed_number(words)[1]
    if typed and story.text[:start].endswith(("\n", " ", "\t")) and _begins_paragraph(story, start):
        words = words[typed:]
    return None if story.text[start:end] == words else asked.change(ChangeKind.REPLACEMENT, place, words)


def _delete(place: _PLACE, asked: _Asked) -> Change:
    """The deletion; of the whole paragraph with its mark when nothing of it stays."""
    story, start, end = place
    paragraph = _paragraph_at(story, start)
    if paragraph and _text_start(story, paragraph) >= start and not story.text[end : paragraph.end].strip(" .;"):
        closes = paragraph.end + 1 == len(story.text) and len(story.paragraphs) == 1
        start, end = paragraph.start, paragraph.end if closes else paragraph.end + 1
    elif story.text[end : end + 1] == " " and (start == 0 or story.text[start - 1].isspace()):
        end += 1
    elif story.text[start - 1 : start] == " " and story.text[end : end + 1] in set(".,;:)\n"):
        start -= 1
    return asked.change(ChangeKind.DELETION, (story, start, end))


def _whole_text(named: tuple[Story, Paragraph] | None) -> _PLACE | None:
    return None if named is None else (named[0], _text_start(*named), named[1].end)


def _text_start(story: Story, paragraph: Paragraph) -> int:
    return paragraph.start + find_typed_number(story.text[paragraph.start : paragraph.end])[1]


def _begins_paragraph(story: Story, start: int) -> bool:
    paragraph = _paragraph_at(story, start)
    return paragraph is not None and _text_start(story, paragraph) == start


def _paragraph_at(story: Story, offset: int) -> Paragraph | None:
    return next((one for one in story.paragraphs if one.start <= offset <= one.end), None)


# --- Wording ----------------------------------------------------------------------------------------------------


def _find_wording(base: BaseText, named: _NAMED | None, old: str, *, only_there: bool = False) -> _PLACE | None:
    """The only place of a quoted wording: in the named paragraph, else in the whole base."""
    if named is not None:
        places = _find_in(*named, old)
        if places or only_there:
            return places[0] if len(places) == 1 else None
    if named is not None and len(old.strip()) < LEAST_QUOTED:
        return None
    found = [place for story in base.stories for place in _find_in(story, None, old)]
    return found[0] if len(found) == 1 else None


def _find_in(story: Story, paragraph: Paragraph | None, old: str) -> list[_PLACE]:
    """Where a wording stands in one paragraph, or in the whole story."""
    start, end = (paragraph.start, paragraph.end) if paragraph else (0, len(story.text))
    return [(story, start + first, start + behind) for first, behind in find_quoted(story.text[start:end], old)]


def find_quoted(text: str, quoted: str) -> list[tuple[int, int]]:
    """(start, end) of each place where a quotation stands, whatever its quotation marks, dashes, spaces and case.

    "first words ... last words" stands for the passage from the ones to the others.
    """
    folded = fold_for_search(text)
    wanted = fold_for_search(quoted).text.strip()
    found = list(_passages(folded, wanted))
    if not found and (bare := wanted.strip("\"' ")) != wanted:
        found = list(_passages(folded, bare))
    return [(start, end) for start, end in found if "\n" not in text[start:end]]


def _passages(folded: Folded, wanted: str) -> Iterator[tuple[int, int]]:
    parts = [part for part in _ELLIPSIS.split(wanted) if part]
    for start in _occurrences(folded.text, parts[0]) if parts else ():
        end = start + len(parts[0])
        for part in parts[1:]:
            behind = folded.text.find(part, end)
            if behind < 0:
                break
            end = behind + len(part)
        else:
            yield folded.offsets[start], folded.offsets[end - 1] + 1


def _occurrences(text: str, words: str) -> Iterator[int]:
    """Where words stand as whole words."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        inside = start > 0 and text[start - 1].isalnum() and words[0].isalnum()
        if not inside and not (end < len(text) and text[end].isalnum() and words[-1].isalnum()):
            yield start
        start = text.find(words, start + 1)
