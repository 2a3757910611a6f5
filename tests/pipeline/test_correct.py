"""What a person puts right stays right, and everything that follows from it follows."""

import pytest

from pipeline.adapters import store
from pipeline.core.model import MailKind, Place, ResponseState
from pipeline.correct import close_attention, refile, reopen_attention, take_back
from pipeline.errors import UsageError
from pipeline.overview import read_board
from pipeline.receive import recognise
from pipeline.redline.model import Disposition
from pipeline.revise import dispose
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import HOUR, NOW, OPENED, answer, edit, take, with_file

ANIMALS = edit("shared with herds", "shared with working animals", 2)
SOAP = edit("clean water and soap", "clean water, soap and towels", 5)


def put(
    desk: Desk, message_id: int = 1, agency: str | None = "WHO", place: Place = Place.FILED, **told: object
) -> None:
    """A person says where the message belongs."""
    values = {"round_id": 1 if agency else None, "kind": None, "by": "chair", "now": NOW, "remark": "by phone"}
    refile(desk, message_id, agency=agency, place=place, **(values | told))  # type: ignore[arg-type]


def state(desk: Desk, agency: str) -> ResponseState:
    """Where a member stands."""
    (board,) = read_board(desk.database, NOW).rounds
    return next(each.state for each in board.responses if each.agency == agency)


def test_refiling_moves_the_proposals_and_both_responses(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    assert (state(desk, "ILO"), state(desk, "WHO")) == (ResponseState.CONTRIBUTED, ResponseState.AWAITING)
    put(desk)
    assert (state(desk, "ILO"), state(desk, "WHO")) == (ResponseState.AWAITING, ResponseState.CONTRIBUTED)
    (proposal,) = small.list_proposals(desk)
    assert (proposal.agency, proposal.proposal.disposition) == ("WHO", Disposition.OPEN)


def test_a_correction_survives_recognising_again(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    put(desk)
    before = small.dump(desk)
    recognise(1, desk, NOW + HOUR)
    assert small.dump(desk) == before
    recognition = small.get_message(desk, 1).recognition
    assert recognition is not None
    assert recognition.files[0].carries == ()


def test_a_message_set_aside_proposes_nothing_until_it_comes_back(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    put(desk, agency=None, place=Place.IGNORED)
    assert small.list_proposals(desk, include_superseded=False) == ()
    assert state(desk, "ILO") is ResponseState.AWAITING
    put(desk, agency="ILO")
    assert len(small.list_proposals(desk, include_superseded=False)) == 1
    assert len(small.list_proposals(desk)) == 1
    assert state(desk, "ILO") is ResponseState.CONTRIBUTED


def test_a_decision_goes_with_its_proposal(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    dispose(desk.database, 1, Disposition.ACCEPTED, remark="fine", amended="", by="chair", now=NOW, version=0)
    put(desk)
    (proposal,) = small.list_proposals(desk)
    assert (proposal.agency, proposal.proposal.disposition, proposal.decided_by) == (
        "WHO",
        Disposition.ACCEPTED,
        "chair",
    )


def test_a_held_answer_proposes_once_a_person_files_it(desk: Desk) -> None:
    stranger = with_file(desk, "ILO", ANIMALS, sender="Aide <aide@consult.example>", in_reply_to="")
    (receipt,) = take(desk, stranger)
    assert receipt.place is Place.HELD
    assert small.list_proposals(desk) == ()
    put(desk, agency="ILO")
    (proposal,) = small.list_proposals(desk)
    assert proposal.agency == "ILO"
    assert not small.get_message(desk, 1).attention_open


def test_what_it_replaced_counts_again_when_it_was_no_answer(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS, name="WAT_ILO.docx"))
    take(desk, with_file(desk, "ILO", SOAP, name="WAT_ILO_v2.docx"), at=OPENED + 2 * HOUR)
    assert small.get_message(desk, 1).superseded_by == 2
    put(desk, 2, agency="ILO", kind=MailKind.QUESTION)
    assert small.get_message(desk, 1).superseded_by is None
    first = small.list_proposals(desk, message_id=1)
    assert [each.proposal.disposition for each in first] == [Disposition.OPEN]
    before = small.dump(desk)
    recognise(2, desk, NOW + HOUR)
    assert small.dump(desk) == before


def test_an_agency_that_is_not_on_the_roster_is_refused(desk: Desk) -> None:
    take(desk, answer(desk))
    with pytest.raises(UsageError, match="no agency NOBODY"):
        put(desk, agency="NOBODY")


@pytest.mark.parametrize("missing", [{"agency": None}, {"agency": "ILO", "round_id": None}])
def test_filing_needs_an_agency_and_a_round(desk: Desk, missing: dict[str, object]) -> None:
    take(desk, answer(desk))
    before = small.dump(desk)
    with pytest.raises(UsageError, match="whose answer"):
        put(desk, **missing)  # type: ignore[arg-type]
    assert small.dump(desk) == before


def test_a_message_not_read_yet_cannot_be_put_elsewhere(desk: Desk) -> None:
    with desk.database.begin() as db:
        store.messages.record(db, small.raw(answer(desk)), NOW)
    with pytest.raises(UsageError, match="not been read yet"):
        put(desk)


def test_what_a_person_has_looked_at_stays_looked_at(desk: Desk) -> None:
    broken = {"attachments": [("scan.pdf", b"%PDF-1.4 no text", "application/pdf")]}
    take(desk, answer(desk, "ILO", "Our comments are in the attached scan.", **broken))
    assert small.get_message(desk, 1).attention_open
    close_attention(desk, 1, by="chair", now=NOW, remark="typed in")
    recognise(1, desk, NOW)
    assert not small.get_message(desk, 1).attention_open


def look(desk: Desk) -> tuple[object, ...]:
    """All that a correction may change."""
    message = small.get_message(desk, 1)
    live = small.list_proposals(desk, include_superseded=False)
    proposals = [(each.agency, each.round_id, each.proposal.change, each.proposal.disposition) for each in live]
    standing = state(desk, "ILO"), state(desk, "WHO")
    return message.place, message.attention_open, message.recognition, proposals, standing


@pytest.mark.parametrize(
    "told",
    [{"agency": "WHO"}, {"agency": None, "place": Place.IGNORED}, {"agency": "WHO", "kind": MailKind.OTHER}],
    ids=["another agency", "set aside", "another kind"],
)
@pytest.mark.parametrize("sender", ["", "Aide <aide@consult.example>"], ids=["filed", "held"])
def test_taking_back_leaves_no_trace_but_in_the_record(desk: Desk, told: dict[str, object], sender: str) -> None:
    strange = {"sender": sender, "in_reply_to": ""} if sender else {}
    take(desk, with_file(desk, "ILO", ANIMALS, **strange))
    before = look(desk)
    put(desk, **told)  # type: ignore[arg-type]
    assert look(desk) != before
    take_back(desk, 1, by="chair", now=NOW + HOUR)
    assert look(desk) == before
    with desk.database.read() as db:
        assert "took back" in store.audit.list_entries(db, subject="message 1")[0].what


def test_of_two_corrections_the_first_stands_again(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    put(desk, agency="WHO")
    put(desk, agency=None, place=Place.IGNORED)
    take_back(desk, 1, by="chair", now=NOW + HOUR)
    assert (state(desk, "ILO"), state(desk, "WHO")) == (ResponseState.AWAITING, ResponseState.CONTRIBUTED)


def test_nothing_is_taken_back_where_nobody_put_anything(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    with pytest.raises(UsageError, match="nothing to take back"):
        take_back(desk, 1, by="chair", now=NOW)


def test_what_was_looked_at_may_need_a_person_after_all(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS, sender="Aide <aide@consult.example>", in_reply_to=""))
    close_attention(desk, 1, by="chair", now=NOW, remark="")
    reopen_attention(desk, 1, by="chair", now=NOW + HOUR)
    assert small.get_message(desk, 1).attention_open
