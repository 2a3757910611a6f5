"""The language of a text, among those the group is written to in. Nothing is translated."""

import re
from collections import Counter

from pipeline.core.sieve import Sieve
from pipeline.core.wording import list_words

#: too short to tell one Latin-script language from another
_FEWEST_WORDS = 6
_SCRIPTS = (
    ("ar", re.compile("[\u0620-\u064a\u0671-\u06d3]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
_LETTER = re.compile(r"[^\W\d_]")
#: frequent small words, folded; words that two of the languages share are left out
_SMALL_WORDS = {
    "en": frozenset({
        "the", "a", "an", "of", "and", "to", "in", "is", "for", "that", "with", "on", "are", "from", "our",
        "we", "be", "this", "have", "please", "it", "by", "as", "your", "you", "will", "not", "attached",
        "has", "find", "comments", "dear", "any", "could", "would", "their", "its", "us", "thank", "thanks",
    }),
    "fr": frozenset({
        "le", "les", "des", "et", "du", "une", "dans", "pour", "que", "est", "au", "aux", "par", "sur",
        "avec", "ce", "cette", "nous", "vous", "notre", "nos", "votre", "elle", "il", "ne", "pas", "sont",
        "ont", "ci", "joint", "jointe", "veuillez", "commentaires", "cordialement", "qui", "ou", "bonjour",
        "chers", "merci",
    }),
    "es": frozenset({
        "el", "los", "las", "y", "del", "un", "una", "en", "que", "es", "por", "con", "su", "sus",
        "nuestro", "nuestra", "nuestros", "nuestras", "se", "lo", "al", "como", "sin", "parte", "estimado",
        "estimada", "estimados", "estimadas", "saludos", "adjunto", "adjunta", "adjuntamos", "comentarios",
        "cordiales", "gracias",
    }),
}  # fmt: skip

_LANGUAGES = {word: tag for tag, words in _SMALL_WORDS.items() for word in words}
#: in plain letters, a small word that is not English
_NOT_ENGLISH = Sieve(
    re.compile(
        rf"(?:^|[^a-zA-Z])(?:{'|'.join(word for word, tag in _LANGUAGES.items() if tag != 'en')})(?:[^a-zA-Z]|$)",
        re.IGNORECASE,
    )
)


def find_foreign_language(text: str) -> str:
    """What `detect_language` says of `text`; "" for English too, of which one look tells it most often."""
    if text.isascii() and not _NOT_ENGLISH.may_find(text):
        return ""
    found = detect_language(text)
    return "" if found == "en" else found


def detect_language(text: str) -> str:
    """BCP 47 tag of the language of most of `text`, one of the six of the United Nations; "" when it is not clear."""
    letters = 0 if text.isascii() else len(_LETTER.findall(text))
    for tag, script in _SCRIPTS:
        if letters and len(script.findall(text)) * 2 > letters:
            return tag
    words = list_words(text)
    if len(words) < _FEWEST_WORDS:
        return ""
    counts = Counter(map(_LANGUAGES.__getitem__, filter(_LANGUAGES.__contains__, words)))
    (tag, most), (_, second) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    return tag if most >= 2 and most > second else ""
