"""Comment tables invented without a look at the reader: other houses' headings, merged cells, tables that are none.

In a row "<" goes on the cell to its left and "^" the cell above it, as merged cells do.
"""

import io
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import openpyxl
import pytest

from pipeline.redline.matrix_read import read_matrix, read_matrix_xlsx
from tests.make_docx import pack
from tests.redline.test_matrix_variants import Expected, Rows, project


def make_word(tables: Sequence[Rows]) -> bytes:
    """A Word file with these tables, their merged cells as Word writes them."""
    body = "".join(f"<w:tbl>{''.join(map(_row, table))}</w:tbl><w:p/>" for table in tables)
    return pack("<w:p><w:r><w:t>Comments on the draft</w:t></w:r></w:p>" + body)


def _row(cells: Sequence[str]) -> str:
    return f"<w:tr>{''.join(_cell(cells, index) for index, text in enumerate(cells) if text != '<')}</w:tr>"


def _cell(cells: Sequence[str], index: int) -> str:
    span = 1
    while cells[index + span : index + span + 1] == ["<"]:
        span += 1
    below = "<w:vMerge/>" if cells[index] == "^" else ""
    text = "" if cells[index] == "^" else cells[index]
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{below}</w:tcPr>{lines}</w:tc>'


def make_workbook(tables: Sequence[Rows]) -> bytes:
    """A workbook with one sheet for each of these tables."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet()
        for row in table:
            sheet.append(["" if text in ("<", "^") else text for text in row])
        for area in _merged(table):
            sheet.merge_cells(**area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _merged(table: Rows) -> Iterator[dict[str, int]]:
    for top, row in enumerate(table):
        for left, text in enumerate(row):
            right = left
            while row[right + 1 : right + 2] == ["<"]:
                right += 1
            bottom = top
            while bottom + 1 < len(table) and table[bottom + 1][left : left + 1] == ["^"]:
                bottom += 1
            if text not in ("<", "^") and (right, bottom) != (left, top):
                yield {
                    "start_row": top + 1, "start_column": left + 1, "end_row": bottom + 1, "end_column": right + 1,
                }  # fmt: skip


EXAMINED: dict[str, tuple[list[Rows], list[Expected]]] = {
    "original, suggested, rationale": (
        [[
            ["Para.", "Original text", "Suggested text", "Rationale"],
            ["4", "aliens", "non-nationals", "Agreed language."],
            ["9", "", "Every State decides on its own.", "A safeguard is missing."],
        ]],
        [
            ("", "4", "", "Agreed language.", ("aliens", "non-nationals")),
            ("", "9", "", "A safeguard is missing.", "Every State decides on its own."),
        ],
    ),
    "two heading rows, the upper one merged": (
        [[
            ["Reference", "<", "Proposal", "<", "Reason"],
            ["Page", "Para", "From", "To", "^"],
            ["3", "7", "wells", "boreholes", "They are drilled."],
        ]],
        [("", "7", "", "They are drilled.", ("wells", "boreholes"))],
    ),
    "a title over all columns": (
        [[
            ["Consolidated comments of the Fund on the zero draft", "<", "<"],
            ["Paragraph", "Comment", "Proposed text"],
            ["2", "Too long.", "delete “in order”"],
        ]],
        [("", "2", "", "Too long.", ("in order", ""))],
    ),
    "title, date and an empty row": (
        [[
            ["Peer review of the thematic paper", "<", "<", "<"],
            ["Date: 12 October 2012", "<", "Reviewer: Policy Branch", "<"],
            ["", "", "", ""],
            ["No.", "Section/para", "Reviewer's comment", "Proposed revision"],
            ["1", "3", "The verb is too strong.", "“demand” → “request”"],
        ]],
        [("", "3", "", "The verb is too strong.", ("demand", "request"))],
    ),
    "french, initial and proposed": (
        [[
            ["N°", "Paragraphe concerné", "Texte initial", "Texte proposé", "Motivation"],
            ["1", "6", "les clandestins", "les migrants en situation irrégulière", "Langage convenu."],
        ]],
        [("", "6", "", "Langage convenu.", ("les clandestins", "les migrants en situation irrégulière"))],
    ),
    "spanish, it says and it should say": (
        [[
            ["N.º", "Apartado", "Dice", "Debe decir", "Justificación"],
            ["1", "párr. 5", "los ilegales", "los migrantes irregulares", "Terminología."],
        ]],
        [("", "párr. 5", "", "Terminología.", ("los ilegales", "los migrantes irregulares"))],
    ),
    "spanish, agency first": (
        [[
            ["Organismo", "Párr.", "Comentario", "Propuesta de redacción"],
            ["CEPAL", "4", "Falta el género.", "Reemplazar “niños” por “niñas y niños”"],
            ["", "8", "Muy bien.", ""],
        ]],
        [
            ("CEPAL", "4", "", "Falta el género.", ("niños", "niñas y niños")),
            ("CEPAL", "8", "", "Muy bien.", ""),
        ],
    ),
    "page and line in one column": (
        [[
            ["Page/Line", "Comment", "Suggested change"],
            ["3/12", "A word is missing.", "“state” → “State”"],
        ]],
        [("", "p. 3 line 12", "", "A word is missing.", ("state", "State"))],
    ),
    "observation and action": (
        [[
            ["Nr.", "Article / paragraph", "Observation", "Action requested"],
            ["1", "12", "No source.", "Cite the census."],
        ]],
        [("", "12", "", "No source.", "Cite the census.")],
    ),
    "an agency over several rows": (
        [[
            ["Entity", "Para", "Comment", "Suggested wording"],
            ["UNEP", "1", "One.", ""],
            ["^", "3", "Two.", ""],
            ["FAO", "3", "Three.", ""],
        ]],
        [("UNEP", "1", "", "One.", ""), ("UNEP", "3", "", "Two.", ""), ("FAO", "3", "", "Three.", "")],
    ),
    "columns of the secretariat beside": (
        [[
            ["ID", "Priority (H/M/L)", "Para", "Comment", "Proposed amendment", "Response of the drafters", "Status"],
            ["17", "H", "11", "Wrong year.", "“2009” → “2010”", "", "open"],
        ]],
        [("", "11", "", "Wrong year.", ("2009", "2010"))],
    ),
    "a list of contacts first": (
        [
            [["Name", "Title", "E-mail"], ["A. Specimen", "Adviser", "a.specimen@agency.example"]],
            [["Paragraph", "Comments"], ["5", "Say who pays."]],
        ],
        [("", "5", "", "Say who pays.", "")],
    ),
    "an agenda": (
        [[
            ["Time", "Item", "Speaker"],
            ["10:00", "Opening", "Chair"],
            ["10:15", "The draft, para 4", "Lead"],
        ]],
        [],
    ),
    "a list of indicators": (
        [[
            ["Indicator", "Baseline 2010", "Target 2015", "Source"],
            ["Wells per village", "2", "4", "Census"],
        ]],
        [],
    ),
    "a distribution list": (
        [[
            ["Agency", "Focal point", "Telephone", "Remarks"],
            ["WHO", "A. Specimen", "555 01", "on mission until May"],
        ]],
        [],
    ),
    "headings again on the next page": (
        [[
            ["Para", "Comment", "Suggested text"],
            ["1", "One.", ""],
            ["Para", "Comment", "Suggested text"],
            ["2", "Two.", ""],
        ]],
        [("", "1", "", "One.", ""), ("", "2", "", "Two.", "")],
    ),
    "russian": (
        [[
            ["№ п/п", "Пункт", "Текст проекта", "Предлагаемая редакция", "Обоснование"],
            ["1", "8", "нелегальные мигранты", "неурегулированные мигранты", "Согласованный термин."],
        ]],
        [("", "8", "", "Согласованный термин.", ("нелегальные мигранты", "неурегулированные мигранты"))],
    ),
    "chinese": (
        [[
            ["序号", "段落", "现有文字", "建议文字", "理由"],
            ["1", "6", "非法移民", "非正规移民", "商定用语"],
        ]],
        [("", "6", "", "商定用语", ("非法移民", "非正规移民"))],
    ),
    "arabic": (
        [[
            ["الفقرة", "النص الحالي", "النص المقترح", "المبررات"],
            ["3", "الآبار", "الينابيع", "أدق"],
        ]],
        [("", "3", "", "أدق", ("الآبار", "الينابيع"))],
    ),
    "titles of sections between the rows": (
        [[
            ["Para", "Comment", "Proposed edit"],
            ["II. Findings", "<", "<"],
            ["6", "Too weak.", "“may” → “will”"],
            ["III. The way forward", "<", "<"],
            ["9", "Good.", ""],
        ]],
        [("", "6", "", "Too weak.", ("may", "will")), ("", "9", "", "Good.", "")],
    ),
    "what goes and what comes": (
        [[
            ["Para", "Delete", "Insert", "Reason"],
            ["4", "the poor", "people living in poverty", "Dignity."],
            ["7", "very", "", "Style."],
        ]],
        [
            ("", "4", "", "Dignity.", ("the poor", "people living in poverty")),
            ("", "7", "", "Style.", ("very", "")),
        ],
    ),
    "the new wording says delete": (
        [[
            ["Para", "Current wording", "Proposed wording", "Explanation"],
            ["2", "in order to", "[delete]", "Shorter."],
        ]],
        [("", "2", "", "Shorter.", ("in order to", ""))],
    ),
    "feedback by topic": (
        [[
            ["Topic", "Ref.", "Feedback", "Suggested revision"],
            ["Gender", "para 12", "Not mentioned.", "Add a sentence on girls."],
        ]],
        [("", "para 12", "", "Not mentioned.", "Add a sentence on girls.")],
    ),
    "organisation and name of an expert": (
        [[
            ["Organization", "Name of expert", "Page", "Line", "Comment"],
            ["UNU", "A. Specimen", "4", "17", "The figure is of 2005."],
        ]],
        [("UNU", "p. 4 line 17", "", "The figure is of 2005.", "")],
    ),
    "general comments in a table of their own": (
        [
            [["General comments"], ["The paper is long but useful."]],
            [["Paragraph", "Specific comments"], ["5", "Say who pays."]],
        ],
        [("", "", "", "The paper is long but useful.", ""), ("", "5", "", "Say who pays.", "")],
    ),
    "capitals and line ends in the headings": (
        [[
            ["PARAGRAPH\nNUMBER", "COMMENTS /\nOBSERVATIONS", "PROPOSED\nAMENDMENT"],
            ["10", "Not agreed.", "“shall” → “should”"],
        ]],
        [("", "10", "", "Not agreed.", ("shall", "should"))],
    ),
    "old and new in one cell": (
        [[
            ["Para", "Comment", "Proposed change"],
            ["3", "Precision.", "Old: many wells\nNew: most wells"],
        ]],
        [("", "3", "", "Precision.", ("many wells", "most wells"))],
    ),
    "lines only": (
        [[
            ["Line(s)", "Comment", "Proposed change"],
            ["112-115", "Repeats the summary.", ""],
        ]],
        [("", "line 112-115", "", "Repeats the summary.", "")],
    ),
    "types in words": (
        [[
            ["Para", "Type of comment", "Comment", "Proposal"],
            ["1", "Editorial", "Typing error.", "“teh” → “the”"],
            ["2", "Technical", "Wrong unit.", ""],
            ["3", "General", "Good.", ""],
        ]],
        [
            ("", "1", "ed", "Typing error.", ("teh", "the")),
            ("", "2", "te", "Wrong unit.", ""),
            ("", "3", "ge", "Good.", ""),
        ],
    ),
    "who commented comes last": (
        [[
            ["Ref. para.", "Comment / question", "Suggested drafting", "Submitted by"],
            ["§ 14", "Which year?", "“recently” → “in 2011”", "ITU"],
        ]],
        [("ITU", "§ 14", "", "Which year?", ("recently", "in 2011"))],
    ),
    "one number over several rows": (
        [[
            ["Para", "Comment", "Suggested text"],
            ["7", "One.", ""],
            ["^", "Two.", "delete “all”"],
        ]],
        [("", "7", "", "One.", ""), ("", "7", "", "Two.", ("all", ""))],
    ),
    "again: three languages in the headings": (
        [[
            ["Paragraph / Paragraphe / Párrafo", "Comment / Commentaire / Comentario",
             "Proposal / Proposition / Propuesta"],
            ["6", "Too weak.", "“may” → “shall”"],
        ]],
        [("", "6", "", "Too weak.", ("may", "shall"))],
    ),
    "again: as it reads and as it should": (
        [[
            ["§", "Currently reads", "Should read", "Why"],
            ["2", "few", "some", "Accuracy."],
        ]],
        [("", "2", "", "Accuracy.", ("few", "some"))],
    ),
    "again: section, paragraph and line": (
        [[
            ["Section", "Para", "Line", "Remark", "Suggestion"],
            ["II", "8", "3", "Old data.", "“2005” → “2010”"],
        ]],
        [("", "8", "", "Old data.", ("2005", "2010"))],
    ),
    "again: country and reviewer": (
        [[
            ["Country/Organization", "Reviewer", "Paragraph", "Review comment"],
            ["UNEP", "A. Specimen", "3", "Define the term."],
        ]],
        [("UNEP", "3", "", "Define the term.", "")],
    ),
    "again: a budget": (
        [[
            ["Activity", "2011", "2012", "Comments"],
            ["Training", "10 000", "12 000", "two courses"],
        ]],
        [],
    ),
    "again: an action list": (
        [[
            ["Action", "Responsible", "Due date", "Status"],
            ["Circulate the draft", "Chair", "1 October", "done"],
        ]],
        [],
    ),
    "again: a heading row below a merged title and instructions": (
        [[
            ["Comments on the zero draft", "<", "<"],
            ["Please use one row for each comment.", "<", "<"],
            ["Para", "Comment", "Proposed change"],
            ["9", "Repeats para 2.", "delete"],
        ]],
        [("", "9", "", "Repeats para 2.", "delete")],
    ),
    "again: old and new below one heading": (
        [[
            ["Para", "Text", "<", "Justification"],
            ["^", "Existing", "Proposed", "^"],
            ["5", "poor", "low-income", "Style."],
        ]],
        [("", "5", "", "Style.", ("poor", "low-income"))],
    ),
    "again: french form with the entity": (
        [[
            ["Entité", "Para.", "Observations", "Proposition d'amendement"],
            ["HCR", "7", "Trop vague.", "Remplacer « divers » par « cinq »"],
        ]],
        [("HCR", "7", "", "Trop vague.", ("divers", "cinq"))],
    ),
    "again: spanish suppression": (
        [[
            ["Párrafo", "Suprimir", "Añadir", "Motivo"],
            ["3", "muy", "", "Estilo."],
        ]],
        [("", "3", "", "Estilo.", ("muy", ""))],
    ),
    "again: russian, was and became": (
        [[
            ["Пункт", "Замечание", "Предложение"],
            ["2", "Неточно.", "Было: много\nСтало: несколько"],
        ]],
        [("", "2", "", "Неточно.", ("много", "несколько"))],
    ),
    "again: page and line apart": (
        [[
            ["Page #", "Line #", "Current text", "Recommended text"],
            ["2", "11", "childs", "children"],
        ]],
        [("", "p. 2 line 11", "", "", ("childs", "children"))],
    ),
    "again: priority and type": (
        [[
            ["#", "Type (E/T/G)", "Paragraph no.", "Comment", "Proposed resolution by commenter"],
            ["1", "E", "4", "Typing error.", "“recieve” → “receive”"],
        ]],
        [("", "4", "ed", "Typing error.", ("recieve", "receive"))],
    ),
    "again: chinese with the agency": (
        [[
            ["机构", "段落编号", "意见", "修改为"],
            ["粮农组织", "5", "不够准确", "将“水井”改为“机井”"],
        ]],
        [("粮农组织", "5", "", "不够准确", ("水井", "机井"))],
    ),
    "again: remarks of two members in one column": (
        [[
            ["Para", "Comments received"],
            ["4", "WHO: too long. ILO: fine."],
        ]],
        [("", "4", "", "WHO: too long. ILO: fine.", "")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tables", "expected"), EXAMINED.values(), ids=EXAMINED)
def test_a_table_in_word_is_read(tables: list[Rows], expected: list[Expected]) -> None:
    assert [project(row) for row in read_matrix(make_word(tables))] == expected


@pytest.mark.parametrize(("tables", "expected"), EXAMINED.values(), ids=EXAMINED)
def test_a_table_in_excel_is_read(tables: list[Rows], expected: list[Expected]) -> None:
    assert [project(row) for row in read_matrix_xlsx(make_workbook(tables))] == expected
