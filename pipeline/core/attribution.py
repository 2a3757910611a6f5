"""The line above a quotation that says who wrote it and when: "On ... A wrote:". See: docs/analysis/quoting.md."""

import re

#: how many lines a wrapped attribution may take
MAX_ATTRIBUTION_LINES = 5
#: joined lines longer than this are prose
MAX_ATTRIBUTION = 500
#: an attribution without a known verb has no more words beside the address
MAX_VERBLESS_WORDS = 20

_STARTS = (
    r"On|At|In|Le|Am|Um|Op|El|Il giorno|Il|In data|Em|Den|Dne|Dňa|Dnia|W dniu|På|Pe|Ma|La|Na|Pada|Vào|Lúc|Quoting|"
    r"Fecha|Data|Datum|"
    r"Kl\.|Klo|Στις|Την|Dana|В|У|На|I|A|Ar|Á|W|V|Às|À|في|بتاريخ|يوم|در|בתאריך|ביום|ב|在|于|於"
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
# "2012/10/5 Name <name@org.example>" or "Quoting Name (2012-10-05 10:00:00)" right above marked lines
_BARE_NAME = re.compile(
    r"^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s[^\n]{2,120}<[^<>\s]+@[^<>\s]+>:?|"
    r"Quoting [^\n]{2,80}\(\d{4}-\d\d-\d\d[^()\n]*\))\s*$"
)
# Notes and Thunderbird in some languages: "Name wrote on 10/01/2012 10:00:00 AM:"
_VERB_THEN_DATE = re.compile(
    rf"^[^\n]{{2,160}}\s(?!said|sent)(?:{_VERBS}|schrieb am|a écrit (?:sur|le)|escribió el|ha scritto il|escreveu em)\s"
    rf"(?:\w{{1,4}}\s)?\d[^\n]{{5,40}}:?\s*$",
    re.I,
)
# Yahoo on a phone goes on behind the colon: "On Mon, Oct 1, 2012 at 10:00 AM, A<a@b.example> wrote:   Dear all"
_INLINE = re.compile(rf"^\s*(?:{_STARTS})\s[^\n<>]{{5,120}}<[^<>\s]+@[^<>\s]+>\s*(?:{_VERBS})\s*:\s{{2,}}\S", re.I)
_BRACKETED_ADDRESS = re.compile(r"[<(\[]+[^<>\s()\[\]]+@[^<>\s()\[\]]+[>)\]]+")
_FULL_DATE = re.compile(
    r"\b(?:19|20|25)\d\d\b|\d{1,4}[/.-]\s?\d{1,2}[/.-]\s?\d{2,4}|(?:19|20)\d\d\s?[年년]|[٠-٩۰-۹]{4}"
)
# people report so, clients do not
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_SPOKEN = re.compile(r"\b(?:said|sent)\b", re.I)
# "On Mon, 10/1/12, A wrote:", but not "On the first of October"
_WEEKDAY = re.compile(rf"^\W*(?:(?:{_STARTS})\s+)?(?!the\b)(?:{_WEEKDAYS})\w{{0,8}}[.,]?\s", re.I)
# mail.ru without an address: "Понедельник, 1 октября 2012, 10:00 +04:00 от A B:"
_FROM_NAME = re.compile(
    r"\d[:.]\d\d\b[^\n]{0,20}\s(?:от|від|од|from|von|od|par)\s[^\n\d:]{2,60}:$", re.I
)  # what clients and people put before a line of somebody else's
_MARKED = re.compile(r"^\s*>")
#: in every attribution one of these finds something, in its lines joined
ATTRIBUTION_FORMS = (
    _INLINE, _ENDS, _ENDS_BARE, _VERB_THEN_DATE, _VERBLESS, _BRACKETED_ADDRESS, _FROM_NAME, _MARKED,
)  # fmt: skip


def attribution_size(lines: list[str], index: int) -> int:
    """Lines of the attribution that starts at `index`; 0 when none does."""
    if _INLINE.match(lines[index]):
        return 1
    first = lines[index].removeprefix(">>> ").strip(" -=_\t")
    if not _may_start(first):
        framed = lines[index].lstrip().startswith("--") and len(first) < 80
        return 1 if framed and _ENDS_BARE.search(first) else 0
    joined = ""
    for size in range(1, MAX_ATTRIBUTION_LINES + 1):
        if index + size > len(lines) or not lines[index + size - 1].strip() or len(joined) > MAX_ATTRIBUTION:
            return 0
        joined = f"{joined} {lines[index + size - 1].strip()}".strip().removeprefix(">>> ")
        quoted = _is_quoted_next(lines, index + size)
        if _is_attribution(joined, quoted=quoted) or (quoted and _announces_quotation(joined, size)):
            return size
        if size > 1 and joined.endswith((":", ".", "!", "?", ":-")):
            return 0
    return 0


def _may_start(first: str) -> bool:
    """Whether an attribution can begin with this line."""
    patterns = (_STARTS_WITH.match, _NAME_FIRST.match, _ENDS.search, _VERB_THEN_DATE.match, _HAS_ADDRESS.search)
    return any(found(first) for found in patterns) or bool(_HAS_TIME.search(first) and _WHOLE_DATE.search(first))


def _is_quoted_next(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 2] if line.strip()), "")
    return bool(_MARKED.match(following))


def _announces_quotation(text: str, size: int) -> bool:
    """Right above marked lines a line with an address or a date, or the verb alone, needs no more to be one."""
    if _BARE_NAME.match(text):
        return True
    if size > 1 or len(text) > 200 or not text.endswith((":", "：")):
        return False
    return bool(_HAS_ADDRESS.search(text) or _WHOLE_DATE.search(text)) or _is_name_and_verb(text)


def _is_name_and_verb(text: str) -> bool:
    """ "A B wrote:", but not "See what A B wrote:"."""
    words = _LONG_WORD.findall(_VERB.sub(" ", text))
    return len(text) < 60 and bool(_ENDS.search(text)) and not any(word[0].islower() for word in words)


def _is_attribution(text: str, *, quoted: bool) -> bool:
    """Whether the joined lines say who wrote and when. `quoted`: marked lines follow."""
    ends = text.rstrip(" *_").endswith((":", "："))
    framed = text.startswith("--")
    if len(text) > MAX_ATTRIBUTION or not (ends or framed or "@" in text):
        return False
    if _VERB_THEN_DATE.match(text) or (ends and _says_who_and_when(text)):
        return True
    text = text.strip("-=_ ") if framed else text
    known = bool(_HAS_ADDRESS.search(text))
    if not _ENDS.search(text):
        dated = bool(_HAS_DATE.search(text) and _STARTS_WITH.match(text) and (framed or known))
        return bool(_ENDS_BARE.search(text)) and (dated or (framed and len(text) < 80))
    if known:
        return bool(_HAS_DATE.search(text) and _STARTS_WITH.match(text)) or bool(_NAME_FIRST.match(text))
    return (framed and len(text) < 80) or _is_dated_verb(text, quoted=quoted)


def _is_dated_verb(text: str, *, quoted: bool) -> bool:
    """Whether a client wrote this: people write "On 1 October the Director wrote:", without hour or weekday."""
    if not _WHOLE_DATE.search(text) or (_SPOKEN.search(text) and not _ENDS_BARE.search(text.rstrip(" :"))):
        return False
    if _HAS_TIME.search(text):
        return bool(_STARTS_WITH.match(text)) or (len(text.split()) <= MAX_VERBLESS_WORDS and not _SPOKEN.search(text))
    return bool(_STARTS_WITH.match(text)) and (quoted or bool(_WEEKDAY.search(text)))


def _says_who_and_when(text: str) -> bool:
    """An address, a whole date and little else, in whatever language: "lun. 1 oct. 2012, 10:00, A <a@b.example>:"."""
    if _VERBLESS.match(text) and _HAS_DATE.search(text):
        return True
    bare = _BRACKETED_ADDRESS.sub(" ", text)
    named = bare != text or bool(_FROM_NAME.search(text))
    return (
        named and len(bare.split()) <= MAX_VERBLESS_WORDS and bool(_FULL_DATE.search(bare) and _HAS_TIME.search(bare))
    )


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
