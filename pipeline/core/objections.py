"""Which paragraphs an objection names. See: docs/analysis/closing.md."""

from collections.abc import Iterable, Iterator

from pipeline.core.edit_places import PARAGRAPH, find_numbers
from pipeline.core.wording import fold


def find_objected_paragraphs(objecting: Iterable[str], unexplained: Iterable[str]) -> tuple[str, ...]:
    """Numbers of paragraphs as printed, in the order in which they are named, each once.

    `objecting`: the sentences that object. Where they name no paragraph, those that say nothing else may:
    "We break silence. Paragraph 9 is not what was agreed."
    """
    return tuple(dict.fromkeys(_list_numbers(objecting))) or tuple(dict.fromkeys(_list_numbers(unexplained)))


def _list_numbers(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in map(fold, sentences):
        for named in PARAGRAPH.finditer(sentence):
            yield from find_numbers(sentence, named)
