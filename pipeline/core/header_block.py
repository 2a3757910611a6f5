"""The block of From, Sent, To and Subject that clients of many languages set above a quoted message.

See: docs/analysis/quoting.md.
"""

import re

#: how many lines a header block may take, wrapped recipients included
MAX_HEADER_LINES = 24

_DIGIT = re.compile(r"\d")
_HAS_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_NOTES_NAME = re.compile(
    r'^\s*(?:"?[^"<>@\n]{2,80}"?\s*<[^<>\s]+@[^<>\s]+>|[^/\n@]{2,60}(?:/[^/\n@]{1,40}){1,4}(?:@\S+)?)\s*$'
)
_NOTES_DATE = re.compile(r"^(?:sent by: .{2,60}\s)?\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4},?\s+\d{1,2}[:.]\d{2}.{0,20}$", re.I)
_NOTES_LABEL = re.compile(
    r"^(?:to|cc|bcc|subject|fax to|an|kopie|thema|à|pour|objet|copie|para|asunto|a|oggetto)(?:\t.*)?$", re.I
)

#: header names as mail clients of many languages write them above a quoted message
_FIELDS = {
    "from": "from|de|von|da|van|od|от|від|fra|från|feladó|lähettäjä|expediteur|expéditeur|remitente|mittente|"
    "afzender|from/de|από|kimden|gönderen|מאת|שולח|من|المرسل|发件人|发信人|寄件者|寄件人|發件人|差出人|送信者|"
    "보낸 사람|보낸사람|보낸이|발신자|발신|dari|pengirim|từ|người gửi|จาก|ผู้ส่ง|no|saatja|nuo|sendandi|frá|"
    "de la|expeditor|feladva|absender|pošiljatelj|šalje|шаље|d'où|از|فرستنده|प्रेषक|sender|avsender|avsändare|"
    "afsender|nadawca|odosielateľ|odesílatel|отправитель|відправник|αποστολέας",
    "date": "date|sent|envoyé|envoyé le|date d'envoi|gesendet|gesendet am|datum|enviado|enviado el|enviado em|"
    "enviada em|enviada|fecha|fecha de envío|data|"
    "enviat|enviat el|inviato|inviato il|data invio|verzonden|verzonden op|wysłano|wysłane|data wysłania|odesláno|"
    "odoslané|dne|отправлено|дата отправки|"
    "дата|надіслано|sendt|dato|skickat|"
    "küldve|elküldve|dátum|lähetetty|päiväys|päivämäärä|ημερομηνία|εστάλη|στάλθηκε|gönderildi|gönderilme|"
    "gönderme tarihi|gönderilme tarihi|tarih|נשלח|נשלח ב|תאריך|تم الإرسال|"
    "أرسلت|أُرسلت|تاريخ|التاريخ|تاريخ الإرسال|发送时间|发送日期|发信日期|發送時間|日期|时间|時間|寄件日期|傳送時間|"
    "送信日時|送信日|日付|日時|보낸 날짜|보낸날짜|보낸 시간|날짜|발신일|"
    "dikirim|terkirim|tanggal|đã gửi|ngày|ngày gửi|gửi|ส่ง|ส่งเมื่อ|วันที่|วันที่ส่ง|trimis|trimis la|dată|poslano|"
    "poslato|poslano dana|изпратено|послато|датум|sent on|saadetud|išsiųsta|nosūtīts|datums|kuupäev|"
    "فرستاده شده|تاریخ|दिनांक|sendt den",
    "to": "to|à|a|an|pour|para|per a|naar|aan|do|komu|кому|до|till|til|címzett|vastaanottaja|destinataire|"
    "destinatario|destinatário|destinatari|empfänger|ontvanger|modtager|mottaker|mottagare|adresat|odbiorca|"
    "příjemce|príjemca|primatelj|prejemnik|destinatar|"
    "προς|παραλήπτης|kime|alıcı|אל|נמען|إلى|الى|المستلم|المرسل إليه|收件人|收件者|收信人|宛先|受信者|받는 사람|"
    "받는사람|받는이|수신자|수신|kepada|penerima|đến|tới|người nhận|ถึง|ผู้รับ|către|за|получатель|одержувач|za|"
    "prima|kam|kellele|adressaat|adresāts|gavėjas|bestemd voor|به|گیرنده|प्रति|vastaanottajat",
    "cc": "cc|c\\.c\\.|copie|copie à|copie à/cc|kopie|kopie \\(cc\\)|kopia|copia|cópia|con copia|dw|копия|копія|"
    "másolatot kap|másolat|"
    "kopio|kopi|κοιν\\.|κοινοποίηση|bilgi|עותק|העתק|العلاقة|نسخة إلى|نسخة|抄送|副本|참조|tembusan|สำเนา|bcc|cci|cco|"
    "reply-to|répondre à|"
    "antwort an|importance|importancia|wichtigkeit|priority|attachments|pièces jointes|attach|sent by|"
    "organization|mailed-by",
    "subject": "subject|objet|sujet|betreff|asunto|assunto|assumpte|oggetto|ogg|onderwerp|temat|předmět|predmet|тема|"
    "относно|наслов|emne|ämne|tárgy|aihe|"
    "θέμα|konu|נושא|הנדון|الموضوع|موضوع|主题|主\u3000题|主旨|主題|件名|제목|perihal|subjek|chủ đề|tiêu đề|เรื่อง|"
    "หัวเรื่อง|subiect|zadeva|naslov|teema|tema|efni|विषय|re",
}  # fmt: skip
_FIELD_LINE = re.compile(
    "^[\\s>*_]*(?:" + "|".join(f"(?P<{kind}>{names})" for kind, names in _FIELDS.items()) + r")[\s\u00a0*_]*[:：]",
    re.I,
)
_INLINE_BLOCK = re.compile(
    rf"^[\s*_]*(?:{_FIELDS['from']})[\s*]*[:：](?P<from>.{{3,200}}?)\b(?:{_FIELDS['date']})[\s*]*[:：]"
    rf"(?P<date>.{{4,80}}?)\b(?:{_FIELDS['to']})[\s*]*[:：].{{2,400}}?\b(?:{_FIELDS['subject']})[\s*]*[:：]"
    rf"(?P<subject>.*)",
    re.I,
)

#: in every header block one of these finds something
HEADER_FORMS = (_FIELD_LINE, _NOTES_DATE)


def header_block_size(lines: list[str], index: int) -> int:
    """Lines of the header block at `index`, of fields in any language or of Notes; 0 when there is none."""
    return _fields_size(lines, index) or _inline_size(lines[index]) or _notes_block_size(lines, index)


def _fields_size(lines: list[str], index: int) -> int:
    """Lines of the From/Sent/To/Subject block at `index`; 0 when there is none."""
    first = _field_kind(lines[index])
    if first not in ("from", "date", "subject", "to"):
        return 0
    kinds = {first}
    last = index
    for position in range(index + 1, min(index + MAX_HEADER_LINES, len(lines))):
        line = lines[position]
        if not line.strip(" >*\t"):
            # some clients put an empty line or two between the fields
            if _field_follows(lines, position, kinds):
                continue
            break
        if kind := _field_kind(line):
            kinds.add(kind)
            last = position
        elif position - last > 6:
            break
    enough = len(kinds - {"cc"}) >= 3 or (first == "from" and not kinds.isdisjoint({"date", "subject"}))
    # "Date: 5 October 2012, 10:00" above "Subject:" alone announces a meeting
    dated = first == "date" and not kinds.isdisjoint({"from", "to"}) and _HAS_TIME.search(lines[index])
    found = enough or dated
    return last - index + 1 if found and _is_sent(kinds, "".join(lines[index : last + 1])) else 0


def _is_sent(kinds: set[str], block: str) -> bool:
    """Whether the fields tell of a mail: "From: should / To: shall / Re: paragraph 4" has neither date nor address."""
    return "@" in block or ("date" in kinds and ("from" in kinds or bool(_DIGIT.search(block))))


def _field_follows(lines: list[str], blank: int, kinds: set[str]) -> bool:
    """Whether a field that the block does not have yet stands right below the empty lines at `blank`."""
    following = next((line for line in lines[blank : blank + 3] if line.strip(" >*\t")), "")
    return _field_kind(following) not in (None, *kinds)


def _inline_size(line: str) -> int:
    """1 where a client ran the whole block together: "From: A Sent: Monday, 1 October 2012 To: B Subject: C"."""
    return 1 if line.count(":") + line.count("：") >= 3 and _INLINE_BLOCK.match(line) else 0


def _notes_block_size(lines: list[str], index: int) -> int:
    """Lines of the table Notes sets above a quotation; 0 when there is none.

    Flattened to text it is a name, a date, and "To", "cc", "Subject" alone on lines of their own.
    """
    if not _NOTES_NAME.match(lines[index]):
        return 0
    rest = [(position, lines[position].strip()) for position in range(index + 1, min(index + 20, len(lines)))]
    filled = [(position, line) for position, line in rest if line][:12]
    if not any(_NOTES_DATE.match(line) for _, line in filled[:3]):
        return 0
    labels = [position for position, line in filled if _NOTES_LABEL.match(line)]
    return labels[-1] - index + 1 if len(labels) >= 2 else 0


def _field_kind(line: str) -> str | None:
    """Which field of a header block the line begins: from, date, to, cc or subject; None for another line."""
    found = _FIELD_LINE.match(line) if ":" in line or "：" in line else None
    return found.lastgroup if found else None


def is_from_line(line: str) -> bool:
    """Whether `line` is the From field of a header block, in any language."""
    return _field_kind(line) == "from"


def read_header_block(block: list[str]) -> dict[str, str]:
    """The fields of a header block under their English names, the first of each; wrapped values are joined."""
    if len(block) == 1 and (inline := _INLINE_BLOCK.match(block[0])):
        return {kind: value.strip(" \t*_\u00a0") for kind, value in inline.groupdict().items()}
    fields: dict[str, list[str]] = {}
    kind = ""
    for line in block:
        if found := _field_kind(line):
            kind = "" if found in fields else found
            line = re.split("[:：]", line, maxsplit=1)[1]
        if kind and line.strip():
            fields.setdefault(kind, []).append(line.lstrip(" \t>").strip(" \t*_\u00a0"))
    return {name: " ".join(filter(None, values)) for name, values in fields.items()}
