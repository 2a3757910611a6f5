"""The words of new rows and tables: cells and rows in one text."""

from lxml import etree

from pipeline.redline.ooxml import W

Element = etree._Element

CELL_END, ROW_END = "\t", "\f"
_SPACES = str.maketrans("\t\n\r\f", "    ")


def new_table_words(table: Element) -> str:
    """The rows of a new table as it reads when accepted."""
    return ROW_END.join(new_row_words(row) for row in list_rows(table))


def list_rows(table: Element) -> list[Element]:
    """The rows of a table, without those of tables in it."""
    return [row for row in table.iter(W + "tr") if next(row.iterancestors(W + "tbl"), None) is table]


def new_row_words(row: Element) -> str:
    """The cells of a new row as it reads when accepted; paragraphs within a cell on lines of their own."""
    cells = [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr"), None) is row]
    return CELL_END.join("\n".join(_words(one) for one in cell.iter(W + "p")) for cell in cells)


def _words(paragraph: Element) -> str:
    # a w:tab among the properties of a paragraph is a tab stop, not a tab
    parts = (
        part for run in paragraph.iter(W + "r") for part in run.iterchildren(W + "t", W + "tab", W + "br", W + "cr")
    )
    return "".join((part.text or "").translate(_SPACES) if part.tag == W + "t" else " " for part in parts)
