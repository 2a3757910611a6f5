"""Malformed and odd messages of many programs, each with what should be read of it."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.core.model import ParsedMail
from pipeline.core.parse import parse_mail


def mail(header: str | bytes, body: str | bytes = "text\r\n", *, plain: bool = True) -> bytes:
    """A message of these header lines; From, Date and Message-ID are added when `plain`."""
    lines = header if isinstance(header, bytes) else header.encode()
    added = b"From: a@agency.example\nDate: Thu, 25 Oct 2012 09:30:00 +0200\nMessage-ID: <x1@agency.example>\n"
    content = body if isinstance(body, bytes) else body.encode()
    return ((added if plain else b"") + lines.strip(b"\n") + b"\n\n").replace(b"\n", b"\r\n") + content


def b64(text: bytes) -> str:
    return base64.b64encode(text).decode()


SUBJECTS: dict[str, tuple[str | bytes, str]] = {
    "cut inside a character, base64": (
        f"Subject: =?utf-8?B?{b64('Zürich'.encode()[:2])}?=\n =?utf-8?B?{b64('Zürich'.encode()[2:])}?=",
        "Zürich",
    ),
    "cut inside a character, quoted-printable": ("Subject: =?UTF-8?Q?Z=C3?= =?UTF-8?Q?=BCrich?=", "Zürich"),
    "question mark at its end": ("Subject: =?utf-8?Q?why??=", "why?"),
    "one that never ends before one that does": ("Subject: =?utf-8?Q?a =?utf-8?Q?b?=", "=?utf-8?Q?a b"),
    "two charsets beside each other": (
        "Subject: =?iso-8859-1?Q?caf=E9?= =?koi8-r?B?" + b64("текст".encode("koi8-r")) + "?=",
        "caféтекст",
    ),
    "plain words between encoded ones": ("Subject: Re: =?utf-8?Q?=C3=A9tat?= of =?utf-8?Q?play?=", "Re: état of play"),
    "encoded word glued to letters": ("Subject: (=?utf-8?Q?=C3=A9tat?=)", "(état)"),
    "spaces inside a Q word": ("Subject: =?utf-8?Q?two words?=", "two words"),
    "underscore is a space": ("Subject: =?utf-8?Q?two_words?=", "two words"),
    "lower-case encoding letter": ("Subject: =?utf-8?b?" + b64("été".encode()) + "?=", "été"),
    "base64 without padding": ("Subject: =?utf-8?B?" + b64("étés".encode()).rstrip("=") + "?=", "étés"),
    "language suffix": ("Subject: =?utf-8*fr?Q?=C3=A9t=C3=A9?=", "été"),
    "unknown charset, ASCII inside": ("Subject: =?x-unknown?Q?Call_for_inputs?=", "Call for inputs"),
    "unknown-8bit, UTF-8 inside": ("Subject: =?unknown-8bit?Q?=C3=A9t=C3=A9?=", "été"),
    "utf-8 word that is latin": ("Subject: =?utf-8?Q?caf=E9?=", "café"),
    "gb2312 label with gbk letters": ("Subject: =?gb2312?B?" + b64("朱镕基".encode("gbk")) + "?=", "朱镕基"),
    "shift_jis": ("Subject: =?shift_jis?B?" + b64("意見".encode("shift_jis")) + "?=", "意見"),
    "iso-2022-jp": ("Subject: =?iso-2022-jp?B?" + b64("意見照会".encode("iso-2022-jp")) + "?=", "意見照会"),
    "euc-kr": ("Subject: =?euc-kr?B?" + b64("의견".encode("euc-kr")) + "?=", "의견"),
    "ks_c_5601": ("Subject: =?ks_c_5601-1987?B?" + b64("의견".encode("cp949")) + "?=", "의견"),
    "big5": ("Subject: =?big5?B?" + b64("意見".encode("big5")) + "?=", "意見"),
    "windows-1256": ("Subject: =?windows-1256?B?" + b64("رد".encode("cp1256")) + "?=", "رد"),
    "iso-8859-8-i": ("Subject: =?iso-8859-8-i?B?" + b64("שלום".encode("iso-8859-8")) + "?=", "שלום"),
    "utf-7": ("Subject: =?utf-7?Q?+AOk-t+AOk-?=", "été"),
    "bare UTF-8": ("Subject: été".encode(), "été"),
    "bare latin-1": ("Subject: été".encode("latin-1"), "été"),
    "bare windows-1251 with the body's charset": (
        b"Content-Type: text/plain; charset=windows-1251\nSubject: " + "Отзыв".encode("cp1251"),
        "Отзыв",
    ),
    "bare koi8-r with the body's charset": (
        b"Content-Type: text/plain; charset=koi8-r\nSubject: " + "Отзыв".encode("koi8-r"),
        "Отзыв",
    ),
    "bare gb18030 with the body's charset": (
        b"Content-Type: text/plain; charset=gb18030\nSubject: " + "意见".encode("gb18030"),
        "意见",
    ),
    "bare shift_jis with the body's charset": (
        b"Content-Type: text/plain; charset=shift_jis\nSubject: " + "意見".encode("shift_jis"),
        "意見",
    ),
    "bare iso-2022-jp escapes": (
        b"Content-Type: text/plain; charset=iso-2022-jp\nSubject: " + "意見照会".encode("iso-2022-jp"),
        "意見照会",
    ),
    "folded with a tab": ("Subject: Call\n\tfor inputs", "Call for inputs"),
    "folded, the first line empty": ("Subject:\n Call for inputs", "Call for inputs"),
    "no space behind the colon": ("Subject:Call", "Call"),
    "space before the colon": ("Subject : Call", "Call"),
    "twice": ("Subject: first\nSubject: second", "first"),
    "upper case name": ("SUBJECT: Call", "Call"),
    "encoded word in quotes": ('Subject: "=?utf-8?Q?=C3=A9t=C3=A9?="', '"été"'),
    "encoded word that never ends": ("Subject: =?utf-8?Q?=C3=A9t", "=?utf-8?Q?=C3=A9t"),
    "no subject": ("X-A: 1", ""),
}


@pytest.mark.parametrize(("header", "subject"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_subject(header: str | bytes, subject: str) -> None:
    assert parse_mail(mail(header)).subject == subject


CHARSETS = {
    "x-gbk": ("gbk", "意见"), "gb2312": ("gbk", "朱镕基"), "ks_c_5601-1987": ("cp949", "의견"),
    "x-big5": ("big5", "意見"),
    "windows-31j": ("cp932", "意見"), "x-euc-jp": ("euc-jp", "意見"), "_iso-2022-jp$ESC": ("iso-2022-jp", "意見"),
    "tis-620": ("cp874", "ความ"), "ibm866": ("cp866", "Отзыв"), "x-mac-cyrillic": ("mac-cyrillic", "Отзыв"),
    "win-1251": ("cp1251", "Отзыв"), "windows1251": ("cp1251", "Отзыв"), "x-cp1251": ("cp1251", "Отзыв"),
    "latin2": ("iso-8859-2", "čaj"), "iso8859-2": ("iso-8859-2", "čaj"), "iso_8859-1:1987": ("latin-1", "café"),
    "mac": ("mac-roman", "café"), "ansi": ("cp1252", "café"), "utf-8;": ("utf-8", "café"), "UTF_8": ("utf-8", "café"),
    "charset=utf-8": ("utf-8", "café"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARSETS)
def test_charset(name: str) -> None:
    codec, text = CHARSETS[name]
    header = f"Content-Type: text/plain; charset={name}\nContent-Transfer-Encoding: base64"
    assert parse_mail(mail(header, base64.b64encode(text.encode(codec)))).text == text


SENDERS: dict[str, tuple[str | bytes, str, str]] = {
    "bare": ("From: ana@agency.example", "", "ana@agency.example"),
    "quoted comma": ('From: "Ruiz, Ana" <ana@agency.example>', "Ruiz, Ana", "ana@agency.example"),
    "unquoted comma": ("From: Ruiz, Ana <ana@agency.example>", "Ana", "ana@agency.example"),
    "comment for a name": ("From: ana@agency.example (Ana Ruiz)", "Ana Ruiz", "ana@agency.example"),
    "nested comments": ("From: Ana Ruiz <ana@agency.example> (at (home))", "Ana Ruiz", "ana@agency.example"),
    "route": ("From: Ana <@relay.example,@mx.example:ana@agency.example>", "Ana", "ana@agency.example"),
    "encoded name": ("From: =?utf-8?Q?Ana_Ru=C3=ADz?= <ana@agency.example>", "Ana Ruíz", "ana@agency.example"),
    "encoded name in quotes": (
        'From: "=?utf-8?Q?Ana_Ru=C3=ADz?=" <ana@agency.example>',
        "Ana Ruíz",
        "ana@agency.example",
    ),
    "encoded comma": ("From: =?utf-8?Q?Ru=C3=ADz=2C_Ana?= <ana@agency.example>", "Ruíz, Ana", "ana@agency.example"),
    "encoded address and all": (
        f"From: =?utf-8?B?{b64(b'Ana <ana@agency.example>')}?=",
        "Ana",
        "ana@agency.example",
    ),
    "two senders": ("From: Ana <ana@agency.example>, Bo <bo@agency.example>", "Ana", "ana@agency.example"),
    "two From fields": ("From: Ana <ana@agency.example>\nFrom: Bo <bo@agency.example>", "Ana", "ana@agency.example"),
    "single quotes": ("From: 'Ana Ruiz' <ana@agency.example>", "Ana Ruiz", "ana@agency.example"),
    "escaped quotes": (r'From: "Ana \"Anita\" Ruiz" <ana@agency.example>', 'Ana "Anita" Ruiz', "ana@agency.example"),
    "no space before the angle": ("From: Ana<ana@agency.example>", "Ana", "ana@agency.example"),
    "spaces in the angle": ("From: Ana < ana@agency.example >", "Ana", "ana@agency.example"),
    "angle that never closes": ("From: Ana <ana@agency.example", "Ana", "ana@agency.example"),
    "quote that never closes": ('From: "Ana <ana@agency.example>', "Ana", "ana@agency.example"),
    "upper case": ("From: ANA@Agency.EXAMPLE", "", "ana@agency.example"),
    "bare UTF-8 name": ("From: Ana Ruíz <ana@agency.example>".encode(), "Ana Ruíz", "ana@agency.example"),
    "bare latin-1 name": ("From: Ana Ruíz <ana@agency.example>".encode("latin-1"), "Ana Ruíz", "ana@agency.example"),
    "folded": ("From: Ana\n Ruiz\n <ana@agency.example>", "Ana Ruiz", "ana@agency.example"),
    "mailto": ("From: Ana <mailto:ana@agency.example>", "Ana", "ana@agency.example"),
    "unicode local part": ("From: Jørn <jørn@etat.example>".encode(), "Jørn", "jørn@etat.example"),
    "quoted local part": ('From: Ana <"ana.ruiz"@agency.example>', "Ana", "ana.ruiz@agency.example"),
    "name that is an address": ('From: "bo@x.example" <ana@agency.example>', "bo@x.example", "ana@agency.example"),
    "dot in an unquoted name": ("From: Ana J. Ruiz <ana@agency.example>", "Ana J. Ruiz", "ana@agency.example"),
}


@pytest.mark.parametrize(("header", "name", "address"), SENDERS.values(), ids=SENDERS.keys())
def test_sender(header: str | bytes, name: str, address: str) -> None:
    raw = mail(header if isinstance(header, bytes) else header.encode(), plain=False)
    sender = parse_mail(raw).sender
    assert sender is not None
    assert (sender.name, sender.address) == (name, address)


RECEIVERS: dict[str, tuple[str, list[str]]] = {
    "group": ("To: Experts: a@x.example, B <b@x.example>;, c@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
    "empty group": ("To: undisclosed-recipients:;", []),
    "semicolons": ("To: a@x.example; b@x.example", ["a@x.example", "b@x.example"]),
    "twice": ("To: a@x.example\nTo: b@x.example", ["a@x.example", "b@x.example"]),
    "trailing comma": ("To: a@x.example,", ["a@x.example"]),
    "quoted commas": ('To: "A, B" <a@x.example>, "C, D" <c@x.example>', ["a@x.example", "c@x.example"]),
    "folded between": ("To: a@x.example,\n\tb@x.example", ["a@x.example", "b@x.example"]),
    "names with parentheses": ("To: A (x, y) <a@x.example>, b@x.example", ["a@x.example", "b@x.example"]),
}


@pytest.mark.parametrize(("header", "addresses"), RECEIVERS.values(), ids=RECEIVERS.keys())
def test_receivers(header: str, addresses: list[str]) -> None:
    assert [mailbox.address for mailbox in parse_mail(mail(header)).to] == addresses


DATES: dict[str, datetime | None] = {
    "Thu, 25 Oct 2012 09:30:00 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "25 Oct 2012 09:30 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "25 Oct 12 09:30:00 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu,25 Oct 2012 09:30:00 GMT": datetime(2012, 10, 25, 9, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:00 EST": datetime(2012, 10, 25, 14, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:00 EDT": datetime(2012, 10, 25, 13, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:00 +0200 (CEST)": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:00 +02:00": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:00 GMT+0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:00 UT": datetime(2012, 10, 25, 9, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 9:30:00 AM +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu, 25 October 2012 09:30:00 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thursday, 25 Oct 2012 09:30:00 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu Oct 25 09:30:00 2012": datetime(2012, 10, 25, 9, 30, tzinfo=UTC),
    "Thu Oct 25 09:30:00 CEST 2012": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "2012-10-25T09:30:00+02:00": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "2012-10-25 09:30:00": datetime(2012, 10, 25, 9, 30, tzinfo=UTC),
    "25-Oct-2012 09:30:00 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09.30.00 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:00 -0000": datetime(2012, 10, 25, 9, 30, tzinfo=UTC),
    "Thu, 25 Oct 2012 09:30:60 +0200": datetime(2012, 10, 25, 7, 31, tzinfo=UTC),
    "Thu, 25 Oct 112 09:30:00 +0200": datetime(2012, 10, 25, 7, 30, tzinfo=UTC),
    "yesterday": None,
    "Thu, 45 Oct 2012 09:30:00 +0200": None,
    "": None,
}


@pytest.mark.parametrize(("written", "instant"), DATES.items(), ids=DATES.keys())
def test_date(written: str, instant: datetime | None) -> None:
    read = parse_mail(f"From: a@agency.example\r\nDate: {written}\r\n\r\ntext\r\n".encode()).date
    assert (read.astimezone(UTC) if read else None) == instant


def part(headers: str, body: str | bytes) -> bytes:
    content = body if isinstance(body, bytes) else body.encode()
    return b"--B\r\n" + headers.replace("\n", "\r\n").encode() + b"\r\n\r\n" + content + b"\r\n"


def mixed(*parts: bytes, header: str = "Content-Type: multipart/mixed; boundary=B") -> bytes:
    return mail(f"MIME-Version: 1.0\n{header}", b"".join(parts) + b"--B--\r\n")


#: the fields of an attached file up to its name
DOC = "Content-Type: application/msword\nContent-Disposition: attachment; "
NAMES: dict[str, tuple[str, str]] = {
    "only in Content-Type": ('Content-Type: application/msword; name="a.doc"', "a.doc"),
    "in both, the disposition wins": (
        'Content-Type: application/msword; name="b.doc"\nContent-Disposition: attachment; filename="a.doc"',
        "a.doc",
    ),
    "unquoted with spaces": (
        DOC + "filename=our text.doc",
        "our text.doc",
    ),
    "encoded word": (
        DOC + 'filename="=?utf-8?Q?=C3=A9tat.doc?="',
        "état.doc",
    ),
    "encoded words, folded": (
        'Content-Type: application/msword\nContent-Disposition: attachment;\n filename="=?utf-8?B?'
        + b64("état de".encode())
        + "?=\n =?utf-8?B?"
        + b64(b" la question.doc")
        + '?="',
        "état de la question.doc",
    ),
    "encoded word without quotes": (
        DOC + "filename==?utf-8?Q?=C3=A9tat.doc?=",
        "état.doc",
    ),
    "RFC 2231": (
        DOC + "filename*=utf-8'fr'%C3%A9tat.doc",
        "état.doc",
    ),
    "RFC 2231 continued": (
        "Content-Type: application/msword\nContent-Disposition: attachment;\n"
        " filename*0*=utf-8''%C3%A9tat%20de;\n filename*1*=%20la;\n"
        ' filename*2=" question.doc"',
        "état de la question.doc",
    ),
    "RFC 2231 continued, not encoded": (
        DOC + 'filename*0="our "; filename*1="text.doc"',
        "our text.doc",
    ),
    "RFC 2231 continued out of order": (
        DOC + 'filename*1="text.doc"; filename*0="our "',
        "our text.doc",
    ),
    "RFC 2231 in another charset": (
        DOC + "filename*=koi8-r''" + "%CF%D4%DA%D9%D7.doc",
        "отзыв.doc",
    ),
    "RFC 2231 without charset": (
        DOC + "filename*=''%C3%A9tat.doc",
        "état.doc",
    ),
    "RFC 2231 and plain": (
        DOC + "filename=\"etat.doc\"; filename*=utf-8''%C3%A9tat.doc",
        "état.doc",
    ),
    "percent in a plain name": (
        DOC + 'filename="100%25.doc"',
        "100%25.doc",
    ),
    "bare UTF-8": (
        DOC + 'filename="état.doc"',
        "état.doc",
    ),
    "a path": (
        DOC + 'filename="/home/ana/our text.doc"',
        "our text.doc",
    ),
    "a Windows path": (
        r"Content-Type: application/msword" "\n" r'Content-Disposition: attachment; filename="C:\\temp\\a.doc"',
        "a.doc",
    ),
    "single quotes around": (
        DOC + "filename='a.doc'",
        "a.doc",
    ),
    "upper-case parameter": (
        'Content-Type: application/msword\nContent-Disposition: ATTACHMENT; FILENAME="a.doc"',
        "a.doc",
    ),
    "semicolon in quotes": (
        DOC + 'filename="a;b.doc"',
        "a;b.doc",
    ),
    "escaped quote": (
        r"Content-Type: application/msword" "\n" r'Content-Disposition: attachment; filename="a \"b\".doc"',
        'a "b".doc',
    ),
    "disposition without type": ('Content-Type: application/msword\nContent-Disposition: filename="a.doc"', "a.doc"),
    "comment behind": ('Content-Type: application/msword; name="a.doc" (our text)', "a.doc"),
}


@pytest.mark.parametrize(("headers", "name"), NAMES.values(), ids=NAMES.keys())
def test_name_of_a_file(headers: str, name: str) -> None:
    raw = mixed(
        part("Content-Type: text/plain", "see file"),
        part(headers + "\nContent-Transfer-Encoding: base64", b64(b"content")),
    )
    assert [(file.filename, file.content) for file in parse_mail(raw).attachments] == [(name, b"content")]


def files(found: ParsedMail) -> list[str]:
    return [file.filename for file in found.attachments]


BODIES: dict[str, tuple[bytes, Callable[[ParsedMail], object], object]] = {
    "uuencoded file below text": (
        mail("Subject: x", b"See below.\r\n\r\nbegin 644 notes.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n"),
        lambda m: (m.text.strip(), [(f.filename, f.content) for f in m.attachments]),
        ("See below.", [("notes.txt", b"hello")]),
    ),
    "x-uuencode part": (
        mixed(
            part("Content-Type: text/plain", "see"),
            part(
                'Content-Type: application/octet-stream; name="notes.txt"\nContent-Transfer-Encoding: x-uuencode',
                b"begin 644 notes.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n",
            ),
        ),
        lambda m: [(f.filename, f.content) for f in m.attachments],
        [("notes.txt", b"hello")],
    ),
    "base64 with junk between": (
        mixed(
            part("Content-Type: text/plain", "see"),
            part(
                'Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64',
                b"aGVs\r\n*!\r\nbG8=\r\n",
            ),
        ),
        lambda m: [f.content for f in m.attachments],
        [b"hello"],
    ),
    "base64 with text after": (
        mixed(
            part("Content-Type: text/plain", "see"),
            part('Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64', b"aGVsbG8=\r\n\r\n"),
        ),
        lambda m: [f.content for f in m.attachments],
        [b"hello"],
    ),
    "base64 encoded piece by piece": (
        mail("Content-Type: text/plain\nContent-Transfer-Encoding: base64", b"aGVsbG8=\r\nIGFsbA==\r\n"),
        lambda m: m.text,
        "hello all",
    ),
    "base64 body without padding": (
        mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", b"aGVsbG8"),
        lambda m: m.text,
        "hello",
    ),
    "encoding in odd case with space": (
        mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: Base64 ", b"aGVsbG8="),
        lambda m: m.text,
        "hello",
    ),
    "encoding with a comment": (
        mail(
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable (by us)", b"caf=C3=A9"
        ),
        lambda m: m.text,
        "café",
    ),
    "unknown encoding": (
        mail("Content-Type: text/plain\nContent-Transfer-Encoding: amazing-final", b"hello"),
        lambda m: m.text,
        "hello",
    ),
    "soft break at the end": (
        mail(
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
            b"caf=C3=A9 au=\r\n lait=\r\n",
        ),
        lambda m: m.text.strip(),
        "café au lait",
    ),
    "broken escapes stay": (
        mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", b"1=2 and =ZZ"),
        lambda m: m.text.strip(),
        "1=2 and =ZZ",
    ),
    "lower-case escapes": (
        mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", b"caf=c3=a9"),
        lambda m: m.text.strip(),
        "café",
    ),
    "8bit that says 7bit": (
        mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit", "café".encode()),
        lambda m: m.text.strip(),
        "café",
    ),
    "us-ascii that is latin": (
        mail("Content-Type: text/plain; charset=us-ascii", "café".encode("latin-1")),
        lambda m: m.text.strip(),
        "café",
    ),
    "charset in quotes with a space": (
        mail('Content-Type: text/plain; charset=" utf-8 "', "café".encode()),
        lambda m: m.text.strip(),
        "café",
    ),
    "charset iso-8859-8-i": (
        mail("Content-Type: text/plain; charset=iso-8859-8-i", "שלום".encode("iso-8859-8")),
        lambda m: m.text.strip(),
        "שלום",
    ),
    "charset cp-850": (
        mail("Content-Type: text/plain; charset=cp-850", "café".encode("cp850")),
        lambda m: m.text.strip(),
        "café",
    ),
    "charset unknown-8bit": (
        mail("Content-Type: text/plain; charset=unknown-8bit", "café".encode()),
        lambda m: m.text.strip(),
        "café",
    ),
    "charset default": (
        mail("Content-Type: text/plain; charset=default", "café".encode("cp1252")),
        lambda m: m.text.strip(),
        "café",
    ),
    "charset rot13 is no charset": (
        mail("Content-Type: text/plain; charset=rot13", b"hello"),
        lambda m: m.text.strip(),
        "hello",
    ),
    "charset utf-16 with mark": (
        mail(
            "Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64",
            base64.b64encode("café".encode("utf-16")),
        ),
        lambda m: m.text.strip(),
        "café",
    ),
    "utf-7 body": (mail("Content-Type: text/plain; charset=utf-7", b"caf+AOk-"), lambda m: m.text.strip(), "café"),
    "utf-8 mark in front": (
        mail("Content-Type: text/plain; charset=utf-8", "\ufeffcafé".encode()),
        lambda m: m.text.strip(),
        "café",
    ),
    "iso-2022-jp": (
        mail("Content-Type: text/plain; charset=iso-2022-jp", "意見照会".encode("iso-2022-jp")),
        lambda m: m.text.strip(),
        "意見照会",
    ),
    "no content type, 8bit": (mail("Subject: x", "意见".encode()), lambda m: m.text.strip(), "意见"),
    "content type without subtype": (mail("Content-Type: text", b"hello"), lambda m: m.text.strip(), "hello"),
    "content type empty": (mail("Content-Type:", b"hello"), lambda m: m.text.strip(), "hello"),
    "content type with two semicolons": (
        mail("Content-Type: text/plain;; charset=utf-8", "café".encode()),
        lambda m: m.text.strip(),
        "café",
    ),
    "multipart without boundary": (mail("Content-Type: multipart/mixed", b"hello"), lambda m: m.text.strip(), "hello"),
    "multipart without boundary, with delimiters": (
        mail(
            "Content-Type: multipart/mixed",
            b"--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B\r\n"
            b"Content-Type: application/pdf; name=a.pdf\r\n\r\nx\r\n--B--\r\n",
        ),
        lambda m: (m.text.strip(), files(m)),
        ("hello", ["a.pdf"]),
    ),
    "boundary with spaces in quotes": (
        mail(
            'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="a b"',
            b"--a b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--a b--\r\n",
        ),
        lambda m: m.text.strip(),
        "hello",
    ),
    "never closed": (
        mail(
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B",
            b"--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n",
        ),
        lambda m: m.text.strip(),
        "hello",
    ),
    "preamble and epilogue are no text": (
        mail(
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B",
            b"use MIME\r\n--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B--\r\nbye\r\n",
        ),
        lambda m: m.text.strip(),
        "hello",
    ),
    "empty parts": (
        mixed(b"--B\r\n\r\n\r\n", part("Content-Type: text/plain", "hello")),
        lambda m: m.text.strip(),
        "hello",
    ),
    "part without header": (mixed(b"--B\r\n\r\nhello\r\n"), lambda m: m.text.strip(), "hello"),
    "part whose header never ends": (mixed(b"--B\r\nContent-Type: text/plain\r\n"), lambda m: m.text.strip(), ""),
    "related pictures": (
        mixed(
            b"--B\r\nContent-Type: multipart/related; boundary=C\r\n\r\n--C\r\nContent-Type: text/html\r\n\r\n"
            b"<p>hello</p>\r\n"
            b"--C\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--C--\r\n",
        ),
        lambda m: (m.text.strip(), [(f.filename, f.content_id) for f in m.attachments]),
        ("hello", [("logo.png", "logo")]),
    ),
    "nested mail with a file": (
        mixed(
            part("Content-Type: text/plain", "see"),
            b"--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: text/plain\r\n\r\n"
            b"inner text\r\n",
        ),
        lambda m: (m.text.strip(), files(m)),
        ("see", ["inner.eml"]),
    ),
    "two texts": (
        mixed(part("Content-Type: text/plain", "one"), part("Content-Type: text/plain", "two")),
        lambda m: m.text.split(),
        ["one", "two"],
    ),
    "text with a name, attached": (
        mixed(
            part("Content-Type: text/plain", "see"),
            part('Content-Type: text/plain; name="a.txt"\nContent-Disposition: attachment', "notes"),
        ),
        lambda m: (m.text.strip(), files(m)),
        ("see", ["a.txt"]),
    ),
    "appledouble": (
        mixed(
            part("Content-Type: text/plain", "see"),
            b"--B\r\nContent-Type: multipart/appledouble; boundary=C\r\n\r\n--C\r\n"
            b'Content-Type: application/applefile; name="a.doc"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
            b"AAUWBwAC\r\n"
            b'--C\r\nContent-Type: application/msword; name="a.doc"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
            b"aGVsbG8=\r\n--C--\r\n",
        ),
        lambda m: [f.content for f in m.attachments if f.content_type == "application/msword"],
        [b"hello"],
    ),
    "html only": (
        mail("Content-Type: text/html; charset=utf-8", "<p>café</p>".encode()),
        lambda m: m.text.strip(),
        "café",
    ),
    "html that names its charset itself": (
        mail(
            "Content-Type: text/html",
            '<html><head><meta charset="windows-1251"></head><p>Отзыв</p></html>'.encode("cp1251"),
        ),
        lambda m: m.text.strip(),
        "Отзыв",
    ),
    "CR only": (
        b"From: a@agency.example\rSubject: Call\r\rhello\r",
        lambda m: (m.subject, m.text.strip()),
        ("Call", "hello"),
    ),
    "LF only": (
        b"From: a@agency.example\nSubject: Call\n\nhello\n",
        lambda m: (m.subject, m.text.strip()),
        ("Call", "hello"),
    ),
    "mbox line in front": (
        b"From a@agency.example Thu Oct 25 09:30:00 2012\nFrom: a@agency.example\nSubject: Call\n\nhello\n",
        lambda m: (m.subject, m.text.strip()),
        ("Call", "hello"),
    ),
    "quoted mbox line in front": (
        b">From a@agency.example Thu Oct 25 09:30:00 2012\nFrom: a@agency.example\nSubject: Call\n\nhello\n",
        lambda m: (m.subject, m.text.strip()),
        ("Call", "hello"),
    ),
    "byte order mark in front": (
        b"\xef\xbb\xbfFrom: a@agency.example\r\nSubject: Call\r\n\r\nhello\r\n",
        lambda m: (m.subject, m.text.strip(), m.sender.address if m.sender else ""),
        ("Call", "hello", "a@agency.example"),
    ),
    "NUL in the header": (
        b"From: a@agency.example\r\nSubject: Ca\0ll\r\n\r\nhel\0lo\r\n",
        lambda m: (m.subject, m.text.strip()),
        ("Call", "hello"),
    ),
    "empty lines in front": (
        b"\r\n\r\nFrom: a@agency.example\r\nSubject: Call\r\n\r\nhello\r\n",
        lambda m: (m.subject, m.text.strip()),
        ("Call", "hello"),
    ),
    "no empty line after the header": (
        b"From: a@agency.example\r\nSubject: Call\r\nhello all\r\nof you\r\n",
        lambda m: (m.subject, m.text.strip()),
        ("Call", "hello all\nof you"),
    ),
    "header only": (b"From: a@agency.example\r\nSubject: Call\r\n", lambda m: (m.subject, m.text), ("Call", "")),
    "garbage line in the header": (
        b"From: a@agency.example\r\nthis is no field\r\nSubject: Call\r\n\r\nhello\r\n",
        lambda m: m.sender.address if m.sender else "",
        "a@agency.example",
    ),
    "empty": (b"", lambda m: (m.subject, m.text, m.sender), ("", "", None)),
    "long line": (mail("Content-Type: text/plain", b"x" * 5000), lambda m: len(m.text.strip()), 5000),
    "folded message id": (
        mail("Subject: x\nIn-Reply-To:\n <c1@gmg.example>\nReferences: <a@x.example>\n\t<b@x.example>"),
        lambda m: (m.in_reply_to, m.references),
        (("<c1@gmg.example>",), ("<a@x.example>", "<b@x.example>")),
    ),
    "yEnc below text": (
        mail(
            "Subject: x",
            b"See below.\r\n\r\n=ybegin line=128 size=5 name=notes.txt\r\n"
            + bytes((c + 42) % 256 for c in b"hello")
            + b"\r\n=yend size=5\r\n",
        ),
        lambda m: [(f.filename, f.content) for f in m.attachments],
        [("notes.txt", b"hello")],
    ),
}


@pytest.mark.parametrize(("raw", "read", "expected"), BODIES.values(), ids=BODIES.keys())
def test_body(raw: bytes, read: Callable[[ParsedMail], object], expected: object) -> None:
    assert read(parse_mail(raw)) == expected


def test_damaged_base64_with_signs_in_its_middle_stays_a_defect() -> None:
    fields = b"Content-Type: application/msword; name=a.doc\r\nContent-Transfer-Encoding: base64"
    body = b"--B\r\n" + fields + b"\r\n\r\nUEsD=BB!!Q=AB\r\n"
    found = parse_mail(mail("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B", body))
    assert any(defect.startswith("unreadable:") for defect in found.defects)
