"""Stories of the agency that leads a draft, told on the sample round. See: docs/stories.md."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest

from pipeline.circulate import open_round
from pipeline.consolidate import DOCUMENTS, read_consolidation
from pipeline.core.model import Deadline, RoundPurpose
from pipeline.parcel import write_parcel
from pipeline.redline.model import ChangeKind, Origin, Relation
from pipeline.redline.stamp import find_stamp
from tests.pipeline.desk import SECRET
from tests.stories.stage import Stage


def test_s20_a_call_goes_to_every_member_and_body_each_with_its_own_message_id(stage: Stage) -> None:
    calls = [each.mail for each in stage.mails("call_for_inputs") if each.mail.round_id == 1]
    asked = {mail.agency for mail in calls}
    assert len(asked) == len({mail.message_id for mail in calls}) == 20
    board = stage.board("YTH")
    assert len(board.asked) == 15
    assert [each.agency for each in board.responses if each.state == "lead"] == ["UNICEF"]


def test_s21_a_new_base_keeps_every_earlier_proposal_and_marks_the_older_base(stage: Stage) -> None:
    assert stage.board("HLD").round.current_revision == "r1"
    assert stage.board("HLD").round.revision == "r0"
    for name in ("M50", "M51", "M52", "M53", "M55"):
        assert stage.proposals(name)
    assert "stale_base:r0" in stage.flags("M57")
    assert len(stage.proposals("M57")) == 2
    assert {mail.mail.agency for mail in stage.mails("new_revision")} >= {"ILO", "DESA", "ECA"}


def test_s22_the_lead_takes_one_file_with_all_documents_and_what_everybody_sent(stage: Stage, tmp_path: Path) -> None:
    made = write_parcel(stage.desk, "JST", "r0", tmp_path / "JST.zip", stage.office.clock())
    with zipfile.ZipFile(tmp_path / "JST.zip") as archive:
        names = archive.namelist()
        contents = {name: archive.read(name) for name in names}
    assert len(names) == made.documents + made.originals
    assert {name for name in names if name.startswith("documents/")} == {
        f"documents/JST_r0_{document}" for document in DOCUMENTS
    }
    senders = {name.split("/")[1] for name in names if name.startswith("originals/")}
    assert senders == {
        *("DESA", "ECLAC", "ESCAP", "ESCWA", "ILO", "IOM", "OHCHR", "UNCTAD", "UNDP", "UNESCO"),
        *("UNFPA", "UNHCR", "UNICEF", "UNITAR", "UNWOMEN", "WB", "WHO"),
    }
    drafts = {stamp[0] for content in contents.values() if content[:2] == b"PK" and (stamp := find_stamp(content))}
    assert drafts == {"JST"}


def test_s22_nothing_of_quarantine_and_no_password_is_in_it(stage: Stage, tmp_path: Path) -> None:
    write_parcel(stage.desk, "YTH", "r0", tmp_path / "YTH", stage.office.clock())
    parts = {path: path.read_bytes() for path in (tmp_path / "YTH").rglob("*") if path.is_file()}
    assert not any(b"Sample-Only-42" in content for content in parts.values())
    assert not any(path.suffix == ".docm" for path in parts)


def test_s23_a_move_is_one_move_and_a_deletion_stands_against_an_edit(stage: Stage) -> None:
    kinds = sorted(each.proposal.change.kind for each in stage.proposals("M42"))
    assert kinds == [ChangeKind.DELETION, ChangeKind.MOVE]
    assert "17" in stage.paragraphs("M42")
    found = read_consolidation(stage.database, "JST", "r0", stage.office.clock())
    pairs = [
        {found.proposals[key].owner for key in (one.first, one.second)}
        for one in found.merge.related
        if one.relation is Relation.DELETE_VS_EDIT
    ]
    assert {"UNCTAD", "DESA"} in pairs


@pytest.mark.parametrize("name", ["M16", "M55"])
def test_s24_changes_nobody_tracked_are_found_by_comparison(stage: Stage, name: str) -> None:
    assert "untracked_changes" in stage.flags(name)
    assert {each.proposal.change.origin for each in stage.proposals(name)} == {Origin.SILENT}


@pytest.mark.parametrize(("name", "code", "after"), [("M44", "JST", "7"), ("M53", "HLD", "8")])
def test_s25_a_new_paragraph_stands_where_it_was_put(stage: Stage, name: str, code: str, after: str) -> None:
    inserted = [each for each in stage.proposals(name) if each.proposal.change.kind is ChangeKind.INSERTION]
    (one,) = [each for each in inserted if each.proposal.change.new.strip().endswith(".")]
    found = read_consolidation(stage.database, code, "r0", stage.office.clock())
    paragraphs = found.merge.base.get_story("body").paragraphs
    before = [paragraph for paragraph in paragraphs if paragraph.end <= one.proposal.change.start + 1]
    assert before[-1].number.strip(".") == after


def test_s26_an_answer_in_french_is_kept_in_french(stage: Stage) -> None:
    assert "language:fr" in stage.flags("M12")
    (comment,) = [each for each in stage.proposals("M12") if each.proposal.change.kind is ChangeKind.COMMENT]
    assert "de quels services" in comment.proposal.change.remark
    found = read_consolidation(stage.database, "YTH", "r0", stage.office.clock())
    report = docx.Document(io.BytesIO(DOCUMENTS["dispositions.docx"](found)))
    told = [cell.text for table in report.tables for row in table.rows for cell in row.cells]
    assert any(comment.proposal.change.remark in text for text in told)


def test_s20_a_round_for_some_asks_them_and_the_leads(stage: Stage) -> None:
    now = stage.office.clock()
    later = Deadline(at=datetime.fromisoformat("2013-02-01T18:00+01:00"), zone="Europe/Vienna")
    opened = open_round(
        stage.database,
        "JST",
        revision="r0",
        deadline=later,
        purpose=RoundPurpose.ENDORSEMENT,
        now=now,
        secret=SECRET,
        only=("ILO", "WHO"),
    )
    assert {mail.agency for mail in opened.mails} == {"ILO", "WHO", "UNODC"}
