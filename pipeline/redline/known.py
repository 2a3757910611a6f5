"""The styles and lists that a file has: what comes from another file may name more."""

from pipeline.redline.ooxml import W
from pipeline.redline.opc import Package, parse_xml, related_part


def find_known(package: Package) -> frozenset[tuple[str, str]]:
    """(tag that refers to it, value) of every style and list of a file."""
    found: set[tuple[str, str]] = {(W + "numId", "0")}
    styles, lists = (related_part(package, package.main_part, kind) for kind in ("styles", "numbering"))
    for style in () if styles is None else parse_xml(package.parts[styles]).iter(W + "style"):
        found |= {(W + tag, style.get(W + "styleId", "")) for tag in ("pStyle", "rStyle", "tblStyle")}
    for number in () if lists is None else parse_xml(package.parts[lists]).iter(W + "num"):
        found.add((W + "numId", number.get(W + "numId", "")))
    return frozenset(found)
