"""Every construct that real redlines hold, one specimen each: read as what it is, and written so that it reads back.

The rows are those of docs/analysis/redline.md, What real files hold.
"""

import pytest

from pipeline.redline.read import read_changes, read_text
from tests.make_docx import NAMESPACES, pack
from tests.redline.sample import read_view
from tests.redline.test_fidelity import accepted, merge_alone

BY = 'w:id="1" w:author="WHO" w:date="2012-11-02T09:30:00Z"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml"'


def run(text: str, look: str = "", tag: str = "t") -> str:
    return f'<w:r>{look and f"<w:rPr>{look}</w:rPr>"}<w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def ins(inner: str, by: str = BY) -> str:
    return f"<w:ins {by}>{inner}</w:ins>"


def gone(text: str, by: str = BY) -> str:
    return f"<w:del {by}>{run(text, tag='delText')}</w:del>"


def par(inner: str, properties: str = "") -> str:
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{inner}</w:p>"


def marked(tag: str, inner: str) -> str:
    return par(inner, f"<w:rPr><w:{tag} {BY}/></w:rPr>")


def change(kind: str, before: str, now: str = "") -> str:
    """New properties with the record of the former ones."""
    holder = kind.removesuffix("Change")
    return f"<w:{holder}>{now}<w:{kind} {BY}><w:{holder}>{before}</w:{holder}></w:{kind}></w:{holder}>"


def table(*rows: str, properties: str = "<w:tblPr/>", grid: str = "<w:tblGrid/>") -> str:
    return f"<w:tbl>{properties}{grid}{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc>{properties}{inner if inner.startswith('<w:p') else par(run(inner))}</w:tc>"


def field(instruction: str, shown: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}<w:r><w:instrText>{instruction}</w:instrText></w:r>{marks[1]}{run(shown)}{marks[2]}"


def control(move: str, number: int, inner: str) -> str:
    """A content control that is moved away or here, as Word marks it."""
    kind, ends = f"customXml{move[0].upper()}{move[1:]}Range", BY.removeprefix('w:id="1" ')
    return (
        f"<w:{kind}Start w:id='{number}' {ends}/><w:{move}RangeStart w:id='{number + 20}' {ends} w:name='m1'/>"
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:{kind}End w:id='{number}'/>{inner}"
        f"<w:{kind}Start w:id='{number + 1}' {ends}/></w:sdtContent></w:sdt><w:{kind}End w:id='{number + 1}'/>"
        f"<w:{move}RangeEnd w:id='{number + 20}'/>"
    )


def comments(*entries: tuple[str, str, str]) -> dict[str, str]:
    """Parts with (words, what it replies to, whether done)."""
    texts = "".join(
        f'<w:comment w:id="{n}" w:author="WHO"><w:p w14:paraId="0000000{n + 1}">{run(words)}</w:p></w:comment>'
        for n, (words, _, _) in enumerate(entries)
    )
    states = "".join(
        f'<w15:commentEx w15:paraId="0000000{n + 1}" {parent} w15:done="{done}"/>'
        for n, (_, parent, done) in enumerate(entries)
    )
    return {
        "word/comments.xml": f"<w:comments {NAMESPACES}>{texts}</w:comments>",
        "word/commentsExtended.xml": f"<w15:commentsEx {NAMESPACES}>{states}</w15:commentsEx>",
    }


def noted(inner: str) -> dict[str, str]:
    return {
        "word/footnotes.xml": f'<w:footnotes {NAMESPACES}><w:footnote w:id="1">{par(inner)}</w:footnote></w:footnotes>'
    }


def said(number: int, words: str = "") -> str:
    """A comment on words."""
    end = f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
    return f'<w:commentRangeStart w:id="{number}"/>{words}{end}'


FIRST, LAST = par(run("Members meet.")), par(run("Data are limited."))
NOTE = '<w:r><w:footnoteReference w:id="1"/></w:r>'
MOVED = f'<w:moveFromRangeStart {BY} w:name="m"/>{{}}<w:moveFromRangeEnd w:id="1"/>'
CAME = f'<w:moveToRangeStart {BY} w:name="m"/>{{}}<w:moveToRangeEnd w:id="1"/>'
GRID = '<w:tblGrid><w:gridCol w:w="3000"/>{}</w:tblGrid>'
#: name of the construct -> (body, other parts)
CENSUS: dict[str, tuple[str, dict[str, str]]] = {
    "paragraph mark inserted": (marked("ins", run("One ")) + par(run("two.")), {}),
    "paragraph mark deleted": (marked("del", run("One ")) + par(run("two.")), {}),
    "revision in a table cell": (table(row(cell(par(run("Old") + gone(" age") + ins(run(" youth")))))) + LAST, {}),
    "field in an insertion": (par(run("See ") + ins(field(" REF a \\h ", "page 3")) + run(".")), {}),
    "field in a deletion": (par(run("See ") + gone("page 3") + run(".")), {}),
    "comment with a reply": (
        par(said(0, said(1, run("Members")))),
        comments(("Who?", "", "0"), ("All.", 'w15:paraIdParent="00000001"', "0")),
    ),
    "resolved comment": (par(said(0, run("Members"))), comments(("Who?", "", "1"))),
    "comment on whole paragraphs": (
        f'<w:commentRangeStart w:id="0"/>{FIRST}<w:commentRangeEnd w:id="0"/>'
        + par('<w:r><w:commentReference w:id="0"/></w:r>'),
        comments(("All of it?", "", "0")),
    ),
    "rPrChange": (par(run("Members meet.", "<w:b/>" + f"<w:rPrChange {BY}><w:rPr/></w:rPrChange>")), {}),
    "pPrChange": (par(run("Members."), f'<w:jc w:val="both"/><w:pPrChange {BY}><w:pPr/></w:pPrChange>'), {}),
    "sectPrChange": (
        FIRST + "<w:p><w:pPr>" + change("sectPrChange", "", '<w:pgSz w:w="16838"/>') + "</w:pPr></w:p>",
        {},
    ),
    "tblPrChange": (table(row(cell("A")), properties=change("tblPrChange", "", '<w:jc w:val="center"/>')) + LAST, {}),
    "tblPrExChange": (
        table(row(cell("A"), properties=change("tblPrExChange", "", '<w:jc w:val="center"/>'))) + LAST,
        {},
    ),
    "tblGridChange": (
        table(row(cell("A")), grid=GRID.format('<w:tblGridChange w:id="1"><w:tblGrid/></w:tblGridChange>')) + LAST,
        {},
    ),
    "trPrChange": (table(row(cell("A"), properties=change("trPrChange", "", "<w:cantSplit/>"))) + LAST, {}),
    "tcPrChange": (table(row(cell("A", change("tcPrChange", "", '<w:vAlign w:val="center"/>')))) + LAST, {}),
    "row inserted": (
        table(row(cell("A")), row(cell(marked("ins", ins(run("B")))), properties=f"<w:trPr><w:ins {BY}/></w:trPr>"))
        + LAST,
        {},
    ),
    "row deleted": (
        table(row(cell("A")), row(cell(marked("del", gone("B"))), properties=f"<w:trPr><w:del {BY}/></w:trPr>")) + LAST,
        {},
    ),
    "cell inserted": (table(row(cell("A"), cell("B", f"<w:tcPr><w:cellIns {BY}/></w:tcPr>"))) + LAST, {}),
    "cell deleted": (table(row(cell("A"), cell("B", f"<w:tcPr><w:cellDel {BY}/></w:tcPr>"))) + LAST, {}),
    "cells merged": (table(row(cell("A", f'<w:tcPr><w:cellMerge {BY} w:vMerge="rest"/></w:tcPr>'))) + LAST, {}),
    "numberingChange": (
        par(
            run("A."),
            f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:numberingChange {BY} w:original="1."/></w:numPr>',
        ),
        {},
    ),
    "revision without a date": (
        par(run("Members ") + ins(run("often "), 'w:id="1" w:author="WHO"') + run("meet.")),
        {},
    ),
    "one id twice": (par(gone("Members") + ins(run("States")) + run(" meet.")), {}),
    "equation in an insertion": (
        par(run("So ") + ins(f"<m:oMath {M}><m:r><m:t>a+b</m:t></m:r></m:oMath>") + run(".")),
        {},
    ),
    "whole paragraph moved": (
        FIRST
        + MOVED.format(marked("moveFrom", f"<w:moveFrom {BY}>{run('It moves away.')}</w:moveFrom>"))
        + LAST
        + CAME.format(marked("moveTo", f"<w:moveTo {BY}>{run('It moves away.')}</w:moveTo>"))
        + LAST,
        {},
    ),
    "deletion in an insertion": (par(run("Members ") + ins(run("very ") + gone("often ")) + run("meet.")), {}),
    "edit in a move": (
        par(run("Old: ") + f"<w:moveFrom {BY}>{run('young people')}</w:moveFrom>" + run("."))
        + par(run("New: ") + f"<w:moveTo {BY}>{run('young ')}{gone('people')}</w:moveTo>" + ins(run("men")) + run(".")),
        {},
    ),
    "revision in a header": (
        FIRST + '<w:p><w:pPr><w:sectPr><w:headerReference r:id="rId1" w:type="default"/></w:sectPr></w:pPr></w:p>',
        {"word/header1.xml": f"<w:hdr {NAMESPACES}>{par(run('Draft ') + gone('one') + ins(run('two')))}</w:hdr>"},
    ),
    "revision in a content control": (
        par(run("To ") + f"<w:sdt><w:sdtContent>{ins(run('all '))}</w:sdtContent></w:sdt>" + run("States.")),
        {},
    ),
    "content control inserted": (
        par(
            run("To ")
            + f"<w:customXmlInsRangeStart {BY}/><w:sdt><w:sdtContent><w:customXmlInsRangeEnd w:id='1'/>{run('all ')}"
            + f"<w:customXmlInsRangeStart {BY}/></w:sdtContent></w:sdt><w:customXmlInsRangeEnd w:id='1'/>"
            + run("States.")
        ),
        {},
    ),
    "content control moved": (
        FIRST
        + control(
            "moveFrom", 5, par(f"<w:moveFrom {BY}>{run('In May.')}</w:moveFrom>", f"<w:rPr><w:moveFrom {BY}/></w:rPr>")
        )
        + LAST
        + control("moveTo", 7, par(f"<w:moveTo {BY}>{run('In May.')}</w:moveTo>", f"<w:rPr><w:moveTo {BY}/></w:rPr>"))
        + par(run("Ends.")),
        {},
    ),
    "revision in a note": (
        par(run("Members meet.") + NOTE),
        noted(run("In ") + gone("May") + ins(run("June")) + run(".")),
    ),
    "note reference inserted": (par(run("Members meet") + ins(NOTE) + run(".")), noted(ins(run("In Vienna.")))),
    "note reference deleted": (
        par(run("Members meet") + f"<w:del {BY}>{NOTE}</w:del>" + run(".")),
        noted(gone("In Vienna.")),
    ),
    "revision in a text box": (
        par(
            run("Box: ")
            + f"<w:r><w:pict><v:shape {V}><v:textbox><w:txbxContent>{par(run('Old') + gone(' age'))}"
            + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        ),
        {},
    ),
    "picture in a deletion": (par(run("Here: ") + f"<w:del {BY}><w:r><w:drawing/></w:r></w:del>" + run(".")), {}),
    "revision in a link": (
        par(f'<w:hyperlink w:anchor="a">{run("the ")}{gone("old ")}{run("site")}</w:hyperlink>'),
        {},
    ),
    "whole paragraphs in one insertion": (FIRST + ins(par(run("One more.")) + par(run("And one."))) + LAST, {}),
    "whole paragraphs in one deletion": (FIRST + f"<w:del {BY}>{par(run('One less.'))}</w:del>" + LAST, {}),
}


#: what each is read as: story, kind, old words, new words, remark
READ: dict[str, list[str]] = {
    "paragraph mark inserted": ["body insertion '' '\\n'"],
    "paragraph mark deleted": ["body deletion '\\n' ''"],
    "revision in a table cell": ["body/t0/r0/c0 replacement ' age' ' youth'"],
    "field in an insertion": ["body insertion '' 'page 3'"],
    "field in a deletion": ["body deletion 'page 3' ''"],
    "comment with a reply": ["body comment 'Members' '' Who?", "body comment 'Members' '' All."],
    "resolved comment": ["body comment 'Members' '' Who?"],
    "comment on whole paragraphs": ["body comment 'Members meet.\\n' '' All of it?"],
    "rPrChange": ["body formatting 'Members meet.' '' bold"],
    "pPrChange": ["body formatting 'Members.' '' alignment none -> both"],
    "sectPrChange": ["body formatting '' '' page size"],
    "tblPrChange": ["body/t0/r0/c0 formatting 'A\\n' '' alignment none -> center"],
    "tblPrExChange": ["body/t0/r0/c0 formatting 'A\\n' '' alignment none -> center"],
    "tblGridChange": ["body/t0/r0/c0 formatting 'A\\n' '' column widths"],
    "trPrChange": ["body/t0/r0/c0 formatting 'A\\n' '' row kept on one page"],
    "tcPrChange": ["body/t0/r0/c0 formatting 'A\\n' '' vertical alignment none -> center"],
    "row inserted": ["body/t0/r0/c0 row_insertion '' 'B'"],
    "row deleted": ["body/t0/r1/c0 row_deletion 'B\\n' ''"],
    "cell inserted": ["body comment '￼' '' New table cell: B"],
    "cell deleted": ["body comment '￼' '' Delete this table cell: B"],
    "cells merged": ["body/t0/r0/c0 formatting 'A\\n' '' cells merged"],
    "numberingChange": ["body formatting 'A.' '' numbering (before: 1.)"],
    "revision without a date": ["body insertion '' 'often '"],
    "one id twice": ["body replacement 'Members' 'States'"],
    "equation in an insertion": ["body insertion '' '￼'"],
    "whole paragraph moved": ["body move 'It moves away.\\n' ''"],
    "deletion in an insertion": ["body insertion '' 'very '"],
    "edit in a move": ["body deletion 'young people' ''", "body insertion '' 'young '", "body insertion '' 'men'"],
    "revision in a header": ["header/1 replacement 'one' 'two'"],
    "revision in a content control": ["body insertion '' 'all '"],
    "content control inserted": [],
    "content control moved": ["body move 'In May.\\n' ''"],
    "revision in a note": ["footnote/1 replacement 'May' 'June'"],
    "note reference inserted": ["body insertion '' '￼'"],
    "note reference deleted": ["body deletion '￼' ''", "footnote/1 deletion 'In Vienna.' ''"],
    "revision in a text box": ["body/x0 deletion ' age' ''"],
    "picture in a deletion": ["body deletion '￼' ''"],
    "revision in a link": ["body deletion 'old ' ''"],
    "whole paragraphs in one insertion": ["body insertion '' 'One more.\\nAnd one.\\n'"],
    "whole paragraphs in one deletion": ["body deletion 'One less.\\n' ''"],
}
#: what a field shows is all that is carried of it
SHOWN = {"field in an insertion": "See page 3.\n"}


def list_read(content: bytes) -> list[str]:
    changes = read_changes(content, read_text(content)).changes
    return [f"{one.story} {one.kind} {one.old!r} {one.new!r} {one.remark}".rstrip() for one in changes]


@pytest.mark.parametrize("name", CENSUS)
def test_construct_is_read_as_what_it_is(name: str) -> None:
    assert list_read(pack(*CENSUS[name])) == READ[name]


@pytest.mark.parametrize("name", CENSUS)
def test_construct_is_written_so_that_it_reads_back(name: str) -> None:
    content = pack(*CENSUS[name])
    written = merge_alone(content, content)
    assert with_words(read_view(written)) == with_words(read_view(content))
    now = accepted(content) | ({"body": SHOWN[name]} if name in SHOWN else {})
    assert with_words(accepted(written)) == with_words(now)


def with_words(stories: dict[str, str]) -> dict[str, str]:
    """The stories without empty ones: the note of a rejected reference stays without words."""
    return {name: text for name, text in stories.items() if text.strip()}
