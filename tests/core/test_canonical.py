import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import canonical
from pipeline.core.canonical import canonical_digest

MAIL = (
    b"Return-Path: <fp@ilo.example>\r\n"
    b"Received: from a.example by b.example;\r\n\tMon, 8 Oct 2012 09:30:00 +0000\r\n"
    b"From: ILO <fp@ilo.example>\r\n"
    b"Date: Mon, 8 Oct 2012 11:30:00 +0200\r\n"
    b"Message-ID: <1@ilo.example>\r\n"
    b"Subject: Re: [GMG-YTH]\r\n inputs\r\n"
    b"\r\n"
    b"We have no comments.\r\n"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"b.example;\r\n\tMon, 8 Oct 2012 09:30:00", b"c.example; Tue, 9 Oct 2012 10:00:00"),
        (b"Return-Path: <fp@ilo.example>\r\n", b""),
        (b"From: ILO", b"Delivered-To: drafts@gmg.example\r\nFrom: ILO"),
        (b"From: ILO", b"X-Spam-Status: No\r\nDKIM-Signature: v=1; b=\r\n abc\r\nFrom: ILO"),
        (b"From: ILO", b"Authentication-Results: gmg.example; spf=pass\r\nfrom:  ILO"),
        (b"From: ILO", b"List-Id: <gmg.example>\r\nPrecedence: list\r\nFrom: ILO"),
        (b"[GMG-YTH]\r\n inputs", b"[GMG-YTH] inputs"),
        (b"\r\n", b"\n"),
        (b"comments.\r\n", b"comments.\r\n\r\n"),
    ],
)
def test_traces_of_delivery_do_not_count(old: bytes, new: bytes) -> None:
    assert old in MAIL
    assert canonical_digest(MAIL.replace(old, new)) == canonical_digest(MAIL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"no comments", b"two comments"),
        (b"<1@ilo", b"<2@ilo"),
        (b"ILO <fp", b"UNODC <fp"),
        (b"11:30:00", b"11:31:00"),
        (b"Re: [GMG-YTH]", b"Re: [GMG-JST]"),
        (b"\r\n\r\nWe", b"\r\nCc: lead@unicef.example\r\n\r\nWe"),
        (b"\r\n\r\nWe", b"\r\n\r\nReceived: We"),
    ],
)
def test_everything_the_sender_wrote_counts(old: bytes, new: bytes) -> None:
    assert old in MAIL
    assert canonical_digest(MAIL.replace(old, new)) != canonical_digest(MAIL)


def test_without_message_id_and_date_the_traces_tell_two_answers_apart() -> None:
    answer = b"Received: by b.example; Mon\r\nFrom: fp@ilo.example\r\n\r\nNo comments.\r\n"
    assert canonical_digest(answer) != canonical_digest(answer.replace(b"Mon", b"Tue"))


@given(st.binary())
def test_any_bytes_have_a_digest(raw: bytes) -> None:
    assert len(canonical_digest(raw)) == 64


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"b c"]), max_size=14).map(b"".join), st.integers(1, 5))
def test_a_body_in_portions_is_the_body_as_a_whole(body: bytes, portion: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "_PORTION", portion)
        portions = b"".join(canonical._list_portions(body, 0))
    assert portions == body.replace(b"\r\n", b"\n").rstrip(b"\n")
