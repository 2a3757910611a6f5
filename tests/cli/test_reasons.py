"""`explain` shows every rung; `replay` shows what would change before anything does."""

import json

import pytest

from pipeline.adapters import store
from pipeline.explain import LADDER
from tests.cli.shell import Shell
from tests.pipeline import desk as small
from tests.pipeline.desk import answer


def test_explain_names_every_rung_with_what_it_saw(busy: Shell) -> None:
    said = busy.run("explain", "letter.eml")
    assert said.code == 0
    for told in ("who: WHO (sure)", "which draft: WAT (sure)", "It answers our mail on WAT to WHO.", "place: filed."):
        assert told in said.out
    for rung in LADDER:
        assert rung.name in said.out or rung.answers == "both"


@pytest.mark.parametrize("name", ["1", "sha"])
def test_explain_finds_a_stored_message_by_number_and_by_digest(busy: Shell, name: str) -> None:
    with small.open_desk_again(busy.folder) as desk:
        digest = small.get_message(desk, 1).sha256
    found = json.loads(busy.run("explain", digest[:12] if name == "sha" else name, "--json").out)
    assert found["message_id"] == 1
    assert found["recognition"]["identity"]["agency"] == "ILO"
    assert {clue["source"] for sight in found["ladder"] for clue in sight["clues"]} >= {"roster_address", "in_reply_to"}


@pytest.mark.parametrize("name", ["nothing", "99", "deadbeef", "abc"])
def test_explain_says_that_there_is_no_such_message(busy: Shell, name: str) -> None:
    said = busy.run("explain", name)
    assert said.code == 65
    assert name in said.err


def test_a_replay_without_a_changed_rule_changes_nothing(busy: Shell) -> None:
    said = busy.run("replay")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("2 messages read again, 0 would change")
    assert json.loads(busy.run("replay", "--apply", "--json").out) == {"applied": True, "read": 2, "changes": []}


def test_a_replay_shows_the_change_first_and_makes_it_only_when_told(busy: Shell) -> None:
    with small.open_desk_again(busy.folder) as desk:
        (receipt,) = small.take(desk, answer(desk, "WHO", in_reply_to="", subject="hello"))
        made = small.get_message(desk, receipt.message_id).recognition
        assert made is not None
        with desk.database.begin() as db:
            store.messages.save_recognition(db, receipt.message_id, small.misread(made))
    before = json.loads(busy.run("replay", "--json").out)
    (change,) = before["changes"]
    assert change["before"]["kind"] == "question"
    assert change["after"]["kind"] == made.verdict.kind
    assert json.loads(busy.run("replay", "--json", str(receipt.message_id)).out) == {**before, "read": 1}
    assert json.loads(busy.run("replay", "--apply", "--json").out)["changes"] == before["changes"]
    assert json.loads(busy.run("replay", "--json").out)["changes"] == []


def test_a_replay_is_either_tried_or_applied(busy: Shell) -> None:
    assert busy.run("replay", "--apply", "--dry-run").code == 65
