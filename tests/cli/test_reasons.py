"""`explain` shows every rung; `replay` shows what would change before anything does."""

import json
import re
from dataclasses import replace

import pytest

from pipeline.adapters import store
from pipeline.config import HOME
from pipeline.core.classify import QUESTIONS
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


def test_every_clue_on_who_and_which_has_its_rung() -> None:
    rungs = {source for rung in LADDER for source in rung.sources}
    written = "".join(
        (HOME / "pipeline" / "core" / f"{name}.py").read_text() for name in ("senders", "identify", "evidence")
    )
    sources = set(re.findall(r'source="([a-z_]+)"', written))
    assert len(sources) > 10
    assert sources - rungs == {"contradiction"}


def test_explain_lists_the_questions_up_to_the_one_that_was_answered_and_the_rule_that_hit(busy: Shell) -> None:
    said = busy.run("explain", "letter.eml").out
    assert "-    Did a machine write it? no" in said
    assert "saw  Does it say yes, or no comments? yes. It has no comments." in said
    assert 'rule no_comment.toml:no-comment-en (no_comment) found "no comments" in: We have no comments' in said
    found = json.loads(busy.run("explain", "letter.eml", "--json").out)
    assert [one["name"] for one in found["asked"]] == [one.name for one in QUESTIONS[: len(found["asked"])]]
    assert [bool(one["answer"]) for one in found["asked"]] == [False] * (len(found["asked"]) - 1) + [True]
    assert len(found["asked"]) + found["unasked"] == len(QUESTIONS)


@pytest.mark.parametrize(
    ("authserv_id", "words"),
    [
        ("", "server   mx.other.example says spf=fail; mailbox.authserv_id is not set, so this decides nothing"),
        ("mx.wtg.example", "server   mx.wtg.example says spf=pass dkim=pass dmarc=pass\n"),
        ("mx.third.example", "server   mx.third.example says nothing on the sender\n"),
    ],
)
def test_explain_says_who_vouches_for_the_sender(busy: Shell, authserv_id: str, words: str) -> None:
    busy.configure(mailbox_authserv_id=authserv_id)
    others = "Authentication-Results: mx.other.example; spf=fail\r\nReply-To: Bo <bo@who.example>\r\n"
    ours = "Authentication-Results: mx.wtg.example; spf=pass; dkim=pass; dmarc=pass\r\n"
    (busy.folder / "a.eml").write_bytes(f"{others}{ours}".encode() + (busy.folder / "letter.eml").read_bytes())
    said = busy.run("explain", "a.eml").out
    assert words in said
    assert "reply-to Bo <bo@who.example>\n" in said


def test_explain_never_shows_a_password(busy: Shell) -> None:
    with small.open_desk_again(busy.folder) as desk:
        (busy.folder / "a.eml").write_bytes(answer(desk, "WHO", text="The password is: Sample-Only-42"))
    said = busy.run("explain", "a.eml", "--json").out
    assert "credential" in said
    assert "Sample-Only-42" not in json.dumps(json.loads(said)["rules"])


def test_explain_of_a_message_that_could_not_be_read_says_so(busy: Shell) -> None:
    with small.open_desk_again(busy.folder) as desk:
        head = answer(desk, "WHO").replace(b"From:", b"X: " + b"a@b.example, " * 6_000 + b"\r\nFrom:", 1)
        (receipt,) = small.take(desk, head)
    said = busy.run("explain", str(receipt.message_id))
    assert said.code == 0
    assert "could not be read" in said.out
    assert "place: failed. The message has " in said.out


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


def test_a_replay_shows_a_change_that_leaves_the_place_as_it_is(busy: Shell) -> None:
    with small.open_desk_again(busy.folder) as desk, desk.database.begin() as db:
        made = store.messages.get_message(db, 1).recognition
        assert made is not None
        store.messages.save_recognition(db, 1, replace(made, verdict=replace(made.verdict, flags=("late",))))
    said = busy.run("replay", "1")
    assert re.search(r"flags +late -> -\n", said.out)


def test_a_replay_of_a_message_that_is_not_there_says_so(busy: Shell) -> None:
    assert busy.run("replay", "99").code == 65


def test_a_replay_is_either_tried_or_applied(busy: Shell) -> None:
    assert busy.run("replay", "--apply", "--dry-run").code == 65
