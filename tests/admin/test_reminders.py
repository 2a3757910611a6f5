"""Laws for the page of a round's reminders."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import Absence, Certainty, FocalPoint, MailKind, MailState, Occasion, Place, Role
from pipeline.remind import remind, set_ladder
from tests.admin import desk
from tests.admin.browser import Browser

PAGE = "/rounds/1/reminders"
#: UNICEF leads; IOM has answered, the mails of ILO and WHO wait for a person
SECRET = "s" * 64


def make_due(office: Office) -> None:
    """Nobody has written, the round asks first, and the step of two days before is due."""
    with office.database.begin() as db:
        db.exec_driver_sql("UPDATE message SET agency = NULL, round_id = NULL")
    set_ladder(office.database, 1, "T-2", ask_first=True, by="chair", now=desk.NOW)
    assert len(remind(office.database, desk.NOW, SECRET)) == 3


def list_states(office: Office) -> dict[str, MailState]:
    """States of the reminders by agency."""
    with office.database.read() as db:
        found = store.outbox.list_outgoing(db, occasion=Occasion.REMINDER)
    return {sent.mail.agency or "": sent.state for sent in found}


def read_rows(officer: Browser) -> dict[tuple[str, str], str]:
    """What becomes of each mail, by addressee and step in words."""
    rows = {}
    for row in officer.read(PAGE).select("tr.departure"):
        cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
        rows[cells[1].split()[0], cells[2]] = cells[3]
    return rows


def test_the_page_shows_every_mail_with_what_becomes_of_it(officer: Browser) -> None:
    rows = read_rows(officer)
    assert "leads this draft" in rows["UNICEF", "reminder 2 days before the deadline"]
    assert "has answered" in rows["IOM", "reminder 1 day after the deadline"]


def test_times_are_those_of_the_recipient(officer: Browser) -> None:
    assert "Mon 29 Oct 2012, 09:00 Zurich" in officer.words(PAGE)


def test_the_ladder_is_changed_by_a_form_and_kept(officer: Browser, office: Office) -> None:
    assert officer.post(f"{PAGE}/ladder", steps="T-9, T-3 T+2", ask_first="yes").status_code == 302
    with office.database.read() as db:
        round = store.rounds.get_round(db, 1)
        (entry, *_) = store.audit.list_entries(db, subject="round 1")
    assert (round.ladder, round.ask_first) == (("T-9", "T-3", "T+2"), True)
    assert (entry.who, entry.what) == ("chair", "set the reminders to T-9 T-3 T+2, to be released by hand")
    field = officer.read(PAGE).select_one("#steps")
    assert field["value"] == "T-9 T-3 T+2"


@pytest.mark.parametrize("steps", ["T-9 T-7 T-5 T-2", "soon", "T+1 T+2"])
def test_a_ladder_that_cannot_be_kept_is_refused_with_the_reason(officer: Browser, office: Office, steps: str) -> None:
    response = officer.post(f"{PAGE}/ladder", steps=steps)
    assert response.status_code == 409
    assert "T-7" in response.text
    with office.database.read() as db:
        assert store.rounds.get_round(db, 1).ladder == ("T-7", "T-2", "T+1")


@pytest.mark.parametrize(("step", "state"), [("release", MailState.QUEUED), ("skip", MailState.CANCELLED)])
def test_only_the_chosen_reminders_are_released_or_skipped(
    officer: Browser, office: Office, step: str, state: MailState
) -> None:
    make_due(office)
    boxes = officer.read(PAGE).select("input[name=mail]")
    assert len(boxes) == 3
    assert officer.post(f"{PAGE}/held", step=step, mail=[boxes[0]["value"], "1"]).status_code == 302
    states = list_states(office)
    assert sorted(states.values()) == sorted([state, MailState.HELD, MailState.HELD])
    assert len(officer.read(PAGE).select("input[name=mail]")) == 2


def test_what_waits_for_a_release_is_counted_beside_outgoing_mail(officer: Browser, office: Office) -> None:
    def count() -> int:
        page = officer.read(PAGE)
        link = next(link for link in page.select("nav a") if link.get_text().startswith("Outgoing mail"))
        return int(link.select_one(".count").get_text())

    before = count()
    make_due(office)
    assert count() == before + 3
    assert "after a release" not in officer.words("/outgoing")
    set_ladder(office.database, 1, "T-2 T+1", ask_first=True, by="chair", now=desk.NOW)
    assert "after a release" in officer.words("/outgoing")


def test_something_else_cannot_be_done_to_them(officer: Browser, office: Office) -> None:
    make_due(office)
    assert officer.post(f"{PAGE}/held", step="burn", mail=["5"]).status_code == 400
    assert set(list_states(office).values()) == {MailState.HELD}


def test_a_reader_sees_and_changes_nothing(reader: Browser, office: Office) -> None:
    make_due(office)
    page = reader.read(PAGE)
    assert "3 reminders wait for you" in page.get_text(" ")
    assert not page.select("main form")
    assert reader.post(f"{PAGE}/held", step="release", mail=["5"]).status_code == 403
    assert reader.post("/digest", digest="off").status_code == 403


def test_the_digest_is_switched_off_and_on(officer: Browser, office: Office) -> None:
    for value, on in (("off", False), ("on", True)):
        officer.post("/digest", digest=value, round="1")
        with office.database.read() as db:
            assert store.switches.is_on(db, "digest") is on


def test_the_page_says_when_nobody_gets_the_digest(officer: Browser, office: Office) -> None:
    assert "names no mailbox of the chair" in officer.words(PAGE)
    with office.database.begin() as db:
        store.rosters.add_contact(db, "UNICEF", FocalPoint(address="chair@gmg.example", role=Role.SECRETARIAT))
    words = officer.words(PAGE)
    assert "names no mailbox of the chair" not in words
    assert "the chair chair@gmg.example" in words


# --- A deputy --------------------------------------------------------------------------------------------------------


@pytest.fixture
def away(office: Office) -> int:
    """The number of an automatic reply of ILO's focal point that names two deputies."""
    with office.database.begin() as db:
        made = store.messages.get_message(db, desk.ILO).recognition
        assert made is not None
        assert made.identity is not None
        verdict = replace(
            made.verdict,
            kind=MailKind.AUTO_REPLY,
            flags=("ooo_until:2012-11-09",),
            away_until=date(2012, 11, 9),
            alternates=("deputy@ilo.example", "friend@elsewhere.example", "fp@iom.example"),
        )
        made = replace(
            made,
            identity=replace(made.identity, who=Certainty.SURE),
            verdict=verdict,
            action=replace(made.action, place=Place.IGNORED),
        )
        id = store.messages.record(db, desk._make_raw("I am away.", None), desk.NOW).id
        store.messages.save_recognition(db, id, made)
    return id


def list_absences(office: Office) -> tuple[Absence, ...]:
    """Who is away."""
    with office.database.read() as db:
        return store.absences.list_absences(db, desk.NOW + timedelta(hours=1))


@pytest.mark.parametrize("page", [PAGE, "/messages/{}"])
def test_a_deputy_is_added_with_one_click(officer: Browser, office: Office, away: int, page: str) -> None:
    forms = officer.read(page.format(away)).select("form[action$='/deputy']")
    named = [form.select_one("[name=address]")["value"] for form in forms]
    # who is on the roster is not offered again; who is of no domain of the agency is marked
    assert named == ["deputy@ilo.example", "friend@elsewhere.example"]
    assert ["not of a domain" in form.get_text() for form in forms] == [False, True]
    assert officer.post(forms[0]["action"], address=named[0]).status_code == 302
    with office.database.read() as db:
        contacts = store.rosters.get_roster(db).get_agency("ILO").contacts
    assert [contact.address for contact in contacts] == ["fp@ilo.example", "deputy@ilo.example"]
    assert len(list_absences(office)) == 1


def test_nobody_can_be_added_by_a_form_that_no_reply_named(officer: Browser, office: Office, away: int) -> None:
    assert officer.post(f"/messages/{away}/deputy", address="other@ilo.example").status_code == 409
    assert officer.post(f"/messages/{desk.HELD}/deputy", address="deputy@ilo.example").status_code == 409
    with office.database.read() as db:
        assert len(store.rosters.get_roster(db).get_agency("ILO").contacts) == 1
