"""The sender's signature below an answer. See: docs/analysis/quoting.md."""

import re
from collections.abc import Callable

from pipeline.core.sieve import Sieve

#: no signature has more lines
MAX_SIGNATURE = 40
#: a signature, and the footers a list and a gateway put below it
MAX_FOOTERS = 3
#: lines of a name with contact data that no rule and no closing formula sets off
MAX_CARD = 8
#: lines of contact data below a rule or a closing formula
MAX_CONTACTS = 12
#: lines of a name below a rule
MAX_NAME_LINES = 4

#: a line that parts a signature or footer from what is above it
DELIMITER = re.compile(r"^[*_]{0,2}(?:--|—|––|_{2,}|[-*=~]{3,})[*_]{0,2}\s*$")
_RULE = re.compile(r"^\s*[-_*\u2014\u2013\u2500]{5,}\s*$")
_DASHES = re.compile(r"^(?:--\s?|\*--\s?\*)$")
# "-Name" or "-- Name" alone at the very end
_DASH_NAME = re.compile(r"^\s*(?:--?|[\u2013\u2014~])\s?[^\W\d_][\w.'\u2019]*(?: [^\W\d_][\w.'\u2019]*){0,3}$")

_CLOSING = re.compile(
    r"^[\s*_]*(?:(?:with )?(?:my |our )?(?:best|kind|kindest|warm|warmest|many)?,? ?(?:regards|wishes|"
    r"greetings)(?: and .{3,30})?|best|cheers|sincerely|"
    r"yours (?:sincerely|truly|faithfully)|respectfully|(?:many )?thanks(?: (?:and|&) .{3,20}| in advance)?|"
    r"thank you(?: .{2,30})?|"
    r"(?:bien )?cordialement|sincères salutations|salutations(?: .{3,20})?|meilleures salutations|bien à (?:vous|toi)|"
    r"(?:mit )?(?:freundlichen|besten|herzlichen|vielen) gr(?:ü|ue)(?:ß|ss)en|(?:beste|viele|herzliche|"
    r"freundliche) gr(?:ü|ue)(?:ß|ss)e|mfg|lg|"
    r"(?:un )?(?:cordial(?:es)? )?saludos?(?: cordiales)?|atentamente|atte\.?|cordialmente|muy atentamente|"
    r"cordiali saluti|distinti saluti|saluti|atenciosamente|com os melhores cumprimentos|cumprimentos|abraços|"
    r"met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|groeten?|mvh|(?:med )?vänliga hälsningar|"
    r"(?:med )?venlig hilsen|(?:med )?vennlig hilsen|hilsen|"
    r"ystävällisin terveisin|terveisin|pozdrawiam|z poważaniem|s pozdravem|s pozdravom|с уважением|"
    r"с наилучшими пожеланиями|з повагою|"
    r"με εκτίμηση|saygılarımla|iyi çalışmalar|مع (?:خالص )?(?:التحية|تحياتي|التقدير)(?: .{0,30})?|تحياتي|"
    r"وتفضلوا .{0,40}|"
    r"此致|敬礼|顺颂商祺|祝好|谢谢|謝謝|よろしくお願い(?:いた)?します。?|敬具|감사합니다\.?)[\s,.!;:*_]*$",
    re.I,
)
_NAME = re.compile(r"^[*_]{0,2}[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){1,3}[*_,]{0,2}$")
_SMALL_IN_NAMES = {"de", "del", "der", "di", "da", "van", "von", "bin", "al", "el", "la", "le", "y", "of"}
_FIRST_NAME = re.compile(r"^[*_]{0,2}[^\W\d_][\w'\u2019-]{1,20}[*_,]{0,2}$")
# words long enough to be written small only inside a sentence
_WORDS = re.compile(r"[^\W\d_]{4,}")
# no name, title or address has these: "Paragraph 4: delete.", "Really?"
_SENTENCE = re.compile(r"\w{5,}[.!?;]\s*$|[:：?!。؟]")
# "Paragraph 5: no." below two dashes is the next comment
_POINT = re.compile(r"^[^:]{2,40}[:：]\s.*[.!?。]$")
_PHONE = re.compile(r"^\W*(?:\d[\s().-]*){7,15}$")
_CONTACT = re.compile(
    r"(?:\b(?:tel|phone|ph|mobile|mob|cell|fax|tél|téléphone|telefon|telefone|teléfono|móvil|portable|direct|"
    r"office|skype|ext|www|e-?mail|courriel|"
    r"website|web|p\.?\s?o\.?\s?box|b\.p\.|bp)\b\s*[:.+#(\d]|(?<!\w)(?:t|m|f|p|e|w)\s?[:.]\s*[+(\dw]|https?://|"
    r"www\.|\bmailing list\b|\+\d[\d\s().-]{6,}|"
    r"^\W*[\w.+-]+@[\w-]+\.[\w.-]+\W*$|<mailto:|\[(?:cid|image|logo|description)\b|twitter|facebook|linkedin|(?:тел|факс|моб)\.?\s*:|هاتف|电话|電話)",
    re.I,
)

#: what sets a signature off from the text, and the closing formula above it
FRAMES = Sieve(_DASHES, DELIMITER, _DASH_NAME, _CLOSING, _RULE)


def strip_signature(lines: list[str]) -> list[str]:
    """`lines` without the sender's signature; a name under the closing formula stays, contact data goes."""
    return _strip_blocks(lines, _strip_last_block)


def strip_cards(lines: list[str]) -> list[str]:
    """The same for lines in which nothing sets a signature off."""
    return _strip_blocks(lines, _strip_last_card)


def _strip_blocks(lines: list[str], strip: Callable[[list[str]], list[str]]) -> list[str]:
    for _ in range(MAX_FOOTERS):
        shorter = strip(lines)
        if len(shorter) == len(lines):
            break
        lines = shorter
    return lines


def _strip_last_block(lines: list[str]) -> list[str]:
    """`lines` without the last of the signatures and list footers below them."""
    if not FRAMES.may_find("\n".join(lines[-MAX_SIGNATURE:])):
        return _strip_last_card(lines)
    last = range(max(1, len(lines) - MAX_SIGNATURE), len(lines))
    for index in last:
        line = lines[index]
        if _DASHES.match(line) and _is_short_block(lines[index + 1 :], strict=line != "-- "):
            return trim(lines[:index])
    for index in last:
        block = [line for line in lines[index + 1 :] if line.strip()]
        if DELIMITER.match(lines[index]) and (_is_contact_block(block) or _is_name_block(block)):
            return trim(lines[:index])
    lines = _drop_rule(trim(lines))
    if len(lines) > 1 and _is_dash_name(lines[-1]) and not any(line.lstrip().startswith("-") for line in lines[:-1]):
        return trim(lines[:-1])
    return _strip_last_card(_strip_contacts(lines))


def _drop_rule(lines: list[str]) -> list[str]:
    """`lines` without a rule at the end with nothing below it."""
    return trim(lines[:-1]) if len(lines) > 2 and _RULE.match(lines[-1]) and not lines[-2].strip() else lines


def _is_short_block(lines: list[str], *, strict: bool) -> bool:
    """Two dashes without the blank of RFC 3676 may be a rule between comments."""
    block = [line for line in lines if line.strip()]
    if not strict:
        return len(block) <= 25
    return len(block) <= 8 and not any(len(line) >= 90 or _POINT.match(line) for line in block)


def _is_dash_name(line: str) -> bool:
    return bool(_DASH_NAME.match(line)) and all(word[:1].isupper() for word in line.strip(" -\u2013\u2014~").split())


def _is_contact_block(block: list[str]) -> bool:
    """Whether the lines are a name, a title, an address and the like, some of them contact data, and no sentence."""
    return 1 <= len(block) <= MAX_CONTACTS and any(map(_is_contact, block)) and all(map(_may_be_card_line, block))


def _is_contact(line: str) -> bool:
    return bool(_CONTACT.search(line) or _PHONE.match(line))


def _may_be_card_line(line: str) -> bool:
    return len(line) < 100 and (_is_contact(line) or not _SENTENCE.search(line) or bool(_CLOSING.match(line)))


def _is_name_block(block: list[str]) -> bool:
    """Whether the lines below a rule are a name, and a title or office in capitals: no contact data tells them."""
    if not 1 <= len(block) <= MAX_NAME_LINES or not any(map(str.isupper, block[0][:3])):
        return False
    named = _is_name(block[0]) or bool(_FIRST_NAME.match(block[0]))
    return named and all(len(line) <= 60 and _is_titled(line) for line in block)


def _is_titled(line: str) -> bool:
    """Whether every longer word begins in upper case, as in titles and names of offices."""
    return not any(word[0].islower() for word in _WORDS.findall(line)) and not _SENTENCE.search(line)


def _strip_contacts(lines: list[str]) -> list[str]:
    last = range(len(lines) - 1, max(-1, len(lines) - MAX_SIGNATURE), -1)
    closing = next((index for index in last if _CLOSING.match(lines[index])), None)
    if closing is None:
        return lines
    block = [index for index in range(closing + 1, len(lines)) if lines[index].strip()]
    if len(block) < 2 or not _is_contact_block([lines[index] for index in block]):
        return lines
    # the name stays: who wrote is of use
    return lines[: block[0] + 1]


def _strip_last_card(lines: list[str]) -> list[str]:
    """`lines` trimmed, without a last paragraph that is a name and two lines of contact data or more."""
    lines = trim(lines)
    start = len(lines) - next((size for size, line in enumerate(reversed(lines)) if not line.strip()), len(lines))
    card = lines[start:]
    if not start or not 3 <= len(card) <= MAX_CARD or any(len(line) > 60 for line in card):
        return lines
    contacts = sum(map(_is_contact, card[1:]))
    return trim(lines[:start]) if _is_name(card[0]) and contacts >= 2 else lines


def _is_name(line: str) -> bool:
    words = line.strip("*_, ").split()
    return bool(_NAME.match(line)) and not any(word[0].islower() and word not in _SMALL_IN_NAMES for word in words)


def trim(lines: list[str]) -> list[str]:
    """`lines` without the blank ones at both ends."""
    start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    end = next((index for index in range(len(lines), start, -1) if lines[index - 1].strip()), start)
    return lines[start:end]
