"""Laws of reading raw mail."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mailparser.utils import get_addresses

from pipeline.core import mail_dates, parse
from pipeline.core.filenames import clean_filename
from pipeline.core.model import Mailbox
from pipeline.core.parse import parse_mail
from pipeline.core.parts import unwrap_flowed
from pipeline.errors import MailTooComplexError
from tests.make_mail import make_mail, make_multipart, make_part


def mixed(*parts: bytes) -> bytes:
    return b'From: a@ilo.example\r\nContent-Type: multipart/mixed; boundary="m"\r\n\r\n' + make_multipart(parts, "m")


def head(line: bytes) -> bytes:
    return b"From: a@ilo.example\r\n" + line + b"\r\n\r\nbody\r\n"


def test_ordinary_fields_are_read() -> None:
    mail = parse_mail(
        make_mail(in_reply_to="<call@gmg.example>", headers={"References": "<a@gmg.example> <call@gmg.example>"})
    )
    assert mail.sender == Mailbox(name="ILO Migration", address="migration@ilo.example")
    assert mail.to == (Mailbox(name="GMG Drafts", address="gmg-drafts@gmg.example"),)
    assert mail.message_id == "<m1@ilo.example>"
    assert mail.in_reply_to == ("<call@gmg.example>",)
    assert mail.references == ("<a@gmg.example>", "<call@gmg.example>")
    assert mail.date == datetime(2012, 10, 1, 8, tzinfo=UTC)
    assert mail.text == "Please find our comments below."
    assert mail.defects == ()


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    parse_mail(raw)


_HEADS = [
    b"From:", b"To:", b"Date:", b"Subject: =?", b"Content-Type: multipart/mixed; boundary=b", b"; charset=utf-16",
    b"Content-Type: message/rfc822", b"Content-Type: text/plain; charset=", b"Content-Transfer-Encoding: base64",
    b"Content-Disposition: attachment; filename*0*=", b"Content-Type: message/delivery-status", b"\r\n", b"\r\n\r\n",
    b"--b\r\n", b"--b--", b"\xff\xfe", b"=?utf-8?B?", b"?=",
]  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.one_of(st.sampled_from(_HEADS), st.binary(max_size=8)), max_size=30))
def test_any_soup_of_mail_words_is_read(words: list[bytes]) -> None:
    mail = parse_mail(b"".join(words))
    for value in (mail.text, mail.subject, mail.html, *(value for _, value in mail.headers)):
        value.encode()


def test_limits_come_before_the_parser() -> None:
    with pytest.raises(MailTooComplexError):
        parse_mail(b"a: b\r\n" * 3_000)


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        (b"Subject: =?utf-8?Q?R=C3=A9ponse?= : avis", "Réponse : avis"),
        (b"Subject: =?utf-8?B?0J7RgtC=?=\r\n =?utf-8?B?stC10YI=?=", "Ответ"),
        (b"Subject: =?gb2312?B?tPC4tA==?=", "答复"),
        (b"Subject: R\xc3\xa9ponse", "Réponse"),
        (b"Subject: R\xe9ponse", "Réponse"),
        (b"Subject: \xb4\xf0\xb8\xb4\r\nContent-Type: text/plain; charset=gb18030", "答复"),
        (b"Subject: =?iso-8859-1?Q?R\xc3\xa9ponse?=", "Réponse"),
        (b"Subject: one\r\nSubject: two", "one"),
        (b"Subject: =?x-unknown?Q?caf=E9?=", "café"),
        (b"Subject: folded\r\n\tline", "folded line"),
        (b"Subject: nul\x00led", "nulled"),
        (b"Subject: =?zlib?B?eJw=?= x", "xœ x"),
    ],
)
def test_subjects_are_decoded(line: bytes, subject: str) -> None:
    assert parse_mail(head(line)).subject == subject


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"migration@ILO.example", [("", "migration@ilo.example")]),
        (b'"Doe, Jane" <j@ilo.example>, k@ilo.example', [("Doe, Jane", "j@ilo.example"), ("", "k@ilo.example")]),
        (b"=?utf-8?Q?Doe=2C_Ren=C3=A9?= <r@ilo.example>", [("Doe, René", "r@ilo.example")]),
        (b"Ren\xe9 <r@ilo.example>", [("René", "r@ilo.example")]),
        (b"undisclosed-recipients:;", []),
        (b"", []),
    ],
)
def test_addresses_are_read(value: bytes, expected: list[tuple[str, str]]) -> None:
    mail = parse_mail(b"To: " + value + b"\r\n\r\n")
    assert [(box.name, box.address) for box in mail.to] == expected


def test_all_fields_of_one_name_count_for_recipients() -> None:
    mail = parse_mail(b"To: a@ilo.example\r\nTo: b@ilo.example\r\n\r\n")
    assert [box.address for box in mail.to] == ["a@ilo.example", "b@ilo.example"]


def test_missing_fields_are_defects() -> None:
    mail = parse_mail(b"Subject: x\r\n\r\nbody")
    assert mail.sender is None
    assert mail.date is None
    assert mail.message_id is None
    assert {"no From field", "no Date field", "no Message-ID field"} <= set(mail.defects)


def test_identifier_folded_inside_is_mended() -> None:
    assert parse_mail(head(b"In-Reply-To: <AB\r\n CD@gmg.example>")).in_reply_to == ("<ABCD@gmg.example>",)


def test_null_return_path_is_told_from_a_missing_one() -> None:
    assert parse_mail(head(b"Return-Path: <>")).return_path == ""
    assert parse_mail(head(b"X: y")).return_path is None


def test_thread_index_is_cut_to_the_conversation() -> None:
    mail = parse_mail(head(b"Thread-Index: Ac2fwKYTdmzPLdJ9T6Od1a2zzDq3FQAAAAEC"))
    assert mail.thread_index == "01cd9fc0a613766ccf2dd27d4fa39dd5adb3cc3ab715"


def test_text_parts_are_joined_around_attachments() -> None:
    mail = parse_mail(
        mixed(
            make_part("text/plain", b"above"),
            make_part("image/png", b"x", name="a.png"),
            make_part("text/plain", b"below"),
        )
    )
    assert mail.text == "above\n\nbelow"
    assert [file.filename for file in mail.attachments] == ["a.png"]


def test_plain_text_goes_before_html() -> None:
    mail = parse_mail(make_mail(text="plain", html="<p>rich</p>"))
    assert mail.text == "plain"
    assert mail.html == "<p>rich</p>"


def test_html_alone_is_rendered() -> None:
    html = "<style>p{}</style><p>One <b>two</b></p><ul><li>a</li><li>b</li></ul>"
    html += "<table><tr><td>4</td><td>delete</td></tr></table>"
    assert parse_mail(make_mail(text=None, html=html)).text == "One two\n\n- a\n- b\n\n4\tdelete"


def test_empty_plain_part_yields_to_html() -> None:
    assert parse_mail(make_mail(text=" \r\n", html="<p>rich</p>")).text == "rich"


def test_stub_of_a_plain_part_yields_to_html() -> None:
    raw = make_mail(text="This message needs an HTML reader.", html="<p>" + "Real words. " * 60 + "</p>")
    assert parse_mail(raw).text.startswith("Real words.")


def test_named_inline_text_is_a_file_and_the_body_when_there_is_no_other() -> None:
    note = make_part("text/plain", b"noted", name="note.txt", disposition="inline")
    alone = parse_mail(mixed(note))
    assert (alone.text, [file.filename for file in alone.attachments]) == ("noted", ["note.txt"])
    assert parse_mail(mixed(make_part("text/plain", b"body"), note)).text == "body"


def test_attached_message_stays_closed_and_whole() -> None:
    inner = make_mail(subject="Inner", text="inside")
    mail = parse_mail(mixed(make_part("text/plain", b"see attached"), make_part("message/rfc822", inner)))
    assert mail.text == "see attached"
    (file,) = mail.attachments
    assert file.filename == "Inner.eml"
    assert parse_mail(file.content).text == "inside"


def test_report_fields_are_kept_as_text() -> None:
    mail = parse_mail(
        make_mail(
            report=(
                "delivery-status",
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@who.example\nAction: failed",
            )
        )
    )
    ((kind, text),) = mail.reports
    assert kind == "message/delivery-status"
    assert "Final-Recipient: rfc822; a@who.example" in text


def test_tnef_is_named_by_type_or_magic() -> None:
    by_type = make_part("application/ms-tnef", b"anything")
    by_magic = make_part("application/octet-stream", b"\x78\x9f\x3e\x22rest")
    assert [file.filename for file in parse_mail(mixed(by_type, by_magic)).attachments] == [
        "winmail.dat",
        "winmail.dat",
    ]


def test_signed_mail_is_read_through() -> None:
    parts = [make_part("text/plain", b"signed words"), make_part("application/pkcs7-signature", b"x", name="smime.p7s")]
    mail = parse_mail(b'Content-Type: multipart/signed; boundary="s"\r\n\r\n' + make_multipart(parts, "s"))
    assert mail.signed
    assert mail.text == "signed words"


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def opaque(inner: bytes) -> bytes:
    data = der(0x06, bytes.fromhex("2a864886f70d010701")) + der(0xA0, der(0x04, inner))
    signed = der(0x02, b"\x01") + der(0x31, b"") + der(0x30, data)
    return der(0x30, der(0x06, bytes.fromhex("2a864886f70d010702")) + der(0xA0, der(0x30, signed)))


def test_opaque_signed_mail_is_opened() -> None:
    content = opaque(b"Content-Type: text/plain\r\n\r\ninside the signature")
    mail = parse_mail(mixed(make_part("application/pkcs7-mime; smime-type=signed-data", content, name="smime.p7m")))
    assert mail.signed
    assert not mail.encrypted
    assert mail.text == "inside the signature"


@pytest.mark.parametrize(
    "raw",
    [
        mixed(make_part("application/pkcs7-mime; smime-type=enveloped-data", b"\x30\x80", name="smime.p7m")),
        b'Content-Type: multipart/encrypted; boundary="e"\r\n\r\n'
        + make_multipart([make_part("application/pgp-encrypted", b"1")], "e"),
        make_mail(text="-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----"),
    ],
)
def test_enveloped_mail_is_encrypted(raw: bytes) -> None:
    assert parse_mail(raw).encrypted


def test_clear_signed_text_is_read_through() -> None:
    text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -- agreed\n"
    text += "-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----"
    mail = parse_mail(make_mail(text=text))
    assert mail.signed
    assert mail.text == "-- agreed"


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("utf-8", "Génération".encode(), "Génération"),
        ("us-ascii", "Génération".encode(), "Génération"),
        ("iso-8859-1", b"\x93quoted\x94", "“quoted”"),
        ("x-unknown", "Génération".encode(), "Génération"),
        ("zlib", b"x\x9c", "xœ"),
        ("utf-8", b"caf\xe9", "café"),
        ("gb2312", "迁移".encode("gb18030"), "迁移"),
        ("utf-8", "\ufeffmarked".encode(), "marked"),
        ("iso-8859-1", "wide".encode("utf-16"), "wide"),
    ],
)
def test_bodies_are_decoded(charset: str, content: bytes, text: str) -> None:
    assert parse_mail(mixed(make_part(f"text/plain; charset={charset}", content))).text == text


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_line_ends_do_not_matter(end: bytes) -> None:
    mail = parse_mail(make_mail(text="one\ntwo", attachments=[("a.bin", b"1", "application/x")]).replace(b"\r\n", end))
    assert mail.text == "one\ntwo"
    assert mail.subject == "RE: [GMG-YTH] Inputs"


def test_cut_multipart_with_broken_base64_is_unreadable_but_its_header_is_read() -> None:
    raw = make_mail(in_reply_to="<call@gmg.example>", attachments=[("a.docx", b"x" * 3_000, "application/msword")])
    mail = parse_mail(raw[: raw.index(b"a.docx") + 800 - 1])
    assert mail.defects[0].startswith("unreadable:")
    assert mail.in_reply_to == ("<call@gmg.example>",)
    assert mail.sender is not None


def test_whole_mail_is_not_unreadable() -> None:
    raw = make_mail(attachments=[("a.docx", b"x" * 3_000, "application/msword")])
    assert parse_mail(raw).defects == ()


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'attachment; filename="..\\..\\evil.docx"', "evil.docx"),
        (b'attachment; filename="/etc/passwd"', "passwd"),
        (b"attachment; filename*=utf-8''%D0%9F%D0%BE%D1%8F%D1%81.docx", "Пояс.docx"),
        (b"attachment; filename*0*=utf-8''%C3%A9t; filename*1=ude.docx", "étude.docx"),
        (b'attachment; filename="=?utf-8?B?w6l0dWRlLmRvY3g=?="', "étude.docx"),
        (b'attachment; filename="\xc3\xa9tude.docx"', "étude.docx"),
        (b'attachment; filename="a\x00\x07b.docx"', "ab.docx"),
        (b"attachment", ""),
    ],
)
def test_file_names_are_bare(disposition: bytes, name: str) -> None:
    part = b"Content-Type: application/x\r\nContent-Disposition: " + disposition + b"\r\n\r\nx"
    assert [file.filename for file in parse_mail(mixed(part)).attachments] == [name]


@given(st.text(max_size=300))
def test_clean_names_have_no_path_and_are_short(name: str) -> None:
    clean = clean_filename(name)
    assert "/" not in clean
    assert "\\" not in clean
    assert clean not in (".", "..")
    assert len(clean) <= 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one \ntwo", "one two"),
        ("> one \n> two", "> one two"),
        ("> one \ntwo", "> one \ntwo"),
        ("-- \nName", "-- \nName"),
        (" stuffed", "stuffed"),
    ],
)
def test_flowed_text_is_unwrapped(text: str, expected: str) -> None:
    assert unwrap_flowed(text) == expected


def test_delsp_takes_the_space_out() -> None:
    assert unwrap_flowed("迁 \n移", delete_space=True) == "迁移"


@pytest.mark.parametrize("announced", [b"other", b""])
def test_a_multipart_with_another_boundary_than_it_names_is_read(announced: bytes) -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=" + (announced or b'""') + b"\r\n\r\n"
        b"--real\r\nContent-Type: text/plain\r\n\r\nFirst.\r\n--real\r\n"
        b"Content-Type: text/plain; name=x.txt\r\nContent-Disposition: attachment\r\n\r\nSecond.\r\n--real--\r\n"
    )
    mail = parse_mail(raw)
    assert mail.text.strip() == "First."
    assert [file.filename for file in mail.attachments] == ["x.txt"]
    assert any("boundary" in defect for defect in mail.defects)


def test_a_multipart_without_any_delimiter_is_its_text() -> None:
    mail = parse_mail(b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nJust words.\r\n")
    assert mail.text == "Just words."


def test_a_display_name_that_is_an_address_is_kept() -> None:
    mail = parse_mail(b'From: "a@b.example" <a@b.example>\r\n\r\nx')
    assert mail.sender is not None
    assert (mail.sender.name, mail.sender.address) == ("a@b.example", "a@b.example")


# --- HTML of which not everything can be read -------------------------------------------------------------------


@pytest.mark.parametrize("levels", [300, 3_000])
def test_what_is_nested_deep_is_read_to_its_end(levels: int) -> None:
    html = f"<p>Agreed.</p>{'<div>' * levels}except para 5{'</div>' * levels}<p>Best</p>"
    mail = parse_mail(make_mail(text=None, html=html))
    assert (mail.text.split("\n\n"), mail.defects) == (["Agreed.", "except para 5", "Best"], ())


def test_what_is_too_long_to_be_read_is_said_to_be_lost_unless_it_is_a_picture() -> None:
    much = "x" * 2_000_000
    long = parse_mail(make_mail(text=None, html=f"<p>Agreed.</p><!-- {much} --><p>Except para 5.</p>"))
    assert long.defects == ("unreadable: the HTML has more than 2,000,000 characters",)
    picture = parse_mail(
        make_mail(text=None, html=f'<p>Agreed.</p><img src="data:image/png;base64,{much}"><p>Except para 5.</p>')
    )
    assert (picture.text, picture.defects) == ("Agreed.\n\nExcept para 5.", ())


def test_lost_html_beside_a_plain_text_loses_nothing() -> None:
    html = f"<p>Agreed.</p><!-- {'x' * 2_000_000} -->"
    assert parse_mail(make_mail(text="Agreed, except para 5.", html=html)).defects == ()


@pytest.mark.parametrize("line", [b"--\xf0b", b"--b--", b"--C9/x "])
def test_a_line_that_only_looks_like_a_delimiter_is_read_as_text(line: bytes) -> None:
    head = b'From: a@ilo.example\r\nContent-Type: multipart/mixed; boundary="other"\r\n\r\n'
    mail = parse_mail(head + line + b"\r\nContent-Type: text/plain\r\n\r\nAgreed.\r\n")
    assert "Agreed." in mail.text


def test_a_multipart_with_a_delimiter_that_is_no_ascii_is_read_once() -> None:
    head = b'From: a@ilo.example\nContent-Type: multipart/mixed; boundary="x"\n\n'
    raw = head + b"--\xe9\nContent-Type: text/plain\n\nAgreed.\n"
    assert "Agreed." in parse_mail(raw).text


@given(st.from_regex(parse._PLAIN_MAILBOX, fullmatch=True))
def test_a_plain_mailbox_is_what_mail_parser_reads(written: str) -> None:
    assert parse._read_plain_addresses(written) == get_addresses(written)


def test_damaged_base64_in_an_attached_message_is_a_defect() -> None:
    nested = b"Subject: x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nnot a file!\r\n"
    mail = parse_mail(make_mail(text="See below.", attachments=[("a.eml", nested, "message/rfc822")]))
    assert "base64 of a part holds other letters" in mail.defects


@given(st.from_regex(mail_dates._IN_FORM, fullmatch=True))
def test_a_date_in_form_has_nothing_to_mend(written: str) -> None:
    assert mail_dates._mend(written) == written
