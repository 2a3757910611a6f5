"""Domains and names that want to be taken for a member's. See: docs/analysis/threading.md, Unicode TR39."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from pipeline.core.model import Agency, Mailbox, Roster
from pipeline.core.wording import fold

#: signs that look like a Latin one: Cyrillic and Greek letters, digits
_CONFUSABLE = str.maketrans(
    {
        "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y", "\u0445": "x",
        "\u0456": "i", "\u0455": "s", "\u0458": "j", "\u04bb": "h", "\u0501": "d", "\u051b": "q", "\u051d": "w",
        "\u03bf": "o", "\u03b1": "a", "\u03b9": "i", "\u03bd": "v", "\u03c1": "p", "\u03c5": "u", "\u0131": "i",
        "0": "o", "1": "l", "3": "e", "5": "s", "7": "t", "8": "b",
    }
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
#: a name this short is too near to too many others for anything but equality
_SHORTEST_FUZZY = 4
_SHORTEST_TWO_EDITS = 9


def find_lookalike(sender: Mailbox, roster: Roster) -> str | None:
    """Code of the agency whose domain that of `sender`, who is nobody's, looks like; None when it looks like none."""
    domain = sender.address.rpartition("@")[2]
    tokens = _split_domain(domain)
    for agency in roster.agencies:
        if any(_imitates(domain, tokens, own) for own in agency.domains):
            return agency.code
    return None


def find_named(sender: Mailbox, roster: Roster) -> tuple[str, ...]:
    """Codes of the agencies whose name `sender` shows: a claim anybody can make."""
    shown = fold(sender.name)
    return tuple(agency.code for agency in roster.agencies if names_agency(shown, agency))


def _split_domain(domain: str) -> tuple[str, ...]:
    """The labels of a domain but the last, each whole and in its parts."""
    labels = [_decode(part) for part in domain.split(".")[:-1] or [domain]]
    return tuple(dict.fromkeys(token for label in labels for token in (label, *re.split(r"[-_]", label)) if token))


def _imitates(domain: str, tokens: tuple[str, ...], own: str) -> bool:
    label = _own_label(own)
    suffix = domain.rpartition(".")[2] == own.rpartition(".")[2]
    return any(_is_near(token, label, same_suffix=suffix) for token in tokens)


def _own_label(domain: str) -> str:
    return domain.split(".", 1)[0]


def _decode(label: str) -> str:
    """A punycode label as its letters. See: RFC 3492."""
    if label.startswith("xn--"):
        try:
            return label[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            return label
    return label


# Asked of every domain of the roster for every stranger.
@lru_cache(maxsize=1024)
def _skeleton(label: str) -> str:
    plain = fold(label).lower().translate(_CONFUSABLE)
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain


def _is_near(token: str, label: str, *, same_suffix: bool) -> bool:
    if _skeleton(token) == _skeleton(label):
        return True
    if len(label) < _SHORTEST_FUZZY or (len(label) == _SHORTEST_FUZZY and not same_suffix):
        return False
    return OSA.distance(token, label) <= (2 if len(label) >= _SHORTEST_TWO_EDITS else 1)


def names_agency(shown: str, agency: Agency) -> bool:
    """Whether a folded display name carries the agency's name or a code of it in capitals, or is one in any case."""
    whole, within = _spell(agency.code, agency.name, agency.aliases)
    return shown.strip().lower() in whole or within.search(shown) is not None


# Asked of every agency of the roster for every stranger.
@lru_cache(maxsize=1024)
def _spell(code: str, name: str, aliases: tuple[str, ...]) -> tuple[frozenset[str], re.Pattern[str]]:
    """What is an agency's name by itself, in lower case, and what finds one among other words."""
    long = (f"(?i:{re.escape(fold(each).lower())})" for each in (name, *aliases) if len(each) > 4)
    short = (re.escape(each) for each in (code, *aliases) if len(each) > 2 and each.isupper())
    # without any of them nothing is found
    spelled = "|".join((*long, *short)) or "(?!)"
    return frozenset(fold(each).lower() for each in (code, *aliases)), re.compile(rf"(?<!\w)(?:{spelled})(?!\w)")
