"""What a file proposes without a mark depends on the program that saved it last: Word keeps every character."""

import pytest

from pipeline.redline.model import ChangeSet
from pipeline.redline.read import read_changes, read_text
from tests.make_docx import NAMESPACES, make_docx
from tests.redline.test_fidelity import assert_carried
from tests.redline.test_read_changes import accept_all

APP = "docProps/app.xml"
WORD, MAC, WRITER, PANDOC = (
    f"<Properties><Application>{name}</Application></Properties>"
    for name in ("Microsoft Office Word", "Microsoft Macintosh Word", "LibreOffice/7.4", "Microsoft Word 12.0.0")
)
DRAFT = [
    "Young migrants need the care of the States that receive them.",
    "",
    "Article 1 of the Convention says that schools should help.",
    "Health services are open to all of them, and to their parents.",
    "",
    'What "youth" means is for each State to say.',
]

Blocks = list[str | list[list[str]]]


def saved(program: str, paragraphs: Blocks | list[str]) -> bytes:
    return make_docx(paragraphs, parts={APP: program})


def read(program: str, old: Blocks | list[str], new: Blocks | list[str]) -> ChangeSet:
    return read_changes(saved(program, new), read_text(saved(WORD, old)))


def without(place: int) -> list[str]:
    return DRAFT[:place] + DRAFT[place + 1 :]


EDITS = {
    "an empty paragraph less": without(1),
    "another empty paragraph less": without(4),
    "an empty paragraph more": [*DRAFT[:3], "", *DRAFT[3:]],
    "a space that does not break": [line.replace("Article 1", "Article\u00a01") for line in DRAFT],
    "other quotation marks": [line.replace('"youth"', "\u201cyouth\u201d") for line in DRAFT],
    "two spaces": [line.replace("services are", "services  are") for line in DRAFT],
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("program", [WORD, MAC], ids=["Windows", "macOS"])
def test_in_a_file_word_saved_every_character_counts(program: str, edit: str) -> None:
    base = read_text(saved(WORD, DRAFT))
    found = read_changes(saved(program, EDITS[edit]), base)
    assert accept_all(base, found.changes).splitlines() == EDITS[edit]
    assert_carried(saved(WORD, DRAFT), saved(program, EDITS[edit]))


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("program", [WRITER, PANDOC], ids=["LibreOffice", "pandoc"])
def test_in_a_file_another_program_saved_only_words_count(program: str, edit: str) -> None:
    assert read(program, DRAFT, EDITS[edit]).changes == ()


def test_characters_that_changed_everywhere_are_the_work_of_a_program() -> None:
    assert (
        read(WORD, DRAFT, [line.replace(" of ", "\u00a0of ").replace("and ", "and  ") for line in DRAFT]).changes == ()
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (DRAFT, [line for line in DRAFT if line]),
        ([line for line in DRAFT if line], [part for line in DRAFT if line for part in (line, "")]),
        (["One.", [["cell"]], "Two."], ["One.", "", [["cell"]], "", "Two."]),
    ],
    ids=["every one less", "one behind each paragraph", "beside a table"],
)
def test_empty_paragraphs_that_programs_add_and_drop_say_nothing(old: Blocks, new: Blocks) -> None:
    assert read(WORD, old, new).changes == ()


@pytest.mark.parametrize("program", [WORD, WRITER], ids=["Word", "LibreOffice"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (DRAFT, [*DRAFT[:3], "", *DRAFT[4:]]),
        (DRAFT, [DRAFT[0], "Wholly other words stand here.", *DRAFT[2:]]),
        (DRAFT, [*DRAFT[:4], "Wholly other words stand here.", "And more of them.", DRAFT[5]]),
        (["3. Schools should help.", *DRAFT], ["3. ", *DRAFT]),
        (["3. Schools should help.", *DRAFT], ["3.  of approach", *DRAFT]),
    ],
    ids=["emptied", "filled", "filled and more", "emptied behind its number", "rewritten behind a wide space"],
)
def test_paragraph_that_lost_its_words_or_got_its_first_ones_stays_one(
    program: str, old: list[str], new: list[str]
) -> None:
    base = read_text(saved(WORD, old))
    assert accept_all(base, read_changes(saved(program, new), base).changes).splitlines() == new


def test_paragraph_split_by_an_empty_one_is_found_again() -> None:
    first, second = DRAFT[3].split(", ")
    split = [*DRAFT[:3], f"{first},", "", second, *DRAFT[4:]]
    base = read_text(saved(WORD, DRAFT))
    assert accept_all(base, read_changes(saved(WORD, split), base).changes).splitlines() == split


def test_empty_paragraph_that_ends_a_section_is_the_programs_own() -> None:
    section = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
    line = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    document = "<w:document {}><w:body>{}</w:body></w:document>"
    one, other = (line.format(words) for words in DRAFT[2:4])
    base = read_text(make_docx("", parts={"word/document.xml": document.format(NAMESPACES, one + section + other)}))
    version = make_docx("", parts={"word/document.xml": document.format(NAMESPACES, one + other), APP: WORD})
    assert read_changes(version, base).changes == ()


# --- A few lines ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (["Schools help."], ["Schools help young people in every country to learn the language."], ["replacement"]),
        (["Schools help."], [[["Schools help.", ""], ["", ""]], ""], ["deletion", "table_insertion"]),
        ([[["Here is\vrow 1"], ["Second row"]], ""], [[["Second row"]], ""], ["row_deletion"]),
    ],
    ids=["grown", "into a table", "a row less"],
)
def test_few_lines_are_judged_by_their_words(old: Blocks, new: Blocks, kinds: list[str]) -> None:
    assert [change.kind for change in read(WORD, old, new).changes] == kinds


def test_few_other_words_are_a_new_text() -> None:
    assert read(WORD, ["Schools help young people to learn."], ["Dear colleagues, here are our thoughts."]).fresh


# --- A table of contents ----------------------------------------------------------------------------------------

STYLES = (
    f'<w:styles {NAMESPACES}><w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>'
)


def test_table_of_contents_follows_from_the_headings() -> None:
    def listed(*lines: str) -> bytes:
        styles = dict.fromkeys(range(len(lines)), "TOC1")
        return make_docx([*lines, *DRAFT], styles=styles, parts={"word/styles.xml": STYLES, APP: WORD})

    base = read_text(listed("Purpose and scope\t3", "Findings\t7", "Annex one\t9"))
    version = listed("Purpose and aims\t4", "An entirely new heading\t5", "Findings\t8")
    assert read_changes(version, base).changes == ()


# --- Notes and pictures within words ----------------------------------------------------------------------------


def test_note_in_the_middle_of_a_word_leaves_the_word_whole() -> None:
    reference = '</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t>'
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>Said.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {NAMESPACES}>{note}</w:footnotes>"
    document = f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>{{}}</w:t></w:r></w:p></w:body></w:document>"
    base = read_text(make_docx("Young migrants need care."))
    text = document.format(f"Young mig{reference}rants need care.")
    (change,) = read_changes(
        make_docx("", parts={"word/document.xml": text, "word/footnotes.xml": notes}), base
    ).changes
    assert (change.start, change.new) == (len("Young mig"), "\ufffc")
