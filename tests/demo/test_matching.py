"""An edit is found by what it does to the text, however it was cut into changes."""

from typing import Any

import pytest

from pipeline.adapters.store.proposals import StoredProposal
from pipeline.demo.matching import find_proposals
from pipeline.demo.scenario import ScenarioEdit
from pipeline.redline.model import BaseText, Change, ChangeKind, Proposal
from tests.redline.sample import find_change, make_base, make_change

BASE = make_base("The old well is deep.", "A new pump is dear.", "Soap is cheap.", numbers=("1", "2", "3"))


def plan(op: str = "replace", para: int = 1, **fields: Any) -> ScenarioEdit:
    """An edit of ILO on the first paragraph."""
    told = {"id": "E1", "agency": "ILO", "draft": "WAT", "base": "r0", "old": "", "new": "", "type": ""} | fields
    return ScenarioEdit(op=op, para=para, **told)


def store(*changes: Change, agency: str = "ILO", revision: str = "r0") -> list[StoredProposal]:
    """The changes as proposals of an agency."""
    return [
        StoredProposal(
            id=number,
            proposal=Proposal(key=f"{number:06d}", owner=agency, change=change),
            agency=agency,
            body=None,
            message_id=1,
            draft="WAT",
            revision=revision,
            round_id=1,
            remark="",
            decided_by="",
            decided_at=None,
            version=0,
        )
        for number, change in enumerate(changes, 1)
    ]


def count(edit: ScenarioEdit, proposals: list[StoredProposal], base: BaseText = BASE) -> int:
    """How many proposals make the edit."""
    return len(find_proposals(edit, proposals, base))


def paragraph_end(number: int) -> int:
    """Where a paragraph ends."""
    return BASE.get_story("body").paragraphs[number - 1].end


@pytest.mark.parametrize(
    "changes",
    [
        (find_change(BASE, "old well", "deep spring"),),
        (find_change(BASE, "old", "deep"), find_change(BASE, "well", "spring")),
    ],
)
def test_a_replacement_is_found_whole_or_in_pieces(changes: tuple[Change, ...]) -> None:
    assert count(plan(old="old well", new="deep spring"), store(*changes)) == len(changes)


@pytest.mark.parametrize(
    "proposals",
    [
        store(find_change(BASE, "old", "deep")),
        store(find_change(BASE, "old well", "deep spring"), agency="WHO"),
        store(find_change(BASE, "old well", "deep spring"), revision="r1"),
        store(find_change(BASE, "old well", "deep springs")),
        [],
    ],
)
def test_half_an_edit_or_that_of_another_is_none(proposals: list[StoredProposal]) -> None:
    assert count(plan(old="old well", new="deep spring"), proposals) == 0


def test_a_deletion_leaves_nothing() -> None:
    assert count(plan("delete", old=" old"), store(find_change(BASE, " old"))) == 1
    assert count(plan("delete", old=" old"), store(find_change(BASE, " old", "!"))) == 0


def test_a_comment_is_found_by_its_words_in_its_paragraph() -> None:
    change = make_change(BASE, 4, 7, kind=ChangeKind.COMMENT, remark="How  old\nis it?")
    assert count(plan("comment", text="How old is it?"), store(change)) == 1
    assert count(plan("comment", para=2, text="How old is it?"), store(change)) == 0
    assert count(plan("comment", para=0, text="How old is it?"), store(change)) == 1
    assert count(plan("comment", text="How deep is it?"), store(change)) == 0


def test_a_new_paragraph_stands_behind_the_one_it_names() -> None:
    end = paragraph_end(1)
    change = make_change(BASE, end + 1, end + 1, "Wells need lids.\n")
    assert count(plan("new_para_after", new="Wells need lids."), store(change)) == 1
    assert count(plan("new_para_after", para=2, new="Wells need lids."), store(change)) == 0


def test_a_deleted_paragraph_goes_whole() -> None:
    start, end = BASE.get_story("body").paragraphs[1].start, paragraph_end(2)
    assert count(plan("delete_para", para=2), store(make_change(BASE, start, end + 1))) == 1
    assert count(plan("delete_para", para=2), store(make_change(BASE, start, end - 4))) == 0


def test_a_moved_paragraph_arrives_where_the_edit_says() -> None:
    paragraph = BASE.get_story("body").paragraphs[0]
    target = paragraph_end(3) + 1
    change = make_change(BASE, paragraph.start, paragraph.end + 1, kind=ChangeKind.MOVE, target=target)
    assert count(plan("move_para", after=3), store(change)) == 1
    assert count(plan("move_para", after=2), store(change)) == 0


def test_a_paragraph_that_is_not_there_has_no_edits() -> None:
    assert count(plan(para=9, old="old", new="deep"), store(find_change(BASE, "old", "deep"))) == 0
