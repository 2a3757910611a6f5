"""Laws for the page on which proposals are read and decided."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from pipeline.adapters import store
from pipeline.adapters.store import StoredProposal
from pipeline.bootstrap import Office
from pipeline.consolidate import DOCUMENTS
from pipeline.redline.model import Disposition
from tests.admin import desk
from tests.admin.browser import Browser

URL = "/drafts/YTH/r0"
DECISIONS = f"{URL}/decisions"
#: ids of the proposals in the order they were filed
DESERVE_ILO, COMMENT, DESERVE_IOM, INSERTED, REQUIRE_WHO, REMOVED, MOVED = range(1, 8)


def _get(office: Office, id: int) -> StoredProposal:
    with office.database.read() as db:
        return store.proposals.get_proposal(db, id)


def _card(page: BeautifulSoup, id: int) -> Tag:
    found = page.find(id=f"proposal-{id}")
    assert isinstance(found, Tag)
    return found if found.name == "article" else found.find_parent("article")


def _send(browser: Browser, card: Tag, disposition: str, **fields: Any) -> Any:
    """Press a button of a card, with its hidden fields."""
    form = card.select_one("form")
    hidden = [(str(field["name"]), str(field["value"])) for field in form.select("input[type=hidden]")]
    data: dict[str, Any] = {}
    for name, value in hidden:
        data.setdefault(name, []).append(value)
    return browser.client.post(str(form["action"]), data={**data, "disposition": disposition, **fields})


def test_the_same_change_of_two_agencies_is_one_card_that_names_both(officer: Browser) -> None:
    page = officer.read(URL)
    card = _card(page, DESERVE_ILO)
    assert [owner.strong.get_text() for owner in card.select(".owner")] == ["ILO", "IOM"]
    assert "2 propose the same" in card.get_text()
    assert card is _card(page, DESERVE_IOM)


def test_deciding_a_card_decides_it_for_everybody_who_proposes_it(officer: Browser, office: Office) -> None:
    _send(officer, _card(officer.read(URL), DESERVE_ILO), "accepted", remark="fine")
    for id in (DESERVE_ILO, DESERVE_IOM):
        decided = _get(office, id)
        assert (decided.proposal.disposition, decided.remark, decided.decided_by) == ("accepted", "fine", "chair")
    assert _get(office, REQUIRE_WHO).proposal.disposition is Disposition.OPEN


def test_a_stale_card_decides_nothing_for_anybody(officer: Browser, office: Office) -> None:
    card = _card(officer.read(URL), DESERVE_ILO)
    with office.database.begin() as db:
        store.proposals.dispose(
            db, DESERVE_IOM, Disposition.NOTED, remark="", amended="", by="other", at=desk.NOW, version=0
        )
    response = _send(officer, card, "accepted")
    assert response.status_code == 409
    assert "decided by other in the meantime" in response.text
    assert _get(office, DESERVE_ILO).proposal.disposition is Disposition.OPEN


def test_different_words_for_one_place_stand_side_by_side(officer: Browser) -> None:
    conflict = officer.read(URL).select_one(".conflict")
    assert {"deserve", "require"} <= {ins.get_text() for ins in conflict.select(".cards article ins")}
    assert {del_.get_text() for del_ in conflict.select("del")} == {"need"}


def test_of_rivals_only_one_is_accepted(officer: Browser, office: Office) -> None:
    _send(officer, _card(officer.read(URL), DESERVE_ILO), "accepted")
    response = _send(officer, _card(officer.read(URL), REQUIRE_WHO), "accepted")
    assert response.status_code == 409
    assert "ILO, IOM" in response.text
    assert _get(office, REQUIRE_WHO).proposal.disposition is Disposition.OPEN


@pytest.mark.parametrize(
    ("disposition", "fields", "code"),
    [
        ("accepted", {}, 302),
        ("rejected", {"remark": "not now"}, 302),
        ("rejected", {"remark": "  "}, 409),
        ("noted", {}, 302),
        ("bracketed", {}, 302),
        ("amended", {"amended": "ought to have"}, 302),
        ("amended", {"amended": " "}, 409),
        ("superseded", {}, 409),
        ("burnt", {}, 400),
        ("", {}, 400),
    ],
)
def test_a_decision_is_recorded_or_refused(
    officer: Browser, office: Office, disposition: str, fields: dict[str, str], code: int
) -> None:
    assert officer.post(DECISIONS, proposal=f"{REQUIRE_WHO}:0", disposition=disposition, **fields).status_code == code
    kept = _get(office, REQUIRE_WHO)
    assert kept.proposal.disposition == (disposition if code == 302 else "open")
    assert kept.proposal.amended == (fields.get("amended", "") if code == 302 else "")
    with office.database.read() as db:
        assert bool(store.audit.list_entries(db, subject=f"proposal {REQUIRE_WHO}")) == (code == 302)


@pytest.mark.parametrize(("proposal", "code"), [("999:0", 404), ("x:0", 400), ("1", 400), ("", 400), ("1:-1", 400)])
def test_a_form_that_names_no_proposal_is_refused(officer: Browser, proposal: str, code: int) -> None:
    assert officer.post(DECISIONS, proposal=proposal, disposition="noted").status_code == code


def test_after_deciding_one_is_back_at_the_card(officer: Browser) -> None:
    response = _send(officer, _card(officer.read(URL), COMMENT), "noted")
    assert response.location == f"{URL}#proposal-{COMMENT}"


def test_among_open_ones_the_next_card_comes_up(officer: Browser) -> None:
    url = f"{URL}?only=open"
    order = [int(card["id"].rpartition("-")[2]) for card in officer.read(url).select("article")]
    response = _send(officer, _card(officer.read(url), order[0]), "noted")
    assert response.location == f"{url}#proposal-{order[1]}"
    assert officer.read(url).find(id=f"proposal-{order[1]}")


def test_progress_counts_cards(officer: Browser) -> None:
    assert "0 of 6 changes decided" in officer.words(URL)
    _send(officer, _card(officer.read(URL), DESERVE_ILO), "accepted")
    assert "1 of 6 changes decided" in officer.words(URL)


@pytest.mark.parametrize(
    ("id", "headline"),
    [
        (INSERTED, "New paragraph, after “Their data should be kept apart.”"),
        (REMOVED, "Take out the whole of “This paragraph may go.”"),
        (MOVED, "Move this to the beginning"),
    ],
)
def test_whole_paragraphs_and_moves_are_told_in_a_sentence(officer: Browser, id: int, headline: str) -> None:
    card = _card(officer.read(URL), id)
    assert card.select_one(".headline").get_text() == headline
    assert "¶" not in card.get_text()


def test_a_comment_stands_at_the_words_it_is_about(officer: Browser) -> None:
    card = _card(officer.read(URL), COMMENT)
    assert card.select_one(".about").get_text() == "Their"
    assert card.select_one(".remark").get_text() == f"{desk.HOSTILE} {desk.ARABIC}"
    assert card.select_one(".remark")["dir"] == "auto"
    assert not card.select("button[value=accepted]")


def test_what_proposals_touch_is_marked_in_the_text(officer: Browser) -> None:
    first = officer.read(URL).select_one(".base")
    assert first.get_text() == desk.PARAGRAPHS[0]
    assert [mark.get_text() for mark in first.select("mark")] == ["need"]


def test_replaced_proposals_are_out_of_the_way_and_not_decidable(officer: Browser, office: Office) -> None:
    with office.database.begin() as db:
        store.messages.supersede_message(db, desk.WHO, desk.IOM)
    page = officer.read(URL)
    assert not page.select_one(".conflict")
    assert len(page.select("details.replaced .gone")) == 3
    assert not page.select("details.replaced form")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_document_is_offered_with_its_use_and_comes_as_a_file(officer: Browser, document: str) -> None:
    link = officer.read(URL).select_one(f"a[href='{URL}/documents/{document}']")
    assert link.get_text() != document
    assert link.find_next_sibling(class_="reason").get_text()
    response = officer.get(f"{URL}/documents/{document}")
    assert response.headers["Content-Disposition"] == f"attachment; filename=YTH_r0_{document}"
    assert response.data
