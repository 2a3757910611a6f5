"""Mail as people write it, in six languages: what it is, what it asks for, and that nothing of it vanishes.

A specimen in `people/*.txt` begins with "@", what it is, and facts: "until=2012-11-05" (the day asked
for), "+supersedes", "+password", "+subject_to_clearance", "+file" (a file with changes came along). Its text follows,
then one line for each edit: "= paragraph operation | old | new", "-" for no paragraph. "unclear" is anything that is no
clear answer, or waits for a person; "conditional" is assent that is none yet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.model import Action, MailKind, RoundPurpose, TypedEdit, Verdict
from pipeline.core.typed_edits import read_typed
from tests.core.judging import CALL, make_context, make_file, make_mail, make_reply, make_round
from tests.core.test_classify import judge

MONDAY = datetime(2012, 10, 29, 9, tzinfo=UTC)
WEDNESDAY = datetime(2012, 10, 31, 17, tzinfo=UTC)
CLEAR = (MailKind.NO_COMMENT, MailKind.ENDORSEMENT)


@dataclass(frozen=True)
class Specimen:
    """One mail and what is to be read in it."""

    outcome: str
    facts: tuple[str, ...]
    text: str
    edits: tuple[tuple[str, ...], ...]


def read_specimens() -> Iterator[object]:
    for path in sorted((Path(__file__).parent / "people").glob("*.txt")):
        for part in re.split(r"(?m)^@ ", path.read_text(encoding="utf-8"))[1:]:
            head, *lines = part.rstrip("\n").split("\n")
            outcome, *facts = head.split()
            text = "\n".join(line for line in lines if not line.startswith("= "))
            edits = tuple(read_edit(line) for line in lines if line.startswith("= "))
            specimen = Specimen(outcome=outcome, facts=tuple(facts), text=text, edits=edits)
            yield pytest.param(specimen, id=f"{path.stem}-{text[:50]}")


def read_edit(line: str) -> tuple[str, ...]:
    """(operation, paragraph), and for a change its old and new wording."""
    place, *wordings = (part.strip() for part in line[2:].split("|"))
    number, operation = place.rsplit(None, 1)
    return (operation, number.replace("-", ""), *([*wordings, "", ""][:2] if operation != "comment" else []))


def judge_specimen(specimen: Specimen) -> tuple[Verdict, Action]:
    assents = specimen.outcome in ("endorsement", "objection", "conditional")
    draft, purpose = ("NRG", RoundPurpose.SILENCE) if assents else ("WAT", RoundPurpose.INPUTS)
    call = make_round(1, draft, purpose, opened=datetime(2012, 10, 1, tzinfo=UTC), deadline=WEDNESDAY)
    files = [make_file(draft="WAT", tracked=2)] if "+file" in specimen.facts else []
    mail = make_mail(parent=CALL, date=MONDAY)
    return judge(specimen.text, *files, context=make_context(call, at=MONDAY), mail=mail)


def find_facts(verdict: Verdict) -> Iterator[str]:
    yield f"until={verdict.extension_until}"
    if verdict.supersedes:
        yield "+supersedes"
    if "credential_in_body" in verdict.flags:
        yield "+password"
    if "subject_to_clearance" in verdict.flags:
        yield "+subject_to_clearance"


def describe(edit: TypedEdit) -> tuple[str, ...]:
    if edit.operation == "comment":
        return (edit.operation, edit.paragraph)
    return (edit.operation, edit.paragraph, edit.old, edit.new)


@pytest.mark.parametrize("specimen", tuple(read_specimens()))
def test_specimen_is_understood(specimen: Specimen) -> None:
    verdict, action = judge_specimen(specimen)
    if specimen.outcome == "unclear":
        assert verdict.kind not in CLEAR or action.needs_attention
    elif specimen.outcome == "conditional":
        assert (verdict.kind, action.needs_attention) == (MailKind.CONTRIBUTION, True)
        assert "conditional_endorsement" in verdict.flags
    else:
        assert verdict.kind.value == specimen.outcome
        assert verdict.kind not in CLEAR or not action.needs_attention
    assert set(specimen.facts) - {"+file"} <= set(find_facts(verdict))


@pytest.mark.parametrize("specimen", tuple(read_specimens()))
def test_edits_of_a_specimen_are_read_and_no_others(specimen: Specimen) -> None:
    found = [describe(edit) for edit in read_typed(make_reply(specimen.text)).edits]
    asked = [edit for edit in specimen.edits if edit[0] != "comment"]
    assert [edit for edit in found if edit[0] != "comment"] == asked
    assert {edit for edit in specimen.edits if edit[0] == "comment"} <= set(found)


_PIECES = st.sampled_from(
    """replace|with|by|delete|insert|after|before|and|not|instead of|should read|should be deleted|to|the words|in
    |please|add|at the end|->|throughout|move|if|first sentence|new paragraph after|for|read|Old:|New:|,|:|;|.|is wrong
    |we suggest|para 9|wherever|prefer|over|either|or|from|all""".replace("\n    ", "").split("|")
)
_LINES = st.lists(_PIECES | _PIECES | st.integers(0, 5).map('"wording{}"'.format), min_size=1, max_size=10).map(
    " ".join
)


@given(st.lists(st.tuples(st.integers(1, 9), _LINES), min_size=1, max_size=3))
def test_no_quoted_wording_vanishes_from_a_line_about_a_paragraph(rows: list[tuple[int, str]]) -> None:
    text = "\n".join(f"Para {number}: {line}" for number, line in rows)
    kept = " ".join(f"{edit.old} {edit.new} {edit.remark}" for edit in read_typed(make_reply(text)).edits)
    assert [wording for wording in re.findall(r"wording\d", text) if wording not in kept] == []


@pytest.mark.parametrize(
    "text",
    [
        "We hereby withdraw our objection to paragraph 8.",
        "UNCTAD lifts its reservation and joins consensus.",
        "La CEPAL retira su objeción al párrafo 8.",
    ],
)
def test_who_takes_something_back_is_shown_to_a_person(text: str) -> None:
    verdict, action = judge_specimen(Specimen(outcome="endorsement", facts=(), text=text, edits=()))
    assert verdict.kind is not MailKind.OBJECTION
    assert (action.needs_attention, "withdrawal" in verdict.flags) == (True, True)
