"""Laws for answers that are entered on the page of one agency."""

from pipeline.adapters import store
from pipeline.bootstrap import Office
from tests.admin.browser import Browser

PAGE = "/drafts/YTH/agencies/WHO"


def test_an_answer_by_telephone_is_entered_with_how_it_came(officer: Browser, office: Office) -> None:
    entered = officer.post(PAGE, round_id="1", state="no_comment", reason="by telephone")
    assert entered.status_code == 302
    words = officer.words(PAGE)
    assert "answer entered by hand" in words
    assert "by telephone" in words
    with office.database.read() as db:
        (decision,) = store.rounds.list_decisions(db, 1)
    assert (decision.agency, decision.state, decision.by) == ("WHO", "no_comment", "chair")


def test_only_what_fits_the_round_is_offered_and_taken(officer: Browser, office: Office) -> None:
    offered = {option["value"] for option in officer.read(PAGE).select("select[name=state] option")}
    assert "no_comment" in offered
    assert "endorsed" not in offered
    assert officer.post(PAGE, round_id="1", state="endorsed", reason="x").status_code == 409
    assert officer.post(PAGE, round_id="1", state="late", reason="x").status_code == 400
    assert not officer.read("/drafts/YTH/agencies/UNICEF").select("select[name=state]")
    with office.database.read() as db:
        assert store.rounds.list_decisions(db, 1) == ()
