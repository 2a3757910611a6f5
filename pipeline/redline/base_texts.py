"""The text of a file, as JSON to be kept: read once, it need not be read again."""

import json
from typing import Any, Protocol

from pipeline.redline.model import BaseText, Paragraph, Story


class KnownTexts(Protocol):
    """The texts of files that were read before, by the hex sha256 of the file; a dict will do."""

    def get(self, key: str, /) -> BaseText | None:
        """The text of the file; None when it was not read yet."""

    def __setitem__(self, key: str, text: BaseText, /) -> None:
        """Keep the text of the file."""


def write_base_text(base: BaseText) -> str:
    """The JSON text that `read_base_text` reads back."""
    stories = [
        [story.name, story.text, [[one.number, one.start, one.end, one.style] for one in story.paragraphs]]
        for story in base.stories
    ]
    return json.dumps([base.sha256, stories], ensure_ascii=False)


def read_base_text(text: str) -> BaseText:
    """The text of a file, from what `write_base_text` made. Raises: ValueError for any other text."""
    try:
        sha256, stories = json.loads(text)
        return BaseText(sha256=sha256, stories=tuple(_read_story(*story) for story in stories))
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError("This is not the text of a file.") from error


def _read_story(name: str, text: str, paragraphs: list[list[Any]]) -> Story:
    return Story(
        name=name,
        text=text,
        paragraphs=tuple(
            Paragraph(number=number, start=start, end=end, style=style) for number, start, end, style in paragraphs
        ),
    )
