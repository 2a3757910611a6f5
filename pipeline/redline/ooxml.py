"""Names of WordprocessingML that more than one module needs. See: ECMA-376-1, ECMA-376-4."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
PACKAGE_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

#: stands in the text for every object that is not text
ATOM = "\ufffc"

INSERTING = frozenset({W + "ins", W + "moveTo"})
DELETING = frozenset({W + "del", W + "moveFrom"})
BOOKMARKS = (W + "bookmarkStart", W + "bookmarkEnd")
MOVING = frozenset({W + "moveTo", W + "moveFrom"})

_STRICT = b"http://purl.oclc.org/ooxml/"
_NAMES = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
)


def to_transitional(content: bytes) -> bytes:
    """The bytes of a part with the strict names of ISO/IEC 29500-1 replaced by the ones that Word writes by default."""
    if _STRICT in content:
        for strict, transitional in _NAMES:
            content = content.replace(strict, transitional)
    return content
