"""The mail programs of the sample round: how each names, threads, dresses and cuts a message.

See: docs/analysis/sample-round.md
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from pipeline.errors import UsageError


class Shape(StrEnum):
    """How a program cuts text, HTML and files into parts."""

    #: text and HTML side by side, files behind them
    ALTERNATIVE = "alternative"
    #: plain text, files behind it
    PLAIN = "plain"
    #: text in front of the files, the rest of the text behind them
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One mail program."""

    #: as messages.yaml names it
    name: str
    shape: Shape
    #: fields that name the program
    headers: tuple[tuple[str, str], ...]
    #: (hex digest, address of the sender, Date) -> Message-ID with angle brackets
    make_id: Callable[[str, str, datetime], str]
    #: hex digest -> boundary of the outermost multipart
    make_boundary: Callable[[str], str]
    #: one line of HTML text -> a paragraph
    dress: Callable[[str], str]
    #: what goes before and behind the paragraphs
    page: tuple[str, str] = ("<html><body>", "</body></html>")
    #: In-Reply-To and References are written
    threads: bool = True
    #: Thread-Topic and Thread-Index are written
    indexes: bool = False
    #: encoding of bodies: "quoted-printable", "base64", "7bit"
    encoding: str = "quoted-printable"
    #: character sets tried before the stated one
    charsets: tuple[str, ...] = ()
    #: how file names beyond ASCII are written: "words" where Latin letters allow it, or "rfc2231"
    naming: str = "rfc2231"
    #: further parameters of text parts
    parameters: str = ""
    #: the line above Outlook's header block in plain text
    rule: str = ""


# --- Message-IDs and boundaries --------------------------------------------------------------------------------


def _domain(address: str) -> str:
    """The part behind the @."""
    return address.rpartition("@")[2]


def _exchange_id(digest: str, address: str, _: datetime) -> str:
    """<32 hex digits@server of the domain>, as Exchange 2010 does."""
    return f"<{digest[:32].upper()}@EXMBX01.{_domain(address)}>"


def _notes_id(digest: str, address: str, _: datetime) -> str:
    """<OFxxxxxxxx.xxxxxxxx-ONxxxxxxxx.xxxxxxxx@domain>, the form of Lotus Domino."""
    hexes = digest.upper()
    return f"<OF{hexes[:8]}.{hexes[8:16]}-ONC1257{hexes[16:19]}.00{hexes[19:25]}@{_domain(address)}>"


def _mozilla_id(digest: str, address: str, date: datetime) -> str:
    """<seconds in hex.digits@domain>, as Thunderbird does."""
    return f"<{int(date.timestamp()):08X}.{int(digest[:7], 16) % 10_000_000:07d}@{_domain(address)}>"


def _uuid_id(digest: str, address: str, _: datetime) -> str:
    """<UUID@domain>, as Apple's programs do."""
    return f"<{_uuid(digest)}@{_domain(address)}>"


def _uuid(digest: str) -> str:
    """A UUID in capitals."""
    cuts = (digest[:8], digest[8:12], "4" + digest[13:16], "A" + digest[17:20], digest[20:32])
    return "-".join(cuts).upper()


def _gmail_id(digest: str, _: str, date: datetime) -> str:
    """<CA...@mail.webmail.example>, after Gmail."""
    return f"<CA{digest[:10]}+{digest[10:30]}_{int(date.timestamp()) % 9973}@mail.webmail.example>"


def _blackberry_id(digest: str, _: str, date: datetime) -> str:
    """<number-time-cardhu...@b1.blackberry.example>, after the BlackBerry Internet Service."""
    first, last = int(digest[:8], 16), int(digest[8:16], 16)
    stamp = int(date.timestamp())
    return f"<{first}-{stamp}-cardhu_decombobulator_blackberry.rim.example-{last}-@b1.c1.bise7.blackberry.example>"


def _plain_id(digest: str, address: str, date: datetime) -> str:
    """<date.digits@domain>, as mail servers do."""
    return f"<{date.astimezone(UTC):%Y%m%d%H%M%S}.{digest[:10].upper()}@{_domain(address)}>"


def _outlook_boundary(digest: str) -> str:
    """_000_32 hex digits and the server, as Exchange does."""
    return f"_000_{digest[:32].upper()}EXMBX01_"


# --- HTML -------------------------------------------------------------------------------------------------------


def _dress_word(line: str) -> str:
    """A paragraph as the Word editor of Outlook writes it."""
    span = '<span style=\'font-size:11.0pt;font-family:"Calibri","sans-serif"\'>'
    return f'<p class="MsoNormal">{span}{line or "&nbsp;"}<o:p></o:p></span></p>\n'


def _dress_word_rtl(line: str) -> str:
    """The same from right to left."""
    span = '<span lang="AR-SA" style=\'font-size:11.0pt;font-family:"Arial","sans-serif"\'>'
    place = "dir=\"RTL\" style='text-align:right;direction:rtl;unicode-bidi:embed'"
    return f'<p class="MsoNormal" {place}>{span}{line or "&nbsp;"}<o:p></o:p></span></p>\n'


def _dress_div(line: str) -> str:
    """A line of web mail."""
    return f"<div>{line or '<br>'}</div>\n"


def _dress_notes(line: str) -> str:
    """A line of Lotus Notes."""
    return f'<font size=2 face="sans-serif">{line}</font>\n<br>'


def _word_page(generator: str) -> tuple[str, str]:
    """The frame of HTML from the Word editor."""
    names = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    names += ' xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"'
    style = "p.MsoNormal, li.MsoNormal, div.MsoNormal\n\t{margin:0cm;margin-bottom:.0001pt;font-size:11.0pt;}"
    head = f'<meta name="Generator" content="{generator}"><style><!--\n{style}\n--></style>'
    body = '<body lang="EN-GB" link="blue" vlink="purple"><div class="WordSection1">\n'
    return f"<html {names}><head>{head}</head>{body}", "</div></body></html>\n"


_OUTLOOK = Client(
    name="Outlook 2010 / Exchange",
    shape=Shape.ALTERNATIVE,
    headers=(
        ("Accept-Language", "en-GB, en-US"),
        ("Content-Language", "en-US"),
        ("X-Mailer", "Microsoft Outlook 14.0"),
    ),
    make_id=_exchange_id,
    make_boundary=_outlook_boundary,
    dress=_dress_word,
    page=_word_page("Microsoft Word 14 (filtered medium)"),
    indexes=True,
    naming="words",
)
_EXCHANGE_2003 = (
    ("X-MimeOLE", "Produced By Microsoft Exchange V6.5"),
    ("Content-class", "urn:content-classes:message"),
    ("X-Mailer", "Microsoft Office Outlook 11"),
)
_OUTLOOK_RULE = "-----Original Message-----\n"
_WEB_RULE = "________________________________________\n"

CLIENTS = (
    _OUTLOOK,
    # Exchange 2003 sends neither In-Reply-To nor References when it answers mail from outside: Thread-Index remains.
    replace(
        _OUTLOOK,
        name="Outlook 2003",
        headers=_EXCHANGE_2003,
        page=_word_page("Microsoft Word 11 (filtered medium)"),
        threads=False,
        rule=_OUTLOOK_RULE,
    ),
    replace(
        _OUTLOOK,
        name="Outlook 2007, Rich Text format",
        shape=Shape.PLAIN,
        headers=(("X-MS-TNEF-Correlator", ""), ("X-Mailer", "Microsoft Office Outlook 12.0")),
        rule=_OUTLOOK_RULE,
    ),
    replace(
        _OUTLOOK,
        name="Outlook Web App",
        headers=(("Accept-Language", "en-US"), ("Content-Language", "en-US"), ("X-Originating-IP", "[192.0.2.71]")),
        dress=_dress_div,
        page=('<html dir="ltr"><body fpstyle="1">', "</body></html>"),
        rule=_WEB_RULE,
    ),
    replace(_OUTLOOK, name="Outlook (German UI) with S/MIME"),
    replace(_OUTLOOK, name="Outlook (Chinese UI)", encoding="base64", charsets=("gb18030",)),
    replace(_OUTLOOK, name="Outlook (Arabic UI)", encoding="base64", charsets=("windows-1256",), dress=_dress_word_rtl),
    Client(
        name="Lotus Notes 8.5",
        shape=Shape.ALTERNATIVE,
        headers=(("X-Mailer", "Lotus Notes Release 8.5.2 August 10, 2010"), ("X-KeepSent", "yes")),
        make_id=_notes_id,
        make_boundary=lambda digest: f"=_mixed {digest[:16].upper()}_=",
        dress=_dress_notes,
        naming="words",
    ),
    Client(
        name="Thunderbird",
        shape=Shape.PLAIN,
        headers=(("User-Agent", "Mozilla/5.0 (Windows NT 6.1; rv:16.0) Gecko/20121010 Thunderbird/16.0.1"),),
        make_id=_mozilla_id,
        make_boundary=lambda digest: f"------------{int(digest[:20], 16) % 10**24:024d}",
        dress=_dress_div,
        encoding="7bit",
        parameters="; format=flowed",
    ),
    Client(
        name="Apple Mail",
        shape=Shape.SPLIT,
        headers=(("Mime-Version", "1.0 (Mac OS X Mail 6.2 \\(1499\\))"), ("X-Mailer", "Apple Mail (2.1499)")),
        make_id=_uuid_id,
        make_boundary=lambda digest: f"Apple-Mail=_{_uuid(digest)}",
        dress=_dress_div,
        parameters="; format=flowed; delsp=yes",
    ),
    Client(
        name="iPhone Mail",
        shape=Shape.SPLIT,
        headers=(("X-Mailer", "iPhone Mail (10A523)"), ("Mime-Version", "1.0 (1.0)")),
        make_id=_uuid_id,
        make_boundary=lambda digest: f"Apple-Mail-{_uuid(digest)}",
        dress=_dress_div,
        encoding="7bit",
    ),
    Client(
        name="webmail (Gmail-like)",
        shape=Shape.ALTERNATIVE,
        headers=(("X-Originating-IP", "192.0.2.44"),),
        make_id=_gmail_id,
        make_boundary=lambda digest: digest[:24],
        dress=_dress_div,
        page=('<div dir="ltr">', "</div>"),
        naming="words",
    ),
    Client(
        name="BlackBerry",
        shape=Shape.PLAIN,
        headers=(("X-Rim-Org-Msg-Ref-Id", "1349860231"), ("Sensitivity", "Normal"), ("Importance", "Normal")),
        make_id=_blackberry_id,
        make_boundary=lambda digest: f"part{digest[:6]}-boundary-{digest[6:14]}",
        dress=_dress_div,
        encoding="base64",
    ),
    *(
        Client(
            name=name,
            shape=Shape.PLAIN,
            headers=(),
            make_id=_plain_id,
            make_boundary=lambda digest: f"=_{digest[:24]}",
            dress=_dress_div,
            encoding="7bit",
        )
        for name in ("mail system", "the system itself", "broken gateway", "unknown")
    ),
)


def get_client(name: str, place: str = "messages.yaml") -> Client:
    """The mail program of this name. Raises: UsageError at `place`, naming those there are."""
    for client in CLIENTS:
        if client.name == name:
            return client
    known = "; ".join(client.name for client in CLIENTS)
    raise UsageError(f"{place}: client: {name!r} is not known; write one of: {known}")
