"""Messages and files that were built to do harm, small or as large as a mailbox lets through; all made here."""

import base64
import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.make_docx import make_docx
from tests.make_mail import make_mail, make_multipart, make_part

#: a known writer about a known draft, so that everything in a message is read
SENDER = "ILO Water <water@ilo.example>"
SUBJECT = "RE: [WTG-WAT] inputs"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENTITIES = '<!DOCTYPE a [<!ENTITY a0 "haha">{}]>'
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True)
class Specimen:
    """One hostile message."""

    name: str
    raw: bytes


def list_specimens(scale: int) -> Iterator[Specimen]:
    """Every kind of hostile message, `scale` times as large as the smallest: 1 for a suite, 1,000 for a siege."""
    for name, body in _list_bodies(scale):
        yield Specimen(f"text: {name}", make_mail(sender=SENDER, subject=SUBJECT, text=body))
    for name, page in _list_pages(scale):
        yield Specimen(f"HTML: {name}", make_mail(sender=SENDER, subject=SUBJECT, text=None, html=page))
    for name, filename, content, kind in _list_files(scale):
        file = (filename, content, kind)
        mail = make_mail(sender=SENDER, subject=SUBJECT, text="See the file.", attachments=[file])
        yield Specimen(f"file: {name}", mail)
    for name, build in _STRUCTURES.items():
        yield Specimen(f"structure: {name}", build(scale))


# --- Bodies -----------------------------------------------------------------------------------------------------


def _list_bodies(scale: int) -> Iterator[tuple[str, str]]:
    """Text that patterns stumble over."""
    many = 100 * scale
    lines = {
        "one letter": "a" * (5 * many),
        "one space": " " * (5 * many),
        "quote signs on one line": "> " * many,
        "quote signs without space": ">" * many,
        "no end to On": "On " * many + "wrote",
        "no end to On with dates": "On Mon, 1 Oct 2012 at 10:00, " * (many // 10) + "wrote:",
        "deeper with each line": "\n".join(">" * level + " x" for level in range(min(many, 10_000))),
        "attributions nested": "\n".join(
            ">" * level + f" On 1 Oct 2012, A. Person <p{level}@x.example> wrote:" for level in range(min(many, 5_000))
        ),
        "attribution without end": "On Mon, 1 Oct 2012, " + "A. Person\n" * many,
        "header blocks": "From: a@x.example\nSent: Monday\nTo: b@x.example\nSubject: x\n\n" * (many // 10),
        "original message": "-----Original Message-----\n" * many,
        "dashes": "-" * many + "\n" + "_" * many,
        "blank lines": "\n" * (5 * many),
        "blanks and tabs": " \t" * many + "\n" + "\t \n" * many,
        "quotation marks unclosed": "\u201c" * many + "'" * many + '"' * many,
        "quotation marks in turn": "\u201cx " * many + "x\u201d " * many,
        "paragraph numbers": "para " * many + "4",
        "instructions": 'Para 4: replace "' + "x " * many + '" by "y"',
        "replace without end": 'replace "a" by ' * (many // 4),
        "brackets": "[" * many + "]" * many,
        "tokens": "[WTG-" * many,
        "addresses": "a@" * many + " " + "b@x.example " * (many // 4),
        "dots": "." * many + " " + "!? " * many,
        "sentences": "No comments. " * many,
        "links": "https://x.example/" * (many // 10) + " http://" * many,
        "combining marks": "e" + "\u0301" * many,
        "invisible signs": "\u200b\u2060\ufeff" * many,
        "digits": "1" * many + " 1." * many,
        "names of months": "October " * many,
        "signature marks": "-- \n" * many,
        "bounce words": "550 5.1.1 <a@x.example> User unknown\n" * (many // 4),
        "recipients without end": "<" * many + "a@b" * many,
        "tables": "|" * many + "\n" + "a | b | c\n" * (many // 4),
        "emphasis": "*" * many + "_a_ " * many + "~~" * many,
        "one kind of everything": "\u00e9\u4e2d\u0627\U0001f600 \ue000\ue001\ue002" * (many // 10),
    }
    yield from lines.items()


def _list_pages(scale: int) -> Iterator[tuple[str, str]]:
    """HTML that is deep, long or wrong."""
    many = 100 * scale
    pages = {
        "deep div": "<div>" * many + "x",
        "deep quotes": "<blockquote type=cite>" * many + "x",
        "deep quotes closed": "<blockquote class=gmail_quote>" * many + "x" + "</blockquote>" * many,
        "deep tables": "<table><tr><td>" * (many // 3) + "x",
        "deep lists": "<ul><li>" * (many // 2) + "x",
        "deep links": '<a href="http://x.example/">' * many + "x" + "</a>" * many,
        "links in a row": '<a href="http://x.example/">x</a>' * (many // 4),
        "deep spans": "<span>" * many + "x" + "</span>" * many,
        "deep deletions": "<del>" * many + "x" + "</del>" * many,
        "edits in a row": "<del>a</del><ins>b</ins> " * (many // 4),
        "attributes": "<p " + " ".join(f"a{number}=1" for number in range(many)) + ">x</p>",
        "one attribute": f'<p style="{"color: red;" * many}">x</p>',
        "entities": "&amp;" * many + "&lt;" * many + "&#0;" * many + "&#x110000;" * many,
        "own entities": _entities(min(many, 30)) + "<p>&a29;</p>",
        "CSS": f"<style>{'a{b:c} ' * many}</style>x",
        "comments": "<!--" * many + "x",
        "cut in a tag": "<p>x</p><" * many,
        "cut in a script": "<script>" * many,
        "many signatures": '<div class="gmail_signature">' * many + "x",
        "many quote classes": f'<div class="{"gmail_quote " * many}">x</div>',
        "line breaks": "<br>" * many,
        "preformatted": "<pre>" + "\n" * many + "</pre>",
        "NUL": "<p>\0</p>" * many,
        "base64 picture": f'<img src="data:image/png;base64,{"A" * 4 * many}">x',
    }
    yield from pages.items()


def _entities(levels: int) -> str:
    """A document type whose last entity stands for ten to the power of `levels`."""
    rows = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, levels))
    return _ENTITIES.format(rows)


# --- Files ------------------------------------------------------------------------------------------------------


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """An archive with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _nest_zips(levels: int, fan: int, size: int) -> bytes:
    content = zip_of({f"{number}.txt": bytes(size) for number in range(fan)})
    for _ in range(levels):
        content = zip_of({f"{number}.zip": content for number in range(fan)})
    return content


def _overlap(members: int, size: int) -> bytes:
    """An archive whose directory names one member many times: each is unpacked again."""
    single = zip_of({"a.txt": bytes(size)})
    start = single.index(b"PK\x01\x02")
    end = single.index(b"PK\x05\x06")
    entry = single[start:end]
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, members % 65536, members % 65536, len(entry) * members, start, 0
    )
    return single[:start] + entry * members + tail


def _swap(package: bytes, name: str, content: bytes) -> bytes:
    """The package with one member replaced or added."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    return zip_of({**members, name: content})


def _word(inner: str, doctype: str = "") -> bytes:
    """A Word file with this body."""
    xml = f'<?xml version="1.0"?>{doctype}<w:document {_WORD}><w:body>{inner}</w:body></w:document>'
    return _swap(make_docx("x"), "word/document.xml", xml.encode())


def _paragraphs(count: int) -> str:
    return "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * count


def _sheet(inner: str, doctype: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zip_of(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/s.xml" ContentType="{kind}.worksheet+xml"/></Types>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{office}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="s.xml"/></Relationships>'.encode(),
            "xl/s.xml": f'{doctype}<worksheet xmlns="{space}"><sheetData>{inner}</sheetData></worksheet>'.encode(),
        }
    )


def _odt(inner: str, doctype: str = "") -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    text = f'xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0"'
    xml = f"{doctype}<office:document-content {text}><office:body><office:text>{inner}</office:text></office:body>"
    return zip_of(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": f"{xml}</office:document-content>".encode(),
        }
    )


def _tnef(objects: int, length: int) -> bytes:
    one = b"\x02" + struct.pack("<LL", 0x0006800F, length) + b"x" * min(length, 10) + b"\0\0"
    return b"\x78\x9f\x3e\x22\0\0" + one * objects


def _pdf(body: str) -> bytes:
    return f"%PDF-1.4\n{body}\ntrailer<</Root 1 0 R>>\n%%EOF".encode()


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">L4sLL5B", 13, b"IHDR", width, height, 8, 6, 0, 0, 0) + b"junk" * 10


def _list_files(scale: int) -> Iterator[tuple[str, str, bytes, str]]:
    """Files that unpack, nest, loop or point outside: kind, name, bytes, media type."""
    many = 100 * scale
    yield "zip bomb", "a.zip", zip_of({"a.docx": bytes(20_000 * scale)}), "application/zip"
    yield "zips in zips", "a.zip", _nest_zips(5, 4, 100 * scale), "application/zip"
    yield "overlapping members", "a.zip", _overlap(min(many, 60_000), 10_000 * min(scale, 50)), "application/zip"
    yield (
        "path traversal",
        "a.zip",
        zip_of({"../../../tmp/escaped.docx": b"x", "/etc/escaped": b"x"}),
        "application/zip",
    )
    yield "path traversal by name", "../../../../tmp/escaped.docx", make_docx("x"), DOCX
    yield "many members", "a.zip", zip_of({f"{number}.txt": b"x" for number in range(many)}), "application/zip"
    yield "garbage zip", "a.zip", b"PK\x03\x04" + random.Random(scale).randbytes(many), "application/zip"
    yield "gzip bomb", "a.gz", gzip.compress(bytes(20_000 * scale)), "application/gzip"
    yield (
        "entities in Word",
        "a.docx",
        _word(f"{_paragraphs(1)}<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", _entities(10)),
        DOCX,
    )
    yield (
        "outside entity in Word",
        "a.docx",
        _word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
        DOCX,
    )
    yield "deep Word", "a.docx", _word("<w:p><w:ins>" * many + "</w:ins></w:p>" * many), DOCX
    yield "deep tables in Word", "a.docx", _word("<w:tbl><w:tr><w:tc>" * many + "</w:tc></w:tr></w:tbl>" * many), DOCX
    yield "long Word", "a.docx", _word(_paragraphs(many)), DOCX
    yield "one long run in Word", "a.docx", _word(f"<w:p><w:r><w:t>{'x ' * 50 * many}</w:t></w:r></w:p>"), DOCX
    yield "many runs in Word", "a.docx", _word(f"<w:p>{'<w:r><w:t>x</w:t></w:r>' * many}</w:p>"), DOCX
    yield "Word bomb", "a.docx", _swap(make_docx("x"), "word/media/a.bin", bytes(200_000 * scale)), DOCX
    yield "Word without text", "a.docx", zip_of({"[Content_Types].xml": b"<Types/>"}), DOCX
    yield "Word cut", "a.docx", make_docx("x")[:-40], DOCX
    yield "wide sheet", "a.xlsx", _sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), XLSX
    yield "far sheet", "a.xlsx", _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), XLSX
    yield "long sheet", "a.xlsx", _sheet('<row><c t="inlineStr"><is><t>x</t></is></c></row>' * many), XLSX
    yield "entities in a sheet", "a.xlsx", _sheet("<row><c><v>&a9;</v></c></row>", _entities(10)), XLSX
    yield "entities in ODT", "a.odt", _odt("<text:p>&a9;</text:p>", _entities(10)), "application/octet-stream"
    yield "deep ODT", "a.odt", _odt("<text:section>" * many + "</text:section>" * many), "application/octet-stream"
    yield (
        "repeated spaces in ODT",
        "a.odt",
        _odt(f'<text:p>x<text:s text:c="{10**9 * scale}"/></text:p>'),
        "application/x",
    )
    yield "deep RTF", "a.rtf", b"{\\rtf1" + b"{" * many + b"x" + b"}" * many + b"}", "application/rtf"
    yield "objects of winmail.dat", "winmail.dat", _tnef(many, 10), "application/ms-tnef"
    yield "lengths of winmail.dat", "winmail.dat", _tnef(3, 2**31), "application/ms-tnef"
    yield (
        "garbage winmail.dat",
        "winmail.dat",
        b"\x78\x9f\x3e\x22" + random.Random(scale).randbytes(many),
        "application/x",
    )
    yield (
        "loop in PDF",
        "a.pdf",
        _pdf("1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>endobj"),
        "application/pdf",
    )
    yield "pages without end", "a.pdf", _pdf(
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 999999/Kids["
        + "2 0 R " * many + "]>>endobj"
    ), "application/pdf"  # fmt: skip
    yield "deep PDF", "a.pdf", _pdf("1 0 obj" + "[" * many + "]" * many + "endobj"), "application/pdf"
    yield "huge picture", "a.png", _png(2**31 - 1, 2**31 - 1), "image/png"
    yield (
        "calendar",
        "a.ics",
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nRRULE:FREQ=SECONDLY\r\n" * many,
        "text/calendar",
    )
    yield "deep calendar", "a.ics", b"BEGIN:VEVENT\r\n" * many, "text/calendar"
    yield "signed by nobody", "smime.p7m", b"\x30\x80" * many, "application/pkcs7-mime"
    yield "lengths of a signature", "smime.p7m", b"\x30\x84\xff\xff\xff\xff" * many, "application/pkcs7-mime"


# --- Structure --------------------------------------------------------------------------------------------------


def _head(*fields: bytes, body: bytes = b"We have no comments.\r\n") -> bytes:
    return b"\r\n".join([b"From: " + SENDER.encode(), b"Subject: " + SUBJECT.encode(), *fields, b"", body])


def _nest_parts(scale: int) -> bytes:
    body = make_part("text/plain", b"deep")
    for level in range(10 * min(scale, 100)):
        body = make_part(f'multipart/mixed; boundary="b{level}"', make_multipart([body], f"b{level}"))
    return b"From: " + SENDER.encode() + b"\r\n" + body


def _nest_messages(scale: int) -> bytes:
    return b"From: " + SENDER.encode() + b"\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * (10 * scale)


def _many_parts(scale: int) -> bytes:
    return _head(b"Content-Type: multipart/mixed; boundary=b", body=b"--b\r\n\r\nx\r\n" * (100 * scale))


def _one_boundary(scale: int) -> bytes:
    name = b"b" * (100 * scale)
    return _head(b"Content-Type: multipart/mixed; boundary=" + name, body=b"--" + name + b"\r\n\r\nx\r\n")


def _same_boundary(scale: int) -> bytes:
    part = b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return _head(b"Content-Type: multipart/mixed; boundary=b", body=part * scale * 10)


def _attached_letters(scale: int) -> bytes:
    inner = make_mail(sender=SENDER, attachments=[("a.docx", make_docx("x"), DOCX)])
    return _head(
        b"Content-Type: multipart/digest; boundary=d",
        body=make_multipart([make_part("message/rfc822", inner)] * min(10 * scale, 900), "d"),
    )


def _bounces(scale: int) -> bytes:
    fields = "Reporting-MTA: dns; x.example\n\n" + (
        "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n" * 100 * scale
    )
    return make_mail(sender="<mailer-daemon@x.example>", text="Failed.", report=("delivery-status", fields))


def _base64_bomb(scale: int) -> bytes:
    content = base64.b64encode(bytes(7_500 * scale))
    return _head(b"Content-Transfer-Encoding: base64", b"Content-Type: text/plain", body=content)


def _encoded_in_turn(scale: int) -> bytes:
    """Parts that say they are encoded and are not, and the other way round."""
    kinds = (b"base64", b"quoted-printable", b"x-uuencode", b"binary", b"7bit", b"gzip")
    parts = [b"Content-Transfer-Encoding: " + kind + b"\r\n\r\n" + b"=\r\n=3D~!A" * 50 * scale for kind in kinds]
    return _head(b"Content-Type: multipart/mixed; boundary=e", body=make_multipart(parts, "e"))


_STRUCTURES: Mapping[str, Callable[[int], bytes]] = {
    "nothing": lambda scale: b"",
    "line ends only": lambda scale: b"\r\n" * 100 * scale,
    "NUL only": lambda scale: bytes(100 * scale),
    "every byte": lambda scale: bytes(range(256)) * scale,
    "CR only": lambda scale: _head().replace(b"\r\n", b"\r"),
    "LF only": lambda scale: _head().replace(b"\r\n", b"\n"),
    "NUL in between": lambda scale: _head(b"X: \0a\0").replace(b"e", b"e\0"),
    "eight bits in the head": lambda scale: _head(
        b"X-Name: " + b"\xff\xfe\xe9" * 100 * scale, b"To: \xe9\xe8@x.example"
    ),
    "no From, Date, Message-ID": lambda scale: b"Subject: x\r\n\r\nWe have no comments.",
    "no head": lambda scale: b"\r\nWe have no comments.",
    "no body": lambda scale: b"From: " + SENDER.encode() + b"\r\nSubject: x",
    "header fields": lambda scale: _head(b"\r\n".join(b"X-%d: y" % number for number in range(100 * scale))),
    "one header field": lambda scale: _head(b"X: " + b"y" * 10_000 * scale),
    "folded header field": lambda scale: _head(b"X: " + b"\r\n y" * 100 * scale),
    "continuations": lambda scale: b" \r\n" * 100 * scale + _head(),
    "addresses": lambda scale: _head(b"To: " + b"a@x.example, " * 100 * scale),
    "addresses folded": lambda scale: _head(b"To: " + b"a@x.example,\r\n " * 100 * scale),
    "many To": lambda scale: _head(*[b"To: a@x.example"] * 100 * scale),
    "comments in addresses": lambda scale: _head(b"Cc: " + b"(" * 100 * scale),
    "angles in addresses": lambda scale: _head(b"Cc: " + b"<" * 100 * scale),
    "quotes in addresses": lambda scale: _head(b"Cc: " + b'"' * 100 * scale + b"\\" * 900),
    "colons in addresses": lambda scale: _head(b"Cc: " + b"a:b;" * 100 * scale),
    "encoded words": lambda scale: _head(b"X: " + b"=?utf-8?B?eA==?= " * 100 * scale),
    "encoded words cut": lambda scale: _head(b"X: " + b"=?utf-8?Q?" * 100 * scale),
    "charsets nobody knows": lambda scale: _head(b"Content-Type: text/plain; charset=zlib", b"X: =?rot13?Q?abc?="),
    "references": lambda scale: _head(b"References: " + b"<a@x.example> " * 100 * scale),
    "references unclosed": lambda scale: _head(b"References: " + b"<a@" * 100 * scale),
    "received": lambda scale: _head(*[b"Received: from x by y; Mon, 1 Oct 2012 10:00:00 +0200"] * 100 * scale),
    "received unclosed": lambda scale: _head(b"Received: from " + b"(" * 50 * scale + b" by " * 50 * scale),
    "results": lambda scale: _head(b"Authentication-Results: mx.wtg.example; " + b"dkim=pass (" * 100 * scale),
    "comments in results": lambda scale: _head(
        b"Authentication-Results: mx.wtg.example; spf=pass " + b"(" * 30 * scale + b")" * 30 * scale
    ),
    "a date nobody knows": lambda scale: _head(b"Date: " + b"Mon, 99 Foo 99999999999 " * 10 * scale),
    "parameters": lambda scale: _head(b"Content-Type: text/plain; " + b"a=b; " * 100 * scale),
    "parameters in pieces": lambda scale: _head(
        b"Content-Type: text/plain; " + b" ".join(b"name*%d*=x;" % number for number in range(50 * scale))
    ),
    "piece by number": lambda scale: _head(b"Content-Type: text/plain; name*999999999*=x"),
    "parts in parts": _nest_parts,
    "messages in messages": _nest_messages,
    "parts in a row": _many_parts,
    "a long boundary": _one_boundary,
    "one boundary for all": _same_boundary,
    "letters attached": _attached_letters,
    "reports": _bounces,
    "base64 of nothing": _base64_bomb,
    "encodings that lie": _encoded_in_turn,
}


def mutate(raw: bytes, random_: random.Random) -> bytes:
    """A message with a few bytes turned, cut out, doubled, swapped or put in."""
    for _ in range(random_.randint(1, 6)):
        start = random_.randrange(len(raw) + 1)
        length = random_.randint(0, random_.choice((1, 40, 400)))
        piece = raw[start : start + length]
        raw = raw[:start] + random_.choice(_TURNS)(piece, random_) + raw[start + length :]
    return raw


_TURNS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    lambda piece, random_: b"",
    lambda piece, random_: piece + piece,
    lambda piece, random_: piece[::-1],
    lambda piece, random_: random_.randbytes(len(piece)),
    lambda piece, random_: bytes(byte ^ 1 << random_.randrange(8) for byte in piece),
    lambda piece, random_: piece + random_.choice(_JUNK),
    lambda piece, random_: piece * random_.randint(1, 200),
)
_JUNK = (
    b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\0", b"\xff\xfe", b"--", b"=?utf-8?B?", b"?=", b"<", b">", b'"', b"\\", b";",
    b"(", b"\r\n> ", b"boundary=", b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"PK\x03\x04",
)  # fmt: skip
