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
            ["ILO", "", "4", "4.1", "te", "The term is too narrow.", "Replace \u201cminers\u201d with \u201cworkers\u201d", ""],
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
            ["WHO", "", "7", "ed", "Typing error.", "\u201crecieve\u201d -> \u201creceive\u201d", ""],
        ]],
        [("WHO", "7", "ed", "Typing error.", ("recieve", "receive"))],
    ),
    "comment and suggested text": (
        [[
            ["Para", "Comment", "Suggested text"],
            ["3", "Unclear.", "\u201cmany\u201d \u2192 \u201cmost\u201d"],
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
            ["Consistency.", "\u201cvillage\u201d to read \u201ctown\u201d", "Editorial", "12", "FAO"],
        ]],
        [("FAO", "12", "ed", "Consistency.", ("village", "town"))],
    ),
    "french": (
        [[
            ["N\u00b0 de paragraphe", "Observations", "Proposition de modification"],
            ["Par. 4 a)", "Trop vague.", "Remplacer \u00ab eau \u00bb par \u00ab eau potable \u00bb"],
        ]],
        [("", "Par. 4 a)", "", "Trop vague.", ("eau", "eau potable"))],
    ),
    "french, current and new": (
        [[
            ["Organisme", "Paragraphe", "Texte actuel", "Texte propos\u00e9", "Justification"],
            ["UNESCO", "2", "les femmes", "les femmes et les filles", "Texte convenu."],
        ]],
        [("UNESCO", "2", "", "Texte convenu.", ("les femmes", "les femmes et les filles"))],
    ),
    "spanish": (
        [[
            ["P\u00e1rrafo", "Tipo de comentario", "Comentarios", "Cambio propuesto"],
            ["6", "t\u00e9cnico", "Falta la fuente.", "Sustituir \u00abalgunos\u00bb por \u00abmuchos\u00bb"],
        ]],
        [("", "6", "te", "Falta la fuente.", ("algunos", "muchos"))],
    ),
    "russian": (
        [[
            ["\u041f\u0443\u043d\u043a\u0442", "\u0417\u0430\u043c\u0435\u0447\u0430\u043d\u0438\u044f",
             "\u041f\u0440\u0435\u0434\u043b\u0430\u0433\u0430\u0435\u043c\u044b\u0439 \u0442\u0435\u043a\u0441\u0442"],
            ["8", "\u0423\u0442\u043e\u0447\u043d\u0438\u0442\u044c.", "safe water -> clean water"],
        ]],
        [("", "8", "", "\u0423\u0442\u043e\u0447\u043d\u0438\u0442\u044c.", ("safe water", "clean water"))],
    ),
    "arabic": (
        [[
            ["\u0627\u0644\u0641\u0642\u0631\u0629", "\u0627\u0644\u062a\u0639\u0644\u064a\u0642",
             "\u0627\u0644\u0646\u0635 \u0627\u0644\u0645\u0642\u062a\u0631\u062d"],
            ["11", "\u0645\u0644\u0627\u062d\u0638\u0629", "a pump -> two pumps"],
        ]],
        [("", "11", "", "\u0645\u0644\u0627\u062d\u0638\u0629", ("a pump", "two pumps"))],
    ),
    "chinese": (
        [[
            ["\u6bb5\u843d", "\u610f\u89c1", "\u4fee\u6539\u5efa\u8bae"],
            ["13", "\u4e0d\u6e05\u695a", "a valve -> the valve"],
        ]],
        [("", "13", "", "\u4e0d\u6e05\u695a", ("a valve", "the valve"))],
    ),
    "title rows above": (
        [[
            ["Comments of UNIDO on the draft report on safe water", "", ""],
            ["Date: 12 October 2012", "", ""],
            ["Paragraph no.", "Comments", "Proposed change"],
            ["2", "Too long.", "delete \u201cvery\u201d"],
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
            [["Paragraph", "Comment", "Proposal"], ["2", "Two.", "\u201ca\u201d -> \u201cthe\u201d"]],
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
            ["\u00a7 7, second sentence", "Five.", ""],
        ]],
        [
            ("", "Para 4(a)", "", "One.", ""),
            ("", "4-5", "", "Two.", ""),
            ("", "p. 3 line 12", "", "Three.", ""),
            ("", "General", "", "Four.", ""),
            ("", "\u00a7 7, second sentence", "", "Five.", ""),
        ],
    ),
    "page and line": (
        [[
            ["No.", "Page", "Line", "Comment", "Suggested change"],
            ["1", "3", "12", "Wrong figure.", "\u201c30%\u201d -> \u201c33%\u201d"],
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
            ["10", "Add children.", "\u201cadults\u201d => \u201cadults and children\u201d", ""],
        ]],
        [("", "10", "", "Add children.", ("adults", "adults and children"))],
    ),
    "running number first": (
        [[
            ["#", "Para #", "Agency comment", "Suggested edit"],
            ["1", "14", "Old figure.", "replace \u201c2009\u201d by \u201c2011\u201d"],
        ]],
        [("", "14", "", "Old figure.", ("2009", "2011"))],
    ),
    "one cell says it all": (
        [[
            ["Paragraph", "Comments and suggested changes"],
            ["3", "Replace \u201cold\u201d with \u201cageing\u201d"],
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
            ["", "FAO", "2", "\u201cfew\u201d \u2192 \u201csome\u201d", "Accuracy"],
        ]],
        [("FAO", "2", "", "Accuracy", ("few", "some"))],
    ),
    "a sheet of instructions first": (
        [
            [["How to fill in this form"], ["1. Do not change the columns."], ["2. One remark a row."]],
            [["Para", "Reviewer comment", "Recommended text"], ["6", "Too weak.", "\u201cmay\u201d -> \u201cwill\u201d"]],
        ],
        [("", "6", "", "Too weak.", ("may", "will"))],
    ),
    "russian sentence": (
        [[
            ["\u2116 \u043f\u0443\u043d\u043a\u0442\u0430", "\u041f\u0440\u0435\u0434\u043b\u043e\u0436\u0435\u043d\u0438\u0435", "\u041e\u0431\u043e\u0441\u043d\u043e\u0432\u0430\u043d\u0438\u0435"],
            ["3", "\u0417\u0430\u043c\u0435\u043d\u0438\u0442\u044c \u00abwater\u00bb \u043d\u0430 \u00absafe water\u00bb", "\u0422\u043e\u0447\u043d\u0435\u0435."],
        ]],
        [("", "3", "", "\u0422\u043e\u0447\u043d\u0435\u0435.", ("water", "safe water"))],
    ),
    "chinese sentence": (
        [[
            ["\u6bb5\u53f7", "\u539f\u6587", "\u5efa\u8bae\u6539\u4e3a", "\u7406\u7531"],
            ["4", "", "\u5c06\u201cpump\u201d\u6539\u4e3a\u201chand pump\u201d", "\u66f4\u51c6\u786e"],
        ]],
        [("", "4", "", "\u66f4\u51c6\u786e", ("pump", "hand pump"))],
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
            ["IOM", "Para 2", "Not agreed language.", "delete \u201call\u201d"],
        ]],
        [("IOM", "Para 2", "", "Not agreed language.", ("all", ""))],
    ),
    "spanish, general first": (
        [[
            ["Nombre de la entidad", "P\u00e1rrafo / secci\u00f3n", "Observaciones", "Redacci\u00f3n sugerida"],
            ["CEPAL", "General", "Buen texto.", ""],
            ["", "2", "Falta contexto.", "Reemplazar \u201cpocos\u201d por \u201cescasos\u201d"],
        ]],
        [
            ("CEPAL", "General", "", "Buen texto.", ""),
            ("CEPAL", "2", "", "Falta contexto.", ("pocos", "escasos")),
        ],
    ),
    "french form of a ministry": (
        [[
            ["Entit\u00e9", "R\u00e9f\u00e9rence", "Remarque", "Nouvelle r\u00e9daction"],
            ["OIM", "\u00a7 4", "\u00c0 pr\u00e9ciser.", "Remplacer \u00ab puits \u00bb par \u00ab forages \u00bb"],
        ]],
        [("OIM", "\u00a7 4", "", "\u00c0 pr\u00e9ciser.", ("puits", "forages"))],
    ),
    "what and why": (
        [[
            ["Where", "Change requested", "Why"],
            ["Para 5", "\u201call\u201d -> \u201cmost\u201d", "Not all are."],
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
            ["S. No.", "Commenting entity", "Paragraph", "General/Specific", "Comment", "Drafting suggestion", "Remarks of the penholder"],
            ["1", "UNDP", "9", "Specific", "Be brief.", "delete \u201cin order\u201d", ""],
        ]],
        [("UNDP", "9", "", "Be brief.", ("in order", ""))],
    ),
    "spanish with the present text": (
        [[
            ["P\u00e1rrafo", "Texto actual", "Texto propuesto", "Motivo"],
            ["1", "los ni\u00f1os", "las ni\u00f1as y los ni\u00f1os", "Lenguaje acordado."],
        ]],
        [("", "1", "", "Lenguaje acordado.", ("los ni\u00f1os", "las ni\u00f1as y los ni\u00f1os"))],
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
