"""Laws for the page of the year, the calendar of each account and the annual report."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from icalendar import Calendar

from admin.auth import hash_password
from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import Mandate, Milestone, PlannedDraft
from tests.admin import desk
from tests.admin.browser import Browser

DAY = date(2012, 10, 1)


@pytest.fixture(autouse=True)
def ahead(office: Office) -> None:
    """Two texts are planned, two decisions were made."""
    launch = Milestone(day=date(2013, 6, 20), title=desk.HOSTILE)
    with office.database.begin() as db:
        store.year.save_planned(db, PlannedDraft(code="YTH", title=desk.HOSTILE, milestones=(launch,)))
        store.year.save_planned(db, PlannedDraft(code="SEA", title=desk.ARABIC, circulate=DAY))
        for number, due in (("1", DAY), ("2", None)):
            mandate = Mandate(number=number, decided_on=DAY, by="Principals", text=desk.HOSTILE, owner="ILO", due=due)
            store.year.save_mandate(db, mandate)


def _find_feed(browser: Browser) -> str:
    return browser.read("/year").select_one(".address").get_text()


def test_the_page_shows_what_is_planned_and_what_is_late(officer: Browser) -> None:
    words = officer.words("/year")
    assert "not out yet" in words
    assert "until Wed 31 Oct 2012, 18:00 Vienna" in words
    assert words.count("overdue") == 1
    assert desk.HOSTILE not in officer.get("/year").text


def test_an_officer_notes_what_came_of_a_decision(officer: Browser, office: Office) -> None:
    assert officer.post("/year/decisions", number="1", outcome="").status_code == 409
    assert officer.post("/year/decisions", number="1", outcome="Reported.").status_code == 302
    with office.database.read() as db:
        found = store.year.get_mandate(db, "1")
    assert (found.done_on, found.outcome) == (desk.NOW.date(), "Reported.")
    assert "overdue" not in officer.words("/year")


def test_the_calendar_is_there_for_whoever_is_signed_in(officer: Browser) -> None:
    response = officer.get("/year/calendar.ics")
    assert response.mimetype == "text/calendar"
    summaries = [str(event["summary"]) for event in Calendar.from_ical(response.data).walk("VEVENT")]
    assert len(summaries) == 4


def test_a_program_that_cannot_sign_in_reads_the_private_address(officer: Browser) -> None:
    address = _find_feed(officer)
    here = officer.get("/year/calendar.ics").data
    officer.post("/logout")
    assert officer.get(address).data == here
    assert officer.get("/year/calendar.ics").location.startswith("/login")


@pytest.mark.parametrize("end", ["session", "password", "closed"])
def test_the_private_address_ends_with_session_number_password_and_account(
    officer: Browser, office: Office, end: str
) -> None:
    address = _find_feed(officer)
    with office.database.begin() as db:
        if end == "session":
            store.users.end_sessions(db, "chair")
        elif end == "password":
            store.users.set_password(db, "chair", hash_password("another one"))
        else:
            store.users.set_disabled(db, "chair", True)
    assert officer.get(address).status_code == 404


def test_a_private_address_opens_no_other_account_and_no_other_page(officer: Browser) -> None:
    address = _find_feed(officer)
    officer.post("/logout")
    assert officer.get(address.replace("calendar/1/", "calendar/2/")).status_code == 404
    assert officer.get("/year").status_code == 302


def test_addresses_differ_between_accounts_and_secrets(officer: Browser, office: Office) -> None:
    mine = _find_feed(officer)
    officer.post("/logout")
    officer.sign_in("troika")
    assert _find_feed(officer) != mine
    object.__setattr__(office, "settings", replace(office.settings, secret="t" * 64))
    assert officer.get(mine).status_code == 404


def test_the_annual_report_comes_as_a_word_file(reader: Browser) -> None:
    response = reader.get("/year/report/2012.docx")
    assert response.headers["Content-Disposition"] == "attachment; filename=annual-report_2012.docx"
    assert docx.Document(io.BytesIO(response.data)).paragraphs[0].text.endswith("annual report 2012")


@pytest.mark.parametrize("year", ["0", "2013", "99999"])
def test_a_year_to_come_has_no_report(reader: Browser, year: str) -> None:
    assert reader.get(f"/year/report/{year}.docx").status_code == 404
