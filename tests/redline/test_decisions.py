"""Decisions are read strictly and hold for everybody who proposes the same."""

import json

import pytest

from pipeline.errors import PenholderError, UnreadableFileError, UsageError
from pipeline.redline.decisions import Decision, decide, read_decisions
from pipeline.redline.model import Disposition
from pipeline.redline.revise import ConflictingDecisions
from tests.redline.sample import find_change, make_base, propose

BASE = make_base("Members often meet in Vienna.", "States protect all migrants.")
PROPOSALS = {
    "a": propose("a", "WHO", find_change(BASE, "often", "always")),
    "b": propose("b", "ILO", find_change(BASE, "often", "always")),
    "c": propose("c", "ILO", find_change(BASE, "all", "young")),
}


def _decide(*decisions):
    return decide(BASE, PROPOSALS, read_decisions(json.dumps(decisions).encode()))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"id": "a", "disposition": "accepted"}, Decision(id="a", disposition=Disposition.ACCEPTED)),
        (
            {"id": "a", "disposition": "amended", "amended": "seldom", "remark": "why"},
            Decision(id="a", disposition=Disposition.AMENDED, amended="seldom", remark="why"),
        ),
        (
            {"id": "a", "disposition": "noted", "remark": None, "amended": None, "by": "chair"},
            Decision(id="a", disposition=Disposition.NOTED),
        ),
    ],
)
def test_decision_is_read_as_it_is_written(written, read):
    assert read_decisions(json.dumps([written]).encode()) == (read,)


def test_a_decision_holds_for_all_who_propose_the_same():
    decided, remarks = _decide({"id": "b", "disposition": "rejected", "remark": "Not so."})
    assert [one.disposition for one in decided.values()] == ["rejected", "rejected", "open"]
    assert remarks == {"a": "Not so.", "b": "Not so."}


def test_the_same_decision_twice_is_one():
    once = {"id": "a", "disposition": "accepted"}
    assert _decide(once, once, {"id": "b", "disposition": "accepted"}) == _decide(once)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"id": "a", "disposition": "accepted"}, {"id": "a", "disposition": "rejected"}),
        ({"id": "a", "disposition": "accepted"}, {"id": "b", "disposition": "rejected"}),
        (
            {"id": "a", "disposition": "amended", "amended": "x"},
            {"id": "b", "disposition": "amended", "amended": "y"},
        ),
    ],
)
def test_two_decisions_on_one_change_are_refused(first, second):
    with pytest.raises(ConflictingDecisions, match=f"{first['id']}.* differ"):
        _decide(first, second)


def test_unknown_ids_are_named():
    with pytest.raises(UsageError, match="no change 1, 2, 3, 4, 5 and 2 more"):
        _decide(*({"id": str(number), "disposition": "noted"} for number in range(1, 8)))


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"id": "a", "disposition": "taken"}, "'taken' is none of"),
        ({"id": "a", "disposition": "superseded"}, "'superseded' is none of"),
        ({"id": "a", "disposition": "amended"}, "write the wording"),
        ({"id": "a", "disposition": "accepted", "amended": "x"}, "write the wording"),
        ({"id": "a"}, "no id or no disposition"),
        ({"id": 1, "disposition": "noted"}, "no id or no disposition"),
        ({"id": "a", "disposition": "noted", "remark": 3}, "are texts"),
        ("a", "no id or no disposition"),
    ],
)
def test_what_is_no_decision_is_explained(decision, words):
    with pytest.raises(PenholderError, match=words):
        _decide(decision)


@pytest.mark.parametrize("content", [b"", b"{}", b"accepted", b"[" * 200_000, b"\xff"])
def test_what_is_no_list_is_explained(content):
    with pytest.raises(UnreadableFileError, match="no JSON list"):
        read_decisions(content)
