"""Laws of the archive: what one installation knew, another one knows after it; nothing leaves it by itself."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.core.model import Mandate, Milestone, PlannedDraft
from pipeline.errors import UsageError
from pipeline.extend import decide_extension
from pipeline.overview import read_board
from pipeline.redline.model import Disposition
from pipeline.transfer import export_all, import_all, list_states
from pipeline.understand import Desk
from tests.dump import dump_all
from tests.pipeline import desk as small
from tests.pipeline.desk import HOUR, NOW, OPENED, answer, edit, with_file


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The small round with an answer that was replaced by a later one, a stranger, decisions and a year ahead."""
    (tmp_path / "from").mkdir()
    with small.open_desk(tmp_path / "from") as desk:
        _fill(desk)
        yield desk


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[store.Database]:
    """The installation that takes over."""
    (tmp_path / "to").mkdir()
    database = store.open_database(f"sqlite:///{tmp_path}/to/penholder.db")
    yield database
    database.dispose()


def _fill(desk: Desk) -> None:
    first = with_file(desk, "ILO", edit("shared with herds", "shared with camels", 2))
    second = with_file(
        desk, "ILO", edit("once a year", "every quarter", 6), text="This replaces our earlier comments.", name="v2.docx"
    )
    small.take(desk, first)
    small.take(desk, second, at=OPENED + 2 * HOUR)
    stranger = answer(desk, sender="Somebody <x@elsewhere.example>", in_reply_to="", subject="wells", text="wells")
    small.take(desk, stranger.replace(b"wells", b"wells \xe9\x00"), at=OPENED + 3 * HOUR)
    decide_extension(desk.database, 1, "WHO", small.DEADLINE, by="chair", now=NOW, secret=desk.secret)
    with desk.database.begin() as db:
        (changed,) = [each for each in store.proposals.list_proposals(db) if each.message_id == 2]
        store.proposals.dispose(
            db,
            changed.id,
            Disposition.ACCEPTED,
            remark="agreed",
            amended="",
            by="chair",
            at=NOW,
            version=changed.version,
        )
        store.users.add_user(db, "chair", "a hash", "officer", member="UNICEF")
        sea = PlannedDraft(code="SEA", title="The Sea", milestones=(Milestone(day=NOW.date(), title="launch"),))
        store.year.save_planned(db, sea)
        mandate = Mandate(number="1", decided_on=NOW.date(), by="Principals", text="Go on.", owner="ILO")
        store.year.save_mandate(db, mandate)
        store.messages.note_poll(db, NOW)


def _read_board(database: store.Database) -> list[tuple[object, ...]]:
    return list(list_states(read_board(database, NOW)))


def _dump(database: store.Database) -> dict[str, list[dict[str, Any]]]:
    with database.read() as db:
        return dump_all(db)


def _read_parts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- The same again ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["archive.zip", "archive"])
def test_s36_an_archive_gives_the_same_board_in_an_empty_installation(
    desk: Desk, empty: store.Database, tmp_path: Path, name: str
) -> None:
    made = export_all(desk.database, tmp_path / name, NOW)
    assert import_all(empty, tmp_path / name, NOW) == made
    assert _read_board(empty) == _read_board(desk.database)
    assert {row[6] for row in _read_board(empty)} == {"lead", "contributed", "extension_granted"}


def test_nothing_but_accounts_and_the_stop_differs(desk: Desk, empty: store.Database, tmp_path: Path) -> None:
    export_all(desk.database, tmp_path / "archive", NOW)
    import_all(empty, tmp_path / "archive", NOW)
    staying: dict[str, Any] = {"account": [], "sending_stop": []}
    assert _dump(empty) | staying == _dump(desk.database) | staying
    assert _dump(empty)["account"] == []
    assert _dump(empty)["message"][0]["superseded_by"] == 2


def test_exporting_again_gives_the_same_parts(desk: Desk, empty: store.Database, tmp_path: Path) -> None:
    for name in ("one", "one.zip"):
        export_all(desk.database, tmp_path / name, NOW)
    import_all(empty, tmp_path / "one.zip", NOW)
    for name in ("two", "two.zip"):
        export_all(empty, tmp_path / name, NOW)
    assert _read_parts(tmp_path / "one") == _read_parts(tmp_path / "two")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_every_message_and_text_is_a_file_of_its_own_as_it_came(desk: Desk, tmp_path: Path) -> None:
    export_all(desk.database, tmp_path / "archive", NOW)
    parts = _read_parts(tmp_path / "archive")
    with desk.database.read() as db:
        raws = {f"mail/{each['sha256']}.eml" for each in dump_all(db)["message"]}
        assert {name for name in parts if name.startswith("mail/")} == raws
    (text,) = [content for name, content in parts.items() if name.startswith("texts/WAT_r0_")]
    assert text == small.base_docx()
    assert parts["board.csv"].decode().splitlines()[0].startswith("round,draft,revision")
    assert "1,WAT,r0,inputs,2012-10-31T18:00:00+01:00,ILO,contributed" in parts["board.csv"].decode()


def test_a_key_of_a_proposal_is_not_given_again(desk: Desk, empty: store.Database, tmp_path: Path) -> None:
    with desk.database.begin() as db:
        db.exec_driver_sql("UPDATE sqlite_sequence SET seq = 99 WHERE name = 'proposal'")
    export_all(desk.database, tmp_path / "archive", NOW)
    import_all(empty, tmp_path / "archive", NOW)
    late = with_file(desk, "WHO", edit("map every", "map each", 3, author="WHO Water"))
    small.take(small.make_desk(empty), late, at=OPENED + 4 * HOUR)
    with empty.read() as db:
        assert max(each.id for each in store.proposals.list_proposals(db)) == 100


def test_an_installation_without_anything_can_be_exported(empty: store.Database, tmp_path: Path) -> None:
    assert export_all(empty, tmp_path / "archive.zip", NOW).files == 0
    assert import_all(empty, tmp_path / "archive.zip", NOW, dry_run=True).rows["message"] == 0


# --- Sending ----------------------------------------------------------------------------------------------------


def test_no_mail_leaves_after_an_import_until_a_person_lets_it(
    desk: Desk, empty: store.Database, tmp_path: Path
) -> None:
    export_all(desk.database, tmp_path / "archive", NOW)
    import_all(empty, tmp_path / "archive", NOW)
    with empty.begin() as db:
        assert store.outbox.list_due(db, NOW) == ()
        with pytest.raises(UsageError, match="penholder sending on"):
            store.outbox.claim(db, 1)
        assert store.sending.allow(db, "chair", NOW)
        assert not store.sending.allow(db, "chair", NOW)
        assert len(store.outbox.list_due(db, NOW)) > 3
        assert store.audit.list_entries(db)[0].what == "let mail leave again"


# --- What is refused --------------------------------------------------------------------------------------------


def _change_mail(folder: Path) -> None:
    next((folder / "mail").iterdir()).write_bytes(b"From: x\r\n\r\n")


def _lose_mail(folder: Path) -> None:
    next((folder / "mail").iterdir()).unlink()


def _change_rows(folder: Path) -> None:
    (folder / "tables" / "roster.jsonl").write_text("{}\n")


def _change_manifest(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def _make_newer(folder: Path) -> None:
    _change_manifest(folder, schema="9999")


def _add_table(folder: Path) -> None:
    rows = json.loads((folder / "manifest.json").read_text())["rows"]
    parts = json.loads((folder / "manifest.json").read_text())["parts"]
    (folder / "tables" / "secrets.jsonl").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    _change_manifest(folder, rows=rows | {"secrets": 0}, parts=parts | {"tables/secrets.jsonl": empty})


def _forge_audit(folder: Path) -> None:
    _rewrite(folder, "audit", lambda row: row | {"who": "eve"})


def _add_column(folder: Path) -> None:
    _rewrite(folder, "audit", lambda row: row | {"why": "x"})


def _leave_the_folder(folder: Path) -> None:
    _rewrite(folder, "raw_message", lambda row: row | {"content": "../../outside"})


def _rewrite(folder: Path, table: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Rows of a table, changed by somebody who knows how the manifest is made."""
    path = folder / "tables" / f"{table}.jsonl"
    path.write_text("".join(f"{json.dumps(change(json.loads(line)))}\n" for line in path.read_text().splitlines()))
    parts = json.loads((folder / "manifest.json").read_text())["parts"]
    digest = sha256(path.read_bytes()).hexdigest()
    _change_manifest(folder, parts=parts | {f"tables/{table}.jsonl": digest})


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_change_mail, "was changed: ask for the archive again"),
        (_lose_mail, "is missing in archive"),
        (_change_rows, "roster.jsonl in archive was changed"),
        (_make_newer, "written by a newer Penholder"),
        (_add_table, "a table secrets that this program does not know"),
        (_add_column, "a column audit.why that this program does not know"),
        (_forge_audit, "The audit was changed at entry 1"),
        (_leave_the_folder, "names a part outside of itself"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_damaged_archive_is_refused_and_nothing_of_it_is_kept(
    desk: Desk, empty: store.Database, tmp_path: Path, damage: Callable[[Path], None], words: str
) -> None:
    export_all(desk.database, tmp_path / "archive", NOW)
    damage(tmp_path / "archive")
    before = _dump(empty)
    with pytest.raises(UsageError, match=words):
        import_all(empty, tmp_path / "archive", NOW)
    assert _dump(empty) == before


def test_what_is_no_archive_is_refused(empty: store.Database, tmp_path: Path) -> None:
    (tmp_path / "letter.eml").write_bytes(b"From: x\r\n\r\n")
    with pytest.raises(UsageError, match="neither a folder nor a zip file"):
        import_all(empty, tmp_path / "letter.eml", NOW)
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match=r"manifest\.json is missing"):
        import_all(empty, tmp_path / "folder", NOW)
    (tmp_path / "folder" / "manifest.json").write_text("[]")
    with pytest.raises(UsageError, match="is no archive of Penholder"):
        import_all(empty, tmp_path / "folder", NOW)


def test_only_an_empty_database_takes_an_archive(desk: Desk, tmp_path: Path) -> None:
    export_all(desk.database, tmp_path / "archive", NOW)
    before = _dump(desk.database)
    with pytest.raises(UsageError, match="import into an empty one"):
        import_all(desk.database, tmp_path / "archive", NOW)
    assert _dump(desk.database) == before


def test_a_dry_run_checks_everything_and_keeps_nothing(desk: Desk, empty: store.Database, tmp_path: Path) -> None:
    made = export_all(desk.database, tmp_path / "archive", NOW)
    before = _dump(empty)
    assert import_all(empty, tmp_path / "archive", NOW, dry_run=True) == made
    assert _dump(empty) == before
    _change_mail(tmp_path / "archive")
    with pytest.raises(UsageError, match="was changed"):
        import_all(empty, tmp_path / "archive", NOW, dry_run=True)


def test_an_archive_is_written_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_bytes(b"")
    with pytest.raises(UsageError, match="is there already"):
        export_all(desk.database, tmp_path / "there.zip", NOW)
    with desk.database.begin() as db:
        db.exec_driver_sql("UPDATE message SET flags = 'broken'")
    for name in ("archive", "archive.zip"):
        with pytest.raises(ValueError, match="Expecting value"):
            export_all(desk.database, tmp_path / name, NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["from", "there.zip"]
