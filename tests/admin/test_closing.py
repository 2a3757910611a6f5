"""Laws for the pages on which a round is closed and a draft is published or withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from pipeline import circulate, close
from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import (
    Deadline,
    DraftState,
    Level,
    MailState,
    Occasion,
    ResponseState,
    Round,
    RoundEnd,
    RoundPurpose,
)
from pipeline.enter import enter_answer
from pipeline.overview import read_draft
from tests.admin import desk
from tests.admin.browser import Browser

#: the silence round of the desk
SILENCE = 2
URL = f"/rounds/{SILENCE}"
CLOSES = desk.NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def under_silence(office: Office) -> None:
    """The draft is also under silence."""
    circulate.open_round(
        office.database,
        "YTH",
        revision="r0",
        deadline=Deadline(at=CLOSES, zone="Europe/Vienna"),
        purpose=RoundPurpose.SILENCE,
        now=desk.NOW,
        secret="s" * 64,
    )


def enter(office: Office, state: ResponseState = ResponseState.OBJECTED, agency: str = "ILO", **told: Any) -> None:
    """A person enters an answer in the silence round."""
    enter_answer(office.database, SILENCE, agency, state, by="chair", now=desk.NOW, reason="by telephone", **told)


def pass_the_instant(office: Office) -> None:
    """The closing instant is over, the mailbox was read since, and nothing waits for a person."""
    office.clock.at = CLOSES + desk.HOUR  # type: ignore[attr-defined]
    with office.database.begin() as db:
        store.messages.note_poll(db, CLOSES + desk.HOUR)
        for waiting in store.messages.list_messages(db, attention_only=True):
            store.messages.close_attention(db, waiting.id, "chair", CLOSES, "looked at")
        for read in store.messages.list_unrecognised(db):
            store.messages.save_recognition(db, read, desk._recognise("", desk.Place.IGNORED))
        store.messages.refile(
            db, desk.HELD, agency=None, body=None, draft=None, round_id=None, place=desk.Place.IGNORED, by="chair",
            at=CLOSES, remark="spam",
        )  # fmt: skip


def get_round(office: Office) -> Round:
    """The silence round."""
    with office.database.read() as db:
        return store.rounds.get_round(db, SILENCE)


def count_mails(office: Office, occasion: Occasion, *states: MailState) -> int:
    """How many mails of an occasion the silence round has in some states."""
    with office.database.read() as db:
        return len(store.outbox.list_outgoing(db, round_id=SILENCE, occasion=occasion, states=states))


def test_the_page_names_what_stands_against_closing_and_offers_no_button(officer: Browser, office: Office) -> None:
    words = officer.words(f"{URL}/closing")
    assert "has not passed" in words
    assert not officer.read(f"{URL}/closing").select("[name=seal]")
    assert officer.post(f"{URL}/closing", confirmed="yes").status_code == 409
    assert get_round(office).end is None


def test_a_person_closes_what_the_page_shows(officer: Browser, office: Office) -> None:
    pass_the_instant(office)
    seal = str(officer.read(f"{URL}/closing").select_one("[name=seal]")["value"])
    assert officer.post(f"{URL}/closing", seal=seal).status_code == 409
    assert officer.post(f"{URL}/closing", seal="another", confirmed="yes").status_code == 409
    assert get_round(office).end is None
    assert officer.post(f"{URL}/closing", seal=seal, confirmed="yes", reason="Thank you.").status_code == 302
    assert get_round(office).end is RoundEnd.NO_OBJECTION
    assert count_mails(office, Occasion.RESULT, MailState.QUEUED) == 4
    assert "no objection" in officer.words(f"{URL}/closing")
    assert "No objection (silence)" in officer.words("/")


def test_the_letters_are_shown_with_their_sentence_before_they_leave(officer: Browser, office: Office) -> None:
    pass_the_instant(office)
    page = officer.read(f"{URL}/closing?reason=Thank+you+all.")
    letters = [letter.get_text() for letter in page.select(".letter")]
    assert len(letters) == 4
    assert all("Thank you all." in letter for letter in letters)
    assert page.select_one("input[name=reason]")["value"] == "Thank you all."
    assert count_mails(office, Occasion.RESULT) == 0


def test_positions_are_named_with_level_paragraph_and_reason(officer: Browser, office: Office) -> None:
    enter(office, paragraphs=("2", "3"), level=Level.PRINCIPAL)
    row = officer.read(f"{URL}/closing").select_one("tbody tr").get_text(" ")
    for expected in ("ILO", "Objected", "r0", "head of the agency", "paragraphs 2, 3", "chair", "by telephone"):
        assert expected in row


def test_notices_are_read_and_released_by_a_person(officer: Browser, office: Office) -> None:
    enter(office)
    close.announce_objections(office.database, desk.NOW + desk.HOUR, "s" * 64)
    assert count_mails(office, Occasion.SILENCE_BROKEN, MailState.HELD) == 4
    shown = officer.read(f"{URL}/closing").select("[aria-labelledby=notices] .letter")
    assert len(shown) == 4
    assert officer.post(f"{URL}/notices").status_code == 302
    assert count_mails(office, Occasion.SILENCE_BROKEN, MailState.QUEUED) == 4
    assert officer.post(f"{URL}/notices").status_code == 409


def test_an_answer_is_entered_on_the_page(officer: Browser) -> None:
    said = officer.post(
        f"{URL}/answers",
        agency="IOM",
        state="reservation",
        level="working",
        remark="told us",
        paragraphs="",
        message="",
    )
    assert said.status_code == 302
    assert "With a reservation" in officer.words("/")
    assert "answer entered by hand With a reservation" in officer.words("/drafts/YTH/agencies/IOM")
    assert officer.post(f"{URL}/answers", agency="IOM", state="reservation", remark="").status_code == 409
    assert officer.post(f"{URL}/answers", agency="IOM", state="happy", remark="x").status_code == 400


def test_there_is_no_page_for_a_round_that_is_not_there(officer: Browser) -> None:
    assert officer.get("/rounds/99/closing").status_code == 404
    assert officer.get("/drafts/NONE/ending").status_code == 404


# --- What becomes of a draft ------------------------------------------------------------------------------------


def get_state(office: Office) -> DraftState:
    """How far the draft is."""
    return read_draft(office.database, "YTH", desk.NOW).state


def test_a_draft_is_withdrawn_after_its_letters_were_shown(officer: Browser, office: Office) -> None:
    page = officer.read("/drafts/YTH/ending?reason=The+summit+was+put+off.")
    assert len(page.select(".letter")) == 4
    assert get_state(office) is DraftState.UNDER_SILENCE
    fields = {"step": "withdraw", "reason": "The summit was put off."}
    assert officer.post("/drafts/YTH/ending", **fields).status_code == 409
    assert officer.post("/drafts/YTH/ending", **fields, confirmed="yes").status_code == 302
    assert get_state(office) is DraftState.WITHDRAWN
    assert get_round(office).end is RoundEnd.WITHDRAWN
    assert "The summit was put off." in officer.words("/drafts/YTH/ending")
    assert "withdrawn" in officer.words("/drafts")


def test_a_draft_is_published_once_its_rounds_are_closed(officer: Browser, office: Office) -> None:
    fields = {"step": "publish", "confirmed": "yes", "link": "https://gmg.example/yth"}
    assert officer.post("/drafts/YTH/ending", **fields).status_code == 409
    with office.database.begin() as db:
        for number in (1, SILENCE):
            store.rounds.close_round(db, number, desk.NOW, RoundEnd.CLOSED)
    assert officer.post("/drafts/YTH/ending", **fields).status_code == 302
    assert get_state(office) is DraftState.PUBLISHED
    assert officer.read("/drafts/YTH/ending").find("a", href="https://gmg.example/yth")
    assert officer.post("/drafts/YTH/ending", step="reopen", confirmed="yes", reason="a mistake").status_code == 302
    assert get_state(office) is DraftState.CONSOLIDATING
    assert officer.post("/drafts/YTH/ending", step="burn", confirmed="yes").status_code == 400
