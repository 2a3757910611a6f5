"""An objection is told with the paragraphs it names."""

from datetime import date

import pytest

from pipeline.config import HOME
from pipeline.core.objections import find_objected_paragraphs
from pipeline.core.rules import load_rules
from pipeline.core.sayings import find_words

RULES = load_rules(HOME / "inbox_rules")


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("WHO objects to paragraph 4.", ("4",)),
        ("We cannot join consensus on paras 9 and 13 as drafted and break silence.", ("9", "13")),
        ("UNDP opposes paragraphs 5-7.", ("5", "6", "7")),
        ("We break silence on para 3. We also object to para. 3 and to para 12.", ("3", "12")),
        ("We have no objection to paragraph 2. We object to paragraph 8.", ("8",)),
        ("We hereby break the silence. Paragraph 9 is not what had been agreed in Geneva.", ("9",)),
        ("We endorse paragraph 2 as it stands. We object to the text as a whole.", ()),
        ("We object to the text.", ()),
        ("L'UNESCO ne peut se rallier au consensus sur les paragraphes 4 et 7 et rompt le silence.", ("4", "7")),
        ("La CEPAL no puede aceptar el párrafo 4.", ("4",)),
        ("我方无法接受第三段。", ("3",)),
        ('We object to the words "in line with paragraph 5" in paragraph 6.', ("6",)),
        ("We object to the following: paragraphs 3 and 4.", ("3", "4")),
    ],
)
def test_an_objection_names_its_paragraphs(text: str, paragraphs: tuple[str, ...]) -> None:
    words = find_words(text, RULES, date(2012, 12, 11))
    assert find_objected_paragraphs(words.objecting, words.unexplained) == paragraphs
