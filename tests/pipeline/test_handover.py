"""Laws of the change of chair: who decides changes, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.adapters.smtp import SmtpSettings
from pipeline.clock import tick
from pipeline.core.model import Deadline, Mandate, Milestone, PlannedDraft
from pipeline.errors import UnavailableError, UsageError
from pipeline.handover import hand_over, hand_over_when_due, plan_hand_over
from pipeline.overview import read_board
from pipeline.unfinished import read_unfinished
from tests.adapters.dovecot import find_free_port
from tests.core import gmg
from tests.dump import dump_all
from tests.pipeline import office
from tests.pipeline.office import HOUR, OPENED

TERM = (date(2013, 1, 1), date(2013, 6, 30))
NOW = datetime.fromisoformat("2013-01-01T08:00+01:00")
#: of a round that is still open when the chair changes
DEADLINE = Deadline(at=datetime.fromisoformat("2013-01-10T18:00+01:00"), zone="Europe/Vienna")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group with a round across the end of the year, and accounts of everybody concerned."""
    with office.open_office(tmp_path) as opened:
        with opened.begin() as db:
            term = (date(2012, 7, 1), date(2012, 12, 31))
            troika: dict[str, Any] = {"incoming_chair": ("RC",), "troika_previous": ("WHO",)}
            store.rosters.save_roster(db, replace(gmg.get_roster(), chair_term=term, **troika))
            for name, role, member in (
                ("chair", "officer", ""),
                ("deputy", "officer", "UNODC"),
                ("next", "officer", "RC"),
                ("former", "officer", "WHO"),
                ("lead", "reader", "UNICEF"),
                ("lasting", "officer", "GMG"),
                ("guest", "reader", ""),
            ):
                store.users.add_user(db, name, "hash", role, member)
        office.open_round(opened, deadline=DEADLINE)
        office.file_message(opened, "no_comment")
        office.file_message(
            opened, "extension_request", agency="WHO", sender="migrant-health@who.example", at=OPENED + 2 * HOUR
        )
        yield opened


def _dump(database: store.Database, *without: str) -> dict[str, list[dict[str, Any]]]:
    with database.read() as db:
        found = dump_all(db)
    return {name: rows for name, rows in found.items() if name not in without}


def _list_users(database: store.Database) -> dict[str, store.User]:
    with database.read() as db:
        return {user.name: user for user in store.users.list_users(db)}


# --- What changes, and what does not ------------------------------------------------------------------------------


def test_s34_rounds_answers_and_mail_stay_as_they_are_when_the_chair_changes(database: store.Database) -> None:
    board, kept = read_board(database, NOW), _dump(database, "roster", "account", "audit")
    done = hand_over(database, ["RC"], TERM, by="chair", now=NOW)
    assert (done.former, done.chair) == (("UNODC",), ("RC",))
    assert _dump(database, "roster", "account", "audit") == kept
    assert read_board(database, NOW).rounds == board.rounds
    with database.read() as db:
        assert store.rosters.get_roster(db).chair == ("RC",)
        assert store.audit.list_entries(db)[0].what == "handed the chair over from UNODC to RC"
        assert store.audit.verify(db) is None


def test_reminders_are_signed_by_the_new_chair(database: store.Database) -> None:
    hand_over(database, ["RC"], TERM, by="chair", now=NOW)
    office.note_poll(database, NOW + 2 * HOUR)
    now = datetime.fromisoformat("2013-01-03T09:30+01:00")
    office.note_poll(database, now)
    with pytest.raises(UnavailableError):
        tick(database, _nowhere(), now, office.SECRET)
    reminders = [sent.mail for sent in office.list_mails(database) if sent.mail.occasion == "reminder"]
    assert reminders
    assert all("chaired by RC" in mail.text for mail in reminders if "chaired by" in mail.text)
    assert not any("UNODC" in mail.text for mail in reminders if mail.agency not in {"UNODC"})


def test_the_sessions_of_everybody_whose_rights_change_end(database: store.Database) -> None:
    before = _list_users(database)
    done = hand_over(database, ["RC"], TERM, by="chair", now=NOW)
    after = _list_users(database)
    assert set(done.ended) == {"chair", "deputy", "next"}
    assert {name for name, user in after.items() if user.session != before[name].session} == {*done.ended, "former"}


def test_an_account_that_names_no_member_belongs_to_the_chair_it_was_made_under(database: store.Database) -> None:
    hand_over(database, ["RC"], TERM, by="chair", now=NOW)
    told = {name: user.member for name, user in _list_users(database).items()}
    assert (told["chair"], told["guest"], told["lasting"]) == ("UNODC", "", "GMG")


def test_who_leaves_the_troika_may_not_come_in_any_more(database: store.Database) -> None:
    assert hand_over(database, ["RC"], TERM, by="chair", now=NOW).closed == ("former",)
    assert {name for name, user in _list_users(database).items() if user.disabled} == {"former"}


def test_a_dry_run_says_the_same_and_changes_nothing(database: store.Database) -> None:
    before = _dump(database)
    dry = hand_over(database, ["RC"], TERM, by="chair", now=NOW, dry_run=True)
    plan_hand_over(database, ["RC"], TERM, by="chair", now=NOW, dry_run=True)
    assert _dump(database) == before
    assert hand_over(database, ["RC"], TERM, by="chair", now=NOW) == dry


@pytest.mark.parametrize("to", ["ILO", "UNICEF"], ids=["without an account", "with a reader only"])
def test_the_desk_is_never_left_without_an_officer(database: store.Database, to: str) -> None:
    with database.begin() as db:
        store.users.set_disabled(db, "lasting", True)
    before = _dump(database)
    with pytest.raises(UsageError, match=f"penholder user add NAME --role officer --member {to}"):
        hand_over(database, [to], TERM, by="chair", now=NOW)
    assert _dump(database) == before


# --- A day to come --------------------------------------------------------------------------------------------------


def _nowhere() -> SmtpSettings:
    """No server is there."""
    return SmtpSettings(
        host="127.0.0.1",
        port=find_free_port(),
        user="",
        password="",
        tls="none",
        envelope_from="gmg-drafts@gmg.example",
    )


def test_the_clock_hands_over_when_the_day_begins_and_once(database: store.Database) -> None:
    eve = datetime.fromisoformat("2012-12-31T23:59+01:00")
    plan_hand_over(database, ["RC"], TERM, by="chair", now=OPENED)
    assert hand_over_when_due(database, eve) is None
    with pytest.raises(UnavailableError):
        tick(database, _nowhere(), eve + timedelta(minutes=1), office.SECRET)
    with database.read() as db:
        roster = store.rosters.get_roster(db)
        assert store.audit.list_entries(db)[0].who == "penholder"
    assert (roster.chair, roster.chair_term, roster.incoming_term) == (("RC",), TERM, None)
    assert hand_over_when_due(database, eve + timedelta(days=9)) is None


def test_a_planned_hand_over_waits_while_nobody_could_decide(database: store.Database) -> None:
    plan_hand_over(database, ["RC"], TERM, by="chair", now=OPENED)
    with database.begin() as db:
        for name in ("next", "lasting"):
            store.users.set_disabled(db, name, True)
    assert hand_over_when_due(database, NOW) is None
    with database.begin() as db:
        store.users.set_disabled(db, "next", False)
    assert hand_over_when_due(database, NOW) is not None


def test_before_there_is_a_roster_nothing_is_due(tmp_path: Path) -> None:
    database = store.open_database(f"sqlite:///{tmp_path}/penholder.db")
    assert hand_over_when_due(database, NOW) is None
    database.dispose()


def test_an_old_roster_file_does_not_bring_the_former_chair_back(database: store.Database) -> None:
    hand_over(database, ["RC"], TERM, by="chair", now=NOW)
    with database.begin() as db, pytest.raises(UsageError, match="chaired by RC; write that"):
        store.rosters.import_roster(db, gmg.get_roster())


# --- What is open -----------------------------------------------------------------------------------------------------


def test_s37_the_page_lists_all_that_is_open(database: store.Database) -> None:
    with database.begin() as db:
        day = date(2012, 11, 14)
        for number, due, done in (("1", None, None), ("2", date(2013, 3, 31), None), ("3", date(2013, 2, 1), day)):
            mandate = Mandate(
                number=number, decided_on=day, by="Principals", text="x", owner="ILO", due=due, done_on=done
            )
            store.year.save_mandate(db, mandate)
        for code, last in (("OLD", date(2012, 5, 1)), ("NEW", date(2013, 5, 1))):
            store.year.save_planned(
                db, PlannedDraft(code=code, title=code, milestones=(Milestone(day=last, title="x"),))
            )
    found = read_unfinished(database, NOW)
    assert [(each.draft.code, each.round.id) for each in found.rounds] == [("YTH", 1)]
    assert [(draft, agency) for draft, agency, _ in found.extensions] == [("YTH", "WHO")]
    assert [mandate.number for mandate in found.mandates] == ["2", "1"]
    assert [planned.code for planned in found.planned] == ["NEW"]
    assert found.mails == (("queued", 20),)
    assert found.term_is_over
    assert found.addresses == ("gmg-chair@unodc.example",)
    assert "former" in {user.name for user in found.users}
