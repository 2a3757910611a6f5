"""Where quoted history begins: attribution lines, header blocks and separators of many languages.

See: docs/analysis/quoting.md.
"""

import re
from enum import Enum, auto

from pipeline.core.html_text import QUOTE_MARK

#: how many lines a wrapped attribution may take
MAX_ATTRIBUTION_LINES = 5
#: no announcement is longer
MAX_LINE = 1_000
#: no announcement that is words alone is longer
MAX_PLAIN_ANNOUNCEMENT = 80
#: how many lines a header block may take, wrapped recipients included
MAX_HEADER_LINES = 24

_STARTS = (
    r"On|At|In|Le|Am|Um|Op|El|Il giorno|Il|In data|Em|Den|Dne|Dňa|Dnia|W dniu|På|Pe|Ma|La|Na|Pada|Vào|Lúc|Quoting|"
    r"Fecha|Data|Datum|"
    r"Kl\.|Klo|Στις|Την|Dana|В|У|На|I|A|Ar|Á|W|في|بتاريخ|يوم|בתאריך|ביום|ב|在|于|於"
)
_WEEKDAYS = (
    r"Mon|Tue|Wed|Thu|Fri|Sat|Sun|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom|seg|ter|qua|qui|sex|Mo|Di|Mi|Do|"
    r"Fr|Sa|So|pon|wt|śr|czw|"
    r"pt|sob|niedz|ma|ti|ke|to|pe|la|su|tis|ons|tor|fre|lör|sön|man|tir|lør|søn|po|út|st|čt|pá|so|ne|пн|вт|ср|чт|"
    r"пт|сб|вс|нд|вто|"
    r"thg|t2|t3|Th|δευ|τρι|τετ|πεμ|παρ|σαβ|κυρ|pzt|sal|çar|per|cum|cmt|paz"
)
_VERBS = (
    r"wrote|writes|said|sent|a écrit|a ecrit|écrivait|écrit|schrieb|hat geschrieben|geschrieben|schreibt|escribió|"
    r"escribio|"
    r"escribiste|ha scritto|scrisse|scrive|escreveu|escreveram|va escriure|ha escrit|escribiu|schreef|"
    r"heeft geschreven|skrev|"
    r"skreiv|skrifaði|kirjoitti|kirjutas|rakstīja|parašė|rašė|napisał\(a\)|napisał|napisała|napisał/a|pisze|"
    r"napsal\(a\)|napsal|"
    r"napsala|napísal\(a\)|napísal|napísala|je napisal/-a|je napisal\(a\)|je napisala|je napisal|je napisao/la|"
    r"je napisao|"
    r"je pisao|je pisal|a scris|írta|ezt írta|написал\(а\)|написал|написала|пишет|написа|напиша|пише|написав|"
    r"написав\(-ла\)|"
    r"написала|έγραψε|yazdı|şunu yazdı|tarihinde şunları yazdı|menulis|đã viết|viết|เขียนว่า|เขียน|escrigué|"
    r"كتب|كتبت|كتب/ت|כתב|כתבה|כתב/ה|写道|寫道|写到|написа́л|さんは書きました|のメッセージ|のメール|님이 작성|wrote on|"
    r"नूं लिखा|ने लिखा|লিখেছেন|نوشت|لکھا|작성"
)
_ENDS = re.compile(
    rf"(?:(?<!\w)(?:{_VERBS})|님이 작성|작성|写道|寫道|さんは書きました)"
    rf"(?:[^\n:：]|\d[:：]\d|\(\w+:){{0,60}}\s*[:：]\s*[*_]*\s*$",
    re.I,
)
# some clients forget the colon, or set the line between dashes
_ENDS_BARE = re.compile(rf"(?<!\w)(?:{_VERBS})\s*[-=_]*\s*$", re.I)
# the verb with what languages put around it, where it parts the name from the date
_VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?!\w)|님이 작성", re.I)
# the end of a date or time: what follows it is a name
_DATE_PIECE = re.compile(
    r"\d[\d:./h-]*(?:\s?(?:[ap]\.?\s?m\.?|uhr|h|Uhr|年|月|日|년|월|일|kl|klo|o'clock))?"
    r"(?:\s*(?:GMT|UTC|CES?T|[ECMP][SD]T|BST)?\s*\(?[+-]?(?:\d[\d:]*)?\)?)(?![^\s,，;:>)-])",
    re.I,
)
_BEFORE_NAME = re.compile(r"^(?:\([^()<>@]*\)[,\s]*|(?:пользователь|from|by|von|de)\s+)+", re.I)
_STARTS_WITH = re.compile(
    rf"^[*_\s]*(?:(?:{_STARTS})[\s,.:]?[^\n]{{0,40}}?[\d٠-٩]|(?:{_WEEKDAYS})\w{{0,8}}[.,]*\s{{0,2}}\d|"
    rf"\d{{1,4}}[-./年. ])",
    re.I,
)
_NAME_FIRST = re.compile(r"^\W{0,3}[^\n:]{2,80}?(?:<[^<>\s]+@[^<>\s]+>|\[mailto:[^\]]+\]|\(\S+@\S+\))")
_HAS_DATE = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|[\d]{1,2}\s?[月일]|[٠-٩]{2,4}"
)
# beside no address only a whole date or a time will do: people write "in 2011 we wrote:"
_WHOLE_DATE = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d{2}|\d{1,4}[/.-]\s?\d{1,2}[/.-]\s?\d{2,4}|"
    r"\b\d{1,2}\.?º?\s+(?:de )?[^\W\d]{2,12}\.?,?\s+(?:de )?\d{4}|"
    r"[^\W\d]{2,12}\.?\s+\d{1,2},?\s+\d{4}|\d\s?[年月일년월]"
)
_HAS_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_HAS_ADDRESS = re.compile(r"[^\s<>\[\]]+@[^\s<>\[\]]+")
# Gmail in some languages: "2012-10-05 12:00 GMT+02:00 Name <name@org.example>:"
_VERBLESS = re.compile(
    r"^[*_\s]*(?:\S+\s+){0,4}\d{1,4}[-./年. ].{4,160}<\s*[^<>\s]+@[^<>\s]+\s*>\s*[^\w<>]{0,3}\s*[:：]\s*$", re.S
)
# "2012/10/5 Name <name@org.example>" right above marked lines
_BARE_NAME = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s[^\n]{2,120}<[^<>\s]+@[^<>\s]+>:?\s*$")
_NOTES = re.compile(
    r"^[^\n]{2,160}\s(?:wrote on|a écrit (?:sur|le)|schrieb am|escribió el|ha scritto il|"
    r"escreveu em)\s\d[^\n]{5,40}:?\s*$",
    re.I,
)

_NOTES_NAME = re.compile(
    r'^\s*(?:"?[^"<>@\n]{2,80}"?\s*<[^<>\s]+@[^<>\s]+>|[^/\n@]{2,60}(?:/[^/\n@]{1,40}){1,4}(?:@\S+)?)\s*$'
)
_NOTES_DATE = re.compile(r"^(?:sent by: .{2,60}\s)?\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4},?\s+\d{1,2}[:.]\d{2}.{0,20}$", re.I)
_NOTES_LABEL = re.compile(
    r"^(?:to|cc|bcc|subject|fax to|an|kopie|thema|à|pour|objet|copie|para|asunto|a|oggetto)(?:\t.*)?$", re.I
)

_MESSAGE_WORDS = (
    r"original message|forwarded message|forwarded by|original appointment|message d'origine|message original|"
    r"message transféré|"
    r"message transmis|courriel original|transféré par|mensaje original|mensaje reenviado|reenviado por|"
    r"mensagem original|"
    r"mensagem encaminhada|encaminhado por|missatge original|messaggio originale|messaggio inoltrato|inoltrato da|"
    r"ursprüngliche nachricht|originalnachricht|original-nachricht|original nachricht|weitergeleitete nachricht|"
    r"weitergeleitet von|ursprünglicher termin|oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|"
    r"ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|oprindelig meddelelse|original meddelelse|"
    r"videresendt meddelelse|videresendt besked|oprindelig besked|opprinnelig melding|videresendt melding|"
    r"original besked|alkuperäinen viesti|"
    r"välitetty viesti|edelleenlähetetty viesti|oryginalna wiadomość|wiadomość oryginalna|wiadomość przekazana|"
    r"przekazana wiadomość|původní zpráva|přeposlaná zpráva|pôvodná správa|preposlaná správa|eredeti üzenet|"
    r"továbbított üzenet|"
    r"mesaj original|mesajul original|mesaj redirecționat|izvorno sporočilo|izvirno sporočilo|originalna poruka|"
    r"izvorna poruka|"
    r"izvorna poruka|proslijeđena poruka|оригинальное сообщение|исходное сообщение|пересылаемое сообщение|"
    r"пересланное сообщение|пересылаемое письмо|конец пересылаемого сообщения|оригінальне повідомлення|"
    r"переслане повідомлення|"
    r"оригинално съобщение|препратено съобщение|αρχικό μήνυμα|προωθημένο μήνυμα|orijinal ileti|özgün ileti|"
    r"iletilen mesaj|"
    r"yönlendirilen ileti|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|رسالة محولة|"
    r"پیام اصلی|原始邮件|原邮件|轉寄郵件|原始郵件|原始信件|转发邮件|转发的邮件|邮件原件|元のメッセージ|"
    r"転送されたメッセージ|"
    r"원본 메시지|원본 메일|전달된 메시지|pesan asli|pesan diteruskan|tin nhắn gốc|thư gốc|thư đã chuyển tiếp|"
    r"ข้อความต้นฉบับ|original e-?mail|reply message|replied message|message reçu"
)
_SEPARATOR = re.compile(rf"^[\s*>]*[-_=—–]{{2,}}\s*(?:(?:{_MESSAGE_WORDS})\b)[^\n]{{0,120}}$", re.I)
_FORWARD_WORDS = re.compile(
    r"forward|transf[eé]r|transmis|reenvia|encaminha|inoltra|weitergeleit|doorgestuurd|vidare|videre|välitetty|"
    r"edelleen|przekaza|"
    r"přeposl|preposl|továbbít|redirec|proslije|пересы|пересл|препрат|προωθ|iletilen|yönlendir|הועברה|معاد|محول|"
    r"轉寄|转发|転送|"
    r"전달|diteruskan|chuyển tiếp",
    re.I,
)
_APPLE_FORWARD = re.compile(
    r"^\s*(?:Begin forwarded message|Début du message (?:réexpédié|transféré)|"
    r"Anfang der weitergeleiteten (?:Nachricht|E-Mail)|"
    r"Inicio del mensaje reenviado|Inizio messaggio inoltrato|Início da mensagem (?:reencaminhada|encaminhada)|"
    r"Begin doorgestuurd bericht|Vidarebefordrat brev|Start på videresendt besked|Videresendt melding|"
    r"Начало переадресованного "
    r"сообщения|Rozpoczęcie przekazywanej wiadomości|Začátek přeposílané zprávy|بدء الرسالة المعاد توجيهها|"
    r"下面是被转发的邮件)\s*:?\s*$",
    re.I,
)

#: header names as mail clients of many languages write them above a quoted message
_FIELDS = {
    "from": "from|de|von|da|van|od|от|від|fra|från|feladó|lähettäjä|expediteur|expéditeur|remitente|mittente|"
    "afzender|from/de|"
    "από|kimden|gönderen|מאת|من|发件人|寄件者|寄件人|發件人|差出人|送信者|보낸 사람|보낸사람|dari|từ|người "
    "gửi|จาก|no|saatja|nuo|sendandi|frá|"
    "de la|feladva|absender|pošiljatelj|šalje|d'où|از|sender|avsender|afsender",
    "date": "date|sent|envoyé|envoyé le|date d'envoi|gesendet|gesendet am|datum|enviado|enviado el|enviado em|"
    "enviada em|fecha|data|"
    "enviat|inviato|data invio|verzonden|verzonden op|wysłano|data wysłania|odesláno|odoslané|dne|отправлено|"
    "дата|надіслано|sendt|dato|skickat|"
    "küldve|dátum|lähetetty|päiväys|ημερομηνία|εστάλη|στάλθηκε|gönderildi|gönderme tarihi|tarih|נשלח|תאריך|تم الإرسال|"
    "أرسلت|التاريخ|تاريخ الإرسال|发送时间|发送日期|日期|时间|時間|寄件日期|傳送時間|送信日時|送信日|日付|"
    "日時|보낸 날짜|날짜|"
    "dikirim|tanggal|đã gửi|ngày|gửi|ส่ง|วันที่|trimis|trimis la|dată|poslano|poslano dana|изпратено|sent on|"
    "saadetud|išsiųsta|nosūtīts|"
    "فرستاده شده|sendt den",
    "to": "to|à|a|an|pour|para|per a|naar|aan|do|komu|кому|до|till|til|címzett|vastaanottaja|destinataire|"
    "destinatario|destinatário|"
    "προς|kime|alıcı|אל|إلى|الى|收件人|收件者|宛先|받는 사람|받는사람|kepada|đến|tới|người nhận|ถึง|către|za|"
    "prima|kam|kellele|kam|"
    "empfänger|bestemd voor|به|vastaanottajat",
    "cc": "cc|c\\.c\\.|copie|copie à|copie à/cc|kopie|kopie \\(cc\\)|kopia|copia|cópia|con copia|dw|копия|копія|"
    "másolatot kap|másolat|"
    "kopio|kopi|κοιν\\.|κοινοποίηση|bilgi|עותק|العلاقة|نسخة إلى|نسخة|抄送|副本|참조|tembusan|สำเนา|bcc|cci|cco|"
    "reply-to|répondre à|"
    "antwort an|importance|importancia|wichtigkeit|priority|attachments|pièces jointes|attach|sent by|"
    "organization|mailed-by",
    "subject": "subject|objet|sujet|betreff|asunto|assunto|assumpte|oggetto|onderwerp|temat|předmět|predmet|тема|"
    "относно|emne|ämne|tárgy|aihe|"
    "θέμα|konu|נושא|الموضوع|موضوع|主题|主旨|主題|件名|제목|perihal|subjek|chủ đề|tiêu đề|เรื่อง|subiect|zadeva|naslov|"
    "teema|tema|efni|re",
}  # fmt: skip
_FIELD_LINE = re.compile(
    "^[\\s>*_]*(?:" + "|".join(f"(?P<{kind}>{names})" for kind, names in _FIELDS.items()) + r")[\s\u00a0*_]*[:：]",
    re.I,
)

#: in every announcement one of these finds something, in a line of it or in its lines joined
ANNOUNCEMENTS = (
    re.compile(re.escape(QUOTE_MARK)), _APPLE_FORWARD, _SEPARATOR, _FIELD_LINE, _NOTES_DATE, _NOTES, _VERBLESS, _ENDS,
    _ENDS_BARE, _BARE_NAME,
)  # fmt: skip

# every other announcement has a date, an address, a field or a rule
_MAY_ANNOUNCE = re.compile(r"[\d:：@/]|[-_=—–]{2}")


class Mark(Enum):
    """How quoted history was announced."""

    #: "On ... wrote:"
    ATTRIBUTION = auto()
    #: From/Sent/To/Subject
    HEADER_BLOCK = auto()
    #: "-----Original Message-----" or the client's HTML
    SEPARATOR = auto()
    #: "---------- Forwarded message ----------"
    FORWARD = auto()


def find_mark(lines: list[str], index: int) -> tuple[Mark, int] | None:
    """How history is announced at `index`, and how many lines that takes; None for an ordinary line."""
    line = lines[index]
    if not line.strip() or len(line) > MAX_LINE:
        return None
    if line.strip("> ") == QUOTE_MARK:
        return Mark.SEPARATOR, 1
    if len(line) < MAX_PLAIN_ANNOUNCEMENT and _APPLE_FORWARD.match(line):
        return Mark.FORWARD, 1
    if not _MAY_ANNOUNCE.search(line):
        return None
    if _SEPARATOR.match(line):
        return (Mark.FORWARD if _FORWARD_WORDS.search(line) else Mark.SEPARATOR), 1
    if size := _header_block_size(lines, index) or _notes_block_size(lines, index):
        return Mark.HEADER_BLOCK, size
    if size := _attribution_size(lines, index):
        return Mark.ATTRIBUTION, size
    return None


def _attribution_size(lines: list[str], index: int) -> int:
    """Lines of the attribution that starts at `index`; 0 when none does."""
    first = lines[index].strip(" -=_\t")
    if not (_STARTS_WITH.match(first) or _NAME_FIRST.match(first) or _ENDS.search(first) or _NOTES.match(first)):
        framed = lines[index].lstrip().startswith("--") and len(first) < 80
        return 1 if framed and _ENDS_BARE.search(first) else 0
    joined = ""
    for size in range(1, MAX_ATTRIBUTION_LINES + 1):
        if index + size > len(lines) or not lines[index + size - 1].strip() or len(joined) > 500:
            return 0
        joined = f"{joined} {lines[index + size - 1].strip()}".strip()
        if _is_attribution(joined):
            return size
        if size > 1 and joined.endswith((":", ".", "!", "?", ":-")):
            return 0
        if _is_quoted_next(lines, index + size) and _BARE_NAME.match(joined):
            return size
    return 0


def _is_quoted_next(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 2] if line.strip()), "")
    return following.lstrip().startswith(">")


def _is_attribution(text: str) -> bool:
    """Whether the joined lines say who wrote and when."""
    ends = text.rstrip(" *_").endswith((":", "："))
    if len(text) > 500 or not (ends or text.startswith("--") or "@" in text):
        return False
    if _NOTES.match(text) or (ends and _VERBLESS.match(text) and _HAS_DATE.search(text)):
        return True
    framed = text.startswith("--")
    text = text.strip("-=_ ") if framed else text
    if not _ENDS.search(text):
        dated = bool(_HAS_DATE.search(text) and _STARTS_WITH.match(text) and (framed or _HAS_ADDRESS.search(text)))
        return bool(_ENDS_BARE.search(text)) and (dated or (framed and len(text) < 80))
    known = bool(_HAS_ADDRESS.search(text))
    dated = bool(_HAS_DATE.search(text) if known else _WHOLE_DATE.search(text))
    return (dated and (known or bool(_STARTS_WITH.match(text)))) or (known and bool(_NAME_FIRST.match(text)))


def _header_block_size(lines: list[str], index: int) -> int:
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
    dated = first == "date" and len(kinds - {"cc"}) >= 2 and _HAS_TIME.search(lines[index])
    return last - index + 1 if enough or dated else 0


def _field_follows(lines: list[str], blank: int, kinds: set[str]) -> bool:
    """Whether a field that the block does not have yet stands right below the empty lines at `blank`."""
    following = next((line for line in lines[blank : blank + 3] if line.strip(" >*\t")), "")
    return _field_kind(following) not in (None, *kinds)


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
    found = _FIELD_LINE.match(line) if ":" in line or "：" in line else None
    return found.lastgroup if found else None


def is_from_line(line: str) -> bool:
    """Whether `line` is the From field of a header block, in any language."""
    return _field_kind(line) == "from"


def read_header_block(block: list[str]) -> dict[str, str]:
    """The fields of a header block under their English names, the first of each; wrapped values are joined."""
    fields: dict[str, list[str]] = {}
    kind = ""
    for line in block:
        if found := _field_kind(line):
            kind = "" if found in fields else found
            line = re.split("[:：]", line, maxsplit=1)[1]
        if kind and line.strip():
            fields.setdefault(kind, []).append(line.lstrip(" \t>").strip(" \t*_\u00a0"))
    return {name: " ".join(filter(None, values)) for name, values in fields.items()}


def find_writer(attribution: str) -> str:
    """The "Name <address>" an attribution line speaks of, without the date before and the verb around it."""
    pieces = _VERB.split(attribution.strip(" \t-=_*:："))
    named = [_strip_date(piece) for piece in sorted(pieces, key=lambda piece: not _HAS_ADDRESS.search(piece))]
    return next((name for name in named if name), "")


def _strip_date(piece: str) -> str:
    """What stands behind the last date or time before an address, to the end of the address."""
    address = re.search(r"<[^<>]*>|\[mailto:[^\]]*\]", piece)
    name, end = (address.start(), address.end()) if address else (len(piece), len(piece))
    start = max((date.end() for date in _DATE_PIECE.finditer(piece, 0, name)), default=0)
    writer = _BEFORE_NAME.sub("", piece[start:end].strip(" \t,，;:-*_"))
    return writer.replace("(<", "<").strip(" \t,;:-*_")
