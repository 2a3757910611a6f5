"""Comment tables as agencies really fill them in: every heading and every order means the same."""

import io
from collections.abc import Sequence

import openpyxl
import pytest

from pipeline.redline.matrix_read import MatrixRow, read_matrix, read_matrix_xlsx, split_proposal
from tests.make_docx import make_docx

Rows = Sequence[Sequence[str]]
#: agency, paragraph, type, comment, (old, new) or the proposal as written
Expected = tuple[str, str, str, str, tuple[str, str] | str]


def project(row: MatrixRow) -> Expected:
    """The row with its wording taken apart where it says old and new."""
    return (row.agency, row.paragraph, row.type, row.comment, split_proposal(row.proposal) or row.proposal)


def make_xlsx(sheets: dict[str, Rows]) -> bytes:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


VARIANTS: dict[str, tuple[list[Rows], list[Expected]]] = {
    "eight columns of ISO and IEC": (
        [[
            ["MB/NC", "Line number", "Clause/ Subclause", "Paragraph/ Figure/ Table/", "Type of comment", "Comments",
             "Proposed change", "Observations of the secretariat"],
            ["ILO", "", "4", "4.1", "te", "The term is too narrow.", "Replace “miners” with “workers”", ""],
            ["ILO", "", "", "General", "ge", "A good draft.", "", ""],
        ]],
        [
            ("ILO", "4.1", "te", "The term is too narrow.", ("miners", "workers")),
            ("ILO", "General", "ge", "A good draft.", ""),
        ],
    ),
    "eight columns on two heading lines": (
        [[
            ["1", "2", "(3)", "4", "5", "(6)", "(7)"],
            ["MB", "Clause No.", "Paragraph/ Figure", "Type of comment", "Comment (justification for change) by the MB",
             "Proposed change by the MB", "Secretariat observations on each comment submitted"],
            ["WHO", "", "7", "ed", "Typing error.", "“recieve” -> “receive”", ""],
        ]],
        [("WHO", "7", "ed", "Typing error.", ("recieve", "receive"))],
    ),
    "comment and suggested text": (
        [[
            ["Para", "Comment", "Suggested text"],
            ["3", "Unclear.", "“many” → “most”"],
            ["9", "Please explain the figure.", ""],
        ]],
        [
            ("", "3", "", "Unclear.", ("many", "most")),
            ("", "9", "", "Please explain the figure.", ""),
        ],
    ),
    "original, proposed, rationale": (
        [[
            ["Paragraph", "Original text", "Proposed text", "Rationale"],
            ["5", "all pumps", "all hand pumps", "Power is scarce."],
        ]],
        [("", "5", "", "Power is scarce.", ("all pumps", "all hand pumps"))],
    ),
    "current and revised wording, no paragraph": (
        [[
            ["Current wording", "Revised wording", "Justification"],
            ["the wells are deep", "the wells are shallow", "As measured."],
        ]],
        [("", "", "", "As measured.", ("the wells are deep", "the wells are shallow"))],
    ),
    "columns the other way round": (
        [[
            ["Reason", "Proposed amendment", "Type", "Para.", "Organization"],
            ["Consistency.", "“village” to read “town”", "Editorial", "12", "FAO"],
        ]],
        [("FAO", "12", "ed", "Consistency.", ("village", "town"))],
    ),
    "french": (
        [[
            ["N° de paragraphe", "Observations", "Proposition de modification"],
            ["Par. 4 a)", "Trop vague.", "Remplacer « eau » par « eau potable »"],
        ]],
        [("", "Par. 4 a)", "", "Trop vague.", ("eau", "eau potable"))],
    ),
    "french, current and new": (
        [[
            ["Organisme", "Paragraphe", "Texte actuel", "Texte proposé", "Justification"],
            ["UNESCO", "2", "les femmes", "les femmes et les filles", "Texte convenu."],
        ]],
        [("UNESCO", "2", "", "Texte convenu.", ("les femmes", "les femmes et les filles"))],
    ),
    "spanish": (
        [[
            ["Párrafo", "Tipo de comentario", "Comentarios", "Cambio propuesto"],
            ["6", "técnico", "Falta la fuente.", "Sustituir «algunos» por «muchos»"],
        ]],
        [("", "6", "te", "Falta la fuente.", ("algunos", "muchos"))],
    ),
    "russian": (
        [[
            ["Пункт", "Замечания",
             "Предлагаемый текст"],
            ["8", "Уточнить.", "safe water -> clean water"],
        ]],
        [("", "8", "", "Уточнить.", ("safe water", "clean water"))],
    ),
    "arabic": (
        [[
            ["الفقرة", "التعليق",
             "النص المقترح"],
            ["11", "ملاحظة", "a pump -> two pumps"],
        ]],
        [("", "11", "", "ملاحظة", ("a pump", "two pumps"))],
    ),
    "chinese": (
        [[
            ["段落", "意见", "修改建议"],
            ["13", "不清楚", "a valve -> the valve"],
        ]],
        [("", "13", "", "不清楚", ("a valve", "the valve"))],
    ),
    "title rows above": (
        [[
            ["Comments of UNIDO on the draft report on safe water", "", ""],
            ["Date: 12 October 2012", "", ""],
            ["Paragraph no.", "Comments", "Proposed change"],
            ["2", "Too long.", "delete “very”"],
        ]],
        [("", "2", "", "Too long.", ("very", ""))],
    ),
    "sections between": (
        [[
            ["Paragraph", "Comment", "Proposed change"],
            ["Introduction", "Introduction", "Introduction"],
            ["1", "Fine.", ""],
            ["Chapter 2", "", ""],
            ["4", "Shorten.", ""],
        ]],
        [("", "1", "", "Fine.", ""), ("", "4", "", "Shorten.", "")],
    ),
    "heading again on every page": (
        [[
            ["Para", "Comment"],
            ["1", "First."],
            ["Para", "Comment"],
            ["2", "Second."],
        ]],
        [("", "1", "", "First.", ""), ("", "2", "", "Second.", "")],
    ),
    "two tables, the second without headings of its own": (
        [
            [["Paragraph", "Comment", "Proposal"], ["1", "One.", ""]],
            [["Paragraph", "Comment", "Proposal"], ["2", "Two.", "“a” -> “the”"]],
        ],
        [("", "1", "", "One.", ""), ("", "2", "", "Two.", ("a", "the"))],
    ),
    "a table about the sender before it": (
        [
            [["Name of organization", "UNIDO"], ["Contact", "Water Unit"], ["Date", "3 October"]],
            [["Section / paragraph", "Comments / proposed edits"], ["Para 6", "Say who pays."]],
        ],
        [("", "Para 6", "", "Say who pays.", "")],
    ),
    "numbers as people write them": (
        [[
            ["Ref.", "Comment", "Proposed text"],
            ["Para 4(a)", "One.", ""],
            ["4-5", "Two.", ""],
            ["p. 3 line 12", "Three.", ""],
            ["General", "Four.", ""],
            ["§ 7, second sentence", "Five.", ""],
        ]],
        [
            ("", "Para 4(a)", "", "One.", ""),
            ("", "4-5", "", "Two.", ""),
            ("", "p. 3 line 12", "", "Three.", ""),
            ("", "General", "", "Four.", ""),
            ("", "§ 7, second sentence", "", "Five.", ""),
        ],
    ),
    "page and line": (
        [[
            ["No.", "Page", "Line", "Comment", "Suggested change"],
            ["1", "3", "12", "Wrong figure.", "“30%” -> “33%”"],
        ]],
        [("", "p. 3 line 12", "", "Wrong figure.", ("30%", "33%"))],
    ),
    "review sheet from and to": (
        [[
            ["Reviewer name", "Chapter", "From page", "From line", "To page", "To line", "Comment"],
            ["Water Unit", "2", "10", "4", "10", "9", "Cite a source."],
        ]],
        [("Water Unit", "p. 10 line 4", "", "Cite a source.", "")],
    ),
    "rows of several agencies": (
        [[
            ["Agency", "Paragraph", "Comment", "Proposed change"],
            ["ILO", "1", "One.", ""],
            ["WHO", "1", "Two.", ""],
            ["", "2", "Three.", ""],
        ]],
        [("ILO", "1", "", "One.", ""), ("WHO", "1", "", "Two.", ""), ("WHO", "2", "", "Three.", "")],
    ),
    "paragraph said once for several rows": (
        [[
            ["Para", "Comment", "Proposal"],
            ["5", "One.", ""],
            ["", "Two.", ""],
        ]],
        [("", "5", "", "One.", ""), ("", "5", "", "Two.", "")],
    ),
    "general or specific": (
        [[
            ["Paragraph reference", "General / specific comment", "Proposed new wording (if any)", "Reply of the lead"],
            ["10", "Add children.", "“adults” => “adults and children”", ""],
        ]],
        [("", "10", "", "Add children.", ("adults", "adults and children"))],
    ),
    "running number first": (
        [[
            ["#", "Para #", "Agency comment", "Suggested edit"],
            ["1", "14", "Old figure.", "replace “2009” by “2011”"],
        ]],
        [("", "14", "", "Old figure.", ("2009", "2011"))],
    ),
    "one cell says it all": (
        [[
            ["Paragraph", "Comments and suggested changes"],
            ["3", "Replace “old” with “ageing”"],
        ]],
        [("", "3", "", "", ("old", "ageing"))],
    ),
    "unfilled rows": (
        [[
            ["Para", "Type (ge/te/ed)", "Comment", "Proposed change", "Disposition"],
            ["", "", "", "", ""],
            ["4", "ge", "Good.", "", "Noted"],
            ["5", "", "", "", ""],
        ]],
        [("", "4", "ge", "Good.", "")],
    ),
    "an empty column and a title before the table": (
        [[
            ["", "", "", "", ""],
            ["", "Matrix of inputs received", "", "", ""],
            ["", "Agency", "Para", "Proposed edits", "Explanation"],
            ["", "FAO", "2", "“few” → “some”", "Accuracy"],
        ]],
        [("FAO", "2", "", "Accuracy", ("few", "some"))],
    ),
    "a sheet of instructions first": (
        [
            [["How to fill in this form"], ["1. Do not change the columns."], ["2. One remark a row."]],
            [["Para", "Reviewer comment", "Recommended text"], ["6", "Too weak.", "“may” -> “will”"]],
        ],
        [("", "6", "", "Too weak.", ("may", "will"))],
    ),
    "russian sentence": (
        [[
            ["№ пункта", "Предложение", "Обоснование"],
            ["3", "Заменить «water» на «safe water»", "Точнее."],
        ]],
        [("", "3", "", "Точнее.", ("water", "safe water"))],
    ),
    "chinese sentence": (
        [[
            ["段号", "原文", "建议改为", "理由"],
            ["4", "", "将“pump”改为“hand pump”", "更准确"],
        ]],
        [("", "4", "", "更准确", ("pump", "hand pump"))],
    ),
    "issue and recommendation": (
        [[
            ["Paragraph(s)", "Issue", "Recommendation"],
            ["7", "No source is given.", "Add one."],
        ]],
        [("", "7", "", "No source is given.", "Add one.")],
    ),
    "text as it is and as it should be": (
        [[
            ["Para. No.", "Text in draft", "Text should read", "Reasons"],
            ["8", "the pump", "the pumps", "There are two."],
        ]],
        [("", "8", "", "There are two.", ("the pump", "the pumps"))],
    ),
    "concerns of a member": (
        [[
            ["Member", "Location in text", "Concern", "Requested change"],
            ["IOM", "Para 2", "Not agreed language.", "delete “all”"],
        ]],
        [("IOM", "Para 2", "", "Not agreed language.", ("all", ""))],
    ),
    "spanish, general first": (
        [[
            ["Nombre de la entidad", "Párrafo / sección", "Observaciones", "Redacción sugerida"],
            ["CEPAL", "General", "Buen texto.", ""],
            ["", "2", "Falta contexto.", "Reemplazar “pocos” por “escasos”"],
        ]],
        [
            ("CEPAL", "General", "", "Buen texto.", ""),
            ("CEPAL", "2", "", "Falta contexto.", ("pocos", "escasos")),
        ],
    ),
    "french form of a ministry": (
        [[
            ["Entité", "Référence", "Remarque", "Nouvelle rédaction"],
            ["OIM", "§ 4", "À préciser.", "Remplacer « puits » par « forages »"],
        ]],
        [("OIM", "§ 4", "", "À préciser.", ("puits", "forages"))],
    ),
    "what and why": (
        [[
            ["Where", "Change requested", "Why"],
            ["Para 5", "“all” -> “most”", "Not all are."],
        ]],
        [("", "Para 5", "", "Not all are.", ("all", "most"))],
    ),
    "old and new text": (
        [[
            ["Par.", "Old text", "New text", "Remarks"],
            ["6", "two wells", "three wells", "One was added."],
        ]],
        [("", "6", "", "One was added.", ("two wells", "three wells"))],
    ),
    "before and after": (
        [[
            ["Paragraph", "Before", "After", "Justification"],
            ["6", "two wells", "three wells", "One was added."],
        ]],
        [("", "6", "", "One was added.", ("two wells", "three wells"))],
    ),
    "drafting suggestion": (
        [[
            ["S. No.", "Commenting entity", "Paragraph", "General/Specific", "Comment",
             "Drafting suggestion", "Remarks of the penholder"],
            ["1", "UNDP", "9", "Specific", "Be brief.", "delete “in order”", ""],
        ]],
        [("UNDP", "9", "", "Be brief.", ("in order", ""))],
    ),
    "spanish with the present text": (
        [[
            ["Párrafo", "Texto actual", "Texto propuesto", "Motivo"],
            ["1", "los niños", "las niñas y los niños", "Lenguaje acordado."],
        ]],
        [("", "1", "", "Lenguaje acordado.", ("los niños", "las niñas y los niños"))],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tables", "expected"), VARIANTS.values(), ids=VARIANTS)
def test_a_table_in_word_is_read(tables: list[Rows], expected: list[Expected]) -> None:
    parts = ["Comments on the draft", *(part for table in tables for part in (table, ""))]
    assert [project(row) for row in read_matrix(make_docx(parts))] == expected


@pytest.mark.parametrize(("tables", "expected"), VARIANTS.values(), ids=VARIANTS)
def test_a_table_in_excel_is_read(tables: list[Rows], expected: list[Expected]) -> None:
    sheets = {f"Sheet {number}": rows for number, rows in enumerate(tables, 1)}
    assert [project(row) for row in read_matrix_xlsx(make_xlsx(sheets))] == expected
