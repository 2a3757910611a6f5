"""What is lost when a text of another program is converted: its tracked changes, or who made them.

See: OASIS ODF 1.2 part 1, 5.5 (tracked changes); Rich Text Format 1.9.1, "Track Changes (Revision Marks)".
"""

import io
import re
import zipfile
import zlib
from html import unescape

#: bytes of the part that holds the text
_MOST_TEXT = 50_000_000
_TRACKED_ODT = re.compile(rb"<text:tracked-changes\b.{0,2000000}?</text:tracked-changes>", re.DOTALL)
_CREATOR = re.compile(rb"<dc:creator>([^<]{0,200})</dc:creator>")
_TRACKED_RTF = re.compile(rb"\\(?:deleted|revised)(?!\d*0(?!\d)|[a-z])")


def find_lost_people(odt: bytes) -> tuple[str, ...]:
    """The authors of the tracked changes in an OpenDocument text, each once; a converter keeps the text alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(odt)) as archive, archive.open("content.xml") as part:
            content = part.read(_MOST_TEXT)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        return ()
    tracked = _TRACKED_ODT.search(content)
    names = _CREATOR.findall(tracked[0]) if tracked else []
    return tuple(dict.fromkeys(unescape(name.decode("utf-8", "replace")) for name in names))


def has_tracked_changes(rtf: bytes) -> bool:
    """Whether an RTF has tracked changes: a converter keeps what they delete, and the deletion is lost."""
    return _TRACKED_RTF.search(rtf) is not None
