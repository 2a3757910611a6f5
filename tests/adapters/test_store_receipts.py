"""Which mail tells of which message, and where no receipts go out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.adapters import store
from pipeline.adapters.store import outbox, receipts
from pipeline.config import HOME
from pipeline.core.model import MailState, Occasion
from tests.adapters.store_records import NOW, add_message, add_round, make_outgoing, open_store, write_store


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    yield from write_store(tmp_path)


def test_a_receipt_names_its_messages_and_is_found_by_its_message_id(db: store.Db) -> None:
    first, second = add_message(db), add_message(db, "One more thing.", uid=2)
    mail = make_outgoing(key="acknowledgement:1", occasion=Occasion.ACKNOWLEDGEMENT)
    outbox.queue(db, mail, NOW)
    for message in (second, first):
        receipts.note_receipt(db, message, 1)
    assert [receipts.find_receipt(db, message) for message in (first, second, 99)] == [1, 1, None]
    assert receipts.list_answered(db, 1) == (first, second)
    assert receipts.find_answered(db, [mail.message_id, "<other@gmg.example>"]) == {mail.message_id: (first, second)}
    assert receipts.find_answered(db, []) == {}


@pytest.mark.parametrize(
    ("off", "silent"),
    [
        ([], set()),
        ([("YTH", "")], {("YTH", "ILO"), ("YTH", "WHO")}),
        ([("", "ILO")], {("YTH", "ILO"), ("HLD", "ILO")}),
        ([("YTH", "ILO")], {("YTH", "ILO")}),
        ([("", "")], {("YTH", "ILO"), ("YTH", "WHO"), ("HLD", "ILO"), ("HLD", "WHO")}),
        ([("HLD", ""), ("YTH", "WHO")], {("YTH", "WHO"), ("HLD", "ILO"), ("HLD", "WHO")}),
    ],
)
def test_a_switch_silences_a_draft_an_agency_or_both(
    db: store.Db, off: list[tuple[str, str]], silent: set[tuple[str, str]]
) -> None:
    for draft, agency in off:
        assert receipts.switch(db, draft, agency, on=False, by="anna", at=NOW)
        assert not receipts.switch(db, draft, agency, on=False, by="anna", at=NOW)
    pairs = [(draft, agency) for draft in ("YTH", "HLD") for agency in ("ILO", "WHO")]
    assert {(draft, agency) for draft, agency in pairs if receipts.is_off(db, draft, [agency])} == silent
    assert set(receipts.list_off(db)) == set(off)
    for draft, agency in off:
        assert receipts.switch(db, draft, agency, on=True, by="anna", at=NOW)
    assert not any(receipts.is_off(db, draft, [agency]) for draft, agency in pairs)
    assert len(store.audit.list_entries(db)) == 2 * len(off)


def test_a_body_is_silenced_with_its_member(db: store.Db) -> None:
    receipts.switch(db, "", "RC", on=False, by="anna", at=NOW)
    assert receipts.is_off(db, "YTH", ["ECE", "RC"])


@pytest.mark.parametrize("state", MailState)
def test_only_a_mail_that_has_not_left_is_written_anew(db: store.Db, state: MailState) -> None:
    outbox.queue(db, make_outgoing(), NOW)
    db.execute(text("UPDATE outgoing SET state = :state"), {"state": state.value})
    changed = make_outgoing(subject="Both", text="Two", raw=b"Two", cc=(), message_id="<both@gmg.example>")
    assert outbox.rewrite(db, 1, changed) is (state in (MailState.QUEUED, MailState.HELD))
    assert not outbox.rewrite(db, 1, make_outgoing(key="another", subject="Never"))
    found = outbox.get_outgoing(db, 1)
    assert found.mail == (changed if state in (MailState.QUEUED, MailState.HELD) else make_outgoing())
    assert found.state is state


def test_the_latest_mail_is_of_that_kind_address_agency_and_round(db: store.Db) -> None:
    round = add_round(db)
    told = {"occasion": Occasion.ACKNOWLEDGEMENT, "agency": "ILO", "round_id": round.id}
    for key, changes in (
        ("old", {}),
        ("new", {}),
        ("cancelled", {}),
        ("elsewhere", {"to": "fp@unicef.example"}),
        ("member", {"agency": "UNICEF"}),
        ("reminder", {"occasion": Occasion.REMINDER}),
        ("round", {"round_id": None}),
    ):
        outbox.queue(db, make_outgoing(**{"key": key, **told, **changes}), NOW)  # type: ignore[arg-type]
    outbox.cancel(db, 3, "anna", NOW)
    found = outbox.find_latest(db, Occasion.ACKNOWLEDGEMENT, "FP@ilo.example", "ILO", round.id)
    assert found is not None
    assert found.mail.key == "new"
    assert outbox.find_latest(db, Occasion.ACKNOWLEDGEMENT, "nobody@ilo.example", "ILO", round.id) is None


def test_receipts_of_an_older_program_are_known_after_the_upgrade(tmp_path: Path) -> None:
    with open_store(tmp_path) as database:
        with database.begin() as db:
            message = add_message(db)
            for to in ("fp@ilo.example", "other@ilo.example"):
                key = f"acknowledgement:{message}"
                outbox.queue(db, make_outgoing(key=key, to=to, occasion=Occasion.ACKNOWLEDGEMENT), NOW)
            outbox.queue(db, make_outgoing(key="acknowledgement:77", occasion=Occasion.ACKNOWLEDGEMENT), NOW)
            for table in ("receipt", "receipt_off"):
                db.execute(text(f"DROP TABLE {table}"))
            versions = sorted(path.name[:4] for path in (HOME / "pipeline/migrations/versions").glob("[0-9]*.py"))
            before = versions[versions.index("0004") - 1]
            db.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})
        database.migrate()
        with database.read() as db:
            assert receipts.find_receipt(db, message) == 1
            assert receipts.list_answered(db, 1) == (message,)
