"""What a result made from files alone says of itself: of which revision, as of when, and what it has come to."""

from datetime import datetime

from pipeline.redline.stamp import find_stamp, note_status, stamp


def describe_result(base_docx: bytes, date: datetime | None, status: str) -> str:
    """One line: "GMG-7 r0 - 13 November 2012 - not endorsed", with dashes; what is not known is left out.

    `date` is that of the last proposal, in the zone it is given in. Raises: UnreadableFileError.
    """
    day = "" if date is None else f"{date.day} {date:%B %Y}"
    return " \u2013 ".join(filter(None, [" ".join(find_stamp(base_docx) or ()), day, status]))


def label_proposals(content: bytes, base_docx: bytes, words: str) -> bytes:
    """The file with the proposals on a base, marked as such, and with the mark of the base's revision where it has one.

    Raises: UnreadableFileError.
    """
    found, note = find_stamp(base_docx), f"proposals on {words}"
    return note_status(content, note) if found is None else stamp(content, draft=found[0], revision=found[1], note=note)


def label_next(content: bytes, words: str) -> bytes:
    """The file with a next text marked as what it was made from; it is no revision yet. Raises: UnreadableFileError."""
    return note_status(content, f"made from {words}")
