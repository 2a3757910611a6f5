from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.adapters import store
from pipeline.adapters.store import drafts, rosters, rounds, users
from pipeline.core.model import Addressee, Deadline, Decision, FocalPoint, ResponseState, Role, RoundEnd
from pipeline.errors import UsageError
from tests.adapters.store_records import (
    DAY,
    NOW,
    add_round,
    make_draft,
    make_revision,
    make_roster,
    make_round,
    write_store,
)

UNTIL = Deadline(at=NOW + 14 * DAY, zone="America/New_York")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    yield from write_store(tmp_path)


# --- Roster ---


def test_without_a_roster_the_way_to_one_is_said(db: store.Db) -> None:
    with pytest.raises(UsageError, match="import a roster first: penholder roster import FILE"):
        rosters.get_roster(db)


def test_the_last_roster_saved_is_the_roster(db: store.Db) -> None:
    rosters.save_roster(db, make_roster())
    later = replace(make_roster(), name="Another name")
    rosters.save_roster(db, later)
    assert rosters.get_roster(db) == later


def test_a_contact_is_added_or_replaced_in_its_place(db: store.Db) -> None:
    rosters.save_roster(db, make_roster())
    rosters.add_contact(db, "ILO", FocalPoint(address="new@ilo.example", role=Role.ALTERNATE))
    rosters.add_contact(db, "ILO", FocalPoint(address="fp@ilo.example", role=Role.GENERIC))
    contacts = rosters.get_roster(db).get_agency("ILO").contacts
    assert [(each.address, each.role) for each in contacts] == [
        ("fp@ilo.example", Role.GENERIC),
        ("new@ilo.example", Role.ALTERNATE),
    ]
    with pytest.raises(UsageError, match="no agency XYZ"):
        rosters.add_contact(db, "XYZ", contacts[0])


def test_a_bounce_is_noted_on_the_address_and_tells_the_agency(db: store.Db) -> None:
    rosters.save_roster(db, make_roster())
    assert rosters.mark_bounced(db, "fp@ilo.example", NOW) == "ILO"
    assert rosters.mark_bounced(db, "stranger@ilo.example", NOW) is None
    bounced = {c.address: c.bounced_at for a in rosters.get_roster(db).agencies for c in a.contacts}
    assert bounced == {"fp@ilo.example": NOW, "fp@unicef.example": None}


def test_a_bounce_is_remembered_when_the_roster_is_imported_again(db: store.Db) -> None:
    rosters.import_roster(db, make_roster())
    rosters.mark_bounced(db, "fp@ilo.example", NOW)
    rosters.import_roster(db, make_roster())
    (contact,) = rosters.get_roster(db).get_agency("ILO").contacts
    assert contact.bounced_at == NOW


# --- Drafts ---


def test_drafts_and_revisions_come_back_in_the_order_of_adding(db: store.Db) -> None:
    for code in ("YTH", "JST"):
        drafts.add_draft(db, make_draft(code))
        drafts.add_revision(db, make_revision(code, "r0"))
    drafts.add_revision(db, make_revision("YTH", "r1"))
    assert drafts.list_drafts(db) == (make_draft("YTH"), make_draft("JST"))
    assert [(each.draft, each.name) for each in drafts.list_revisions(db)] == [
        ("YTH", "r0"),
        ("JST", "r0"),
        ("YTH", "r1"),
    ]
    assert drafts.list_revisions(db, "YTH") == (make_revision("YTH", "r0"), make_revision("YTH", "r1"))


def test_names_are_taken_once(db: store.Db) -> None:
    drafts.add_draft(db, make_draft())
    drafts.add_revision(db, make_revision())
    with pytest.raises(UsageError, match="draft YTH already"):
        drafts.add_draft(db, make_draft())
    with pytest.raises(UsageError, match="revision r0 already"):
        drafts.add_revision(db, make_revision())


def test_unknown_drafts_and_revisions_are_said_to_be_unknown(db: store.Db) -> None:
    with pytest.raises(UsageError, match="no draft YTH"):
        drafts.get_draft(db, "YTH")
    with pytest.raises(UsageError, match="no draft YTH"):
        drafts.add_revision(db, make_revision())
    drafts.add_draft(db, make_draft())
    with pytest.raises(UsageError, match="no revision r0 of draft YTH"):
        rounds.open_round(db, make_round())


def test_the_first_circulation_counts(db: store.Db) -> None:
    drafts.add_draft(db, make_draft())
    drafts.add_revision(db, make_revision())
    drafts.circulate_revision(db, "YTH", "r0", NOW)
    drafts.circulate_revision(db, "YTH", "r0", NOW + DAY)
    assert drafts.get_revision(db, "YTH", "r0").circulated_at == NOW


# --- Rounds ---


def test_a_round_comes_back_with_its_id_and_addressees_in_order(db: store.Db) -> None:
    add_round(db, "YTH")
    stored = add_round(db, "JST")
    assert stored == replace(make_round("JST"), id=stored.id)
    assert rounds.get_round(db, stored.id) == stored
    assert [each.draft for each in rounds.list_rounds(db)] == ["YTH", "JST"]
    assert rounds.list_rounds(db, "JST") == (stored,)
    with pytest.raises(UsageError, match="no round 9"):
        rounds.get_round(db, 9)


def test_an_addressee_may_come_with_call_and_extension(db: store.Db) -> None:
    add_round(db)
    asked = (Addressee(agency="ILO", message_id="<call@gmg.example>", extension=UNTIL),)
    stored = rounds.open_round(db, replace(make_round(), addressees=asked))
    assert stored.addressees == asked
    assert rounds.open_round(db, replace(make_round(), addressees=())).addressees == ()


def test_a_closed_round_is_no_longer_open_and_closes_once(db: store.Db) -> None:
    round = add_round(db)
    rounds.close_round(db, round.id, NOW, RoundEnd.CLOSED)
    rounds.close_round(db, round.id, NOW + DAY, RoundEnd.CLOSED)
    assert rounds.get_round(db, round.id).closed_at == NOW
    assert rounds.list_rounds(db, open_only=True) == ()


def test_a_newer_revision_becomes_the_base(db: store.Db) -> None:
    round = add_round(db)
    with pytest.raises(UsageError, match="no revision r1"):
        rounds.set_current_revision(db, round.id, "r1")
    drafts.add_revision(db, make_revision(name="r1"))
    rounds.set_current_revision(db, round.id, "r1")
    found = rounds.get_round(db, round.id)
    assert (found.revision, found.current_revision) == ("r0", "r1")


def test_the_call_of_each_addressee_is_kept(db: store.Db) -> None:
    round = add_round(db)
    rounds.set_call(db, round.id, "UNICEF", "<call@gmg.example>")
    assert [each.message_id for each in rounds.get_round(db, round.id).addressees] == [None, "<call@gmg.example>"]
    with pytest.raises(UsageError, match="did not ask WHO"):
        rounds.set_call(db, round.id, "WHO", "<call@gmg.example>")


def test_a_granted_extension_gives_the_addressee_its_own_deadline(db: store.Db) -> None:
    round = add_round(db)
    grant = Decision(agency="ILO", round_id=round.id, kind="grant_extension", at=NOW, by="anna", until=UNTIL)
    state = Decision(
        agency="UNICEF", round_id=round.id, kind="set_state", at=NOW, by="anna", state=ResponseState.DECLINED
    )
    rounds.decide(db, grant)
    rounds.decide(db, state)
    assert [each.extension for each in rounds.get_round(db, round.id).addressees] == [UNTIL, None]
    assert rounds.list_decisions(db, round.id) == (grant, state)
    with pytest.raises(UsageError, match="needs a new deadline"):
        rounds.decide(db, replace(grant, until=None))
    with pytest.raises(UsageError, match="did not ask WHO"):
        rounds.decide(db, replace(grant, agency="WHO"))


# --- People ---


def test_accounts_are_found_by_name_and_can_be_closed(db: store.Db) -> None:
    bert = users.add_user(db, "bert", "hash-b", "staff")
    users.add_user(db, "anna", "hash-a", "admin")
    assert users.get_user(db, "bert") == bert
    assert users.get_user(db, "carl") is None
    assert [each.name for each in users.list_users(db)] == ["anna", "bert"]
    users.set_disabled(db, "bert", True)
    users.set_password(db, "bert", "hash-c")
    assert users.get_user(db, "bert") == replace(bert, disabled=True, password_hash="hash-c")
    with pytest.raises(UsageError, match="user bert already"):
        users.add_user(db, "bert", "hash", "staff")
    with pytest.raises(UsageError, match="no user carl"):
        users.set_disabled(db, "carl", True)
