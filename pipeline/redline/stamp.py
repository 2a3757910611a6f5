"""Our mark inside a Word file: which draft and revision it is.

It survives renaming and forwarding, not the copying of text into another file.

See: ECMA-376-1 15.2.12.2 (custom file properties).
"""

from lxml import etree

from pipeline.redline.opc import (
    Package,
    add_override,
    add_relationship,
    open_package,
    parse_xml,
    related_part,
    serialise_xml,
)

PART = "docProps/custom.xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPS = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
_VALUES = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}"
#: the format that custom properties belong to; fixed by the standard
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
DRAFT, REVISION, NOTE = "PenholderDraft", "PenholderRevision", "PenholderNote"


def stamp(content: bytes, *, draft: str, revision: str, note: str) -> bytes:
    """The file with our mark in it, a former one replaced; all other parts keep their bytes.

    Raises: UnreadableFileError.
    """
    return _write(content, {DRAFT: draft, REVISION: revision, NOTE: note})


def note_status(content: bytes, note: str) -> bytes:
    """The file with a note on what it is, and no mark of a revision: it is not the text that was circulated.

    Raises: UnreadableFileError.
    """
    return _write(content, {DRAFT: "", REVISION: "", NOTE: note})


def _write(content: bytes, values: dict[str, str]) -> bytes:
    package = open_package(content)
    part = related_part(package, "", "custom-properties")
    if part is None:
        part = PART
        package = add_override(package, part, _TYPE)
        package, _ = add_relationship(package, "", _KIND, part)
    root = _properties(package, part)
    _set(root, values)
    return package.with_parts({part: serialise_xml(root)})


def find_stamp(content: bytes) -> tuple[str, str] | None:
    """(draft, revision) of our mark, None when the file carries none. Raises: UnreadableFileError."""
    package = open_package(content)
    part = related_part(package, "", "custom-properties")
    if part is None:
        return None
    values = {prop.get("name", ""): "".join(map(str, prop.itertext())).strip() for prop in _properties(package, part)}
    draft, revision = values.get(DRAFT, ""), values.get(REVISION, "")
    return (draft, revision) if draft and revision else None


def _properties(package: Package, part: str) -> etree._Element:
    content = package.part(part)
    empty = f'<Properties xmlns="{_PROPS[1:-1]}" xmlns:vt="{_VALUES[1:-1]}"/>'
    return parse_xml(content or empty.encode())


def _set(root: etree._Element, values: dict[str, str]) -> None:
    for prop in list(root):
        if prop.get("name") in values:
            root.remove(prop)
    # identifiers below 2 are reserved
    taken = max((int(pid) for prop in root if (pid := prop.get("pid", "")).isdigit()), default=1)
    for number, (name, value) in enumerate(((name, value) for name, value in values.items() if value), taken + 1):
        prop = etree.SubElement(root, _PROPS + "property", {"fmtid": _FMTID, "pid": str(number), "name": name})
        etree.SubElement(prop, _VALUES + "lpwstr").text = value
