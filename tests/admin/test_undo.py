"""Laws for taking back what one did, and for the marks that tell an open page of news."""

from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import InboundMessage
from tests.admin import desk
from tests.admin.browser import Browser

DECISIONS = "/drafts/YTH/r0/decisions"
WHO = 5


def _get(office: Office, id: int) -> InboundMessage:
    with office.database.read() as db:
        return store.messages.get_message(db, id)


def _get_proposal(office: Office) -> store.StoredProposal:
    with office.database.read() as db:
        return store.proposals.get_proposal(db, WHO)


def _decide(browser: Browser, office: Office, disposition: str, **fields: Any) -> None:
    proposal = f"{WHO}:{_get_proposal(office).version}"
    assert browser.post(DECISIONS, proposal=proposal, disposition=disposition, **fields).status_code == 302


def test_a_message_that_is_done_leads_to_the_next_one_that_needs_a_person(officer: Browser) -> None:
    waiting = [str(link["href"]) for link in officer.read("/inbox").select("a.subject")]
    seen = []
    at = waiting[0]
    while at != "/inbox":
        seen.append(at)
        at = officer.post(f"{at}/attention").location
    assert seen == waiting


def test_looking_at_a_message_is_taken_back(officer: Browser, office: Office) -> None:
    officer.post(f"/messages/{desk.HELD}/attention", remark="seen")
    assert not _get(office, desk.HELD).attention_open
    assert officer.read("/inbox").select_one(".flash button[data-key=z]")
    assert officer.post("/undo").location == f"/messages/{desk.HELD}"
    assert _get(office, desk.HELD).attention_open


def test_decisions_are_taken_back_one_after_the_other(officer: Browser, office: Office) -> None:
    _decide(officer, office, "rejected", remark="not now")
    _decide(officer, office, "amended", amended="ought to have")
    officer.post("/undo")
    assert (_get_proposal(office).proposal.disposition, _get_proposal(office).remark) == ("rejected", "not now")
    officer.post("/undo")
    assert (_get_proposal(office).proposal.disposition, _get_proposal(office).proposal.amended) == ("open", "")


def test_what_somebody_else_went_on_from_is_not_taken_back(officer: Browser, office: Office) -> None:
    _decide(officer, office, "noted")
    with office.database.begin() as db:
        store.proposals.dispose(
            db,
            WHO,
            _get_proposal(office).proposal.disposition,
            remark="",
            amended="",
            by="other",
            at=desk.NOW,
            version=1,
        )
    assert officer.post("/undo").status_code == 409
    assert _get_proposal(office).decided_by == "other"


def test_when_nothing_is_left_to_take_back_it_says_so(officer: Browser) -> None:
    response = officer.post("/undo")
    assert response.status_code == 409
    assert "nothing to take back" in response.text


def test_a_page_is_told_of_what_others_did_and_not_of_what_one_did_oneself(officer: Browser, office: Office) -> None:
    before = officer.get("/events?once=yes").text
    assert before.startswith("retry: 2000\ndata: ")
    _decide(officer, office, "noted")
    assert officer.get("/events?once=yes").text == before
    with office.database.begin() as db:
        store.messages.close_attention(db, desk.HELD, "other", desk.NOW, "")
    assert officer.get("/events?once=yes").text != before


def test_where_one_request_is_answered_at_a_time_there_is_no_stream(officer: Browser) -> None:
    assert officer.get("/events").status_code == 204


def test_the_palette_leads_to_pages_that_are_there(officer: Browser) -> None:
    places = officer.get("/palette.json").json["places"]
    assert len(places) > 4
    assert {officer.get(place["url"]).status_code for place in places} == {200}


@pytest.mark.parametrize("url", ["/strip", "/palette.json", "/events?once=yes"])
def test_nothing_of_it_is_for_strangers(stranger: Browser, url: str) -> None:
    assert stranger.get(url).status_code == 302
