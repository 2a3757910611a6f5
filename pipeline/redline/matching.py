"""Which story of a file is which of the base: names follow the order, and tables, rows and notes come and go."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.redline.align import pair_in_order, pair_rows
from pipeline.redline.fold import fold_line
from pipeline.redline.model import BaseText, Story
from pipeline.redline.ooxml import ATOM

Place = tuple[Story, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Stories of two texts side by side."""

    #: (theirs, ours)
    pairs: list[tuple[Story, Story]] = field(default_factory=list)
    #: what the names of all cells begin with, for tables only the file has: "body/t3"
    new_tables: list[str] = field(default_factory=list)
    #: the tables only the base has
    gone_tables: list[Place] = field(default_factory=list)
    #: (name, words) of the notes only the file has
    new_notes: list[tuple[str, str]] = field(default_factory=list)
    #: the notes only the base has, where it refers to them
    gone_notes: list[Story] = field(default_factory=list)
    #: (where it belongs in the base, words) of what only the file has
    only_theirs: list[tuple[Place, str]] = field(default_factory=list)
    #: the same of what only the base has
    only_ours: list[tuple[Place, str]] = field(default_factory=list)
    #: (first cell of the base's row beside it, whether it comes after that row, its cells) of rows only the file has
    new_rows: list[tuple[Story, bool, list[str]]] = field(default_factory=list)
    #: first cells of rows only the base has
    gone_rows: list[Story] = field(default_factory=list)


def match_stories(theirs: BaseText, ours: BaseText) -> Match:
    """The stories of their text beside those of ours, the base."""
    matching = _Matching(theirs, ours)
    matching.inside("body", "body")
    for kind in ("footnote/", "endnote/"):
        matching.notes(matching.theirs.tops(kind), matching.ours.tops(kind), (ours.get_story("body"), 0, 0))
    for kind in ("header/", "footer/"):
        matching.margins(kind)
    return matching.match


class _Stories:
    """The stories of one text by their place in it."""

    def __init__(self, text: BaseText) -> None:
        self.by_name = {story.name: story for story in text.stories}
        self._boxes: dict[str, list[list[str]]] = {}
        self._tables: dict[str, dict[str, list[str]]] = {}
        for name in self.by_name:
            if cell := _CELL.fullmatch(name):
                self._tables.setdefault(cell[1], {}).setdefault(cell[2], []).append(name)
            elif box := _BOX.fullmatch(name):
                self._boxes.setdefault(box[1], []).append([name])

    def tops(self, kind: str) -> list[list[str]]:
        return [[name] for name in self.by_name if name.startswith(kind) and name.count("/") == 1]

    def boxes(self, parent: str) -> list[list[str]]:
        return self._boxes.get(parent, [])

    def tables(self, parent: str) -> list[list[str]]:
        """The names of the cells of each table that stands directly in a story."""
        return list(self._tables.get(parent, {}).values())

    def rows(self, cells: Sequence[str]) -> list[list[str]]:
        grouped: dict[str, list[str]] = {}
        for name in cells:
            grouped.setdefault(name.rpartition("/")[0], []).append(name)
        return list(grouped.values())

    def named(self, cell: str) -> tuple[str, str]:
        """The place of a cell in its table and its text."""
        return "/".join(cell.split("/")[-2:]), self.by_name[cell].text

    def text(self, names: Sequence[str]) -> str:
        return " | ".join(fold_line(self.by_name[name].text) for name in names)


_CELL = re.compile(r"(.+)/(t\d+)/r\d+/c\d+")
_BOX = re.compile(r"(.+)/x\d+")


class _Matching:
    """Two texts on their way to being matched."""

    def __init__(self, theirs: BaseText, ours: BaseText) -> None:
        self.theirs = _Stories(theirs)
        self.ours = _Stories(ours)
        self.match = Match()

    def inside(self, their_name: str, our_name: str) -> None:
        """Match a story and everything in it."""
        story = self.ours.by_name[our_name]
        self.match.pairs.append((self.theirs.by_name[their_name], story))
        our_tables = self.ours.tables(our_name)
        places = dict(zip(range(len(our_tables)), find_tables(story), strict=False))
        their_tables = self.theirs.tables(their_name)
        pairs = self._pair(their_tables, our_tables)
        paired = [{pair[side] for pair in pairs} for side in (0, 1)]
        self._note_new([one for number, one in enumerate(their_tables) if number not in paired[1]])
        for number, our_table in enumerate(our_tables):
            at = places.get(number)
            place = (story, 0, 0) if at is None else (story, at, at + 1)
            if number not in paired[0]:
                self._note_gone(our_table, place)
            for their_number in [theirs for ours, theirs in pairs if ours == number]:
                self._rows(their_tables[their_number], our_table, place)
        self._boxes(self.theirs.boxes(their_name), self.ours.boxes(our_name), (story, 0, 0))

    def notes(self, theirs: list[list[str]], ours: list[list[str]], place: Place) -> None:
        """Match foot- or endnotes."""
        pairs = pair_rows([self.ours.text(names) for names in ours], [self.theirs.text(names) for names in theirs])
        known = [{pair[side] for pair in pairs} for side in (0, 1)]
        new = [names for index, names in enumerate(theirs) if index not in known[1] and self.theirs.text(names).strip()]
        self.match.new_notes.extend((names[0], self.theirs.text(names)) for names in new)
        lost = [self.ours.by_name[names[0]] for index, names in enumerate(ours) if index not in known[0]]
        if pairs or len(lost) == 1:
            self.match.gone_notes.extend(story for story in lost if story.cited)
        else:
            # a program that knows no notes dropped them all
            self.match.only_ours.extend((place, words) for story in lost if (words := fold_line(story.text)))
        for our_index, their_index in pairs:
            self.inside(theirs[their_index][0], ours[our_index][0])

    def _boxes(self, theirs: list[list[str]], ours: list[list[str]], place: Place) -> None:
        """Match text boxes, equal ones first: programs that save again write them in another order."""
        left, rest = list(theirs), []
        for names in ours:
            same = next((one for one in left if self.theirs.text(one) == self.ours.text(names)), None)
            if same is None:
                rest.append(names)
            else:
                left.remove(same)
                self.inside(same[0], names[0])
        self.groups(left, rest, place)

    def groups(self, theirs: list[list[str]], ours: list[list[str]], place: Place) -> None:
        """Match stories that stand in lists: notes, boxes, the cells of a row."""
        for their_names, our_names in self._paired(theirs, ours, place):
            self.inside(their_names[0], our_names[0])

    def margins(self, kind: str) -> None:
        """Match headers or footers by their words: programs that save again add some and change their order."""
        left = [names[0] for names in self.theirs.tops(kind)]
        for our_name in (names[0] for names in self.ours.tops(kind)):
            text = self.ours.text([our_name])
            same = [name for name in left if self.theirs.text([name]) == text]
            close = same or [name for name in left if name == our_name and self._alike(name, our_name)]
            if close:
                left.remove(close[0])
                self.inside(close[0], our_name)

    def _alike(self, their_name: str, our_name: str) -> bool:
        theirs, ours = (set(side.split()) for side in (self.theirs.text([their_name]), self.ours.text([our_name])))
        return len(theirs & ours) * 2 > len(ours)

    def _rows(self, their_table: list[str], our_table: list[str], place: Place) -> None:
        if [self.theirs.named(name) for name in their_table] == [self.ours.named(name) for name in our_table]:
            for their_name, our_name in zip(their_table, our_table, strict=True):
                self.inside(their_name, our_name)
            return
        theirs, ours = self.theirs.rows(their_table), self.ours.rows(our_table)
        pairs = pair_rows([self.ours.text(names) for names in ours], [self.theirs.text(names) for names in theirs])
        for our_index, their_index in pairs:
            self.groups([[name] for name in theirs[their_index]], [[name] for name in ours[our_index]], place)
        if not pairs:
            self._note_new([their_table])
            self._note_gone(our_table, place)
            return
        kept = {our_index for our_index, _ in pairs}
        self.match.gone_rows.extend(self.ours.by_name[one[0]] for index, one in enumerate(ours) if index not in kept)
        self._note_new_rows(theirs, ours, pairs)

    def _note_new(self, tables: list[list[str]]) -> None:
        self.match.new_tables.extend(_table_of(one) for one in tables if self.theirs.text(one).strip(" |"))

    def _note_gone(self, table: list[str], place: Place) -> None:
        words = self.ours.text(table).strip(" |")
        if words and place[1] < place[2]:
            self.match.gone_tables.append(place)
        elif words:
            self.match.only_ours.append((place, words))

    def _note_new_rows(self, theirs: list[list[str]], ours: list[list[str]], pairs: list[tuple[int, int]]) -> None:
        partner = {their_index: our_index for our_index, their_index in pairs}
        above: int | None = None
        for index, names in enumerate(theirs):
            above = partner.get(index, above)
            if index in partner or not self.theirs.text(names).strip(" |"):
                continue
            model = ours[0 if above is None else above][0]
            cells = [self.theirs.by_name[name].text.removesuffix("\n") for name in names]
            self.match.new_rows.append((self.ours.by_name[model], above is not None, cells))

    def _paired(
        self, theirs: list[list[str]], ours: list[list[str]], place: Place
    ) -> Iterator[tuple[list[str], list[str]]]:
        """(theirs, ours) of what belongs together; the rest is noted."""
        pairs = self._pair(theirs, ours)
        our_rest, their_rest = ({pair[side] for pair in pairs} for side in (0, 1))
        for index, names in enumerate(theirs):
            if index not in their_rest and (words := self.theirs.text(names).strip(" |")):
                self.match.only_theirs.append((place, words))
        for index, names in enumerate(ours):
            if index not in our_rest and (words := self.ours.text(names).strip(" |")):
                self.match.only_ours.append((place, words))
        for our_index, their_index in pairs:
            yield theirs[their_index], ours[our_index]

    def _pair(self, theirs: list[list[str]], ours: list[list[str]]) -> list[tuple[int, int]]:
        """(index of ours, index of theirs) of stories that are alike."""
        return pair_in_order([self.ours.text(names) for names in ours], [self.theirs.text(names) for names in theirs])


def _table_of(cells: Sequence[str]) -> str:
    return cells[0].rsplit("/", 2)[0]


def find_tables(story: Story) -> list[int]:
    """The offsets of the tables in a story: the atoms that stand between paragraphs."""
    found = []
    before = 0
    for paragraph in story.paragraphs:
        found += [offset for offset in range(before, paragraph.start) if story.text[offset] == ATOM]
        before = paragraph.end + 1
    return found
