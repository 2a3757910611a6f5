"""A plain reply that names another draft: one click on the inbox or on its page puts the earlier mail right."""

from dataclasses import replace

import pytest

from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import RawMessage
from tests.admin import desk
from tests.admin.browser import Browser


@pytest.fixture
def reply(office: Office) -> int:
    """The number of a reply of ILO that says its comments were for another draft, SEA, which is out for inputs."""
    with office.database.begin() as db:
        round = store.rounds.get_round(db, 1)
        store.drafts.add_draft(db, replace(store.drafts.get_draft(db, "YTH"), code="SEA", title="Harbours"))
        text = store.drafts.get_revision(db, "YTH", "r0")
        store.drafts.add_revision(db, replace(text, draft="SEA"))
        store.rounds.open_round(db, replace(round, draft="SEA"))
        known = store.messages.get_message(db, desk.ILO).recognition
        assert known is not None
        verdict = replace(known.verdict, meant_draft="SEA", answered=(desk.ILO,))
        action = replace(known.action, needs_attention=True)
        raw = RawMessage(raw=b"From: x\r\n\r\nfor SEA", folder="INBOX", uid=99, uid_validity=1, internal_date=desk.NOW)
        number = store.messages.record(db, raw, desk.NOW).id
        store.messages.save_recognition(db, number, replace(known, verdict=verdict, action=action, files=()))
    return number


@pytest.mark.parametrize("start", ["/inbox?place=attention", "/messages/{reply}"])
def test_one_click_files_the_earlier_message(officer: Browser, office: Office, reply: int, start: str) -> None:
    form = officer.read(start.format(reply=reply)).select_one(f"form[action='/messages/{reply}/correction']")
    assert form.select_one("button").get_text() == "File message 1 (contribution) to SEA"
    officer.post(str(form["action"]), wrong=str(form.select_one("button")["value"]))
    with office.database.read() as db:
        made = store.messages.get_message(db, desk.ILO).recognition
        assert made is not None
        assert made.identity is not None
        assert made.identity.draft == "SEA"
        assert not store.messages.get_message(db, reply).attention_open


def test_what_was_not_suggested_is_refused(officer: Browser, reply: int) -> None:
    assert officer.post(f"/messages/{reply}/correction", wrong="3").status_code == 409
    assert officer.post(f"/messages/{reply}/correction").status_code == 400
    assert officer.post("/messages/1/correction", wrong="1").status_code == 409


def test_a_reader_sees_the_suggestion_and_moves_nothing(reader: Browser, reply: int) -> None:
    assert "Meant for another draft" in reader.words(f"/messages/{reply}")
    assert not reader.read(f"/messages/{reply}").select("form[action$=correction]")
    assert reader.post(f"/messages/{reply}/correction", wrong="1").status_code == 403
