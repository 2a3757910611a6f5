"""The new text of a message told from quoted history. See: docs/analysis/quoting.md."""

import re

from pipeline.core.announcement import ANNOUNCEMENTS, Mark, find_mark
from pipeline.core.attribution import attribution_size
from pipeline.core.flowed import NO_QUOTE
from pipeline.core.header_block import is_from_line
from pipeline.core.html_text import QUOTE_MARK, SIGNATURE_END, SIGNATURE_MARK, html_to_text
from pipeline.core.model import Mailbox, ParsedMail, Reply
from pipeline.core.notices import FOOTERS, strip_banner, strip_notices
from pipeline.core.quote_edits import find_quote_edits
from pipeline.core.sieve import Sieve
from pipeline.core.signature import FRAMES, strip_cards, strip_signature, trim

#: lines beyond this many are taken as quoted history unread
MAX_LINES = 20_000
_INVISIBLE = str.maketrans({"\u200b": None, "\ufeff": None, "\u00a0": " ", "\u202f": " "})
_JOINER = re.compile(rf"{NO_QUOTE}(?!>)")
#: joiners, soft hyphens and direction marks: part of what was written, in the way of who announces what
#: (and the small colon of some Chinese clients)
_SEEN = {
    **dict.fromkeys((0xAD, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    0xFE55: ":",
}
#: a line that a client marked as quoted
QUOTED = re.compile(
    # ">>> please read <<<" is none, nor is GroupWise's announcement
    r"^(?!\s*>{2}.*<{2}\s*$)(?!>{3} .*(?:>{3}\s*$|, in message <))"
    r"\s{0,3}(?:>|\uff1e|&gt;|\w{1,12}>(?=\s|$))"
)
# "> 50 % in all regions": a number, not a quotation
_COMPARED = re.compile(
    r"^\s{0,3}> ?\d[\d.,]*\s?(?:%|\u2030|per ?cent|pour cent|por ciento|por cento|prozent|процент|\u066a|بالمئة)", re.I
)
# a sentence that wrapped before its ">" and goes on behind it
_WRAPPED = re.compile(r".{40}.*[\w,\u060c]$")
_GOES_ON = re.compile(r"^\s{0,3}> ?[^\W\d_A-Z\u00c0-\u00de]")
#: an item of a list: short, and no sentence
_ARROW_ITEM = re.compile(r"^\s{0,3}>{1,2} ?[^\s>].{0,58}[^\s.!?\u3002\u061f:,]$")
# Yahoo's "--- On Wed, Apr 4, 2012, ... wrote:" set right behind what was typed
_GLUED = re.compile(r"^(?!\s*>)(.{0,1000}[^\s-])[ \t]?(-{2,} ?\S[^\n]{10,200}:)[ \t]*$(?=\n+>)", re.M)
_MAY_BE_GLUED = re.compile(r"--[^\n]{11,202}:[ \t]*\n+>")
_BARRED = re.compile(r"^\|(?=\s|$)(?!.*\|)")
# an address in brackets that the sender's client broke
_OPEN_LINK = re.compile(r"[(<\[]\s?https?://[^\s)>\]]*$")
_LINK_END = re.compile(r"\S+[)>\]]\S{0,3}\s*$")
_MARKS = {QUOTE_MARK, SIGNATURE_MARK, SIGNATURE_END}
#: people sometimes type inside the element of their signature: more lines than this are text
MAX_MARKED_SIGNATURE = 15
#: words of many addresses and names, which tell nobody apart
_COMMON_WORDS = {"the", "and", "for", "int", "org", "com", "net", "mail", "office", "example", "www", "drafts"}
_RULE = re.compile(r"^\s*[*_]*[-_=*~#\u2014\u2013\u2500]{3,}\s*[*_]*$")
_SHORT_GAP = "\n\n"
_LONG_GAP = re.compile(r"\n{3,}")
#: passes every text that may hold history
_HISTORY = Sieve(QUOTED, *ANNOUNCEMENTS)
#: passes every text that may hold anything but what was typed, a banner and contact data apart
_FRAMED = Sieve(*_HISTORY.patterns, *FOOTERS.patterns, *FRAMES.patterns)

# "see our edits in blue below"
_COLOUR_NAMED = re.compile(
    r"\b(?:in|en|em|i|w)\s+(?:\w+\s+)?(?:blue|green|purple|orange|colou?r|bleu|vert|violet|couleur|azul|verde|"
    r"color|cor|blau|grün|farbe|blu|blauw|"
    r"groen)\b|синим|зел[её]ным|цветом|蓝色|绿色|藍色|綠色|青字|بالأزرق|بالأخضر|باللون",
    re.I,
)


def read_reply(mail: ParsedMail) -> Reply:
    """What the sender wrote now, told from quoted history, banners, signature and notices.

    Nothing is lost: text outside quotations is in `new_text` even when it looks like a mere frame.
    """
    lines = _body_lines(mail)
    bare = _is_bare(lines)
    top = strip_banner(lines[:MAX_LINES])
    new, quoted, interleaved = (top, [], False) if bare else _split(top, mail.sender)
    quoted += lines[MAX_LINES:]
    with_signature = trim(new) if bare else strip_notices(new)
    stripped = strip_cards(with_signature) if bare else strip_signature(_strip_marked_signature(with_signature))
    signed = _join(with_signature) or _join(new)
    new_text = signed if stripped == with_signature else _join(stripped) or signed
    return Reply(
        new_text=new_text,
        new_text_with_signature=signed,
        quoted=_join(quoted),
        quote_edits=find_quote_edits(mail.html, any_colour=bool(_COLOUR_NAMED.search(_join(stripped))))
        if mail.html
        else (),
        interleaved=interleaved,
    )


def _is_bare(lines: list[str]) -> bool:
    """Whether one look tells that nothing frames what was typed, as in short answers and notes."""
    text = "\n".join(lines)
    # a bar may turn out to mark a quotation
    return text.isascii() and "|" not in text and not _FRAMED.may_find(text)


def _body_lines(mail: ParsedMail) -> list[str]:
    """The lines of the body; for HTML-only mail with the client's own mark before the history."""
    text = mail.text
    if mail.html and html_to_text(mail.html) == text:
        text = html_to_text(mail.html, mark_quotes=True)
    if _MAY_BE_GLUED.search(text):
        text = _GLUED.sub(r"\1\n\2", text)
    if text.isascii():
        return _split_lines(text)
    lines = _split_lines(_JOINER.sub("", text.translate(_INVISIBLE)))
    return [line if shown else "" for line, shown in zip(lines, seen_lines(lines), strict=True)]


def _split_lines(text: str) -> list[str]:
    return [line.rstrip() if line != "-- " else line for line in text.split("\n")]


def seen_lines(lines: list[str]) -> list[str]:
    """`lines` as announcements are looked for in them: without joiners, soft hyphens and direction marks."""
    return lines if all(map(str.isascii, lines)) else [line.translate(_SEEN) for line in lines]


def _join(lines: list[str]) -> str:
    text = "\n".join(lines)
    if any(mark in text for mark in _MARKS):
        text = "\n".join(line for line in lines if line.strip("> ") not in _MARKS)
    text = text.replace(NO_QUOTE, "")
    return (_LONG_GAP.sub(_SHORT_GAP, text) if "\n\n\n" in text else text).strip("\n").rstrip()


def _strip_marked_signature(lines: list[str]) -> list[str]:
    """`lines` without the signature the client marked, if it is short and closed."""
    if SIGNATURE_MARK not in lines:
        return lines
    start = lines.index(SIGNATURE_MARK)
    end = next((index for index in range(start, len(lines)) if lines[index] == SIGNATURE_END), len(lines) - 1)
    if sum(bool(line.strip()) for line in lines[start:end]) > MAX_MARKED_SIGNATURE:
        return lines
    return lines[:start] + lines[end + 1 :]


def _split(lines: list[str], sender: Mailbox | None) -> tuple[list[str], list[str], bool]:
    """New lines, quoted lines, and whether answers stand between quoted lines."""
    seen = _see_bars(seen_lines(lines))
    if not _HISTORY.may_find("\n".join(seen)):
        return lines, [], False
    new: list[str] = []
    quoted: list[str] = []
    interleaved = marked = False
    index = 0
    while index < len(lines):
        found = None
        if QUOTED.match(seen[index]):
            size = _typed_arrows(seen, index) if not quoted else 0
            if size:
                new += lines[index : index + size]
                index += size
                continue
            size = _quoted_size(seen, index)
            marked = True
        elif found := find_mark(seen, index):
            mark, size = found
            if mark is Mark.HEADER_BLOCK and _is_blank(new) and _is_memo(seen[index : index + size], sender):
                new += lines[index : index + size]
                index += size
                continue
            if _is_all_history(mark, seen, index + size) and not _answer_may_follow(mark, new, seen[index + size :]):
                return trim_rule(new), [*quoted, *lines[index:]], interleaved
        else:
            interleaved |= marked and bool(lines[index].strip())
            new.append(lines[index])
            index += 1
            continue
        quoted.extend(lines[index : index + size])
        index += size
    return new, quoted, interleaved


def _see_bars(lines: list[str]) -> list[str]:
    """`lines` with bars as quote marks below an attribution: "| Is the title right?"; a row of a table has several."""
    if not any(line.startswith("|") and _BARRED.match(line) for line in lines):
        return lines
    marked = [_BARRED.sub(">", line) for line in lines]
    barred = (index for index, line in enumerate(lines) if line != marked[index] and index)
    announced = any(attribution_size(marked, index - 1) == 1 for index in barred)
    return marked if announced else lines


def _is_blank(lines: list[str]) -> bool:
    return not any(map(str.strip, lines))


def _typed_arrows(lines: list[str], index: int) -> int:
    """Lines from `index` that a person began with ">" in a text without quotations: "> 50 %", a list; 0 for none."""
    above = lines[index - 1].strip() if index else ""
    if not above:
        return 0
    end = next((place for place in range(index, len(lines)) if not QUOTED.match(lines[place])), len(lines))
    run = lines[index:end]
    if len(run) == 1 and (_COMPARED.match(run[0]) or (_WRAPPED.search(above) and _GOES_ON.match(run[0]))):
        return 1
    listed = above.endswith((":", "：")) and len(run) > 1 and all(map(_ARROW_ITEM.match, run))
    return len(run) if listed else 0


def _is_all_history(mark: Mark, lines: list[str], start: int) -> bool:
    """After an attribution with marked lines below it, unmarked ones are answers; else the rest is history."""
    following = [line for line in lines[start : start + 40] if line.strip() and line.strip("> ") not in _MARKS]
    if mark is Mark.SEPARATOR and following:
        if QUOTED.match(following[0]):
            return False
        announced = find_mark(following, 0)
        if announced is not None and announced[0] is Mark.ATTRIBUTION:
            mark, following = Mark.ATTRIBUTION, following[announced[1] :]
    return mark is not Mark.ATTRIBUTION or not any(QUOTED.match(line) for line in following[:3])


def _is_memo(block: list[str], sender: Mailbox | None) -> bool:
    """A header block on top that names the sender is typed: "TO: Chair / FROM: ILO / SUBJECT: Comments"."""
    if sender is None:
        return False
    known = {
        word for word in re.findall(r"\w{3,}", f"{sender.name} {sender.address}".lower()) if word not in _COMMON_WORDS
    }
    lines = (line.partition(":")[2] for line in block if is_from_line(line))
    return any(not known.isdisjoint(re.findall(r"\w{3,}", line.lower())) for line in lines)


def _answer_may_follow(mark: Mark, new: list[str], following: list[str]) -> bool:
    """Under an attribution with nothing above it and no marks below it, the text may be the answer: never lose it."""
    return mark is Mark.ATTRIBUTION and _is_blank(new) and not _is_blank(following)


def _quoted_size(lines: list[str], index: int) -> int:
    """The quoted line at `index` and the remains of it that the sender's client wrapped without a mark."""
    following = lines[index + 1 : index + 3]
    # most lines below a quoted one begin with the mark itself
    if len(following) < 2 or following[0].startswith("> ") or QUOTED.match(following[0]):
        return 1
    if not QUOTED.match(following[1]):
        return 1
    if _OPEN_LINK.search(lines[index]) and _LINK_END.match(following[0]):
        return 2
    return 2 if len(lines[index]) >= 60 and following[0][:1].islower() else 1


def trim_rule(lines: list[str]) -> list[str]:
    """`lines` without blank lines at the end and the line of dashes above them, which belongs to the history."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _RULE.match(lines[end - 1])):
        end -= 1
    return lines[:end]
