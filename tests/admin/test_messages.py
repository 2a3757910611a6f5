"""Laws for the page of one message and what a person does there."""

from dataclasses import replace
from hashlib import sha256

import pytest

from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import Clue, Decision, InboundMessage, Place
from tests.admin import desk
from tests.admin.browser import Browser

EVIL = sha256(b"PK evil").hexdigest()


def _get(office: Office, id: int) -> InboundMessage:
    with office.database.read() as db:
        return store.messages.get_message(db, id)


def _decisions(office: Office) -> tuple[Decision, ...]:
    with office.database.read() as db:
        return store.rounds.list_decisions(db, 1)


def _file_sha(office: Office, id: int) -> str:
    made = _get(office, id).recognition
    assert made is not None
    return made.files[0].sha256


# --- Reading ------------------------------------------------------------------------------------------------------


def test_a_message_is_shown_with_its_reasons_and_files(officer: Browser) -> None:
    words = officer.words(f"/messages/{desk.ILO}")
    for expected in ("contribution", "The subject says so", "comments.docx", "Word document", "late"):
        assert expected in words


def test_right_to_left_words_find_their_own_direction(officer: Browser) -> None:
    letter = officer.read(f"/messages/{desk.HELD}").select_one(".letter")
    assert desk.ARABIC in letter.get_text()
    assert letter["dir"] == "auto"


@pytest.mark.parametrize("what", ["raw", "file"])
def test_a_download_is_always_a_file_to_keep(officer: Browser, office: Office, what: str) -> None:
    url = f"/messages/{desk.ILO}/raw"
    if what == "file":
        url = f"/messages/{desk.ILO}/files/{_file_sha(office, desk.ILO)}"
    response = officer.get(url)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert (response.mimetype, response.headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


def test_a_hostile_file_name_stays_in_its_header(officer: Browser, office: Office) -> None:
    headers = officer.get(f"/messages/{desk.HELD}/files/{_file_sha(office, desk.HELD)}").headers
    assert "\n" not in headers["Content-Disposition"]
    assert headers["Content-Disposition"].startswith("attachment; filename")


# --- Quarantine -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", [desk.QUARANTINED, desk.REPEATED])
@pytest.mark.parametrize("what", ["raw", f"files/{EVIL}"])
def test_nothing_of_a_quarantined_message_is_handed_out(officer: Browser, id: int, what: str) -> None:
    response = officer.get(f"/messages/{id}/{what}")
    assert response.status_code == 409
    assert b"PK evil" not in response.data
    assert not officer.read(f"/messages/{id}").select(f"a[href$='{what}']")


@pytest.mark.parametrize("id", [desk.QUARANTINED, desk.REPEATED])
@pytest.mark.parametrize("place", ["filed", "ignored"])
def test_a_quarantined_message_cannot_be_put_elsewhere(officer: Browser, office: Office, id: int, place: str) -> None:
    before = _get(office, id).place
    response = officer.post(f"/messages/{id}/filing", place=place, agency="ILO", round="1", remark="")
    assert response.status_code == 409
    assert _get(office, id).place is before


@pytest.mark.parametrize("fields", [{}, {"confirmed": "yes"}, {"remark": "asked by telephone"}, {"confirmed": "no"}])
def test_a_release_needs_a_second_confirmation_and_a_reason(
    officer: Browser, office: Office, fields: dict[str, str]
) -> None:
    assert officer.post(f"/messages/{desk.QUARANTINED}/release", **fields).status_code == 409
    assert _get(office, desk.QUARANTINED).place is Place.QUARANTINED


def test_a_released_message_waits_for_a_person_and_opens(officer: Browser, office: Office) -> None:
    url = f"/messages/{desk.QUARANTINED}"
    assert officer.read(url).select_one(f"a[href='{url}/release']")
    officer.post(f"{url}/release", confirmed="yes", remark="asked the focal point by telephone")
    message = _get(office, desk.QUARANTINED)
    assert (message.place, message.attention_open) == (Place.HELD, True)
    assert officer.get(f"{url}/files/{EVIL}").data == b"PK evil"
    assert "by telephone" in officer.words(url)


# --- Putting right ---------------------------------------------------------------------------------------------------


def test_a_message_is_filed_where_a_person_says(officer: Browser, office: Office) -> None:
    officer.post(
        f"/messages/{desk.HELD}/filing", place="filed", agency="WHO", round="1", kind="no_comment", remark="told us"
    )
    message = _get(office, desk.HELD)
    made = message.recognition
    assert made is not None
    assert made.identity is not None
    assert (message.place, made.identity.agency, made.verdict.kind) == (Place.FILED, "WHO", "no_comment")
    assert not message.attention_open
    assert "told us" in officer.words(f"/messages/{desk.HELD}")


def test_a_message_is_set_aside(officer: Browser, office: Office) -> None:
    officer.post(f"/messages/{desk.HELD}/filing", place="ignored", remark="an outsider")
    assert _get(office, desk.HELD).place is Place.IGNORED


@pytest.mark.parametrize(
    "fields", [{}, {"agency": "ILO"}, {"round": "1"}, {"agency": "NASA", "round": "1"}, {"agency": "ILO", "round": "9"}]
)
def test_filing_needs_an_agency_and_a_round_that_exist(
    officer: Browser, office: Office, fields: dict[str, str]
) -> None:
    assert officer.post(f"/messages/{desk.HELD}/filing", place="filed", **fields).status_code == 409
    assert _get(office, desk.HELD).place is Place.HELD


def test_what_a_person_has_looked_at_needs_nobody_any_more(officer: Browser, office: Office) -> None:
    officer.post(f"/messages/{desk.FAILED}/attention", remark="seen")
    assert not _get(office, desk.FAILED).attention_open


@pytest.mark.parametrize("path", ["filing", "attention", "extension", "revision", "release"])
def test_a_message_that_is_not_there_is_not_changed(officer: Browser, path: str) -> None:
    fields = {"place": "ignored", "answer": "refuse", "name": "r1"}
    assert officer.post(f"/messages/999/{path}", **fields).status_code in (404, 409)


# --- More time ----------------------------------------------------------------------------------------------------


def test_granted_time_moves_the_deadline_of_that_agency_only(officer: Browser, office: Office) -> None:
    officer.post(f"/messages/{desk.EXTENSION}/extension", answer="grant", until="2012-11-07")
    (decision,) = _decisions(office)
    assert (decision.agency, decision.kind) == ("WHO", "grant_extension")
    assert decision.until is not None
    assert decision.until.local.isoformat() == "2012-11-07T18:00:00+01:00"
    assert not _get(office, desk.EXTENSION).attention_open
    assert "more time granted" in officer.words("/drafts/YTH/agencies/WHO")


def test_refused_time_is_a_decision_too(officer: Browser, office: Office) -> None:
    officer.post(f"/messages/{desk.EXTENSION}/extension", answer="refuse")
    assert [decision.kind for decision in _decisions(office)] == ["refuse_extension"]


@pytest.mark.parametrize(
    ("id", "fields", "code"),
    [
        (desk.EXTENSION, {"answer": "grant", "until": "soon"}, 409),
        (desk.EXTENSION, {"answer": "grant", "until": "2012-10-01"}, 409),
        (desk.EXTENSION, {"answer": "grant"}, 409),
        (desk.EXTENSION, {}, 400),
        (desk.FAILED, {"answer": "refuse"}, 409),
        (desk.QUARANTINED, {"answer": "grant", "until": "2012-11-07"}, 409),
    ],
)
def test_time_is_given_for_a_day_to_come_and_a_known_agency(
    officer: Browser, office: Office, id: int, fields: dict[str, str], code: int
) -> None:
    assert officer.post(f"/messages/{id}/extension", **fields).status_code == code
    assert _decisions(office) == ()


# --- New texts from leads -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "mails"), [("register", 0), ("circulate", 4)])
def test_a_new_text_of_the_lead_becomes_a_revision(officer: Browser, office: Office, step: str, mails: int) -> None:
    url = f"/messages/{desk.LEAD}"
    form = officer.read(url).select_one(f"form[action='{url}/revision']")
    assert form.select_one("[name=name]")["value"] == "r1"
    file = form.select_one("option")["value"]
    with office.database.read() as db:
        before = len(store.outbox.list_outgoing(db))
    response = officer.post(f"{url}/revision", name="r1", file=file, step=step)
    assert response.location == (url if mails else "/drafts/YTH/r1/circulation?round=1")
    with office.database.read() as db:
        added = store.drafts.get_revision(db, "YTH", "r1")
        round_ = store.rounds.get_round(db, 1)
        assert len(store.outbox.list_outgoing(db)) - before == mails
    assert added.sha256 == file
    assert round_.current_revision == ("r1" if mails else "r0")
    assert not officer.read(url).select_one(f"form[action='{url}/revision']")


@pytest.mark.parametrize(
    ("id", "name", "file"),
    [
        (desk.LEAD, "r0", "own"),
        (desk.LEAD, "final", "own"),
        (desk.LEAD, "r1", "0" * 64),
        (desk.ILO, "r1", "own"),
        (desk.QUARANTINED, "r1", EVIL),
        (desk.UNREAD, "r1", EVIL),
    ],
)
def test_nothing_else_becomes_a_revision(officer: Browser, office: Office, id: int, name: str, file: str) -> None:
    digest = _file_sha(office, id) if file == "own" else file
    response = officer.post(f"/messages/{id}/revision", name=name, file=digest, step="circulate")
    assert response.status_code in (404, 409)
    with office.database.read() as db:
        assert [revision.name for revision in store.drafts.list_revisions(db)] == ["r0"]


# --- Several drafts -----------------------------------------------------------------------------------------------


def _serve_harbours_too(office: Office, id: int) -> None:
    """Let a message have a file of the draft SEA as well, which counts in the same round for once."""
    made = _get(office, id).recognition
    assert made is not None
    assert made.identity is not None
    clue = Clue(source="attachment_text", points_to="SEA", words="All of SEA r0 stands in sea.docx.")
    identity = replace(made.identity, other_rounds=(("SEA", 1),), clues=(*made.identity.clues, clue))
    with office.database.begin() as db:
        store.messages.save_recognition(db, id, replace(made, identity=identity))


def test_every_draft_a_message_serves_is_shown_on_its_page_and_in_the_inbox(officer: Browser, office: Office) -> None:
    _serve_harbours_too(office, desk.ILO)
    assert "YTH + SEA" in officer.words(f"/messages/{desk.ILO}")
    assert "YTH + SEA" in officer.words("/inbox?place=all")
    assert "YTH + SEA" in officer.words("/inbox?place=all&draft=SEA")


def test_a_message_is_filed_for_one_call_alone_when_a_person_says_so(officer: Browser, office: Office) -> None:
    _serve_harbours_too(office, desk.ILO)
    told = {"agency": "ILO", "round": "1", "place": "filed", "remark": "the other file is old"}
    officer.post(f"/messages/{desk.ILO}/filing", **told, alone="yes")
    made = _get(office, desk.ILO).recognition
    assert made is not None
    assert made.identity is not None
    assert made.identity.other_rounds == ()
