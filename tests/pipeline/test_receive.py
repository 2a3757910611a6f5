"""Recognising: every message ends in one place, whatever it is, and twice is as good as once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from pipeline import consequences
from pipeline.adapters import store
from pipeline.core.model import MailKind, Place, ResponseState
from pipeline.core.rules import Rules
from pipeline.errors import MailTooComplexError, SandboxError, StoreError, UsageError
from pipeline.overview import read_board
from pipeline.receive import BATCH, MOST_ATTEMPTS, recognise, recognise_all
from pipeline.redline.model import Disposition
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import HOUR, NOW, OPENED, Reader, answer, dump, edit, take, with_file

ANIMALS = edit("shared with herds", "shared with working animals", 2)
FORGED = {"Authentication-Results": "mx.wtg.example; dkim=fail; spf=fail; dmarc=fail header.from=ilo.example"}
SOAP = edit("clean water and soap", "clean water, soap and towels", 5)


def states(desk: Desk) -> dict[str, ResponseState]:
    """Where every member stands."""
    (board,) = read_board(desk.database, NOW).rounds
    return {each.agency: each.state for each in board.responses}


# --- What becomes of an answer --------------------------------------------------------------------------------


def test_an_answer_is_filed_with_its_changes_and_its_receipt(desk: Desk) -> None:
    (receipt,) = take(desk, with_file(desk, "ILO", ANIMALS, SOAP))
    assert (receipt.place, receipt.kind, receipt.agency, receipt.draft) == (
        Place.FILED,
        MailKind.CONTRIBUTION,
        "ILO",
        "WAT",
    )
    proposals = small.list_proposals(desk)
    assert [(each.agency, each.revision) for each in proposals] == [("ILO", "r0")] * 2
    assert states(desk)["ILO"] is ResponseState.CONTRIBUTED
    (mail,) = small.list_mails(desk, "acknowledgement")
    assert mail.mail.to == ("water@ilo.example",)


def test_edits_typed_in_the_body_become_proposals(desk: Desk) -> None:
    text = 'Para 2: replace "shared with herds" by "shared with cattle".'
    take(desk, answer(desk, "WHO", text))
    (proposal,) = small.list_proposals(desk)
    change = proposal.proposal.change
    assert (proposal.agency, change.old, change.new) == ("WHO", "shared with herds", "shared with cattle")


def test_recognising_twice_changes_nothing(desk: Desk) -> None:
    mails = [
        with_file(desk, "ILO", ANIMALS),
        with_file(desk, "ILO", SOAP, name="WAT_comments_v2.docx"),
        answer(desk, "WHO"),
        answer(desk, "WHO", sender="x <x@elsewhere.example>", in_reply_to=""),
        b"",
        b"\xff\xfe no mail at all",
    ]
    receipts = take(desk, *mails)
    before = dump(desk)
    again = [recognise(receipt.message_id, desk, NOW + HOUR) for receipt in receipts]
    assert tuple(again) == receipts
    assert dump(desk) == before


def test_the_order_of_recognising_again_does_not_matter(desk: Desk) -> None:
    receipts = take(desk, with_file(desk, "ILO", ANIMALS), with_file(desk, "WHO", ANIMALS, SOAP))
    before = dump(desk)
    for receipt in reversed(receipts):
        recognise(receipt.message_id, desk, NOW)
    assert dump(desk) == before


def test_nothing_is_recognised_before_there_is_a_roster(tmp_path: Path) -> None:
    database = store.open_database(f"sqlite:///{tmp_path}/empty.db")
    with database.begin() as db:
        store.messages.record(db, small.raw(b"From: a@b.example\r\n\r\nHello"), NOW)
    assert recognise_all(small.make_desk(database), NOW) == ()
    with database.read() as db:
        assert store.messages.list_unrecognised(db) == (1,)
    small.fill(database)
    assert [receipt.place for receipt in recognise_all(small.make_desk(database), NOW)] == [Place.HELD]
    database.dispose()


# --- Repeats and later versions -------------------------------------------------------------------------------


def test_a_mail_delivered_twice_counts_once(desk: Desk) -> None:
    mail = with_file(desk, "ILO", ANIMALS)
    first, second = take(desk, mail, b"Received: from elsewhere.example\r\n" + mail)
    assert (first.place, second.place) == (Place.FILED, Place.IGNORED)
    assert small.get_message(desk, second.message_id).duplicate_of == first.message_id
    assert len(small.list_proposals(desk)) == 1
    assert len(small.list_mails(desk, "acknowledgement")) == 1


def test_a_marked_version_supersedes_the_earlier_one(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS, name="WAT_ILO.docx"))
    take(desk, with_file(desk, "ILO", SOAP, name="WAT_ILO_v2.docx"), at=OPENED + 2 * HOUR)
    assert small.get_message(desk, 1).superseded_by == 2
    assert [each.proposal.disposition for each in small.list_proposals(desk)] == [
        Disposition.SUPERSEDED,
        Disposition.OPEN,
    ]


def test_another_file_adds_to_the_earlier_one(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS, name="part one.docx"))
    take(desk, with_file(desk, "ILO", SOAP, name="annex.docx"), at=OPENED + 2 * HOUR)
    assert small.get_message(desk, 1).superseded_by is None
    assert len(small.list_proposals(desk, include_superseded=False)) == 2


def test_changes_of_another_agency_still_in_the_file_are_not_counted_again(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    own = edit("clean water and soap", "clean water, soap and towels", 5, "WHO Water")
    take(desk, with_file(desk, "WHO", ANIMALS, own), at=OPENED + 2 * HOUR)
    assert [(each.agency, each.proposal.change.person) for each in small.list_proposals(desk)] == [
        ("ILO", "ILO Water"),
        ("WHO", "WHO Water"),
    ]
    recognition = small.get_message(desk, 2).recognition
    assert recognition is not None
    assert recognition.files[0].carries == ("ILO",)


def test_the_same_wording_of_two_persons_is_two_proposals(desk: Desk) -> None:
    theirs = edit("shared with herds", "shared with working animals", 2, "WHO Water")
    take(desk, with_file(desk, "ILO", ANIMALS), with_file(desk, "WHO", theirs))
    assert [each.agency for each in small.list_proposals(desk)] == ["ILO", "WHO"]


# --- What proposes nothing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "place"),
    [
        ({"sender": "Water <water@1lo.example>"}, Place.HELD),
        ({"sender": "Somebody <x@elsewhere.example>", "in_reply_to": ""}, Place.HELD),
        (
            {
                "headers": {
                    "Authentication-Results": "mx.wtg.example; dkim=fail; spf=fail; dmarc=fail header.from=ilo.example"
                }
            },
            Place.QUARANTINED,
        ),
    ],
)
def test_what_is_not_filed_proposes_nothing_and_is_not_answered(desk: Desk, mail: dict[str, str], place: Place) -> None:
    (receipt,) = take(desk, with_file(desk, "ILO", ANIMALS, **mail))
    assert receipt.place in (place, Place.QUARANTINED)
    assert small.list_proposals(desk) == ()
    assert small.list_mails(desk, "acknowledgement") == ()


def test_a_quarantined_mail_does_not_vouch_for_the_next_one(desk: Desk) -> None:
    take(desk, answer(desk, "ILO", message_id="<forged@ilo.example>", headers=FORGED))
    stranger = {"sender": "Anybody <x@elsewhere.example>", "subject": "Hello"}
    follow_up = answer(desk, "ILO", "Another thing.", in_reply_to="<forged@ilo.example>", **stranger)
    (receipt,) = take(desk, follow_up)
    assert (receipt.place, receipt.agency, receipt.draft) == (Place.HELD, None, None)


def test_a_bounce_marks_the_address_and_only_that(desk: Desk) -> None:
    fields = (
        "Reporting-MTA: dns; mx.ilo.example\n\n"
        "Final-Recipient: rfc822; water-alt@ilo.example\nAction: failed\nStatus: 5.1.1\n"
    )
    bounce = answer(
        desk,
        "ILO",
        "Delivery has failed.",
        sender="MAILER-DAEMON@mx.ilo.example",
        headers={"Return-Path": "<>"},
        report=("delivery-status", fields),
    )
    (receipt,) = take(desk, bounce)
    assert (receipt.place, receipt.kind) == (Place.IGNORED, MailKind.BOUNCE)
    with desk.database.read() as db:
        contacts = store.rosters.get_roster(db).get_agency("ILO").contacts
    assert {each.address: each.bounced_at for each in contacts} == {
        "water@ilo.example": None,
        "water-alt@ilo.example": OPENED + HOUR,
    }


# --- First connection -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("early", "receipts"), [(timedelta(seconds=1), 0), (timedelta(0), 1)])
def test_mail_received_before_the_first_connection_is_filed_and_never_answered(
    tmp_path: Path, early: timedelta, receipts: int
) -> None:
    with small.open_desk(tmp_path, opened=OPENED + HOUR) as desk:
        (receipt,) = take(desk, answer(desk), at=OPENED + HOUR - early)
        recognise(receipt.message_id, desk, NOW)
        assert receipt.place is Place.FILED
        assert states(desk)["ILO"] is ResponseState.NO_COMMENT
        assert len(small.list_mails(desk, "acknowledgement")) == receipts


# --- Poison ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [SandboxError("It ran out of memory."), MailTooComplexError("Too deep."), RuntimeError("a bug")]
)
def test_a_poison_message_fails_known_by_its_head_and_the_next_is_filed(desk: Desk, error: Exception) -> None:
    poisoned = small.with_reader(desk, Reader(errors={"read_message": [error, None]}))
    first, second = take(poisoned, answer(desk), answer(desk, "WHO"))
    assert (first.place, first.agency, first.draft, second.place) == (Place.FAILED, "ILO", "WAT", Place.FILED)
    (board,) = read_board(desk.database, NOW).rounds
    (ilo,) = (each for each in board.missing if each.agency == "ILO")
    assert ilo.do_not_chase
    assert ilo.state is not ResponseState.NO_COMMENT
    assert len(small.list_mails(desk, "acknowledgement")) == 1


@pytest.mark.parametrize("function", ["read_message", "read_files_of"])
@pytest.mark.parametrize("error", [SandboxError("It died."), RuntimeError("a bug"), RecursionError()])
def test_a_message_nothing_can_be_read_of_fails_all_the_same(desk: Desk, function: str, error: Exception) -> None:
    poisoned = small.with_reader(desk, Reader(errors={function: [error]}))
    (receipt,) = take(poisoned, with_file(desk, "ILO", ANIMALS))
    assert receipt.place is Place.FAILED
    assert small.get_message(desk, 1).attention_open
    assert small.list_proposals(desk) == ()


def test_a_message_that_breaks_what_follows_from_it_fails_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(consequences, "collect_changes", fail)
    first, second = take(desk, with_file(desk, "ILO", ANIMALS), b"From: x@elsewhere.example\r\n\r\nHello")
    assert (first.place, first.agency, second.place) == (Place.FAILED, "ILO", Place.HELD)


class Fussy:
    """The rules of the product, which stumble over one word."""

    def __getattr__(self, name: str) -> Any:
        return getattr(small.rules(), name)

    def match(self, sentence: str) -> Any:
        if "poison" in sentence:
            raise ZeroDivisionError
        return small.rules().match(sentence)


def test_what_fails_in_a_batch_leaves_the_others_as_they_are(desk: Desk) -> None:
    fussy = replace(desk, rules=cast(Rules, Fussy()))
    theirs = edit("clean water and soap", "clean water, soap and towels", 5, "WHO Water")
    mails = (with_file(desk, "ILO", ANIMALS), answer(desk, "UNICEF", "poison"), with_file(desk, "WHO", theirs))
    before, failed, behind = take(fussy, *mails)
    assert [receipt.message_id for receipt in (before, failed, behind)] == [1, 2, 3]
    assert [receipt.place for receipt in (before, failed, behind)] == [Place.FILED, Place.FAILED, Place.FILED]
    assert failed.agency == "UNICEF"
    assert [each.message_id for each in small.list_proposals(desk)] == [1, 3]


def test_each_message_of_a_batch_is_seen_in_the_light_of_those_before_it(desk: Desk) -> None:
    first = answer(desk, "ILO", message_id="<first@ilo.example>")
    second = answer(desk, "WHO", "We agree with ILO.", subject="Re: hello", in_reply_to="<first@ilo.example>")
    assert [(receipt.place, receipt.draft) for receipt in take(desk, first, second)] == [(Place.FILED, "WAT")] * 2


class CountingDatabase(store.Database):
    """Counts the write transactions."""

    written = 0

    @contextmanager
    def begin(self) -> Iterator[store.Db]:
        """One more write transaction."""
        self.written += 1
        with super().begin() as db:
            yield db


def test_a_batch_waits_for_the_disk_once(desk: Desk) -> None:
    database = CountingDatabase(str(desk.database.engine.url))
    take(replace(desk, database=database), *(answer(desk, text=f"We have no comments. {n}") for n in range(2 * BATCH)))
    # the mails, the note that they are tried, two batches
    assert database.written == 4
    database.dispose()


@pytest.mark.parametrize(("deaths", "agency"), [(MOST_ATTEMPTS, "ILO"), (MOST_ATTEMPTS + 1, None)])
def test_a_message_that_stops_the_program_is_given_up(desk: Desk, deaths: int, agency: str | None) -> None:
    with desk.database.begin() as db:
        store.messages.record(db, small.raw(answer(desk)), NOW)
        for _ in range(deaths):
            store.messages.note_attempt(db, 1)
    (receipt,) = recognise_all(desk, NOW)
    assert (receipt.place, receipt.agency) == (Place.FAILED, agency)
    assert f"stopped the program {deaths} times" in receipt.reason


def test_a_message_that_stopped_the_program_less_often_is_tried_again(desk: Desk) -> None:
    with desk.database.begin() as db:
        store.messages.record(db, small.raw(answer(desk)), NOW)
        for _ in range(MOST_ATTEMPTS - 1):
            store.messages.note_attempt(db, 1)
    assert [receipt.place for receipt in recognise_all(desk, NOW)] == [Place.FILED]


def test_a_database_that_fails_is_no_fault_of_the_message(desk: Desk) -> None:
    broken = small.with_reader(desk, Reader(errors={"read_message": [StoreError("The database is locked.")]}))
    with pytest.raises(StoreError):
        take(broken, answer(desk))
    assert [receipt.place for receipt in recognise_all(desk, NOW)] == [Place.FILED]


def test_a_failed_message_can_be_read_again(desk: Desk) -> None:
    poisoned = small.with_reader(desk, Reader(errors={"read_message": [SandboxError("It died.")]}))
    (failed,) = take(poisoned, with_file(desk, "ILO", ANIMALS))
    assert failed.place is Place.FAILED
    assert recognise(failed.message_id, desk, NOW).place is Place.FILED
    assert len(small.list_proposals(desk)) == 1


def test_a_message_read_otherwise_takes_back_what_it_proposed(desk: Desk) -> None:
    (filed,) = take(desk, with_file(desk, "ILO", ANIMALS))
    assert len(small.list_proposals(desk)) == 1
    poisoned = small.with_reader(desk, Reader(errors={"read_message": [SandboxError("It died.")]}))
    recognise(filed.message_id, poisoned, NOW)
    assert small.list_proposals(desk) == ()


def test_there_is_no_receipt_for_a_message_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(UsageError):
        recognise(99, desk, NOW)


def test_texts_of_revisions_are_read_once(desk: Desk) -> None:
    take(desk, answer(desk))
    once = small.with_reader(desk, Reader(errors={"read_base": [AssertionError("read again")]}))
    assert take(once, answer(desk, "WHO"))[0].place is Place.FILED
    fresh = replace(once, texts={})
    assert take(fresh, answer(desk, "WHO", 'Para 1: delete "x".'))[0].place is Place.FAILED
