"""Reading again: trying it leaves no trace, keeping it keeps what a person decided."""

from pipeline.adapters import store
from pipeline.core.model import Place
from pipeline.errors import SandboxError
from pipeline.replay import list_replayable, rehearse, replay
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import HOUR, NOW, Reader, answer, dump, edit, take, with_file, with_reader

ANIMALS = edit("shared with herds", "shared with working animals", 2)


def test_trying_leaves_no_trace(desk: Desk) -> None:
    receipts = take(desk, with_file(desk, "ILO", ANIMALS), answer(desk, "WHO"), b"\xff no mail")
    before = dump(desk)
    broken = with_reader(desk, Reader(errors={"read_message": [SandboxError("It died.")]}))
    tried = tuple(rehearse(broken, list_replayable(desk), NOW + HOUR))
    assert [each.after.place for each in tried] == [Place.FAILED] * len(receipts)
    assert all(each.reason == "It died." for each in tried)
    assert dump(desk) == before


def test_trying_foresees_what_keeping_does(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS), answer(desk, "WHO"))
    first = small.get_message(desk, 1).recognition
    assert first is not None
    with desk.database.begin() as db:
        store.messages.save_recognition(db, 1, small.misread(first))
        store.proposals.supersede_open(db, 1, 1, NOW, "for the test")
    tried = tuple(rehearse(desk, list_replayable(desk), NOW))
    kept = tuple(replay(desk, list_replayable(desk), NOW))
    assert tried == kept
    assert [each.message_id for each in tried if each.changed] == [1]


def test_what_a_person_decided_stays(desk: Desk) -> None:
    take(desk, answer(desk, "WHO"))
    with desk.database.begin() as db:
        store.messages.refile(
            db, 1, agency="ILO", body=None, draft="WAT", round_id=1, place=Place.FILED, by="ada", at=NOW, remark="x"
        )
    (each,) = replay(desk, (1,), NOW + HOUR)
    assert (each.changed, each.after.agency) == (False, "ILO")
