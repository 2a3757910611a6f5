"""One mail with files of two drafts serves both rounds: neither file is lost, and a person can put each right."""

import pytest

from pipeline.adapters import store
from pipeline.core.model import Place, ResponseState
from pipeline.correct import refile
from pipeline.overview import read_board
from pipeline.receive import recognise
from pipeline.redline.model import Disposition
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import DOCX, HOUR, NOW, OPENED, answer, edit, reply_docx, take
from tests.pipeline.two_drafts import add_harbours, harbour_docx, make_zip

HERDS = edit("shared with herds", "shared with working animals", 2)
LAMPS = edit("blankets, lamps", "blankets, torches", 2)
BOATS = edit("any vessel", "any boat or vessel", 5)
BOTH = [("WAT.docx", reply_docx(HERDS), DOCX), ("SEA.docx", harbour_docx(LAMPS, BOATS), DOCX)]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The small round with a second draft."""
    add_harbours(desk)
    return desk


def states(desk: Desk, agency: str = "ILO") -> dict[str, ResponseState]:
    """Where a member stands in each draft."""
    boards = read_board(desk.database, NOW).rounds
    return {board.draft.code: each.state for board in boards for each in board.responses if each.agency == agency}


def proposed(desk: Desk, **where: object) -> list[tuple[str, str, str]]:
    """(draft, agency, new wording) of every proposal that counts."""
    found = small.list_proposals(desk, include_superseded=False, **where)
    return sorted((each.draft, each.agency, each.proposal.change.new) for each in found)


def send(desk: Desk, *files: tuple[str, bytes, str], **mail: object) -> Place:
    """Where a mail of ILO with these files ends."""
    told = {"text": "Please find our comments on both.", "attachments": list(files)} | mail
    (receipt,) = take(desk, answer(desk, "ILO", **told))
    return receipt.place


IN_BOTH = {"WAT": ResponseState.CONTRIBUTED, "SEA": ResponseState.CONTRIBUTED}


@pytest.mark.parametrize("order", [1, -1])
def test_each_file_counts_for_its_own_draft(desk: Desk, order: int) -> None:
    assert send(desk, *BOTH[::order]) is Place.FILED
    assert states(desk) == IN_BOTH
    assert [each[:2] for each in proposed(desk)] == [("SEA", "ILO"), ("SEA", "ILO"), ("WAT", "ILO")]
    assert not small.get_message(desk, 1).attention_open


def test_an_archive_of_two_drafts_counts_for_both(desk: Desk) -> None:
    packed = make_zip(WAT=reply_docx(HERDS), SEA=harbour_docx(LAMPS))
    assert send(desk, ("inputs.zip", packed, "application/zip")) is Place.FILED
    assert states(desk) == IN_BOTH


def test_the_receipt_names_both(desk: Desk) -> None:
    send(desk, *BOTH)
    (mail,) = small.list_mails(desk, "acknowledgement")
    assert "WTG-WAT" in mail.mail.text
    assert "1 change" in mail.mail.text
    assert "WTG-SEA" in mail.mail.text
    assert "2 changes" in mail.mail.text


def test_without_a_thread_both_are_filed_and_a_person_confirms(desk: Desk) -> None:
    assert send(desk, *BOTH, in_reply_to="", subject="Our comments") is Place.FILED
    assert states(desk) == IN_BOTH
    assert small.get_message(desk, 1).attention_open


def test_typed_edits_go_to_the_draft_the_thread_names(desk: Desk) -> None:
    words = "Please find our comments on both. In paragraph 3, replace “public well” with “public or private well”."
    send(desk, *BOTH, text=words)
    assert [draft for draft, _, new in proposed(desk) if "private" in new] == ["WAT"]


def test_typed_edits_need_a_person_where_only_the_files_name_drafts(desk: Desk) -> None:
    words = "Please find our comments on both. In paragraph 3, replace “public well” with “public or private well”."
    send(desk, *BOTH, text=words, in_reply_to="", subject="Our comments")
    assert [draft for draft, _, new in proposed(desk) if "private" in new] == []
    assert small.get_message(desk, 1).attention_open
    refile(desk, 1, agency="ILO", round_id=1, kind=None, place=Place.FILED, by="chair", now=NOW, remark="by phone")
    assert [draft for draft, _, new in proposed(desk) if "private" in new] == ["WAT"]
    assert states(desk) == IN_BOTH


def test_reading_it_again_changes_nothing(desk: Desk) -> None:
    send(desk, *BOTH)
    before = small.dump(desk)
    recognise(1, desk, NOW + HOUR)
    assert small.dump(desk) == before


@pytest.mark.parametrize(
    ("water", "harbours", "unchanged"),
    [(reply_docx(HERDS), harbour_docx(), "SEA"), (reply_docx(), harbour_docx(LAMPS), "WAT")],
)
def test_a_file_without_changes_is_no_answer_to_its_draft(
    desk: Desk, water: bytes, harbours: bytes, unchanged: str
) -> None:
    send(desk, ("WAT.docx", water, DOCX), ("SEA.docx", harbours, DOCX))
    assert states(desk) == IN_BOTH | {unchanged: ResponseState.ACKNOWLEDGED}
    with desk.database.read() as db:
        one_by_one = [filing for round_id in (1, 2) for filing in store.messages.list_filings(db, round_id)]
        assert sorted(one_by_one, key=repr) == sorted(store.messages.list_filings(db, None), key=repr)


# --- Put right by a person ----------------------------------------------------------------------------------------


def put(desk: Desk, agency: str, round_id: int, **told: object) -> None:
    """A person says where the first message belongs."""
    refile(
        desk, 1, agency=agency, round_id=round_id, kind=None, place=Place.FILED, by="chair", now=NOW, remark="by phone",
        **told,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize("round_id", [1, 2])
def test_another_agency_takes_both_over(desk: Desk, round_id: int) -> None:
    send(desk, *BOTH)
    put(desk, "WHO", round_id)
    assert states(desk) == {"WAT": ResponseState.AWAITING, "SEA": ResponseState.AWAITING}
    assert states(desk, "WHO") == IN_BOTH
    assert {agency for _, agency, _ in proposed(desk)} == {"WHO"}
    assert len(proposed(desk)) == 3


@pytest.mark.parametrize(("round_id", "draft"), [(1, "WAT"), (2, "SEA")])
def test_a_person_may_file_it_to_one_round_alone_and_back(desk: Desk, round_id: int, draft: str) -> None:
    send(desk, *BOTH)
    first = proposed(desk)
    put(desk, "ILO", round_id, alone=True)
    assert {each[0] for each in proposed(desk)} == {draft}
    assert states(desk)[draft] is ResponseState.CONTRIBUTED
    assert sum(state is ResponseState.CONTRIBUTED for state in states(desk).values()) == 1
    put(desk, "ILO", 1)
    assert proposed(desk) == first
    assert states(desk) == IN_BOTH


def test_set_aside_it_counts_nowhere(desk: Desk) -> None:
    send(desk, *BOTH)
    refile(desk, 1, agency=None, round_id=None, kind=None, place=Place.IGNORED, by="chair", now=NOW, remark="a test")
    assert proposed(desk) == []
    assert set(states(desk).values()) == {ResponseState.AWAITING}


# --- Later mail ---------------------------------------------------------------------------------------------------


def test_a_new_version_of_one_file_replaces_it_in_its_own_round_alone(desk: Desk) -> None:
    send(desk, *BOTH)
    again = ("SEA_v2.docx", harbour_docx(BOATS), DOCX)
    later = answer(desk, "ILO", "A new version.", attachments=[again], in_reply_to="", subject="[WTG-SEA]")
    take(desk, later, at=OPENED + 2 * HOUR)
    open_ones = small.list_proposals(desk, include_superseded=False)
    assert sorted((each.draft, each.message_id) for each in open_ones) == [("SEA", 2), ("WAT", 1)]
    recognise(1, desk, NOW)
    assert small.list_proposals(desk, include_superseded=False) == open_ones


def test_a_mail_on_both_replaces_what_it_brings_anew_in_each_round(desk: Desk) -> None:
    send(desk, *BOTH)
    files = [("WAT_v2.docx", reply_docx(HERDS), DOCX), ("SEA_v2.docx", harbour_docx(BOATS), DOCX)]
    take(desk, answer(desk, "ILO", "New versions of both.", attachments=files), at=OPENED + 2 * HOUR)
    open_ones = small.list_proposals(desk, include_superseded=False)
    assert [(each.draft, each.message_id) for each in open_ones] == [("WAT", 2), ("SEA", 2)]
    gone = [each for each in small.list_proposals(desk) if each.proposal.disposition is Disposition.SUPERSEDED]
    assert {each.message_id for each in gone} == {1}


# --- Lists --------------------------------------------------------------------------------------------------------


def test_the_message_is_listed_under_both_drafts_and_once_among_all(desk: Desk) -> None:
    send(desk, *BOTH)
    with desk.database.read() as db:
        for draft, round_id in (("WAT", None), ("SEA", None), (None, 1), (None, 2), (None, None)):
            assert [each.id for each in store.messages.list_messages(db, draft=draft, round_id=round_id)] == [1]
            assert store.messages.count_by_place(db, draft=draft, round_id=round_id)[Place.FILED] == 1


def test_a_held_mail_stops_the_chasing_on_every_draft_it_may_be_about(desk: Desk) -> None:
    """Two rungs that disagree: nothing is filed, and nobody is reminded on either draft."""
    torn = ("SEA.docx", harbour_docx(LAMPS, stamped=False), DOCX)
    assert send(desk, torn) is Place.HELD
    for board in read_board(desk.database, NOW).rounds:
        (response,) = (each for each in board.responses if each.agency == "ILO")
        assert response.state is ResponseState.AWAITING
        assert not response.outstanding
        assert "message 1" in response.do_not_chase
    assert proposed(desk) == []
