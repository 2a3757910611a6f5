"""The parts every Word file of the sample round shares, and the package they are put into. See: ECMA-376-1, 11."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from pipeline.demo.packages import pack_zip

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    f' xmlns:r="{_OFFICE}/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    ' mc:Ignorable="w14 w15"'
)
MAIN_TYPE = f"{_WORD}.document.main+xml"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
_TYPES = {
    "comments": f"{_WORD}.comments+xml",
    "commentsExtended": f"{_WORD}.commentsExtended+xml",
    "header": f"{_WORD}.header+xml",
    "footer": f"{_WORD}.footer+xml",
    "numbering": f"{_WORD}.numbering+xml",
    "settings": f"{_WORD}.settings+xml",
    "styles": f"{_WORD}.styles+xml",
    "vbaProject": "application/vnd.ms-office.vbaProject",
}
_MICROSOFT_RELATIONS = {
    "commentsExtended": "http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
    "vbaProject": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who saved a file and when, as its properties say."""

    title: str
    author: str
    #: aware
    saved: datetime
    #: shown in the header of every page and kept as properties: (group, draft, revision); None without a stamp
    stamp: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the package below word/."""

    #: "comments", "header" ...: its relationship
    kind: str
    #: "comments.xml"
    name: str
    content: bytes


def xml_part(kind: str, root: str, inner: str, number: str = "") -> Part:
    """A part with `inner` inside the element w:`root` or w15:`root`."""
    tag = root if ":" in root else f"w:{root}"
    text = f"{_DECLARATION}<{tag} {NAMESPACES}>{inner}</{tag}>"
    return Part(kind=kind, name=f"{kind}{number}.xml", content=text.encode())


def hex_id(*seed: object) -> str:
    """Eight hexadecimal digits below 0x80000000 that depend on `seed` alone. See: ECMA-376-1 17.18.50."""
    value = int.from_bytes(hashlib.sha256(repr(seed).encode()).digest()[:4], "big") & 0x7FFFFFFF
    return f"{max(value, 1):08X}"


def save_id(*seed: object) -> str:
    """A revision save id as Word writes them: 00 and six digits. See: ECMA-376-1 17.15.1.72."""
    return "00" + hex_id(*seed)[2:]


def run(text: str, tag: str = "t", properties: str = "", attributes: str = "") -> str:
    """One run of text; `tag` is delText inside deletions."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r{attributes}>{inner}<w:{tag} xml:space="preserve">{escape(text)}</w:{tag}></w:r>'


def paragraph(style: str, runs: str, number: bool = False, mark: str = "", identity: str = "", rsid: str = "") -> str:
    """One paragraph; `mark` goes into the properties of its paragraph mark. See: ECMA-376-1 17.3.1."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if number else ""
    properties += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    attributes = f' w14:paraId="{identity}" w14:textId="77777777"' if identity else ""
    attributes += f' w:rsidR="{rsid}" w:rsidRDefault="{rsid}"' if rsid else ""
    return f"<w:p{attributes}><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def build_package(
    body: str,
    origin: Origin,
    parts: tuple[Part, ...] = (),
    tracking: bool = False,
    main_type: str = MAIN_TYPE,
    rsids: tuple[str, ...] = (),
) -> bytes:
    """The Word file with `body` as content of w:body. See: ECMA-376-2 and ECMA-376-1 11.3.10."""
    every = (_styles(), _numbering(), _settings(tracking, rsids), _footer(), *_header(origin), *parts)
    section = "".join(
        f'<w:{part.kind}Reference w:type="default" r:id="rId{number}"/>'
        for number, part in enumerate(every, start=1)
        if part.kind in ("header", "footer")
    )
    page = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417"'
    page += ' w:header="708" w:footer="708" w:gutter="0"/><w:cols w:space="708"/>'
    document = f"<w:body>{body}<w:sectPr>{section}{page}</w:sectPr></w:body>"
    main = xml_part("document", "document", document)
    members = [("[Content_Types].xml", _content_types(every, main_type)), ("_rels/.rels", _package_relations())]
    members += [("word/document.xml", main.content), ("word/_rels/document.xml.rels", _relations(every))]
    members += [(f"word/{part.name}", part.content) for part in every]
    members += [("docProps/app.xml", _application()), ("docProps/core.xml", _core(origin))]
    return pack_zip([*members, ("docProps/custom.xml", _custom(origin))])


def _content_types(parts: tuple[Part, ...], main_type: str) -> bytes:
    """The list of media types. See: ECMA-376-2 10.1.2.2."""
    overrides = {
        "/word/document.xml": main_type,
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        **{f"/word/{part.name}": _TYPES[part.kind] for part in parts},
    }
    entries = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    defaults += '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">{defaults}{entries}</Types>'.encode()


def _relation(number: int, kind: str, target: str) -> str:
    """One relationship. See: ECMA-376-2 9.3."""
    address = kind if "://" in kind else f"{_OFFICE}/relationships/{kind}"
    return f'<Relationship Id="rId{number}" Type="{address}" Target="{target}"/>'


def _relations(parts: tuple[Part, ...]) -> bytes:
    """What the main part refers to."""
    entries = "".join(
        _relation(number, _MICROSOFT_RELATIONS.get(part.kind, part.kind), part.name)
        for number, part in enumerate(parts, start=1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'.encode()


def _package_relations() -> bytes:
    """What the package refers to."""
    targets = (
        ("officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ("extended-properties", "docProps/app.xml"),
        ("custom-properties", "docProps/custom.xml"),
    )
    entries = "".join(_relation(number, kind, target) for number, (kind, target) in enumerate(targets, start=1))
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'.encode()


def _application() -> bytes:
    """The name of the program."""
    inner = "<Application>Microsoft Office Word</Application><AppVersion>14.0000</AppVersion>"
    return f'{_DECLARATION}<Properties xmlns="{_OFFICE}/extended-properties">{inner}</Properties>'.encode()


def _core(origin: Origin) -> bytes:
    """Title, author and dates. See: ECMA-376-2 11."""
    moment = origin.saved.strftime("%Y-%m-%dT%H:%M:00Z")
    names = f'xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    names += ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified")
    )
    author = escape(origin.author)
    who = f"<dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
    inner = f"<dc:title>{escape(origin.title)}</dc:title>{who}<cp:revision>2</cp:revision>{dates}"
    return f"{_DECLARATION}<cp:coreProperties {names}>{inner}</cp:coreProperties>".encode()


def _custom(origin: Origin) -> bytes:
    """The stamp as properties; empty without one."""
    names = ("PenholderGroup", "PenholderDraft", "PenholderRevision")
    types = f"{_OFFICE}/docPropsVTypes"
    entries = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(zip(names, origin.stamp or (), strict=False), start=2)
    )
    root = f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{types}">{entries}</Properties>'
    return f"{_DECLARATION}{root}".encode()


def _header(origin: Origin) -> tuple[Part, ...]:
    """The header line with the stamp, none without one."""
    if origin.stamp is None:
        return ()
    group, draft, revision = origin.stamp
    text = run(f"[{group}-{draft}] {revision} - draft for comments, not endorsed")
    return (xml_part("header", "hdr", paragraph("Header", text), "1"),)


def _footer() -> Part:
    """The page number as a field. See: ECMA-376-1 17.16.5.44."""
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText>'
    field += '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    field += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return xml_part("footer", "ftr", paragraph("Footer", field), "1")


def _settings(tracking: bool, rsids: tuple[str, ...]) -> Part:
    """The settings; `tracking` switches recording on. See: ECMA-376-1 17.15.1."""
    saves = "".join(f'<w:rsid w:val="{value}"/>' for value in rsids)
    known = f'<w:rsids><w:rsidRoot w:val="{rsids[0]}"/>{saves}</w:rsids>' if rsids else ""
    record = "<w:trackRevisions/>" if tracking else ""
    mode = '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="14"/>'
    tail = f'<w:defaultTabStop w:val="708"/><w:compat>{mode}</w:compat>{known}'
    return xml_part("settings", "settings", f'<w:zoom w:percent="100"/>{record}{tail}')


def _numbering() -> Part:
    """One list that counts 1. 2. 3. through the whole text. See: ECMA-376-1 17.9."""
    level = '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>'
    level += '<w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr>'
    abstract = '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
    abstract += f'<w:lvl w:ilvl="0">{level}</w:lvl></w:abstractNum>'
    return xml_part("numbering", "numbering", f'{abstract}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>')


def _style(identity: str, name: str, paragraph_: str = "", run_: str = "", kind: str = "paragraph") -> str:
    """One style based on Normal."""
    based = '<w:basedOn w:val="Normal"/>' if kind == "paragraph" and identity != "Normal" else ""
    default = ' w:default="1"' if identity == "Normal" else ""
    properties = (f"<w:pPr>{paragraph_}</w:pPr>" if paragraph_ else "") + (f"<w:rPr>{run_}</w:rPr>" if run_ else "")
    head = f'<w:style w:type="{kind}"{default} w:styleId="{identity}"><w:name w:val="{name}"/>'
    return f"{head}{based}<w:qFormat/>{properties}</w:style>"


def _styles() -> Part:
    """The styles. See: ECMA-376-1 17.7."""
    fonts = '<w:rFonts w:ascii="Cambria" w:hAnsi="Cambria" w:eastAsia="Cambria" w:cs="Times New Roman"/>'
    defaults = f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="22"/><w:szCs w:val="22"/>'
    defaults += '<w:lang w:val="en-GB" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
    defaults += "</w:docDefaults>"
    spaced = '<w:spacing w:before="{}" w:after="{}"{}/>'
    line = ' w:line="276" w:lineRule="auto"'
    border = '<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="2F5496"/></w:pBdr>'
    styles = (
        _style("Normal", "Normal", spaced.format(0, 120, line)),
        _style(
            "Title", "Title", border + spaced.format(0, 300, ""), '<w:b/><w:color w:val="1F3864"/><w:sz w:val="34"/>'
        ),
        _style(
            *("Heading1", "heading 1"),
            "<w:keepNext/>" + spaced.format(320, 120, "") + '<w:outlineLvl w:val="0"/>',
            '<w:b/><w:color w:val="2F5496"/><w:sz w:val="26"/>',
        ),
        _style("ListNumber", "List Number", spaced.format(0, 140, line) + '<w:jc w:val="both"/>'),
        _style("Header", "header", '<w:jc w:val="right"/>', '<w:i/><w:color w:val="595959"/><w:sz w:val="18"/>'),
        _style("Footer", "footer", '<w:jc w:val="center"/>', '<w:sz w:val="18"/>'),
        _style("CommentText", "annotation text", "", '<w:sz w:val="20"/>'),
        _style("CommentReference", "annotation reference", "", '<w:sz w:val="16"/>', "character"),
    )
    return xml_part("styles", "styles", defaults + "".join(styles))
