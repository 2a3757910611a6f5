"""Files, tables and typed sentences all become changes on the revision they speak of, none of them twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.adapters.store import StoredProposal
from pipeline.core.authors import find_maker
from pipeline.core.model import FileKind, FileReading, TypedEdit, Unreadable
from pipeline.core.roster import load_roster
from pipeline.propose import Carried, collect_changes, find_carried, mark_carried, select_files
from pipeline.reading import FileFindings, KnownRevision
from pipeline.redline.matrix_read import MatrixRow
from pipeline.redline.model import BaseText, Change, ChangeKind, ChangeSet, Origin, Proposal
from tests.demo import tiny
from tests.pipeline.desk import NOW
from tests.redline.sample import find_change, make_base

OLD = make_base("The old well is deep.", "A new pump is dear.", numbers=("1", "2"))
NEW = make_base("The old well is very deep.", "A new pump is dear.", numbers=("1", "2"))
KNOWN = tuple(KnownRevision(draft="WAT", name=name, text=text) for name, text in (("r0", OLD), ("r1", NEW)))


def track(old: str, new: str, person: str = "ILO Water", base: BaseText = OLD, **fields: object) -> Change:
    """A tracked change of a person."""
    return find_change(base, old, new, origin=Origin.TRACKED, person=person, date=NOW, **fields)


def find(*changes: Change, revision: str = "r0", draft: str = "WAT", rows: tuple[MatrixRow, ...] = ()) -> FileFindings:
    """A file with these changes, most like this revision."""
    reading = FileReading(
        filename="a.docx", inside=(), sha256="", size=1, kind=FileKind.DOCX, likeness=((draft, revision, 0.9),)
    )
    found = ChangeSet(source="", base="", changes=changes, coverage=1.0)
    return FileFindings(reading=reading, changes=None if rows else found, rows=rows)


def store(change: Change, agency: str) -> StoredProposal:
    """The change as a proposal of another message."""
    return StoredProposal(
        id=1,
        proposal=Proposal(key="000001", owner=agency, change=change),
        agency=agency,
        body=None,
        message_id=1,
        draft="WAT",
        revision="r0",
        round_id=1,
        remark="",
        decided_by="",
        decided_at=None,
        version=0,
    )


WELL = track("old well", "spring")
ROSTER, _ = load_roster(tiny.ROSTER)


def find_hand(person: str) -> str | None:
    """The member an author belongs to; J. Rivers has written for WHO."""
    return find_maker(person, ROSTER, {"jane rivers": {"WHO"}, "many hands": {"WHO", "ILO"}})


MINE = track("old well", "spring", "Quill")
UNNAMED = replace(MINE, person="Author")


@pytest.mark.parametrize(
    ("found", "known", "carried"),
    [
        (MINE, MINE, True),
        (MINE, replace(MINE, person="Feather"), False),
        (MINE, replace(MINE, new="source"), False),
        (MINE, replace(MINE, date=NOW + timedelta(days=1)), True),
        (UNNAMED, UNNAMED, True),
        (UNNAMED, replace(UNNAMED, date=NOW + timedelta(minutes=1)), False),
        (replace(UNNAMED, date=None), replace(UNNAMED, date=None), False),
        (replace(MINE, origin=Origin.SILENT, person="", date=None), replace(MINE, person="", date=None), False),
        (WELL, WELL, False),
    ],
)
def test_without_a_telling_name_only_the_same_change_of_the_same_hand_is_carried(
    found: Change, known: Change, carried: bool
) -> None:
    wanted = Carried(changes=(found,), owners=("WHO",)) if carried else Carried()
    assert find_carried(find(found), {"ILO"}, [store(known, "WHO")], find_hand) == wanted


@pytest.mark.parametrize(
    ("person", "owner"),
    [
        ("WHO", "WHO"),
        ("who", "WHO"),
        ("J. Rivers (WHO)", "WHO"),
        ("WHO - Water Unit", "WHO"),
        ("water@who.example", "WHO"),
        ("Jane Rivers <someone@field.who.example>", "WHO"),
        ("RIVERS, Jane", "WHO"),
        ("Jane RIVERS", "WHO"),
        ("Author", None),
        ("\u4f5c\u8005", None),
        ("Jane", None),
        ("Many Hands", None),
        ("ILO Water", None),
        ("WHO and ILO", None),
        ("The person who wrote", None),
        ("Somebody Else", None),
    ],
)
def test_a_name_beside_a_change_tells_whose_it_is(person: str, owner: str | None) -> None:
    found = find_carried(find(replace(WELL, person=person)), {"ILO"}, [], find_hand)
    assert found.owners == (() if owner is None else (owner,))


def test_ones_own_earlier_change_is_not_carried() -> None:
    assert find_carried(find(MINE), {"ILO"}, [store(MINE, "ILO")], find_hand) == Carried()


def test_a_file_counts_without_what_it_carries() -> None:
    theirs = track("new pump", "hand pump", "WHO")
    marked = mark_carried(find(WELL, theirs), Carried(changes=(theirs,), owners=("WHO",)))
    assert (marked.reading.tracked, marked.reading.carried, marked.reading.carries) == (1, 1, ("WHO",))
    assert marked.changes is not None
    assert marked.changes.changes == (WELL,)


def test_rows_of_another_agency_in_a_table_stay_theirs() -> None:
    rows = tuple(row(agency=agency) for agency in ("", "ILO", "WHO", "WHO / ILO", "Water Unit"))
    found = find_carried(find(rows=rows), {"ILO"}, [], find_hand)
    assert (found.rows, found.owners) == ((rows[2],), ("WHO",))
    marked = mark_carried(find(rows=rows), found)
    assert (len(marked.rows), marked.reading.comments, marked.reading.carried) == (4, 4, 1)


@pytest.mark.parametrize(
    ("people", "mixed"), [(("ILO Water",), False), (("Author", "Quill"), False), (("ILO", "WHO"), True)]
)
def test_a_converted_file_with_changes_of_two_agencies_is_left_to_a_person(
    people: tuple[str, ...], mixed: bool
) -> None:
    silent = replace(WELL, origin=Origin.SILENT, person="", date=None)
    found = replace(find(silent), people=people)
    carried = find_carried(found, {"ILO"}, [], find_hand)
    marked = mark_carried(found, carried)
    assert carried.mixed is mixed
    assert (marked.changes is None) is mixed
    assert (marked.reading.unreadable is Unreadable.OTHER) is mixed
    assert marked.reading.carries == (("WHO",) if mixed else ())


def test_a_table_belongs_to_the_draft_in_its_name_or_to_the_main_one() -> None:
    table = find(rows=(row(),))
    named = replace(table, reading=replace(table.reading, filename="comments_SEA.xlsx"))
    files = (table, named)
    assert select_files(files, "WAT", main="WAT", served=("WAT", "SEA")) == (table,)
    assert select_files(files, "SEA", main="WAT", served=("WAT", "SEA")) == (named,)
    assert select_files(files, "WAT", main="WAT", served=("WAT",)) == files


def collect(findings: list[FileFindings], typed: list[TypedEdit] | None = None) -> dict[str, tuple[Change, ...]]:
    """The changes by revision; r1 is the current one."""
    found = collect_changes(findings, typed or [], draft="WAT", current=KNOWN[1], known=KNOWN, written_at=NOW)
    return {each.revision: each.changes for each in found}


def test_a_file_speaks_of_the_revision_it_is_most_like() -> None:
    assert collect([find(WELL)]) == {"r0": (WELL,)}
    assert collect([find(WELL, revision="r1")]) == {"r1": (WELL,)}


def test_a_file_of_another_draft_proposes_nothing_here() -> None:
    assert collect([find(WELL, draft="SEA")]) == {}


def type_edit(**fields: Any) -> TypedEdit:
    """A sentence that asks for a change."""
    return TypedEdit(**({"paragraph": "1", "old": "very deep", "new": "dry", "operation": "replace"} | fields))


def test_a_typed_sentence_speaks_of_the_current_revision() -> None:
    ((change,),) = collect([], [type_edit()]).values()
    assert (change.old, change.new, change.origin, change.date) == ("very deep", "dry", Origin.TYPED, NOW)
    assert NEW.get_story("body").text[change.start : change.end] == "very deep"


def test_words_that_are_not_in_the_text_become_a_comment_that_repeats_them() -> None:
    ((change,),) = collect([], [type_edit(old="bottomless")]).values()
    assert change.kind is ChangeKind.COMMENT
    assert "bottomless" in change.remark
    assert "dry" in change.remark


@pytest.mark.parametrize("paragraph", ["99", "", "4 bis"])
def test_a_paragraph_that_is_not_there_loses_nothing(paragraph: str) -> None:
    ((change,),) = collect([], [type_edit(paragraph=paragraph, old="nowhere", remark="Check this.")]).values()
    assert change.kind is ChangeKind.COMMENT
    assert change.remark


def row(**fields: str) -> MatrixRow:
    """A row of a comment table."""
    told = {"agency": "", "paragraph": "1", "type": "te", "comment": "Wells differ.", "proposal": "very deep -> dry"}
    return MatrixRow(**(told | fields))


def test_a_row_with_a_wording_is_a_change_with_its_remark() -> None:
    ((change,),) = collect([find(rows=(row(),))]).values()
    assert (change.old, change.new, change.origin, change.type) == ("very deep", "dry", Origin.MATRIX, "te")
    assert change.remark == "Wells differ."


def test_a_row_without_a_wording_is_a_comment_with_all_its_words() -> None:
    ((change,),) = collect([find(rows=(row(proposal="Please check."),))]).values()
    assert change.kind is ChangeKind.COMMENT
    assert "Wells differ." in change.remark
    assert "Please check." in change.remark


def test_revisions_come_oldest_first() -> None:
    assert list(collect([find(WELL)], [type_edit()])) == ["r0", "r1"]


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"old": "no such words here", "new": "dry", "remark": "They run dry."}, ChangeKind.COMMENT,
         "replace: “no such words here” → “dry”\nThey run dry."),
        ({"old": "no such words here", "new": "", "operation": "delete"}, ChangeKind.COMMENT,
         "delete: “no such words here”"),
        ({"old": "no such words here", "only_there": True, "remark": "Para 1: dry instead of deep"}, ChangeKind.COMMENT,
         "Para 1: dry instead of deep"),
        ({"paragraph": "1", "old": "99", "new": "", "operation": "move_after"}, ChangeKind.COMMENT, "move after: “99”"),
        ({"old": "no such words here", "operation": "replace_all"}, ChangeKind.COMMENT,
         "replace all: “no such words here” → “dry”"),
    ],
)  # fmt: skip
def test_an_edit_without_a_place_keeps_every_word(fields: dict[str, Any], kind: ChangeKind, words: str) -> None:
    ((change,),) = collect([], [type_edit(**fields)]).values()
    assert (change.kind, change.remark) == (kind, words)


def test_every_occurrence_is_proposed_on_its_own() -> None:
    (changes,) = collect([], [type_edit(paragraph="", old="is", new="was", operation="replace_all")]).values()
    assert [(change.kind, change.old, change.new) for change in changes] == [(ChangeKind.REPLACEMENT, "is", "was")] * 2


def test_a_move_is_one_change() -> None:
    ((change,),) = collect([], [type_edit(paragraph="1", old="2", new="", operation="move_after")]).values()
    assert (change.kind, change.target) == (ChangeKind.MOVE, len(NEW.get_story("body").text))
