"""Laws for the page of what is open, and for who may decide after the chair has changed."""

from datetime import date
from typing import Any

import pytest

from admin.auth import hash_password
from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import Mandate
from tests.admin import desk
from tests.admin.browser import Browser

FORM: dict[str, Any] = {"to": "ILO", "start": "2012-10-29", "end": "2013-06-30", "confirmed": "yes"}


@pytest.fixture(autouse=True)
def next_chair(office: Office) -> None:
    """Somebody of ILO has an account already."""
    with office.database.begin() as db:
        store.users.add_user(db, "next", hash_password(desk.PASSWORD), "officer", "ILO")


def test_the_page_names_rounds_mail_and_decisions_that_are_open(officer: Browser, office: Office) -> None:
    day = date(2012, 10, 1)
    mandate = Mandate(
        number="7", decided_on=day, by="Principals", text=desk.HOSTILE, owner="ILO", due=date(2013, 3, 31)
    )
    with office.database.begin() as db:
        store.year.save_mandate(db, mandate)
    words = officer.words("/handover")
    for told in ("YTH r0", "UNICEF", "7 proposals are not decided", "messages need a person", "2013-03-31", "7, ILO"):
        assert told in words
    assert desk.HOSTILE not in officer.get("/handover").text


def test_s35_an_officer_of_the_incoming_chair_looks_and_does_not_decide(stranger: Browser) -> None:
    stranger.sign_in("next")
    assert "may look, not change" in stranger.words("/")
    assert [form["action"] for form in stranger.read("/handover").select("form[method=post]")] == ["/logout"]
    assert stranger.post("/handover", **FORM).status_code == 403


def test_handing_over_turns_the_rights_round_and_ends_the_sessions(officer: Browser, office: Office) -> None:
    assert officer.post("/handover", **FORM).status_code == 302
    assert officer.get("/").location.startswith("/login")
    officer.sign_in("chair")
    assert "may look, not change" in officer.words("/")
    assert officer.post("/outgoing/4/state", step="cancel").status_code == 403
    officer.post("/logout")
    officer.sign_in("next")
    assert "may look, not change" not in officer.words("/")
    assert officer.post("/outgoing/4/state", step="cancel").status_code == 302
    with office.database.read() as db:
        assert store.rosters.get_roster(db).chair == ("ILO",)
        assert [entry.who for entry in store.audit.list_entries(db, subject="roster")] == ["chair"]


def test_a_day_to_come_is_planned_and_nothing_changes_yet(officer: Browser, office: Office) -> None:
    assert officer.post("/handover", **(FORM | {"start": "2013-01-01"})).status_code == 302
    assert "The chair changes when 2013-01-01 begins" in officer.words("/handover")
    with office.database.read() as db:
        assert store.rosters.get_roster(db).chair == ("UNICEF",)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"confirmed": ""}, "Confirm that the next chair agrees"),
        ({"start": "1 January"}, "year-month-day"),
        ({"to": "WHO"}, "penholder user add NAME --role officer --member WHO"),
        ({"to": "UNICEF"}, "chairs the group already"),
    ],
    ids=["not confirmed", "no day", "nobody there", "the same"],
)
def test_a_hand_over_that_cannot_be_is_refused(
    officer: Browser, office: Office, changed: dict[str, str], words: str
) -> None:
    response = officer.post("/handover", **(FORM | changed))
    assert response.status_code == 409
    assert words in response.text
    with office.database.read() as db:
        assert store.rosters.get_roster(db).chair == ("UNICEF",)


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_every_page_says_that_no_mail_leaves_until_a_person_lets_it(officer: Browser, office: Office) -> None:
    assert "No mail leaves" not in officer.words("/")
    with office.database.begin() as db:
        store.sending.stop(db, "This database is a backup.", desk.NOW)
    for page in ("/", "/inbox", "/outgoing"):
        assert "No mail leaves. This database is a backup." in officer.words(page)
    assert officer.post("/outgoing/allow").status_code == 302
    assert "No mail leaves" not in officer.words("/")
    with office.database.read() as db:
        assert store.sending.get_stop(db) is None
        assert store.audit.list_entries(db, subject="sending")[0].who == "chair"
