"""Laws for answers that a person enters."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.by_hand import enter_answer, list_states
from pipeline.core.model import Response, ResponseState, RoundPurpose
from pipeline.errors import UsageError
from pipeline.overview import read_board
from tests.pipeline import office
from tests.pipeline.office import HOUR, OPENED

NOW = OPENED + HOUR


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The youth round."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        yield opened


def _enter(database: store.Database, agency: str, state: str, **told: Any) -> None:
    values: dict[str, Any] = {"reason": "by telephone", "by": "chair", "now": NOW}
    enter_answer(database, told.pop("round_id", 1), agency, ResponseState(state), **(values | told))


def _find(database: store.Database, agency: str, hours: int = 2) -> Response:
    (board,) = read_board(database, OPENED + hours * HOUR).rounds
    return next(each for each in board.responses if each.agency == agency)


@pytest.mark.parametrize("state", [state.value for state in list_states(RoundPurpose.INPUTS)])
def test_a_member_stands_where_a_person_says(database: store.Database, state: str) -> None:
    _enter(database, "ILO", state)
    response = _find(database, "ILO")
    assert (response.state, response.since, response.by) == (state, NOW, None)
    with database.read() as db:
        entry = store.audit.list_entries(db, subject="round 1")[0]
    assert (entry.who, entry.what) == ("chair", f"entered {state} for ILO: by telephone")


def test_a_member_with_bodies_is_closed_by_hand(database: store.Database) -> None:
    office.file_message(database, "no_comment", agency="RC", body="ECE", at=OPENED)
    assert _find(database, "RC").state == "partial"
    _enter(database, "RC", "no_comment")
    assert _find(database, "RC").state == "no_comment"


def test_later_mail_goes_on_from_there(database: store.Database) -> None:
    _enter(database, "ILO", "no_comment")
    office.file_message(database, "contribution", at=OPENED + 3 * HOUR)
    assert _find(database, "ILO", 4).state == "contributed"


@pytest.mark.parametrize(
    ("agency", "state", "told", "words"),
    [
        ("OECD", "no_comment", {}, "OECD is no member"),
        ("ECE", "no_comment", {}, "a body has no answer alone"),
        ("UNICEF", "no_comment", {}, "leads YTH"),
        ("ILO", "endorsed", {}, "In a round for inputs an answer cannot be endorsed"),
        ("ILO", "overdue", {}, "cannot be overdue"),
        ("ILO", "no_comment", {"reason": "  "}, "Say in a sentence"),
        ("ILO", "no_comment", {"round_id": 9}, "9"),
    ],
    ids=["stranger", "body", "lead", "wrong round", "not entered", "no reason", "no round"],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    database: store.Database, agency: str, state: str, told: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        _enter(database, agency, state, **told)
    with database.read() as db:
        assert store.rounds.list_decisions(db, None) == ()


def test_a_dry_run_keeps_nothing(database: store.Database) -> None:
    _enter(database, "ILO", "no_comment", dry_run=True)
    assert _find(database, "ILO").state == "awaiting"


def test_a_final_text_may_be_endorsed_and_objected_to() -> None:
    assert {"endorsed", "objected"} <= set(list_states(RoundPurpose.SILENCE))
