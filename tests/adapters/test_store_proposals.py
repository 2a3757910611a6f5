from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters import store
from pipeline.adapters.store import messages, proposals
from pipeline.core.model import Place
from pipeline.errors import UsageError
from pipeline.redline.model import Change, Disposition
from tests.adapters.store_records import (
    DAY,
    NOW,
    add_message,
    add_round,
    make_change,
    make_recognition,
    make_revision,
    open_store,
    write_store,
)
from tests.dump import dump_all

A, B, C = (make_change(start) for start in range(3))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    for db in write_store(tmp_path):
        fill(db)
        yield db


def fill(db: store.Db) -> None:
    """Round 1 with two contributions of ILO, messages 1 and 2."""
    round = add_round(db)
    for n in (1, 2):
        id = add_message(db, f"version {n}", uid=n)
        messages.save_recognition(db, id, make_recognition(round_id=round.id))


def put(db: store.Db, changes: Sequence[Change], *, message_id: int = 1, **changed: Any) -> tuple[int, ...]:
    source: dict[str, Any] = {"round_id": 1, "draft": "YTH", "revision": "r0", "agency": "ILO", "body": None}
    return proposals.replace_proposals(db, message_id=message_id, changes=changes, **(source | changed))


def decide(db: store.Db, id: int, disposition: Disposition = Disposition.ACCEPTED, version: int = 0) -> None:
    proposals.dispose(db, id, disposition, remark="agreed", amended="", by="anna", at=NOW, version=version)


def show(db: store.Db, **conditions: Any) -> list[tuple[int, str]]:
    """Start of the change and disposition of each proposal in the order of filing."""
    found = proposals.list_proposals(db, **conditions)
    return [(each.proposal.change.start, each.proposal.disposition.value) for each in found]


def test_proposals_come_back_as_they_went_in(db: store.Db) -> None:
    change = make_change(new="Straße \udce9 \0")
    ids = put(db, [A, change])
    found = proposals.list_proposals(db, draft="YTH", revision="r0")
    assert [each.id for each in found] == list(ids)
    assert [each.proposal.change for each in found] == [A, change]
    assert [each.proposal.key for each in found] == [f"{id:06d}" for id in ids]
    assert {each.proposal.owner for each in found} == {"ILO"}


def test_the_body_that_wrote_owns_its_proposals(db: store.Db) -> None:
    id = put(db, [A], agency="RC", body="ECA")[0]
    found = proposals.get_proposal(db, id)
    assert (found.agency, found.body, found.proposal.owner) == ("RC", "ECA", "ECA")


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, [0, 1, 2]),
        ({"draft": "YTH"}, [0, 1, 2]),
        ({"draft": "JST"}, []),
        ({"revision": "r1"}, []),
        ({"round_id": 1}, [0, 1, 2]),
        ({"message_id": 2}, [2]),
        ({"include_superseded": False}, [2]),
    ],
)
def test_lists_meet_every_condition_in_the_order_of_filing(
    db: store.Db, conditions: dict[str, Any], expected: list[int]
) -> None:
    put(db, [A, B])
    put(db, [C], message_id=2)
    messages.supersede_message(db, 1, 2)
    assert [start for start, _ in show(db, **conditions)] == expected


def test_a_decision_keeps_who_when_and_why(db: store.Db) -> None:
    id = put(db, [A])[0]
    proposals.dispose(
        db, id, Disposition.AMENDED, remark="shorter", amended="young migrants", by="anna", at=NOW, version=0
    )
    found = proposals.get_proposal(db, id)
    assert (found.decided_by, found.decided_at, found.remark, found.version) == ("anna", NOW, "shorter", 1)
    assert (found.proposal.disposition, found.proposal.amended) == (Disposition.AMENDED, "young migrants")


def test_a_decision_on_a_stale_page_is_refused(db: store.Db) -> None:
    id = put(db, [A])[0]
    decide(db, id)
    with pytest.raises(UsageError, match=r"decided by anna in the meantime \(accepted\)"):
        decide(db, id, Disposition.REJECTED)
    assert proposals.get_proposal(db, id).proposal.disposition is Disposition.ACCEPTED
    with pytest.raises(UsageError, match="no proposal 99"):
        decide(db, 99)


def test_the_history_tells_every_decision(db: store.Db) -> None:
    id = put(db, [A])[0]
    decide(db, id)
    decide(db, id, Disposition.OPEN, version=1)
    assert proposals.history(db, id) == (
        (NOW, "anna", Disposition.ACCEPTED, "agreed"),
        (NOW, "anna", Disposition.OPEN, "agreed"),
    )


def test_superseding_a_message_supersedes_only_its_open_proposals(db: store.Db) -> None:
    ids = put(db, [A, B])
    put(db, [C], message_id=2)
    decide(db, ids[0])
    messages.supersede_message(db, 1, 2)
    assert show(db) == [(0, "accepted"), (1, "superseded"), (2, "open")]
    assert proposals.history(db, ids[1])[0][1:] == ("penholder", Disposition.SUPERSEDED, "replaced by message 2")


def test_a_revived_message_opens_what_went_with_it_but_not_what_a_person_closed(db: store.Db) -> None:
    ids = put(db, [A, B])
    decide(db, ids[0], Disposition.SUPERSEDED)
    messages.supersede_message(db, 1, 2)
    messages.revive_message(db, 1, "anna", NOW, "")
    assert show(db) == [(0, "superseded"), (1, "open")]


def test_proposals_of_a_replaced_message_are_superseded_from_the_start(db: store.Db) -> None:
    messages.supersede_message(db, 1, 2)
    put(db, [A])
    assert show(db) == [(0, "superseded")]
    messages.revive_message(db, 1, "anna", NOW, "")
    assert show(db) == [(0, "open")]


# --- Reading a message again ---


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ([A, B, C], [(0, "accepted"), (1, "open"), (2, "open")]),
        ([C, A], [(0, "accepted"), (2, "open")]),
        ([B, C], [(0, "accepted"), (1, "open"), (2, "open")]),
        ([], [(0, "accepted")]),
        ([A, A], [(0, "accepted"), (0, "open")]),
    ],
)
def test_reading_again_replaces_open_proposals_and_keeps_decided_ones(
    db: store.Db, again: list[Change], expected: list[tuple[int, str]]
) -> None:
    decide(db, put(db, [A, B, C])[0])
    put(db, again)
    assert show(db) == expected


def test_reading_a_second_file_on_another_revision_leaves_the_first_alone(db: store.Db) -> None:
    store.drafts.add_revision(db, make_revision(name="r1"))
    for _ in range(2):
        put(db, [A, B])
        put(db, [A, C], revision="r1")
        assert show(db) == [(0, "open"), (1, "open"), (0, "open"), (2, "open")]
    decide(db, proposals.list_proposals(db)[0].id)
    proposals.keep_revisions(db, 1, {("YTH", "r1")})
    assert show(db) == [(0, "accepted"), (0, "open"), (2, "open")]
    proposals.keep_revisions(db, 1, ())
    assert show(db) == [(0, "accepted")]


def test_a_message_known_to_be_of_another_agency_takes_decided_proposals_along(db: store.Db) -> None:
    ids = put(db, [A, B])
    decide(db, ids[0])
    assert put(db, [A, B], agency="RC", body="ECA") == ids
    assert [each.proposal.owner for each in proposals.list_proposals(db)] == ["ECA", "ECA"]
    assert show(db) == [(0, "accepted"), (1, "open")]


def test_a_replaced_proposal_never_hands_its_key_on(db: store.Db) -> None:
    before = put(db, [A, B])
    put(db, [])
    assert not set(before) & set(put(db, [A, B]))


def test_tracking_sees_how_much_of_a_message_could_be_read(db: store.Db) -> None:
    decide(db, put(db, [A, B])[0])
    decide(db, put(db, [A, B])[1])
    decide(db, put(db, [A, B])[1], Disposition.OPEN, version=1)
    assert [each.proposals for each in messages.list_filings(db, 1)] == [2, 0]
    put(db, [A])
    assert [each.proposals for each in messages.list_filings(db, 1)] == [1, 0]


def test_a_proposal_somebody_touched_is_never_deleted(db: store.Db) -> None:
    id = put(db, [A])[0]
    decide(db, id)
    decide(db, id, Disposition.OPEN, version=1)
    put(db, [])
    assert show(db) == [(0, "superseded")]
    messages.refile(
        db, 1, agency="ILO", body=None, draft="YTH", round_id=1, place=Place.FILED, by="anna", at=NOW, remark=""
    )
    assert show(db) == [(0, "superseded")]
    assert put(db, [A]) == (id,)
    assert show(db) == [(0, "open")]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from([A, B, C]), max_size=5), min_size=1, max_size=4))
def test_reading_the_same_twice_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, readings: list[list[Change]]
) -> None:
    with open_store(tmp_path_factory.mktemp("store")) as database, database.begin() as db:
        fill(db)
        for changes in readings:
            ids = put(db, changes)
            before = dump_all(db)
            assert put(db, changes) == ids
            assert dump_all(db) == before
            assert [proposals.get_proposal(db, id).proposal.change for id in ids] == changes


# --- Putting a message elsewhere ---


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"agency": "UNICEF"}, [("UNICEF", "accepted"), ("UNICEF", "open")]),
        ({"agency": "UNICEF", "draft": "JST"}, [("ILO", "accepted"), ("ILO", "superseded")]),
        ({"place": Place.IGNORED}, [("ILO", "accepted"), ("ILO", "superseded")]),
        ({"agency": None}, [("ILO", "accepted"), ("ILO", "superseded")]),
    ],
)
def test_proposals_go_with_their_message(db: store.Db, target: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    decide(db, put(db, [A, B])[0])
    here: dict[str, Any] = {"agency": "ILO", "body": None, "draft": "YTH", "round_id": 1, "place": Place.FILED}
    messages.refile(db, 1, **(here | target), by="anna", at=NOW + DAY, remark="")
    found = proposals.list_proposals(db)
    assert [(each.agency, each.proposal.disposition.value) for each in found] == expected
    messages.refile(db, 1, **here, by="anna", at=NOW + DAY, remark="")
    found = proposals.list_proposals(db)
    assert [(each.agency, each.proposal.disposition.value) for each in found] == [("ILO", "accepted"), ("ILO", "open")]


def test_counts_name_every_disposition(db: store.Db) -> None:
    store.drafts.add_revision(db, make_revision(name="r1"))
    decide(db, put(db, [A, B])[0])
    put(db, [C], message_id=2, revision="r1")
    counts = proposals.counts(db, "YTH", "r0")
    assert (counts[Disposition.ACCEPTED], counts[Disposition.OPEN], counts[Disposition.NOTED]) == (1, 1, 0)
    assert sum(proposals.counts(db).values()) == 3
    assert proposals.count_by_revision(db) == {
        ("YTH", "r0"): {Disposition.ACCEPTED: 1, Disposition.OPEN: 1},
        ("YTH", "r1"): {Disposition.OPEN: 1},
    }
