"""Where a comment may stand: Word allows none in notes, headers and text boxes. See: ECMA-376-1 17.13.4.2."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.redline.ooxml import W
from pipeline.redline.remarks import Remark
from pipeline.redline.story import Document, Stream

_NOTES = (W + "footnote", W + "endnote")


def lead_to_body(document: Document, remarks: Sequence[Remark]) -> list[Remark]:
    """The remarks, those that cannot stand where they belong at the place in the body that leads there."""
    streams = {stream.name: stream for stream in document.streams}
    return [_lead(document, streams, remark) for remark in remarks]


def _lead(document: Document, streams: dict[str, Stream], remark: Remark) -> Remark:
    stream = streams[remark.story]
    outer, box, _ = remark.story.rpartition("/x")
    if stream.part == document.package.main_part and not box:
        return remark
    story, offset = (outer, 0) if box else _find_reference(document, stream)
    words = remark.story.replace("/", " ")
    led = replace(remark, story=story, start=offset, end=offset, text=f"{words[0].upper()}{words[1:]}: {remark.text}")
    return _lead(document, streams, led) if box else led


def _find_reference(document: Document, note: Stream) -> tuple[str, int]:
    """Story and offset of the mark that refers to a note; the start of the body where nothing does."""
    holder = next((one for piece in note.pieces for one in piece.element.iterancestors(*_NOTES)), None)
    if holder is not None:
        reference, number = f"{holder.tag}Reference", holder.get(W + "id")
        for stream in document.streams:
            offset = 0
            for piece in stream.pieces:
                if piece.element.tag == reference and piece.element.get(W + "id") == number:
                    return stream.name, offset + 1
                offset += len(piece.text)
    return "body", 0
