"""Reading again: trying it leaves no trace, keeping it keeps what a person decided."""

from dataclasses import replace

from pipeline.adapters import store
from pipeline.core.model import Place
from pipeline.errors import SandboxError
from pipeline.redline.model import Disposition
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


def test_what_a_person_decided_about_a_proposal_stays(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    (proposal,) = small.list_proposals(desk, message_id=1)
    with desk.database.begin() as db:
        store.proposals.dispose(
            db, proposal.id, Disposition.ACCEPTED, remark="", amended="", by="ada", at=NOW, version=proposal.version
        )
    (each,) = replay(desk, (1,), NOW + HOUR)
    (kept,) = small.list_proposals(desk, message_id=1)
    assert (each.changed, kept.proposal.disposition, kept.decided_by) == (False, Disposition.ACCEPTED, "ada")


def test_other_wording_of_as_many_proposals_is_a_change(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS))
    (each,) = rehearse(desk, (1,), NOW)
    assert not each.changed
    with desk.database.begin() as db:
        (known,) = store.proposals.list_proposals(db, message_id=1)
        other = replace(known.proposal.change, new="other animals")
        store.proposals.replace_proposals(
            db, message_id=1, round_id=1, draft="WAT", revision="r0", agency="ILO", body=None, changes=(other,)
        )
    (each,) = rehearse(desk, (1,), NOW)
    assert (each.changed, each.before.proposals, each.after.proposals) == (True, 1, 1)


def test_keeping_twice_is_keeping_once(desk: Desk) -> None:
    take(desk, with_file(desk, "ILO", ANIMALS), answer(desk, "WHO"))
    tuple(replay(desk, list_replayable(desk), NOW))
    once = dump(desk)
    assert not any(each.changed for each in replay(desk, list_replayable(desk), NOW + HOUR))
    assert dump(desk) == once


def test_trying_goes_on_after_an_error_nobody_foresaw(desk: Desk) -> None:
    take(desk, answer(desk, "WHO"), answer(desk, "ILO"))
    broken = with_reader(desk, Reader(errors={"read_message": [ZeroDivisionError("x"), ZeroDivisionError("x"), None]}))
    tried = tuple(rehearse(broken, list_replayable(desk), NOW))
    assert [each.after.place for each in tried] == [Place.FAILED, Place.FILED]
