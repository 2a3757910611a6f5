"""Stories of an agency's focal point, who answers by ordinary mail, told on the sample round. See: docs/stories.md."""

from datetime import datetime, timedelta

import pytest

from pipeline.core.model import Deadline
from pipeline.extend import decide_extension
from pipeline.redline.model import ChangeKind, Disposition, Origin
from tests.pipeline.desk import SECRET
from tests.stories.stage import Stage


def _count(stage: Stage, name: str) -> tuple[int, int]:
    """How many changes and comments one message proposes."""
    kinds = [each.proposal.change.kind for each in stage.proposals(name)]
    comments = kinds.count(ChangeKind.COMMENT)
    return len(kinds) - comments, comments


def test_s01_a_reply_with_tracked_changes_is_filed_counted_and_acknowledged_once(stage: Stage) -> None:
    response = stage.response("YTH", "UNWOMEN")
    assert (response.state, response.by) == ("contributed", stage.numbers["M08"])
    assert _count(stage, "M08") == (3, 1)
    assert stage.paragraphs("M08") == ["3", "5", "11", "14"]
    (receipt,) = stage.receipts("M08")
    assert "3 changes" in receipt.mail.text
    assert "1 comment" in receipt.mail.text


def test_s02_changes_typed_in_the_mail_are_read_and_the_quoted_call_is_not(stage: Stage) -> None:
    assert {each.proposal.change.origin for each in stage.proposals("M09")} == {Origin.TYPED}
    assert stage.paragraphs("M09") == ["4", "7"]
    assert len(stage.proposals("M09")) == 2


def test_s03_who_changes_their_mind_replaces_what_they_said(stage: Stage) -> None:
    assert stage.message("M09").superseded_by == stage.numbers["M11"]
    assert {each.proposal.disposition for each in stage.proposals("M09")} == {Disposition.SUPERSEDED}
    assert [each.proposal.disposition for each in stage.proposals("M11")] == [Disposition.OPEN] * 2


def test_s04_no_comments_is_no_comments_and_edits_outweigh_the_words(stage: Stage) -> None:
    assert {stage.response("YTH", code).state for code in ("OHCHR", "UNITAR")} == {"no_comment"}
    assert stage.proposals("M13") == stage.proposals("M15") == ()
    assert stage.response("JST", "WHO").state == "contributed"
    assert "mixed_signal" in stage.flags("M37")


def test_s05_more_time_is_asked_for_granted_to_one_and_told_by_mail(stage: Stage) -> None:
    asked = "2012-10-24T09:00:00+02:00"
    assert stage.response("YTH", "WB", at=asked).do_not_chase.startswith("extension pending")
    response = stage.response("YTH", "WB")
    assert (response.state, response.deadline.local.isoformat()) == ("extension_granted", "2012-11-07T18:00:00+01:00")
    assert stage.response("YTH", "ILO").deadline == stage.board("YTH").round.deadline
    (mail,) = stage.mails("extension", "WB")
    assert "7 November 2012, 18:00 Vienna" in mail.mail.text


def test_s05_refused_the_old_deadline_and_its_reminders_apply_again(stage: Stage) -> None:
    now = datetime.fromisoformat("2012-12-01T09:00+01:00")
    decide_extension(stage.database, stage.board("JST").round.id, "RC", None, by="chair", now=now, secret=SECRET)
    response = stage.response("JST", "RC", at=(now + timedelta(minutes=1)).isoformat())
    assert (response.overdue, response.deadline) == (True, stage.board("JST").round.deadline)


def test_s06_an_answer_in_the_wrong_thread_is_shown_with_both_drafts(stage: Stage) -> None:
    message = stage.message("M36")
    assert message.attention_open
    assert "thread_content_mismatch" in stage.flags("M36")
    assert message.recognition is not None
    assert message.recognition.identity is not None
    assert {"YTH", "JST"} <= {clue.points_to for clue in message.recognition.identity.clues}
    assert stage.response("YTH", "UNESCO").by == stage.numbers["M12"]


@pytest.mark.parametrize(
    ("name", "code", "agency"),
    [("M18", "YTH", "UNCTAD"), ("M27", "YTH", "WB"), ("M41", "JST", "WB"), ("M58", "HLD", "WHO")],
)
def test_s07_a_file_we_cannot_read_is_neither_an_answer_nor_silence(
    stage: Stage, name: str, code: str, agency: str
) -> None:
    message = stage.message(name)
    assert message.attention_open
    at = (message.received_at + timedelta(seconds=1)).isoformat()
    for response in (stage.response(code, agency, at=at), stage.response(code, agency)):
        assert response.state not in {"no_comment", "contributed"}
        assert not response.overdue
        assert response.do_not_chase


def test_s08_on_time_is_told_by_the_instant_in_whatever_zone(stage: Stage) -> None:
    assert not stage.response("YTH", "UNFPA").late
    assert not stage.response("HLD", "WB").late
    late = stage.response("YTH", "IOM")
    assert (late.late, late.state) == (True, "contributed")
    deadline = stage.board("YTH").round.deadline
    assert stage.message("M25").received_at - deadline.at == timedelta(minutes=70)
    assert deadline == Deadline(at=datetime.fromisoformat("2012-10-31T18:00+01:00"), zone="Europe/Vienna")
