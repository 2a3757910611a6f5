"""Laws of every message of the sample round."""

import re
from base64 import b64decode
from datetime import datetime

import pytest

from pipeline.demo.messages import build_message, envelope_from, message_id_of
from pipeline.demo.quotes import base_style
from pipeline.demo.requests import OutboundMail, default_outbound
from tests.demo.round import files, html_text, mail, plain_text, raw, read_mail, sample

NAMES = [message.id for message in sample().messages]
WHOLE = [name for name in NAMES if name != "M77"]


@pytest.mark.parametrize("name", NAMES)
def test_headers_say_what_the_scenario_says(name: str) -> None:
    message, made = sample().get_message(name), mail(name)
    assert made["Subject"] == message.subject
    assert made["From"].addresses[0].addr_spec == message.from_address
    assert [one.addr_spec for one in made["To"].addresses] == list(message.to)
    assert [one.addr_spec for one in (made["Cc"].addresses if made["Cc"] else ())] == list(message.cc)
    assert made["Date"].datetime == message.date
    assert len(made.get_all("Message-ID")) == 1
    assert made["Message-ID"].strip().startswith("<")


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_short_and_end_in_crlf(name: str) -> None:
    content = raw(name)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


@pytest.mark.parametrize("name", WHOLE)
def test_standard_parser_finds_no_defect(name: str) -> None:
    assert [defect for part in mail(name).walk() for defect in part.defects] == []


@pytest.mark.parametrize("name", WHOLE)
def test_typed_text_is_in_the_message(name: str) -> None:
    message = sample().get_message(name)
    found = (plain_text(mail(name)) or re.sub("<[^>]+>", "", html_text(mail(name)))).replace(" \n", " ")
    for line in message.text.split("\n"):
        assert line in found


@pytest.mark.parametrize("name", WHOLE)
def test_every_attachment_is_attached_under_its_name(name: str) -> None:
    message = sample().get_message(name)
    named = {part.get_filename() for part in mail(name).walk()} - {None}
    assert named >= {attachment.name for attachment in message.attachments if attachment.kind != "ics"}
    assert all(files(mail(name)).values())


@pytest.mark.parametrize("name", NAMES)
def test_same_round_same_bytes(name: str) -> None:
    scenario = sample()
    assert build_message(scenario, scenario.get_message(name)) == raw(name)


def test_message_ids_are_unique_but_for_the_repeated_message() -> None:
    made = [mail(name)["Message-ID"] for name in NAMES]
    assert len(set(made)) == len(made) - 1
    assert raw("M65") == raw("M64")


def _answers() -> list[str]:
    """Messages whose program threads."""
    silent = ("Outlook 2003",)
    return [
        message.id
        for message in sample().messages
        if message.in_reply_to and not message.in_reply_to.startswith("fwd:") and message.client not in silent
    ]


@pytest.mark.parametrize("name", _answers())
def test_answer_names_what_it_answers(name: str) -> None:
    scenario = sample()
    ref = scenario.get_message(name).in_reply_to or ""
    ours = default_outbound(scenario)
    expected = ours[ref].message_id if ref in ours else message_id_of(scenario.get_message(ref))
    assert mail(name)["In-Reply-To"] == expected
    assert mail(name)["References"].split()[-1] == expected


def test_references_run_from_the_request_to_the_last_answer() -> None:
    assert mail("M11")["References"].split() == ["<yth.r0.unhcr@gmg.example>", mail("M09")["Message-ID"]]


@pytest.mark.parametrize("name", ["M18", "M20", "M22", "M35", "M46", "M58"])
def test_program_that_drops_the_thread_sends_no_thread(name: str) -> None:
    assert mail(name)["In-Reply-To"] is None
    assert mail(name)["References"] is None


def _thread(name: str) -> bytes:
    """The Thread-Index of a message."""
    return b64decode(mail(name)["Thread-Index"])


def test_thread_index_goes_on_where_the_thread_does() -> None:
    assert len(_thread("M01")) == 22
    assert _thread("M01")[0] == 1
    assert len(_thread("M09")) == 27
    assert len(_thread("M11")) == 32
    assert _thread("M11")[:22] == _thread("M09")[:22]
    assert _thread("M22")[:22] == _thread("M06")[:22]
    assert _thread("M09")[:22] != _thread("M06")[:22]


def test_thread_index_of_the_request_is_taken_over() -> None:
    scenario = sample()
    index = bytes(range(22))
    sent = {
        ref: OutboundMail(
            message_id=one.message_id, subject=one.subject, date=one.date, to=one.to, text="Hello", thread_index=index
        )
        for ref, one in default_outbound(scenario).items()
    }
    made = read_mail(build_message(scenario, scenario.get_message("M06"), sent))
    assert b64decode(made["Thread-Index"])[:22] == index


def _quoting() -> list[str]:
    """Messages with history below them."""
    return [message.id for message in sample().messages if message.quoted != "none"]


@pytest.mark.parametrize("name", _quoting())
def test_history_holds_what_was_really_sent(name: str) -> None:
    scenario = sample()
    sent = {
        ref: OutboundMail(
            message_id=f"<{number}@really.example>",
            subject=f"[GMG-X{number}] really sent",
            date=one.date,
            to=one.to,
            text=f"Words number {number} of the request\n\nsigned",
        )
        for number, (ref, one) in enumerate(default_outbound(scenario).items())
    }
    message = scenario.get_message(name)
    made = read_mail(build_message(scenario, message, sent))
    while not (message.in_reply_to or "").removeprefix("fwd:").startswith("out:"):
        message = scenario.get_message(message.in_reply_to or "")
    number = list(sent).index((message.in_reply_to or "").removeprefix("fwd:"))
    for text in filter(None, (plain_text(made), html_text(made))):
        assert f"Words number {number} of the request" in text
    if base_style(scenario.get_message(name).quoted).startswith(("outlook", "notes")):
        assert f"[GMG-X{number}] really sent" in (plain_text(made) or html_text(made))


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("M06", ("From: GMG Chair", "Sent: Monday, October 01, 2012 10:00 AM", "To: ", "Subject: [GMG-YTH]")),
        ("M12", ("De : GMG Chair", "Envoyé : lundi 1 octobre 2012 10:00", "À : ", "Objet : [GMG-YTH]")),
        ("M40", ("Von: GMG Chair", "Gesendet: Montag, 22. Oktober 2012 02:00", "An: ", "Betreff: [GMG-JST]")),
        ("M46", ("De: GMG Chair", "Enviado el: lunes, 22 de octubre de 2012 4:00", "Para: ", "Asunto: [GMG-JST]")),
        ("M49", ("发件人: GMG Chair", "发送时间: 2012年11月19日 21:00", "收件人: ", "主题: [GMG-HLD]")),
        ("M72", ("من: GMG Chair", "تاريخ الإرسال: الاثنين، 03 ديسمبر، 2012 10:00 ص", "إلى: ", "الموضوع: [GMG-JST]")),
        ("M18", ("-----Original Message-----\nFrom: ",)),
        ("M26", ("________________________________________\nFrom: ",)),
        ("M29", ("From:           GMG Chair", "Date:           01/10/2012 10:00", "Subject:        [GMG-YTH]")),
        ("M13", ("On 01/10/2012 10:00, GMG Chair (drafts mailbox) wrote:\n> Dear colleagues,\n>\n> Please",)),
        ("M15", ("On 1 Oct 2012, at 10:00, GMG Chair (drafts mailbox)", "> Dear colleagues,")),
        ("M53", ("On Mon, Nov 19, 2012 at 9:00 AM, GMG Chair", "<\ngmg-drafts@gmg.example> wrote:\n\n> Dear")),
    ],
)
def test_history_is_headed_as_the_program_does(name: str, block: tuple[str, ...]) -> None:
    found = plain_text(mail(name)).replace("\r\n", "\n")
    assert all(line in found for line in block), found


def test_chain_quotes_the_earlier_answer_and_the_request_below_it() -> None:
    text = plain_text(mail("M11"))
    new, old, request = (text.index(words) for words in ("last resort", '"should end"', "Please find attached GMG"))
    assert new < old < request


def test_edits_inside_the_quotation_keep_their_marks() -> None:
    made = mail("M34")
    assert made.get_content_type() == "text/html"
    html = html_text(made)
    assert html.index("From:") < html.index("<s>Women and girls are exposed</s>")
    assert '<span style="color:red">' in html


@pytest.mark.parametrize(
    ("name", "charset"), [("M49", "gb18030"), ("M72", "windows-1256"), ("M12", "utf-8"), ("M08", "utf-8")]
)
def test_body_is_in_the_character_set_of_the_program(name: str, charset: str) -> None:
    body = mail(name).get_body(("plain",))
    assert body is not None
    assert body.get_content_charset() == charset


@pytest.mark.parametrize(
    ("name", "head"),
    [("M49", b"Subject: =?gb18030?b?"), ("M72", b"Subject: =?windows-1256?b?"), ("M04", b"Subject: =?iso-8859-1?q?")],
)
def test_subject_is_in_encoded_words(name: str, head: bytes) -> None:
    assert head.lower() in raw(name).lower()


def test_cyrillic_name_is_percent_encoded_and_french_one_in_encoded_words() -> None:
    assert b"filename*" in raw("M60")
    assert b"utf-8''%D0%9A" in raw("M60")
    assert b'filename="=?iso-8859-1?' in raw("M12")


def test_delivery_report_names_the_address_that_failed() -> None:
    made = mail("M02")
    assert made.get_content_type() == "multipart/report"
    assert made.get_param("report-type") == "delivery-status"
    assert [part.get_content_type() for part in made.iter_parts()] == [
        "text/plain",
        "message/delivery-status",
        "message/rfc822",
    ]
    report = raw("M02").decode()
    assert "Final-Recipient: rfc822; migrant-health-old@who.example\r\nAction: failed\r\nStatus: 5.1.1\r\n" in report
    original = list(made.iter_parts())[2].get_content()
    assert original["Message-ID"] == "<yth.r0.who@gmg.example>"
    assert envelope_from(sample().get_message("M02")) == ""
    assert made["Return-Path"] == "<>"


def test_receipt_names_the_message_that_was_read() -> None:
    made = mail("M05")
    assert made.get_param("report-type") == "disposition-notification"
    assert [part.get_content_type() for part in made.iter_parts()][1] == "message/disposition-notification"
    assert b"Original-Message-ID: <yth.r0.wb@gmg.example>\r\n" in raw("M05")


def test_answer_to_an_invitation_is_a_form_of_the_text() -> None:
    made = mail("M07")
    assert made.get_content_type() == "multipart/alternative"
    calendar = list(made.iter_parts())[-1]
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REPLY"
    assert "METHOD:REPLY" in calendar.get_content()


def test_apple_mail_cuts_the_text_around_the_files() -> None:
    kinds = [part.get_content_type() for part in mail("M15").iter_parts()]
    assert kinds == ["text/plain", "image/png", "text/x-vcard", "text/plain"]
    assert list(mail("M15").iter_parts())[1].get_content_disposition() == "inline"


def test_signed_message_has_its_signature_beside_the_body() -> None:
    made = mail("M40")
    assert made.get_content_type() == "multipart/signed"
    assert [part.get_content_type() for part in made.iter_parts()] == [
        "multipart/mixed",
        "application/x-pkcs7-signature",
    ]
    assert files(made)["smime.p7s"].startswith(b"\x30\x82")


def test_nested_message_holds_the_file() -> None:
    nested = next(part for part in mail("M59").iter_parts() if part.get_content_type() == "message/rfc822")
    inner = nested.get_content()
    assert inner["From"] == "policy@unicef.example"
    assert list(files(inner)) == ["HLD_UNICEF.docx"]


def test_broken_message_is_broken_in_three_ways() -> None:
    content = raw("M77")
    boundary = re.search(rb'boundary="([^"]+)"', content)
    assert boundary is not None
    assert b"--" + boundary[1] + b"--" not in content
    assert b"x-user-defined" in content
    assert any(part.defects for part in mail("M77").walk())


def test_stated_headers_are_written_as_they_are() -> None:
    assert mail("M48")["Authentication-Results"].startswith("mx.gmg.example; spf=fail")
    assert mail("M03")["Auto-Submitted"] == "auto-generated"
    assert mail("M04")["Auto-Submitted"] is None
    assert mail("M04")["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_envelope_names_the_writer_where_nothing_else_is_stated() -> None:
    assert envelope_from(sample().get_message("M08")) == "migration-fp@unwomen.example"


def test_receipt_instant_is_on_the_topmost_trace_line() -> None:
    received = mail("M45")["Received"].rpartition(";")[2].strip()
    assert datetime.strptime(received, "%a, %d %b %Y %H:%M:%S %z") == sample().get_message("M45").received
