"""What is put together from kept stretches is what would have been written, byte for byte."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.redline.gather import gather
from pipeline.redline.merge import merge
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.write import Consolidated, consolidate
from tests.make_docx import make_docx, pack
from tests.redline.rounds import DATE, OWNERS, Round, rounds

SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LINES = ("Members often meet.", "States protect all migrants.", "Data are limited.", "Reports come late.")


def write(docx: bytes, versions: Mapping[str, bytes], known: dict[str, str] | None = None) -> Consolidated:
    base = read_text(docx)
    found = gather((owner, read_changes(content, base)) for owner, content in versions.items())
    merged = merge(base, list(found.proposals.values()))
    return consolidate(docx, merged, found.proposals, found.sources, secretariat="GMG", date=DATE, known=known)


def write_lines(known: dict[str, str] | None, *versions: Sequence[str], base: Sequence[str] = LINES) -> Consolidated:
    """Each version: the base with the lines given instead of those they begin like."""
    return write(make_docx(base), {f"AG{number}": make_docx(one) for number, one in enumerate(versions)}, known)


def edit(**lines: str) -> list[str]:
    """The lines with some of them, named by their first word, in CriticMarkup."""
    return [lines.get(line.split()[0].lower(), line) for line in LINES]


@SOME
@given(rounds(silent=True), st.integers(1, 3))
def test_late_version_gives_the_bytes_of_all_at_once(one: Round, first: int) -> None:
    known: dict[str, str] = {}
    write(one.docx, {owner: one.versions[owner] for owner in OWNERS[:first]}, known)
    assert write(one.docx, one.versions, known) == write(one.docx, one.versions)


EARLY = {
    "words": edit(members="Members {--often--}{++always++} meet.", data="Data are {++very ++}limited."),
    "comments": edit(
        states="States {==protect==}{>>How?<<} all migrants.", reports="Reports {==come==}{>>When?<<} late."
    ),
    "a paragraph more": edit(
        states="{++New.\n++}States protect all migrants.", reports="Reports come late.{++\nNew.++}"
    ),
    "a paragraph less": edit(members="Members often meet.{--\nStates protect all migrants.--}", states=""),
    "a paragraph cut in two": edit(members="Members often{++\nThey++} meet.", reports="Reports{++\nthat++} come late."),
    "the first and the last": edit(members="{--Members --}often meet.", reports="Reports come{-- late--}."),
    "every line": [line.replace(" ", " {++new ++}", 1) for line in LINES],
}
LATE = {
    "in the middle": edit(data="{++All ++}Data are limited."),
    "beside all": edit(members="Members often meet{++ there++}.", reports="Reports {==come==}{>>Why?<<} late."),
    "a paragraph between": edit(data="{++Late.\n++}Data are limited."),
}


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("early", EARLY)
def test_late_version_changes_what_it_touches_alone(early: str, late: str) -> None:
    known: dict[str, str] = {}
    first = [line for line in EARLY[early] if line]
    write_lines(known, first)
    assert known
    assert write_lines(known, first, LATE[late]) == write_lines(None, first, LATE[late])


def test_what_is_kept_is_put_back_unread() -> None:
    known: dict[str, str] = {}
    first = edit(members="Members {++A++}often meet.", reports="Reports {++B++}come late.")
    write_lines(known, first)
    for key, text in known.items():
        known[key] = text.replace(">A<", ">kept<").replace(">B<", ">kept<")
    late = write_lines(known, first, edit(reports="{++Late ++}Reports come late."))
    body = read_changes(late.docx, read_text(make_docx(LINES)))
    assert [change.new for change in body.changes] == ["kept", "Late ", "B"]


def test_nothing_new_is_kept_where_nothing_is_new() -> None:
    class Known(dict[str, str]):
        def __setitem__(self, key: str, text: str) -> None:
            assert key not in self
            super().__setitem__(key, text)

    known = Known()
    first = edit(members="Members {++A ++}often meet.", states="States {==protect==}{>>How?<<} all migrants.")
    assert write_lines(known, first) == write_lines(known, first)
    assert len(known) == 2


WORDS = "<w:r><w:t>{}</w:t></w:r>"
LINK = "<w:hyperlink w:anchor='there'>" + WORDS.format("linked") + "</w:hyperlink>"
NAMED = '<w:bookmarkStart w:id="7" w:name="here"/>' + WORDS.format("named") + '<w:bookmarkEnd w:id="7"/>'
COMMENTED = '<w:commentRangeStart w:id="0"/>' + WORDS.format("noted") + '<w:commentRangeEnd w:id="0"/>'
FOREIGN = '<w:r xmlns:u="urn:example"><w:rPr/><w:t u:word="1">foreign</w:t></w:r>'
BASES = {
    "link": LINK,
    "bookmark": NAMED,
    "comment of the base": COMMENTED,
    "names declared further in": FOREIGN,
    "characters for private use": WORDS.format("\ue000 and \ue001"),
    "words like a declaration": WORDS.format(' xmlns:w="urn:example"'),
    "object": WORDS.format("before") + "<w:r><w:noBreakHyphen/><w:sym w:char='F0A7'/></w:r>",
    "field": '<w:fldSimple w:instr="PAGE">' + WORDS.format("1") + "</w:fldSimple>",
}


@pytest.mark.parametrize("name", BASES)
def test_base_may_hold_anything(name: str) -> None:
    def make(first: str, last: str) -> bytes:
        mark = '<w:ins w:id="1" w:author="Ana" w:date="2012-11-02T09:30:00Z">{}</w:ins>'
        added = [mark.format(WORDS.format(words)) if words else "" for words in (first, last)]
        lines = (
            BASES[name] + added[0],
            WORDS.format("Between them."),
            BASES[name] + added[1],
            WORDS.format("The end."),
        )
        return pack("".join(f"<w:p>{line}</w:p>\n" for line in lines))

    known: dict[str, str] = {}
    base, versions = make("", ""), {"WHO": make("one", "two"), "ILO": make("", "late")}
    write(base, {"WHO": versions["WHO"]}, known)
    assert write(base, versions, known) == write(base, versions)


def test_table_and_what_is_beside_it_are_written_every_time() -> None:
    def make(before: str, cell: str, behind: str) -> bytes:
        return make_docx([before, [[cell, "b"]], behind, "Far away."])

    known: dict[str, str] = {}
    base = make("Before it.", "a", "Behind it.")
    versions = {"WHO": make("Before{++ all of++} it.", "{++A++}a", "{++Right ++}Behind it.")}
    write(base, versions, known)
    versions["ILO"] = make("Before it.", "a{++ late++}", "Behind it{++ comes++}.")
    assert write(base, versions, known) == write(base, versions)


def test_another_base_with_the_same_text_is_written_anew() -> None:
    known: dict[str, str] = {}
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Members meet.</w:t></w:r></w:p>"
    version = {"WHO": make_docx(["Members {++often ++}meet."])}
    write(make_docx(["Members meet."]), version, known)
    assert write(pack(bold), version, known) == write(pack(bold), version)
