"""Where quoted history begins: a mark of the client, a separator, a header block or an attribution.

See: docs/analysis/quoting.md.
"""

import re
from enum import Enum, auto

from pipeline.core.attribution import ATTRIBUTION_FORMS, attribution_size
from pipeline.core.header_block import HEADER_FORMS, header_block_size
from pipeline.core.html_text import QUOTE_MARK

#: no announcement is longer
MAX_LINE = 1_000
#: no announcement that is words alone is longer
MAX_PLAIN_ANNOUNCEMENT = 80
#: nor is "Original Message" without a rule, in any language
MAX_BARE_WORDS = 32

_DASHES = "-_=\u2010\u2011\u2012\u2013\u2014\u2015\u2500"
_MESSAGE_WORDS = (
    r"original message|forwarded message|forwarded by|original appointment|message d'origine|message original|"
    r"message transféré|mail original|réacheminé par|transmis par|"
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
    r"izvorna poruka|proslijeđena poruka|оригинальное сообщение|исходное сообщение|пересылаемое сообщение|"
    r"пересланное сообщение|пересылаемое письмо|конец пересылаемого сообщения|перенаправленное сообщение|"
    r"оригінальне повідомлення|переслане повідомлення|"
    r"оригинално съобщение|препратено съобщение|αρχικό μήνυμα|προωθημένο μήνυμα|orijinal ileti|özgün ileti|"
    r"iletilen mesaj|"
    r"yönlendirilen ileti|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|رسالة محولة|"
    r"پیام اصلی|原始邮件|原邮件|轉寄郵件|原始郵件|原始信件|转发邮件|转发的邮件|邮件原件|元のメッセージ|"
    r"転送されたメッセージ|"
    r"원본 메시지|원본 메일|전달된 메시지|pesan asli|pesan diteruskan|tin nhắn gốc|thư gốc|thư đã chuyển tiếp|"
    r"ข้อความต้นฉบับ|original e-?mail|reply message|replied message|message reçu"
)
_SEPARATOR = re.compile(rf"^[\s*>]*[{_DASHES}]{{2,}}\s*(?:(?:{_MESSAGE_WORDS})\b)[^\n]{{0,120}}$", re.I)
# known words without a rule: only above a header block or an attribution
_BARE_WORDS = re.compile(rf"^\s*(?:{_MESSAGE_WORDS})\s*[:：]?\s*$", re.I)
# GroupWise: ">>> Name <name@org.example> 01/10/2012 10:00 >>>"
_GROUPWISE = re.compile(r"^>{3} [^\n]{2,200}\d[:.]\d{2}[^\n>]{0,12}>{3}\s*$")
# "-- Please type your reply above this line --", and nothing below it is the sender's
_REPLY_ABOVE = re.compile(
    r"above this line|oberhalb dieser (?:zeile|linie)|über dieser (?:zeile|linie)|au-dessus de cette ligne|"
    r"(?:encima|arriba) de esta línea|acima desta linha|sopra (?:a )?questa (?:riga|linea)|boven deze (?:regel|lijn)|"
    r"ovanför denna rad|over denne linj|ponad tą linią|powyżej tej linii|nad tento řádek|выше этой (?:линии|строки)",
    re.I,
)
_REPLY_WORD = re.compile(
    r"repl(?:y|ies)|respon|answer|antwort|répon|respuesta|rispo|antwoord|svar|odpow|odpov|ответ", re.I
)
_FORWARD_WORDS = re.compile(
    r"forward|transf[eé]r|transmis|réachemin|reenvia|encaminha|inoltra|weitergeleit|doorgestuurd|vidare|videre|"
    r"välitetty|edelleen|przekaz|"
    r"přeposl|preposl|továbbít|redirec|proslije|пересы|пересл|перенаправ|препрат|προωθ|iletilen|yönlendir|הועברה|"
    r"معاد|محول|轉寄|转发|転送|"
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
#: in every announcement one of these finds something, in a line of it or in its lines joined
ANNOUNCEMENTS = (
    re.compile(re.escape(QUOTE_MARK)), _APPLE_FORWARD, _SEPARATOR, _GROUPWISE, _REPLY_ABOVE, *HEADER_FORMS,
    *ATTRIBUTION_FORMS,
)  # fmt: skip
# every other announcement has a date, an address, a field or a rule
_MAY_ANNOUNCE = re.compile(rf"[\d:：@/]|[{_DASHES}#*]{{2}}|>{{3}}")


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
    if len(line) > MAX_BARE_WORDS and not _MAY_ANNOUNCE.search(line):
        return None
    if _is_separator(lines, index):
        return (Mark.FORWARD if _FORWARD_WORDS.search(line) else Mark.SEPARATOR), 1
    return _find_sender_lines(lines, index)


def _find_sender_lines(lines: list[str], index: int) -> tuple[Mark, int] | None:
    """The header block or attribution at `index`; None when there is neither."""
    if size := header_block_size(lines, index):
        return Mark.HEADER_BLOCK, size
    if size := attribution_size(lines, index):
        return Mark.ATTRIBUTION, size
    return None


def _is_separator(lines: list[str], index: int) -> bool:
    """Whether the line parts history off by its own words, or by standing between rules above a quoted message."""
    line = lines[index]
    if _SEPARATOR.match(line) or _GROUPWISE.match(line) or _asks_for_reply_above(line):
        return True
    if not _is_framed(line) and not _BARE_WORDS.match(line):
        return False
    below = next((place for place in range(index + 1, min(index + 4, len(lines))) if lines[place].strip()), None)
    return below is not None and _find_sender_lines(lines, below) is not None


def _is_framed(line: str) -> bool:
    """Whether a few words stand between two rules."""
    bare = line.strip(" \t*>")
    words = bare.strip(f"{_DASHES} \t")
    rules = bare[:3] + bare[-3:]
    return 2 < len(words) <= MAX_PLAIN_ANNOUNCEMENT and words[0].isalpha() and all(sign in _DASHES for sign in rules)


def _asks_for_reply_above(line: str) -> bool:
    """Whether a service drew the line under which nothing is the sender's: "-- Please reply above this line --"."""
    framed = len(line) < 2 * MAX_PLAIN_ANNOUNCEMENT and line.lstrip()[0] in f"{_DASHES}#*"
    return framed and bool(_REPLY_ABOVE.search(line) and _REPLY_WORD.search(line))
