"""A part boiled down reads like the part itself; what could mean something else is left as it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.redline import condense
from pipeline.redline.opc import open_package
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.story import read_condensed, read_document, read_plainly
from tests.make_docx import make_docx, pack

BY = 'w:id="7" w:author="Ana" w:date="2012-11-02T09:30:00Z"'
BOLD = "<w:rPr><w:b/></w:rPr>"
PLAIN = "<w:p><w:pPr><w:jc w:val='left'/></w:pPr><w:r><w:t>Before. </w:t></w:r><w:r><w:t>Words.</w:t></w:r></w:p>"


def run(text, looks=""):
    return f"<w:r>{looks}<w:t>{text}</w:t></w:r>"


def row(*cells, mark=""):
    properties = f"<w:trPr>{mark}</w:trPr>" if mark else ""
    return f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


ONE = f"<w:p>{run('One.')}</w:p>"
LOUD = f"<w:p>{run('x', BOLD)}</w:p>"
NEW, GONE = f"<w:ins {BY}/>", f"<w:del {BY}/>"
BODIES = {
    "several plain paragraphs": PLAIN.replace("'", '"') * 3,
    "attributes in single quotes": PLAIN,
    "entities": f"<w:p>{run('Terms &amp; conditions &#x41;')}</w:p>" + ONE,
    "tabs": '<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs></w:pPr><w:r><w:tab/><w:t>x</w:t></w:r></w:p>',
    "line ends in text": f"<w:p>{run('a' + chr(10) + 'b')}</w:p>" + ONE,
    "a break": "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r></w:p>",
    "no text at all": '<w:p/><w:p w:rsidR="1"/><w:p></w:p><w:p><w:r/></w:p><w:p><w:r><w:t/></w:r></w:p>',
    "a link": f'<w:p>{run("See ")}<w:hyperlink w:anchor="x">{run("there")}</w:hyperlink>{run(".")}</w:p>',
    "a new mark": f"<w:p><w:pPr><w:rPr><w:ins {BY}/></w:rPr></w:pPr>{run('New.')}</w:p>" + ONE,
    "a deleted mark": f"<w:p><w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>{run('Joined ')}</w:p>" + ONE,
    "new words that look different": f"<w:p>{run('a ') * 3}<w:ins {BY}>{run('b ', BOLD)}{run('c ', BOLD)}</w:ins>"
    f"{run('d') * 2}</w:p>",
    "new words in a link": f'<w:p>{run("a")}<w:ins {BY}><w:hyperlink w:anchor="x">{run("b", BOLD)}{run("c")}'
    f"</w:hyperlink></w:ins></w:p>",
    "deleted words": f"<w:p>{run('a ') * 2}<w:del {BY}><w:r><w:delText>b</w:delText></w:r></w:del>{run('c') * 2}</w:p>",
    "changed looks": f"<w:p>{run('a')}{run('b', f'<w:rPr><w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange></w:rPr>')}"
    f"</w:p><w:p><w:pPr><w:pPrChange {BY}><w:pPr/></w:pPrChange></w:pPr>{run('c')}</w:p>",
    "a revision round paragraphs": f"{ONE}<w:ins {BY}>{ONE}<w:p>{run('Two', BOLD)}</w:p></w:ins>{ONE}",
    "a content control": f"<w:sdt><w:sdtContent>{ONE}{ONE}</w:sdtContent></w:sdt>{ONE}",
    "a table": f"{ONE}<w:tbl>{row(ONE, ONE + ONE)}{row(PLAIN, '<w:p/>')}</w:tbl>{ONE}",
    "a new row": f"{ONE}<w:tbl>{row(ONE)}{row(LOUD, mark=NEW)}</w:tbl>{ONE}",
    "a new table": f"{ONE}<w:tbl>{row(LOUD, mark=NEW)}</w:tbl>{ONE}",
    "a deleted row": f"{ONE}<w:tbl>{row(ONE, mark=GONE)}{row(ONE)}</w:tbl>{ONE}",
    "a table in a cell": f"{ONE}<w:tbl>{row(f'<w:tbl>{row(ONE)}</w:tbl>{ONE}', ONE)}</w:tbl>{ONE}{ONE}",
    "a text box": f"<w:p><w:r><w:pict><w:txbxContent>{ONE}{PLAIN}</w:txbxContent></w:pict></w:r>{run('x')}</w:p>{ONE}",
    "a field": f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("4")}{run("5")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    f"{run('b') * 2}</w:p>{ONE}",
    "a comment of XML": f"{ONE}<!-- </w:p><w:p> -->{ONE}",
    "marked text": f"{ONE}<w:p><w:r><w:t><![CDATA[</w:p><w:p>]]></w:t></w:r></w:p>{ONE}",
    "another meaning of the prefix": f'{ONE}<x:y xmlns:x="urn:x"><w:p xmlns:w="urn:w">{run("no")}</w:p></x:y>{ONE}',
    "a forged mark": f'{ONE}<w:p {condense.PLAIN}="">{run("seen")}<w:ins {BY}>{run("hidden")}</w:ins></w:p>{ONE}',
    "a section": f"<w:p><w:pPr><w:sectPr/></w:pPr>{run('a')}</w:p>{ONE}",
}


def describe(document):
    return [(one.name, one.original, one.accepted) for one in document.streams]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_text_is_the_same_however_it_is_read(body):
    package = open_package(pack(body))
    whole = describe(read_document(package))
    assert describe(read_condensed(package)) == whole
    assert describe(read_plainly(package)) == whole


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("edited", [False, True])
def test_changes_and_numbers_are_the_same_however_they_are_read(body, edited, monkeypatch):
    content = pack(body)
    base = pack(ONE) if edited else content
    found = read_text(content), read_changes(content, read_text(base))
    monkeypatch.setattr(condense, "condense", lambda content, **how: None)
    assert (read_text(content), read_changes(content, read_text(base))) == found


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
paragraphs = st.lists(st.lists(st.tuples(words, st.booleans(), st.booleans()), max_size=4), min_size=1, max_size=5)


@settings(max_examples=60)
@given(paragraphs)
def test_any_paragraphs_read_the_same(given_paragraphs):
    def stretch(text, new, bold):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        inner = run(escaped, BOLD if bold else "")
        return f"<w:ins {BY}>{inner}</w:ins>" if new else inner

    body = "".join(f"<w:p>{''.join(stretch(*one) for one in runs)}</w:p>" for runs in given_paragraphs)
    package = open_package(pack(body))
    assert describe(read_condensed(package)) == describe(read_document(package))


def test_most_of_an_edited_text_needs_no_elements():
    content = make_docx(
        [f"Paragraph {number} stays as it is." for number in range(30)] + ["This {--is--}{++was++} new."]
    )
    streams = read_condensed(open_package(content)).streams
    whole = read_document(open_package(content)).streams
    assert len(streams[0].pieces) < len(whole[0].pieces) / 3


@pytest.mark.parametrize("name", ["a comment of XML", "marked text", "another meaning of the prefix", "a forged mark"])
def test_what_may_mean_something_else_is_left_as_it_stands(name):
    part = open_package(pack(BODIES[name])).parts["word/document.xml"]
    assert condense.condense(part, properties=False) is None


def test_other_encodings_are_left_as_they_stand():
    part = open_package(make_docx("text")).parts["word/document.xml"]
    assert condense.condense(part, properties=False) is not None
    declaration = b'<?xml version="1.0" encoding="ISO-8859-1"?>'
    assert condense.condense(declaration + part, properties=False) is None


def test_new_words_keep_their_looks_behind_plain_ones():
    content = pack(BODIES["new words that look different"])
    (change,) = (one for one in read_changes(content, read_text(content)).changes if one.new)
    assert change.content.count("<w:b/>") == change.content.count("<entry")
