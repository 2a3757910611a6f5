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
        [story.name, story.text, story.cited, [_list_fields(one) for one in story.paragraphs]] for story in base.stories
    ]
    return json.dumps([base.sha256, stories], ensure_ascii=False)


def _list_fields(one: Paragraph) -> list[Any]:
    return [one.number, one.start, one.end, one.style, one.ends_section]


def read_base_text(text: str) -> BaseText:
    """The text of a file, from what `write_base_text` made. Raises: ValueError for any other text."""
    try:
        sha256, stories = json.loads(text)
        return BaseText(sha256=sha256, stories=tuple(_read_story(*story) for story in stories))
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError("This is not the text of a file.") from error


def _read_story(name: str, text: str, cited: list[Any] | None, paragraphs: list[list[Any]]) -> Story:
    return Story(
        name=name,
        text=text,
        cited=None if cited is None else (cited[0], cited[1]),
        paragraphs=tuple(
            Paragraph(number=number, start=start, end=end, style=style, ends_section=ends_section)
            for number, start, end, style, ends_section in paragraphs
        ),
    )
