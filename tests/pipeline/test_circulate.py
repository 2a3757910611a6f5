"""Opening rounds and circulating revisions."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from pipeline import circulate
from pipeline.adapters import store
from pipeline.core.model import MailState, Occasion, RoundEnd, RoundPurpose
from pipeline.errors import UsageError
from pipeline.overview import read_board
from tests.core import gmg
from tests.pipeline import office


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database."""
    with office.open_office(tmp_path) as opened:
        yield opened


def test_every_member_and_every_body_but_the_coordinating_one_gets_one_call(database: store.Database) -> None:
    circulation = office.open_round(database)
    codes = [agency.code for agency in gmg.get_roster().agencies if agency.code != "ESCAP"]
    assert [mail.agency for mail in circulation.mails] == codes
    queued = office.list_mails(database)
    assert [sent.mail for sent in queued] == list(circulation.mails)
    assert {sent.state for sent in queued} == {MailState.QUEUED}


def test_the_round_keeps_the_message_id_of_each_call(database: store.Database) -> None:
    circulation = office.open_round(database)
    kept = {addressee.agency: addressee.message_id for addressee in circulation.round.addressees}
    assert kept == {mail.agency: mail.message_id for mail in circulation.mails}
    assert len(set(kept.values())) == len(kept)


def test_the_round_is_named_as_its_call(database: store.Database) -> None:
    round = office.open_round(database).round
    assert round.subject == "[GMG-YTH] Thematic Report on Youth Migration: inputs by 31 October 2012, 18:00 Vienna"


def test_leads_get_the_call_for_information(database: store.Database) -> None:
    mails = {mail.agency: mail for mail in office.open_round(database, "HLD").mails}
    for code in ("IOM", "UNFPA"):
        assert mails[code].text.startswith(f"For the information of {code}")


def test_a_dry_run_shows_the_same_mails_and_stores_nothing(database: store.Database) -> None:
    dry = office.open_round(database, dry_run=True)
    assert office.list_mails(database) == ()
    with database.read() as db:
        assert store.rounds.list_rounds(db) == ()
    real = office.open_round(database)
    told = [[(mail.agency, mail.to, mail.subject, mail.text) for mail in each.mails] for each in (dry, real)]
    assert told[0] == told[1]


def test_opening_marks_the_revision_as_circulated(database: store.Database) -> None:
    office.open_round(database)
    with database.read() as db:
        assert store.drafts.get_revision(db, "YTH", "r0").circulated_at == office.OPENED


def test_a_deadline_in_the_past_is_refused(database: store.Database) -> None:
    with pytest.raises(UsageError, match="has passed"):
        office.open_round(database, now=office.DEADLINE.at)


def test_the_same_round_is_not_opened_twice(database: store.Database) -> None:
    office.open_round(database)
    with pytest.raises(UsageError, match="open already"):
        office.open_round(database)
    assert len(office.list_mails(database)) == 20


def test_an_unknown_revision_opens_nothing(database: store.Database) -> None:
    with pytest.raises(UsageError, match="no revision r9"):
        office.open_round(database, revision="r9")
    assert office.list_mails(database) == ()


def test_an_agency_nobody_can_reach_is_named_and_the_others_are_asked(database: store.Database) -> None:
    with database.begin() as db:
        for contact in gmg.get_roster().get_agency("WHO").contacts:
            store.rosters.mark_bounced(db, contact.address, office.OPENED - timedelta(days=1))
    circulation = office.open_round(database)
    assert circulation.unreachable == ("WHO",)
    assert len(circulation.mails) == 19


def test_a_new_revision_goes_to_everybody_in_their_threads_and_moves_the_base(database: store.Database) -> None:
    opened = office.open_round(database)
    now = office.OPENED + timedelta(days=5)
    moved = circulate.circulate_revision(database, opened.round.id, "r1", now=now, secret=office.SECRET)
    calls = {mail.agency: mail.message_id for mail in opened.mails}
    assert {mail.occasion for mail in moved.mails} == {Occasion.NEW_REVISION}
    for mail in moved.mails:
        parsed = message_from_bytes(mail.raw, policy=default)
        assert parsed["In-Reply-To"].strip() == calls[mail.agency]
    with database.read() as db:
        round = store.rounds.get_round(db, opened.round.id)
    assert (round.revision, round.current_revision, round.deadline.at) == ("r0", "r1", office.DEADLINE.at)


def test_the_same_revision_is_not_sent_twice(database: store.Database) -> None:
    opened = office.open_round(database)
    for _ in range(2):
        circulate.circulate_revision(database, opened.round.id, "r1", now=office.OPENED, secret=office.SECRET)
    assert len(office.list_mails(database)) == 40


def test_a_dry_circulation_stores_nothing(database: store.Database) -> None:
    opened = office.open_round(database)
    shown = circulate.circulate_revision(
        database, opened.round.id, "r1", now=office.OPENED, secret=office.SECRET, dry_run=True
    )
    assert len(shown.mails) == 20
    with database.read() as db:
        assert store.rounds.get_round(db, opened.round.id).current_revision == "r0"


def test_nothing_is_circulated_in_a_closed_round(database: store.Database) -> None:
    opened = office.open_round(database)
    with database.begin() as db:
        store.rounds.close_round(db, opened.round.id, office.OPENED, RoundEnd.CLOSED)
    with pytest.raises(UsageError, match="is closed"):
        circulate.circulate_revision(database, opened.round.id, "r1", now=office.OPENED, secret=office.SECRET)


def test_a_silence_round_says_what_silence_means(database: store.Database) -> None:
    mails = office.open_round(database, "JST", revision="r1", purpose=RoundPurpose.SILENCE).mails
    assert "silence procedure until 31 October 2012, 18:00 Vienna" in mails[0].subject
    assert "you need not do anything" in " ".join(mails[0].text.split())


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (("ILO", "WHO"), {"ILO", "WHO", "UNICEF"}),
        (("RC",), {"RC", "ECA", "ECE", "ECLAC", "ESCWA", "UNICEF"}),
        (("ECA",), {"ECA", "UNICEF"}),
        (("ESCAP",), {"RC", "UNICEF"}),
    ],
    ids=["members", "a member with its bodies", "one body", "the coordinating body"],
)
def test_a_round_may_ask_some_members_only(database: store.Database, only: tuple[str, ...], expected: set[str]) -> None:
    circulation = office.open_round(database, only=only)
    assert {mail.agency for mail in circulation.mails} == expected
    assert {addressee.agency for addressee in circulation.round.addressees} == expected


def test_only_those_a_round_asked_are_on_its_board_and_are_reminded(database: store.Database) -> None:
    office.open_round(database, only=("ILO", "WHO"))
    (round,) = read_board(database, office.T7).rounds
    assert [response.agency for response in round.responses] == ["ILO", "UNICEF", "WHO"]
    assert {planned.agency for planned in round.planned if not planned.skipped} == {"ILO", "WHO"}


def test_a_stranger_is_not_asked_and_nobody_else_is(database: store.Database) -> None:
    with pytest.raises(UsageError, match="OECD is not on the roster"):
        office.open_round(database, only=("ILO", "OECD"))
    assert office.list_mails(database) == ()


@pytest.mark.parametrize("purpose", [RoundPurpose.SILENCE, RoundPurpose.ENDORSEMENT])
def test_a_text_everybody_is_asked_to_agree_to_is_not_exchanged(
    database: store.Database, purpose: RoundPurpose
) -> None:
    opened = office.open_round(database, purpose=purpose)
    with pytest.raises(UsageError, match="asks for a yes to r0: open a new one on r1"):
        circulate.circulate_revision(database, opened.round.id, "r1", now=office.OPENED, secret=office.SECRET)
