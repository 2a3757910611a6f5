from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.core.model import (
    Action,
    Certainty,
    FileKind,
    FileReading,
    Identity,
    InboundMessage,
    MailKind,
    Place,
    Recognition,
    Verdict,
)
from pipeline.core.versions import find_superseded

START = datetime(2012, 10, 1, tzinfo=UTC)


def make_message(
    number: int,
    *,
    files: tuple[str, ...] = (),
    kind: MailKind = MailKind.CONTRIBUTION,
    place: Place = Place.FILED,
    body: str | None = None,
    supersedes: bool = False,
    consolidated: bool = False,
) -> InboundMessage:
    readings = tuple(FileReading(filename=name, inside=(), sha256="0", size=1, kind=FileKind.DOCX) for name in files)
    identity = Identity(
        agency="IOM", body=body, role=None, draft="YTH", round_id=1, revision=None,
        who=Certainty.SURE, which=Certainty.SURE, clues=(),
    )  # fmt: skip
    recognition = Recognition(
        identity=identity,
        verdict=Verdict(
            kind=kind, certainty=Certainty.SURE, clues=(), supersedes=supersedes, consolidated=consolidated
        ),
        action=Action(place=place, reason="", needs_attention=False, acknowledge=True),
        subject="", sender=None, message_id=None, date=None, new_text="", text="", files=readings,
    )  # fmt: skip
    at = START + timedelta(days=number)
    return InboundMessage(
        id=number, sha256=str(number), size=1, received_at=at, recorded_at=at, place=place,
        attention_open=False, recognition=recognition,
    )  # fmt: skip


def test_a_later_answer_adds_unless_it_says_otherwise() -> None:
    assert find_superseded(make_message(2), [make_message(1)]) == ()


def test_words_replace_the_latest_earlier_answer_only() -> None:
    earlier = [make_message(1), make_message(2)]
    assert find_superseded(make_message(3, supersedes=True), earlier) == (2,)


@pytest.mark.parametrize(
    ("first", "second", "replaces"),
    [
        ("matrix.docx", "matrix_v2.docx", True),
        ("matrix v1.docx", "matrix v2.docx", True),
        ("HLD UNESCO.docx", "HLD UNESCO_corrigé.docx", True),
        ("Youth report.docx", "Youth report (2).docx", True),
        ("report.docx", "report_FINAL.docx", True),
        ("report.docx", "report.docx", False),
        ("report.docx", "annex_v2.docx", False),
        ("report.docx", "report_v2.xlsx", False),
    ],
)
def test_the_same_file_with_a_version_mark_replaces(first: str, second: str, replaces: bool) -> None:
    found = find_superseded(make_message(2, files=(second,)), [make_message(1, files=(first,))])
    assert found == ((1,) if replaces else ())


def test_the_coordinator_replaces_what_its_bodies_sent() -> None:
    bodies = [make_message(1, body="ESCWA"), make_message(2, body="ECA")]
    assert find_superseded(make_message(3, body="ESCAP", consolidated=True), bodies) == (1, 2)


def test_one_body_never_replaces_another() -> None:
    assert find_superseded(make_message(2, body="ECA", supersedes=True), [make_message(1, body="ESCWA")]) == ()


@pytest.mark.parametrize("kind", [MailKind.NO_COMMENT, MailKind.ACKNOWLEDGEMENT, MailKind.OTHER])
def test_only_a_contribution_replaces(kind: MailKind) -> None:
    assert find_superseded(make_message(2, kind=kind, supersedes=True), [make_message(1)]) == ()


@pytest.mark.parametrize("place", [Place.HELD, Place.QUARANTINED, Place.FAILED, Place.IGNORED])
def test_a_message_that_is_not_filed_replaces_nothing(place: Place) -> None:
    assert find_superseded(make_message(2, place=place, supersedes=True), [make_message(1)]) == ()


def test_recognising_again_finds_the_same() -> None:
    done = replace(make_message(1), superseded_by=2)
    assert find_superseded(make_message(2, supersedes=True), [done]) == (1,)
    assert find_superseded(make_message(3, supersedes=True), [done]) == ()
