"""Laws of the year: what is planned and decided is kept, shown in one calendar, and counted."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from icalendar import Calendar

from pipeline.adapters import store
from pipeline.agenda import read_calendar
from pipeline.annual import write_annual_report
from pipeline.core.model import (
    Deadline,
    Decision,
    Mandate,
    Milestone,
    PlannedDraft,
    ResponseState,
    RoundEnd,
    RoundPurpose,
)
from pipeline.errors import UsageError
from pipeline.extend import decide_extension
from pipeline.figures import Tally, count_year
from pipeline.redline.model import Disposition
from pipeline.year import close_mandate, remove_planned, save_year
from tests.adapters.store_records import make_change
from tests.core import gmg
from tests.pipeline import office
from tests.pipeline.office import DEADLINE, HOUR, OPENED

NOW = datetime.fromisoformat("2012-12-20T09:00+01:00")
SEA = PlannedDraft(
    code="SEA",
    title="Rescue at sea",
    leads=("IOM",),
    circulate=date(2013, 2, 1),
    inputs_by=date(2013, 3, 1),
    milestones=(Milestone(day=date(2013, 6, 20), title="launch"),),
)
REPORT = Mandate(
    number="2012-11/6",
    decided_on=date(2012, 11, 14),
    by="GMG Principals",
    text="Report back; then go on.",
    owner="working level",
    due=date(2013, 3, 31),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group with one round and a year ahead."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        save_year(opened, [SEA], [REPORT], by="chair", now=OPENED)
        yield opened


# --- Entering -----------------------------------------------------------------------------------------------------


def test_an_entry_replaces_the_one_of_its_code_or_number(database: store.Database) -> None:
    save_year(database, [replace(SEA, title="At sea")], [replace(REPORT, owner="ILO")], by="chair", now=OPENED)
    with database.read() as db:
        assert [each.title for each in store.year.list_planned(db)] == ["At sea"]
        assert [each.owner for each in store.year.list_mandates(db)] == ["ILO"]


def test_a_lead_that_is_no_member_is_refused_and_nothing_is_kept(database: store.Database) -> None:
    with pytest.raises(UsageError, match="NEW: lead: 'OECD' is no member"):
        save_year(database, [replace(SEA, title="x"), replace(SEA, code="NEW", leads=("OECD",))], [], by="", now=OPENED)
    with database.read() as db:
        assert store.year.list_planned(db) == (SEA,)


def test_texts_without_a_day_come_last(database: store.Database) -> None:
    for code, day in (("ZZZ", None), ("AAA", None), ("MMM", date(2012, 1, 1))):
        planned = PlannedDraft(code=code, title=code, circulate=day)
        save_year(database, [planned], [], by="chair", now=OPENED)
    with database.read() as db:
        assert [each.code for each in store.year.list_planned(db)] == ["MMM", "SEA", "AAA", "ZZZ"]


def test_a_decision_is_done_once_and_not_before_it_was_made(database: store.Database) -> None:
    with pytest.raises(UsageError, match="cannot be done before"):
        close_mandate(database, REPORT.number, date(2012, 11, 1), "x", by="chair", now=NOW)
    done = close_mandate(database, REPORT.number, None, "Reported.", by="chair", now=NOW)
    assert (done.done_on, done.outcome) == (date(2012, 12, 20), "Reported.")
    with pytest.raises(UsageError, match="done on 2012-12-20 already"):
        close_mandate(database, REPORT.number, None, "again", by="chair", now=NOW)
    with pytest.raises(UsageError, match="no decision 9"):
        close_mandate(database, "9", None, "x", by="chair", now=NOW)


def test_what_was_dropped_is_gone_and_an_unknown_code_is_refused(database: store.Database) -> None:
    remove_planned(database, "SEA", by="chair", now=NOW)
    with database.read() as db:
        assert store.year.list_planned(db) == ()
        assert [entry.what for entry in store.audit.list_entries(db, subject="plan SEA")][0].startswith("took")
    with pytest.raises(UsageError, match="no SEA"):
        remove_planned(database, "SEA", by="chair", now=NOW)


# --- The calendar -------------------------------------------------------------------------------------------------


def _read_days(database: store.Database, now: datetime = NOW) -> dict[str, tuple[object, str]]:
    """Day and summary of every entry by its uid, as a program that shares no code with us reads them."""
    calendar = Calendar.from_ical(read_calendar(database, now))
    return {
        str(event["uid"]).partition("@")[0]: (event["dtstart"].dt, str(event["summary"]))
        for event in calendar.walk("VEVENT")
    }


def test_the_calendar_has_deadlines_milestones_and_due_decisions(database: store.Database) -> None:
    assert _read_days(database) == {
        "round-1": (DEADLINE.at.astimezone(UTC), "[GMG-YTH] GMG Thematic Report on Youth Migration: inputs on r0"),
        "plan-sea-circulate": (date(2013, 2, 1), "SEA: first text goes out (planned)"),
        "plan-sea-inputs": (date(2013, 3, 1), "SEA: inputs wanted (planned)"),
        "plan-sea-1": (date(2013, 6, 20), "SEA: launch"),
        "decision-2012-11/6": (date(2013, 3, 31), "Due: decision 2012-11/6 (working level)"),
    }


def test_the_calendar_says_the_announced_zone_in_words(database: store.Database) -> None:
    assert "Wednesday 31 October 2012\\, 18:00 Europe/Vienna" in read_calendar(database, NOW).decode()


def test_more_time_has_an_entry_of_its_own(database: store.Database) -> None:
    until = Deadline(at=datetime.fromisoformat("2012-11-05T18:00+01:00"), zone="Europe/Vienna")
    now = OPENED + HOUR
    decide_extension(database, 1, "ILO", until, by="chair", now=now, secret=office.SECRET)
    assert _read_days(database, now)["round-1-ilo"] == (until.at.astimezone(UTC), "[GMG-YTH] ILO: more time until here")
    assert "round-1-who" not in _read_days(database, now)


def test_planned_days_go_when_the_round_is_there_and_milestones_stay(database: store.Database) -> None:
    save_year(database, [replace(SEA, code="YTH")], [], by="chair", now=OPENED)
    assert {uid for uid in _read_days(database) if "yth" in uid} == {"plan-yth-1"}


def test_what_is_done_leaves_the_calendar(database: store.Database) -> None:
    close_mandate(database, REPORT.number, None, "Reported.", by="chair", now=NOW)
    assert not [uid for uid in _read_days(database) if uid.startswith("decision")]


def test_the_terms_of_the_chair_are_in_it(database: store.Database) -> None:
    term = (date(2012, 7, 1), date(2012, 12, 31))
    later = (date(2013, 1, 1), date(2013, 6, 30))
    with database.begin() as db:
        roster = replace(gmg.get_roster(), chair_term=term, incoming_chair=("RC",), incoming_term=later)
        store.rosters.save_roster(db, roster)
    days = _read_days(database)
    assert days["chair-end"] == (date(2012, 12, 31), "Last day of the chair of UNODC")
    assert days["chair-begin"] == (date(2013, 1, 1), "RC takes the chair over")


# --- The figures --------------------------------------------------------------------------------------------------


def _file(database: store.Database, agency: str, kind: str = "no_comment", at: datetime = OPENED + HOUR) -> int:
    return office.file_message(database, kind, agency=agency, sender=f"x@{agency.lower()}.example", at=at)


def _propose(database: store.Database, message_id: int, agency: str, *decided: Disposition) -> None:
    with database.begin() as db:
        store.proposals.add_proposals(
            db,
            message_id=message_id,
            round_id=1,
            draft="YTH",
            revision="r0",
            agency=agency,
            body=None,
            changes=[make_change(place) for place in range(len(decided))],
        )
        for stored, disposition in zip(store.proposals.list_proposals(db, message_id=message_id), decided, strict=True):
            if disposition is not Disposition.OPEN:
                store.proposals.dispose(
                    db, stored.id, disposition, remark="", amended="", by="chair", at=NOW, version=stored.version
                )


def test_answers_are_counted_by_hand_and_by_us_alike(database: store.Database) -> None:
    _file(database, "ILO")
    _file(database, "WHO", at=DEADLINE.at + HOUR)
    _file(database, "IOM", "acknowledgement")
    figures = count_year(database, 2012, NOW)
    assert figures.total == Tally(asked=15, answered=2, on_time=1)
    told = dict(figures.agencies)
    assert (told["ILO"], told["WHO"], told["IOM"]) == (
        Tally(asked=1, answered=1, on_time=1),
        Tally(asked=1, answered=1, on_time=0),
        Tally(asked=1),
    )
    assert "UNICEF" not in told


def test_proposals_are_counted_by_what_became_of_them(database: store.Database) -> None:
    decided = (*(Disposition.ACCEPTED,) * 3, Disposition.AMENDED, Disposition.REJECTED, Disposition.BRACKETED)
    _propose(
        database, _file(database, "ILO", "contribution"), "ILO", *decided, Disposition.NOTED, Disposition.SUPERSEDED
    )
    _propose(database, _file(database, "WHO", "contribution", OPENED + 2 * HOUR), "WHO", Disposition.OPEN)
    figures = count_year(database, 2012, NOW)
    ilo = dict(figures.agencies)["ILO"]
    assert (ilo.proposals, ilo.accepted, ilo.amended, ilo.rejected, ilo.kept, ilo.open) == (7, 3, 1, 1, 2, 0)
    assert (figures.total.proposals, figures.total.accepted, figures.total.open) == (8, 3, 1)
    ((draft, rounds, tally),) = figures.drafts
    assert (draft.code, len(rounds), tally) == ("YTH", 1, figures.total)


def test_silence_is_counted_and_is_no_answer(database: store.Database) -> None:
    office.open_round(database, "JST", revision="r1", purpose=RoundPurpose.SILENCE, only=("ILO", "WHO"))
    with database.begin() as db:
        decision = Decision(
            agency="WHO", round_id=2, kind="set_state", at=OPENED + HOUR, by="chair", state=ResponseState.ENDORSED
        )
        store.rounds.decide(db, decision)
    figures = count_year(database, 2012, NOW)
    ((_, _, tally),) = [each for each in figures.drafts if each[0].code == "JST"]
    assert (tally.asked, tally.answered, tally.silent) == (2, 1, 1)


def test_a_round_counts_in_the_year_it_was_opened_in(database: store.Database) -> None:
    eve = datetime.fromisoformat("2012-12-31T23:30+00:00")
    later = Deadline(at=datetime.fromisoformat("2013-02-01T18:00+01:00"), zone="Europe/Vienna")
    office.open_round(database, "HLD", now=eve, deadline=later)
    years = {
        year: [draft.code for draft, _, _ in count_year(database, year, NOW).drafts] for year in (2011, 2012, 2013)
    }
    assert years == {2011: [], 2012: ["YTH"], 2013: ["HLD"]}


def test_the_report_says_what_was_counted(database: store.Database) -> None:
    _propose(database, _file(database, "ILO", "contribution"), "ILO", Disposition.ACCEPTED, Disposition.OPEN)
    content = write_annual_report(count_year(database, 2012, NOW))
    document = docx.Document(io.BytesIO(content))
    assert document.paragraphs[0].text == "Global Migration Group: annual report 2012"
    texts, members, decisions = document.tables
    assert [cell.text for cell in texts.rows[1].cells] == [
        *(
            "YTH: GMG Thematic Report on Youth Migration",
            "UNICEF",
            "1",
            "1 of 15 (7\N{NO-BREAK SPACE}%)",
            "1 of 1 (100\N{NO-BREAK SPACE}%)",
            "2",
            "1",
            "0",
            "open",
        ),
    ]
    assert [cell.text for cell in members.rows[1].cells] == [
        *(
            "ILO",
            "1",
            "1 of 1 (100\N{NO-BREAK SPACE}%)",
            "1 of 1 (100\N{NO-BREAK SPACE}%)",
            "2",
            "1",
            "0",
            "0",
            "0",
            "1",
        ),
    ]
    assert len(members.rows) == 16
    assert decisions.rows[1].cells[3].text == "Report back; then go on."


def test_a_year_without_rounds_has_a_report_that_says_so(database: store.Database) -> None:
    document = docx.Document(io.BytesIO(write_annual_report(count_year(database, 2011, NOW))))
    assert "No call for inputs went out in this year." in [paragraph.text for paragraph in document.paragraphs]
    assert document.tables == []


def test_the_same_figures_give_the_same_bytes(database: store.Database) -> None:
    assert write_annual_report(count_year(database, 2012, NOW)) == write_annual_report(count_year(database, 2012, NOW))


@pytest.mark.parametrize("end", list(RoundEnd))
def test_the_report_says_what_every_text_came_to(database: store.Database, end: RoundEnd) -> None:
    with database.begin() as db:
        store.rounds.close_round(db, 1, NOW, end)
    document = docx.Document(io.BytesIO(write_annual_report(count_year(database, 2012, NOW))))
    words = document.tables[0].rows[1].cells[-1].text
    assert words.split()[-1] == {"closed": "collected"}.get(end.value, end.value.split("_")[-1])
