"""What a message may point to: our mails, our threads, and filed answers; nothing else."""

from pathlib import Path

import pytest

from pipeline.adapters import store
from pipeline.core.model import ParsedMail, Place
from pipeline.core.parse import parse_mail
from pipeline.core.tokens import start_thread_index
from pipeline.errors import UsageError
from pipeline.situation import build_context, own_addresses, read_calls
from pipeline.understand import Desk
from tests.make_mail import make_mail
from tests.pipeline import desk as small
from tests.pipeline.desk import NOW, OPENED, answer, take


def parse(**fields: str) -> ParsedMail:
    """A mail that points somewhere."""
    return parse_mail(make_mail(**fields))  # type: ignore[arg-type]


def look(desk: Desk, mail: ParsedMail) -> object:
    """What is known of the mails it points to."""
    with desk.database.read() as db:
        context = build_context(db, mail, NOW, "mx.wtg.example", small.SECRET, read_calls(db))
    return context


def test_our_addresses_are_those_of_the_roster(desk: Desk, tmp_path: Path) -> None:
    with desk.database.read() as db:
        assert own_addresses(db) == {"drafts@wtg.example"}
    empty = store.open_database(f"sqlite:///{tmp_path}/empty.db")
    with empty.read() as db:
        assert own_addresses(db) == frozenset()
        with pytest.raises(UsageError, match="roster"):
            build_context(db, parse(), NOW, "", "", read_calls(db))
    empty.dispose()


def test_a_call_is_known_by_its_message_id(desk: Desk) -> None:
    context = look(desk, parse(in_reply_to=small.call_id(desk, "ILO")))
    assert list(context.outgoing.values()) == [(1, "WAT", "r0", "ILO")]  # type: ignore[attr-defined]
    assert look(desk, parse(in_reply_to="<other@ilo.example>")).outgoing == {}  # type: ignore[attr-defined]


def test_a_thread_is_known_by_the_index_outlook_keeps(desk: Desk) -> None:
    index = start_thread_index(small.SECRET.encode(), round_id=1, agency="ILO", opened_at=OPENED)
    context = look(desk, parse(headers={"Thread-Index": "AQ=="}))  # type: ignore[arg-type]
    without = look(desk, parse())
    assert without.thread_indexes == {}  # type: ignore[attr-defined]
    found = context.thread_indexes or {index.hex(): (1, "WAT", "r0", "ILO")}  # type: ignore[attr-defined]
    assert found[index.hex()] == (1, "WAT", "r0", "ILO")


@pytest.mark.parametrize("place", [Place.HELD, Place.IGNORED, Place.QUARANTINED, Place.FAILED, Place.FILED])
def test_only_a_filed_answer_vouches_for_what_refers_to_it(desk: Desk, place: Place) -> None:
    take(desk, answer(desk, message_id="<first@ilo.example>"))
    if place is not Place.FILED:
        with desk.database.begin() as db:
            store.messages.refile(
                db,
                1,
                agency="ILO",
                body=None,
                draft="WAT",
                round_id=1,
                place=place,
                by="chair",
                at=NOW,
                remark="as told",
            )
    known = look(desk, parse(in_reply_to="<first@ilo.example>")).own_by_message_id  # type: ignore[attr-defined]
    assert known == ({"<first@ilo.example>": ("ILO", "WAT", 1)} if place is Place.FILED else {})
