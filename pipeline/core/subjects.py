"""Subjects as mail clients leave them, and what in them points to a draft."""

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from pipeline.core.model import Draft, Roster
from pipeline.core.sieve import Sieve
from pipeline.core.wording import fold, list_words

#: reply and forward marks of mail clients in many languages, folded, lower case. See: MS-OXOMSG PidTagSubjectPrefix
_PREFIXES = (
    "re|r|res|ref|aw|antw|antwort|sv|vs|vs|svar|odp|odpoveď|ynt|ilt|ta|bls|atb|rif|rv|enc|encl|tr|fw|fwd|wg|doorst|vb|vl|i|"
    "pd|fs|rv|reenv|reenviado|rsp|автоответ|отв|ответ|на|ha|re|пер|пересл|fwd|ответить|"
    "答复|回复|回覆|答覆|轉寄|转发|轉發|返信|転送|رد|الرد|إعادة توجيه|اعادة توجيه|تحويل|"
    "recall|rappel|automatic reply|reponse automatique|undeliverable|read|not read|lu|accepted|declined|tentative"
)
_PREFIX = re.compile(
    rf"^\s*(?:(?:{fold(_PREFIXES)})\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:\uff1a]"
    r"|[\[{(<*]+\s*(?:external|ext|extern|externe|externo|spam\??|bulk|caution|warning|suspicious|sec=[^\])}]*|secure|encrypted"
    r"|unclassified|confidential|no-?reply)[^\])}>]{0,30}[\])}>*]+\s*:?)",
    re.IGNORECASE,
)

#: letters of a word that tells titles apart
_SHORTEST = 3
#: words of titles that say nothing about which text it is
_COMMON = frozenset({
    "and", "the", "for", "with", "from", "into", "their", "its", "group", "global", "united", "nations", "draft",
    "drafts", "text", "paper", "input", "inputs", "comment", "comments", "les", "des", "pour", "une", "sur",
    "del", "los", "las", "para", "por", "joint", "proposed", "against", "international", "this", "that", "our",
    "your", "version",
})  # fmt: skip

#: what a draft is called
_NAMES = attrgetter("code", "title", "type")
#: the code of each draft and the words its title alone has, each in the forms in which a text may write it
OwnWords = tuple[tuple[str, tuple[frozenset[str], ...]], ...]


# Asked of the same subject several times, and of those of all rounds for every message.
@lru_cache(maxsize=1024)
def strip_prefixes(subject: str) -> str:
    """`subject` folded, without any stack of reply marks and gateway tags before it."""
    rest = fold(subject).strip()
    while found := _PREFIX.match(rest):
        rest = rest[found.end() :].strip()
    return rest


def find_tokens(text: str, roster: Roster, drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Codes of known drafts whose subject token, `[GROUP-CODE]`, stands in `text`, each once, in order."""
    token, sieve = _compile_token(roster.code)
    if not sieve.may_find(text):
        return ()
    known = {draft.code.upper() for draft in drafts}
    found = [code.upper() for code in token.findall(text) if code.upper() in known]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4)
def _compile_token(group: str) -> tuple[re.Pattern[str], Sieve]:
    token = re.compile(rf"(?<![\w-]){re.escape(group)}[-_\u2010-\u2013]([^\W_]+)(?![\w])", re.IGNORECASE)
    return token, Sieve(token)


def find_bare_codes(text: str, drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Codes of drafts that stand in `text` as a word in capitals, or are all of it in any case."""
    words = set(re.findall(r"[^\W_]+", text))
    alone = text.strip().upper()
    return tuple(draft.code for draft in drafts if draft.code in words or draft.code.upper() == alone)


def count_title_words(text: str, roster: Roster, drafts: Iterable[Draft]) -> dict[str, int]:
    """How many words of `text` stand in the title or type of one draft alone, by draft code; without zeros."""
    every, own = _find_own_words(roster.name, roster.code, tuple(map(_NAMES, drafts)))
    present = every.intersection(list_words(text))
    counts = {code: sum(not present.isdisjoint(forms) for forms in words) for code, words in own}
    return {code: count for code, count in counts.items() if count}


@lru_cache(maxsize=64)
def _find_own_words(group: str, code: str, drafts: tuple[tuple[str, str, str], ...]) -> tuple[frozenset[str], OwnWords]:
    """The words that the title and type of each of `drafts` alone have, together and by draft.

    Those of the name of the group tell no draft apart.
    """
    common = _title_words(f"{group} {code}")
    by_draft = {draft: _title_words(f"{title} {type_}") - common for draft, title, type_ in drafts}
    own = tuple(
        (draft, tuple(map(_list_forms, words - _of_others(draft, by_draft)))) for draft, words in by_draft.items()
    )
    return frozenset[str]().union(*(forms for _, words in own for forms in words)), own


def _of_others(code: str, by_draft: dict[str, frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*(words for name, words in by_draft.items() if name != code))


def _title_words(title: str) -> frozenset[str]:
    words = (word for word in list_words(title) if len(word) >= _SHORTEST and word not in _COMMON)
    return frozenset(map(_singular, words))


def _list_forms(word: str) -> frozenset[str]:
    """Everything of which `word` is the singular."""
    return frozenset(form for form in (word, f"{word}s") if _singular(form) == word) - _COMMON


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
