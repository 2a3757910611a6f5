"""Which paragraph, cell and story of one text is which of another one."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel, LCSseq

from pipeline.redline.diff import encode
from pipeline.redline.fold import LINES, find_typed_number, fold_line, split_words
from pipeline.redline.model import BaseText, Story

#: paragraphs that share less of their words are different ones
LEAST_LIKENESS = 0.4
#: in gaps with more pairs of paragraphs than this only pairs near the diagonal are weighed
MAX_PAIRS = 40_000
#: texts with more lines than this are not aligned: no draft has so many
MAX_LINES = 20_000
#: paragraphs with more words than this are compared by their beginning
MAX_WORDS = 2_000
#: share of a paragraph's words that must be found before it counts as part of a split one
SPLIT_SHARE = 0.6


def likeness(text: BaseText, base: BaseText) -> float:
    """The share of the base's words that the text has in the same order, 0-1; 0 for a base without words."""
    codes: dict[str, str] = {}
    left, right = (encode(split_words("\n".join(story.text for story in one.stories)), codes) for one in (base, text))
    if left == right:
        return 1.0 if left else 0.0
    return LCSseq.similarity(left, right) / len(left) if left else 0.0


def make_text(words: str) -> BaseText:
    """Plain words as a text that can be held against others; it has no file and no paragraphs."""
    return BaseText(sha256="", stories=(Story(name="body", text=words, paragraphs=()),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together, as indices; one side is empty where a line has no partner."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    @property
    def paired(self) -> bool:
        """Whether both sides have lines."""
        return self.old_start < self.old_end and self.new_start < self.new_end


@lru_cache(maxsize=LINES)
def line_key(line: str) -> str:
    """What a line is recognised by: its folded text without a typed number."""
    return fold_line(line[find_typed_number(line)[1] :])


def align_lines(olds: Sequence[str], news: Sequence[str]) -> list[Block]:
    """Blocks that cover all lines of both sides in order: equal ones first, then the likeliest between them."""
    old_keys, new_keys = [line_key(line) for line in olds], [line_key(line) for line in news]
    blocks: list[Block] = []
    at_old = at_new = 0
    codes: dict[str, str] = {}
    for old, new in [*_equal_pairs(old_keys, new_keys), (len(olds), len(news))]:
        gap = _Gap(old_keys[at_old:old], new_keys[at_new:new], codes)
        blocks += [_shifted(block, at_old, at_new) for block in gap.blocks()]
        if old < len(olds):
            blocks.append(Block(old_start=old, old_end=old + 1, new_start=new, new_end=new + 1))
        at_old, at_new = old + 1, new + 1
    return blocks


def pair_in_order(olds: Sequence[str], news: Sequence[str]) -> list[tuple[int, int]]:
    """(old index, new index) of the texts that are the same or like one another, in order."""
    if len(olds) == len(news):
        return [(index, index) for index in range(len(olds))]
    blocks = align_lines([one.replace("\n", " ") for one in olds], [one.replace("\n", " ") for one in news])
    return [(block.old_start, block.new_start) for block in blocks if block.paired]


def pair_rows(olds: Sequence[str], news: Sequence[str]) -> list[tuple[int, int]]:
    """As `pair_in_order`; as many rows on both sides are only the same rows where no other pairing finds more alike."""
    in_order = pair_in_order(olds, news)
    if len(olds) != len(news):
        return in_order
    aligned = [(one.old_start, one.new_start) for one in align_lines(olds, news) if one.paired]
    alike = [sum(olds[old] == news[new] for old, new in pairs) for pairs in (aligned, in_order)]
    return aligned if alike[0] > alike[1] else in_order


def _shifted(block: Block, old: int, new: int) -> Block:
    return Block(
        old_start=block.old_start + old,
        old_end=block.old_end + old,
        new_start=block.new_start + new,
        new_end=block.new_end + new,
    )


def _equal_pairs(olds: Sequence[str], news: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of equal lines in order; empty lines are no landmarks."""
    if max(len(olds), len(news)) > MAX_LINES:
        return
    codes: dict[str, str] = {}
    old_index = [index for index, key in enumerate(olds) if key]
    new_index = [index for index, key in enumerate(news) if key]
    for code in Indel.opcodes(encode(olds, codes), encode(news, codes)):
        if code.tag == "equal":
            for step in range(code.src_end - code.src_start):
                yield old_index[code.src_start + step], new_index[code.dest_start + step]


class _Gap:
    """Lines between two landmarks, paired so that the most words find their like, in order."""

    def __init__(self, olds: Sequence[str], news: Sequence[str], codes: dict[str, str]) -> None:
        self.olds = [encode(split_words(line)[:MAX_WORDS], codes) for line in olds]
        self.news = [encode(split_words(line)[:MAX_WORDS], codes) for line in news]

    def blocks(self) -> list[Block]:
        """Blocks that cover the gap."""
        rows, columns = len(self.olds), len(self.news)
        steps = self._best_steps() if rows and columns and max(rows, columns) <= MAX_LINES else {}
        blocks: list[Block] = []
        row = column = 0
        while row < rows or column < columns:
            height, width = steps.get((row, column), (0, 1) if row >= rows else (1, 0))
            end = (row + height, column + width)
            blocks.append(Block(old_start=row, old_end=end[0], new_start=column, new_end=end[1]))
            row, column = end
        return blocks

    def _best_steps(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each place the step that leads to the most words found."""
        rows = len(self.olds)
        best: dict[tuple[int, int], float] = {}
        steps: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(rows, -1, -1):
            for column in self._near(row):
                options = [
                    (score + best.get((row + height, column + width), 0.0), (height, width))
                    for (height, width), score in self._options(row, column)
                ]
                if options:
                    best[row, column], steps[row, column] = max(options, key=lambda option: option[0])
        return steps

    def _near(self, row: int) -> range:
        """The columns weighed for a row, last one first."""
        rows, columns = len(self.olds), len(self.news)
        reach = columns if rows * columns <= MAX_PAIRS else max(MAX_PAIRS // max(rows, columns) // 2, 2)
        middle = row * columns // rows
        return range(min(columns, middle + reach), max(0, middle - reach) - 1, -1)

    def _options(self, row: int, column: int) -> Iterator[tuple[tuple[int, int], float]]:
        rows, columns = len(self.olds), len(self.news)
        if row < rows and column < columns and (score := self._score(row, column)) > 0:
            yield (1, 1), score
            width, height = _reach(self.news, column), _reach(self.olds, row)
            if width and (split := self._joined(self.olds[row], self.news[column : column + width], score)):
                yield (1, width), split
            if height and (joined := self._joined(self.news[column], self.olds[row : row + height], score)):
                yield (height, 1), joined
        if row < rows:
            yield (1, 0), 0.0
        if column < columns:
            yield (0, 1), 0.0

    def _score(self, row: int, column: int) -> float:
        old, new = self.olds[row], self.news[column]
        if not old and not new:
            # two empty lines: better than nothing
            return 0.01
        least = math.ceil(LEAST_LIKENESS * (len(old) + len(new)) / 2)
        if min(len(old), len(new)) < least:
            return 0.0
        return float(LCSseq.similarity(old, new, score_cutoff=least))

    def _joined(self, whole: str, parts: Sequence[str], score: float) -> float:
        """The words found when one line is the first and the last of the others together; 0 when it is not."""
        both = LCSseq.similarity(whole, parts[0] + parts[-1])
        return float(both) if both - score >= SPLIT_SHARE * min(len(parts[0]), len(parts[-1])) else 0.0


def _reach(lines: Sequence[str], first: int) -> int:
    """How many lines lead from one to the next with words, both included; 0 when one of them has none or is missing."""
    following = next((place for place in range(first + 1, len(lines)) if lines[place]), None)
    return following - first + 1 if lines[first] and following is not None else 0
