"""Bytes and encoded words of mail turned into text, whatever charset they claim. See: docs/analysis/parsing.md."""

import base64
import binascii
import quopri
import re
from itertools import groupby

_SAME = (
    "big5hkscs cp437 cp850 cp852 cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 "
    "cp1257 cp1258 "
    "euc-jp euc-kr gb18030 gbk hz iso-2022-jp iso-2022-kr johab koi8-r koi8-u mac-roman ptcp154 shift_jis "
    "tis-620 utf-8 utf-16 "
    "utf-16le utf-16be utf-32 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-10 "
    "iso-8859-11 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16"
)
#: charset names as mail writes them -> Python codec; supersets where senders label a superset with the smaller name
_CODECS = {name: name for name in _SAME.split()} | {
    "utf-7": "utf-7", "unicode-1-1-utf-7": "utf-7",
    "us-ascii": "utf-8", "ascii": "utf-8", "ansi_x3.4-1968": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "8859_1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "gb2312_charset": "gb18030", "hz-gb-2312": "hz",
    "mac-cyrillic": "mac-cyrillic",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs", "ks_c_5601-1987": "cp949", "euckr": "cp949",
    "x-sjis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "windows-31j": "cp932", "cp-850": "cp850",
    "iso-2022-jp-ms": "iso-2022-jp-ext", "iso-2022-jp-1": "iso-2022-jp-1", "iso-2022-jp-2": "iso-2022-jp-2",
    "macintosh": "mac-roman", "x-mac-roman": "mac-roman", "koi8": "koi8-r", "dos-866": "cp866", "ibm850": "cp850",
    "windows-874": "cp874", "windows-949": "cp949", "windows-936": "gb18030", "cp936": "gb18030",
    "windows-932": "cp932", "eucjp": "euc-jp",
} | {f"windows-{number}": f"cp{number}" for number in range(1250, 1259)}  # fmt: skip

# programs that forget registered names: "win-1251", "windows1251", "iso8859-2", "latin2", "ibm-866"
_ALMOST = (
    (re.compile(r"^(?:cp|win|windows|ms)-?(\d{3,4})$"), r"cp\1"),
    (re.compile(r"^(?:ibm|dos)-?(\d{3})$"), r"cp\1"),
    (re.compile(r"^(?:iso-?)?8859-(\d{1,2})(?:[:-].*)?$"), r"iso-8859-\1"),
    (re.compile(r"^latin-?([2-4])$"), r"iso-8859-\1"),
    (re.compile(r"^latin-?5$"), "iso-8859-9"),
    (re.compile(r"^(?:mac|macroman)$"), "mac-roman"),
)
# "why??=" ends with a question of the sender
_ENCODED_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[\w-]*)?\?([bBqQ])\?([^?]*(?:(?<!=)\?(?!=)[^?]*){0,4})\?=")
_GAP_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]+\?[bBqQ]\?)")
# ISO-2022-JP announces itself: some programs set it bare into a header. See: RFC 1468
_JAPANESE = re.compile(r"\x1b\$[@B]")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
#: bytes looked at when a charset is guessed
MAX_GUESSED = 20_000
_OTHER_SCRIPT = re.compile(rb"[\x80-\xff]{4}")
#: of scripts without Latin letters, and what no script is told in
_GUESSED = (
    "windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "cp866", "windows-1256", "iso-8859-6", "gb18030", "big5hkscs",
    "windows-1253", "windows-1255", "shift_jis", "euc-jp", "euc-kr", "tis-620", "windows-1252",
)  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode_bytes(content: bytes, charset: str | None) -> tuple[str, str]:
    """The text of `content`, and a defect in words or "". Codecs are taken from an allow-list only."""
    name = (charset or "").strip(" \t\"'").lower()
    codec = _find_codec(name)
    for candidate in (codec, "utf-8") if codec else ("utf-8",):
        try:
            text = _drop_halves(content.decode(candidate))
        except UnicodeError:
            continue
        known = candidate == codec or not name
        return text, "" if known else f"charset {name[:40]!r} does not fit: read as {candidate}"
    if codec not in (None, "utf-8", "cp1252"):
        return content.decode(codec, "replace"), f"bytes outside charset {name[:40]!r} were replaced"
    guessed = codec if codec == "cp1252" else _guess_codec(content)
    return content.decode(guessed, "replace"), "" if codec == "cp1252" else f"charset {name[:40]!r}: read as {guessed}"


def _guess_codec(content: bytes) -> str:
    """The codec of bytes that no charset is known for, and that are no UTF-8.

    Letters with accents stand alone among plain ones; whole words of other signs are another script, which their
    frequencies tell. Too few signs tell nothing: windows-1252.
    """
    if _OTHER_SCRIPT.search(content) is None:
        return "cp1252"
    # imported late: few mails need it
    from chardet import detect, models

    found = detect(content, include_encodings=_GUESSED, max_bytes=MAX_GUESSED)["encoding"]
    # its tables take 22 MB, and 50 ms to read again: less than a process that keeps them for good would cost
    for table in vars(models).values():
        if hasattr(table, "cache_clear"):
            table.cache_clear()
    return _find_codec((found or "").lower()) or "cp1252"


def _drop_halves(text: str) -> str:
    """`text` with a question mark for each half of a character, which some codecs hand on."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _find_codec(name: str) -> str | None:
    """The codec of a charset name on the list, or of one that is written almost so; None for all others."""
    if name in _CODECS or not name:
        return _CODECS.get(name)
    plain = name.strip("_;").partition("$")[0].removeprefix("charset=").removeprefix("x-").replace("_", "-")
    for pattern, form in _ALMOST:
        plain = pattern.sub(form, plain)
    return _CODECS.get(plain)


def decode_header(value: str, charset: str | None = None) -> str:
    """The header value unfolded and decoded; `charset` is tried for bare 8-bit bytes. See: RFC 2047, RFC 6532."""
    if value.isascii() and value.isprintable() and "=?" not in value:
        return value.strip()
    if _JAPANESE.search(value):
        value = decode_bytes(value.encode("ascii", "ignore"), "iso-2022-jp")[0]
    value = _FOLD.sub(" ", value)
    if not value.isascii():
        value = repair_eight_bit(value, charset)
    if "=?" in value:
        value = _decode_words(_GAP_BETWEEN_WORDS.sub(r"\1", value))
    return _CONTROLS.sub("", value).strip()


def repair_eight_bit(value: str, charset: str | None) -> str:
    """`value` with escaped bytes (surrogates) decoded."""
    try:
        value.encode()
    except UnicodeEncodeError:
        content = value.encode("utf-8", "surrogateescape" if _only_bytes(value) else "replace")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return decode_bytes(content, charset or "cp1252")[0]
    return value


def _only_bytes(value: str) -> bool:
    return not any("\ud800" <= letter < "\udc80" or "\udcff" < letter <= "\udfff" for letter in value)


def _decode_words(value: str) -> str:
    """Neighbouring words of one charset are joined as bytes: senders cut inside characters."""
    pieces: list[tuple[str, bytes | str]] = []
    end = 0
    for word in _ENCODED_WORD.finditer(value):
        if word.start() > end:
            pieces.append(("", value[end : word.start()]))
        # bare 8-bit letters inside an encoded word are whatever the header is, not what the word claims
        pieces.append((word[1].lower() if word[3].isascii() else "utf-8", _decode_word(word[2], word[3])))
        end = word.end()
    pieces.append(("", value[end:]))
    return "".join(_join(charset, [piece for _, piece in run]) for charset, run in groupby(pieces, key=lambda p: p[0]))


def _join(charset: str, run: list[bytes | str]) -> str:
    if not charset:
        return "".join(piece for piece in run if isinstance(piece, str))
    content = b"".join(piece for piece in run if isinstance(piece, bytes))
    return decode_bytes(content, charset)[0]


def _decode_word(encoding: str, word: str) -> bytes:
    content = word.encode("utf-8", "surrogateescape" if _only_bytes(word) else "replace")
    if encoding in "qQ":
        return quopri.decodestring(content, header=True)
    try:
        return base64.b64decode(content + b"=" * (-len(content) % 4))
    except binascii.Error:
        return content
