"""Stories of a principal, or the front office, that signs off, told on the sample round. See: docs/stories.md."""

from datetime import timedelta

from pipeline.core.model import Place, ResponseState
from pipeline.enter import enter_answer
from tests.stories.stage import Stage


def test_s27_the_office_of_the_head_endorses_the_revision_it_names(stage: Stage) -> None:
    response = stage.response("JST", "ILO", "silence")
    assert (response.state, response.by) == ("endorsed", stage.numbers["M69"])
    made = stage.message("M69").recognition
    assert made is not None
    assert made.identity is not None
    assert made.identity.role == "principal_office"
    assert "endorsed_revision:r1" in stage.flags("M69")


def test_s28_an_endorsement_of_one_text_is_none_of_the_next(stage: Stage) -> None:
    assert {"endorsed_revision:r0", "early_endorsement"} <= set(stage.flags("M39"))
    assert stage.response("JST", "UNITAR", "silence").state == "awaiting"


def test_s29_an_endorsement_with_a_condition_is_none_and_waits_for_a_person(stage: Stage) -> None:
    assert stage.message("M73").attention_open
    assert stage.response("JST", "UNWOMEN", "silence").state != "endorsed"


def test_s30_an_objection_breaks_the_silence_and_is_shown(stage: Stage) -> None:
    board = stage.board("JST", "silence")
    assert [each.agency for each in board.objecting] == ["UNHCR"]
    assert "silence_broken" in stage.flags("M71")
    assert stage.proposals("M71")


def test_s31_silence_counts_from_the_instant_on_and_is_no_endorsement(stage: Stage) -> None:
    number = stage.board("JST", "silence").round.id
    now = stage.message("M71").received_at + timedelta(hours=1)
    withdrawn = {"by": "chair", "now": now, "reason": "the objection was withdrawn"}
    enter_answer(stage.database, number, "UNHCR", ResponseState.ENDORSED, **withdrawn)
    assert stage.board("JST", "silence", at="2012-12-12T11:59:59+01:00").silent == ()
    over = stage.board("JST", "silence", at="2012-12-12T12:00:00+01:00")
    assert "WHO" in over.silent
    assert not {"UNDP", "OHCHR", "UNWOMEN", "UNHCR", "ILO"} & set(over.silent)
    assert stage.response("JST", "WHO", "silence").state == "awaiting"


def test_s31_while_somebody_objects_nobodys_silence_counts(stage: Stage) -> None:
    assert stage.board("JST", "silence", at="2012-12-12T12:00:00+01:00").silent == ()


def test_s32_all_means_all_the_missing_ones_are_named(stage: Stage) -> None:
    board = stage.board("JST", "silence")
    assert {each.agency for each in board.missing} >= {"WHO", "UNDP", "RC"}
    assert len(board.answered) + len(board.missing) == len(board.asked) == 15


def test_s33_an_empty_or_broken_mail_is_no_endorsement_and_the_next_one_is_read(stage: Stage) -> None:
    for name, agency in (("M76", "OHCHR"), ("M77", "UNDP")):
        assert stage.message(name).attention_open
        assert stage.response("JST", agency, "silence").state == "awaiting"
        assert stage.response("JST", agency, "silence").do_not_chase
    assert (stage.message("M76").place, stage.message("M77").place) == (Place.FILED, Place.FAILED)
