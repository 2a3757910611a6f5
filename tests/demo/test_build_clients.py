"""Laws of mail programs: each carries every kind of file and every style of history."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.demo.clients import CLIENTS, Client
from pipeline.demo.messages import build_message
from pipeline.demo.mime import encode_words, file_part, render, text_part
from pipeline.demo.quotes import QUOTE_STYLES
from pipeline.demo.requests import default_outbound, read_outbound
from pipeline.demo.scenario import ScenarioAttachment
from pipeline.demo.threads import extend_thread_index, find_topic, start_thread_index
from pipeline.errors import UsageError
from tests.demo.round import files, html_text, mail, plain_text, raw, read_mail, sample

INSIDE = ScenarioAttachment(name="s.jpg", kind="jpg_photo")
FILES = (
    ScenarioAttachment(name="logo.png", kind="png_inline"),
    ScenarioAttachment(name="Отзыв é 意见.docx", kind="docx_tracked", draft="YTH", rev="r0", edits=("YTH-ODC-1",)),
    ScenarioAttachment(name='a "quoted" \\ name.pdf', kind="pdf_scan"),
    ScenarioAttachment(name="déjà vu.xlsx", kind="xlsx_matrix", edits=("YTH-ODC-1",)),
    ScenarioAttachment(
        name="x" * 120 + "é.zip", kind="zip", contains=(ScenarioAttachment(name="s.jpg", kind="jpg_photo"),)
    ),
)
TEXT = "Dear all,\n\nПредложение – 意见 – ملاحظة.\nFrom here on a line that is long enough to be " + "wrapped " * 20
PROGRAMS = pytest.mark.parametrize("client", CLIENTS, ids=[client.name for client in CLIENTS])


@PROGRAMS
@pytest.mark.parametrize("style", ["none", *QUOTE_STYLES])
def test_any_program_writes_any_history_and_any_file(client: Client, style: str) -> None:
    message = replace(
        sample().get_message("M09"),
        client=client.name,
        quoted=style,
        text=TEXT,
        attachments=FILES,
        subject="AW: 意见 é",
    )
    made = read_mail(build_message(sample(), message))
    assert [defect for part in made.walk() for defect in part.defects] == []
    assert list(files(made)) == [attachment.name for attachment in FILES]
    assert all(file for file in files(made).values())
    assert made["Subject"] == "AW: 意见 é"
    assert "Предложение – 意见 – ملاحظة." in plain_text(made)
    assert ("Please find attached GMG Thematic" in plain_text(made) + html_text(made)) == (style != "none")


@PROGRAMS
def test_signed_mail_of_any_program_is_signed_as_a_whole(client: Client) -> None:
    signature = ScenarioAttachment(name="smime.p7s", kind="smime_p7s")
    message = replace(sample().get_message("M09"), client=client.name, attachments=(*FILES, signature))
    made = read_mail(build_message(sample(), message))
    assert made.get_content_type() == "multipart/signed"
    assert len(list(made.iter_parts())) == 2
    assert set(files(made)) == {attachment.name for attachment in (*FILES, signature)}


@PROGRAMS
def test_each_message_of_a_program_has_an_id_of_its_own(client: Client) -> None:
    template = replace(sample().get_message("M09"), client=client.name, attachments=(), quoted="none")
    made = [build_message(sample(), replace(template, id=f"M{number}")) for number in range(20)]
    assert len({read_mail(one)["Message-ID"] for one in made}) == 20


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("RE: a", "a"),
        ("RE : a", "a"),
        ("AW: RE: a", "a"),
        ("答复: a", "a"),
        ("رد: a", "a"),
        ("a", "a"),
        ("Re-issue: a", "Re-issue: a"),
    ],
)
def test_topic_is_the_subject_without_marks_of_answers(subject: str, topic: str) -> None:
    assert find_topic(subject) == topic


def test_thread_index_tells_when_the_thread_began_and_how_long_ago() -> None:
    began = datetime(2012, 10, 1, 8, 0, tzinfo=UTC)
    index = start_thread_index("seed", began)
    ticks = int.from_bytes(index[:6], "big") << 16
    assert abs(datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10) - began) < timedelta(seconds=1)
    longer = extend_thread_index(index, "answer", began + timedelta(days=2))
    assert longer[:22] == index
    passed = int.from_bytes(longer[22:26], "big") << 18
    assert abs(timedelta(microseconds=passed // 10) - timedelta(days=2)) < timedelta(seconds=1)


def test_request_is_read_from_its_bytes() -> None:
    thread = base64.b64encode(bytes(range(22)))
    content = (
        b"From: gmg-drafts@gmg.example\r\nTo: a@one.example\r\nCc: b@one.example\r\nSubject: =?utf-8?q?=C3=A9?=\r\n"
        b"Date: Mon, 01 Oct 2012 10:00:00 +0200\r\nMessage-ID: <1@gmg.example>\r\nThread-Index: " + thread + b"\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nDear all,\r\n\r\nplease comment.\r\n"
    )
    request = read_outbound(content)
    assert (request.message_id, request.subject) == ("<1@gmg.example>", "é")
    assert (request.to, request.cc) == (("a@one.example",), ("b@one.example",))
    assert request.text == "Dear all,\n\nplease comment."
    assert request.thread_index == bytes(range(22))
    sent = {**default_outbound(sample()), "out:YTH:r0:ILO": request}
    made = read_mail(build_message(sample(), sample().get_message("M06"), sent))
    assert base64.b64decode(made["Thread-Index"])[:22] == bytes(range(22))
    assert made["In-Reply-To"] == "<1@gmg.example>"


def test_request_without_id_cannot_be_answered() -> None:
    with pytest.raises(UsageError, match="Message-ID"):
        read_outbound(b"Subject: x\r\n\r\ntext\r\n")


WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40)


# the standard library takes a value in angle brackets out of them
NAMES = WORDS.filter(lambda name: not (name.startswith("<") and name.endswith(">")))


@given(name=NAMES, naming=st.sampled_from(["words", "rfc2231"]))
def test_any_file_name_comes_back(name: str, naming: str) -> None:
    part = read_mail(render(file_part("application/pdf", name, b"x", naming=naming)))
    assert part.get_filename() == name


@given(words=st.lists(WORDS, min_size=1, max_size=12))
def test_any_subject_comes_back(words: list[str]) -> None:
    text = " ".join(words)
    header = f"Subject: {encode_words(text, 'utf-8')}\r\n\r\n".encode("ascii")
    assert read_mail(header)["Subject"] == text


@given(
    text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), max_size=300),
    encoding=st.sampled_from(["quoted-printable", "base64", "8bit", "7bit"]),
)
def test_any_text_comes_back(text: str, encoding: str) -> None:
    part = read_mail(render(text_part(text, "plain", "utf-8", encoding)))
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode("utf-8").replace("\r\n", "\n") == text


def test_message_with_a_photo_alone_is_in_the_parts_of_a_telephone() -> None:
    assert b"iPhone Mail" in raw("M58")
    assert [part.get_content_type() for part in mail("M58").iter_parts()] == ["text/plain", "image/jpeg"]
