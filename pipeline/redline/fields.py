"""Fields: which of them are one object and which are text. See: ECMA-376-1 17.16."""

from lxml import etree

from pipeline.redline.ooxml import W

#: fields whose result people write or read as text; of all others Word computes the result
TEXT_FIELDS = frozenset({"", "HYPERLINK", "FORMTEXT", "ADDIN", "MERGEFIELD", "QUOTE", "MACROBUTTON", "CITATION", "TOC"})


def is_atom_instruction(instruction: str) -> bool:
    """Whether a field with this instruction counts as one object."""
    words = instruction.split()
    return (words[0].upper() if words else "") not in TEXT_FIELDS


def find_atom_fields(paragraph: etree._Element) -> frozenset[etree._Element]:
    """The begin marks of the outermost fields that begin and end in this paragraph and count as one object."""
    atoms: set[etree._Element] = set()
    begun: list[etree._Element] = []
    instructions: list[str] = []
    for mark in paragraph.iter(W + "fldChar", W + "instrText", W + "delInstrText"):
        kind = mark.get(W + "fldCharType")
        if mark.tag != W + "fldChar":
            if instructions:
                instructions[-1] += mark.text or ""
        elif kind == "begin":
            begun.append(mark)
            instructions.append("")
        elif kind == "end" and begun:
            begin = begun.pop()
            if is_atom_instruction(instructions.pop()):
                atoms.add(begin)
    return frozenset(atoms)


def read_result(mark: etree._Element) -> str:
    """The words a field shows, given its w:fldSimple or its first w:fldChar."""
    return "".join(text.text or "" for text in find_result(mark) if text.tag == W + "t")


def find_result(mark: etree._Element) -> list[etree._Element]:
    """The w:t and w:delText of what a field shows, given its w:fldSimple or its first w:fldChar."""
    if mark.tag != W + "fldChar":
        return list(mark.iter(W + "t", W + "delText"))
    paragraph = next(mark.iterancestors(W + "p"), None)
    found: list[etree._Element] = []
    depth, shown = 0, False
    for element in () if paragraph is None else paragraph.iter(W + "fldChar", W + "t", W + "delText"):
        kind = element.get(W + "fldCharType")
        if element is mark or (depth and kind == "begin"):
            depth += 1
        elif depth and kind == "end":
            depth -= 1
            if not depth:
                break
        elif depth == 1 and kind == "separate":
            shown = True
        elif shown and element.tag != W + "fldChar":
            found.append(element)
    return found
