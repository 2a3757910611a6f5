"""A plain reply to a receipt names another draft: suggested to a person, put right with one click."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters import store
from pipeline.correct import Suggestion, accept_correction, close_attention, suggest_correction
from pipeline.errors import UsageError
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline import two_drafts
from tests.pipeline.desk import NOW, answer, take

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with two rounds open: on water and on the sea."""
    with small.open_desk(tmp_path) as opened:
        two_drafts.add_harbours(opened)
        yield opened


def misplace(desk: Desk, *texts: str) -> str:
    """The Message-ID of the receipt for answers that ILO sent in the thread of the water paper."""
    take(desk, *(answer(desk, text=text) for text in texts))
    return small.list_mails(desk, "acknowledgement")[-1].mail.message_id


def correct(desk: Desk, text: str, **mail: str) -> int:
    """The number of a plain reply."""
    (told,) = take(desk, answer(desk, text=text, **mail), at=LATER, now=LATER)
    return told.message_id


def suggest(desk: Desk, message_id: int) -> Suggestion | None:
    with desk.database.read() as db:
        return suggest_correction(db, store.messages.get_message(db, message_id))


def get_draft(desk: Desk, message_id: int) -> str | None:
    made = small.get_message(desk, message_id).recognition
    return made.identity.draft if made and made.identity else None


def test_a_reply_to_a_receipt_suggests_the_named_draft_for_what_the_receipt_is_about(desk: Desk) -> None:
    receipt = misplace(desk, "We have no comments on this draft.")
    reply = correct(desk, "This was for SEA.", in_reply_to=receipt)
    suggestion = suggest(desk, reply)
    assert suggestion is not None
    assert ([each.id for each in suggestion.messages], suggestion.draft, suggestion.round_id) == ([1], "SEA", 2)
    assert get_draft(desk, 1) == "WAT"
    assert small.get_message(desk, reply).attention_open
    assert len(small.list_mails(desk, "acknowledgement")) == 1


def test_one_click_files_the_message_and_settles_the_reply(desk: Desk) -> None:
    receipt = misplace(desk, "We have no comments on this draft.")
    reply = correct(desk, "This was for SEA.", in_reply_to=receipt)
    accept_correction(desk, reply, 1, by="anna", now=LATER)
    assert get_draft(desk, 1) == "SEA"
    assert not small.get_message(desk, reply).attention_open
    assert suggest(desk, reply) is None
    with desk.database.read() as db:
        entries = store.audit.list_entries(db, subject="message 1")
    assert any(f"as its sender says in message {reply}" in entry.what for entry in entries)
    with pytest.raises(UsageError, match="reload the page"):
        accept_correction(desk, reply, 1, by="anna", now=LATER)


def test_a_receipt_about_several_mails_asks_for_each(desk: Desk) -> None:
    receipt = misplace(desk, "We have no comments on this draft.", "We need more time until 20 October.")
    reply = correct(desk, "Sorry, these were for SEA.", in_reply_to=receipt)
    for number in (1, 2):
        assert small.get_message(desk, reply).attention_open
        accept_correction(desk, reply, number, by="anna", now=LATER)
    assert [get_draft(desk, number) for number in (1, 2)] == ["SEA", "SEA"]
    assert not small.get_message(desk, reply).attention_open


def test_a_reply_that_answers_no_receipt_means_the_last_answer_of_the_agency(desk: Desk) -> None:
    misplace(desk, "We have no comments on this draft.")
    take(desk, answer(desk, "WHO", text="No comments from our side."))
    suggestion = suggest(desk, correct(desk, "Our mail of this morning was for SEA."))
    assert suggestion is not None
    assert [each.id for each in suggestion.messages] == [1]


def test_a_receipt_of_another_agency_is_not_put_right_by_this_one(desk: Desk) -> None:
    receipt = misplace(desk, "We have no comments on this draft.")
    (told,) = take(desk, answer(desk, "WHO", text="This was for SEA.", in_reply_to=receipt), at=LATER, now=LATER)
    assert suggest(desk, told.message_id) is None


def test_a_suggestion_that_a_person_has_looked_at_is_gone(desk: Desk) -> None:
    receipt = misplace(desk, "We have no comments on this draft.")
    reply = correct(desk, "This was for SEA.", in_reply_to=receipt)
    close_attention(desk, reply, by="anna", now=LATER, remark="no")
    assert suggest(desk, reply) is None
    assert get_draft(desk, 1) == "WAT"


@pytest.mark.parametrize("text", ["Thank you.", "This was for WAT.", "This was for the other one."])
def test_a_reply_that_names_no_other_draft_suggests_nothing(desk: Desk, text: str) -> None:
    receipt = misplace(desk, "We have no comments on this draft.")
    assert suggest(desk, correct(desk, text, in_reply_to=receipt)) is None
