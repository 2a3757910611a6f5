from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.adapters.store import messages
from pipeline.core.canonical import canonical_digest
from pipeline.core.model import InboundMessage, MailKind, Place
from pipeline.errors import UsageError
from tests.adapters.store_records import (
    DAY,
    NOW,
    add_message,
    add_round,
    make_raw,
    make_recognition,
    write_store,
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    yield from write_store(tmp_path)


def refile(db: store.Db, id: int, **changed: Any) -> InboundMessage:
    values: dict[str, Any] = {"agency": "UNICEF", "body": None, "draft": "YTH", "round_id": None}
    values |= {"place": Place.FILED, "by": "anna", "at": NOW, "remark": "signed by UNICEF"}
    messages.refile(db, id, **(values | changed))
    return messages.get_message(db, id)


# --- Recording ---


def test_a_repeat_adds_only_a_sighting(db: store.Db) -> None:
    first = messages.record(db, make_raw(uid=1), NOW)
    again = messages.record(db, make_raw(uid=9, internal_date=NOW + DAY), NOW + DAY)
    assert (first.new, again.new) == (True, False)
    assert first.id == again.id
    found = messages.get_message(db, first.id)
    assert (found.sightings, found.received_at, found.recorded_at) == (2, NOW, NOW)
    assert messages.count_messages(db)[Place.RECEIVED] == 1


def test_the_same_sighting_counts_once(db: store.Db) -> None:
    id = add_message(db, uid=1)
    add_message(db, uid=1)
    assert messages.get_message(db, id).sightings == 1


def test_a_server_that_reuses_a_uid_loses_nothing(db: store.Db) -> None:
    first, second = add_message(db, "one", uid=1), add_message(db, "two", uid=1)
    assert first != second
    assert messages.get_message(db, second).sightings == 1


def test_the_bytes_come_back_as_they_were_served(db: store.Db) -> None:
    raw = make_raw(raw=bytes(range(256)) * 3)
    id = messages.record(db, raw, NOW).id
    assert messages.get_raw(db, id) == raw.raw
    assert messages.get_message(db, id).size == 768


def test_a_batch_keeps_its_order_and_counts_equal_messages_once(db: store.Db) -> None:
    known = add_message(db, "known", uid=1)
    texts = ("a", "known", "b", "a")
    recorded = messages.record_batch(db, [make_raw(text, uid=10 + n) for n, text in enumerate(texts)], NOW)
    assert [each.new for each in recorded] == [True, False, True, False]
    assert recorded[1].id == known
    assert recorded[0].id == recorded[3].id < recorded[2].id
    assert messages.get_raw(db, recorded[2].id) == make_raw("b").raw
    assert messages.record_batch(db, (), NOW) == ()


def test_unrecognised_messages_are_listed_oldest_first(db: store.Db) -> None:
    ids = [add_message(db, text, uid=n) for n, text in enumerate("abc")]
    messages.save_recognition(db, ids[1], make_recognition())
    assert messages.list_unrecognised(db) == (ids[0], ids[2])


def test_attempts_are_counted(db: store.Db) -> None:
    id = add_message(db)
    assert [messages.note_attempt(db, id) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(UsageError, match="no message 77"):
        messages.note_attempt(db, 77)


def test_first_attempts_are_noted_together_and_once(db: store.Db) -> None:
    tried, first, second = (add_message(db, f"message {number}") for number in range(3))
    messages.note_attempt(db, tried)
    assert messages.note_first_attempts(db) == {first, second}
    assert messages.note_first_attempts(db) == set()
    assert [messages.note_attempt(db, id) for id in (tried, first, second)] == [2, 2, 2]


# --- Recognition ---


def test_a_recognition_comes_back_as_it_went_in(db: store.Db) -> None:
    id, recognition = (
        add_message(db),
        make_recognition(text="lone \udce9 and \0", subject="\ud800", message_id="<\udc80>"),
    )
    messages.save_recognition(db, id, recognition)
    assert messages.get_message(db, id).recognition == recognition


def test_recognising_again_replaces_everything(db: store.Db) -> None:
    id = add_message(db)
    messages.save_recognition(db, id, make_recognition(place=Place.HELD, needs_attention=True, text="before"))
    messages.save_recognition(db, id, make_recognition(agency="UNICEF", text="after"))
    assert messages.get_message(db, id).place is Place.FILED
    assert messages.count_attention(db) == 0
    assert messages.list_messages(db, agency="ILO") == messages.list_messages(db, search="before") == ()
    assert len(messages.list_messages(db, agency="UNICEF", search="after")) == 1


def test_an_unread_message_has_no_identity(db: store.Db) -> None:
    id = add_message(db)
    assert messages.get_message(db, id).recognition is None
    with pytest.raises(UsageError, match="not been read"):
        refile(db, id)


def test_unknown_messages_are_said_to_be_unknown(db: store.Db) -> None:
    for ask in (messages.get_message, messages.get_raw):
        with pytest.raises(UsageError, match="no message 77"):
            ask(db, 77)
    with pytest.raises(UsageError, match="no message 77"):
        messages.save_recognition(db, 77, make_recognition())


# --- Duplicates ---


def test_a_copy_delivered_again_is_found_as_the_same(db: store.Db) -> None:
    first = add_message(db, uid=1)
    raw = b"Received: from x.example; later\r\n" + make_raw().raw
    copy = messages.record(db, make_raw(raw=raw, uid=2), NOW)
    assert copy.new
    assert messages.find_same(db, "", canonical_digest(raw), copy.id) == first
    assert messages.find_same(db, "", canonical_digest(raw), first) is None


def test_an_equal_message_id_alone_makes_no_duplicate(db: store.Db) -> None:
    first, second = add_message(db, "one", uid=1), add_message(db, "two", uid=2)
    messages.save_recognition(db, first, make_recognition(message_id="<same@ilo.example>"))
    messages.save_recognition(db, second, make_recognition(message_id="<same@ilo.example>"))
    digest = canonical_digest(make_raw("two").raw)
    assert messages.find_same(db, "<same@ilo.example>", digest, second) is None
    found = messages.find_message(db, "<same@ilo.example>")
    assert found is not None
    assert found.id == first
    assert messages.find_message(db, "<other@ilo.example>") is None


# --- Lists ---


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, "cba"),
        ({"places": (Place.HELD,)}, "b"),
        ({"places": (Place.HELD, Place.FILED)}, "cba"),
        ({"places": (Place.FAILED,)}, ""),
        ({"agency": "ILO"}, "a"),
        ({"draft": "JST"}, "c"),
        ({"attention_only": True}, "b"),
        ({"search": "STRASSE"}, "b"),
        ({"search": "comments ilo.example"}, "ca"),
        ({"search": "100%"}, "c"),
        ({"search": "%"}, "c"),
        ({"search": "comments nothing"}, ""),
        ({"search": "comments", "draft": "YTH"}, "a"),
        ({"limit": 2}, "cb"),
        ({"before_id": 3, "limit": 1}, "b"),
        ({"round_id": 5}, ""),
    ],
)
def test_lists_meet_every_condition_newest_first(db: store.Db, conditions: dict[str, Any], expected: str) -> None:
    recognitions = {
        "a": make_recognition(text="our comments"),
        "b": make_recognition(place=Place.HELD, needs_attention=True, agency="UNICEF", subject="Straße", text=""),
        "c": make_recognition(agency=None, draft="JST", text="comments on 100% of it"),
    }
    names = {add_message(db, text, uid=n): text for n, text in enumerate(recognitions)}
    for id, name in names.items():
        messages.save_recognition(db, id, recognitions[name])
    found = messages.list_messages(db, **conditions)
    assert "".join(names[each.id] for each in found) == expected


def test_counts_name_every_place(db: store.Db) -> None:
    id = add_message(db, "a", uid=1)
    add_message(db, "b", uid=2)
    messages.save_recognition(db, id, make_recognition(place=Place.HELD, needs_attention=True))
    counts = messages.count_messages(db)
    assert (counts[Place.HELD], counts[Place.RECEIVED], counts[Place.FAILED]) == (1, 1, 0)
    assert messages.count_by_place(db, draft="YTH")[Place.RECEIVED] == 0
    assert messages.count_attention(db) == 1


def test_filings_are_what_tracking_may_see(db: store.Db) -> None:
    round = add_round(db)
    places = (Place.FILED, Place.HELD, Place.FAILED, Place.QUARANTINED, Place.IGNORED)
    for n, place in enumerate(places):
        id = add_message(db, place.value, uid=n, internal_date=NOW + (9 - n) * DAY)
        recognition = make_recognition(place=place, round_id=round.id, flags=("late",), needs_attention=True)
        messages.save_recognition(db, id, recognition)
    stranger = add_message(db, "stranger", uid=90)
    messages.save_recognition(db, stranger, make_recognition(agency=None, round_id=round.id))
    filings = messages.list_filings(db, round.id)
    assert [each.place for each in filings] == [Place.QUARANTINED, Place.FAILED, Place.HELD, Place.FILED]
    assert {(each.agency, each.flags, each.attention_open) for each in filings} == {("ILO", ("late",), True)}
    assert len(messages.list_filings(db, round.id, until=NOW + 7 * DAY)) == 2
    assert messages.list_filings(db, round.id + 1) == ()


def test_mail_of_no_known_round_is_seen_by_the_tracking_of_every_round(db: store.Db) -> None:
    round = add_round(db)
    id = add_message(db)
    messages.save_recognition(db, id, make_recognition(place=Place.HELD, round_id=None, needs_attention=True))
    for asked in (round.id, round.id + 1, None):
        assert [(each.message_id, each.round_id) for each in messages.list_filings(db, asked)] == [(id, None)]


# --- What a person says ---


def test_looking_at_a_message_closes_it_for_good(db: store.Db) -> None:
    id = add_message(db)
    messages.save_recognition(db, id, make_recognition(needs_attention=True))
    messages.close_attention(db, id, "anna", NOW, "answered by phone")
    assert messages.count_attention(db) == 0
    messages.save_recognition(db, id, make_recognition(needs_attention=True))
    assert messages.count_attention(db) == 0
    assert [entry.subject for entry in store.audit.list_entries(db)] == [f"message {id}"]


def test_what_a_person_filed_stays_filed_when_recognised_again(db: store.Db) -> None:
    round = add_round(db)
    id = add_message(db)
    suggested = make_recognition(place=Place.HELD, needs_attention=True, agency=None, kind=MailKind.OTHER)
    messages.save_recognition(db, id, suggested)
    filed = refile(db, id, round_id=round.id, kind=MailKind.CONTRIBUTION)
    messages.save_recognition(db, id, suggested)
    assert messages.get_message(db, id) == filed
    assert filed.recognition is not None
    assert filed.recognition.identity is not None
    assert (filed.place, filed.attention_open) == (Place.FILED, False)
    assert filed.recognition.verdict.kind is MailKind.CONTRIBUTION
    assert filed.recognition.identity.agency == "UNICEF"
    assert [each.agency for each in messages.list_filings(db, round.id)] == ["UNICEF"]


def test_the_last_filing_by_a_person_counts_and_each_is_in_the_audit(db: store.Db) -> None:
    id = add_message(db)
    messages.save_recognition(db, id, make_recognition())
    refile(db, id)
    last = refile(db, id, agency=None, draft=None, place=Place.IGNORED, remark="spam after all")
    assert last.place is Place.IGNORED
    assert last.recognition is not None
    assert last.recognition.identity is not None
    assert [clue.words for clue in last.recognition.identity.clues] == ["anna: spam after all"]
    assert len(store.audit.list_entries(db, subject=f"message {id}")) == 2


def test_a_message_put_back_to_held_keeps_waiting(db: store.Db) -> None:
    id = add_message(db)
    messages.save_recognition(db, id, make_recognition(place=Place.HELD, needs_attention=True))
    assert refile(db, id, place=Place.HELD).attention_open


def test_a_message_cannot_replace_itself(db: store.Db) -> None:
    id = add_message(db)
    with pytest.raises(UsageError, match="replace itself"):
        messages.supersede_message(db, id, id)


def test_what_was_replaced_in_error_counts_again(db: store.Db) -> None:
    older, newer = add_message(db, "a", uid=1), add_message(db, "b", uid=2)
    for id in (older, newer):
        messages.save_recognition(db, id, make_recognition())
    messages.supersede_message(db, older, newer)
    assert messages.get_message(db, older).superseded_by == newer
    refile(db, newer, agency="UNICEF")
    assert messages.get_message(db, older).superseded_by is None
    messages.supersede_message(db, older, newer)
    messages.revive_message(db, older, "anna", NOW, "two different files")
    assert messages.get_message(db, older).superseded_by is None


# --- The mailbox ---


def test_the_cursor_of_each_folder_is_kept(db: store.Db) -> None:
    assert messages.get_cursor(db, "INBOX") is None
    messages.set_cursor(db, "INBOX", 7, 10)
    messages.set_cursor(db, "INBOX", 8, 2**32 - 1)
    messages.set_cursor(db, "Archive", 1, 1)
    assert messages.get_cursor(db, "INBOX") == (8, 2**32 - 1)


def test_a_failed_poll_keeps_the_last_success(db: store.Db) -> None:
    assert messages.last_poll(db) == (None, "")
    messages.note_poll(db, NOW)
    messages.note_poll(db, NOW + DAY, "the server refused the password")
    assert messages.last_poll(db) == (NOW, "the server refused the password")
    messages.note_poll(db, NOW + 2 * DAY)
    assert messages.last_poll(db) == (NOW + 2 * DAY, "")
