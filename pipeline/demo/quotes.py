"""Quoted history as mail programs write it below an answer, as text and as HTML."""

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape

_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_FRENCH_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"),
    *("novembre", "décembre"),
)
_GERMAN_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_GERMAN_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"),
    *("November", "Dezember"),
)
_SPANISH_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_SPANISH_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre"),
    *("noviembre", "diciembre"),
)
_ARABIC_DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
_ARABIC_MONTHS = (
    *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر"),
    *("نوفمبر", "ديسمبر"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedMail:
    """The mail an answer is about, as its writer's program sees it."""

    name: str
    address: str
    #: aware
    date: datetime
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    #: what that mail itself quoted
    earlier: "QuotedMail | None" = None
    #: for edits made inside the quotation: HTML that follows its text
    edited_html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """The header block in one language of Outlook."""

    #: From, Sent, To, Cc, Subject with their colons
    labels: tuple[str, str, str, str, str]
    write_date: Callable[[datetime], str]


def _english_date(moment: datetime) -> str:
    """Monday, October 01, 2012 10:00 AM"""
    day, month = _ENGLISH_DAYS[moment.weekday()], _ENGLISH_MONTHS[moment.month - 1]
    half = "AM" if moment.hour < 12 else "PM"
    return f"{day}, {month} {moment.day:02}, {moment.year} {moment.hour % 12 or 12}:{moment.minute:02} {half}"


def _french_date(moment: datetime) -> str:
    """lundi 1 octobre 2012 10:00"""
    day, month = _FRENCH_DAYS[moment.weekday()], _FRENCH_MONTHS[moment.month - 1]
    return f"{day} {moment.day} {month} {moment.year} {moment:%H:%M}"


def _german_date(moment: datetime) -> str:
    """Montag, 22. Oktober 2012 09:00"""
    day, month = _GERMAN_DAYS[moment.weekday()], _GERMAN_MONTHS[moment.month - 1]
    return f"{day}, {moment.day}. {month} {moment.year} {moment:%H:%M}"


def _spanish_date(moment: datetime) -> str:
    """lunes, 22 de octubre de 2012 9:00"""
    day, month = _SPANISH_DAYS[moment.weekday()], _SPANISH_MONTHS[moment.month - 1]
    return f"{day}, {moment.day} de {month} de {moment.year} {moment.hour}:{moment.minute:02}"


def _chinese_date(moment: datetime) -> str:
    """2012年11月19日 21:00"""
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}:{moment.minute:02}"


def _arabic_date(moment: datetime) -> str:
    """الاثنين، 03 ديسمبر، 2012 10:00 ص"""
    day, month = _ARABIC_DAYS[moment.weekday()], _ARABIC_MONTHS[moment.month - 1]
    half = "ص" if moment.hour < 12 else "م"
    return f"{day}، {moment.day:02} {month}، {moment.year} {moment.hour % 12 or 12:02}:{moment.minute:02} {half}"


_LANGUAGES = {
    "outlook_en": _Language(labels=("From:", "Sent:", "To:", "Cc:", "Subject:"), write_date=_english_date),
    "outlook_fr": _Language(labels=("De :", "Envoyé :", "À :", "Cc :", "Objet :"), write_date=_french_date),
    "outlook_de": _Language(labels=("Von:", "Gesendet:", "An:", "Cc:", "Betreff:"), write_date=_german_date),
    "outlook_es": _Language(labels=("De:", "Enviado el:", "Para:", "CC:", "Asunto:"), write_date=_spanish_date),
    "outlook_zh": _Language(labels=("发件人:", "发送时间:", "收件人:", "抄送:", "主题:"), write_date=_chinese_date),
    "outlook_ar": _Language(labels=("من:", "تاريخ الإرسال:", "إلى:", "نسخة إلى:", "الموضوع:"), write_date=_arabic_date),
}
#: styles that are not Outlook's
_OTHERS = ("notes_en", "gt_en", "apple_en", "gmail_en")
QUOTE_STYLES = (*_LANGUAGES, "outlook_en_chain", "outlook_html_with_inline_edits", *_OTHERS)


def base_style(style: str) -> str:
    """The family of a style: "outlook_en_chain:M09" is English Outlook."""
    family = style.partition(":")[0]
    return "outlook_en" if family in ("outlook_en_chain", "outlook_html_with_inline_edits") else family


def header_lines(style: str, mail: QuotedMail, zone: tzinfo | None) -> tuple[tuple[str, str], ...]:
    """The lines of Outlook's header block: label and value; Cc only where there was one."""
    language = _LANGUAGES[base_style(style)]
    author = f"{mail.name} [mailto:{mail.address}]" if mail.name else mail.address
    values = (
        author,
        language.write_date(mail.date.astimezone(zone)),
        "; ".join(mail.to),
        "; ".join(mail.cc),
        mail.subject,
    )
    return tuple((label, value) for label, value in zip(language.labels, values, strict=True) if value)


def attribution(style: str, mail: QuotedMail, zone: tzinfo | None) -> str:
    """The line above the quotation where the program writes one."""
    moment = mail.date.astimezone(zone)
    named = f"{mail.name} <{mail.address}>" if mail.name else mail.address
    if style == "gt_en":
        return f"On {moment:%d/%m/%Y %H:%M}, {mail.name or mail.address} wrote:"
    if style == "apple_en":
        return f"On {moment.day} {_ENGLISH_MONTHS[moment.month - 1][:3]} {moment:%Y, at %H:%M}, {named} wrote:"
    day, month = _ENGLISH_DAYS[moment.weekday()][:3], _ENGLISH_MONTHS[moment.month - 1][:3]
    half = "AM" if moment.hour < 12 else "PM"
    when = f"{day}, {month} {moment.day}, {moment.year} at {moment.hour % 12 or 12}:{moment:%M} {half}"
    return f"On {when}, {named} wrote:"


# --- As text ----------------------------------------------------------------------------------------------------


def quote_text(style: str, mail: QuotedMail | None, zone: tzinfo | None, rule: str = "") -> str:
    """The history below an answer as plain text, "" without one; `rule` is the line some Outlooks put above it."""
    if mail is None or style == "none":
        return ""
    if style in _OTHERS[1:]:
        line = attribution(style, mail, zone)
        if style == "gmail_en" and len(line) > 78:
            # Gmail breaks the line at 78, most often just behind the angle bracket.
            line = line.replace(" <", " <\n")
        gap = "" if style == "gt_en" else "\n"
        return f"{line}\n{gap}{_marked(style, mail, zone)}"
    if style == "notes_en":
        return _notes_text(mail, zone)
    block = "\n".join(f"{label} {value}" for label, value in header_lines(style, mail, zone))
    pieces = [rule + block, mail.text, _strip_tags(mail.edited_html), quote_text(style, mail.earlier, zone, rule)]
    return "\n\n".join(piece for piece in pieces if piece)


def _marked(style: str, mail: QuotedMail, zone: tzinfo | None) -> str:
    """The text with "> " before every line, wrapped as on the way out. See: RFC 3676 4.5."""
    history = quote_text(style, mail.earlier, zone)
    lines = f"{mail.text}\n\n{history}".strip().split("\n")
    wrapped = [piece for line in lines for piece in (textwrap.wrap(line, 74) or [""])]
    return "\n".join(f"> {line}" if line else ">" for line in wrapped)


def _notes_text(mail: QuotedMail, zone: tzinfo | None) -> str:
    """The header block of Lotus Notes: labels in a column, the text not marked at all."""
    moment = mail.date.astimezone(zone)
    named = f"{mail.name} <{mail.address}>" if mail.name else mail.address
    rows = [("From:", named), ("To:", ", ".join(mail.to)), ("Cc:", ", ".join(mail.cc))]
    rows += [("Date:", f"{moment:%d/%m/%Y %H:%M}"), ("Subject:", mail.subject)]
    block = "\n".join(f"{label:<16}{value}" for label, value in rows if value)
    return "\n\n\n".join(piece for piece in (block, mail.text, quote_text("notes_en", mail.earlier, zone)) if piece)


def _strip_tags(html: str) -> str:
    """What remains of marked edits in a text part: struck and new words side by side."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


# --- As HTML ----------------------------------------------------------------------------------------------------


def quote_html(style: str, mail: QuotedMail | None, zone: tzinfo | None, dress: Callable[[str], str]) -> str:
    """The history below an answer as HTML; `dress` makes one paragraph of one line of text."""
    if mail is None or style == "none":
        return ""
    earlier = quote_html(style, mail.earlier, zone, dress)
    text = "".join(dress(escape(line, quote=False)) for line in mail.text.split("\n")) + mail.edited_html
    if style in _OTHERS[1:]:
        line = escape(attribution(style, mail, zone), quote=False)
        fence = 'class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex"'
        return f'<div class="gmail_quote">{line}<br><blockquote {fence}>{text}{earlier}</blockquote></div>'
    if style == "notes_en":
        block = escape(quote_text(style, _bare(mail), zone).strip(), quote=False).replace("\n", "<br>\n")
        return f'<br><font size=1 color=#5f5f5f face="sans-serif">{block}</font><br>\n{text}{earlier}'
    lines = (f"<b>{escape(label)}</b> {escape(value, quote=False)}" for label, value in header_lines(style, mail, zone))
    border = "border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    span = '<span style=\'font-size:10.0pt;font-family:"Tahoma","sans-serif"\'>'
    block = f"<div style='{border}'><p class=\"MsoNormal\">{span}{'<br>'.join(lines)}<o:p></o:p></span></p></div>"
    return f'<div>{block}</div><p class="MsoNormal"><o:p>&nbsp;</o:p></p>{text}{earlier}'


def _bare(mail: QuotedMail) -> QuotedMail:
    """The mail without text and history."""
    return QuotedMail(
        name=mail.name, address=mail.address, date=mail.date, to=mail.to, cc=mail.cc, subject=mail.subject, text=""
    )
