"""Laws for the board, the timeline behind it, the roster and the mail that goes out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from admin.board import look
from pipeline import circulate
from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import Deadline, MailState, ResponseState, RoundEnd, RoundPurpose
from pipeline.enter import enter_answer
from pipeline.overview import read_board
from tests.admin import desk
from tests.admin.browser import Browser


def test_the_board_names_who_has_not_answered_before_anything_else(officer: Browser, office: Office) -> None:
    with office.database.begin() as db:
        db.exec_driver_sql("DELETE FROM proposal")
        db.exec_driver_sql("UPDATE message SET agency = NULL WHERE agency IN ('ILO', 'WHO')")
    page = officer.read("/")
    missing = page.select_one(".round .missing")
    assert [link.get_text().split()[1] for link in missing.select("a")] == ["ILO", "WHO"]
    assert "1 of 3 answered" in page.select_one(".round").get_text(" ", strip=True).replace("\n", " ")


def test_a_cell_has_a_sign_and_words_beside_its_colour(officer: Browser) -> None:
    for cell in officer.read("/").select("table.board td .chip"):
        sign, words = cell.select_one("[aria-hidden]").get_text(), cell.get_text()
        assert sign
        assert words.replace(sign, "").strip()


def test_a_deadline_is_told_in_its_zone_in_utc_and_as_a_distance(officer: Browser) -> None:
    words = officer.words("/")
    for expected in ("in 2 days", "Wed 31 Oct 2012, 18:00 Vienna", "Wed 31 Oct 2012, 17:00 UTC"):
        assert expected in words


@pytest.mark.parametrize("state", ResponseState)
def test_every_state_has_a_look(office: Office, officer: Browser, state: ResponseState) -> None:
    item = read_board(office.database, desk.NOW).rounds[0]
    response = replace(item.responses[0], state=state, overdue=False)
    with officer.client.application.test_request_context():
        seen = look(item, response)
    assert seen.sign
    assert seen.words


@pytest.mark.parametrize(
    ("changes", "silent", "words"),
    [
        ({"purpose": RoundPurpose.SILENCE}, (), "Silent so far"),
        ({"purpose": RoundPurpose.SILENCE}, ("ILO",), "No objection (silence)"),
        ({"closed_at": desk.NOW}, (), "Did not answer"),
        ({}, (), "Waiting"),
    ],
)
def test_waiting_means_something_else_in_silent_and_closed_rounds(
    office: Office, officer: Browser, changes: dict[str, object], silent: tuple[str, ...], words: str
) -> None:
    item = read_board(office.database, desk.NOW).rounds[0]
    item = replace(item, round=replace(item.round, **changes), silent=silent)
    ilo = next(each for each in item.responses if each.agency == "ILO")
    with officer.client.application.test_request_context():
        assert look(item, replace(ilo, state=ResponseState.AWAITING, overdue=False)).words == words


def test_nobodys_silence_counts_while_somebody_objects(office: Office) -> None:
    at = desk.NOW + desk.HOUR
    circulate.open_round(
        office.database, "YTH", revision="r0", deadline=Deadline(at=at, zone="UTC"), purpose=RoundPurpose.SILENCE,
        now=desk.NOW, secret="s" * 64,
    )  # fmt: skip
    silence = [each for each in read_board(office.database, at).rounds if each.round.id == 2]
    assert silence[0].silent == ("ILO", "IOM", "WHO")
    enter_answer(office.database, 2, "ILO", ResponseState.OBJECTED, by="chair", now=desk.NOW, reason="by telephone")
    silence = [each for each in read_board(office.database, at).rounds if each.round.id == 2]
    assert (silence[0].silent, [each.agency for each in silence[0].objecting]) == ((), ["ILO"])


def test_rounds_that_end_next_come_first_and_closed_ones_last(office: Office) -> None:
    with office.database.begin() as db:
        first = store.rounds.get_round(db, 1)
        for days in (-3, 1, -8, 9):
            at = Deadline(at=desk.NOW + timedelta(days=days), zone="Europe/Vienna")
            store.rounds.open_round(db, replace(first, deadline=at))
        store.rounds.close_round(db, 3, desk.NOW, RoundEnd.CLOSED)
    assert [item.round.id for item in read_board(office.database, desk.NOW).rounds] == [1, 5, 2, 4, 3]


def test_a_timeline_tells_mails_in_and_out_in_order(officer: Browser) -> None:
    page = officer.read("/drafts/YTH/agencies/ILO")
    times = [time["datetime"] for time in page.select(".timeline time")]
    assert times == sorted(times)
    directions = [each.get_text() for each in page.select(".timeline .direction")]
    assert set(directions) == {"from us", "from them"}
    assert not page.find("a", string="fp@iom.example")


def test_addresses_that_bounce_are_marked_on_the_roster(officer: Browser) -> None:
    page = officer.read("/roster")
    marked = [line.select_one(".address").get_text() for line in page.select(".contacts li") if line.select_one(".bad")]
    assert marked == ["old@who.example"]
    assert "old@who.example" in page.select_one(".alert").get_text()


def _state(office: Office, id: int) -> MailState:
    with office.database.read() as db:
        return store.outbox.get_outgoing(db, id).state


def test_a_mail_that_has_not_left_is_held_released_and_cancelled(officer: Browser, office: Office) -> None:
    for step, state in (("hold", "held"), ("release", "queued"), ("cancel", "cancelled")):
        assert officer.post("/outgoing/4/state", step=step).status_code == 302
        assert _state(office, 4) == state


@pytest.mark.parametrize(
    ("id", "step", "code"), [(1, "cancel", 409), (1, "hold", 409), (4, "burn", 400), (99, "hold", 409)]
)
def test_what_cannot_be_done_to_a_mail_is_refused(
    officer: Browser, office: Office, id: int, step: str, code: int
) -> None:
    assert officer.post(f"/outgoing/{id}/state", step=step).status_code == code
    assert (_state(office, 1), _state(office, 4)) == (MailState.SENT, MailState.QUEUED)


@pytest.mark.parametrize("id", [2, 3])
def test_a_mail_that_may_have_arrived_is_sent_again_only_when_confirmed(
    officer: Browser, office: Office, id: int
) -> None:
    before = _state(office, id)
    assert officer.post(f"/outgoing/{id}/state", step="release").status_code == 409
    assert _state(office, id) is before
    officer.post(f"/outgoing/{id}/state", step="release", confirmed="yes")
    assert _state(office, id) is MailState.QUEUED


def test_turning_the_pages_of_the_inbox_keeps_the_search(officer: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.inbox.PAGE", 2)
    page, seen = officer.read("/inbox?place=all&search=comments&draft=YTH"), []
    while True:
        seen += [link["href"] for link in page.select("a.subject")]
        older = page.find("a", string="Older messages")
        if older is None:
            break
        page = officer.read(older["href"])
    assert seen == sorted(set(seen), key=lambda href: -int(href.rpartition("/")[2]))
    assert len(seen) == 5
