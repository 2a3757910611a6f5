"""What a written file carries beside its text: the ledger, and the setting that tracking is on."""

from xml.sax.saxutils import escape

from lxml import etree

from pipeline.redline.marks import clean
from pipeline.redline.ooxml import W
from pipeline.redline.opc import Package, add_override, add_relationship, parse_xml, related_part, serialise_xml

Element = etree._Element

LEDGER_NAMESPACE = "urn:penholder:ledger:1"

_LEDGER_PART = (
    f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<l:ledger xmlns:l=\"{LEDGER_NAMESPACE}\">%s</l:ledger>"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/"
_CUSTOM = "{" + _OFFICE + "customXml}"
_WORD_TYPES = "application/vnd.openxmlformats-officedocument."
#: what stands before w:trackRevisions. See: ECMA-376-1 A.1, CT_Settings
_BEFORE_TRACKING_NAMES = """
    writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries
    displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData
    embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges
    bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors
    activeWritingStyle proofState formsDesign attachedTemplate linkStyles stylePaneFormatFilter
    stylePaneSortMethod documentType mailMerge revisionView
"""
_BEFORE_TRACKING = frozenset(W + name for name in _BEFORE_TRACKING_NAMES.split())


def turn_on_tracking(package: Package, main: str) -> Package:
    """The package with w:trackRevisions set. See: ECMA-376-1 17.15.1.90."""
    part = related_part(package, main, "settings")
    if part is None:
        folder = main.rpartition("/")[0]
        part = f"{folder}/settings.xml" if folder else "settings.xml"
        package = add_override(package, part, _WORD_TYPES + "wordprocessingml.settings+xml")
        package, _ = add_relationship(package, main, _OFFICE + "relationships/settings", part)
        root = etree.Element(W + "settings", nsmap={"w": W[1:-1]})
    else:
        root = parse_xml(package.parts[part])
    for old in root.findall(W + "trackRevisions"):
        root.remove(old)
    place = sum(child.tag in _BEFORE_TRACKING for child in root)
    root.insert(place, etree.Element(W + "trackRevisions"))
    return package.replaced({part: serialise_xml(root)})


def enclose_ledger(package: Package, main: str, ledger: str) -> Package:
    """The package with the ledger as a custom XML part. See: ECMA-376-1 15.2.5."""
    number = 1
    while f"customXml/item{number}.xml" in package.parts:
        number += 1
    item, properties = f"customXml/item{number}.xml", f"customXml/itemProps{number}.xml"
    # an object of the text (U+FFFC) is no character XML parts may lose: offsets and wordings of the ledger count it
    text = escape(clean(ledger.replace("\n", " ").replace("\ufffc", "\\ufffc")))
    identity = etree.Element(_CUSTOM + "datastoreItem", nsmap={"ds": _CUSTOM[1:-1]})
    identity.set(_CUSTOM + "itemID", f"{{5E0C1A3E-9B7D-4C55-8C7A-{number:012d}}}")
    references = etree.SubElement(identity, _CUSTOM + "schemaRefs")
    etree.SubElement(references, _CUSTOM + "schemaRef").set(_CUSTOM + "uri", LEDGER_NAMESPACE)
    package = package.replaced({item: (_LEDGER_PART % text).encode(), properties: serialise_xml(identity)})
    package = add_override(package, item, "application/xml")
    package = add_override(package, properties, _WORD_TYPES + "customXmlProperties+xml")
    package, _ = add_relationship(package, main, _OFFICE + "relationships/customXml", item)
    package, _ = add_relationship(package, item, _OFFICE + "relationships/customXmlProps", properties)
    return package
