"""The text of a base: what counts as text, what its stories are called, which number a paragraph shows."""

import pytest

from pipeline.redline.read import read_text
from tests.make_docx import NAMESPACES, make_docx, pack

FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {name} </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
LIST = f"""<w:numbering {NAMESPACES}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""
STYLES = f"""<w:styles {NAMESPACES}>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>
<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="H1a"><w:name w:val="Our heading"/><w:basedOn w:val="H1"/></w:style>
</w:styles>"""


def body_of(content: bytes) -> str:
    return read_text(content).get_story("body").text


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:r><w:t>a</w:t><w:tab/><w:br/><w:noBreakHyphen/><w:softHyphen/></w:r>", "a\t\v-"),
        ("<w:r><w:drawing/></w:r>", "\ufffc"),
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', "\ufffc"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link"),
        ("<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>in</w:t></w:r></w:sdtContent></w:sdt>", "in"),
        ("<w:smartTag><w:smartTagPr/><w:r><w:t>Vienna</w:t></w:r></w:smartTag>", "Vienna"),
        (FIELD.format(name="PAGE"), "\ufffc"),
        (FIELD.format(name="HYPERLINK x"), "7"),
        ('<w:fldSimple w:instr="REF a"><w:r><w:t>4</w:t></w:r></w:fldSimple>', "\ufffc"),
        ("<w:r><w:unknown/></w:r>", "\ufffc"),
        ("<w:unknown/>", "\ufffc"),
        ("<w:proofErr/><w:bookmarkStart/><w:r><w:lastRenderedPageBreak/><w:t>a\nb</w:t></w:r>", "a b"),
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "old"),
    ],
)
def test_element_is_read_as_text(xml: str, text: str) -> None:
    assert body_of(pack(f"<w:p>{xml}</w:p>")) == text + "\n"


def test_strict_files_are_read_alike() -> None:
    content = pack("<w:p><w:r><w:t>text</w:t></w:r></w:p>")
    strict = f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>text</w:t></w:r></w:p></w:body></w:document>".replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert body_of(pack("", changes={"word/document.xml": strict.encode()})) == body_of(content)


def test_cells_are_stories_and_the_table_an_atom() -> None:
    base = read_text(make_docx(["Before", [["a", "b"], ["c", "d"]], "After"]))
    assert base.get_story("body").text == "Before\n\ufffcAfter\n"
    assert base.get_story("body").paragraphs[1].start == len("Before\n\ufffc")
    assert [story.name for story in base.stories[1:]] == [
        f"body/t0/r{row}/c{cell}" for row in (0, 1) for cell in (0, 1)
    ]
    assert base.get_story("body/t0/r1/c0").text == "c\n"


def test_notes_are_named_by_the_order_of_their_references() -> None:
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in ((5, "second"), (9, "first"))
    )
    reference = '<w:p><w:r><w:footnoteReference w:id="{}"/></w:r></w:p>'
    content = pack(
        reference.format(9) + reference.format(5),
        {"word/footnotes.xml": f"<w:footnotes {NAMESPACES}>{notes}</w:footnotes>"},
    )
    base = read_text(content)
    assert [base.get_story(f"footnote/{number}").text for number in (1, 2)] == ["first\n", "second\n"]


def test_automatic_numbers_are_counted_as_word_counts() -> None:
    levels = ["0:1", "1:1", "1:1", "2:1", "2:1", "0:1", "1:1", "0:2", "0:2"]
    content = make_docx(["text"] * len(levels), numbers=dict(enumerate(levels)), parts={"word/numbering.xml": LIST})
    numbers = [paragraph.number for paragraph in read_text(content).get_story("body").paragraphs]
    assert numbers == ["1", "1.1", "1.2", "a", "b", "2", "2.1", "1", "2"]


def test_styles_number_their_paragraphs() -> None:
    content = make_docx(
        ["One", "text", "Two"],
        styles={0: "H1", 1: "Normal", 2: "H1a"},
        parts={"word/numbering.xml": LIST, "word/styles.xml": STYLES},
    )
    paragraphs = read_text(content).get_story("body").paragraphs
    assert [(one.number, one.style) for one in paragraphs] == [("I", "heading 1"), ("", ""), ("II", "Our heading")]


def test_inserted_paragraph_has_no_number_in_the_base() -> None:
    content = make_docx(["one{++\nnew++}", "two"], numbers={0: "0:1", 1: "0:1"}, parts={"word/numbering.xml": LIST})
    assert [one.number for one in read_text(content).get_story("body").paragraphs] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("4. Young migrants", "4"),
        ("4) Young migrants", "4"),
        ("Para 4: Young migrants", "4"),
        ("12.1 Young migrants", "12.1"),
        ("(a) to consider", "a"),
        ("4.2 per cent of them", ""),
        ("2012 was a year", ""),
        ("Young migrants", ""),
    ],
)
def test_typed_number_is_read_from_the_text(line: str, number: str) -> None:
    assert read_text(make_docx(line)).get_story("body").paragraphs[0].number == number
