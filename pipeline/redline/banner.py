"""A line at the top of every page of a document that Penholder makes."""

import io

import docx

from pipeline.redline.marks import clean
from pipeline.redline.matrix_write import save


def add_banner(content: bytes, words: str) -> bytes:
    """The Word file with this line in place of the header it has. The same input gives the same bytes."""
    document = docx.Document(io.BytesIO(content))
    for section in document.sections:
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0].text = clean(words)
    return save(document)
