"""Stories of the chair's secretariat, which works the queue, told on the sample round. See: docs/stories.md."""

import io

import docx
import pytest

import admin
from admin.auth import hash_password
from pipeline.adapters import store
from pipeline.consolidate import DOCUMENTS, read_consolidation
from pipeline.core.model import MailKind, Place
from pipeline.correct import refile
from pipeline.redline.model import Disposition, Relation
from pipeline.redline.revise import ConflictingDecisions
from pipeline.remind import remind
from pipeline.revise import dispose
from tests.admin.browser import Browser
from tests.admin.desk import PASSWORD
from tests.pipeline.desk import SECRET
from tests.stories.stage import Stage

OCT_29 = "2012-10-29T09:00:00+01:00"


@pytest.fixture
def officer(stage: Stage) -> Browser:
    """Somebody of the secretariat at the admin."""
    with stage.database.begin() as db:
        store.users.add_user(db, "chair", hash_password(PASSWORD), "officer")
    browser = Browser(admin.create_app(stage.office).test_client())
    browser.sign_in("chair")
    return browser


def _owners(stage: Stage, code: str, relation: Relation) -> set[frozenset[str]]:
    """Who stands in this relation to whom on r0 of a draft."""
    found = read_consolidation(stage.database, code, "r0", stage.office.clock())
    pairs = [(pair.first, pair.second) for pair in found.merge.related if pair.relation is relation]
    return {frozenset(found.proposals[key].owner for key in pair) for pair in pairs}


def test_s09_who_is_missing_and_whom_not_to_chase(stage: Stage) -> None:
    board = stage.board("YTH", at=OCT_29)
    assert {each.agency for each in board.missing if not each.do_not_chase} == {"ILO", "DESA", "UNFPA"}
    assert {each.agency for each in board.missing if each.do_not_chase} == {"UNCTAD", "WB"}


def test_s10_each_agency_gets_one_reminder_of_a_step_in_its_thread_and_its_own_time(stage: Stage) -> None:
    sent = [each.mail for each in stage.mails("reminder") if each.mail.key.startswith("reminder:1:T-2:")]
    assert sorted(mail.agency or "" for mail in sent) == ["DESA", "ILO", "UNFPA"]
    (unfpa,) = [mail for mail in sent if mail.agency == "UNFPA"]
    assert "[GMG-YTH]" in unfpa.subject
    words = " ".join(unfpa.text.split())
    assert "31 October 2012, 18:00 Vienna" in words
    assert "13:00 New York" in words
    assert remind(stage.database, stage.office.clock(), SECRET) == ()


def test_s11_a_stranger_changes_nothing_until_a_person_says_who_it_is(stage: Stage) -> None:
    message = stage.message("M23")
    assert (message.place, message.attention_open) == (Place.HELD, True)
    before = stage.board("YTH").responses
    here = {"desk": stage.desk, "message_id": message.id, "by": "chair", "now": stage.office.clock(), "remark": "known"}
    refile(**here, agency=None, round_id=None, kind=None, place=Place.IGNORED)
    assert stage.board("YTH").responses == before
    refile(**here, agency="UNCTAD", round_id=1, kind=MailKind.NO_COMMENT, place=Place.FILED)
    assert stage.response("YTH", "UNCTAD").by == message.id
    with stage.database.read() as db:
        assert {entry.who for entry in store.audit.list_entries(db, subject=f"message {message.id}")} == {"chair"}


@pytest.mark.parametrize("name", ["M47", "M48"])
def test_s12_dangerous_mail_is_quarantined_and_nothing_of_it_is_handed_out(
    stage: Stage, officer: Browser, name: str
) -> None:
    number = stage.numbers[name]
    assert stage.message(name).place is Place.QUARANTINED
    assert not officer.read(f"/messages/{number}").select("a[href*='/files/'], a[href$='/raw']")
    assert stage.response("JST", "ILO").by == stage.numbers["M45"]
    assert stage.proposals(name) == ()


def test_s13_a_member_with_five_bodies_is_partial_until_its_coordinator_speaks(stage: Stage) -> None:
    before = stage.response("YTH", "RC", at="2012-10-25T12:00:00+02:00")
    assert (before.state, len(before.bodies)) == ("partial", 2)
    assert stage.response("YTH", "RC").state == "contributed"
    assert {each.proposal.disposition for each in stage.proposals("M19")} == {Disposition.SUPERSEDED}
    closed = stage.response("HLD", "RC")
    assert (closed.state, closed.by) == ("contributed", stage.numbers["M67"])
    assert [each.proposal.disposition for each in stage.proposals("M66")] == [Disposition.OPEN]


def test_s14_of_two_wordings_for_the_same_words_one_can_be_accepted(stage: Stage) -> None:
    pair = frozenset({"UNHCR", "OHCHR"})
    assert pair in _owners(stage, "JST", Relation.CONFLICT)
    now = stage.office.clock()
    found = read_consolidation(stage.database, "JST", "r0", now)
    rivals = [
        (one.first, one.second)
        for one in found.merge.related
        if one.relation is Relation.CONFLICT
        and {found.proposals[key].owner for key in (one.first, one.second)} == set(pair)
    ]
    stored = {each.proposal.key: each for each in found.stored}
    for key in rivals[0]:
        one = stored[key]
        dispose(
            stage.database,
            one.id,
            Disposition.ACCEPTED,
            remark="",
            amended="",
            by="chair",
            now=now,
            version=one.version,
        )
    again = read_consolidation(stage.database, "JST", "r0", now)
    assert again.find_accepted_rivals([rivals[0][0]]) == (stored[rivals[0][1]].proposal.owner,)
    with pytest.raises(ConflictingDecisions):
        _ = again.revised


def test_s15_the_same_change_of_two_agencies_is_one_with_two_supporters(stage: Stage) -> None:
    assert frozenset({"UNWOMEN", "UNFPA"}) in _owners(stage, "YTH", Relation.IDENTICAL)
    found = read_consolidation(stage.database, "YTH", "r0", stage.office.clock())
    (folded,) = [each for each in found.merge.folded if set(each.owners) == {"UNWOMEN", "UNFPA"}]
    assert len(folded.keys) == 2
    assert frozenset({"UNWOMEN", "DESA"}) in _owners(stage, "YTH", Relation.CONFLICT)


@pytest.mark.parametrize("code", ["YTH", "JST", "HLD"])
def test_s16_the_report_has_every_proposal_once(stage: Stage, code: str) -> None:
    found = read_consolidation(stage.database, code, "r0", stage.office.clock())
    report = docx.Document(io.BytesIO(DOCUMENTS["dispositions.docx"](found)))
    rows = [row.cells[0].text for table in report.tables for row in table.rows[1:]]
    assert sorted(rows) == sorted(each.proposal.owner for each in found.stored)


def test_s18_changes_of_another_agency_in_a_file_are_not_counted_twice(stage: Stage) -> None:
    assert len(stage.proposals("M43")) == 2
    assert "carries_edits_of:UNHCR" in stage.flags("M43")
    assert {each.agency for each in stage.proposals("M43")} == {"UNFPA"}
    assert len(stage.proposals("M30")) == 4


@pytest.mark.parametrize("name", ["M75", "M02"])
def test_s19_our_own_mail_and_bounces_are_never_answered(stage: Stage, name: str) -> None:
    assert stage.message(name).place is Place.IGNORED
    assert stage.receipts(name) == ()


def test_s19_a_bounce_marks_the_address_and_the_agency_is_still_reached(stage: Stage) -> None:
    with stage.database.read() as db:
        contacts = store.rosters.get_roster(db).get_agency("WHO").contacts
    assert [each.address for each in contacts if each.bounced_at] == ["migrant-health-old@who.example"]
    assert stage.response("YTH", "WHO").state == "contributed"
