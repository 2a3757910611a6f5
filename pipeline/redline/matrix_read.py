"""Comment tables: a Word or Excel file in which each row is one remark on the draft.

Headings come in the eight columns of the ISO/IEC template and in as many free forms as there are agencies, in English,
French, Spanish, Russian, Arabic and Chinese. A column is known by the words of its heading, never by its place.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from pipeline.errors import UnreadableFileError
from pipeline.redline.headings import find_columns, is_heading
from pipeline.redline.ooxml import W
from pipeline.redline.opc import BROKEN, open_package
from pipeline.redline.story import Document, Stream, read_document

MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_SHEETS = 20
#: rows of a table in which its headings are looked for
HEADING_ROWS = 8
#: characters of the title of a list of remarks
LONGEST_TITLE = 60
#: words outside tables that make a file a text with a table in it, when the tables have fewer
MOST_WORDS_OUTSIDE = 400

_EMPTY = frozenset({"", "-", "--", "n/a", "na", "none", "nil", "same", "idem"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One remark of a comment table, in the words of its writer."""

    #: "" when the table has no such column or the cell is empty; the same of all fields
    agency: str
    #: as written: "4", "para. 12.1", "4 (a)"
    paragraph: str
    #: "ge", "te" or "ed"
    type: str
    comment: str
    #: "old -> new", or the new wording
    proposal: str


def read_matrix(content: bytes) -> tuple[MatrixRow, ...]:
    """The rows of a Word file that holds a comment table and no draft text; () when it is none.

    Raises: UnreadableFileError.
    """
    document = read_document(open_package(content))
    tables = list(_word_tables(document))
    rows = [row for table in tables for row in _read_table(table)]
    outside = sum(len(stream.accepted.split()) for stream in document.streams if stream.name == "body")
    inside = sum(len(cell.split()) for table in tables for row in table for cell in row)
    return tuple(rows) if rows and (outside <= MOST_WORDS_OUTSIDE or outside < inside) else ()


def read_matrix_xlsx(content: bytes) -> tuple[MatrixRow, ...]:
    """The rows of all sheets of an Excel file that are comment tables; () when none is.

    Raises: UnreadableFileError.
    """
    # imported late: only the process that reads a workbook needs it
    from openpyxl.utils.exceptions import InvalidFileException

    open_package(content)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it leaves out; only words are read here
            warnings.simplefilter("ignore")
            sheets = list(_excel_tables(content))
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
        OSError,
    ) as error:
        raise UnreadableFileError("broken", BROKEN) from error
    return tuple(row for sheet in sheets for row in _read_table(sheet))


def _excel_tables(content: bytes) -> Iterator[list[list[str]]]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets[:MAX_SHEETS]:
            rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
            yield [[_shown(value) for value in row] for row in rows]
    finally:
        book.close()


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


# --- Tables of Word ---------------------------------------------------------------------------------------------


def _word_tables(document: Document) -> Iterator[list[list[str]]]:
    """Each table as rows of cells, merged cells repeated, with all changes accepted."""
    streams = {stream.name: stream for stream in document.streams}
    tables = [
        piece.element for piece in streams["body"].pieces if piece.element.tag == W + "tbl" and not piece.inserted
    ]
    for number in range(min(len(tables), MAX_SHEETS)):
        table = _WordTable(streams, f"body/t{number}")
        yield [table.row(index) for index in range(table.rows)]


@dataclass(slots=True)
class _WordTable:
    """The cells of one table by their column in the grid."""

    streams: dict[str, Stream]
    name: str
    _above: dict[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        count = 0
        while count < MAX_ROWS and f"{self.name}/r{count}/c0" in self.streams:
            count += 1
        return count

    def row(self, index: int) -> list[str]:
        cells: list[str] = []
        number = 0
        while len(cells) < MAX_COLUMNS and (stream := self.streams.get(f"{self.name}/r{index}/c{number}")):
            properties = _cell_properties(stream)
            text = stream.accepted.strip()
            if properties[1]:
                text = self._above.get(len(cells), text)
            self._above[len(cells)] = text
            cells += [text] + [""] * (properties[0] - 1)
            number += 1
        return cells


def _cell_properties(stream: Stream) -> tuple[int, bool]:
    """(columns the cell spans, whether it goes on from the cell above)."""
    element = stream.pieces[-1].element
    cell = element if element.tag == W + "tc" else next(element.iterancestors(W + "tc"), None)
    span = None if cell is None else cell.find(f"{W}tcPr/{W}gridSpan")
    merge = None if cell is None else cell.find(f"{W}tcPr/{W}vMerge")
    width = "" if span is None else span.get(W + "val", "")
    columns = min(int(width), MAX_COLUMNS) if re.fullmatch(r"[1-9]\d?", width) else 1
    return columns, merge is not None and merge.get(W + "val", "continue") == "continue"


# --- Headings and rows ------------------------------------------------------------------------------------------


def _read_table(rows: Sequence[Sequence[str]]) -> Iterator[MatrixRow]:
    for index, row in enumerate(rows[:HEADING_ROWS]):
        columns = find_columns(row)
        if not is_heading(columns):
            continue
        below = rows[index + 1] if index + 1 < len(rows) else ()
        parts = find_columns(below) if _divides(row, below) else {}
        yield from _read_rows(rows[index + 1 + bool(parts) :], _join_headings(columns, parts, row))
        return
    yield from _read_list(rows)


def _divides(heading: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below a heading names the parts of its merged cells: "From" and "To" below "Proposal"."""
    named = find_columns(below)
    said = [index for index, cell in enumerate(below) if cell.strip() and cell not in heading[index : index + 1]]
    merged = any(index < len(heading) and not heading[index].strip() for index in said)
    return merged and set(said) <= set(named.values())


def _join_headings(columns: dict[str, int], parts: dict[str, int], heading: Sequence[str]) -> dict[str, int]:
    """The columns of two heading rows; of a merged cell that is divided only the parts count."""
    divided = {index for index in parts.values() if index + 1 < len(heading) and not heading[index + 1].strip()}
    whole = {name: index for name, index in columns.items() if index not in divided}
    return whole | parts


def _read_list(rows: Sequence[Sequence[str]]) -> Iterator[MatrixRow]:
    """The remarks of a table of one column: "General comments", and below it one to a row."""
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    if any(len(row) > 1 for row in cells):
        return
    said = [row[0] for row in cells if row]
    if len(said) > 1 and "comment" in find_columns(said[:1]) and len(said[0]) <= LONGEST_TITLE:
        for remark in said[1:]:
            yield MatrixRow(agency="", paragraph="", type="", comment=remark, proposal="")


def _read_rows(rows: Sequence[Sequence[str]], columns: dict[str, int]) -> Iterator[MatrixRow]:
    """The remarks below a heading; agency and place stay those of the row above where a cell is left empty."""
    agency = place = ""
    for row in rows:
        if _is_section(row) or (is_heading(found := find_columns(row)) and found == columns):
            continue
        cells = {name: row[index].strip() for name, index in columns.items() if index < len(row)}
        agency, place = cells.get("agency") or agency, _find_place(cells) or place
        proposal, comment = _find_proposal(cells)
        if _is_empty(comment) and _is_empty(proposal):
            continue
        yield MatrixRow(
            agency=agency,
            paragraph=place,
            type=find_type(cells.get("type", "")),
            comment="" if _is_empty(comment) else comment,
            proposal="" if _is_empty(proposal) else proposal,
        )


def _is_section(row: Sequence[str]) -> bool:
    """Whether a row only names the part of the draft the rows below it are about, repeated in merged cells."""
    said = [cell.strip() for cell in row if cell.strip()]
    return len(said) > 1 and len(set(said)) == 1


def _find_place(cells: dict[str, str]) -> str:
    """The paragraph, else the clause, else page and line: "p. 3 line 12"."""
    if named := cells.get("paragraph") or cells.get("clause"):
        return named
    page, line = cells.get("page", ""), cells.get("line", "")
    if both := _PAGE_AND_LINE.match(cells.get("page and line", "")):
        page, line = both.groups()
    return " ".join(part for part in (f"p. {page}" if page else "", f"line {line}" if line else "") if part)


def _find_proposal(cells: dict[str, str]) -> tuple[str, str]:
    """(proposal, comment): a cell for both is a proposal where it says what to write."""
    both = cells.get("both", "")
    if split_proposal(both):
        return both, ""
    return _proposal(cells), both or cells.get("comment", "")


def _proposal(cells: dict[str, str]) -> str:
    """The proposal; with the current wording before it where the table has a column for that."""
    if "deleted" in cells or "inserted" in cells:
        return _join_wording(cells.get("deleted", ""), cells.get("inserted", ""))
    proposal, current = cells.get("proposal", ""), cells.get("current", "")
    if not _is_empty(current) and _DELETION_WORD.fullmatch(proposal):
        return _join_wording(current, "")
    if _is_empty(current) or _is_empty(proposal) or split_proposal(proposal):
        return proposal
    return f"{current} -> {proposal}"


def _join_wording(old: str, new: str) -> str:
    if _is_empty(old):
        return new
    return f'delete "{_unquoted(old)}"' if _is_empty(new) else f"{old} -> {new}"


def _is_empty(text: str) -> bool:
    return text.strip().casefold().rstrip(".") in _EMPTY


def find_type(text: str) -> str:
    """ "ge", "te" or "ed" for what a type column says, else ""."""
    word = text.strip().casefold()
    for start, name in (("g", "ge"), ("t", "te"), ("s", "te"), ("e", "ed"), ("r", "ed")):
        if word.startswith(start):
            return name
    return ""


# --- Proposals --------------------------------------------------------------------------------------------------

_OPEN, _CLOSE = "[\"\u201c\u201e\u00ab'\u2018]\\s*", "\\s*[\"\u201d\u201c\u00bb'\u2019]"
_QUOTED = rf"{_OPEN}(.+?){_CLOSE}"
_WHAT = r"(?:the )?(?:words?|phrase|text|sentence|les? mots?|la phrase|le terme|las? palabras?|la frase)?\s*"
_ARROW = re.compile(r"\s+(?:-+>|=+>|\u2192|\u21d2|\u2794|\u27a1\ufe0f?)\s+|\s*(?:\u2192|\u21d2)\s*")
_REPLACE = re.compile(
    r"(?:replace|change|substitute|amend|remplacer|changer|modifier|sustituir|reemplazar|cambiar)\s+"
    + rf"{_WHAT}{_QUOTED}\s*(?:,)?\s*(?:with|by|to|into|par|en|por|to read)\s+{_WHAT}{_QUOTED}",
    re.IGNORECASE | re.DOTALL,
)
_REPLACE_BARE = re.compile(
    r"(?:replace|remplacer|sustituir|reemplazar)\s+(.+?)\s+(?:with|by|par|por)\s+(.+)", re.IGNORECASE | re.DOTALL
)
_INSTEAD = re.compile(
    rf"(?:instead of|au lieu de|en lugar de|for)\s+{_QUOTED}\s*,?\s*"
    rf"(?:read|put|use|write|lire|l\u00e9ase|leer)\s*:?\s*{_QUOTED}",
    re.IGNORECASE | re.DOTALL,
)
#: "x" should read "y", and what the languages have that put the verb elsewhere
_READ_AS = re.compile(
    rf"{_WHAT}{_QUOTED}\s*(?:(?:should|to|must|shall)\s+(?:read|be|become|say)(?:\s+replaced (?:by|with))?|"
    rf"doit se lire|debe decir)\s*:?\s*{_QUOTED}",
    re.IGNORECASE | re.DOTALL,
)
_REPLACE_ELSEWHERE = re.compile(
    rf"(?:заменить\s+(?:слов\w+\s+)?{_QUOTED}\s+на\s+(?:слов\w+\s+)?{_QUOTED}"
    rf"|[将把]{_QUOTED}(?:改为|替换为|修改为|改成){_QUOTED}"
    rf"|(?:يستعاض عن|استبدال|تستبدل|يستبدل)\s+(?:عبارة|كلمة)?\s*{_QUOTED}\s+(?:بعبارة|بكلمة|بـ|ب)\s*{_QUOTED})",
    re.IGNORECASE | re.DOTALL,
)
_DELETE = re.compile(
    rf"(?:delete|remove|strike(?: out)?|supprimer|suprimir|eliminar)\s+{_WHAT}{_QUOTED}\s*\.?",
    re.IGNORECASE | re.DOTALL,
)
_INSERT_AFTER = re.compile(
    rf"(?:add|insert|ajouter|ins\u00e9rer|a\u00f1adir|insertar|agregar)\s+{_WHAT}{_QUOTED}"
    rf"\s+(?:after|apr\u00e8s|despu\u00e9s de)\s+{_WHAT}{_QUOTED}",
    re.IGNORECASE | re.DOTALL,
)
_AFTER_INSERT = re.compile(
    rf"(?:after|apr\u00e8s|despu\u00e9s de)\s+{_WHAT}{_QUOTED}\s*,?\s*(?:please )?"
    rf"(?:add|insert|ajouter|ins\u00e9rer|a\u00f1adir|insertar|agregar)\s*:?\s*{_WHAT}{_QUOTED}",
    re.IGNORECASE | re.DOTALL,
)


#: a cell that says no more than that the wording beside it goes
_DELETION_WORD = re.compile(
    r"\s*[\[(]?\s*(?:please\s+|to\s+be\s+|à\s+)?(?:delete[d]?|deletion|remove[d]?|omit|strike|supprim\w+"
    r"|suppression|suprimir"
    r"|eliminar|удалить|исключить"
    r"|删除|(?:ي)?حذف)\s*[\])]?\.?\s*",
    re.IGNORECASE,
)
_PAGE_AND_LINE = re.compile(r"\D*(\d+)\D+(\d+(?:\s*[-\u2013]\s*\d+)?)\s*$")
#: "Old: ..." over "New: ..." in one cell
_LABELLED = re.compile(
    r"(?:old|current|original|existing|from|ancien|actuel|actual|dice|было"
    r"|原文)(?:\s+(?:text|wording|texte|texto))?\s*[:\uff1a]\s*(.+?)\s*\n\s*"
    r"(?:new|proposed|suggested|revised|to|nouveau|propos\w+|nuevo|propuesto|debe decir"
    r"|стало|改为)(?:\s+(?:text|wording|texte|texto))?\s*[:\uff1a]\s*(.+)",
    re.IGNORECASE | re.DOTALL,
)


def split_proposal(text: str) -> tuple[str, str] | None:
    """(old wording, new wording) of a proposal in one of the usual forms; None when it is none of them.

    The new wording is "" for a deletion: 'delete "x"'. An insertion repeats what it stands behind.
    """
    bare = re.sub(r"^\s*(?:please|kindly|pri\u00e8re de|veuillez|favor de)\s+", "", text.strip(), flags=re.IGNORECASE)
    if len(parts := _ARROW.split(bare)) == 2 and parts[0].strip():
        return _unquoted(parts[0]), _unquoted(parts[1])
    for pattern in (_REPLACE, _INSTEAD, _READ_AS, _REPLACE_ELSEWHERE):
        if match := pattern.match(bare):
            old, new = (found.strip() for found in match.groups() if found is not None)
            return old, new
    if match := _LABELLED.fullmatch(bare):
        return _unquoted(match[1]), _unquoted(match[2])
    if match := _DELETE.fullmatch(bare):
        return match[1].strip(), ""
    if match := _INSERT_AFTER.match(bare):
        return match[2].strip(), f"{match[2].strip()} {match[1].strip()}"
    if match := _AFTER_INSERT.match(bare):
        return match[1].strip(), f"{match[1].strip()} {match[2].strip()}"
    if (match := _REPLACE_BARE.fullmatch(bare)) and not re.search(r"[.;]\s", match[1]):
        return _unquoted(match[1]), _unquoted(match[2]).rstrip(".")
    return None


def _unquoted(text: str) -> str:
    """The text without quotation marks around the whole of it."""
    bare = text.strip()
    match = re.fullmatch(r"[\"\u201c\u201e\u00ab\u2018']\s*(.*?)\s*[\"\u201d\u201c\u00bb\u2019']", bare, re.DOTALL)
    return match[1] if match and not set(match[1]) & set('"\u201c\u201d') else bare
