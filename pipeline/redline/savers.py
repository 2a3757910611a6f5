"""What the program that saved a file last leaves as it was. See: docs/analysis/redline.md, Programs that save again."""

import re

from pipeline.redline.fold import fold_line
from pipeline.redline.model import Story
from pipeline.redline.opc import Package

#: as Word names itself for Windows and for macOS; pandoc says "Microsoft Word 12.0.0". See: ECMA-376-1 22.2.2.1
_WORD = re.compile(rb"<(?:\w+:)?Application>\s*Microsoft (?:Office|Macintosh) Word\s*<")
#: a program that changes spaces or quotation marks changes more paragraphs than this
MOST_TOUCHED = 2


def is_saved_by_word(package: Package) -> bool:
    """Whether Word wrote the file: it keeps every character and every empty paragraph that nobody touches."""
    return bool(_WORD.search(package.part("docProps/app.xml") or b""))


def is_exact(theirs: list[Story], ours: list[Story]) -> bool:
    """Whether hardly a paragraph differs in nothing but its spaces, quotation marks and accents.

    Then a person made these differences; a file that went through another program before Word has many.
    """
    known = {line for story in ours for line in _lines(story)}
    folded = {fold_line(line) for line in known}
    touched = [line for story in theirs for line in _lines(story) if line not in known and fold_line(line) in folded]
    return len(touched) <= MOST_TOUCHED


def _lines(story: Story) -> list[str]:
    return [story.text[one.start : one.end] for one in story.paragraphs]
